package app_test

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"linli/internal/org"
	"linli/internal/web/ui/uitest"
)

// wholeWay is the story of one manhole cover.
func (tn *town) wholeWay() {
	acceptor, dispatcher := tn.staff("guoyan"), tn.staff("chenli")
	acceptor.see("queue-empty", "/desk", tn.say("都办完了", "All done"))
	dispatcher.visit("/desk")

	resident := tn.resident()
	number := resident.reports()
	acceptor.sees(number) // on the page that was open before, without a reload
	tn.followedBy(number)

	agent := tn.staff("hejing")
	called := agent.takesDown(number)
	acceptor.sees(called)
	acceptor.files(number)
	acceptor.files(called)
	dispatcher.sees(number)
	dispatcher.sees(called)
	dispatcher.sends(number, called)

	handler := tn.staff(tn.loginOf(tn.byNumber(number).Unit, org.Handler))
	handler.repairs(number)
	walker := tn.staff(tn.walkerOf(tn.byNumber(number)))
	walker.verifies(number)
	resident.sendsBack(number)
	handler.repairsAgain(number)
	walker.verifies(number)
	resident.isContent(number)
	acceptor.see("case-closed", "/desk/case/"+string(tn.byNumber(number).ID), number)
}

// reports walks the four screens of a report and gives its number.
func (p *person) reports() string {
	tn := p.town
	tn.t.Helper()
	p.see("home", "/")
	p.Follow(tn.say("我要上报", "Report something"))
	p.look("report-1-what")
	p.toThePlace()
	p.look("report-2-where-pinned")
	p.Choose(tn.say("有，可能伤到人", "Yes, somebody may get hurt"))
	p.Follow(tn.say("下一步：照片和说明", "Next: photos and details"))
	p.Attach(tn.say("照片", "Photos"), tn.photo("manhole-before-1"))
	p.look("report-3-more")
	p.Follow(tn.say("下一步：联系方式", "Next: how to reach you"))
	p.Fill(tn.say("怎么称呼您", "Your name"), "赵小民")
	p.Fill(tn.say("电话", "Phone"), "13800000013")
	p.look("report-4-send")
	p.Follow(tn.say("报上去", "Send it"))
	p.look("report-sent")
	number := p.number()
	tn.Due()
	p.Follow(tn.say("看进度", "See progress"))
	p.Reads(number, tn.say("办到哪一步了", "How far it has come"))
	p.look("track-open")
	return number
}

// number is the case number on the page after sending, which shows the secret
// word too.
func (p *person) number() string {
	p.town.t.Helper()
	number := regexp.MustCompile(`\d{6}-\d{5}`).FindString(p.Text())
	if word := uitest.Ask[string](p.Window, `document.querySelector('.huge.num')?.innerText ?? ''`); number == "" || word == "" {
		p.town.t.Fatalf("number %q, word %q: %s", number, word, p.Text())
	}
	return number
}

// toThePlace writes what is wrong, chooses the matter, finds the address on
// the map and presses the map there.
func (p *person) toThePlace() {
	tn := p.town
	tn.t.Helper()
	p.visit("/report")
	p.Fill(tn.say("用您自己的话说", "In your own words"), "门口污水井盖碎了，老人差点踩进去")
	p.Follow(tn.say("下一步", "Next"))
	p.look("report-1-which")
	p.Choose(tn.District().Catalogue.Title("c01002").In(tn.lang))
	p.Follow(tn.say("下一步：在哪里", "Next: where"))
	p.look("report-2-where")
	p.Fill(tn.say("地址", "Address"), "桂香路 18 号")
	p.Follow(tn.say("按地址在地图上找", "Find the address on the map"))
	p.FollowAt(".mappick .scene", .5, .5)
}

// followedBy lets a neighbour find the case nearby, and follow it.
func (tn *town) followedBy(number string) {
	tn.t.Helper()
	p := tn.resident()
	p.toThePlace()
	p.Reads(tn.say("是同一件，我来跟进", "The same: I follow it"))
	p.look("report-2-where-likely")
	p.Follow(tn.say("是同一件，我来跟进", "The same: I follow it"))
	p.Fill(tn.say("电话", "Phone"), "13800000026")
	p.look("follow-send")
	p.Follow(tn.say("跟进这件事", "Follow this case"))
	p.Reads(number)
	p.look("follow-sent")
	if c := tn.byNumber(number); c.Reports != 2 {
		tn.t.Errorf("%s has %d reports, want the two neighbours'", number, c.Reports)
	}
}

// takesDown takes a call of the resident's about something else.
func (p *person) takesDown(earlier string) string {
	tn := p.town
	tn.t.Helper()
	p.see("take-empty", "/desk/take")
	p.Fill(tn.say("来电号码", "Caller's number"), "13800000013")
	p.Until(`document.getElementById('before').innerText.includes('` + earlier + `')`)
	p.Fill(tn.say("说的什么事", "What it is about"), "桂香社区东门垃圾堆成山，没人清")
	p.Until(`document.querySelector('#means input[name=matter]')`)
	p.Choose(tn.District().Catalogue.Title("m06010").In(tn.lang))
	p.Fill(tn.say("在哪里", "Where"), "桂香社区东门")
	p.Until(`document.getElementById('means').innerText.includes('` + tn.say("桂香社区", "Guixiang") + `')`)
	p.look("take-filled")
	p.Follow(tn.say("记下，生成编号", "Take it down"))
	p.look("take-receipt")
	number := regexp.MustCompile(`\d{6}-\d{5}`).FindString(uitest.Ask[string](p.Window, `document.querySelector('.saynum').getAttribute('aria-label')`))
	if number == "" || number == earlier {
		tn.t.Fatalf("the call about something else got the number %q: %s", number, p.Text())
	}
	return number
}

// sees waits for a case to come up in the open queue.
func (p *person) sees(number string) {
	p.town.t.Helper()
	p.Until(`document.querySelector('[data-queue]')?.innerText.includes('` + number + `')`)
}

// peeks opens a row of the queue in the preview: in place where there is
// script, as a page of its own where there is none.
func (p *person) peeks(number string) {
	p.town.t.Helper()
	p.visit("/desk")
	if !uitest.Ask[bool](p.Window, `(() => { const row = [...document.querySelectorAll('[data-queue] tbody tr')].find((r) => r.innerText.includes('`+number+`')); row?.querySelector('[data-open]').setAttribute('data-uitest', 'row'); return !!row })()`) {
		p.town.t.Fatalf("%s has no task about %s: %.900s", p.login, number, p.Text())
	}
	if p.plain {
		p.FollowAt(`[data-uitest=row]`, .5, .5)
		return
	}
	p.Until(`window.htmx`)
	p.PressAt(`[data-uitest=row]`)
	p.Until(`document.querySelector('#peek').innerText.includes('` + number + `')`)
}

func (p *person) files(number string) {
	p.town.t.Helper()
	p.peeks(number)
	p.look("queue-accept")
	p.Follow(p.say("立案", "File"))
	p.said(p.say("立案", "File"))
}

// sends works the dispatcher's queue by keyboard: down a row and up again, and
// Enter, which sends as suggested.
func (p *person) sends(numbers ...string) {
	tn := p.town
	tn.t.Helper()
	p.visit("/desk")
	p.Until(`window.htmx && document.querySelectorAll('[data-queue] tbody tr').length === ` + strconv.Itoa(len(numbers)))
	p.look("queue-dispatch")
	const row = `document.querySelector('[data-queue] tr[aria-current]').id`
	const caught = row + ` === 'row-' + document.querySelector('#peek').dataset.case`
	first := uitest.Ask[string](p.Window, row)
	p.Keys("j")
	p.Until(row + ` !== '` + first + `' && ` + caught)
	p.Keys("k")
	p.Until(row + ` === '` + first + `' && ` + caught)
	for range numbers {
		p.FollowKey("\r")
		p.said(tn.say("派出", "Send"))
	}
	for _, n := range numbers {
		if c := tn.byNumber(n); c.Unit == "" || c.Unit != c.Proposed {
			tn.t.Errorf("%s is with %q, want the proposed %q", n, c.Unit, c.Proposed)
		}
	}
	tn.Due()
}

// repairs makes the place safe and then does the repair, each with a photo.
func (p *person) repairs(number string) {
	tn := p.town
	tn.t.Helper()
	p.peeks(number)
	p.look("queue-handle")
	p.Follow(tn.say("打开全页", "Open"))
	p.look("case-handle")
	p.act("现场已安全", "The place is safe", "", "manhole-after-2")
	tn.Clock.Advance(2 * time.Hour)
	p.act("办完了", "Done", "换了新井盖，四周补平了", "manhole-after-1")
	p.look("case-handled")
	tn.Due()
}

func (p *person) repairsAgain(number string) {
	p.town.Clock.Advance(time.Hour)
	p.visit("/desk/case/" + string(p.town.byNumber(number).ID))
	p.look("case-returned")
	p.act("办完了", "Done", "井盖垫了胶圈，不响了", "manhole-after-3")
	p.town.Due()
}

// act opens the form of an action on a case page, fills it in and sends it.
func (p *person) act(zh, en, answer, photo string) {
	p.town.t.Helper()
	name := p.say(zh, en)
	if !uitest.Ask[bool](p.Window, `[...document.querySelectorAll('details.offer[open] > summary')].some((s) => s.innerText.trim() === '`+name+`')`) {
		p.Press(name)
	}
	p.Attach(p.say("办好后的照片", "Photos of the finished work"), p.town.photo(photo))
	if answer != "" {
		p.Fill(p.say("办了什么，居民看得到", "What was done, for the resident to read"), answer)
	}
	p.Follow(name)
	p.said(name)
}

// said holds that the page tells what was just done.
func (p *person) said(what string) {
	p.town.t.Helper()
	if toast := uitest.Ask[string](p.Window, `document.querySelector('.toast')?.innerText ?? ''`); !strings.Contains(toast, what) {
		p.town.t.Fatalf("%s says %q of what was done, want %q in it: %.600s", p.Address(), toast, what, p.Text())
	}
}

// verifies goes and looks, with a phone.
func (p *person) verifies(number string) {
	tn := p.town
	tn.t.Helper()
	p.see("field", "/field", tn.District().Catalogue.Title("c01002").In(tn.lang))
	p.FollowAt(`a[href="/field/task/`+string(tn.byNumber(number).ID)+`"]`, .5, .5)
	p.Reads(number)
	p.look("field-task")
	p.Attach(tn.say("拍现场", "Take a photo"), tn.photo("manhole-after-4"))
	p.Follow(tn.say("核查通过", "Passed"))
	p.look("field-done")
	if c := tn.byNumber(number); c.Step != "rate" {
		tn.t.Fatalf("%s stands at %s, want rate", number, c.Step)
	}
	tn.Due()
}

// sendsBack sees the photos of before and after, and is not content.
func (p *person) sendsBack(number string) {
	tn := p.town
	tn.t.Helper()
	p.see("track-rate", "/track/"+number, tn.say("修前修后", "Before and after"), "换了新井盖")
	p.Until(`[...document.querySelectorAll('section[aria-labelledby=photos-head] .photo img, section[aria-labelledby=photos-head] img')].filter((i) => i.complete && i.naturalWidth > 0).length >= 2`)
	p.Choose(tn.say("不满意", "Not content"))
	p.Fill(tn.say("想说的话", "Anything to say"), "新井盖一压就响")
	p.Follow(tn.say("没解决，请再办", "Not solved, please go on"))
	p.look("track-sent-back")
	if c := tn.byNumber(number); c.Step != "handle" {
		tn.t.Fatalf("%s stands at %s after the resident sent it back, want handle", number, c.Step)
	}
	tn.Due()
}

func (p *person) isContent(number string) {
	tn := p.town
	tn.t.Helper()
	p.visit("/track/" + number)
	p.Choose(tn.say("非常满意", "Very content"))
	p.Follow(tn.say("提交评价", "Send the rating"))
	p.Reads(tn.say("已办结", "Closed"))
	p.look("track-closed")
	tn.Due()
}

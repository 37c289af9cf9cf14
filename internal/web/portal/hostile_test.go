package portal_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/ident"
)

// TestBadInputIsTold sends what a form should never hold. Each is answered in
// words, keeps what was typed, and opens no case.
//
// ASVS 2.2.2
func TestBadInputIsTold(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	far := url.Values{"step": {"where"}, "matter": {"c01002"}, "danger": {"no"}, "go": {"next"}}
	with := func(base url.Values, more ...string) url.Values {
		form := url.Values{}
		for k, v := range base {
			form[k] = v
		}
		for i := 0; i+1 < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return form
	}
	send := url.Values{"step": {"send"}, "matter": {"c01002"}, "text": {"井盖碎了"}, "go": {"send"}}
	cases := []struct {
		why    string
		form   url.Values
		status int
		says   string
	}{
		{"nothing written", url.Values{"step": {"what"}}, 422, "请说说是什么事"},
		{"a text longer than may be sent", url.Values{"step": {"what"}, "text": {strings.Repeat("路", 2001)}}, 422, "最多写 2000 个字"},
		{"a text that is not UTF-8", url.Values{"step": {"what"}, "text": {"\xff\xfe路灯"}}, 422, "认不出的字符"},
		{"a matter that is none asks again", url.Values{"step": {"what"}, "text": {"路灯不亮"}, "matter": {"'; drop table cases; --"}, "asked": {"yes"}}, 422, "请选一类"},
		{"a group is no matter", url.Values{"step": {"what"}, "text": {"路灯不亮"}, "matter": {"c01"}, "asked": {"yes"}}, 422, "请选一类"},
		{"no place", far, 422, "请点一下地图，或写地址"},
		{"no answer about danger", with(far, "danger", "maybe", "address", "桂香社区"), 422, "现在有没有危险"},
		{"an address longer than may be sent", with(far, "address", strings.Repeat("路", 201)), 422, "最多写 200 个字"},
		{"coordinates that are no numbers count as none", with(far, "lon", "NaN", "lat", "1e999"), 422, "请点一下地图，或写地址"},
		{"coordinates off the earth count as none", with(far, "lon", "999", "lat", "-999"), 422, "请点一下地图，或写地址"},
		{"the placeholder 0,0 is no place", with(far, "lon", "0", "lat", "0"), 422, "请点一下地图，或写地址"},
		{"a box that is none draws another map", with(far, "box", "1,2,3,NaN", "zoom", "in"), 200, "问题在哪里"},
		{"a box around the earth draws another map", with(far, "box", "-180,-90,180,90", "zoom", "out"), 200, "问题在哪里"},
		{"a click outside the map", with(far, "map358.x", "99999", "map358.y", "-4"), 422, "请点一下地图，或写地址"},
		{"an area that is none", with(far, "area", "../../etc/passwd"), 422, "请点一下地图，或写地址"},
		{"a telephone that is none", with(send, "phone", "not a phone"), 422, "电话号码不对"},
		{"a name longer than any", with(send, "name", strings.Repeat("赵", 51)), 422, "最多写 50 个字"},
		{"a case to follow that is none", with(send, "follow", "261123-00016"), 404, "没有找到"},
		{"a photo to drop that is none", url.Values{"step": {"more"}, "matter": {"c01002"}, "drop": {"-7"}}, 200, "有照片吗"},
		{"a step that is none begins again", url.Values{"step": {"<b>"}}, 422, "请说说是什么事"},
	}
	for _, c := range cases {
		got := w.Browser().Post("/report", c.form)
		if got.Status != c.status || !strings.Contains(got.Text(), c.says) {
			t.Errorf("%s: got %d %.300s, want %d and %q", c.why, got.Status, got.Text(), c.status, c.says)
		}
		if typed := c.form.Get("address"); typed != "" && got.Status == 422 {
			if kept, _ := got.Field("address"); kept != typed {
				t.Errorf("%s: the address that was typed is gone", c.why)
			}
		}
	}
	if n, err := casework.Count(context.Background(), w.DB, w.District(), casework.Filter{}, w.Clock.Now()); err != nil || n.N != 0 {
		t.Errorf("bad input opened %d cases, %v", n.N, err)
	}
}

// TestBadPhotos are refused on their screen, and what was good stays.
func TestBadPhotos(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	form := url.Values{"step": {"more"}, "sender": {"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, "matter": {"c01002"}, "text": {"井盖碎了"}, "go": {"next"}}
	script := []byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
	polyglot := append([]byte("GIF89a/*"), []byte("*/=1;alert(1)//")...)
	var many []apptest.File
	for i := range 10 {
		many = append(many, apptest.File{Field: "photos", Name: fmt.Sprintf("%d.png", i), Data: shot(t, uint8(i))})
	}
	for _, c := range []struct {
		why   string
		files []apptest.File
		says  string
	}{
		{"a script in a picture's name", []apptest.File{{Field: "photos", Name: "../../x.png", Data: script}}, "不是照片"},
		{"a file that is picture and program", []apptest.File{{Field: "photos", Name: "a.gif", Data: polyglot}}, "不是照片"},
		{"half a picture", []apptest.File{{Field: "photos", Name: "a.png", Data: shot(t, 4)[:60]}}, "a.jpg"},
		{"more than may be sent", many, "最多传 9 张"},
	} {
		got := w.Browser().PostFiles("/report", form, c.files...)
		if (got.Status != 422 && got.Status != 413) || !strings.Contains(got.Text(), c.says) || !strings.Contains(got.Text(), "井盖碎了") {
			t.Errorf("%s: got %d %.400s, want the screen again with %q", c.why, got.Status, got.Text(), c.says)
		}
	}
	b := w.Browser()
	got := b.PostFiles("/report", form, apptest.File{Field: "photos", Name: "a.png", Data: shot(t, 7)})
	want(t, got, 200, "怎么告诉您结果？")
	got = b.PostFiles("/report", form, many[:9]...)
	if got.Status < 400 || !strings.Contains(got.Text(), "最多传 9 张") || !strings.Contains(got.Text(), "已经放好 1 张") {
		t.Errorf("nine more than one: got %d %.300s", got.Status, got.Text())
	}
	if other := w.Browser().Get("/report/photo/0?sender=ABCDEFGHIJKLMNOPQRSTUVWXYZ"); other.Status != 404 {
		t.Errorf("another browser sees a photo that waits: %d", other.Status)
	}
	if own := b.Get("/report/photo/0?sender=ABCDEFGHIJKLMNOPQRSTUVWXYZ"); own.Status != 200 || own.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("the browser does not see its own photo: %d", own.Status)
	}
}

// TestScriptInTextStaysText puts a script where words belong and looks for it
// on every page that shows them.
func TestScriptInTextStaysText(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	const evil = `<script>alert(1)</script>"><img src=x onerror=alert(2)>`
	a := b.Post("/report", url.Values{"step": {"more"}, "sender": {"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, "matter": {"d-consult"}, "text": {evil}, "address": {evil}, "go": {"next"}})
	pages := []apptest.Answer{a}
	a = b.Post("/report", carry(a, url.Values{"name": {evil[:40]}, "go": {"send"}}))
	want(t, a, 200, "收到了")
	number, word := receipt(t, a)
	pages = append(pages, a, b.Get("/track/"+number), b.Get("/mine"), b.Get("/"), b.Get("/report?text="+url.QueryEscape(evil)), b.Get("/matters?q="+url.QueryEscape(evil)),
		w.Browser().Get("/track?number="+url.QueryEscape(evil)), w.Browser().Get("/track/"+number+"?word="+word))
	for _, p := range pages {
		if p.Status != 200 {
			t.Errorf("%s: %d", p.Path, p.Status)
		}
		for _, n := range p.Find(func(n *html.Node) bool { return n.Data == "script" || n.Data == "img" }) {
			if apptest.Attr(n, "onerror") != "" || n.FirstChild != nil {
				t.Errorf("%s: what was written became code", p.Path)
			}
		}
	}
}

// TestGuessing slows down who tries phone digits, and never who has the word.
func TestGuessing(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	number, word := report(t, w, w.Browser(), url.Values{"phone": {"13800000013"}, "go": {"send"}})
	b := w.Browser()
	try := func(number, word string) apptest.Answer {
		return b.Post("/track", url.Values{"number": {number}, "word": {word}})
	}
	absent, err := ident.NewNumber(w.Clock.Now(), 99)
	if err != nil {
		t.Fatal(err)
	}
	none, wrong := try(string(absent), "0013"), try(number, "9999")
	if none.Status != 404 || wrong.Status != 404 || said(none) != said(wrong) {
		t.Errorf("no such number: %d %q; wrong digits: %d %q; want the same 404", none.Status, said(none), wrong.Status, said(wrong))
	}
	for range 4 {
		try(number, "9998")
	}
	if got := try(number, "0013"); got.Status != 429 || !strings.Contains(got.Text(), "试错太多次") {
		t.Errorf("the sixth try with the right digits: got %d %.200s, want to wait", got.Status, got.Text())
	}
	if got := w.Browser().Get("/track/" + number + "?word=0013"); got.Status != 404 {
		t.Errorf("digits in the address: got %d, want 404, for nothing slows them down there", got.Status)
	}
	if got := w.Browser().Post("/track", url.Values{"number": {number}, "word": {strings.ToUpper(word)}}); got.Status != 200 {
		t.Errorf("the word meanwhile: got %d", got.Status)
	}
	w.Clock.Advance(11 * time.Minute)
	want(t, try(number, "０ ０１3"), 200, "污水井盖异常")
	for _, bad := range []url.Values{{}, {"number": {number}}, {"number": {"261123-00017"}, "word": {"x"}}, {"number": {strings.Repeat("1", 9000)}, "word": {"x"}}} {
		if got := w.Browser().Post("/track", bad); got.Status != 422 {
			t.Errorf("%.60v: got %d, want 422", bad, got.Status)
		}
	}
}

// said is the error the form shows.
func said(a apptest.Answer) string {
	for _, n := range a.Find(func(n *html.Node) bool { return apptest.Attr(n, "id") == "errors" }) {
		return apptest.Text(n)
	}
	return ""
}

// TestWrongdoingIsKept shows that what is told in confidence is shown to
// nobody else: not nearby, not to be followed, not among the late.
func TestWrongdoingIsKept(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	p := inside(t, w)
	at := url.Values{"matter": {"d-report"}, "text": {"有人夜里往河里倒废油"}, "lon": {fmt.Sprint(p.Lon)}, "lat": {fmt.Sprint(p.Lat)}}
	if !w.District().Catalogue.Selectable("d-report") {
		t.Fatal("the base pack has no d-report")
	}
	at.Set("step", "more")
	a := b.Post("/report", at)
	if !strings.Contains(a.Text(), "承办单位看不到") {
		t.Errorf("the last screen does not explain what is kept: %.300s", a.Text())
	}
	a = b.Post("/report", carry(a, url.Values{"go": {"send"}}))
	number, _ := receipt(t, a)
	at.Set("step", "where")
	at.Set("zoom", "in")
	if got := w.Browser().Post("/report", at); strings.Contains(got.Text(), "我来跟进") {
		t.Error("a secret case is shown to whoever comes near")
	}
	if got := w.Browser().Post("/report", url.Values{"step": {"send"}, "matter": {"c01002"}, "text": {"x"}, "follow": {number}}); got.Status != 404 {
		t.Errorf("a secret case can be followed: %d", got.Status)
	}
}

// TestTooLarge sends a form over every bound.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	got := w.Browser().PostFiles("/report", url.Values{"step": {"more"}}, apptest.File{Field: "photos", Name: "x.jpg", Data: bytes.Repeat([]byte{7}, 93<<20)})
	if got.Status != 413 || !strings.Contains(got.Text(), "太大") {
		t.Errorf("got %d %.200s, want 413 in words", got.Status, got.Text())
	}
}

package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// channelText names a channel for a person.
func channelText(v *page.View, channel string) string {
	return intake.Channel(channel).Text().In(v.Lang)
}

// entries tells the trail, newest first.
func (s *caseView) entries(v *page.View) []ui.TrailEntry {
	var all []ui.TrailEntry
	for i, e := range slices.Backward(s.Trail) {
		t := ui.TrailEntry{When: v.MomentText(e.At), Instant: instant(e.At), Icon: iconOf(e.Act), Now: i == len(s.Trail)-1 && s.Case.State == casework.Running}
		t.Who = v.Doer(e)
		t.What = v.Deed(s.Procedure, e)
		t.Detail = s.detail(v, e)
		if v.Keeps(s.Case, e) {
			t.Instant = ""
			t.When, t.Who = v.Moment(s.Case, e)
		}
		if other := e.Detail["into"] + e.Detail["number"]; other != "" && (e.Act == "merged" || e.Act == "took-in") {
			t.Links = append(t.Links, ui.Link{Text: v.Say("看 %s", "See %s", other), Href: "/desk/search?q=" + other})
		}
		all = append(all, t)
	}
	return all
}

// clockActs are the acts that an entry of the ledger goes through.
var clockActs = []string{"asked", "approved", "extended", "refused-ask", "withdrawn", "lapsed", "resumed"}

// detail is the facts of an entry in words.
func (s *caseView) detail(v *page.View, e trail.Entry) string {
	var parts []string
	add := func(zh, en, value string) {
		if value != "" {
			parts = append(parts, v.Lang.Pick(zh, en)+value)
		}
	}
	d := e.Detail
	switch e.Act {
	case "opened":
		if e.Person != "" {
			add("", "", channelText(v, d["channel"]))
		}
		if d["proposed"] != "" {
			add("建议派给", "suggested: ", v.UnitName(d["proposed"]))
		}
	case "attached":
		add("", "", channelText(v, d["channel"]))
	case casework.PastAct:
		add("", "", pastText(v, d))
	case "imported":
		add("原编号 ", "number there ", d["external"])
	case "peer-posted", "peer-open", "peer-closed":
		add("", "", d["peer"])
		add("对方编号 ", "number there ", d["remote"])
	}
	if slices.Contains(clockActs, e.Act) {
		parts = append(parts, s.clockDetail(v, e)...)
	}
	if e.Act == "reckoned" {
		add("", "", v.Say("从 %s 到 %s", "from %s to %s", microsText(v, d["before"]), microsText(v, d["after"])))
	}
	add("决定：", "decision: ", d["decision"])
	add("理由：", "reason: ", d["reason"])
	add("答复：", "answer: ", d["answer"])
	add("意见：", "remark: ", d["note"])
	if d["photos"] != "" {
		parts = append(parts, v.Say("附 %s 张照片", "photos: %s", d["photos"]))
	}
	if grade := d["rating"]; len(grade) == 1 && grade[0] >= '1' && grade[0] <= '5' {
		add("评价：", "rated: ", ui.W(v.Lang).Grades['5'-grade[0]])
	}
	for i := range parts[:max(0, len(parts)-1)] {
		parts[i] = strings.TrimRight(parts[i], "。.；; ") // what people write ends as a sentence, or not
	}
	return strings.Join(parts, v.Say("；", "; "))
}

func iconOf(act string) string {
	switch act {
	case "opened", "attached", "said-more":
		return "user"
	case "merged", "took-in":
		return "git-merge"
	case "send", "assign", "owner-named":
		return "send"
	case "return", "fail", "not-content", "reopen":
		return "arrow-back-up"
	case "expire", "extended", "reckoned":
		return "hourglass"
	case "asked", "approved":
		return "player-pause"
	case "resumed":
		return "player-play"
	case "overdue":
		return "alert-triangle"
	case "refused-ask", "withdrawn", "lapsed":
		return "x"
	case "remind", "urge", "order", "leader", "order-answered", "order-lifted":
		return "bell-ringing"
	case "refuse":
		return "arrow-back-up"
	}
	return "check"
}

// reporterName is the masked name of who sent a report, or whose post it came
// from where staff reported what they saw themselves.
func reporterName(v *page.View, r page.Reporter) string {
	if r.Name != "" {
		return r.Name
	}
	switch intake.Channel(r.Report.Channel) {
	case intake.GridWorker:
		if post, ok := v.District.Org.Post(org.PostID(r.Report.Post)); ok {
			if p, ok := v.District.Org.Person(post.Person); ok {
				return p.Name
			}
		}
	case intake.Machine, intake.Open311:
		return v.Say("别的系统", "Another system")
	}
	return v.Say("没留姓名", "no name given")
}

// clockDetail is until when a clock stands by an entry, or how much longer a
// limit is, and what follows for the case's date.
func (s *caseView) clockDetail(v *page.View, e trail.Entry) (parts []string) {
	d := e.Detail
	if e.Act == "asked" || e.Act == "approved" {
		if d["until"] != "" {
			parts = append(parts, v.Say("停到 %s", "until %s", strings.TrimSuffix(microsText(v, d["until"]), "前")))
		}
	}
	if more, err := clock.ParseLimit(d["more"]); err == nil && d["more"] != "" {
		parts = append(parts, v.Say("延长 %s", "%s more", more.Text().In(v.Lang)))
	}
	if e.Act == "extended" || e.Act == "resumed" {
		parts = append(parts, v.Say("期限变为 %s", "now due %s", microsText(v, d["case-due"])))
	}
	return parts
}

// microsText is an instant of the trail, in microseconds, as a due date.
func microsText(v *page.View, micros string) string {
	n, err := strconv.ParseInt(micros, 10, 64)
	if err != nil {
		return micros
	}
	return v.DateText(time.UnixMicro(n))
}

// pastText is what a former system says was done, when and by which unit.
func pastText(v *page.View, d map[string]string) string {
	text := d["was-done"]
	if at, err := time.Parse(time.RFC3339, d["was-at"]); err == nil {
		text = v.MomentText(at) + v.Say("：", ": ") + text
	}
	if d["was-unit"] != "" {
		text += v.Say("（%s）", " (%s)", v.UnitName(d["was-unit"]))
	}
	return text
}

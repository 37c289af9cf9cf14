package watch

import (
	"net/http"
	"strconv"
	"strings"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/paper"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// minutesView is what a meeting put on paper.
type minutesView struct {
	Meeting supervise.Meeting
	Settled []supervise.MeetingItem // decided, in the order of the agenda
	Left    []supervise.MeetingItem // that wait for the next meeting
}

// minutesOf sorts the points of a meeting as its minutes tell them. What was
// taken off or back is not on the paper; it is in the trail.
func minutesOf(m supervise.Meeting, items []supervise.MeetingItem) minutesView {
	s := minutesView{Meeting: m}
	for _, i := range items {
		switch i.State {
		case supervise.ItemDecided, supervise.ItemNoted, supervise.ItemDone:
			s.Settled = append(s.Settled, i)
		case supervise.ItemOpen, supervise.ItemDeferred, supervise.ItemCarried:
			s.Left = append(s.Left, i)
		}
	}
	return s
}

// subjectText is what a point is about, in one line.
func subjectText(v *page.View, i supervise.MeetingItem) string {
	if i.Case == "" {
		return i.Question
	}
	text := v.District.Catalogue.Title(i.Matter).In(v.Lang) + v.Say("（", " (") + i.Number + v.Say("）", ")")
	if i.Question != "" {
		text += v.Say("：", ": ") + i.Question
	}
	return text
}

// byText says who carries a decision out, and until when.
func byText(v *page.View, i supervise.MeetingItem) string {
	if i.Unit == "" {
		return ""
	}
	text := v.UnitName(i.Unit)
	if len(i.Co) > 0 {
		text += v.Say("，%s协办", ", with %s", unitNames(v, i.Co))
	}
	return text + v.Say("，", ", ") + v.DueText(i.Due)
}

// minuted is a meeting that has minutes, which the reader may see.
func minuted(v *page.View) (minutesView, error) {
	m, items, err := seen(v)
	if err == nil && m.State != supervise.MeetingHeld && m.State != supervise.MeetingClosed {
		err = errs.New(errs.NotFound, "会还没开，没有纪要。", "The meeting has not been held; there are no minutes.")
	}
	return minutesOf(m, items), err
}

// minutesShow is the page to print.
func minutesShow(v *page.View) error {
	s, err := minuted(v)
	if err != nil {
		return err
	}
	m := s.Meeting
	return show(v, http.StatusOK, head{
		Button: ui.Btn{Label: v.Say("下载 PDF", "Download PDF"), Icon: "download", Href: at(m) + "/minutes.pdf"},
		Title:  v.Say("%s 会议纪要", "Minutes: %s", m.Title), At: "/meetings", Said: m.Number().In(v.Lang),
		Path: []ui.Link{{Text: v.Say("协调会", "Meetings"), Href: home + "/meetings"}, {Text: m.Title, Href: at(m)}, {Text: v.Say("纪要", "Minutes")}},
	}, minutesPage(v, s))
}

// minutesPDF is the same as a file.
func minutesPDF(v *page.View) error {
	s, err := minuted(v)
	if err != nil {
		return err
	}
	data, err := s.paper(v).Bytes()
	if err != nil {
		return err
	}
	if err := v.Exported(page.Export{What: "minutes", Filter: s.Meeting.Short(), Rows: 1}); err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "application/pdf")
	v.W.Header().Set("Content-Disposition", `attachment; filename="minutes-`+s.Meeting.Short()+`.pdf"`)
	v.W.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, err = v.W.Write(data)
	return err
}

// paper writes the minutes out. Its date is that of the meeting's closing, so
// that the file of a closed meeting is always the same.
func (s minutesView) paper(v *page.View) *paper.Paper {
	m, made := s.Meeting, s.Meeting.ClosedAt
	under := m.Number().In(v.Lang)
	if m.State == supervise.MeetingHeld {
		made = v.Now
		under += v.Say("，没有定稿", ", not final")
	}
	name := v.Lang.Pick(v.District.Settings.Name, v.District.Settings.NameEN)
	p := paper.New(paper.Options{
		Title: v.Say("%s 会议纪要", "Minutes: %s", m.Title), Under: under, Lang: v.Lang, Made: made,
		Footer: name + v.Say("，", ", ") + dayText(v, clock.DateOf(made, v.Zone())),
	})
	var facts []paper.Pair
	for _, f := range meetingFacts(v, m) {
		facts = append(facts, paper.Pair{Key: f.Name, Value: f.Value})
	}
	p.KeyValues(facts...)
	p.Heading(v.Say("定了的事", "What was decided"))
	if len(s.Settled) == 0 {
		p.Text(v.Say("没有。", "Nothing."))
	} else {
		t := paper.Table{Columns: []paper.Column{{Title: v.Say("议的什么", "About")}, {Title: v.Say("决定", "Decision")}, {Title: v.Say("谁办、到哪天", "By whom, until when")}}}
		for _, i := range s.Settled {
			t.Rows = append(t.Rows, []string{subjectText(v, i), i.Decision + settledText(v, i.Settled), strings.TrimSpace(byText(v, i) + " " + doneSub(v, i))})
		}
		p.Table(t)
	}
	if len(s.Left) > 0 {
		p.Heading(leftText(v, m))
		for _, i := range s.Left {
			p.Text(subjectText(v, i))
		}
	}
	if m.Minutes != "" {
		p.Heading(v.Say("会上说的", "What was said"))
		p.Text(m.Minutes)
	}
	return p
}

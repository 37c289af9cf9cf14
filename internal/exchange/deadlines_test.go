package exchange_test

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"linli/internal/exchange"
	"linli/internal/lang"
)

// What is written is what a client of the library reads back: each task once, at
// its minute, with its words and its link, and none of it takes up the day.
func TestDeadlinesComeBack(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 11, 24, 17, 30, 0, 0, time.FixedZone("CST", 8*3600))
	own := exchange.Deadlines{District: "990101", Name: lang.T("邻里 · 我的期限", "linli · my deadlines"), All: []exchange.Deadline{
		{ID: "t-1", Number: "261123-00017", Title: lang.T("占道经营；桂香路, 一处很长很长的事项名称要折行才放得下", "Street vending; and a title that is long enough to be folded, with a comma"), Began: due.Add(-time.Hour), Due: due, Link: "http://linli.test/desk/cases/261123-00017"},
		{ID: "t-2", Number: "261123-00018", Began: due, Due: due.Add(time.Hour), Held: true, Link: "http://linli.test/desk/cases/261123-00018"},
	}}
	for l, want := range map[lang.Lang][2]string{
		lang.ZH: {"到期 261123-00017 占道经营；桂香路, 一处很长很长的事项名称要折行才放得下", "到期 261123-00018"},
		lang.EN: {"Due: 261123-00017 Street vending; and a title that is long enough to be folded, with a comma", "Due: 261123-00018"},
	} {
		text := own.ICalendar(l)
		for _, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			if len(line) > 75 {
				t.Errorf("%s: a line of %d octets: %q", l, len(line), line)
			}
		}
		got, err := ics.ParseCalendar(strings.NewReader(text))
		if err != nil || len(got.Events()) != 2 {
			t.Fatalf("%s: %v\n%s", l, err, text)
		}
		for i, e := range got.Events() {
			at, err := e.GetStartAt()
			said := func(p ics.ComponentProperty) string {
				if e.GetProperty(p) == nil {
					return ""
				}
				return e.GetProperty(p).Value
			}
			one := own.All[i]
			if err != nil || !at.Equal(one.Due) || e.Id() != one.ID+"@990101.linli" || said(ics.ComponentPropertySummary) != want[i] || said(ics.ComponentPropertyUrl) != one.Link {
				t.Errorf("%s: %v %v %q %q %q", l, err, at, e.Id(), said(ics.ComponentPropertySummary), said(ics.ComponentPropertyUrl))
			}
			if said(ics.ComponentPropertyTransp) != "TRANSPARENT" || said(ics.ComponentPropertyDtEnd) != "" || (said(ics.ComponentPropertyDescription) != "") != one.Held {
				t.Errorf("%s: event %s takes time, or says nothing of its stopped clock", l, e.Id())
			}
		}
	}
	if text := (exchange.Deadlines{District: "990101"}).ICalendar(lang.ZH); !strings.Contains(text, "END:VCALENDAR") {
		t.Errorf("without deadlines: %q", text)
	}
}

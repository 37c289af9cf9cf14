package admin_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/org"
)

const calendarsPage = "/desk/admin/calendars"

// squares counts the days of a year picture by their kind.
func squares(a apptest.Answer) map[string]int {
	n := map[string]int{}
	for _, td := range a.Find(element("td")) {
		inMonth := false
		for up := td; up != nil; up = up.Parent {
			inMonth = inMonth || apptest.Attr(up, "class") == "month"
		}
		if inMonth && apptest.Text(td) != "" {
			n[apptest.Attr(td, "class")]++
		}
	}
	return n
}

// bring sends a calendar or a notice, to be looked at or set.
func bring(b *apptest.Browser, what, name, data string) apptest.Answer {
	return b.PostFiles(calendarsPage, url.Values{"kind": {what}, "go": {"try"}}, apptest.File{Field: "file", Name: name, Data: []byte(data)})
}

// set takes up what a page of changes offers.
func set(b *apptest.Browser, tried apptest.Answer) apptest.Answer {
	form := carried(tried)
	form.Set("go", "set")
	return b.Post(calendarsPage, form)
}

const notice2027 = "date,name,is_off_day\n2027-01-01,元旦,1\n2027-02-05,春节,1\n2027-02-06,春节,1\n2027-02-07,春节,1\n2027-02-08,春节,1\n2027-02-09,春节,1\n2027-02-20,春节,0\n" +
	"2027-04-05,清明节,1\n2027-05-01,劳动节,1\n2027-05-03,劳动节,1\n2027-06-09,端午节,1\n2027-09-15,中秋节,1\n2027-10-01,国庆节,1\n2027-10-02,国庆节,1\n2027-10-03,国庆节,1\n"

func TestAYearIsDrawn(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	got := b.Get(calendarsPage + "?year=2026")
	n := squares(got)
	// The table of the State Council: 33 days off and 6 make-up workdays in 2026, and 248 working days.
	if got.Status != http.StatusOK || n["off"] != 33 || n["work"] != 6 || n["off"]+n["work"]+n["rest"]+n[""] != 365 || n[""]+n["work"] != 248 {
		t.Errorf("%d: the squares of 2026 are %v", got.Status, n)
	}
	text := got.Text()
	for _, said := range []string{"工作日 248 天", "15–23日 春节 休", "14日 春节 调休上班", "窗口时间", "错时上班"} {
		if !strings.Contains(text, said) {
			t.Errorf("the page does not say %q", said)
		}
	}
	b.Lang = "en"
	if text := b.Get(calendarsPage + "?year=2026").Text(); !strings.Contains(text, "248 working days") || !strings.Contains(text, "15–23 Spring Festival, off") {
		t.Error("the English page does not name the days")
	}
	if n := squares(b.Get(calendarsPage + "?year=2027")); n["off"]+n["work"] != 0 || n["rest"] != 104 {
		t.Errorf("2027 is not known, and its squares are %v", n)
	}
	for _, none := range []string{"?year=1999", "?year=x", "/none"} {
		if got := b.Get(calendarsPage + none); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", none, got.Status)
		}
	}
}

func TestACalendarIsDrawnWithWhoKeepsIt(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	got := b.Get(calendarsPage + "/staggered")
	text := got.Text()
	for _, said := range []string{"8:30–17:30", "南湾街道办事处", "渔港望潮社区工作站", "不上班"} {
		if !strings.Contains(text, said) {
			t.Errorf("the calendar does not say %q", said)
		}
	}
	if bars := got.Find(func(n *html.Node) bool { return n.Data == "rect" && apptest.Attr(n, "class") == "open" }); len(bars) != 5 {
		t.Errorf("%d bars are drawn, want one for each of five days", len(bars))
	}
	if text := b.Get("/desk/admin/units/u-yugang").Text(); !strings.Contains(text, "几点上班 错时上班") {
		t.Error("a unit does not say that it keeps the hours of the one above")
	}
	if text := b.Get(calendarsPage + "/hall").Text(); !strings.Contains(text, "2026年12月31日 周四 年末盘点，9:00–12:00") {
		t.Error("a day of its own is not named")
	}
	if source, _ := b.Get(calendarsPage + "/standard").Field("text"); !strings.Contains(source, "mon: [09:00-12:00, 13:30-17:30]") {
		t.Errorf("the standard hours are not written out to be changed: %q", source)
	}
}

func TestANoticeIsLookedAtThenSet(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	if text := b.Get("/desk/admin").Text(); !strings.Contains(text, "2027 年的放假安排") {
		t.Error("the overview does not say that a year is missing")
	}
	if text := b.Get(calendarsPage).Text(); !strings.Contains(text, "2027 年放假安排还没装") {
		t.Error("the page does not say that a year is missing")
	}
	if text := w.As(login(t, w, org.Supervisor)).Get("/desk").Text(); !strings.Contains(text, "2027 年放假安排还没装，跨年的日期是暂定的") {
		t.Error("the supervisor's desk does not say that a year is missing")
	}
	tried := bring(b, "year", "2027.csv", notice2027)
	if tried.Status != http.StatusOK || !has(cells(tried), "1月1日", "照平常，上班", "休", "元旦") || !has(cells(tried), "2月20日", "照平常，休", "调休上班") || !strings.Contains(tried.Text(), "没办结的 0 件") {
		t.Fatalf("%d: what would change is not told: %q", tried.Status, cells(tried))
	}
	if w.District().Calendar.Loaded(2027) {
		t.Fatal("looking set the year")
	}
	done := set(b, tried)
	if done.Path != calendarsPage+"?year=2027" || !w.District().Calendar.Rule("2027-01-01").Off || strings.Contains(done.Text(), "还没装") || !strings.Contains(done.Text(), "2027.csv，苏明") {
		t.Errorf("set: %s %.300s", done.Path, done.Text())
	}
	again, err := casework.Reckonings(t.Context(), w.DB, w.District())
	if err != nil || len(again) != 1 || again[0].Cause.Kind != casework.CalendarChanged || !strings.Contains(again[0].Cause.Text.ZH, "2027.csv") || again[0].By == "" {
		t.Errorf("the open dates are not counted again: %v %v", again, err)
	}
	if same := bring(b, "year", "2027.csv", notice2027); !strings.Contains(same.Text(), "和现在的一样") {
		t.Error("the same notice is said to change something")
	}
	if back := b.Post(calendarsPage+"/drop", url.Values{"year": {"2027"}}); back.Status != http.StatusOK || w.District().Calendar.Loaded(2027) {
		t.Errorf("the year cannot be taken back: %d", back.Status)
	}
}

func TestACalendarIsChangedInItsField(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	source, _ := b.Get(calendarsPage + "/staggered").Field("text")
	if !strings.Contains(source, "08:30-17:30") {
		t.Fatalf("the field holds %q", source)
	}
	// apptest folds white space, which YAML needs.
	changed := "calendar: staggered\r\ntitle: {zh: 错时上班, en: Staggered hours}\r\nbase: standard\r\nhours: {mon-fri: [08:00-17:30]}\r\n"
	tried := b.Post(calendarsPage, url.Values{"kind": {"calendar"}, "go": {"try"}, "name": {"staggered.yaml"}, "text": {changed}})
	if text := tried.Text(); tried.Status != http.StatusOK || !strings.Contains(text, "8:00–17:30") || !strings.Contains(text, "8:30–17:30") || !strings.Contains(text, "3 家单位") {
		t.Fatalf("before and after are not shown: %d %s", tried.Status, text)
	}
	if done := set(b, tried); done.Path != calendarsPage+"/staggered" || w.District().CalendarNamed("staggered").Rule("2026-11-23").Hours[0].From != 8*60 {
		t.Errorf("not set: %s", done.Path)
	}
	if got := b.Post(calendarsPage+"/drop", url.Values{"name": {"staggered"}}); got.Status != http.StatusConflict || !strings.Contains(got.Text(), "南湾街道办事处") {
		t.Errorf("a calendar in use is removed: %d %s", got.Status, got.Text())
	}
}

func TestBadCalendarsAreRefusedByLine(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(login(t, w, org.Admin))
	for _, bad := range []struct{ why, kind, name, data, at string }{
		{"both off and at work", "year", "n.csv", notice2027 + "2027-01-01,元旦,0\n", "n.csv:17"},
		{"a date that does not exist", "year", "n.csv", notice2027 + "2027-02-30,春节,1\n", "n.csv:17"},
		{"no notice", "year", "n.json", `{"year": 2027, "days": "soon"}`, "n.json"},
		{"hours that overlap", "calendar", "c.yaml", "calendar: c\ntitle: {zh: 甲, en: A}\nhours: {mon-fri: [09:00-12:00, 11:00-17:30]}\n", "c.yaml:3"},
		{"an empty week", "calendar", "c.yaml", "calendar: c\ntitle: {zh: 甲, en: A}\nhours: {}\n", "c.yaml:3"},
		{"no such base", "calendar", "c.yaml", "calendar: c\ntitle: {zh: 甲, en: A}\nbase: nowhere\n", "c.yaml"},
		{"script", "calendar", "<script>alert(1)</script>.yaml", "calendar: <script>alert(2)</script>\n", "script"},
	} {
		got := bring(b, bad.kind, bad.name, bad.data)
		if got.Status != http.StatusUnprocessableEntity || !has(cells(got), bad.at) && bad.at != "script" || strings.Contains(got.Body, "<script>alert") || !strings.Contains(got.Text(), "什么都没动") {
			t.Errorf("%s: %d, no row at %s: %q", bad.why, got.Status, bad.at, cells(got))
		}
	}
	for _, bad := range []struct {
		why, name, data string
		status          int
	}{
		{"nothing sent", "x.csv", "", 422},
		{"too large", "x.csv", strings.Repeat("2027-01-01,元旦,1\n", 1<<17), 413},
	} {
		if got := bring(b, "year", bad.name, bad.data); got.Status != bad.status {
			t.Errorf("%s: %d, want %d", bad.why, got.Status, bad.status)
		}
	}
	if d := w.District(); d.Calendar.Loaded(2027) || len(d.Calendars()) != 4 {
		t.Error("what was refused is there")
	}
	if got := w.As(login(t, w, org.Dispatcher)).Post(calendarsPage, url.Values{"kind": {"year"}, "go": {"set"}, "text": {notice2027}}); got.Status != http.StatusForbidden || w.District().Calendar.Loaded(2027) {
		t.Errorf("a dispatcher sets a year: %d", got.Status)
	}
}

func TestTheRealNoticeChangesNothing(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../../../shared/data/holidays/2026.json")
	if err != nil {
		t.Skipf("the real notices are not beside this checkout: %v", err)
	}
	w := apptest.New(t)
	if got := bring(w.As(login(t, w, org.Admin)), "year", "2026.json", string(data)); got.Status != http.StatusOK || !strings.Contains(got.Text(), "和现在的一样") {
		t.Errorf("the notice of 2026 is not the one that linli ships: %d %q", got.Status, cells(got))
	}
}

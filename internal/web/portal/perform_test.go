package portal_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/evaluate"
	"linli/internal/intake"
	"linli/internal/sheet"
)

// What no public page may ever say.
const (
	onlyName = "欧阳独一"
	onlyDoor = "88号"
	onlyTold = "猫叫声"
)

// seeded takes in a broken cover from a person whose name occurs nowhere else.
func seeded(t *testing.T, w *apptest.World, b *apptest.Browser) (number string) {
	t.Helper()
	r, err := w.House.Desk.Receive(t.Context(), w.District(), intake.Sending{
		Channel: intake.Portal, Matter: "c01002", Text: onlyName + "听到井里有" + onlyTold, Area: "990101001004",
		Address: "桂花路" + onlyDoor, Phone: "13800000013", Name: onlyName,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Get("/track/" + r.Case.Number + "?word=" + r.Word); got.Status != http.StatusOK {
		t.Fatalf("the tracking page: %d %s", got.Status, got.Text())
	}
	return r.Case.Number
}

// rates lets the reporter say how it went.
func rates(t *testing.T, b *apptest.Browser, number, action, grade, reason string) {
	t.Helper()
	a := b.Get("/track/" + number)
	a = b.Post("/track/"+number, url.Values{"do": {doButton(t, a, action)}, "grade": {grade}, "reason": {reason}})
	if a.Status != http.StatusOK {
		t.Fatalf("rating %s: %d %.300s", number, a.Status, a.Text())
	}
}

// november is a month with a case put right after a bad grade, one put on
// account, one that is late, and six that went well.
func november(t *testing.T) *apptest.World {
	t.Helper()
	w := apptest.New(t)
	b := w.Browser()
	for range 6 {
		number := seeded(t, w, b)
		work(t, w, number)
		rates(t, b, number, "content", "4", "")
	}
	mended := seeded(t, w, b)
	work(t, w, mended)
	rates(t, b, mended, "not-content", "2", "还在响")
	repair(t, w, mended)
	rates(t, b, mended, "content", "5", "")

	waits := seeded(t, w, b)
	handled(t, w, waits)
	grants(t, w, waits, casework.Asking{Kind: "planning", Until: w.Clock.Now().Add(60 * 24 * time.Hour), Reason: "管道改线，规划未定，" + onlyDoor + "门口"})

	late := seeded(t, w, b)
	handled(t, w, late)
	w.Clock.Advance(5 * 24 * time.Hour)
	w.Due()
	return w
}

// part is the text of the section under a heading.
func part(a apptest.Answer, id string) string {
	for _, n := range a.Find(func(n *html.Node) bool { return apptest.Attr(n, "aria-labelledby") == id }) {
		return apptest.Text(n)
	}
	return ""
}

// TestPerformance reads the page of a month that runs, and of the same month
// after it was counted.
func TestPerformance(t *testing.T) {
	t.Parallel()
	w := november(t)
	got := w.Browser().Get("/performance")
	if got.Status != http.StatusOK || heading(got) != "我们办得怎么样" {
		t.Fatalf("%d %.300s", got.Status, got.Text())
	}
	for id, says := range map[string][]string{
		"kept":    {"100.0%", "办完的 7 件，都按答应的日期办好了", "现在还有 1 件过了日子没办完"},
		"took":    {"已经办完的 7 件", "一天内：7 件，100.0%"},
		"content": {"8 个评价里，7 个满意", "没到 95.0% 的目标", "满意：6 件", "非常满意：1 件"},
		"account": {"挂账的 1"},
		"mended":  {"1 件有人打过不满意。其中 1 件重新办完了，1 件后来改评"},
		"units":   {"单位之间只比核算过的月份"},
		"rules":   {"分子 7，分母 7", "closed and promised"},
	} {
		for _, s := range says {
			if text := part(got, id); !strings.Contains(text, s) {
				t.Errorf("%s does not say %q: %.400s", id, s, text)
			}
		}
	}
	if text := got.Text(); !strings.Contains(text, "规划或者工程没定") || strings.Contains(text, "管道改线") || !strings.Contains(text, "居民改评：非常满意") {
		t.Errorf("the lists of what is on account and what was put right: %s", text)
	}
	if charts := got.Find(func(n *html.Node) bool { return n.Data == "svg" && apptest.Attr(n, "class") == "chart" }); len(charts) < 3 {
		t.Errorf("%d charts, want how long, the grades, the streets", len(charts))
	}
	late := w.Browser().Get("/performance/late")
	if text := part(late, "open"); !strings.Contains(text, "污水井盖异常") || !strings.Contains(text, "超期") {
		t.Errorf("what is late: %.400s", text)
	}

	w.Clock.Set(time.Date(2026, 12, 2, 9, 0, 0, 0, apptest.Start.Location()))
	w.Due()
	counted := w.Browser().Get("/performance?period=2026-11")
	if text := part(counted, "units"); counted.Status != http.StatusOK || !strings.Contains(text, "市政") || !strings.Contains(text, "名次") {
		t.Errorf("the league tables of a counted month: %d %.500s", counted.Status, text)
	}
	if !strings.Contains(counted.Text(), "初核的数") {
		t.Error("it does not say that the count is a first one")
	}
	if text := part(counted, "kept"); !strings.Contains(text, "办完的 7 件") {
		t.Errorf("the counted month says otherwise: %.300s", text)
	}
	if next := w.Browser().Get("/performance"); next.Status != http.StatusOK || !strings.Contains(part(next, "kept"), "2026年11月") {
		t.Errorf("December has no trend: %d %.300s", next.Status, part(next, "kept"))
	}
}

// TestPerformanceNamesNobody looks for what is personal in every form.
func TestPerformanceNamesNobody(t *testing.T) {
	t.Parallel()
	w := november(t)
	w.Clock.Set(time.Date(2026, 12, 2, 9, 0, 0, 0, apptest.Start.Location()))
	w.Due()
	for _, path := range []string{"", "/late", "/data.json", "/data.csv"} {
		for _, period := range []string{"2026-11", "2026-12"} {
			got := w.Browser().Get("/performance" + path + "?period=" + period)
			if got.Status != http.StatusOK {
				t.Errorf("%s of %s: %d", path, period, got.Status)
			}
			for _, private := range []string{onlyName, "欧阳", onlyDoor, onlyTold, "13800000013", "还在响"} {
				if strings.Contains(got.Body, private) {
					t.Errorf("%s of %s says %q", path, period, private)
				}
			}
			for _, person := range w.District().Org.People() {
				if strings.Contains(got.Body, person.Name) {
					t.Errorf("%s of %s names %s", path, period, person.Name)
				}
			}
			if numbers := regexp.MustCompile(`\b\d{6}-\d{5}\b`).FindString(got.Body); numbers != "" {
				t.Errorf("%s of %s gives the number of a case, %s", path, period, numbers)
			}
		}
	}
}

// TestPerformanceInEnglish has every word, one heading, and nothing inline.
func TestPerformanceInEnglish(t *testing.T) {
	t.Parallel()
	w := november(t)
	en := w.Browser()
	en.Lang = "en-GB"
	for _, path := range []string{"/performance", "/performance/late"} {
		got := en.Get(path)
		text := strings.NewReplacer("中文", "", "管道改线，规划未定，…门口", "").Replace(got.Text()) // the switch, and what was written
		if left := regexp.MustCompile(`\p{Han}`).FindAllString(text, -1); got.Status != http.StatusOK || len(left) > 0 {
			t.Errorf("%s: %d, still says %v", path, got.Status, left)
		}
		if n := len(got.Find(func(n *html.Node) bool { return n.Data == "h1" })); n != 1 {
			t.Errorf("%s: %d first headings, want one", path, n)
		}
		if bad := got.Find(func(n *html.Node) bool { return apptest.Attr(n, "style") != "" || n.Data == "style" }); len(bad) > 0 {
			t.Errorf("%s: %d inline styles, which the security policy refuses", path, len(bad))
		}
		if size := len(squeezed(t, []byte(got.Body))); size >= firstLoad {
			t.Errorf("%s: %d bytes on the wire, want under %d", path, size, firstLoad)
		} else {
			t.Logf("%s: %d bytes on the wire", path, size)
		}
	}
}

// TestPerformanceAsked refuses months that nobody counted: whoever asks must not
// make the house count.
func TestPerformanceAsked(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	for _, period := range []string{"2026-10", "2026", "2026-Q4", "1999-01", "2026-13", "<script>", strings.Repeat("9", 3000)} {
		for _, path := range []string{"", "/late", "/data.csv"} {
			if got := w.Browser().Get("/performance" + path + "?period=" + url.QueryEscape(period)); got.Status != http.StatusNotFound {
				t.Errorf("%s of %.20q: got %d, want 404", path, period, got.Status)
			}
		}
	}
	if got := w.Browser().Get("/performance/data.exe"); got.Status != http.StatusNotFound {
		t.Errorf("an unknown form: got %d, want 404", got.Status)
	}
	if got := w.Browser().Get("/performance"); got.Status != http.StatusOK || !strings.Contains(got.Text(), "这个月还没有人评价") {
		t.Errorf("an empty month: %d %.300s", got.Status, got.Text())
	}
}

// TestPerformanceData gives the same figures as CSV, Excel and JSON, and withholds
// those that are of few.
func TestPerformanceData(t *testing.T) {
	t.Parallel()
	w := november(t)
	b := w.Browser()
	var d struct {
		Period, State string
		Figures       []struct {
			Scope, Code, Indicator string
			Numerator, Value       *float64
			Denominator            *int
			Hidden                 bool
		}
		Rules []struct{ Indicator, Rule string }
	}
	got := b.Get("/performance/data.json")
	if err := json.Unmarshal([]byte(got.Body), &d); err != nil {
		t.Fatal(err)
	}
	streets, few := 0, 0
	for _, f := range d.Figures {
		if f.Denominator != nil && f.Scope != "district" && *f.Denominator > 0 && *f.Denominator < 5 {
			t.Errorf("%s of %s is of %d", f.Indicator, f.Code, *f.Denominator)
		}
		if f.Hidden {
			if few++; f.Numerator != nil || f.Value != nil {
				t.Errorf("%s of %s is hidden and told", f.Indicator, f.Code)
			}
		}
		if f.Scope == "street" && f.Indicator == "case-on-time" {
			streets++
		}
	}
	if d.Period != "2026-11" || d.State != "open" || streets != len(w.District().Areas.Tier("street")) || len(d.Rules) < 10 || few == 0 {
		t.Errorf("%s %s, %d streets, %d rules, %d hidden", d.Period, d.State, streets, len(d.Rules), few)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.Get("/performance/data.csv").Body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != len(d.Figures)+1 {
		t.Errorf("CSV: %d rows and %v, want %d", len(rows), err, len(d.Figures)+1)
	}
	book, err := excelize.OpenReader(bytes.NewReader([]byte(b.Get("/performance/data.xlsx").Body)))
	if err != nil {
		t.Fatal(err)
	}
	cells, err := book.GetRows("数据")
	if err != nil || len(cells) != len(rows) {
		t.Errorf("Excel: %d rows and %v, want %d", len(cells), err, len(rows))
	}
}

// TestPerformanceSecret counts a case that is kept in confidence, and lists it
// nowhere.
func TestPerformanceSecret(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	r, err := w.House.Desk.Receive(t.Context(), w.District(), intake.Sending{
		Channel: intake.Portal, Matter: "c01002", Text: "有人半夜撬井盖", Area: "990101001004", Phone: "13800000013", Name: onlyName, Secret: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	handled(t, w, r.Case.Number)
	w.Clock.Advance(6 * 24 * time.Hour)
	w.Due()
	got := w.Browser().Get("/performance/late")
	if text := part(got, "open"); !strings.Contains(text, "现在还有 1 件") || strings.Contains(text, "污水井盖异常") {
		t.Errorf("a secret case that is late: %.300s", text)
	}
}

// TestPerformanceIsKept answers the second reader from memory, and the one after
// a while anew.
func TestPerformanceIsKept(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	first := part(w.Browser().Get("/performance"), "took")
	b := w.Browser()
	number := seeded(t, w, b)
	work(t, w, number)
	rates(t, b, number, "content", "4", "")
	w.Clock.Advance(-2 * time.Hour) // back to where work began
	if again := part(w.Browser().Get("/performance"), "took"); again != first {
		t.Errorf("a minute later: %s", again)
	}
	w.Clock.Advance(3 * time.Hour)
	if later := part(w.Browser().Get("/performance"), "took"); !strings.Contains(later, "1 件") {
		t.Errorf("hours later: %s", later)
	}
}

// TestPerformanceTotals computes the rate of a year from what was loaded.
func TestPerformanceTotals(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	file, err := sheet.Load("totals.csv", strings.NewReader("period,received,filed,closed\n2025,249947,226506,215050\n"), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	report := sheet.NewReport(sheet.Policy{})
	records := evaluate.TotalColumns().Map(nil, file, report)
	err = w.DB.Write(t.Context(), func(tx *db.Tx) error {
		return evaluate.ImportTotals(t.Context(), tx, w.District(), records, report)
	})
	if err != nil {
		t.Fatal(err)
	}
	if text := part(w.Browser().Get("/performance"), "totals"); !strings.Contains(text, "94.94%") || !strings.Contains(text, "226,506") {
		t.Errorf("the year: %s", text)
	}
}

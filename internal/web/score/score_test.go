package score_test

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/evaluate"
)

// scores opens the period as pages do.
func scores(t *testing.T, w *apptest.World, p evaluate.Period) *evaluate.Scores {
	t.Helper()
	d := w.District()
	s, err := w.House.Scores.Scores(t.Context(), d, d.Catalogue.Measures(), p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheBoardShowsTheLateOneFirst(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	dealt(t, w, 0)
	b := w.As(supervisor)
	got := ok(t, b, "/desk/board")
	if tiles := got.Find(class("tile")); len(tiles) < 15 {
		t.Fatalf("%d units are on the board: %s", len(tiles), got.Text())
	}
	for _, part := range []string{"颜色怎么定", "按时率 95% 以上，没有超期的，临期不超过 20%", "够不上蓝的"} {
		if !strings.Contains(got.Text(), part) {
			t.Errorf("the rule lacks %q", part)
		}
	}
	live := got.Find(func(n *html.Node) bool { return apptest.Attr(n, "data-live-topic") == "cases" })
	if len(live) == 0 || len(ok(t, b, apptest.Attr(live[0], "hx-get")).Find(class("tile"))) < 15 {
		t.Error("the board does not draw itself again")
	}
	sentLate(t, w)
	b = w.As(supervisor) // after so many days the session is over
	late := ok(t, b, "/desk/board")
	first := late.Find(class("tile"))[0]
	if apptest.Attr(first, "href") != "/desk/board/unit/u-shizheng" || !class("late")(first) || !strings.Contains(apptest.Text(first), "超期") {
		t.Errorf("the late unit is not first: %s", apptest.Text(first))
	}
	unit := ok(t, b, "/desk/board/unit/u-shizheng")
	if !strings.Contains(unit.Text(), "市政养护中心") || !ends(links(unit), "departments/unit:u-shizheng") {
		t.Errorf("the unit's page: %s", unit.Text())
	}
	areas := ok(t, b, "/desk/board?view=areas")
	if !strings.Contains(areas.Text(), "件在办") || !strings.Contains(areas.Text(), "个绿的，都列出来") {
		t.Errorf("streets and grids: %s", areas.Text())
	}
	b.Lang = "en"
	if got := ok(t, b, "/desk/board"); !strings.Contains(got.Text(), "Colour board") || !strings.Contains(got.Text(), "How colours are set") {
		t.Errorf("in English: %s", got.Text())
	}
}

// sentLate leaves a case with u-shizheng until it is late.
func sentLate(t *testing.T, w *apptest.World) {
	t.Helper()
	open(t, w)
	w.Clock.Advance(20 * 24 * time.Hour)
	w.Due()
}

func TestNobodySeesWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	w, _ := lived(t)
	december(t, w)
	post := workerPost(t, w)
	workers := month + "/grid-workers/" + string(post)
	for _, row := range []struct {
		why, login, path string
		status           int
	}{
		{"a supervisor sees every unit", supervisor, card, 200},
		{"a unit sees its own card", handler, card, 200},
		{"another unit's is not for it", outsider, card, 403},
		{"nor the cases behind it", outsider, card + "/cases?indicator=closing", 403},
		{"nor as a table", outsider, card + "/card.xlsx", 403},
		{"nor its page on the board", outsider, "/desk/board/unit/u-shizheng", 403},
		{"a worker sees the own card", worker, workers, 200},
		{"so does the lead of the station", station, workers, 200},
		{"the lead of another does not", otherHead, workers, 403},
		{"nor does who sees every case", supervisor, workers, 403},
		{"nor the league of workers", supervisor, month + "/grid-workers", 403},
		{"the administrator sees no scorecard", admin, home, 403},
		{"a period that is none", supervisor, home + "/2026-13", 404},
		{"one that has not begun", supervisor, home + "/2027-01", 404},
		{"an assessment that is none", supervisor, month + "/nothing", 404},
		{"a subject that is none", supervisor, month + "/departments/unit:u-nowhere", 404},
		{"a subject of another kind", supervisor, month + "/departments/unit:u-huaishu", 404},
		{"an indicator that is none", supervisor, card + "/cases?indicator=nothing", 404},
		{"a chart that is none", supervisor, month + "/bulletin.png?chart=99", 404},
		{"only who keeps scorecards decides", lead, month + "/appeals", 403},
		{"or counts again", lead, month + "/compare", 403},
	} {
		if got := w.As(row.login).Get(row.path); got.Status != row.status {
			t.Errorf("%s: %s got %d, want %d: %s", row.why, row.path, got.Status, row.status, got.Text())
		}
	}
	board := ok(t, w.As(outsider), "/desk/board")
	if tiles := board.Find(class("tile")); len(tiles) != 1 || apptest.Attr(tiles[0], "href") != "/desk/board/unit/u-zhujian" {
		t.Errorf("a unit's board has %d tiles, want its own", len(tiles))
	}
	if got := ok(t, w.As(worker), month); !strings.Contains(got.Text(), "网格员考核") || strings.Contains(got.Text(), "部门考核") {
		t.Errorf("what a worker finds: %s", got.Text())
	}
}

func TestFiguresOnThePageAreEvaluates(t *testing.T) {
	t.Parallel()
	w, cases := lived(t)
	december(t, w)
	s := scores(t, w, "2026-11")
	figures, err := s.Figures(t.Context(), evaluate.Unit("u-shizheng"))
	if err != nil {
		t.Fatal(err)
	}
	b := w.As(supervisor)
	page := ok(t, b, card)
	seen := 0
	for _, name := range []string{"timely-work", "rework", "closing", "filed-load"} {
		f := figures[name]
		if f.Empty {
			continue
		}
		seen++
		line := row(page, card+"/cases?indicator="+name)
		if want := fmt.Sprintf("%.0f / %d", f.Numerator, f.Denominator); !strings.Contains(line, want) {
			t.Errorf("%s: the card says %q, want %s", name, line, want)
		}
		list := ok(t, b, card+"/cases?indicator="+name)
		numbers := 0
		for _, c := range cases {
			numbers += strings.Count(list.Text(), c.Number)
		}
		if numbers != f.Denominator {
			t.Errorf("%s: its list has %d cases, want its denominator %d", name, numbers, f.Denominator)
		}
	}
	if f := figures["timely-work"]; f.Denominator != 3 || f.Numerator != 2 {
		t.Fatalf("timely work is %v of %d, want 2 of 3: the test looks at nothing", f.Numerator, f.Denominator)
	}
	if seen < 3 {
		t.Errorf("only %d figures were looked at", seen)
	}
	in, out := ok(t, b, card+"/cases?indicator=timely-work&in=yes"), ok(t, b, card+"/cases?indicator=timely-work&in=no")
	if strings.Contains(in.Text(), cases[2].Number) || !strings.Contains(out.Text(), cases[2].Number) || strings.Contains(out.Text(), cases[0].Number) {
		t.Errorf("in: %s\nnot in: %s", in.Text(), out.Text())
	}
	league := ok(t, b, month+"/departments")
	standings, err := s.Standings(t.Context(), "departments")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range standings {
		if line := row(league, month+"/departments/"+string(one.Subject)); !one.Card.Empty && !strings.Contains(line, fmt.Sprintf("%.2f", one.Card.Score)) {
			t.Errorf("%s: the table says %q, want %.2f", one.Subject, line, one.Card.Score)
		}
	}
}

// value is what a form of the page carries under a name.
func value(t *testing.T, a apptest.Answer, name string) string {
	t.Helper()
	v, ok := a.Field(name)
	if !ok {
		t.Fatalf("the page has no field %s: %s", name, a.Text())
	}
	return v
}

func TestAnAppealFromListToFrozenPeriod(t *testing.T) {
	t.Parallel()
	w, cases := lived(t)
	december(t, w)
	unit, keep := w.As(lead), w.As(supervisor)
	behind := card + "/cases?indicator=timely-work&in=no"
	list := ok(t, unit, behind)
	if !ends(forms(list), "/appeal") {
		t.Fatalf("the lead has no form: %s", list.Text())
	}
	if others := forms(ok(t, keep, behind)); ends(others, "/appeal") {
		t.Error("a supervisor is offered an appeal")
	}
	form := url.Values{"indicator": {"timely-work"}, "case": {value(t, list, "case")}, "reason": {""}}
	if got := unit.Post(card+"/appeal", form); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Text(), "请写明理由") {
		t.Errorf("no reason: %d %s", got.Status, got.Text())
	}
	if got := w.As(outsider).Post(card+"/appeal", form); got.Status != http.StatusForbidden {
		t.Errorf("another unit: %d", got.Status)
	}
	form.Set("reason", "供货停产，<b>等件</b>")
	if got := unit.Post(card+"/appeal", form); got.Status != http.StatusOK || !strings.Contains(got.Text(), "申诉提了") {
		t.Fatalf("lodged: %d %s", got.Status, got.Text())
	}
	if got := unit.Post(card+"/appeal", form); got.Status != http.StatusConflict {
		t.Errorf("twice: %d", got.Status)
	}
	period := ok(t, keep, month)
	if !strings.Contains(period.Text(), "还有 1 件申诉没定") || ends(forms(period), "/freeze") {
		t.Errorf("the period does not say what is undecided: %s", period.Text())
	}
	if got := keep.Post(month+"/freeze", nil); got.Status != http.StatusConflict {
		t.Errorf("frozen with an appeal open: %d", got.Status)
	}
	appeals := ok(t, keep, month+"/appeals")
	if !strings.Contains(appeals.Text(), cases[2].Number) || !strings.Contains(appeals.Text(), "供货停产，<b>等件</b>") {
		t.Errorf("appeals: %s", appeals.Text())
	}
	at := forms(appeals)[0]
	if got := keep.Post(at, url.Values{"verdict": {"strike"}, "decision": {" "}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("decided without a reason: %d", got.Status)
	}
	if got := keep.Post(at, url.Values{"verdict": {"perhaps"}, "decision": {"有证明"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("neither struck nor kept: %d", got.Status)
	}
	if got := keep.Post(at, url.Values{"verdict": {"strike"}, "decision": {"有供货证明"}}); got.Status != http.StatusOK || !strings.Contains(got.Text(), "剔除了") {
		t.Fatalf("decided: %d %s", got.Status, got.Text())
	}
	if line := row(ok(t, keep, card), card+"/cases?indicator=timely-work"); !strings.Contains(line, "2 / 2") {
		t.Errorf("after the case was struck: %q, want 2 / 2", line)
	}
	if got := ok(t, keep, month+"/compare?go=yes"); !strings.Contains(got.Text(), "没有差别") {
		t.Errorf("counted again: %s", got.Text())
	}
	if got := keep.Post(month+"/freeze", nil); got.Status != http.StatusOK || !strings.Contains(got.Text(), "冻结，不再变") {
		t.Errorf("frozen: %d %s", got.Status, got.Text())
	}
	if ends(forms(ok(t, unit, behind)), "/appeal") {
		t.Error("an appeal is offered in a frozen period")
	}
	if got := keep.Post(month+"/reviews", url.Values{"unit": {"u-shizheng"}, "body": {"media"}, "score": {"80"}}); got.Status != http.StatusConflict {
		t.Errorf("a review of a frozen period: %d", got.Status)
	}
}

func TestReviewsFromOutside(t *testing.T) {
	t.Parallel()
	w, _ := lived(t)
	december(t, w)
	b := w.As(supervisor)
	for _, row := range []struct{ why, unit, body, score, field string }{
		{"no number", "u-shizheng", "media", "good", "score-review"},
		{"over a hundred", "u-shizheng", "media", "100.1", "score-review"},
		{"not a number at all", "u-shizheng", "media", "NaN", "score-review"},
		{"no such unit", "u-nowhere", "media", "80", "unit-review"},
		{"no such body", "u-shizheng", "residents", "80", "body-review"},
	} {
		got := b.Post(month+"/reviews", url.Values{"unit": {row.unit}, "body": {row.body}, "score": {row.score}})
		link := got.Find(func(n *html.Node) bool { return n.Data == "a" && apptest.Attr(n, "href") == "#"+row.field })
		if got.Status != http.StatusUnprocessableEntity || len(link) != 1 {
			t.Errorf("%s: %d, %d links to %s", row.why, got.Status, len(link), row.field)
		}
	}
	if got := b.Post(month+"/reviews", url.Values{"unit": {"u-shizheng"}, "body": {"congress"}, "score": {"87.5"}, "note": {"巡查两次"}}); got.Status != http.StatusOK || !strings.Contains(got.Text(), "87.50") {
		t.Errorf("taken down: %d %s", got.Status, got.Text())
	}
	if line := row(ok(t, b, card), card+"/cases?indicator=deputies-review"); !strings.Contains(line, "87.5") {
		t.Errorf("the card says %q, want 87.5", line)
	}
	if got := ok(t, b, card+"/cases?indicator=deputies-review"); !strings.Contains(got.Text(), "巡查两次") {
		t.Errorf("who scored it: %s", got.Text())
	}
}

func TestTheBulletinSaysTheSameOnPaper(t *testing.T) {
	t.Parallel()
	w, _ := lived(t)
	if got := w.As(handler).Get(month + "/bulletin"); got.Status != http.StatusForbidden {
		t.Errorf("a bulletin of a month that runs: %d", got.Status)
	}
	december(t, w)
	b := w.As(handler)
	page := ok(t, b, month+"/bulletin")
	for _, part := range []string{"2026年11月通报", "没按时，涉及", "看看是哪些、为什么", "市政养护中心", "居民怎么说", "公式版本"} {
		if !strings.Contains(page.Text(), part) {
			t.Errorf("the bulletin lacks %q: %s", part, page.Text())
		}
	}
	if strings.Contains(page.Body, "欧阳独一") || strings.Contains(page.Body, "吴刚") || strings.Contains(page.Body, "丁霞") {
		t.Error("the bulletin names a person")
	}
	paper := ok(t, b, month+"/bulletin.pdf")
	if !strings.HasPrefix(paper.Body, "%PDF-") || paper.Header.Get("Content-Type") != "application/pdf" || len(paper.Body) < 10_000 {
		t.Errorf("the paper: %s, %d bytes", paper.Header.Get("Content-Type"), len(paper.Body))
	}
	pictures := 0
	for _, href := range links(page) {
		if strings.Contains(href, ".png") {
			pictures++
			if _, err := png.Decode(strings.NewReader(ok(t, b, href).Body)); err != nil {
				t.Errorf("%s: %v", href, err)
			}
		}
	}
	if pictures == 0 {
		t.Error("the bulletin has no chart")
	}
	b.Lang = "en"
	if got := ok(t, b, month+"/bulletin"); !strings.Contains(got.Text(), "Here is which, and why") {
		t.Errorf("in English: %s", got.Text())
	}
}

func TestTablesAndPicturesToTakeAway(t *testing.T) {
	t.Parallel()
	w, _ := lived(t)
	december(t, w)
	b := w.As(supervisor)
	for path, cell := range map[string]string{
		"/desk/board/board.xlsx":               "市政养护中心",
		"/desk/board/board.xlsx?view=areas":    "桂香07网格",
		month + "/departments/league.xlsx":     "市政养护中心",
		card + "/card.xlsx":                    "按期处置率",
		card + "/cases.xlsx?indicator=closing": "编号",
		month + "/bulletin.xlsx":               "立案数",
	} {
		book, err := excelize.OpenReader(bytes.NewReader([]byte(ok(t, b, path).Body)))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		found := false
		for _, sheet := range book.GetSheetList() {
			rows, err := book.GetRows(sheet)
			found = found || err == nil && strings.Contains(fmt.Sprint(rows), cell)
		}
		if !found {
			t.Errorf("%s lacks %s", path, cell)
		}
		_ = book.Close()
	}
	for _, path := range []string{"/desk/board/unit/u-shizheng/weeks.png", month + "/departments/league.png?group=0", card + "/trend.png", card + "/trend.png?indicator=timely-work"} {
		if _, err := png.Decode(strings.NewReader(ok(t, b, path).Body)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestYearlyTotals(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(handler)
	if got := ok(t, b, home+"/totals"); !strings.Contains(got.Text(), "还没有合计") {
		t.Errorf("without totals: %s", got.Text())
	}
	load(t, w, "period,received,filed,closed,unfinished\n2011,,115265,,\n2012,249947,226506,215050,11456\n")
	got := ok(t, b, home+"/totals")
	for _, part := range []string{"249,947", "94.94%", "11,456", "比上年 +96.5%"} {
		if !strings.Contains(got.Text(), part) {
			t.Errorf("the totals lack %q: %s", part, got.Text())
		}
	}
	if _, err := png.Decode(strings.NewReader(ok(t, b, home+"/totals.png").Body)); err != nil {
		t.Error(err)
	}
	if body := ok(t, b, home+"/totals.xlsx").Body; !strings.HasPrefix(body, "PK") {
		t.Error("the table is no workbook")
	}
}

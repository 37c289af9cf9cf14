package score_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/intake"
	"linli/internal/procedure"
	"linli/internal/sheet"
)

// The people of the invented district that these tests sign in as.
const (
	supervisor = "zhouhui" // keeps scorecards
	lead       = "luzhen"  // leads u-shizheng
	handler    = "heyong"  // of u-shizheng
	outsider   = "gaoyuan" // handler of u-zhujian
	station    = "zhanglan"
	worker     = "dingxia" // of that station
	otherHead  = "xuning"  // leads another station
	admin      = "suming"
)

const (
	home  = "/desk/scores"
	month = home + "/2026-11"
	card  = month + "/departments/unit:u-shizheng"
)

// place is a grid that the worker walks.
func place(t *testing.T, w *apptest.World) string {
	t.Helper()
	d := w.District()
	person, ok := d.Org.PersonByLogin(worker)
	if !ok {
		t.Fatal("nobody walks the grid")
	}
	for _, p := range d.Org.PostsOf(person.ID, d.Day) {
		if len(p.Area) == 15 {
			return p.Area
		}
	}
	t.Fatal("the worker has no grid")
	return ""
}

// does takes an action of a case as somebody who may.
func does(t *testing.T, w *apptest.World, login string, id casework.ID, action procedure.ActionName, m procedure.Move) {
	t.Helper()
	d := w.District()
	person, _ := d.Org.PersonByLogin(login)
	tasks, err := casework.Tasks(t.Context(), w.DB, d.Code, id)
	if err != nil {
		t.Fatal(err)
	}
	err = errs.New(errs.NotFound, "没有开着的任务", "no open task")
	for _, p := range d.Org.PostsOf(person.ID, d.Day) {
		by := procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area}
		for _, task := range tasks {
			m.Task, m.Action = task.ID, action
			err = w.DB.Write(t.Context(), func(tx *db.Tx) error {
				_, err := casework.Act(t.Context(), tx, casework.Acting{District: d, By: by}, id, m)
				return err
			})
			if err == nil {
				return
			}
			if !errors.Is(err, errs.Forbidden) && !errors.Is(err, errs.Conflict) && !errors.Is(err, errs.NotFound) {
				t.Logf("%s %s: %v", login, action, err)
			}
		}
	}
	t.Fatalf("%s cannot %s: %v", login, action, err)
}

// dealt takes in a damaged road, and has u-shizheng mend it after some days.
func dealt(t *testing.T, w *apptest.World, days int) casework.Case {
	t.Helper()
	c := open(t, w)
	w.Clock.Advance(time.Duration(days) * 24 * time.Hour)
	w.Due()
	does(t, w, handler, c.ID, "done", procedure.Move{Photos: 1})
	w.Due()
	return c
}

// lived is a world where three cases were dealt with in November, one of them
// late.
func lived(t *testing.T) (w *apptest.World, cases []casework.Case) {
	t.Helper()
	w = apptest.New(t)
	for _, days := range []int{0, 0, 6} {
		cases = append(cases, dealt(t, w, days))
	}
	return w, cases
}

// december turns the month, so that November is counted and stored.
func december(t *testing.T, w *apptest.World) {
	t.Helper()
	w.Clock.Set(time.Date(2026, 12, 2, 9, 0, 0, 0, apptest.Start.Location()))
	w.Due()
	all, err := evaluate.Periods(t.Context(), w.DB, w.House.District)
	if err != nil || !slices.ContainsFunc(all, func(c evaluate.CountedPeriod) bool {
		return c.Period == "2026-11" && c.State == evaluate.Preliminary
	}) {
		t.Fatalf("November was not stored: %v, %v", all, err)
	}
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(strings.Fields(apptest.Attr(n, "class")), name) }
}

// links are the addresses within a page's main part.
func links(a apptest.Answer) (all []string) {
	for _, main := range a.Find(func(n *html.Node) bool { return n.Data == "main" }) {
		for _, n := range (apptest.Answer{Doc: main}).Find(func(n *html.Node) bool { return n.Data == "a" }) {
			all = append(all, apptest.Attr(n, "href"))
		}
	}
	return all
}

// forms are the addresses that a page's forms are sent to.
func forms(a apptest.Answer) (all []string) {
	for _, main := range a.Find(func(n *html.Node) bool { return n.Data == "main" }) {
		for _, n := range (apptest.Answer{Doc: main}).Find(func(n *html.Node) bool { return n.Data == "form" && apptest.Attr(n, "method") == "post" }) {
			all = append(all, apptest.Attr(n, "action"))
		}
	}
	return all
}

func ends(all []string, part string) bool {
	return slices.ContainsFunc(all, func(s string) bool { return strings.HasSuffix(s, part) })
}

// ok opens a page that must be there.
func ok(t *testing.T, b *apptest.Browser, path string) apptest.Answer {
	t.Helper()
	got := b.Get(path)
	if got.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, got.Status, got.Text())
	}
	return got
}

// row is the text of the table row that a link leads from.
func row(a apptest.Answer, href string) string {
	for _, n := range a.Find(func(n *html.Node) bool { return n.Data == "a" && apptest.Attr(n, "href") == href }) {
		for p := n.Parent; p != nil; p = p.Parent {
			if p.Data == "tr" {
				return apptest.Text(p)
			}
		}
	}
	return ""
}

// open leaves a case with u-shizheng.
func open(t *testing.T, w *apptest.World) casework.Case {
	t.Helper()
	r, err := w.House.Desk.Receive(t.Context(), w.District(), intake.Sending{
		Channel: intake.Portal, Matter: "m06010", Text: "门口垃圾没人清", Area: place(t, w), Phone: "13800000013", Name: "欧阳独一",
	})
	if err != nil {
		t.Fatal(err)
	}
	does(t, w, "guoyan", r.Case.ID, "file", procedure.Move{})
	does(t, w, "chenli", r.Case.ID, "send", procedure.Move{Unit: "u-shizheng"})
	return r.Case
}

// workerPost is the subject of the worker's post.
func workerPost(t *testing.T, w *apptest.World) evaluate.Subject {
	t.Helper()
	d := w.District()
	person, _ := d.Org.PersonByLogin(worker)
	return evaluate.Post(string(d.Org.PostsOf(person.ID, d.Day)[0].ID))
}

// load imports a table of totals.
func load(t *testing.T, w *apptest.World, table string) {
	t.Helper()
	file, err := sheet.Load("totals.csv", strings.NewReader(table), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	report := sheet.NewReport(sheet.Policy{})
	records := evaluate.TotalColumns().Map(nil, file, report)
	err = w.DB.Write(t.Context(), func(tx *db.Tx) error { return evaluate.ImportTotals(t.Context(), tx, w.District(), records, report) })
	if err != nil || !report.MayWrite() {
		t.Fatal(err, report.Findings())
	}
}

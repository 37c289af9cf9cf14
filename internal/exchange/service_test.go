package exchange_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/intake"
	"linli/internal/procedure"
	"linli/internal/sheet"
	"linli/internal/supervise"
	"linli/internal/transfer"
)

// files are the files of an export, held by name.
type files map[string]*bytes.Buffer

type held struct{ *bytes.Buffer }

func (held) Close() error { return nil }

func (f files) open(name string) (io.WriteCloser, error) {
	f[name] = new(bytes.Buffer)
	return held{f[name]}, nil
}

// lines are the records of a JSON Lines file.
func (f files) lines(t *testing.T, name string) (all []map[string]string) {
	t.Helper()
	for line := range strings.Lines(f[name].String()) {
		var one map[string]string
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, one)
	}
	return all
}

// served is a district in which four things were asked: one answered and rated,
// one that stands still with leave, one turned away, one told in secret.
type served struct {
	*apptest.World
	t     *testing.T
	cases map[string]casework.Case
	as    map[string]string // by number, what the test calls a case
}

func serving(t *testing.T) *served {
	t.Helper()
	s := &served{World: apptest.New(t), t: t, cases: map[string]casework.Case{}, as: map[string]string{}}
	s.tells("rated", intake.Sending{Channel: intake.Hotline, Matter: "d-consult", Text: "请问怎么办", Area: "990101001", Name: "欧阳小民", Phone: "13800000013"})
	s.does("hejing", "rated", procedure.Move{Action: "file"})
	s.does("chenli", "rated", procedure.Move{Action: "send", Unit: "u-shichang"})
	s.does("duwei", "rated", procedure.Move{Action: "answer", Answer: "带身份证来"})
	s.does("", "rated", procedure.Move{Action: "content", Rating: 4})
	s.tells("waits", intake.Sending{Channel: intake.Portal, Matter: "m06013", Text: "路面塌了一块", Area: "990101002", Name: "张三", Phone: "13800000014"})
	s.does("guoyan", "waits", procedure.Move{Action: "file"})
	s.does("chenli", "waits", procedure.Move{Action: "send", Unit: "u-shizheng"})
	s.urges("waits")
	s.pauses("waits")
	s.tells("refused", intake.Sending{Channel: intake.Portal, Matter: "m06010", Text: "垃圾", Area: "990101001", Name: "=李四", Phone: "13800000015"})
	s.does("guoyan", "refused", procedure.Move{Action: "reject", Reason: "看过了，没有"})
	s.tells("secret", intake.Sending{Channel: intake.Portal, Matter: "d-report", Text: "有人卖假酒", Area: "990101001", Name: "王五", Phone: "13800000016"})
	return s
}

func (s *served) tells(as string, sending intake.Sending) {
	s.t.Helper()
	got, err := s.Desk.Receive(s.t.Context(), s.District(), sending)
	if err != nil {
		s.t.Fatalf("%s: %v", as, err)
	}
	s.cases[as], s.as[got.Case.Number] = got.Case, as
	s.Clock.Advance(time.Minute)
}

// does lets somebody act, with whichever post may; nobody is the reporter.
func (s *served) does(login, as string, m procedure.Move) {
	s.t.Helper()
	err := s.by(login, func(tx *db.Tx, a casework.Acting) error {
		tasks, err := casework.Tasks(s.t.Context(), tx, a.District.Code, s.cases[as].ID)
		for _, t := range tasks {
			if t.State == procedure.Open {
				m.Task = t.ID
			}
		}
		if err == nil {
			m.By = a.By
			_, err = casework.Act(s.t.Context(), tx, a, s.cases[as].ID, m)
		}
		return err
	})
	if err != nil {
		s.t.Fatalf("%s does %s %s: %v", login, as, m.Action, err)
	}
	s.Clock.Advance(time.Minute)
}

func (s *served) by(login string, act func(tx *db.Tx, a casework.Acting) error) (err error) {
	d := s.District()
	actors := []procedure.Actor{{Reporter: true}}
	if login != "" {
		actors = nil
		p, _ := d.Org.PersonByLogin(login)
		for _, post := range d.HeldAt(p.ID, s.Clock.Now()) {
			actors = append(actors, casework.ActorOf(post))
		}
	}
	err = errs.New(errs.Forbidden, "没有岗位", "no post")
	for _, by := range actors {
		if err = s.DB.Write(s.t.Context(), func(tx *db.Tx) error { return act(tx, casework.Acting{District: d, By: by}) }); err == nil {
			return nil
		}
	}
	return err
}

// urges has a supervisor hurry whoever has a case.
func (s *served) urges(as string) {
	s.t.Helper()
	err := s.by("zhouhui", func(tx *db.Tx, a casework.Acting) error {
		_, err := supervise.Urge(s.t.Context(), tx, a, s.cases[as].ID, supervise.Giving{Reason: "有人差点摔倒"})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// pauses has the clock of a case stand for ten days, with leave.
func (s *served) pauses(as string) {
	s.t.Helper()
	var asked casework.Entry
	err := s.by("wugang", func(tx *db.Tx, a casework.Acting) (err error) {
		tasks, err := casework.Tasks(s.t.Context(), tx, a.District.Code, s.cases[as].ID)
		if err != nil {
			return err
		}
		asked, err = casework.Ask(s.t.Context(), tx, a, s.cases[as].ID, casework.Asking{Task: tasks[len(tasks)-1].ID, Kind: "special", Reason: "等检测报告", Until: tx.Now.AddDate(0, 0, 10)})
		return err
	})
	if err == nil {
		s.Clock.Advance(time.Minute)
		err = s.by("zhouhui", func(tx *db.Tx, a casework.Acting) error {
			_, err := casework.Decide(s.t.Context(), tx, a, asked.ID, true, "同意")
			return err
		})
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *served) export(change ...func(*exchange.Service)) files {
	s.t.Helper()
	f := files{}
	one := exchange.Service{District: s.District(), Keys: s.Vault, Open: f.open}
	for _, set := range change {
		set(&one)
	}
	if _, err := exchange.ServiceRecords(s.t.Context(), s.DB, one, s.Clock.Now()); err != nil {
		s.t.Fatal(err)
	}
	return f
}

// What was written comes in elsewhere by the mapping that ships: as many cases,
// in the same states, due and ended at the same instants.
func TestServiceRecordsComeIn(t *testing.T) {
	t.Parallel()
	s := serving(t)
	out := s.export()
	there := apptest.New(t)
	there.Clock.Set(s.Clock.Now())
	report := sheet.NewReport(sheet.Policy{})
	maps := sheet.ParseMappings(os.DirFS("../../mappings/gbt39046"), "cases.yaml", report)
	if len(maps) != 1 {
		t.Fatal(report.Findings())
	}
	file, err := sheet.Load("cases.csv", bytes.NewReader(out["cases.csv"].Bytes()), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if report, err = transfer.Cases(t.Context(), there.DB, there.District(), file, maps[0], transfer.Options{}); err != nil || report.Number(sheet.Error) > 0 {
		t.Fatal(err, report.Findings())
	}
	for _, as := range []string{"rated", "waits", "refused"} {
		was, err := casework.ByID(t.Context(), s.DB, s.District().Code, s.cases[as].ID)
		if err != nil {
			t.Fatal(err)
		}
		r, err := casework.ReportOf(t.Context(), there.DB, there.District().Code, "machine", was.Number)
		if err != nil {
			t.Fatalf("%s: %v", as, err)
		}
		now, err := casework.ByID(t.Context(), there.DB, there.District().Code, r.Case)
		if err != nil {
			t.Fatal(err)
		}
		type told struct {
			Matter, Unit, Street string
			State                casework.State
			Opened, Due, Closed  int64
		}
		if now.State == casework.Running {
			now.Unit = now.Proposed // what still runs goes through the hands here, and is proposed to who had it
		}
		of := func(c casework.Case) told {
			return told{c.Matter, c.Unit, c.Place.Street, c.State, c.OpenedAt.Unix(), c.Due.Unix(), c.ClosedAt.Unix()}
		}
		if diff := cmp.Diff(of(was), of(now)); diff != "" {
			t.Errorf("%s: %s", as, diff)
		}
	}
}

// Every row of every CSV has the cells of its JSON line, and the package says
// each column that there is; formulas are made inert.
func TestServicePackage(t *testing.T) {
	t.Parallel()
	out := serving(t).export()
	var pack struct {
		Resources []struct {
			Name, Path string
			Schema     struct {
				Fields []struct {
					Name        string
					Constraints struct{ Enum []string }
				}
			}
		}
	}
	if err := json.Unmarshal(out["datapackage.json"].Bytes(), &pack); err != nil {
		t.Fatal(err)
	}
	if got := len(pack.Resources); got != 10 || len(out) != 2*got+1 {
		t.Errorf("%d tables in %d files", got, len(out))
	}
	for _, r := range pack.Resources {
		rows, err := csv.NewReader(out[r.Path]).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		lines := out.lines(t, r.Name+".jsonl")
		if len(rows) != len(lines)+1 || len(lines) == 0 {
			t.Errorf("%s: %d rows and %d lines", r.Name, len(rows)-1, len(lines))
			continue
		}
		for i, f := range r.Schema.Fields {
			if rows[0][i] != f.Name {
				t.Errorf("%s: column %d is %s, the package says %s", r.Name, i+1, rows[0][i], f.Name)
			}
			for n, line := range lines {
				if sheet.Inert(line[f.Name]) != rows[n+1][i] {
					t.Errorf("%s: row %d says %q, the line %q", r.Name, n+1, rows[n+1][i], line[f.Name])
				}
				if e := f.Constraints.Enum; len(e) > 0 && !slices.Contains(e, line[f.Name]) {
					t.Errorf("%s: %q is none of %v", r.Name, line[f.Name], e)
				}
			}
		}
	}
}

// A span of days leaves out what was opened before and after it.
func TestServiceRecordsOfDays(t *testing.T) {
	t.Parallel()
	s := serving(t)
	for _, c := range []struct {
		why      string
		from, to time.Time
		want     int
	}{
		{"no bounds: all but the secret one", time.Time{}, time.Time{}, 3},
		{"from the instant a case was opened on, it is within", s.cases["waits"].OpenedAt, time.Time{}, 2},
		{"until the instant a case was opened, it is not", time.Time{}, s.cases["waits"].OpenedAt, 1},
	} {
		out := s.export(func(e *exchange.Service) { e.From, e.To = c.from, c.to })
		if got := len(out.lines(t, "cases.jsonl")); got != c.want {
			t.Errorf("%s: %d cases, want %d", c.why, got, c.want)
		}
	}
}

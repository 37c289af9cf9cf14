package feed_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/feed"
	"linli/internal/procedure"
	"linli/internal/sheet"
)

// live has cases go through much of what can become of one, among them a secret
// one and a request about personal data, and has tables and calendars change.
func (w *world) live() (plain, merged, kept, secret, asked casework.Case) {
	w.t.Helper()
	plain, secret, asked = w.report("c02010", false), w.report("d-report", false), w.report("d-data", false)
	guoyan, chenli, wugang := w.as("guoyan", procedure.Acceptor), w.as("chenli", procedure.Dispatcher), w.as("wugang", procedure.Handler)
	w.act(guoyan, secret.ID, "file", procedure.Move{})
	w.act(guoyan, plain.ID, "file", procedure.Move{})
	w.act(chenli, plain.ID, "send", procedure.Move{Unit: "u-shizheng"})
	w.stop(wugang, plain.ID)
	w.act(wugang, plain.ID, "done", procedure.Move{Answer: "裘先生家门口补好了", Photos: 1})
	w.act(w.as("liuxiaoyan", procedure.GridWorker), plain.ID, "pass", procedure.Move{Marks: map[string]string{"answer-quality": "a"}})
	w.act(procedure.Actor{Reporter: true}, plain.ID, "content", procedure.Move{Rating: 5, Marks: map[string]string{"contacted": "yes"}})
	w.act(procedure.Actor{Reporter: true}, plain.ID, procedure.Reopen, procedure.Move{Reason: "又磨没了"})
	merged, kept = w.report("c02010", false), w.report("c02010", false)
	w.do(func(tx *db.Tx) error {
		_, err := casework.Merge(w.t.Context(), tx, casework.Acting{District: w.d, By: chenli}, merged.ID, kept.ID)
		return err
	})
	w.do(func(tx *db.Tx) error {
		report := sheet.NewReport(sheet.Policy{})
		return district.ImportCalendars(w.t.Context(), tx, w.d.Code, []district.File{{Name: "night.yaml", Data: []byte("calendar: night\ntitle: {zh: 夜间, en: Night}\nbase: standard\n")}}, procedure.Actor{}, report)
	})
	w.logged()
	return plain, merged, kept, secret, asked
}

// stop has the clock of a case stopped and go on.
func (w *world) stop(by procedure.Actor, id casework.ID) {
	w.t.Helper()
	tasks, err := casework.Tasks(w.t.Context(), w.DB, w.d.Code, id)
	w.must(err)
	var e casework.Entry
	w.do(func(tx *db.Tx) (err error) {
		e, err = casework.Ask(w.t.Context(), tx, casework.Acting{District: w.d, By: by}, id,
			casework.Asking{Task: tasks[len(tasks)-1].ID, Kind: "special", Until: w.clock.Now().AddDate(0, 0, 20), Reason: "要等鉴定"})
		return err
	})
	w.do(func(tx *db.Tx) error {
		_, err := casework.Decide(w.t.Context(), tx, casework.Acting{District: w.d, By: w.as("zhouhui", procedure.Supervisor)}, e.ID, true, "同意")
		return err
	})
	w.clock.Advance(3 * 24 * time.Hour)
	w.do(func(tx *db.Tx) error {
		_, err := casework.Resume(w.t.Context(), tx, casework.Acting{District: w.d, By: by}, e.ID, "鉴定出来了")
		return err
	})
}

// What happens to a case is told as it was then: type, state, unit and date.
func TestLifeOfACase(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		plain, merged, kept, secret, asked := w.live()
		now, err := casework.ByID(t.Context(), w.DB, w.d.Code, plain.ID)
		w.must(err)
		if now.Due.Equal(plain.Due) {
			t.Fatal("the date never moved: what was so then cannot be told from what is so now")
		}
		var got []string
		all := w.all(7, feed.Filter{})
		for _, e := range all {
			c, ok := e.Data.(feed.Case)
			switch {
			case ok && c.Number == plain.Number:
				unit, moved := "-", "moved"
				if c.Unit != nil {
					unit = c.Unit.Code
				}
				if c.Due.Equal(plain.Due) {
					moved = "first"
				}
				got = append(got, fmt.Sprintln(e.Type, c.State, c.Step, unit, moved, c.Status != nil && c.Status.ZH != "" && c.Status.EN != ""))
			case ok && (c.Number == secret.Number || c.Number == asked.Number):
				t.Errorf("told of %s, which is nobody's business: %+v", c.Number, e)
			case ok && c.Number == merged.Number && e.Kind == feed.Merged && (c.Into != kept.Number || c.State != "merged"):
				t.Errorf("merged: %+v, want into %s", c, kept.Number)
			case ok && c.Number == kept.Number && e.Kind == feed.TookIn && c.TookIn != merged.Number:
				t.Errorf("took in: %+v, want %s", c, merged.Number)
			}
		}
		want := []string{
			fmt.Sprintln("cn.linli.case.opened open accept - first true"),
			fmt.Sprintln("cn.linli.case.moved open dispatch - first true"),
			fmt.Sprintln("cn.linli.case.assigned open handle u-shizheng first true"),
			fmt.Sprintln("cn.linli.case.paused open handle u-shizheng first true"),
			fmt.Sprintln("cn.linli.case.resumed open handle u-shizheng moved true"),
			fmt.Sprintln("cn.linli.case.moved open verify u-shizheng moved true"),
			fmt.Sprintln("cn.linli.case.moved open rate u-shizheng moved true"),
			fmt.Sprintln("cn.linli.case.closed closed closed u-shizheng moved true"),
			fmt.Sprintln("cn.linli.case.reopened open handle u-shizheng moved true"),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("events (-want +got)\n%s", diff)
		}
		var kinds []feed.Kind
		for _, e := range all {
			kinds = append(kinds, e.Kind)
		}
		for _, k := range []feed.Kind{feed.Tables, feed.Area, feed.Unit, feed.Matter, feed.Calendar, feed.Merged, feed.TookIn} {
			if !slices.Contains(kinds, k) {
				t.Errorf("no event %s in %v", k, kinds)
			}
		}
		w.holdsForm(all)
	})
}

// holdsForm holds events to CloudEvents and to their own schemas, and looks in
// them for what must not go out.
func (w *world) holdsForm(all []feed.Event) {
	w.t.Helper()
	schemas := map[string]*jsonschema.Schema{}
	for _, name := range feed.SchemaNames() {
		text, err := feed.Schema(name)
		w.must(err)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		w.must(err)
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		w.must(c.AddResource("urn:linli:schema:"+name+":1", doc))
		schemas["urn:linli:schema:"+name+":1"], err = c.Compile("urn:linli:schema:" + name + ":1")
		w.must(err)
	}
	seen, last := map[string]bool{}, ""
	for _, e := range all {
		text, err := json.Marshal(e)
		w.must(err)
		var back map[string]any
		w.must(json.Unmarshal(text, &back))
		for _, name := range []string{"specversion", "id", "source", "type", "subject", "time", "dataschema", "sequence"} {
			if s, _ := back[name].(string); s == "" || !regexp.MustCompile(`^[a-z0-9]{1,20}$`).MatchString(name) {
				w.t.Errorf("%s: the attribute %s is %q", text, name, s)
			}
		}
		if back["specversion"] != "1.0" || seen[e.ID] || e.Sequence <= last {
			w.t.Errorf("%s after %s: version, a second time, or out of order", text, last)
		}
		seen[e.ID], last = true, e.Sequence
		if s := schemas[e.Schema]; s == nil || s.Validate(back["data"]) != nil {
			w.t.Errorf("%s: its data are not as %s says", text, e.Schema)
		}
		for _, secret := range []string{"裘", "1380000", "标线磨没了", "鉴定", "桂香路18号", "guoyan", "wugang"} {
			if strings.Contains(string(text), secret) {
				w.t.Errorf("%s tells %s", text, secret)
			}
		}
	}
}

// However a reader pages and filters, it gets what passes of the whole, in order.
func TestPagesAddUp(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.live()
		whole, dice := w.all(feed.Most, feed.Filter{}), rand.New(rand.NewPCG(3, 5))
		for range 60 {
			f := feed.Filter{}
			if dice.IntN(2) == 0 {
				f.Kinds = feed.Kinds()[:1+dice.IntN(len(feed.Kinds()))]
			}
			f.Area = area.Code([]string{"", w.grid07()[:9], "990101009", w.grid07()}[dice.IntN(4)])
			f.Unit = []string{"", "u-shizheng", "u-chengguan"}[dice.IntN(3)]
			var want []feed.Event
			for _, e := range whole {
				if f.Passes(e) {
					want = append(want, e)
				}
			}
			got := w.all(1+dice.IntN(9), f)
			if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(feed.Event{}), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%+v (-want +got)\n%s", f, diff)
			}
		}
		if _, err := feed.Read(t.Context(), w.DB, w.d, feed.Cursor{Place: 1 << 40}, 5, feed.Filter{}); !errors.Is(err, errs.Invalid) {
			t.Errorf("a cursor of another database: %v, want it refused", err)
		}
	})
}

func TestParseKinds(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		why, text string
		want      []feed.Kind
		bad       bool
	}{
		{"nothing is everything", "", nil, false},
		{"a whole type", "cn.linli.case.opened", []feed.Kind{feed.Opened}, false},
		{"short, twice, in another order", "case.closed, case.opened,case.closed", []feed.Kind{feed.Opened, feed.Closed}, false},
		{"all of a sort", "setup.*,calendar.changed", []feed.Kind{feed.Tables, feed.Calendar}, false},
		{"a filter that is not understood would hide what was asked for", "case.open", nil, true},
		{"a star alone is no sort", "*", nil, true},
		{"nor is half a word", "ca*", nil, true},
		{"a ping is no change", "ping", nil, true},
	} {
		got, err := feed.ParseKinds(one.text)
		if diff := cmp.Diff(one.want, got); diff != "" || (err != nil) != one.bad {
			t.Errorf("%s: %v (-want +got)\n%s", one.why, err, diff)
		}
	}
}

func FuzzParseKinds(f *testing.F) {
	for _, s := range []string{"", "case.*", "cn.linli.case.opened,setup.changed", ",,", "*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := feed.ParseKinds(text)
		if err != nil && errs.KindOf(err) != errs.Invalid {
			t.Fatal(err)
		}
		for _, k := range all {
			if !slices.Contains(feed.Kinds(), k) {
				t.Fatalf("%q makes %q", text, k)
			}
		}
	})
}

func FuzzParseCursor(f *testing.F) {
	for _, s := range []string{"", "0", "0000000000000000012", "0000000000000000012.003", "12.3", "12.", "12.0", "0.1", "1.1000", "-1", "+5", "9223372036854775808"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := feed.ParseCursor(text)
		if err != nil {
			if errs.KindOf(err) != errs.Invalid || c != (feed.Cursor{}) {
				t.Fatalf("%q: %v, %v", text, c, err)
			}
			return
		}
		if back, err := feed.ParseCursor(c.String()); err != nil || back != c || c.Whole() < 0 {
			t.Fatalf("%q is %+v, which is written %q and read %+v, %v", text, c, c, back, err)
		}
	})
}

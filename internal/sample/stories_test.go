package sample

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/geo"
	"linli/internal/procedure"
	"linli/packs"
)

// now is the Monday morning of the pictures.
func now() time.Time { return time.Date(2026, 11, 23, 10, 20, 0, 0, time.FixedZone("CST", 8*3600)) }

// pack is the base pack, and with it the routes of the district.
func pack(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	folder, err := New().Files()
	if err != nil {
		t.Fatal(err)
	}
	p, findings := catalogue.Load(over{packs.Base(), folder})
	for _, f := range findings {
		t.Errorf("%s", f.In("zh"))
	}
	return p.Catalogue()
}

// over is the base pack with the district's routes laid over it.
type over struct {
	fs.FS
	district fs.FS
}

func (o over) Open(name string) (fs.File, error) {
	if name == "routes.csv" {
		return o.district.Open(name)
	}
	return o.FS.Open(name)
}

// due promises what the base pack does.
func due(t testing.TB) Due {
	c, cal := pack(t), clock.China()
	return func(matter string, opened time.Time) time.Time {
		m, ok := c.Matter(matter)
		if !ok || m.Limit.IsZero() {
			t.Fatalf("matter %s is not in the base pack, or promises nothing", matter)
		}
		return cal.Deadline(opened, m.Limit, nil).At
	}
}

func stories(t testing.TB) []Story {
	t.Helper()
	list, err := New().Stories(now(), due(t))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestStories(t *testing.T) {
	t.Parallel()
	list := stories(t)
	if len(list) != 2000 {
		t.Fatalf("got %d stories, want 2000", len(list))
	}
	if diff := cmp.Diff(list, stories(t)); diff != "" {
		t.Fatalf("told twice they differ:\n%s", diff)
	}
	phone := regexp.MustCompile(`^(1380000\d{4})?$`)
	senders := map[string]bool{}
	last := time.Time{}
	for _, s := range list {
		if s.At().Before(last) || s.At().Before(now().AddDate(0, 0, -90)) || s.At().After(now()) {
			t.Errorf("%s: %v is out of order or out of the 90 days", s.Reports[0].Sender, s.At())
		}
		last = s.At()
		for _, r := range s.Reports {
			if senders[r.Sender] || r.Text == "" || r.Address == "" || strings.ContainsAny(r.Text, "{}") || !phone.MatchString(r.Phone) {
				t.Errorf("report %+v", r)
			}
			senders[r.Sender] = true
		}
		before := s.At()
		for _, m := range s.Moves {
			if !m.Optional {
				if m.At.Before(before) || m.At.After(now()) {
					t.Errorf("%s: move %s.%s at %v goes back in time, or beyond now", s.Reports[0].Sender, m.Step, m.Action, m.At)
				}
				before = m.At
			}
			if strings.ContainsAny(m.Answer, "{}") {
				t.Errorf("answer %q", m.Answer)
			}
		}
	}
}

// TestShares holds that the stories are as mixed as life is: of every thing
// some, of the bad ones few.
func TestShares(t *testing.T) {
	t.Parallel()
	list := stories(t)
	got := map[string]int{}
	promise := due(t)
	for _, s := range list {
		got["place "+string(s.Place)]++
		got["channel "+s.Reports[0].Channel]++
		got["english"] += share(s.Reports[0].Lang == "en")
		got["secret"] += share(s.Secret)
		got["gathered"] += share(len(s.Reports) > 1)
		got["with photo"] += share(len(s.Reports[0].Photos) > 0)
		late, co := false, false
		for _, m := range s.Moves {
			got["move "+m.Step+"."+m.Action]++
			late = late || m.Action == "done" && !m.Optional && m.At.After(promise(s.Matter, s.At()))
			co = co || len(m.Co) > 0
			got[fmt.Sprintf("grade %d", m.Rating)]++
		}
		got["late"] += share(late)
		got["helped"] += share(co)
	}
	for what, want := range map[string][2]int{
		"place address": {60, 140}, "place outside": {35, 90}, "place placeholder": {20, 65},
		"channel portal": {500, 1000}, "channel hotline": {350, 700}, "channel counter": {70, 250}, "channel grid-worker": {300, 700}, "channel machine": {20, 250},
		"english": {15, 120}, "secret": {20, 120}, "gathered": {60, 200}, "with photo": {500, 1300}, "late": {110, 230}, "helped": {40, 160},
		"move accept.reject": {30, 140}, "move accept.answer": {100, 300}, "move handle.return": {25, 120}, "move rule.assign": {25, 120},
		"move verify.fail": {30, 130}, "move rate.not-content": {15, 90},
		"grade 1": {5, 50}, "grade 2": {10, 80}, "grade 3": {40, 200}, "grade 4": {150, 500}, "grade 5": {300, 900},
	} {
		if n := got[what]; n < want[0] || n > want[1] {
			t.Errorf("%s: %d stories, want %d to %d", what, n, want[0], want[1])
		}
	}
}

func share(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// TestPoints holds that a located story lies in the grid it says, and an
// outside one in none.
func TestPoints(t *testing.T) {
	t.Parallel()
	outline := map[string]geo.Outline{}
	for _, f := range features(t, files(t), "outlines.geojson") {
		outline[f.Text("code")] = f.Outline
	}
	for _, s := range stories(t) {
		p := s.Reports[0].Point
		switch s.Place {
		case Located:
			if !outline[s.Grid].Contains(p) {
				t.Errorf("%v is not in %s", p, s.Grid)
			}
		case Outside:
			if outline[DistrictCode].Contains(p) || p == (geo.Point{}) {
				t.Errorf("%v is not outside", p)
			}
		default:
			if p != (geo.Point{}) && p != Centre || s.Grid != "" {
				t.Errorf("%s: %v in %q", s.Place, p, s.Grid)
			}
		}
	}
}

func TestPhotosOfStories(t *testing.T) {
	t.Parallel()
	d := New()
	keys := map[string]bool{}
	for _, s := range stories(t) {
		for _, r := range s.Reports {
			for _, k := range r.Photos {
				keys[k] = true
			}
		}
		for _, m := range s.Moves {
			for _, k := range m.Photos {
				keys[k] = true
			}
		}
	}
	if len(keys) < 60 {
		t.Errorf("the stories use %d pictures, want many", len(keys))
	}
	for k := range keys {
		if _, err := d.Photo(k); err != nil {
			t.Errorf("%s: %v", k, err)
		}
	}
}

// TestPlay tells every story by the rules of the base pack's procedures: each
// move must be one that somebody of the district may make at that moment.
func TestPlay(t *testing.T) {
	t.Parallel()
	base := pack(t)
	posts := read(t, files(t), "posts.csv")
	where := map[string]int{}
	for _, s := range stories(t) {
		m, _ := base.Matter(s.Matter)
		if m.Procedure != s.Procedure || !base.Selectable(s.Matter) {
			t.Fatalf("matter %s runs on %q, the story was made for %q", s.Matter, m.Procedure, s.Procedure)
		}
		state, err := play(base, m, s, posts)
		if err != nil {
			t.Errorf("%s about %s: %v", s.Reports[0].Sender, s.Matter, err)
			continue
		}
		if state.Ended != "" {
			where[string(state.Ended)]++
			continue
		}
		for _, task := range state.Tasks {
			if task.State == procedure.Open {
				where[string(task.Step)]++
				break
			}
		}
	}
	t.Logf("where they stand: %v", where)
	for _, w := range []string{"accept", "dispatch", "make-safe", "handle", "answer", "rule", "verify", "rate", "closed", "answered", "rejected"} {
		if where[w] == 0 {
			t.Errorf("no story stands at %s", w)
		}
	}
	open := where["accept"] + where["dispatch"] + where["make-safe"] + where["handle"] + where["answer"] + where["rule"] + where["verify"]
	if open < 90 || open > 170 {
		t.Errorf("%d stories are open, want about 6 in a hundred", open)
	}
}

// play tells one story and gives where it stands.
func play(base *catalogue.Catalogue, m catalogue.Matter, s Story, posts []map[string]string) (procedure.State, error) {
	p, ok := base.Procedure(m.Procedure, "")
	if !ok {
		return procedure.State{}, fmt.Errorf("no procedure %s", m.Procedure)
	}
	facts := map[string]any{"danger": s.Danger, "urgency": string(m.Urgency), "reachable": slices.ContainsFunc(s.Reports, func(r Report) bool { return r.Phone != "" })}
	ground := procedure.Ground{Receiving: "u-centre", Area: s.Grid}
	route := base.Route(catalogue.Query{Matter: s.Matter, Area: s.Grid, Territory: []catalogue.Fallback{{Unit: "u-huaishu"}, {Unit: "u-centre"}}})
	proposed := route.Choices[0].Unit
	n := 0
	id := func() string { n++; return fmt.Sprint(n) }
	state := procedure.State{Ground: ground, Facts: facts}.After(procedure.Move{}, p.Begin(ground, facts), id)
	for _, m := range s.Moves {
		task, ok := open(state, m)
		if !ok {
			if m.Optional {
				continue
			}
			return state, fmt.Errorf("%s.%s: no such task is open", m.Step, m.Action)
		}
		unit := m.Unit
		if unit == "" {
			unit = proposed
		}
		move := procedure.Move{Task: task.ID, Action: procedure.ActionName(m.Action), By: actor(task, posts), Reason: m.Reason,
			Answer: m.Answer, Unit: unit, Co: m.Co, Photos: len(m.Photos), Evidence: len(m.Photos), Rating: m.Rating}
		out, err := p.Next(state, move)
		if err != nil {
			return state, fmt.Errorf("%s.%s by %+v: %w", m.Step, m.Action, move.By, err)
		}
		state = state.After(move, out, id)
	}
	return state, nil
}

// open finds the task that a move is about.
func open(state procedure.State, m Move) (procedure.Task, bool) {
	for _, task := range state.Tasks {
		if task.State == procedure.Open && string(task.Step) == m.Step && (m.By == "") == (task.Part == procedure.Lead) && (m.By == "" || m.By == task.Unit) {
			return task, true
		}
	}
	return procedure.Task{}, false
}

// actor finds somebody of the district whose task it is.
func actor(task procedure.Task, posts []map[string]string) procedure.Actor {
	if task.Reporter {
		return procedure.Actor{Reporter: true}
	}
	role := string(task.Role)
	if role == "" {
		role = "handler"
	}
	for _, p := range posts {
		if p["role"] == role && (task.Unit == "" || p["unit"] == task.Unit) && strings.HasPrefix(p["area"], task.Area) && p["to"] == "" {
			return procedure.Actor{Person: p["login"], Post: p["login"] + role, Role: procedure.Role(role), Unit: p["unit"], Area: p["area"]}
		}
	}
	return procedure.Actor{}
}

func BenchmarkDistrict(b *testing.B) {
	promise := due(b)
	for b.Loop() {
		d := New()
		if _, err := d.Files(); err != nil {
			b.Fatal(err)
		}
		if _, err := d.Stories(now(), promise); err != nil {
			b.Fatal(err)
		}
	}
}

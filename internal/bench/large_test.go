package bench

import (
	"bytes"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/area"
	"linli/internal/org"
	"linli/internal/trail"
)

// What is measured on the large district runs, small, and says so in rows that
// are whole.
func TestLarge(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	cfg := Config{For: 300 * time.Millisecond, Clients: 2, Year: 60, Running: 40, Told: 30, Dir: t.TempDir(), Out: &out, Now: time.Now}
	if err := Large(t.Context(), cfg, []string{"scorecards", "board", "reckon"}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	rows := map[string][]string{}
	part := ""
	for line := range strings.Lines(out.String()) {
		if name, ok := strings.CutPrefix(line, "## "); ok {
			part = strings.TrimSpace(name)
		}
		if strings.HasPrefix(line, "| sqlite |") {
			rows[part] = append(rows[part], line)
		}
	}
	if len(rows["scorecards"]) != 1 || !strings.Contains(rows["scorecards"][0], "| 586 units, 1110 grids | 100 |") {
		t.Errorf("scorecards: %q, want one row of 586 units, 1110 grids and 100 cases, 40 of them running", rows["scorecards"])
	}
	if len(rows["board"]) != 3 || len(rows["reckon"]) != 1 {
		t.Fatalf("board: %q, reckon: %q, want three rows and one", rows["board"], rows["reckon"])
	}
	cells := strings.Split(rows["reckon"][0], "|")
	if open, _ := strconv.Atoi(strings.TrimSpace(cells[2])); open < 40 {
		t.Errorf("%d cases are open, want at least the 40 that were taken in", open)
	}
	if dates, _ := strconv.Atoi(strings.TrimSpace(cells[3])); dates == 0 {
		t.Error("two days off moved no date")
	}
}

// A copy is put to another time and place, and is otherwise the tale: the same
// acts at the same distances, by units and in areas that the district has.
func TestCopiesAreTheTale(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := &world{Config: Config{Now: time.Now}, address: "sqlite:" + filepath.Join(dir, "linli.db"), dir: dir}
	if err := w.fill(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	a, d, err := w.open(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer func(a *app.App) { _ = a.Close() }(a)
	all, err := tellCases(t.Context(), 40)
	if err != nil {
		t.Fatal(err)
	}
	s := newScribe(d, all)
	seen := map[string]bool{}
	for n := range 100 {
		c := s.copy(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n), n)
		for _, was := range c.entries {
			seen[was.Act] = true
			c.holds(t, was, c.entry(was))
		}
	}
	for _, act := range []string{"opened", "send", "done", "return", "overdue", "content"} {
		if !seen[act] {
			t.Errorf("no case of the tale has an entry %s: it has %v", act, slices.Sorted(maps.Keys(seen)))
		}
	}
}

// holds compares an entry that was put elsewhere with the tale's.
func (c copied) holds(t *testing.T, was, e trail.Entry) {
	t.Helper()
	d := c.s.d
	for _, name := range []string{"of", "unit", "to-unit", "receiver"} {
		if unit := e.Detail[name]; unit != "" {
			if _, ok := d.Org.Unit(org.UnitID(unit)); !ok {
				t.Errorf("%s names %s %q, which the district does not have", e.Act, name, unit)
			}
		}
	}
	if code := e.Detail["area"]; code != "" && !d.Areas.Known(code) || area.Code(code).Tier() != area.Code(was.Detail["area"]).Tier() {
		t.Errorf("%s is in area %q where the tale has %q", e.Act, code, was.Detail["area"])
	}
	told, _ := strconv.ParseInt(was.Detail["due"], 10, 64)
	put, _ := strconv.ParseInt(e.Detail["due"], 10, 64)
	if told > 0 && put-told != c.by.Microseconds() {
		t.Errorf("%s: a date moved by %d µs and the case by %d", e.Act, put-told, c.by.Microseconds())
	}
	if (e.Post == "") != (c.roles[was.Post] == "") {
		t.Errorf("%s by %q is put to post %q", e.Act, was.Post, e.Post)
	}
}

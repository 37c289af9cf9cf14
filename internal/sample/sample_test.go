package sample

import (
	"encoding/csv"
	"io/fs"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/geo"
)

// read reads one of the files as rows of named columns.
func read(t *testing.T, folder fs.FS, name string) []map[string]string {
	t.Helper()
	f, err := folder.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var list []map[string]string
	for _, r := range all[1:] {
		row := map[string]string{}
		for i, column := range all[0] {
			row[column] = r[i]
		}
		list = append(list, row)
	}
	return list
}

func files(t *testing.T) fs.FS {
	t.Helper()
	folder, err := New().Files()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func features(t *testing.T, folder fs.FS, name string) []geo.Feature {
	t.Helper()
	data, err := fs.ReadFile(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	list, err := geo.ParseFeatures(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return list
}

func TestCounts(t *testing.T) {
	t.Parallel()
	folder := files(t)
	got := map[string]int{}
	for _, a := range read(t, folder, "areas.csv") {
		got[a["tier"]+" "+a["kind"]]++
	}
	for _, name := range []string{"units.csv", "people.csv"} {
		got[name] = len(read(t, folder, name))
	}
	got["outlines"] = len(features(t, folder, "outlines.geojson"))
	want := map[string]int{"district ": 1, "street ": 3, "community ": 12, "grid basic": 107, "grid exclusive": 3,
		"units.csv": 20, "people.csv": 63, "outlines": 1 + 3 + 12 + 107}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// TestSameEveryTime holds that two districts are alike to the byte.
func TestSameEveryTime(t *testing.T) {
	t.Parallel()
	a, b := files(t), files(t)
	n := 0
	err := fs.WalkDir(a, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		n++
		x, _ := fs.ReadFile(a, name)
		y, _ := fs.ReadFile(b, name)
		if len(x) == 0 || string(x) != string(y) {
			t.Errorf("%s differs from one making to the next, or is empty", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n != 11 {
		t.Errorf("got %d files, want 11", n)
	}
}

func TestAreaCodes(t *testing.T) {
	t.Parallel()
	length := map[string]int{"district": 6, "street": 9, "community": 12, "grid": 15}
	seen, names := map[string]string{}, map[string]bool{}
	for _, a := range read(t, files(t), "areas.csv") {
		code, tier := a["code"], a["tier"]
		if len(code) != length[tier] || !strings.HasPrefix(code, DistrictCode) {
			t.Errorf("%s: code %s has not the length of a %s", a["name"], code, tier)
		}
		if parent := code[:max(0, len(code)-3)]; tier != "district" && seen[parent] == "" {
			t.Errorf("%s: parent %s comes not before it", a["name"], parent)
		}
		if seen[code] != "" || names[a["name"]] {
			t.Errorf("%s %s comes twice", code, a["name"])
		}
		if exclusive := a["kind"] == "exclusive"; exclusive != (a["members"] != "") || exclusive != (len(code) == 15 && code[12] == '9') {
			t.Errorf("%s: kind %q, members %q and code %s do not agree", a["name"], a["kind"], a["members"], code)
		}
		if a["name_en"] == "" {
			t.Errorf("%s has no English name", a["name"])
		}
		seen[code], names[a["name"]] = tier, true
	}
	if seen["990101001004007"] == "" || !names["桂香07网格"] {
		t.Error("桂香07网格 is missing, and it is the grid every story begins in")
	}
}

// TestTiling holds that grids cover the district without gap or overlap, and
// that every area is exactly the union of those below it.
func TestTiling(t *testing.T) {
	t.Parallel()
	outline := map[string]geo.Outline{}
	for _, f := range features(t, files(t), "outlines.geojson") {
		code := f.Text("code")
		outline[code] = f.Outline
		if n := len(f.Outline.Polygons()); n != 1 || len(f.Outline.Polygons()[0]) != 1 {
			t.Errorf("%s is not one piece without holes", code)
		}
	}
	for code, o := range outline {
		if len(code) < 15 {
			if diff := cmp.Diff(border(o), union(outline, code)); diff != "" {
				t.Errorf("the border of %s is not that of the areas below it:\n%s", code, diff)
			}
		}
	}
	if km2 := outline[DistrictCode].Area() / 1e6; km2 < 70 || km2 > 125 {
		t.Errorf("the district is %.1f km², want some 12 km by 10", km2)
	}
	r := rand.New(rand.NewPCG(1, 2))
	inside := 0
	for range 4000 {
		p := geo.Point{Lon: 120.93 + 0.14*r.Float64(), Lat: 29.95 + 0.1*r.Float64()}
		found := map[int]int{}
		for code, o := range outline {
			if o.Contains(p) {
				found[len(code)]++
			}
		}
		if n := found[6]; found[9] != n || found[12] != n || found[15] != n || n > 1 {
			t.Fatalf("%v lies in %v areas by length of code", p, found)
		}
		inside += found[6]
	}
	if inside < 2000 {
		t.Errorf("only %d of 4000 points lie in the district: the check means little", inside)
	}
}

// border gives the sides of an outline, each with its direction.
func border(outlines ...geo.Outline) map[[2]geo.Point]int {
	sides := map[[2]geo.Point]int{}
	for _, o := range outlines {
		for _, p := range o.Polygons() {
			for _, r := range p {
				for i := 1; i < len(r); i++ {
					if back := [2]geo.Point{r[i], r[i-1]}; sides[back] > 0 {
						delete(sides, back) // the neighbour's side: no border of both together
					} else {
						sides[[2]geo.Point{r[i-1], r[i]}]++
					}
				}
			}
		}
	}
	return sides
}

// union gives the sides of all areas right below code, taken together.
func union(outline map[string]geo.Outline, code string) map[[2]geo.Point]int {
	var below []geo.Outline
	for c, o := range outline {
		if len(c) == len(code)+3 && strings.HasPrefix(c, code) {
			below = append(below, o)
		}
	}
	return border(below...)
}

func TestPosts(t *testing.T) {
	t.Parallel()
	folder := files(t)
	people, units, areas := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, p := range read(t, folder, "people.csv") {
		if people[p["login"]] {
			t.Errorf("login %s comes twice", p["login"])
		}
		people[p["login"]] = true
	}
	served := map[string]int{}
	for _, u := range read(t, folder, "units.csv") {
		units[u["code"]] = true
		for _, a := range strings.Split(u["areas"], ";") {
			served[u["kind"]+" "+a]++
		}
	}
	for _, a := range read(t, folder, "areas.csv") {
		areas[a["code"]] = true
		if a["tier"] == "community" && served["community-station "+a["code"]] != 1 || a["tier"] == "street" && served["street-office "+a["code"]] != 1 {
			t.Errorf("%s is served by no unit of its own, or by two", a["name"])
		}
	}
	checkPosts(t, read(t, folder, "posts.csv"), people, units, areas)
}

// checkPosts holds that posts name what there is, that every grid has one
// worker, every unit somebody who handles, and every role somebody in it.
func checkPosts(t *testing.T, posts []map[string]string, people, units, areas map[string]bool) {
	t.Helper()
	roles, workers, handlers := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, p := range posts {
		if !people[p["login"]] || !units[p["unit"]] || !areas[p["area"]] {
			t.Errorf("post %v names somebody or something unknown", p)
		}
		roles[p["role"]]++
		if p["role"] == "grid-worker" {
			workers[p["area"]]++
		}
		if p["role"] == "handler" {
			handlers[p["unit"]] = true
		}
	}
	for a := range areas {
		if len(a) == 15 && workers[a] != 1 {
			t.Errorf("grid %s has %d workers, want 1", a, workers[a])
		}
	}
	for u := range units {
		if !handlers[u] {
			t.Errorf("unit %s has nobody who handles", u)
		}
	}
	for _, r := range []string{"acceptor", "shift-leader", "dispatcher", "handler", "unit-lead", "grid-worker", "grid-leader", "agent", "clerk", "supervisor", "leader", "admin"} {
		if roles[r] == 0 {
			t.Errorf("nobody is %s", r)
		}
	}
}

// TestRoutes holds that the table names only units there are, and leaves some
// matters of the stories without a rule.
func TestRoutes(t *testing.T) {
	t.Parallel()
	folder := files(t)
	units, areas := map[string]bool{"": true}, map[string]bool{"": true}
	for _, u := range read(t, folder, "units.csv") {
		units[u["code"]] = true
	}
	for _, a := range read(t, folder, "areas.csv") {
		areas[a["code"]] = true
	}
	table := read(t, folder, "routes.csv")
	for _, r := range table {
		if !units[r["unit"]] || r["unit"] == "" || !units[r["co"]] || !areas[r["area"]] || r["reason"] == "" {
			t.Errorf("rule %v names something unknown or gives no reason", r)
		}
	}
	words, err := learn()
	if err != nil {
		t.Fatal(err)
	}
	without := 0
	for _, topic := range words.Topics {
		if !slices.ContainsFunc(table, func(r map[string]string) bool { return strings.HasPrefix(topic.Matter, r["matter"]) }) {
			without++
		}
	}
	if n := len(words.Topics); without < 2 || without > n/3 {
		t.Errorf("%d of %d matters have no rule; want some, and not many", without, n)
	}
}

// TestNobodyIsReal holds that every number in the files is of the one invented
// form.
func TestNobodyIsReal(t *testing.T) {
	t.Parallel()
	folder := files(t)
	phone := regexp.MustCompile(`^1380000\d{4}$`)
	for _, name := range []string{"units.csv", "people.csv"} {
		for _, r := range read(t, folder, name) {
			if !phone.MatchString(r["phone"]) {
				t.Errorf("%s: phone %q", name, r["phone"])
			}
		}
	}
}

// TestHouses holds that an address lies in the grid it says, and that 桂香07 has
// the street of the pictures.
func TestHouses(t *testing.T) {
	t.Parallel()
	d := New()
	outline := map[string]geo.Outline{}
	for _, f := range features(t, files(t), "outlines.geojson") {
		outline[f.Text("code")] = f.Outline
	}
	dice := roll("test houses")
	known := false
	for _, c := range d.lattice.cells {
		for range 12 {
			a := d.streets.address(dice, c)
			if !outline[a.grid].Contains(a.point) {
				t.Errorf("%s is said to lie in %s and does not", a.zh, a.grid)
			}
			known = known || a.grid == "990101001004007" && a.road == "桂香路"
		}
	}
	if !known {
		t.Error("no house of 桂香07网格 is on 桂香路")
	}
}

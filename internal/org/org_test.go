package org_test

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/sheet"
	"linli/packs"
)

const district = "990101"

const today = clock.Date("2026-11-23")

const unitsCSV = `code,name,name_en,kind,parent,areas,phone,calendar
u-centre,区城市运行中心,Operation Centre,centre,,990101,,
u-shizheng,市政养护中心,Municipal Maintenance,department,,990101;990101002001,,
u-huaishu,槐树街道办事处,Huaishu Street Office,street-office,,990101001,,
u-guixiang,桂香社区工作站,Guixiang Station,community-station,u-huaishu,990101001001；990101001002,,
`

const peopleCSV = `login,name,phone
liuxiaoyan,刘晓燕,13800000001
chenli,陈立,13800000002
`

const postsCSV = `login,role,unit,area,from,to
liuxiaoyan,网格员,u-guixiang,990101001001007,2026-01-01,
liuxiaoyan,grid-worker,u-guixiang,990101001001008,,2026-06-30
chenli,dispatcher,u-centre,,,
chenli,grid-leader,u-guixiang,990101001001,,
`

// areas of the test: every code under the district.
func areas(code string) bool {
	return strings.HasPrefix(code, district)
}

// calendars of the test.
func calendars(name string) bool { return name == "hall" }

// rules are those that come with linli.
func rules() org.Rules {
	source, err := fs.ReadFile(packs.Base(), "roles.yaml")
	if err != nil {
		panic(err)
	}
	book, _ := rights.Parse(source, "roles.yaml")
	return org.Rules{Book: book, Areas: areas, Zone: clock.China().Zone()}
}

// run imports three files under a policy and gives the findings and the counts.
func run(ctx context.Context, d *db.DB, p sheet.Policy, units, people, posts string) (string, error) {
	var report *sheet.Report
	err := d.Write(ctx, func(tx *db.Tx) error {
		report = sheet.NewReport(p)
		rows := func(s sheet.Schema, name, text string) []*sheet.Record {
			f, err := sheet.Load(name, strings.NewReader(text), sheet.Limits{})
			if err != nil || text == "" {
				return nil
			}
			return s.Map(nil, f, report)
		}
		if err := org.ImportUnits(ctx, tx, district, rows(org.UnitColumns(), "units.csv", units), areas, calendars, report); err != nil {
			return err
		}
		if err := org.ImportPeople(ctx, tx, district, rows(org.PersonColumns(), "people.csv", people), report); err != nil {
			return err
		}
		if err := org.ImportPosts(ctx, tx, district, rows(org.PostColumns(), "posts.csv", posts), rules(), org.Giver{}, report); err != nil {
			return err
		}
		return report.Settle()
	})
	var b strings.Builder
	for _, f := range report.Findings() {
		fmt.Fprintf(&b, "%s %s %s\n", f.Place, f.Severity, f.Field)
	}
	for _, c := range report.Counts() {
		fmt.Fprintf(&b, "%s %d/%d/%d\n", c.What.EN, c.Added, c.Changed, c.Same)
	}
	return b.String(), err
}

func imported(t *testing.T, d *db.DB) *org.Directory {
	t.Helper()
	got, err := run(t.Context(), d, sheet.Policy{}, unitsCSV, peopleCSV, postsCSV)
	if err != nil {
		t.Fatal(err, got)
	}
	if want := "Units 4/0/0\nPeople 2/0/0\nPosts 4/0/0\n"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	dir, err := org.Open(t.Context(), d, district)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestImportAndOpen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := imported(t, d)
		u, ok := dir.Unit("u-guixiang")
		if !ok || !slices.Equal(u.Areas, []string{"990101001001", "990101001002"}) || u.Name.EN != "Guixiang Station" {
			t.Errorf("got %+v", u)
		}
		liu, ok := dir.PersonByLogin("LiuXiaoyan")
		if !ok || len(dir.PostsOf(liu.ID, today)) != 1 || len(dir.PostsOf(liu.ID, "2026-06-30")) != 2 {
			t.Errorf("got %v today and %v in June, want one and two posts", dir.PostsOf(liu.ID, today), dir.PostsOf(liu.ID, "2026-06-30"))
		}
		if got := dir.Unmanned([]string{"990101001001007", "990101001001008"}, today); !slices.Equal(got, []string{"990101001001008"}) {
			t.Errorf("unmanned: got %v, want the grid whose worker's term ended", got)
		}
		if got := dir.LeadersOf("990101001001007", today); len(got) != 1 || got[0].Area != "990101001001" {
			t.Errorf("leaders: got %v, want the one of the community", got)
		}
		if !dir.Under("u-guixiang", "u-huaishu") || dir.Under("u-huaishu", "u-guixiang") {
			t.Error("the station is under the street office, not the other way")
		}
		if got := dir.Children("u-huaishu"); len(got) != 1 || len(dir.UnitsByKind(org.Department)) != 1 || len(dir.Holders("u-centre", org.Dispatcher, today)) != 1 {
			t.Errorf("children: got %v", got)
		}
		again, err := run(t.Context(), d, sheet.Policy{}, unitsCSV, peopleCSV, postsCSV)
		if want := "Units 0/0/4\nPeople 0/0/2\nPosts 0/0/4\n"; err != nil || again != want {
			t.Errorf("importing the same again: got %q, %v, want %q", again, err, want)
		}
		other, err := org.Open(t.Context(), d, "990102")
		if err != nil || len(other.Units()) != 0 {
			t.Errorf("another district sees %v, %v", other.Units(), err)
		}
	})
}

func TestTerritoryUnit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := imported(t, d)
		tests := []struct {
			why, area string
			want      org.UnitID
		}{
			{"a grid falls to its community's station", "990101001001007", "u-guixiang"},
			{"a community without a station to its street office", "990101001003", "u-huaishu"},
			{"the street itself", "990101001", "u-huaishu"},
			{"a street without an office to the centre, not to a department with the same area", "990101002001", "u-centre"},
			{"a code of nowhere is never lost", "123", "u-centre"},
		}
		for _, tt := range tests {
			u, why, ok := dir.TerritoryUnit(tt.area, today)
			if !ok || u.ID != tt.want || why.ZH == "" || why.EN == "" {
				t.Errorf("%s: got %s (%s), want %s", tt.why, u.ID, why, tt.want)
			}
		}
		empty, err := org.Open(t.Context(), d, "990109")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, ok := empty.TerritoryUnit("990109", today); ok {
			t.Error("a district without units has no territorial unit")
		}
	})
}

func TestBadRows(t *testing.T) {
	t.Parallel()
	tests := []struct{ why, units, people, posts, want string }{
		{"a kind there is not", "code,name,kind\nu-x,甲,bureau\n", "", "", "units.csv:2:3 error kind\n"},
		{"the same unit twice", "code,name,kind\nu-x,甲,company\nu-x,乙,company\n", "", "", "units.csv:3:1 error code\n"},
		{"an unknown parent, and with it those below", "code,name,kind,parent\nu-x,甲,company,u-y\nu-z,乙,company,u-x\n", "", "",
			"units.csv:2:4 error parent\nunits.csv:3:4 error parent\n"},
		{"parents in a circle", "code,name,kind,parent\nu-x,甲,company,u-z\nu-z,乙,company,u-x\n", "", "",
			"units.csv:2:4 error parent\nunits.csv:3:4 error parent\n"},
		{"an area that is not the district's", "code,name,kind,areas\nu-x,甲,company,990102001\n", "", "", "units.csv:2:4 error areas\n"},
		{"a territorial unit without area is taken but said", "code,name,kind,areas\nu-x,甲,centre,\n", "", "", "units.csv:2:4 warning areas\nUnits 1/0/0\nPeople 0/0/0\nPosts 0/0/0\n"},
		{"the same login twice, whatever its letters", "", "login,name\na,甲\nA,乙\n", "", "people.csv:3:1 error login\nUnits 0/0/0\n"},
		{"a post of nobody, nothing, nowhere", "", "", "login,role,unit,area\nx,king,u-x,1\n",
			"posts.csv:2:1 error login\nposts.csv:2:2 error role\nposts.csv:2:3 error unit\nposts.csv:2:4 error area\nUnits 0/0/0\nPeople 0/0/0\n"},
		{"a grid worker without a grid", "", "", "login,role,unit,area\nchenli,grid-worker,u-centre,990101001\n", "posts.csv:2:4 error area\nUnits 0/0/0\nPeople 0/0/0\n"},
		{"an end before the beginning", "", "", "login,role,unit,from,to\nchenli,agent,u-centre,2026-02-01,2026-01-01\n", "posts.csv:2:5 error to\nUnits 0/0/0\nPeople 0/0/0\n"},
		{"the same post twice over the same days", "", "", "login,role,unit,from,to\nchenli,agent,u-centre,2026-01-01,2026-03-01\nchenli,agent,u-centre,2026-03-01,\n",
			"posts.csv:3:4 error from\nUnits 0/0/0\nPeople 0/0/0\n"},
		{"a post already held", "", "", "login,role,unit,from\nchenli,dispatcher,u-centre,2026-03-01\n", "posts.csv:2:4 error from\nUnits 0/0/0\nPeople 0/0/0\n"},
		{"ending a term and beginning the next, in any order of rows", "", "", "login,role,unit,from,to\nchenli,dispatcher,u-centre,2026-03-01,\nchenli,dispatcher,u-centre,,2026-02-28\n",
			"Units 0/0/0\nPeople 0/0/0\nPosts 1/1/0\n"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		imported(t, d)
		for _, tt := range tests {
			// Dry, so that every row of the table meets the same district.
			got, err := run(t.Context(), d, sheet.Policy{DryRun: true}, tt.units, tt.people, tt.posts)
			if err == nil {
				t.Errorf("%s: a dry run committed", tt.why)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tt.why, diff)
			}
		}
	})
}

func TestAllOrNothingAndSkipBad(t *testing.T) {
	t.Parallel()
	const units = "code,name,kind,parent\nu-a,甲,company,\nu-b,乙,bureau,\nu-c,丙,company,u-b\n"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if _, err := run(t.Context(), d, sheet.Policy{}, units, "", ""); err == nil {
			t.Error("a file with bad rows was taken")
		}
		dir, err := org.Open(t.Context(), d, district)
		if err != nil || len(dir.Units()) != 0 {
			t.Errorf("got %v, %v after a refused import, want nothing", dir.Units(), err)
		}
		if _, err := run(t.Context(), d, sheet.Policy{SkipBad: true}, units, "", ""); err != nil {
			t.Error(err)
		}
		dir, err = org.Open(t.Context(), d, district)
		if err != nil || len(dir.Units()) != 1 || dir.Units()[0].ID != "u-a" {
			t.Errorf("got %v, %v, want only u-a: its fellow is bad and the third hangs under it", dir.Units(), err)
		}
	})
}

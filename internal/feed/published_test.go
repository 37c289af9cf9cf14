package feed_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"linli/internal/area"
	"linli/internal/feed"
	"linli/internal/procedure"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/internal/trail"
)

// bring brings tables in, as an import does, and takes what it wrote into the log.
func (w *world) bring(p sheet.Policy, tables map[string]string) error {
	w.t.Helper()
	files := fstest.MapFS{}
	for name, text := range tables {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	_, err := setup.Into(w.t.Context(), w.DB, w.d.Code, setup.Source{Files: files, Policy: p, By: procedure.Actor{Person: "p-1"}})
	w.logged()
	return err
}

// since are the events of tables after a cursor, a line each.
func (w *world) since(after feed.Cursor) (lines []string) {
	w.t.Helper()
	p, err := feed.Read(w.t.Context(), w.DB, w.d, after, feed.Most, feed.Filter{Kinds: []feed.Kind{feed.Area, feed.Unit, feed.Matter}})
	w.must(err)
	for _, e := range p.Events {
		line := string(e.Kind) + " " + e.Subject + " "
		switch d := e.Data.(type) {
		case feed.AreaNow:
			line += fmt.Sprint(d.Change, d.Fields, d.Name.ZH, " in ", d.Parent, " ", d.Outlined, " ", d.To)
		case feed.UnitNow:
			line += fmt.Sprint(d.Change, d.Fields, d.Name.ZH, " in ", d.Parent, " ", d.Areas, d.To)
		case feed.MatterNow:
			line += fmt.Sprint(d.Change, d.Fields, d.Name.ZH, " in ", d.Parent, " ", d.Limit, d.Limits)
		}
		lines = append(lines, line)
	}
	w.holdsForm(p.Events)
	return lines
}

func (w *world) end() feed.Cursor {
	w.t.Helper()
	size, err := trail.Size(w.t.Context(), w.DB, w.d.Code)
	w.must(err)
	return feed.Cursor{Place: size}
}

// Each area, unit and matter that an import changes is told of for itself, by its
// code and as it is then; what is as it was, and what was only tried, is not.
func TestTablesAreToldOfByEntry(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.must(w.bring(sheet.Policy{}, map[string]string{
			"matters.csv": "code,parent,kind,name,name_en,limit,limits,procedure\nm90,,group,自定,Own,3 working-days,,city-event\nm9001,m90,event,单车,Bikes,,A=2 hours,\nm9002,m90,event,灯箱,Signs,1 working-days,,\n",
			"units.csv":   "code,name,kind,parent,areas,phone\nu-own,自办单位,department,,,0571-80000000\n",
			"areas.csv":   "code,name,tier,members\n990101099,新街道,street,\n990101099001,新社区,community,\n990101099001701,船家网格,grid,甲1号船\n",
		}))
		for _, row := range []struct {
			why    string
			tables map[string]string
			policy sheet.Policy
			want   []string
		}{
			{"the same again", map[string]string{"units.csv": "code,name,kind,phone\nu-own,自办单位,department,0571-80000000\n"}, sheet.Policy{}, nil},
			{"a name, and beside it one that stays", map[string]string{"areas.csv": "code,name,tier\n990101099,新街道,street\n990101099001,东社区,community\n"}, sheet.Policy{},
				[]string{"area.changed 990101099001 changed[name]东社区 in 990101099 false "}},
			{"of members, that they changed and not who they are", map[string]string{"areas.csv": "code,name,tier,members\n990101099001701,船家网格,grid,裘家的船\n"}, sheet.Policy{},
				[]string{"area.changed 990101099001701 changed[members]船家网格 in 990101099001 false "}},
			{"an outline, which is fetched elsewhere", map[string]string{"outlines.geojson": square("990101099001")}, sheet.Policy{},
				[]string{"area.changed 990101099001 changed[outline]东社区 in 990101099 true "}},
			{"of a number, that it changed and not what it is", map[string]string{"units.csv": "code,name,kind,phone\nu-own,自办单位,department,13800000077\n"}, sheet.Policy{},
				[]string{"unit.changed u-own changed[phone]自办单位 in  []"}},
			{"a last day ends it", map[string]string{"units.csv": "code,name,kind,phone,valid_to\nu-own,自办单位,department,13800000077,2026-12-31\n"}, sheet.Policy{},
				[]string{"unit.changed u-own ended[valid_to]自办单位 in  []2026-12-31"}},
			{"a later last day does not end it again", map[string]string{"units.csv": "code,name,kind,phone,valid_to\nu-own,自办单位,department,13800000077,2027-06-30\n"}, sheet.Policy{},
				[]string{"unit.changed u-own changed[valid_to]自办单位 in  []2027-06-30"}},
			{"a limit, with those who take theirs from it", map[string]string{"matters.csv": "code,parent,kind,name,name_en,limit,limits,procedure\nm90,,group,自定,Own,5 working-days,,city-event\n"}, sheet.Policy{},
				[]string{"matter.changed m90 changed[limit]自定 in  5 working-daysmap[]", "matter.changed m9001 changed[limit]单车 in m90 5 working-daysmap[A:2 hours]"}},
			{"what was only tried", map[string]string{"units.csv": "code,name,kind\nu-tried,试一试,department\n"}, sheet.Policy{DryRun: true}, nil},
			{"people and posts are nobody's business", map[string]string{"people.csv": "login,name,phone\nqiu,裘万山,13800000078\n"}, sheet.Policy{}, nil},
		} {
			before := w.end()
			if err := w.bring(row.policy, row.tables); err != nil && !row.policy.DryRun {
				t.Errorf("%s: %v", row.why, err)
			}
			if diff := cmp.Diff(row.want, w.since(before)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", row.why, diff)
			}
		}
	})
}

func square(code string) string {
	return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"` + code + `"},
		"geometry":{"type":"Polygon","coordinates":[[[121.5,31.5],[121.51,31.5],[121.51,31.51],[121.5,31.51],[121.5,31.5]]]}}]}`
}

// An import of thousands is a few entries of the trail. Wherever in it somebody
// stops reading, by the next of a page or the sequence of an event, what follows
// is what would have followed.
func TestReadingGoesOnWithinAnEntry(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		w.logged()
		before := w.end()
		var table strings.Builder
		table.WriteString("code,name,tier\n990101098,大街道,street\n990101098001,大社区,community\n")
		const grids = 130
		for i := range grids {
			fmt.Fprintf(&table, "990101098001%03d,大%03d网格,grid\n", i+1, i+1)
		}
		w.must(w.bring(sheet.Policy{}, map[string]string{"areas.csv": table.String()}))
		if entries := w.end().Place - before.Place; entries > 5 {
			t.Errorf("%d areas are %d entries of the trail", grids+2, entries)
		}
		w.live()
		whole := w.all(feed.Most, feed.Filter{})
		if !slices.IsSortedFunc(whole, func(a, b feed.Event) int { return strings.Compare(a.Sequence, b.Sequence) }) {
			t.Error("sequences do not sort as the events come")
		}
		for _, size := range []int{7, 64} {
			if diff := cmp.Diff(ids(whole), ids(w.all(size, feed.Filter{}))); diff != "" {
				t.Fatalf("in pages of %d (-want +got)\n%s", size, diff)
			}
		}
		for i, e := range whole {
			if i%7 != 0 { // each hundred reads are a second where there is much else to do
				continue
			}
			cursor, err := feed.ParseCursor(e.Sequence)
			w.must(err)
			p, err := feed.Read(t.Context(), w.DB, w.d, cursor, 5, feed.Filter{})
			w.must(err)
			if diff := cmp.Diff(ids(whole[i+1:min(len(whole), i+6)]), ids(p.Events)); diff != "" {
				t.Fatalf("after %s (-want +got)\n%s", e.Sequence, diff)
			}
			if cursor.Sub == 0 {
				continue
			}
			// A cursor from before entries made many events is a place alone: it
			// means all of that place.
			old, err := feed.Read(t.Context(), w.DB, w.d, feed.Cursor{Place: e.Place}, 1, feed.Filter{})
			w.must(err)
			if len(old.Events) > 0 && old.Events[0].Place <= e.Place {
				t.Fatalf("after %d comes %s", e.Place, old.Events[0].Sequence)
			}
		}
		last := whole[len(whole)-1]
		p, err := feed.Read(t.Context(), w.DB, w.d, feed.Cursor{Place: last.Place, Sub: last.Sub}, 5, feed.Filter{Area: area.Code("990101")})
		w.must(err)
		if !p.End || len(p.Events) > 0 {
			t.Errorf("after the last event: %+v", p)
		}
	})
}

func ids(all []feed.Event) []string {
	names := []string{}
	for _, e := range all {
		names = append(names, e.ID)
	}
	return names
}

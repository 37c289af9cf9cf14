package catalogue

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/lang"
	"linli/internal/sheet"
)

const district = "990101"

func write(t *testing.T, d *db.DB, fn func(context.Context, *db.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if err := d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, d *db.DB) *Catalogue {
	t.Helper()
	c, err := Open(context.Background(), d, district)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func records(t *testing.T, schema sheet.Schema, text string, report *sheet.Report) []*sheet.Record {
	t.Helper()
	f, err := sheet.Load("own.csv", strings.NewReader(text), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return schema.Map(nil, f, report)
}

func TestInstallAndOpen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		base := basePack(t)
		base.Rules = []Rule{{Matter: "c01", Area: "990101001", Hours: mustHours("18:00-08:00"), Unit: "u-a", Co: []string{"u-b", "u-c"}, Reason: lang.Text{ZH: "夜间"}, Weight: 3, From: "routes.csv:2"}}
		for range 2 { // installing twice is installing once
			write(t, d, func(ctx context.Context, tx *db.Tx) error { return Install(ctx, tx, district, base) })
		}
		got, want := open(t, d), base.Catalogue()
		if diff := cmp.Diff(want.Matters(), got.Matters()); diff != "" {
			t.Errorf("what was installed is not what was opened (-want +got):\n%s", diff)
		}
		if len(got.Procedures()) != 10 || got.Rules() != 1 {
			t.Errorf("got %d procedures, %d rules", len(got.Procedures()), got.Rules())
		}
		if f, ok := got.Form("hazard"); !ok || len(f.Fields) != 2 {
			t.Errorf("got form %+v", f)
		}
		q := Query{Matter: "c01037", Area: guixiang, When: When{Minute: 60}}
		if diff := cmp.Diff(want.Route(q), got.Route(q)); diff != "" {
			t.Errorf("the route differs: %s", diff)
		}
		if other, err := Open(context.Background(), d, "990102"); err != nil || len(other.Matters()) != 0 {
			t.Errorf("another district sees %d matters, %v", len(other.Matters()), err)
		}
	})
}

func TestCasesStayOnTheirVersion(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p, _ := Load(pack(goodMatters, "", goodForm, goodProcedure))
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return Install(ctx, tx, district, p) })
		first, _ := open(t, d).Procedure("plain", "")
		q, _ := Load(pack(goodMatters, "", goodForm, goodProcedure+"# changed\n"))
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return Install(ctx, tx, district, q) })
		c := open(t, d)
		now, _ := c.Procedure("plain", "")
		old, ok := c.Procedure("plain", first.Version)
		if now.Version == first.Version || !ok || old.Version != first.Version {
			t.Errorf("got current %s, old %v; want a new current version beside %s", now.Version, ok, first.Version)
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return Install(ctx, tx, district, p) })
		if back, _ := open(t, d).Procedure("plain", ""); back.Version != first.Version {
			t.Errorf("going back: got %s, want %s", back.Version, first.Version)
		}
	})
}

func TestImports(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		base := basePack(t)
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return Install(ctx, tx, district, base) })
		known := Known{Unit: func(u string) bool { return u == "u-a" }, Area: func(a string) bool { return strings.HasPrefix("990101001", a) }}

		t.Run("a district's own limit", func(t *testing.T) {
			report := sheet.NewReport(sheet.Policy{})
			rows := records(t, MatterColumns(), "code,parent,kind,name,name_en,limit\nm06010,m06,event,暴露垃圾,Exposed rubbish,2 working-hours\n", report)
			write(t, d, func(ctx context.Context, tx *db.Tx) error { return ImportMatters(ctx, tx, district, rows, report) })
			if m, _ := open(t, d).Matter("m06010"); m.Limit.String() != "2 working-hours" || report.Counts()[0].Changed != 1 {
				t.Errorf("got %v, %+v", m.Limit, report.Counts())
			}
		})
		t.Run("one bad row and nothing is taken", func(t *testing.T) {
			report := sheet.NewReport(sheet.Policy{})
			rows := records(t, MatterColumns(), "code,parent,kind,name,name_en,procedure\nm99,m,event,新事,New,city-event\nm98,zz,event,坏事,Bad,city-event\n", report)
			write(t, d, func(ctx context.Context, tx *db.Tx) error { return ImportMatters(ctx, tx, district, rows, report) })
			if _, there := open(t, d).Matter("m99"); there || report.MayWrite() {
				t.Error("a file with a bad row was taken in part")
			}
		})
		t.Run("skipping the bad leaves out what hangs below", func(t *testing.T) {
			report := sheet.NewReport(sheet.Policy{SkipBad: true})
			rows := records(t, MatterColumns(), "code,parent,kind,name,name_en,procedure\nm99,m,event,新事,New,city-event\nm97,zz,group,坏类,Bad,city-event\nm9701,m97,event,坏事,Bad,city-event\n", report)
			write(t, d, func(ctx context.Context, tx *db.Tx) error { return ImportMatters(ctx, tx, district, rows, report) })
			c := open(t, d)
			_, good := c.Matter("m99")
			_, below := c.Matter("m9701")
			if !good || below || len(report.Skipped()) != 2 {
				t.Errorf("got good %t, below a bad one %t, skipped %v", good, below, report.Skipped())
			}
		})
		t.Run("learning again leaves what was written, and the other way round", func(t *testing.T) {
			bring := func(text string) []string {
				report := sheet.NewReport(sheet.Policy{})
				rows := records(t, RouteColumns(), text, report)
				write(t, d, func(ctx context.Context, tx *db.Tx) error {
					return ImportRoutes(ctx, tx, district, rows, known, report)
				})
				rules, err := readRules(context.Background(), d, district)
				if err != nil {
					t.Fatal(err)
				}
				var have []string
				for _, r := range rules {
					have = append(have, r.Matter)
				}
				return have
			}
			for _, row := range []struct {
				why, text string
				want      []string
			}{
				{"both kinds come in one file, the written first", "matter,unit,weight\nm06010,u-a,9000\nm06011,u-a,\n", []string{"m06011", "m06010"}},
				{"written ones replace the written", "matter,unit\nm06012,u-a\nm06013,u-a\n", []string{"m06012", "m06013", "m06010"}},
				{"learned ones replace the learned", "matter,unit,weight\nm06014,u-a,10000\n", []string{"m06012", "m06013", "m06014"}},
				{"a share of more than all is refused", "matter,unit,weight\nm06010,u-a,10001\n", []string{"m06012", "m06013", "m06014"}},
			} {
				if diff := cmp.Diff(row.want, bring(row.text)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", row.why, diff)
				}
			}
			write(t, d, func(ctx context.Context, tx *db.Tx) error {
				return StoreLearned(ctx, tx, district, []Rule{{Matter: "m06015", Unit: "u-a", Weight: 1}})
			})
			if got := open(t, d).Rules(); got != 3 {
				t.Errorf("learned again: got %d rules, want the two written and one learned", got)
			}
		})
		t.Run("routes name what exists", func(t *testing.T) {
			report := sheet.NewReport(sheet.Policy{SkipBad: true})
			rows := records(t, RouteColumns(), "matter,area,hours,unit,co,reason\nm06,990101001,,u-a,,\nzz,,,u-a,,\nm06,880000,,u-a,,\nm06,,,u-z,,\n", report)
			write(t, d, func(ctx context.Context, tx *db.Tx) error {
				return ImportRoutes(ctx, tx, district, rows, known, report)
			})
			if got := open(t, d).Rules(); got != 1+1 || len(report.Skipped()) != 3 { // and the one learned above
				t.Errorf("got %d rules, skipped %v", got, report.Skipped())
			}
		})
	})
}

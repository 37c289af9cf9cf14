package app_test

import (
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/evaluate"
	"linli/internal/look"
	"linli/internal/retain"
	"linli/internal/supervise"
	"linli/internal/trail"
)

// TestDemoHasSomethingTrueOnEveryPage tells the whole past of the demo and looks
// for what the pages of supervision and scorecards show.
func TestDemoHasSomethingTrueOnEveryPage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("tells ninety days of stories")
	}
	demo, err := app.NewDemo(t.Context(), t.TempDir(), app.Config{
		Now: func() time.Time { return apptest.Start }, Log: slog.New(slog.DiscardHandler), Password: access.Config{Cost: access.Cost{MemoryKiB: 64, Passes: 1}},
	}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = demo.Close() })
	d, err := demo.Districts.Get(t.Context(), demo.House.District)
	if err != nil {
		t.Fatal(err)
	}
	shown(t, demo)
	months(t, demo, d)
	untrue(t, demo, d)
	due(t, demo, d)
	moved(t, demo)
}

// due holds that the preview of the night has something to remove, and that
// what a resident who signs in reads is there.
func due(t *testing.T, demo *app.Demo, d *district.District) {
	t.Helper()
	lines, err := retain.Preview(t.Context(), demo.DB, d, apptest.Start)
	if err != nil {
		t.Fatal(err)
	}
	goes := 0
	for _, l := range lines {
		goes += l.Goes
	}
	if goes == 0 {
		t.Error("the preview of the night is empty")
	}
	for _, r := range demo.House.DemoResidents {
		own, err := casework.OwnReports(t.Context(), demo.DB, d.Code, demo.Desk.PhoneIndex(r.Phone), time.Time{}, time.Time{}, 100)
		if err != nil || len(own) < 3 {
			t.Errorf("%s of the demo reported %d times, %v", r.Phone, len(own), err)
		}
		var reports []casework.Report
		for _, o := range own {
			reports = append(reports, o.Report)
		}
		lines, err := look.Ledger(t.Context(), demo.DB, d, apptest.Start, reports...)
		if err != nil || len(lines) < 3 {
			t.Errorf("%s reads of %d looks, %v", r.Phone, len(lines), err)
		}
	}
}

// shown counts what there is to see.
func shown(t *testing.T, demo *app.Demo) {
	t.Helper()
	for _, want := range []struct {
		what, why, sql string
		least          int
	}{
		{"pauses that run", "the case page and the list of what stands", "select count(*) from ledger where kind <> 'extension' and state = 'running'", 3},
		{"requests that wait", "the supervisor's list", "select count(*) from ledger where state = 'asked'", 2},
		{"on account", "the public list", "select count(*) from ledger where on_account and state = 'running'", 1},
		{"more time granted", "the resident is told", "select count(*) from ledger where kind = 'extension' and state = 'granted'", 3},
		{"orders to answer", "the list of orders", "select count(*) from orders where kind = 'order' and state = 'asked'", 1},
		{"orders lifted", "their history", "select count(*) from orders where kind = 'order' and state = 'lifted'", 20},
		{"urged by hand", "the case page", "select count(*) from orders where kind = 'urge' and rung = ''", 3},
		{"accountability upheld", "a veto", "select count(*) from orders where kind = 'accountability' and state = 'upheld'", 1},
		{"accountability waiting", "the unit's answer", "select count(*) from orders where kind = 'accountability' and state = 'asked'", 1},
		{"meetings held", "minutes", "select count(*) from meetings where state = 'closed' and minutes <> ''", 2},
		{"a meeting to come", "its agenda", "select count(*) from meetings where state = 'planned'", 1},
		{"decisions carried out", "their follow-up", "select count(*) from meeting_items where state = 'done'", 2},
		{"duties on the list", "admission", "select count(*) from admissions where state = 'approved'", 6},
		{"duties refused", "figures of refusals", "select count(*) from tasks where action = 'refuse'", 3},
		{"reviews", "external supervision", "select count(*) from reviews", 60},
		{"an appeal that waits", "to be decided", "select count(*) from appeals where state = 'asked'", 1},
		{"appeals decided", "struck and kept", "select count(*) from appeals where state <> 'asked'", 3},
		{"days by unit", "the board", "select count(*) from unit_days", 500},
		{"a stand-in today", "posts and the two who act as one", "select count(*) from standins where ended_at >= to_at and to_at > 1795400400000000", 1},
		{"a task handed over as a post ended", "the trail of its case", "select count(*) from trail where act = 'handed-over'", 1},
		{"looks at who reported", "the ledger that the resident reads", "select count(*) from looks", 10},
		{"a delay granted, one that waits", "looks told later", "select count(distinct state) from look_delays", 2},
		{"who acts for another", "the resident's other matters", "select count(*) from proxies where ended_at = 0", 1},
		{"a copy that was made", "what a person asked of their data", "select count(*) from data_requests where kind = 'copy' and state = 'done'", 1},
		{"a question that is still open", "requests under way", "select count(*) from data_requests where state = 'asked'", 1},
		{"cases open to the deputy", "the observer's list", "select count(*) from disclosures where ended_at = 0", 3},
		{"what the deputy said", "the case page", "select count(*) from trail where act = 'remarked'", 1},
		{"sign-ins", "the account's own page", "select count(*) from trail where book = 'sign-in' and act = 'signed-in'", 40},
		{"a guess at a password", "the warning on that page", "select count(*) from trail where act = 'sign-in-refused'", 1},
		{"rights given and taken", "the audit pages", "select count(*) from trail where book = 'rights' and act in ('post-given', 'post-ended', 'standin-given', 'key-added', 'key-ended')", 5},
		{"a hold", "what the night keeps", "select count(*) from holds where lifted_at = 0", 1},
		{"a webhook that stands still", "the page of webhooks", "select count(*) from hooks", 1},
		{"a neighbour's server", "the page of peers", "select count(*) from peers", 1},
		{"a key of somebody's own", "the account page of keys", "select count(*) from keys where login <> '' and expires > 1795400400000000", 1},
		{"messages that came, went and failed", "the page of messages", "select count(distinct state) from messages", 3},
		{"checkpoints of the log", "the page of the public log", "select count(*) from trail_checkpoints", 1},
	} {
		n, err := db.Value[int](t.Context(), demo.DB, want.sql)
		if err != nil || n < want.least {
			t.Errorf("%s: %d, %v, want %d at least for %s", want.what, n, err, want.least, want.why)
		}
	}
}

// months holds that one month is frozen and one preliminary, and that both come
// out the same when they are counted again from the trail.
func months(t *testing.T, demo *app.Demo, d *district.District) {
	t.Helper()
	all, err := evaluate.Periods(t.Context(), demo.DB, d.Code)
	if err != nil {
		t.Fatal(err)
	}
	var states []evaluate.State
	for _, p := range all {
		states = append(states, p.State)
		off, err := evaluate.Recompute(t.Context(), demo.DB, d, p.Period)
		if err != nil || len(off) > 0 {
			t.Errorf("%s counted again: %v, %d figures differ", p.Period, err, len(off))
		}
	}
	if !slices.Equal(states, []evaluate.State{evaluate.Preliminary, evaluate.Frozen}) {
		t.Errorf("months %v, want the last preliminary and the one before frozen", states)
	}
}

// untrue looks for what must not be: jobs that failed, a roster with a gap now,
// a trail that is broken, units that are all of one colour.
func untrue(t *testing.T, demo *app.Demo, d *district.District) {
	t.Helper()
	failed, err := db.Value[int](t.Context(), demo.DB, "select count(*) from jobs where error <> ''")
	if err != nil || failed > 0 {
		t.Errorf("%d jobs failed, %v", failed, err)
	}
	if on, err := supervise.OnDuty(t.Context(), demo.DB, d, apptest.Start); err != nil || len(on) == 0 {
		t.Errorf("nobody is on duty: %v", err)
	}
	b, err := demo.Boards.Board(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[clock.Signal]int{}
	for _, tier := range b.Tiers {
		for _, tile := range tier.Tiles {
			seen[tile.Signal]++
		}
	}
	if len(seen) < 2 {
		t.Errorf("the board has %v, want more colours than one", seen)
	}
	p, err := casework.List(t.Context(), demo.DB, d, casework.Filter{OnAccount: true}, apptest.Start, "", 10)
	if err != nil || len(p.Rows) == 0 {
		t.Fatalf("nothing is listed as on account: %v", err)
	}
	entries, err := trail.Of(t.Context(), demo.DB, d.Code, string(p.Rows[0].ID))
	if err != nil {
		t.Fatal(err)
	}
	if err := trail.Verify(d.Code, string(p.Rows[0].ID), entries); err != nil {
		t.Error(err)
	}
}

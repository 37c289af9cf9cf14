package feed_test

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/feed"
	"linli/internal/intake"
	"linli/internal/procedure"
	"linli/internal/sample"
	"linli/internal/setup"
	"linli/internal/trail"
	"linli/internal/vault"
	"linli/packs"
)

var beijing = time.FixedZone("CST", 8*3600)

// world is the invented district with a log.
type world struct {
	*db.DB
	t     testing.TB
	clock *clock.Manual
	d     *district.District
	desk  *intake.Desk
	keep  *trail.Keeper
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) { fn(t, newWorld(t, address)) })
}

func newWorld(t testing.TB, address string) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(time.Date(2026, 11, 23, 10, 20, 0, 0, beijing))}
	var err error
	w.DB, err = db.Open(t.Context(), db.Config{URL: address, Now: w.clock.Now})
	w.must(err)
	t.Cleanup(func() { w.must(w.Close()) })
	v, err := vault.Open(filepath.Join(t.TempDir(), "keys"))
	w.must(err)
	pack, findings := catalogue.Load(packs.Base())
	if pack == nil {
		t.Fatal(findings)
	}
	files, err := sample.New().Files()
	w.must(err)
	_, err = setup.Into(t.Context(), w.DB, sample.DistrictCode, setup.Source{Files: files, Pack: pack, Settings: &district.Settings{Name: "邻里区"}})
	w.must(err)
	w.d, err = district.Open(t.Context(), w.DB, sample.DistrictCode, w.clock.Now())
	w.must(err)
	w.desk = &intake.Desk{DB: w.DB, Vault: v, Numbers: casework.NewNumbers(w.DB)}
	w.keep = trail.NewKeeper(func(code string) (*trail.Signer, error) {
		return trail.NewSigner(trail.Origin(code), bytes.Repeat([]byte{7}, 32))
	}, slog.New(slog.DiscardHandler))
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// do runs fn in a transaction, a minute after the one before.
func (w *world) do(fn func(tx *db.Tx) error) {
	w.t.Helper()
	w.clock.Advance(time.Minute)
	w.must(w.Write(w.t.Context(), fn))
}

// logged takes everything into the log.
func (w *world) logged() {
	w.t.Helper()
	_, err := w.keep.TakeIn(w.t.Context(), w.DB, w.d.Code)
	w.must(err)
}

// all reads the whole feed in pages of some size.
func (w *world) all(size int, f feed.Filter) (events []feed.Event) {
	w.t.Helper()
	for after := (feed.Cursor{}); ; {
		p, err := feed.Read(w.t.Context(), w.DB, w.d, after, size, f)
		w.must(err)
		if len(p.Events) > size || p.Next.Place < after.Place {
			w.t.Fatalf("a page of %d after %s: %d events, next %s", size, after, len(p.Events), p.Next)
		}
		events = append(events, p.Events...)
		if after = p.Next; p.End {
			return events
		}
	}
}

// grid07 is a grid of 桂香.
func (w *world) grid07() string {
	for _, g := range w.d.Areas.Tier(area.Grid) {
		if g.Name.ZH == "桂香07网格" {
			return string(g.Code)
		}
	}
	w.t.Fatal("there is no 桂香07网格")
	return ""
}

// report opens a case about a matter in 桂香07网格.
func (w *world) report(matter string, secret bool) casework.Case {
	w.t.Helper()
	w.clock.Advance(time.Minute)
	r, err := w.desk.Receive(w.t.Context(), w.d, intake.Sending{
		Channel: "portal", Matter: matter, Text: "我是裘万山，门口的标线磨没了", Address: "桂香路18号裘家", Area: w.grid07(), Phone: "13800000013", Name: "裘万山", Secret: secret,
	})
	w.must(err)
	return r.Case
}

// as is a post of a person.
func (w *world) as(login string, role procedure.Role) procedure.Actor {
	w.t.Helper()
	for _, p := range w.d.Org.People() {
		if p.Login != login {
			continue
		}
		for _, post := range w.d.HeldAt(p.ID, w.clock.Now()) {
			if a := casework.ActorOf(post); a.Role == role && (role != procedure.GridWorker || a.Area == w.grid07()) {
				return a
			}
		}
	}
	w.t.Fatalf("%s is no %s", login, role)
	return procedure.Actor{}
}

// act takes an action that is open to somebody.
func (w *world) act(by procedure.Actor, id casework.ID, action procedure.ActionName, with procedure.Move) {
	w.t.Helper()
	a := casework.Acting{District: w.d, By: by}
	c, err := casework.ByID(w.t.Context(), w.DB, w.d.Code, id)
	w.must(err)
	offers, err := casework.Available(w.t.Context(), w.DB, a, c, w.clock.Now())
	w.must(err)
	i := slices.IndexFunc(offers, func(o procedure.Offer) bool { return o.Action == action })
	if i < 0 {
		w.t.Fatalf("%s is not offered to %s: %+v", action, by.Person, offers)
	}
	with.Action, with.Task = action, offers[i].Task
	w.do(func(tx *db.Tx) error { _, err := casework.Act(w.t.Context(), tx, a, id, with); return err })
}

package peer_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/peer"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/sample"
	"linli/internal/trail"
)

// loopback may be called in tests: the other houses are there.
func loopback(cfg *app.Config) { cfg.Outside = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

// house is a running linli, one of the two that talk.
type house struct {
	*apptest.World
	t *testing.T
}

func at(t *testing.T, address string) *house {
	t.Helper()
	return &house{apptest.At(t, address, loopback), t}
}

func start(t *testing.T) *house { return at(t, "sqlite:"+t.TempDir()+"/linli.db") }

func (h *house) write(fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.DB.Write(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// key lets another house in.
func (h *house) key(system string) (text string) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		_, text, err = access.AddKey(h.t.Context(), tx, access.Key{District: h.House.District, Name: system, Scopes: []rights.Right{rights.ReportReceive}, Expires: tx.Now.AddDate(1, 0, 0)}, access.By{})
		return err
	})
	return text
}

// peer sets up a peer.
func (h *house) peer(p peer.Peer) peer.Peer {
	h.t.Helper()
	d := h.District()
	if p.Name == "" {
		p.Name = "邻区"
	}
	p.Every, p.Services = 10*time.Minute, map[string]string{lamp: lamp, noise: noise}
	h.write(func(tx *db.Tx) (err error) {
		p, err = h.Peers.Add(h.t.Context(), tx, d, p, procedure.Actor{})
		return err
	})
	return p
}

// round lets the next round come, with everything else that is due.
func (h *house) round() peer.Peer {
	h.t.Helper()
	h.Due()
	h.Clock.Advance(11 * time.Minute)
	h.Due()
	all, err := peer.All(h.t.Context(), h.DB, h.House.District)
	if err != nil || len(all) != 1 {
		h.t.Fatal(all, err)
	}
	return all[0]
}

func (h *house) links() []peer.Link {
	h.t.Helper()
	all, err := peer.All(h.t.Context(), h.DB, h.House.District)
	if err != nil {
		h.t.Fatal(err)
	}
	links, err := peer.Links(h.t.Context(), h.DB, h.House.District, all[0].ID, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	return links
}

// A component and an event of the base pack.
const (
	lamp  = "c01002"
	noise = "m06004"
)

var (
	inside  = geo.Point{Lon: sample.Centre.Lon + 0.0061237, Lat: sample.Centre.Lat + 0.0042345}
	outside = geo.Point{Lon: sample.Centre.Lon + 1, Lat: sample.Centre.Lat + 1}
)

func (h *house) report(p geo.Point, matter, text string) casework.Case {
	h.t.Helper()
	r, err := h.Desk.Receive(h.t.Context(), h.District(), intake.Sending{Channel: intake.Portal, Matter: matter, Text: text, Point: p, Name: "李敏", Phone: "13800001234"})
	if err != nil {
		h.t.Fatal(err)
	}
	return r.Case
}

// cases are those of the house that came from another program.
func (h *house) cases() []casework.Case {
	h.t.Helper()
	p, err := casework.List(h.t.Context(), h.DB, h.District(), casework.Filter{Channel: string(intake.Open311), Newest: true}, h.DB.Now(), "", 100)
	if err != nil {
		h.t.Fatal(err)
	}
	var all []casework.Case
	for _, row := range p.Rows {
		all = append(all, row.Case)
	}
	return all
}

func (h *house) acts(id casework.ID) string {
	h.t.Helper()
	entries, err := trail.Of(h.t.Context(), h.DB, h.House.District, string(id))
	if err != nil {
		h.t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Act)
	}
	return strings.Join(all, " ")
}

// does takes an action of the procedure as somebody who may.
func (h *house) does(c casework.Case, login string, m procedure.Move) casework.Case {
	h.t.Helper()
	ctx, d := h.t.Context(), h.District()
	person, _ := d.Org.PersonByLogin(login)
	for _, p := range d.Org.PostsOf(person.ID, d.Day) {
		a := casework.Acting{District: d, By: casework.ActorOf(p)}
		offers, err := casework.Available(ctx, h.DB, a, c, h.Clock.Now())
		if err != nil {
			h.t.Fatal(err)
		}
		for _, o := range offers {
			if o.Action == m.Action && o.Allowed {
				m.Task = o.Task
				h.write(func(tx *db.Tx) (err error) { c, err = casework.Act(ctx, tx, a, c.ID, m); return err })
				return c
			}
		}
	}
	h.t.Fatalf("%s may not %s at %s", login, m.Action, c.Step)
	return c
}

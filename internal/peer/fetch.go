package peer

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/georeport"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/lang"
)

// The bounds of fetching: how much is read again, since a server may list what it
// took with a delay; how much is asked for at once; and how many pages of it.
const (
	overlap   = time.Hour
	window    = 7 * 24 * time.Hour
	pagesMost = 50
	pageSize  = 500
)

// fetch takes in what is new at the peer, window by window from where the last
// round ended.
func (t *round) fetch(ctx context.Context) error {
	if !t.p.Fetches {
		return nil
	}
	for now := t.DB.Now(); t.until.Before(now); {
		to := t.until.Add(window)
		if to.After(now) {
			to = now
		}
		if err := t.fetchWindow(ctx, t.until.Add(-overlap), to); err != nil {
			return wrap("fetch", err)
		}
		t.until = to
	}
	return nil
}

// fetchWindow takes in what was requested from one instant until another. A
// server that knows no pages gives the same again and again, which ends it.
func (t *round) fetchWindow(ctx context.Context, from, to time.Time) error {
	seen := map[georeport.Text]bool{}
	for page := 1; page <= pagesMost; page++ {
		q := georeport.Query{Codes: slices.Sorted(maps.Keys(t.p.Services)), From: from, To: to, Page: page, PageSize: pageSize, Extensions: true}
		all, err := t.client.Requests(ctx, q)
		if err != nil {
			return err
		}
		fresh := 0
		for _, r := range all {
			if r.ID == "" || seen[r.ID] {
				continue
			}
			seen[r.ID], fresh = true, fresh+1
			if err := t.take(ctx, r); err != nil {
				return err
			}
		}
		if fresh == 0 || len(all) < pageSize {
			return nil
		}
	}
	return nil
}

// take takes in one request, unless it is closed already, has come before, went
// there from here, was itself fetched by the peer, or lies elsewhere.
func (t *round) take(ctx context.Context, r georeport.Request) error {
	matter := t.p.Services[string(r.ServiceCode)]
	if matter == "" || r.Status == georeport.Closed || strings.Contains(string(r.Description), mark) {
		return nil
	}
	if r.Extended != nil && r.Extended.Channel == georeport.FromPeer {
		return nil
	}
	known, err := remoteKnown(ctx, t.DB, t.d.Code, t.p.ID, string(r.ID))
	if err != nil || known {
		return err
	}
	s := t.sending(r, matter)
	if !t.ours(s) {
		return nil
	}
	s.Then = func(ctx context.Context, tx *db.Tx, receipt intake.Receipt) error {
		l := Link{Peer: t.p.ID, Case: receipt.Case.ID, Way: In, Remote: string(r.ID), Code: string(r.ServiceCode), State: Posted, Status: string(r.Status), SeenAt: tx.Now}
		if err := l.put(ctx, tx, t.d.Code); err != nil {
			return err
		}
		if r.MediaURL == "" || CheckMedia(string(r.MediaURL)) != nil {
			return nil
		}
		return AddMedia(ctx, tx, t.d.Code, string(receipt.Case.ID), string(r.MediaURL))
	}
	receipt, err := t.Desk.Receive(ctx, t.d, s)
	if errs.KindOf(err) == errs.Invalid {
		t.faults = append(t.faults, wrap("request "+clip(string(r.ID), 40), err))
		return nil // one that cannot be taken keeps no other waiting
	}
	if err == nil && !receipt.Again {
		t.came++
	}
	return err
}

// Prefix begins the references of reports that were fetched from a peer; those of
// systems with a key begin with another.
const Prefix = "peer/"

// sending is a peer's request as intake takes it.
func (t *round) sending(r georeport.Request, matter string) intake.Sending {
	s := intake.Sending{
		Channel: intake.Open311, Sender: clip(Prefix+t.p.ID+"/"+string(r.ID), 100), Matter: matter, Lang: lang.ZH,
		Text: strings.ToValidUTF8(clip(string(r.Description), 4000), ""), Address: strings.ToValidUTF8(clip(string(r.Address), intake.AddressMost), ""),
	}
	s.Text = strings.TrimSpace(s.Text + "\n" + "（" + t.p.Name + " " + clip(string(r.ID), 100) + "）")
	if r.Lat.Known && r.Long.Known {
		if p := (geo.Point{Lon: r.Long.Value, Lat: r.Lat.Value}); p.Check() == nil {
			s.Point = p
		}
	}
	return s
}

// ours reports whether a request lies in the area that the peer is asked about.
// One whose place is not known is ours: nothing is lost.
func (t *round) ours(s intake.Sending) bool {
	if s.Point == (geo.Point{}) {
		return true
	}
	at := t.d.Areas.Locate(s.Point)
	if at.Outside && !at.Placeholder {
		return false
	}
	return t.p.Area == "" || at.Placeholder || at.Grid.In(area.Code(t.p.Area)) || at.Community.In(area.Code(t.p.Area))
}

// refresh asks how everything stands that is not closed, both what came from the
// peer and what went there.
func (t *round) refresh(ctx context.Context) error {
	links, err := open(ctx, t.DB, t.d.Code, t.p.ID, askMost)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(links, askOnce) {
		if err := t.refreshSome(ctx, some); err != nil {
			return wrap("refresh", err)
		}
	}
	return nil
}

// refreshSome asks for some at once, and one by one for those that a server left
// out of its answer.
func (t *round) refreshSome(ctx context.Context, links []Link) error {
	q := georeport.Query{}
	for _, l := range links {
		q.IDs = append(q.IDs, l.Remote)
	}
	all, err := t.client.Requests(ctx, q)
	if err != nil && !refused(err) {
		return err
	}
	by := map[string]georeport.Request{}
	for _, r := range all {
		by[string(r.ID)] = r
	}
	alone := 0
	for _, l := range links {
		r, ok := by[l.Remote]
		if !ok && alone < askAlone {
			alone++
			if r, err = t.client.Request(ctx, l.Remote); err != nil && !refused(err) {
				return err
			}
			ok = err == nil
		}
		if ok {
			err = t.heard(ctx, l, r)
		} else {
			err = t.keep(ctx, l) // the longest unasked come first the next time
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// heard writes down how a request stands at the peer, and where that is news,
// tells it in the case's trail. It moves nothing.
func (t *round) heard(ctx context.Context, l Link, r georeport.Request) error {
	notes := ident.HideNumbers(strings.ToValidUTF8(clip(string(r.StatusNotes), 1000), ""))
	if r.Status != georeport.Open && r.Status != georeport.Closed {
		return t.keep(ctx, l) // no status of the standard: not to be believed
	}
	news := l.Status != "" && (l.Status != string(r.Status) || l.Notes != notes) || l.Status == "" && (r.Status == georeport.Closed || notes != "")
	l.Status, l.Notes, l.SeenAt = string(r.Status), notes, t.DB.Now()
	return t.DB.Write(ctx, func(tx *db.Tx) error {
		if err := l.put(ctx, tx, t.d.Code); err != nil || !news {
			return err
		}
		return casework.Note(ctx, tx, acting(t.d), l.Case, "peer-"+l.Status, map[string]string{"peer": t.p.Name, "remote": l.Remote, "answer": notes})
	})
}

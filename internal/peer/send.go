package peer

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/geo"
	"linli/internal/georeport"
	"linli/internal/ident"
)

// The bounds of settling what is not known: how far the clocks of two servers may
// differ, how long a slow one may take to list what it took, how near two points
// are the same, and when it is given up.
const (
	clocks    = 10 * time.Minute
	listing   = 2 * time.Minute
	samePoint = 15 // metres
	triesMost = 20
)

// settle finds out about what was sent and is not known: it asks for tokens, and
// looks through the peer's list before anything is sent a second time.
func (t *round) settle(ctx context.Context) error {
	links, err := unknown(ctx, t.DB, t.d.Code, t.p.ID, sendMost)
	if err != nil {
		return err
	}
	for _, l := range links {
		if l.State == Token {
			err = t.redeem(ctx, l)
		} else {
			err = t.reconcile(ctx, l)
		}
		if err != nil {
			return wrap("settle", err)
		}
	}
	return nil
}

// redeem asks for the number of a token.
func (t *round) redeem(ctx context.Context, l Link) error {
	id, err := t.client.Token(ctx, l.Token)
	switch {
	case err != nil && !refused(err):
		return err
	case id != "":
		return t.posted(ctx, l, id)
	}
	return t.keep(ctx, l) // they do not know it yet
}

// reconcile looks for a case in the peer's list from the time it was sent. Only
// one that a list that was read does not hold is sent again.
func (t *round) reconcile(ctx context.Context, l Link) error {
	c, err := casework.ByID(ctx, t.DB, t.d.Code, l.Case)
	if err != nil {
		return err
	}
	found, err := t.client.Requests(ctx, georeport.Query{Codes: []string{l.Code}, From: l.TriedAt.Add(-clocks), To: t.DB.Now().Add(clocks)})
	if err != nil {
		return err
	}
	for _, r := range found {
		if !same(c, r) {
			continue
		}
		known, err := remoteKnown(ctx, t.DB, t.d.Code, t.p.ID, string(r.ID))
		if err != nil {
			return err
		}
		if !known {
			return t.posted(ctx, l, string(r.ID))
		}
	}
	if t.DB.Now().Sub(l.SeenAt) < listing {
		return nil // it may be on their disk and not yet in their list
	}
	if l.Tries >= triesMost {
		l.State, l.Why = Refused, "no answer"
		return t.keep(ctx, l)
	}
	return t.post(ctx, l, c)
}

// same reports whether a request of the peer is what we sent of a case: it holds
// the case's number, or says nothing of numbers and lies at the same point.
func same(c casework.Case, r georeport.Request) bool {
	if r.ID == "" {
		return false
	}
	if strings.Contains(string(r.Description), c.Number) {
		return true
	}
	if strings.Contains(string(r.Description), mark) || c.Place.Placed != casework.ByPoint || !r.Lat.Known || !r.Long.Known {
		return false // another case's, or nothing to go by
	}
	return geo.Metres(c.Place.Point, geo.Point{Lon: r.Long.Value, Lat: r.Lat.Value}) <= samePoint
}

// mark stands before the number of the case in what we send.
const mark = "linli:"

// send sends what is new: cases of the peer's unit, and those that lie beyond our
// grids.
func (t *round) send(ctx context.Context) error {
	var all []casework.Case
	if t.p.Unit != "" {
		p, err := casework.List(ctx, t.DB, t.d, casework.Filter{Unit: t.p.Unit, States: []casework.State{casework.Running}, From: t.p.Made, Newest: true}, t.DB.Now(), "", askMost)
		if err != nil {
			return err
		}
		for _, row := range p.Rows {
			all = append(all, row.Case)
		}
	}
	if t.p.Beyond {
		beyond, err := casework.Beyond(ctx, t.DB, t.d.Code, t.p.Made, askMost)
		if err != nil {
			return err
		}
		all = append(all, beyond...)
	}
	slices.Reverse(all)
	for _, c := range all {
		code := t.p.codeOf(c.Matter)
		if c.Secret || code == "" || t.went >= sendMost {
			continue
		}
		known, err := caseKnown(ctx, t.DB, t.d.Code, c.ID)
		if err != nil {
			return err
		}
		if known {
			continue
		}
		if err := t.post(ctx, Link{Peer: t.p.ID, Case: c.ID, Way: Out, Code: code, State: Sending, TriedAt: t.DB.Now()}, c); err != nil {
			return wrap("send", err)
		}
	}
	return nil
}

// post sends a case. The intent is on disk before anything leaves: whatever
// happens then, the next round knows that it may have arrived.
func (t *round) post(ctx context.Context, l Link, c casework.Case) error {
	l.Tries++
	if err := t.keep(ctx, l); err != nil {
		return err
	}
	receipt, err := t.client.Post(ctx, t.form(l, c), c.Number)
	switch {
	case err == nil && receipt.ID != "":
		t.went++
		return t.posted(ctx, l, string(receipt.ID))
	case err == nil:
		t.went++
		l.State, l.Token = Token, string(receipt.Token)
		return t.keep(ctx, l)
	case refused(err):
		l.State, l.Why = Refused, said(err)
		return t.keep(ctx, l)
	}
	return err
}

// form is what is told of a case: what it is about, where, and our number. No
// name and no telephone number are among it.
func (t *round) form(l Link, c casework.Case) url.Values {
	v := url.Values{"service_code": {l.Code}}
	words := t.d.Catalogue.Title(c.Matter).ZH + "（" + mark + c.Number + "）"
	address := t.d.Areas.Path(area.Code(c.Place.Area(t.d.Code))).ZH
	if t.p.Words {
		if text := ident.HideNumbers(c.Text); text != "" {
			words += "\n" + text
		}
		if text := ident.HideNumbers(c.Place.Address); text != "" {
			address = text
		}
	}
	v.Set("description", clip(words, 4000))
	v.Set("address_string", clip(address, 200))
	if c.Place.Placed == casework.ByPoint {
		v.Set("lat", strconv.FormatFloat(c.Place.Point.Lat, 'f', -1, 64))
		v.Set("long", strconv.FormatFloat(c.Place.Point.Lon, 'f', -1, 64))
	}
	return v
}

// posted writes down under which number a case stands at the peer, and tells it
// in the case's trail.
func (t *round) posted(ctx context.Context, l Link, remote string) error {
	l.State, l.Remote, l.Why = Posted, clip(remote, 200), ""
	l.SeenAt = t.DB.Now()
	return t.DB.Write(ctx, func(tx *db.Tx) error {
		if err := l.put(ctx, tx, t.d.Code); err != nil {
			return err
		}
		return casework.Note(ctx, tx, acting(t.d), l.Case, "peer-posted", map[string]string{"peer": t.p.Name, "remote": l.Remote})
	})
}

// keep writes a link as it is now.
func (t *round) keep(ctx context.Context, l Link) error {
	l.SeenAt = t.DB.Now()
	return t.DB.Write(ctx, func(tx *db.Tx) error { return l.put(ctx, tx, t.d.Code) })
}

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

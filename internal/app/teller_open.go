package app

import (
	"context"
	"time"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/hook"
	"linli/internal/ident"
	"linli/internal/notice"
	"linli/internal/peer"
	"linli/internal/rights"
)

// outward is what the district has to do with other systems. The demo calls
// nobody: what it would call is set up and stopped again.
func (t *teller) outward() (all []event) {
	days := t.workdays(14, 30, 3)
	if len(days) < 3 {
		return nil
	}
	return []event{{days[2], t.hooked}, {days[1], t.connected}, {days[0], t.ownKey}, {t.end.Add(-9 * time.Hour), t.told}}
}

// hooked has another system told of changes, until its people ask for a pause.
func (t *teller) hooked(ctx context.Context) error {
	return t.by(ctx, "suming", "admin", func(tx *db.Tx, a casework.Acting) error {
		h, _, err := t.app.Hooks.Add(ctx, tx, t.d, hook.Asked{Name: "城管视频平台", URL: "https://hooks.example.org/linli", Since: -1}, a.By)
		if err != nil {
			return err
		}
		return hook.Pause(ctx, tx, t.d.Code, h.ID, a.By)
	})
}

// connected sets up the neighbouring city's server, and stops its rounds.
func (t *teller) connected(ctx context.Context) error {
	return t.by(ctx, "suming", "admin", func(tx *db.Tx, a casework.Acting) error {
		p, err := t.app.Peers.Add(ctx, tx, t.d, peer.Peer{
			Name: "邻市 Open311", Address: "https://open311.example.org/v2", Format: "json", Services: map[string]string{"001": "c01002"}, Every: 15 * time.Minute, Fetches: true,
		}, a.By)
		if err != nil {
			return err
		}
		return peer.Run(ctx, tx, t.d.Code, p.ID, false, a.By)
	})
}

// ownKey is a key with which a program of somebody's own sees what its holder
// sees.
func (t *teller) ownKey(ctx context.Context) error {
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		_, _, err := access.AddKey(ctx, tx, access.Key{District: t.d.Code, Name: "养护排班表", Login: "wugang", Scopes: []rights.Right{rights.CaseSee}, Expires: tx.Now.AddDate(0, 6, 0)}, access.By{})
		return err
	})
}

// told are codes that went to phones, as far as each came.
func (t *teller) told(ctx context.Context) error {
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		for i, r := range []channel.Receipt{{State: channel.Delivered}, {State: channel.Sent}, {State: channel.Failed, Why: "空号 · no such number"}} {
			phone := ident.Phone(t.sample.Regulars()[i%len(t.sample.Regulars())].Phone)
			if err := notice.Keep(ctx, tx, t.d.Code, notice.SignInCode, channel.SMS, phone.Mask(), r); err != nil {
				return err
			}
		}
		return nil
	})
}

package access

import (
	"errors"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/rights"
)

// A key of one's own ends with the account, and is its holder's alone.
func TestOwnKeys(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		ctx := t.Context()
		h, err := g.Hash(ctx, "wugang", "一句很长的话没人猜")
		if err != nil {
			t.Fatal(err)
		}
		var a Account
		makes := func(login string) (k Key, text string) {
			t.Helper()
			write(t, d, func(tx *db.Tx) (err error) {
				k, text, err = AddKey(ctx, tx, Key{District: "990101", Name: "我的程序", Login: login, Scopes: []rights.Right{rights.CaseSee}, Expires: w.Now().Add(KeyOwn)}, By{})
				return err
			})
			return k, text
		}
		write(t, d, func(tx *db.Tx) (err error) {
			a, err = AddAccount(ctx, tx, "990101", "wugang", "p1", h, By{})
			return err
		})
		mine, text := makes("wugang")
		others, _ := makes("heyong")
		if all, err := KeysOf(ctx, d, "990101", "wugang"); err != nil || len(all) != 1 || all[0].ID != mine.ID {
			t.Errorf("own keys %v, %v", all, err)
		}
		if all, err := KeysOf(ctx, d, "990101", ""); err != nil || len(all) != 0 {
			t.Errorf("nobody's keys %v, %v", all, err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return EndOwnKey(ctx, tx, a, others.ID, By{}) }); !errors.Is(err, errs.NotFound) {
			t.Errorf("ended somebody else's key: %v", err)
		}
		write(t, d, func(tx *db.Tx) error { return Close(ctx, tx, "990101", "wugang", By{}) })
		if _, err := CheckKey(ctx, d, text, w.Now()); !errors.Is(err, errs.SignIn) {
			t.Errorf("the key outlives its account: %v", err)
		}
		write(t, d, func(tx *db.Tx) error { return Reopen(ctx, tx, "990101", "wugang", By{}) })
		if _, err := CheckKey(ctx, d, text, w.Now()); !errors.Is(err, errs.SignIn) {
			t.Errorf("the key came back with the account: %v", err)
		}
		_, text = makes("wugang")
		write(t, d, func(tx *db.Tx) error { return ChangePassword(ctx, tx, a, h, "", From{}) })
		if _, err := CheckKey(ctx, d, text, w.Now()); !errors.Is(err, errs.SignIn) {
			t.Errorf("the key outlives the password: %v", err)
		}
		write(t, d, func(tx *db.Tx) error { return Forget(ctx, tx, "990101", Staff("heyong")) })
		if n, err := db.Value[int](ctx, d, "select count(*) from keys where login = 'heyong'"); err != nil || n != 0 {
			t.Errorf("%d keys of somebody who is forgotten, %v", n, err)
		}
	})
}

func TestActingKeysAreChecked(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	year := now.Add(300 * 24 * time.Hour)
	for _, one := range []struct {
		why   string
		key   Key
		field string
	}{
		{"one's own", Key{Login: "a", Scopes: []rights.Right{rights.CaseSee, rights.DataReveal}, Expires: year}, ""},
		{"a post's", Key{Post: "p", Scopes: []rights.Right{rights.CaseHandle}, Expires: year}, ""},
		{"whose is it", Key{Login: "a", Post: "p", Scopes: []rights.Right{rights.CaseSee}, Expires: year}, "post"},
		{"its reach is that of the posts", Key{Login: "a", Unit: "u", Scopes: []rights.Right{rights.CaseSee}, Expires: year}, "unit"},
		{"somebody looks at it once a year", Key{Login: "a", Scopes: []rights.Right{rights.CaseSee}, Expires: now.Add(400 * 24 * time.Hour)}, "expires"},
		{"a machine is shown nothing behind a mask", Key{Post: "p", Scopes: []rights.Right{rights.DataReveal}, Expires: year}, "scopes"},
	} {
		one.key.Name = "程序"
		err := one.key.check(now)
		if one.field == "" && err != nil {
			t.Errorf("%s: %v", one.why, err)
		}
		if all := errs.Each(err); one.field != "" && (len(all) != 1 || all[0].Field != one.field) {
			t.Errorf("%s: %v, want it at %s", one.why, err, one.field)
		}
	}
}

package access

import (
	"errors"
	"strings"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/trail"
)

// A calendar address opens by its whole secret, is its holder's alone, and ends
// with the account, with the password, or by hand.
func TestCalendarAddresses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		ctx := t.Context()
		h, err := g.Hash(ctx, "wugang", "一句很长的话没人猜")
		if err != nil {
			t.Fatal(err)
		}
		accounts := map[string]Account{}
		for login, person := range map[string]string{"wugang": "p1", "heyong": "p2"} {
			write(t, d, func(tx *db.Tx) (err error) {
				accounts[login], err = AddAccount(ctx, tx, "990101", login, person, h, By{})
				return err
			})
		}
		a := accounts["wugang"]
		makes := func() (c CalendarAddress, secret string) {
			t.Helper()
			write(t, d, func(tx *db.Tx) (err error) { c, secret, err = AddCalendar(ctx, tx, a, From{}); return err })
			return c, secret
		}
		gone := func(why, secret string) {
			t.Helper()
			if _, _, err := CheckCalendar(ctx, d, "990101", secret); !errors.Is(err, errs.NotFound) || !strings.Contains(err.Error(), "没有这个日历") {
				t.Errorf("%s: %v", why, err)
			}
		}
		c, secret := makes()
		if got, of, err := CheckCalendar(ctx, d, "990101", secret); err != nil || got.ID != c.ID || of.Login != "wugang" {
			t.Fatalf("its own secret: %+v, %+v, %v", got, of, err)
		}
		_, other := makes()
		part := strings.Split(other, "_")
		for why, wrong := range map[string]string{
			"nothing": "", "half of it": secret[:len(secret)-1], "the name of a calendar": "standard", "a key": "linli" + strings.TrimPrefix(secret, "due"),
			"the id of one and the secret of another": strings.Join([]string{"due", "990101", c.ID, part[3]}, "_"),
			"another district's":                      strings.Replace(secret, "990101", "990102", 1),
			"what no text of a database may hold":     "due_990101_" + c.ID + "_\x00\xff",
		} {
			gone(why, wrong)
		}
		if n, err := db.Value[int](ctx, d, "select count(*) from calendar_addresses where hash like $1", "%"+strings.Split(secret, "_")[3]+"%"); err != nil || n != 0 {
			t.Errorf("the secret lies in the database: %d, %v", n, err)
		}
		if err := UseCalendar(ctx, d, c, w.Now()); err != nil {
			t.Error(err)
		}
		all, err := CalendarsOf(ctx, d, "990101", "wugang")
		if err != nil || len(all) != 2 || !all[1].Used.Equal(w.Now().Truncate(time.Microsecond)) || !all[0].Used.IsZero() {
			t.Errorf("the list: %+v, %v", all, err)
		}
		for range calendarsMost - 2 {
			makes()
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { _, _, err := AddCalendar(ctx, tx, a, From{}); return err }); !errors.Is(err, errs.Conflict) {
			t.Errorf("one more than there may be: %v", err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return EndCalendar(ctx, tx, accounts["heyong"], c.ID, From{}) }); !errors.Is(err, errs.NotFound) {
			t.Errorf("a colleague ends it: %v", err)
		}
		write(t, d, func(tx *db.Tx) error { return EndCalendar(ctx, tx, a, c.ID, From{}) })
		gone("ended by hand", secret)
		write(t, d, func(tx *db.Tx) error { return ChangePassword(ctx, tx, a, h, "", From{}) })
		gone("after another password", other)
		_, secret = makes()
		write(t, d, func(tx *db.Tx) error { _, err := setActive(ctx, tx, "990101", "wugang", false); return err })
		gone("of an account that is not open", secret)
		write(t, d, func(tx *db.Tx) error { return Close(ctx, tx, "990101", "wugang", By{}) })
		write(t, d, func(tx *db.Tx) error { return Reopen(ctx, tx, "990101", "wugang", By{}) })
		gone("of an account that was closed and opened again", secret)
		_, secret = makes()
		write(t, d, func(tx *db.Tx) error { return Forget(ctx, tx, "990101", Staff("wugang")) })
		gone("of somebody who was forgotten", secret)
		if n, err := db.Value[int](ctx, d, "select count(*) from calendar_addresses"); err != nil || n != 0 {
			t.Errorf("%d addresses are left, %v", n, err)
		}
		entries, err := trail.Of(ctx, d, "990101", trail.Chain(trail.SignIns, "p1"))
		if err != nil {
			t.Fatal(err)
		}
		acts := map[string]int{}
		for _, e := range entries {
			acts[e.Act]++
		}
		if acts[string(CalendarMade)] != calendarsMost+2 || acts[string(CalendarEnded)] != 1 {
			t.Errorf("the trail: %v", acts)
		}
	})
}

func FuzzCheckCalendar(f *testing.F) {
	for _, s := range []string{"", "due", "due_990101_x_y", "due_990101_0197f1c2-0000-7000-8000-000000000000_AAAA", "standard", "a_b_c_d_e"} {
		f.Add(s)
	}
	d, err := db.Open(f.Context(), db.Config{URL: "sqlite:" + f.TempDir() + "/linli.db"})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = d.Close() })
	f.Fuzz(func(t *testing.T, secret string) {
		if _, _, err := CheckCalendar(t.Context(), d, "990101", secret); !errors.Is(err, errs.NotFound) {
			t.Fatalf("%q: %v", secret, err)
		}
	})
}

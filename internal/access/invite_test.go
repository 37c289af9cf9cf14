package access

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/trail"
)

func invited(t *testing.T, d *db.DB, login, person string) (text string) {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) {
		_, text, err = Invite(t.Context(), tx, "990101", login, person, By{Person: "p-admin", Post: "post-1"})
		return err
	})
	return text
}

func accept(t *testing.T, g *Guard, d *db.DB, link, password string) error {
	t.Helper()
	h, err := g.Hash(t.Context(), "new", password)
	if err != nil {
		t.Fatal(err)
	}
	return d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := Accept(t.Context(), tx, "990101", link, h, From{})
		return err
	})
}

// ASVS 6.3.2, 6.4.1
func TestInvitationIsGoodOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		late, replaced := invited(t, d, "late", "p-late"), invited(t, d, "suming", "p-suming")
		link := invited(t, d, "suming", "p-suming")
		for why, bad := range map[string]string{"replaced by a newer one": replaced, "made up": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "empty": ""} {
			if err := accept(t, g, d, bad, "plum rain over bridges"); !errors.Is(err, errs.NotFound) {
				t.Errorf("a link %s: %v", why, err)
			}
		}
		if err := accept(t, g, d, link, "plum rain over bridges"); err != nil {
			t.Fatal(err)
		}
		if _, err := g.SignIn(t.Context(), d, "990101", "suming", "plum rain over bridges", From{}); err != nil {
			t.Errorf("sign in with the password that was chosen: %v", err)
		}
		if err := accept(t, g, d, link, "another one entirely"); !errors.Is(err, errs.NotFound) {
			t.Errorf("the link a second time: %v", err)
		}
		w.advance(inviteTime + time.Second)
		if err := accept(t, g, d, late, "plum rain over bridges"); !errors.Is(err, errs.NotFound) {
			t.Errorf("a link of two days ago: %v", err)
		}
	})
}

// A link for an account that is there sets another password and puts whoever
// used the old one out.
//
// ASVS 6.4.3
func TestInvitationOfAnAccountThatIsThere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		s := NewSessions(d, "990101")
		if err := s.Commit("thief", sessionOf(t, map[string]any{SessionLogin: "chenli"}), time.Time{}); err != nil {
			t.Fatal(err)
		}
		if err := accept(t, g, d, invited(t, d, "chenli", "person-chenli"), "plum rain over bridges"); err != nil {
			t.Fatal(err)
		}
		if _, found, err := s.Find("thief"); found || err != nil {
			t.Errorf("the old session lives, %v", err)
		}
		if _, err := g.SignIn(t.Context(), d, "990101", "chenli", good, From{}); !errors.Is(err, errs.SignIn) {
			t.Errorf("the old password: %v", err)
		}
		for _, row := range []struct{ why, login, person string }{
			{"a login of somebody else", "chenli", "person-other"},
			{"a closed account", "closed", "person-closed"},
		} {
			if row.login == "closed" {
				add(t, g, d, "closed")
				write(t, d, func(tx *db.Tx) error { return Close(t.Context(), tx, "990101", "closed", By{}) })
			}
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, _, err := Invite(t.Context(), tx, "990101", row.login, row.person, By{})
				return err
			})
			if !errors.Is(err, errs.Conflict) {
				t.Errorf("%s: got %v, want a conflict", row.why, err)
			}
		}
	})
}

// What was done to an account, and by whom, is in the trail of rights; what its
// holder did is in that of sign-ins.
//
// ASVS 6.4.3, 16.2.1
// GB/T 22239 8.1.4.3a, 8.1.4.3b
func TestTrailsOfAnAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		from := From{Agent: "Chrome · Windows", Net: "203.0.113.0/24"}
		if err := accept(t, g, d, invited(t, d, "suming", "p-suming"), good); err != nil {
			t.Fatal(err)
		}
		for _, do := range []func(*db.Tx) error{
			func(tx *db.Tx) error { return Unlock(t.Context(), tx, "990101", "suming", By{}) },
			func(tx *db.Tx) error { return ResetFactors(t.Context(), tx, "990101", "suming", By{}) },
			func(tx *db.Tx) error { return Close(t.Context(), tx, "990101", "suming", By{}) },
		} {
			write(t, d, do)
		}
		_, _ = g.SignIn(t.Context(), d, "990101", "suming", good, from) // closed
		write(t, d, func(tx *db.Tx) error { return Reopen(t.Context(), tx, "990101", "suming", By{}) })
		_, _ = g.SignIn(t.Context(), d, "990101", "suming", "wrong", from)
		acts := func(book trail.Book) (all []string) {
			entries, err := trail.Of(t.Context(), d, "990101", trail.Chain(book, "p-suming"))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				all = append(all, e.Act)
				for _, value := range e.Detail {
					if value == "wrong" || value == good {
						t.Errorf("%s holds a password", e.Act)
					}
				}
			}
			return all
		}
		want := []string{"account-invited", "account-added", "account-unlocked", "factors-reset", "account-closed", "account-opened"}
		if diff := cmp.Diff(want, acts(trail.Rights)); diff != "" {
			t.Errorf("rights (-want +got):\n%s", diff)
		}
		events, err := Events(t.Context(), d, "990101", "p-suming", 10)
		if err != nil || len(events) != 2 || events[0].Act != SignInRefused || events[0].From != from {
			t.Errorf("got %+v, %v; want two refusals from %v", events, err, from)
		}
		for _, do := range []func(*db.Tx) error{
			func(tx *db.Tx) error { return Close(t.Context(), tx, "990101", "nobody", By{}) },
			func(tx *db.Tx) error { return Unlock(t.Context(), tx, "990101", "nobody", By{}) },
		} {
			if err := d.Write(t.Context(), do); !errors.Is(err, errs.NotFound) {
				t.Errorf("of nobody: %v", err)
			}
		}
	})
}

// GB/T 22239 8.1.4.4f
func TestNewDevicesAreNoticed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, g *Guard, d *db.DB) {
		begin := func(mark string) (b Begun) {
			write(t, d, func(tx *db.Tx) (err error) {
				b, err = Begin(t.Context(), tx, account(t, d, "chenli"), []Factor{ByPassword, ByCode}, From{Agent: "Edge · Windows"}, mark)
				return err
			})
			return b
		}
		first := begin("")
		phone := begin("")
		var news []bool
		for _, b := range []Begun{first, phone, begin(first.Mark), begin(phone.Mark), begin("a mark from elsewhere")} {
			news = append(news, b.New)
		}
		if want := []bool{false, true, false, false, true}; !slices.Equal(news, want) {
			t.Errorf("new devices %v, want %v", news, want)
		}
		jobs, err := db.Value[int](t.Context(), d, "select count(*) from jobs where kind = $1", NewDeviceJob)
		if err != nil || jobs != 2 {
			t.Errorf("%d are told of, %v, want 2", jobs, err)
		}
		w.advance(forgetDevice + time.Hour)
		write(t, d, func(tx *db.Tx) error { return Sweep(t.Context(), tx, "990101") })
		if n, err := db.Value[int](t.Context(), d, "select count(*) from devices"); err != nil || n != 0 {
			t.Errorf("%d devices are kept, %v", n, err)
		}
	})
}

func TestNetworkTellsNoAddress(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, remote, want string }{
		{"IPv4", "203.0.113.77:5555", "203.0.113.0/24"},
		{"IPv6", "[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1::/48"},
		{"IPv4 in the clothes of IPv6", "[::ffff:203.0.113.77]:1", "203.0.113.0/24"},
		{"without a port", "203.0.113.77", "203.0.113.0/24"},
		{"with a zone", "[fe80::1%eth0]:1", "fe80::/48"},
		{"no address", "pipe", ""},
	} {
		if got := Network(row.remote); got != row.want {
			t.Errorf("%s: got %q, want %q", row.why, got, row.want)
		}
	}
}

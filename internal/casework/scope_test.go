package casework_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// scopeDraws is how many random scopes each engine is asked about, each over
// every case of the crowd.
const scopeDraws = 10_000

// observerPosts are observers that exist for these tests alone.
var observerPosts = []string{"observer-1", "observer-2", "observer-3"}

// disclose opens cases to observers at random: some already over, some ended
// early, some still to come, some of cases that are kept secret since.
func (c *crowd) disclose(dice *rand.Rand) {
	now := c.Clock.Now()
	day := func(n int) time.Time { return now.Add(time.Duration(n) * 24 * time.Hour) }
	for i, id := range c.all() {
		if dice.IntN(3) == 0 {
			continue
		}
		post, unit := one(dice, observerPosts), ""
		if dice.IntN(3) == 0 {
			post, unit = "", string(one(dice, c.d.Org.Units()).ID)
		}
		span := one(dice, [][3]int64{{db.At(day(-3)), db.At(day(9)), 0}, {db.At(day(-3)), db.At(day(9)), 0}, {db.At(now), db.At(day(1)), 0},
			{db.At(day(-9)), db.At(now), 0}, {db.At(day(1)), db.At(day(2)), 0}, {db.At(day(-3)), db.At(day(9)), db.At(day(-1))}})
		c.write(func(tx *db.Tx) error {
			return tx.Exec(c.t.Context(), `insert into disclosures (district, id, case_id, post, unit, photos, reason, by_person, by_post, from_at, until_at, ended_at)
				values ($1, $2, $3, $4, $5, $6, 'r', 'p', 'q', $7, $8, $9)`, c.d.Code, fmt.Sprint("disclosure-", i), string(id), post, unit, false, span[0], span[1], span[2])
		})
		if dice.IntN(8) == 0 {
			c.write(func(tx *db.Tx) error {
				return tx.Exec(c.t.Context(), "update cases set secret = $3 where district = $1 and id = $2", c.d.Code, string(id), true)
			})
		}
	}
}

// What one door shows in a scope, every door shows: a list, its count, its
// groups, a search, an export, a map's pins and the direct link.
//
// ASVS 8.2.2
// GB/T 22239 8.1.4.2f
func TestOneScopeForEveryDoor(t *testing.T) {
	t.Parallel()
	eachCrowd(t, 60, func(t *testing.T, c *crowd) {
		dice := rand.New(rand.NewPCG(6, 4))
		c.disclose(dice)
		all := c.known()
		var ids []casework.ID
		for _, k := range all {
			ids = append(ids, k.ID)
		}
		some, none, every := 0, 0, 0
		for n := range scopeDraws {
			s := c.drawScope(dice)
			want := map[casework.ID]bool{}
			for _, k := range all {
				if s.Sees(k.Case, k.tasks, k.open...) {
					want[k.ID] = true
				}
			}
			switch len(want) {
			case 0:
				none++
			case len(all):
				every++
			default:
				some++
			}
			c.doors(s, want, ids, n)
			word := casework.Filter{Scope: s, Text: one(dice, []string{"井盖", "路灯", "垃圾"}), Newest: true}
			if diff := cmp.Diff(names(c.pick(word, all)), c.list(word, 500), byName); diff != "" {
				t.Fatalf("scope %+v, search (-Sees +found)\n%s", s, diff)
			}
		}
		t.Logf("%d scopes over %d cases: %d see some, %d all, %d none", scopeDraws, len(all), some, every, none)
		if some < scopeDraws/3 {
			t.Errorf("only %d of %d scopes see some of the cases and not all: too few to prove much", some, scopeDraws)
		}
	})
}

// doors asks every way to read cases in a scope. The dear ones take turns.
func (c *crowd) doors(s casework.Scope, want map[casework.ID]bool, ids []casework.ID, n int) {
	c.t.Helper()
	ctx, now := c.t.Context(), c.Clock.Now()
	same := func(door string, got map[casework.ID]bool, err error) {
		c.t.Helper()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			c.t.Fatalf("scope %+v, %s: %v (-Sees +door)\n%s", s, door, err, diff)
		}
	}
	got := map[casework.ID]bool{}
	for _, r := range c.list(casework.Filter{Scope: s, Newest: n%2 == 0}, 500) {
		got[r.Case] = true
	}
	same("list", got, nil)
	if got = (map[casework.ID]bool{}); n%3 == 0 {
		for _, r := range c.list(casework.Through(casework.Filter{Scope: s, Newest: n%2 == 0}), 500) {
			got[r.Case] = true
		}
		same("list through all cases", got, nil)
	}
	tally, err := casework.Count(ctx, c.DB, c.d, casework.Filter{Scope: s}, now)
	if err != nil || tally != (casework.Tally{N: len(want)}) {
		c.t.Fatalf("scope %+v: counted %+v, %v, want %d", s, tally, err, len(want))
	}
	switch n % 8 {
	case 0:
		got, err := casework.Within(ctx, c.DB, c.d, s, now, ids...)
		same("map", got, err)
	case 1:
		got := map[casework.ID]bool{}
		err := casework.Each(ctx, c.DB, c.d, casework.Filter{Scope: s}, now, func(r casework.Row) error { got[r.Case.ID] = true; return nil })
		same("export", got, err)
		all, err := casework.CountAll(ctx, c.DB, c.d, casework.Filter{Scope: s}, now)
		if err != nil || all != len(want) {
			c.t.Fatalf("scope %+v: an export would note %d rows, %v, want %d", s, all, err, len(want))
		}
	case 2:
		sum, groups, err := 0, map[string]int(nil), error(nil)
		if groups, err = casework.Groups(ctx, c.DB, c.d, casework.Filter{Scope: s}, casework.ByChannel, now); err == nil {
			for _, n := range groups {
				sum += n
			}
		}
		if err != nil || sum != len(want) {
			c.t.Fatalf("scope %+v: groups hold %d, %v, want %d", s, sum, err, len(want))
		}
	case 3:
		id := ids[n/8%len(ids)]
		one, _, err := casework.Seen(ctx, c.DB, c.d, s, id, now)
		if want[id] != (err == nil && one.ID == id) || !want[id] && errs.KindOf(err) != errs.NotFound {
			c.t.Fatalf("scope %+v: the direct link to %s gives %v, want it to open: %t", s, id, err, want[id])
		}
	}
}

// A case outside the scope, an id that no case has, and one that is none answer
// word for word the same.
//
// ASVS 8.2.2
func TestOutsideIsAsMissing(t *testing.T) {
	t.Parallel()
	eachCrowd(t, 3, func(t *testing.T, c *crowd) {
		none := casework.Scope{}
		texts := map[string]string{}
		for why, id := range map[string]casework.ID{"outside": c.all()[0], "nobody's": "0193a1b2-0000-7000-8000-000000000000", "no id": "x", "NUL": "a\x00", "no text": "\xff"} {
			_, tasks, err := casework.Seen(t.Context(), c.DB, c.d, none, id, c.Clock.Now())
			said, _ := errs.TextOf(err)
			if texts[said.ZH+said.EN] = why; errs.KindOf(err) != errs.NotFound || tasks != nil {
				t.Errorf("%s: %v, %v, want not found and nothing else", why, tasks, err)
			}
		}
		if len(texts) != 1 {
			t.Errorf("the answers differ: %v", texts)
		}
	})
}

// The page that says who sees a case says of every post what Sees says of it,
// and what the post's own list shows.
func TestWhoSees(t *testing.T) {
	t.Parallel()
	eachCrowd(t, 40, func(t *testing.T, c *crowd) {
		dice := rand.New(rand.NewPCG(7, 4))
		c.disclose(dice)
		posts := casework.Everybody(c.d, c.Clock.Now())
		for _, id := range observerPosts {
			posts = append(posts, procedure.Actor{Person: id, Post: id, Role: "observer"})
		}
		lists := map[string]map[casework.ID]bool{}
		for _, p := range posts {
			lists[p.Post] = map[casework.ID]bool{}
			for _, r := range c.list(casework.Filter{Scope: append(casework.ScopeOf(c.d, p), casework.ObservedBy(c.d, p)...)}, 500) {
				lists[p.Post][r.Case] = true
			}
		}
		keys := casework.Scope{{By: procedure.Actor{Post: "key", Unit: "u-shizheng"}, Reach: casework.Bounded}}
		whys := map[casework.Reason]int{}
		for _, k := range c.known() {
			all, err := casework.WhoSees(t.Context(), c.DB, c.d, k.ID, posts, keys, c.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			told := map[string]bool{}
			for _, one := range all {
				told[one.By.Post] = true
				whys[one.Why]++
			}
			for _, p := range posts {
				if sees := lists[p.Post][k.ID]; sees != told[p.Post] {
					t.Errorf("%s, %s in %s for %q: the page says %t, the list %t", k.Number, p.Role, p.Unit, p.Area, told[p.Post], sees)
				}
			}
			if sees := keys.Sees(k.Case, k.tasks); sees != told["key"] {
				t.Errorf("%s: the page says of the key %t, want %t", k.Number, told["key"], sees)
			}
		}
		for _, why := range []casework.Reason{casework.SeesAll, casework.SeesByUnit, casework.SeesByArea, casework.SeesByTask, casework.SeesDisclosed, casework.SeesByKey} {
			if whys[why] == 0 {
				t.Errorf("nobody sees anything because of %q: the crowd proves nothing about it", why)
			}
		}
	})
}

// Which posts, keys and bounds give what.
func TestScopeOf(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, "sqlite:"+t.TempDir()+"/linli.db", 0)
	for _, row := range []struct {
		why  string
		role procedure.Role
		want casework.Scope
		see  []casework.Reach
	}{
		{why: "who takes in sees every case", role: procedure.Acceptor, see: []casework.Reach{casework.Everywhere}},
		{why: "a handler sees the unit's", role: procedure.Handler, see: []casework.Reach{casework.OfPost}},
		{why: "an administrator of the centre sees none of the centre's", role: "admin"},
		{why: "nor who gives rights", role: "security-admin"},
		{why: "nor who audits", role: "audit-admin"},
		{why: "an observer sees nothing as one who works here", role: "observer"},
		{why: "a role that nobody knows has no right", role: "king"},
	} {
		var got []casework.Reach
		for _, g := range casework.ScopeOf(c.d, procedure.Actor{Role: row.role, Unit: "u-zhihui"}) {
			got = append(got, g.Reach)
		}
		if diff := cmp.Diff(row.see, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", row.why, diff)
		}
	}
	see, all := []rights.Right{rights.CaseSee}, []rights.Right{rights.CaseSee, rights.CaseSeeAll}
	for _, row := range []struct {
		why        string
		can        []rights.Right
		unit, area string
		want       casework.Reach
	}{
		{"every case, without bounds", all, "", "", casework.Everywhere},
		{"bounds hold even where the right goes further", all, "u-shizheng", "", casework.Bounded},
		{"some cases, and which", see, "", "990101001", casework.Bounded},
		{"some cases, and nobody said which", see, "", "", ""},
		{"a key that only sends reports", []rights.Right{rights.ReportReceive}, "u-shizheng", "", ""},
	} {
		got := casework.Reach("")
		if s := casework.ScopeOfKey("k", row.can, row.unit, row.area); len(s) > 0 {
			got = s[0].Reach
		} else if s == nil {
			t.Errorf("%s: nil, which sees everything", row.why)
		}
		if got != row.want {
			t.Errorf("%s: %q, want %q", row.why, got, row.want)
		}
	}
}

// A disclosure is made by who may, to who observes, for a time, and never of a
// case whose reporter is kept secret. It and the remark stand in the trail.
func TestDisclose(t *testing.T) {
	t.Parallel()
	eachCrowd(t, 2, func(t *testing.T, c *crowd) {
		id, now := c.all()[0], c.Clock.Now()
		supervisor := c.as("zhouhui", procedure.Supervisor)
		good := casework.Disclosure{Unit: "u-shizheng", Until: now.Add(48 * time.Hour), Reason: "代表视察"}
		try := func(by procedure.Actor, o casework.Disclosure) (made casework.Disclosure, err error) {
			err = c.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
				made, err = casework.Disclose(t.Context(), tx, casework.Acting{District: c.d, By: by}, id, o)
				return err
			})
			return made, err
		}
		with := func(change func(*casework.Disclosure)) casework.Disclosure { o := good; change(&o); return o }
		for _, row := range []struct {
			why  string
			by   procedure.Actor
			o    casework.Disclosure
			want errs.Kind
		}{
			{"a handler opens nothing", c.as("wugang", procedure.Handler), good, errs.Forbidden},
			{"to nobody", supervisor, with(func(o *casework.Disclosure) { o.Unit = "" }), errs.Invalid},
			{"to a post and a unit at once", supervisor, with(func(o *casework.Disclosure) { o.Post = "x" }), errs.Invalid},
			{"to a post that does not observe", supervisor, with(func(o *casework.Disclosure) { o.Unit, o.Post = "", supervisor.Post }), errs.Invalid},
			{"to a unit that is none", supervisor, with(func(o *casework.Disclosure) { o.Unit = "u-none" }), errs.Invalid},
			{"for no time", supervisor, with(func(o *casework.Disclosure) { o.Until = now }), errs.Invalid},
			{"for ever", supervisor, with(func(o *casework.Disclosure) { o.Until = now.Add(casework.DisclosureMost + 1) }), errs.Invalid},
			{"without saying why", supervisor, with(func(o *casework.Disclosure) { o.Reason = " " }), errs.Invalid},
		} {
			if _, err := try(row.by, row.o); errs.KindOf(err) != row.want {
				t.Errorf("%s: %v, want %s", row.why, err, row.want)
			}
		}
		made, err := try(supervisor, good)
		if err != nil {
			t.Fatal(err)
		}
		observer := procedure.Actor{Person: "o", Post: "o1", Role: "observer", Unit: "u-shizheng"}
		remark := func(text string) error {
			return c.DB.Write(t.Context(), func(tx *db.Tx) error {
				return casework.Remark(t.Context(), tx, casework.Acting{District: c.d, By: observer}, id, text)
			})
		}
		wantKind(t, remark(""), errs.Invalid, "an empty remark")
		if err := remark("请尽快修好"); err != nil {
			t.Errorf("a remark while it is open: %v", err)
		}
		if e := c.entry(id, "remarked"); e.Detail["note"] != "请尽快修好" || e.Person != "o" {
			t.Errorf("the trail says %+v", e)
		}
		if e := c.entry(id, "disclosed"); e.Detail["unit"] != "u-shizheng" || e.Detail["reason"] != "代表视察" {
			t.Errorf("the trail says %+v", e)
		}
		c.Due() // the unit is told
		end := func() error {
			return c.DB.Write(t.Context(), func(tx *db.Tx) error {
				return casework.EndDisclosure(t.Context(), tx, casework.Acting{District: c.d, By: supervisor}, id, made.ID)
			})
		}
		if err := end(); err != nil {
			t.Error(err)
		}
		wantKind(t, end(), errs.NotFound, "ending it twice")
		wantKind(t, remark("还是没修"), errs.NotFound, "a remark after it was closed")
		c.write(func(tx *db.Tx) error {
			return tx.Exec(context.Background(), "update cases set secret = $3 where district = $1 and id = $2", c.d.Code, string(id), true)
		})
		_, err = try(supervisor, good)
		wantKind(t, err, errs.Conflict, "a case whose reporter is kept secret")
	})
}

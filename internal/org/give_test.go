package org_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/sheet"
	"linli/internal/trail"
)

// zone is where the district of the tests lies.
var zone = clock.China().Zone()

// at is an instant of the day on which most of these tests happen.
func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		panic(err)
	}
	return t
}

// house is a district with a security administrator, at an instant.
type house struct {
	t  *testing.T
	db *db.DB
}

func newHouse(t *testing.T, d *db.DB) house {
	t.Helper()
	people := peopleCSV + "luopei,罗沛,13800000003\nheqiao,何樵,13800000004\nsuming,苏明,13800000005\nzhanglan,张岚,13800000006\nzhoumin,周敏,13800000007\n"
	posts := postsCSV + "luopei,security-admin,u-centre,,,\nheqiao,audit-admin,u-centre,,,\nsuming,admin,u-centre,,,2026-12-31\n" +
		"zhanglan,handler,u-guixiang,,,\nzhoumin,unit-lead,u-huaishu,,,\n"
	if got, err := run(t.Context(), d, sheet.Policy{}, unitsCSV, people, posts); err != nil {
		t.Fatal(err, got)
	}
	return house{t, d}
}

func (h house) dir() *org.Directory {
	h.t.Helper()
	dir, err := org.Open(h.t.Context(), h.db, district)
	if err != nil {
		h.t.Fatal(err)
	}
	return dir
}

func (h house) person(login string) org.PersonID {
	h.t.Helper()
	p, ok := h.dir().PersonByLogin(login)
	if !ok {
		h.t.Fatalf("no %s", login)
	}
	return p.ID
}

func (h house) by(login string) org.Giver {
	p := h.person(login)
	return org.Giver{Person: p, Post: h.dir().AllPostsOf(p)[0].ID, Unit: "u-centre"}
}

func (h house) write(now string, do func(context.Context, *db.Tx) error) error {
	h.t.Helper()
	return h.db.Write(h.t.Context(), func(tx *db.Tx) error {
		tx.Now = at(now)
		return do(h.t.Context(), tx)
	})
}

func (h house) give(now, by string, p org.Post) (got org.Post, err error) {
	h.t.Helper()
	giver := h.by(by)
	err = h.write(now, func(ctx context.Context, tx *db.Tx) error {
		got, err = org.Give(ctx, tx, district, rules(), giver, p, "新来的")
		return err
	})
	return got, err
}

func (h house) end(now string, id org.PostID, when time.Time) error {
	h.t.Helper()
	giver := h.by("luopei")
	return h.write(now, func(ctx context.Context, tx *db.Tx) error {
		_, err := org.End(ctx, tx, district, zone, giver, id, when, "调走了")
		return err
	})
}

func (h house) stand(now, holder, person, from, to string, keeps bool) (got org.StandIn, err error) {
	h.t.Helper()
	giver := h.by("luopei")
	post := h.dir().AllPostsOf(h.person(holder))[0].ID
	s := org.StandIn{Post: post, Person: h.person(person), From: at(from), To: at(to), Keeps: keeps, Why: "休假"}
	err = h.write(now, func(ctx context.Context, tx *db.Tx) error {
		got, err = org.Stand(ctx, tx, district, rules(), giver, s)
		return err
	})
	return got, err
}

// roles lists what a person may act as at an instant, with whom they stand in for.
func (h house) roles(login, now string) string {
	h.t.Helper()
	dir := h.dir()
	var all []string
	for _, p := range dir.HeldAt(h.person(login), at(now), zone) {
		one := string(p.Role)
		if holder, ok := dir.Person(p.For); ok {
			one += " for " + holder.Login
		}
		all = append(all, one)
	}
	return strings.Join(all, ", ")
}

// GB/T 22239 8.1.4.2c
func TestAPostEndsAtItsMinute(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		p, err := h.give("2026-11-23 09:00", "luopei", org.Post{Person: h.person("zhanglan"), Role: "acceptor", Unit: "u-centre"})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.end("2026-11-23 10:00", p.ID, at("2026-11-23 12:00")); err != nil {
			t.Fatal(err)
		}
		for _, one := range []struct{ why, now, want string }{
			{"before it was given no day of it counts", "2026-11-22 23:59", "handler"},
			{"it is held up to the minute", "2026-11-23 11:59", "acceptor, handler"},
			{"and not in it", "2026-11-23 12:00", "handler"},
			{"nor the day after", "2026-11-24 09:00", "handler"},
		} {
			if got := h.roles("zhanglan", one.now); got != one.want {
				t.Errorf("%s: at %s %q, want %q", one.why, one.now, got, one.want)
			}
		}
		if next := h.dir().Changes(h.person("zhanglan"), at("2026-11-23 10:30"), zone); !next.Equal(at("2026-11-23 12:00")) {
			t.Errorf("the next change is at %s, want noon", next)
		}
		entries, err := trail.Of(t.Context(), d, district, trail.Chain(trail.Rights, string(p.ID)))
		if err != nil || len(entries) != 2 || entries[0].Act != org.PostGiven || entries[1].Act != org.PostEnded ||
			entries[1].Detail["reason"] != "调走了" || entries[0].Person != string(h.person("luopei")) {
			t.Errorf("the trail has %+v, %v", entries, err)
		}
		// Taken by mistake and given again the same day, it goes on.
		again, err := h.give("2026-11-23 12:30", "luopei", org.Post{Person: h.person("zhanglan"), Role: "acceptor", Unit: "u-centre"})
		if err != nil || again.ID != p.ID || h.roles("zhanglan", "2026-11-23 13:00") != "acceptor, handler" {
			t.Errorf("given again: %+v, %v", again, err)
		}
	})
}

// GB/T 22239 8.1.4.2e
func TestWhatMayBeGiven(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for _, one := range []struct {
			why, by string
			post    org.Post
			kind    errs.Kind
			says    string
		}{
			{"nobody gives a post to himself", "luopei", org.Post{Person: h.person("luopei"), Role: "leader", Unit: "u-centre"}, errs.Forbidden, "himself"},
			{"the three administrators are three people", "luopei", org.Post{Person: h.person("heqiao"), Role: "admin", Unit: "u-centre"}, errs.Conflict, "both system administrator and audit administrator"},
			{"over time too: his post ends only at the end of the year", "luopei", org.Post{Person: h.person("suming"), Role: "audit-admin", Unit: "u-centre", From: "2026-12-31"}, errs.Conflict, "both"},
			{"and the day after he may", "luopei", org.Post{Person: h.person("suming"), Role: "audit-admin", Unit: "u-centre", From: "2027-01-01"}, "", ""},
			{"the same post twice", "luopei", org.Post{Person: h.person("zhanglan"), Role: "handler", Unit: "u-guixiang"}, errs.Conflict, "already"},
			{"a role that is none", "luopei", org.Post{Person: h.person("zhanglan"), Role: "king", Unit: "u-centre"}, errs.Invalid, "no role"},
			{"a unit that is none", "luopei", org.Post{Person: h.person("zhanglan"), Role: "handler", Unit: "u-none"}, errs.Invalid, "no such unit"},
			{"an area that is none", "luopei", org.Post{Person: h.person("zhanglan"), Role: "grid-leader", Unit: "u-centre", Area: "110101"}, errs.Invalid, "no area"},
			{"a grid worker everywhere", "luopei", org.Post{Person: h.person("zhanglan"), Role: "grid-worker", Unit: "u-guixiang"}, errs.Invalid, "grid"},
			{"rights for days that are over", "luopei", org.Post{Person: h.person("zhanglan"), Role: "clerk", Unit: "u-centre", From: "2026-11-01"}, errs.Invalid, "before today"},
			{"nobody at all", "luopei", org.Post{Person: "none", Role: "clerk", Unit: "u-centre"}, errs.NotFound, "no such person"},
		} {
			_, err := h.give("2026-11-23 09:00", one.by, one.post)
			text, _ := errs.TextOf(err)
			if errs.KindOf(err) != one.kind || !strings.Contains(text.EN, one.says) {
				t.Errorf("%s: got %v, want %s %q", one.why, err, one.kind, one.says)
			}
		}
	})
}

func TestStandIns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		const now = "2026-11-23 09:00"
		if _, err := h.stand(now, "zhanglan", "zhoumin", "2026-11-24 08:30", "2026-11-26 17:30", false); err != nil {
			t.Fatal(err)
		}
		for _, one := range []struct{ why, login, now, want string }{
			{"before leave all is as it was", "zhanglan", "2026-11-24 08:29", "handler"},
			{"the holder has no rights on leave", "zhanglan", "2026-11-24 08:30", ""},
			{"the stand-in has them, and says for whom", "zhoumin", "2026-11-24 08:30", "unit-lead, handler for zhanglan"},
			{"up to the minute", "zhoumin", "2026-11-26 17:30", "unit-lead"},
			{"and the holder is back", "zhanglan", "2026-11-26 17:30", "handler"},
		} {
			if got := h.roles(one.login, one.now); got != one.want {
				t.Errorf("%s: %s at %s is %q, want %q", one.why, one.login, one.now, got, one.want)
			}
		}
		for _, one := range []struct {
			why, holder, person, from, to string
			kind                          errs.Kind
			says                          string
		}{
			{"two at a time", "zhanglan", "liuxiaoyan", "2026-11-26 08:00", "2026-11-27 08:00", errs.Conflict, "already"},
			{"one after the other is fine", "zhanglan", "liuxiaoyan", "2026-11-26 17:30", "2026-11-27 08:00", "", ""},
			{"for oneself", "zhanglan", "zhanglan", "2026-12-01 08:00", "2026-12-02 08:00", errs.Invalid, "Somebody else"},
			{"by whoever names the stand-in", "heqiao", "luopei", "2026-12-01 08:00", "2026-12-02 08:00", errs.Forbidden, "himself"},
			{"an administrator for another", "heqiao", "suming", "2026-12-01 08:00", "2026-12-02 08:00", errs.Conflict, "both"},
			{"somebody of another unit", "zhanglan", "chenli", "2026-12-01 08:00", "2026-12-02 08:00", "", ""}, // chenli also leads grids there
			{"somebody below", "zhoumin", "zhanglan", "2026-12-01 08:00", "2026-12-02 08:00", errs.Invalid, "same unit"},
			{"who stands in is stood in for", "liuxiaoyan", "zhanglan", "2026-11-24 10:00", "2026-11-24 12:00", errs.Conflict, "stands in for this person"},
			{"a chain the other way", "zhoumin", "chenli", "2026-11-24 10:00", "2026-11-24 12:00", errs.Invalid, "same unit"},
			{"a time that is over", "zhanglan", "zhoumin", "2026-11-20 08:00", "2026-11-21 08:00", errs.Invalid, "after now"},
			{"longer than a year", "zhanglan", "zhoumin", "2026-12-10 08:00", "2028-01-01 08:00", errs.Invalid, "a year"},
			{"after the post has ended", "suming", "chenli", "2026-12-30 08:00", "2027-01-02 08:00", errs.Invalid, "not held"},
		} {
			_, err := h.stand(now, one.holder, one.person, one.from, one.to, false)
			text, _ := errs.TextOf(err)
			if errs.KindOf(err) != one.kind || !strings.Contains(text.EN, one.says) {
				t.Errorf("%s: got %v, want %s %q", one.why, err, one.kind, one.says)
			}
		}
	})
}

// A stand-in needs a post of their own: without one the rights are gone too.
func TestAStandInWithoutAPostHasNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		s, err := h.stand("2026-11-23 09:00", "zhanglan", "zhoumin", "2026-11-24 08:00", "2026-11-30 08:00", true)
		if err != nil || h.roles("zhanglan", "2026-11-25 09:00") != "handler" {
			t.Fatalf("a holder who keeps the rights has %q, %v", h.roles("zhanglan", "2026-11-25 09:00"), err)
		}
		own := h.dir().AllPostsOf(h.person("zhoumin"))[0].ID
		if err := h.end("2026-11-23 10:00", own, at("2026-11-25 12:00")); err != nil {
			t.Fatal(err)
		}
		if got := h.roles("zhoumin", "2026-11-25 11:59"); got != "unit-lead, handler for zhanglan" {
			t.Errorf("before: %q", got)
		}
		if got := h.roles("zhoumin", "2026-11-25 12:00"); got != "" {
			t.Errorf("without a post of her own she still has %q", got)
		}
		giver := h.by("luopei")
		err = h.write("2026-11-24 10:00", func(ctx context.Context, tx *db.Tx) error {
			_, err := org.EndStandIn(ctx, tx, district, giver, s.ID, "提前回来")
			return err
		})
		if got := h.roles("zhoumin", "2026-11-24 10:00"); err != nil || got != "unit-lead" {
			t.Errorf("ended early: %q, %v", got, err)
		}
		err = h.write("2026-11-24 10:01", func(ctx context.Context, tx *db.Tx) error {
			_, err := org.EndStandIn(ctx, tx, district, giver, s.ID, "再来")
			return err
		})
		if !errors.Is(err, errs.Conflict) {
			t.Errorf("ended twice: %v", err)
		}
	})
}

// GB/T 22239 8.1.4.2d
func TestImportKeepsTheAdministratorsApart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newHouse(t, d)
		for _, one := range []struct{ why, posts, want string }{
			{"beside what is there", "login,role,unit,area,from,to\nsuming,安全管理员,u-centre,,,\n", "posts.csv:2:2 error role\n"},
			{"within one file", "login,role,unit,area,from,to\nchenli,admin,u-centre,,2027-01-01,\nchenli,audit-admin,u-centre,,2027-06-01,\n", "posts.csv:3:2 error role\n"},
			{"what is ended first may be followed", "login,role,unit,area,from,to\nheqiao,audit-admin,u-centre,,,2026-12-31\nheqiao,admin,u-centre,,2027-01-01,\n", "Posts 1/1/0\n"},
		} {
			got, err := run(t.Context(), d, sheet.Policy{}, "", "", one.posts)
			if !strings.Contains(got, one.want) || strings.Contains(one.want, "error") == (err == nil) {
				t.Errorf("%s: got %q, %v, want %q", one.why, got, err, one.want)
			}
		}
	})
}

// Of two who give exclusive roles to one person at once, one is refused.
//
// ASVS 2.3.4
func TestTwoGiveAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		giver, person := h.by("luopei"), h.person("zhanglan")
		came := make(chan error, 2)
		for _, role := range []org.Role{"admin", "audit-admin"} {
			go func() {
				came <- d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := org.Give(t.Context(), tx, district, rules(), giver, org.Post{Person: person, Role: role, Unit: "u-centre"}, "试")
					return err
				})
			}()
		}
		one, two := <-came, <-came
		if (one == nil) == (two == nil) {
			t.Errorf("got %v and %v, want one of them refused", one, two)
		}
	})
}

package resident_test

import (
	"strings"
	"testing"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/resident"
	"linli/internal/trail"
)

var terms = resident.Terms{Relation: resident.Child, Deeds: []resident.Deed{resident.See, resident.Rate}, Until: "2027-05-31"}

func (w *world) askProxy(agent resident.Resident, principal ident.Phone, t resident.Terms) (id resident.ProxyID, err error) {
	err = w.write(func(tx *db.Tx) (err error) {
		id, _, err = w.book.AskProxy(w.t.Context(), tx, code, agent, principal, t, zone, lang.ZH)
		return err
	})
	return id, err
}

func (w *world) confirm(agent resident.Resident, id resident.ProxyID, principal ident.Phone, given string) (resident.Proxy, error) {
	return w.book.ConfirmProxy(w.t.Context(), w.db, code, agent.ID, id, principal, given, lang.ZH)
}

// proxy makes a daughter act for her father.
func (w *world) proxy() (agent resident.Resident, p resident.Proxy) {
	w.t.Helper()
	agent = w.in(wang)
	id, err := w.askProxy(agent, father, terms)
	w.must(err)
	p, err = w.confirm(agent, id, father, w.told(father))
	w.must(err)
	return agent, p
}

func (w *world) acts(p resident.Proxy, d resident.Deed) error {
	return w.write(func(tx *db.Tx) error { return resident.Acted(w.t.Context(), tx, code, p, d, "case-1") })
}

// ASVS 6.6.2
func TestProxyByCode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		agent, p := w.proxy()
		if said := w.texts[father][0]; !strings.Contains(said, "138****0101") || !strings.Contains(said, "2027-05-31") || strings.Contains(said, string(wang)) {
			t.Errorf("what the father is asked: %s", said)
		}
		all, err := w.book.Principals(t.Context(), w.db, code, agent.ID, w.clock.Now())
		w.must(err)
		if len(all) != 1 || all[0].Resident.Phone != father || all[0].How != resident.ByCode {
			t.Fatalf("whom the daughter acts for: got %+v", all)
		}
		w.must(w.acts(p, resident.Rate))
		want(t, w.acts(p, resident.Report), errs.Forbidden, "what was not allowed")

		// The father sees the same by his own sign-in, and ends it.
		w.clock.Advance(2 * time.Minute)
		he := w.in(father)
		_, actedFor, err := resident.Proxies(t.Context(), w.db, code, he.ID)
		w.must(err)
		if len(actedFor) != 1 || actedFor[0].ID != p.ID {
			t.Fatalf("who acts for the father: got %+v", actedFor)
		}
		w.must(w.write(func(tx *db.Tx) error { return resident.End(t.Context(), tx, code, he.ID, p.ID) }))
		want(t, w.acts(p, resident.Rate), errs.Forbidden, "after its end")
		_, err = resident.Find(t.Context(), w.db, code, agent.ID, p.ID, w.clock.Now())
		want(t, err, errs.NotFound, "looking after its end")

		entries, err := trail.Of(t.Context(), w.db, code, trail.Chain(trail.Privacy, string(he.ID)))
		w.must(err)
		var acts []string
		for _, e := range entries {
			acts = append(acts, e.Act)
			if e.Detail["for"] != string(he.ID) || e.Detail["proxy"] != string(p.ID) {
				t.Errorf("entry %s names %v", e.Act, e.Detail)
			}
		}
		if got := strings.Join(acts, " "); got != "proxy-made proxy-acted proxy-ended" {
			t.Errorf("the trail: got %s", got)
		}
	})
}

// TestProxyIsNotTaken tries to get an authority that nobody gave.
func TestProxyIsNotTaken(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		agent := w.in(wang)
		id, err := w.askProxy(agent, father, terms)
		w.must(err)
		asked := w.told(father)
		_, err = w.confirm(agent, id, father, "000000")
		if asked != "000000" {
			want(t, err, errs.SignIn, "a guessed code")
		}
		other := w.in("13800000103")
		_, err = w.confirm(other, id, father, asked)
		want(t, err, errs.SignIn, "somebody else's request")
		_, err = w.try(father, asked)
		want(t, err, errs.SignIn, "the code of a proxy signs nobody in")
		if acting, _, err := resident.Proxies(t.Context(), w.db, code, agent.ID); err != nil || len(acting) > 0 {
			t.Errorf("before the code: %v %v", acting, err)
		}
		want(t, w.write(func(tx *db.Tx) error { return resident.End(t.Context(), tx, code, agent.ID, id) }), errs.NotFound, "ending what never began")

		w.clock.Advance(2 * time.Minute)
		w.must(w.ask(father))
		signIn := w.told(father)
		_, err = w.confirm(agent, id, father, signIn)
		want(t, err, errs.SignIn, "the code of a sign-in confirms no proxy")

		for range 4 {
			w.clock.Advance(2 * time.Minute)
			_, err = w.askProxy(agent, father, terms)
			w.must(err)
		}
		w.clock.Advance(2 * time.Minute)
		_, err = w.askProxy(agent, father, terms)
		want(t, err, errs.Often, "a sixth request in a day")
	})
}

func TestTerms(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		agent := w.in(wang)
		for _, c := range []struct {
			why   string
			phone ident.Phone
			set   func(*resident.Terms)
			field string
		}{
			{"a year and a day is too long", father, func(t *resident.Terms) { t.Until = "2027-11-24" }, "until"},
			{"yesterday is over", father, func(t *resident.Terms) { t.Until = "2026-11-22" }, "until"},
			{"no date", father, func(t *resident.Terms) { t.Until = "soon" }, "until"},
			{"nothing to do", father, func(t *resident.Terms) { t.Deeds = nil }, "deeds"},
			{"acting without seeing", father, func(t *resident.Terms) { t.Deeds = []resident.Deed{resident.Rate} }, "deeds"},
			{"an unknown deed", father, func(t *resident.Terms) { t.Deeds = []resident.Deed{resident.See, "sell"} }, "deeds"},
			{"an unknown relation", father, func(t *resident.Terms) { t.Relation = "boss" }, "relation"},
			{"a guardian comes to the counter", father, func(t *resident.Terms) { t.Relation = resident.Guardian }, "relation"},
			{"for oneself", wang, func(*resident.Terms) {}, "phone"},
		} {
			tt := terms
			c.set(&tt)
			_, err := w.askProxy(agent, c.phone, tt)
			want(t, err, errs.Invalid, c.why)
			if all := errs.Each(err); len(all) == 0 || all[0].Field != c.field {
				t.Errorf("%s: blames %v, want %s", c.why, err, c.field)
			}
		}
		tt := terms
		tt.Until = "2027-11-23"
		if _, err := w.askProxy(agent, father, tt); err != nil {
			t.Errorf("just a year: %v", err)
		}
	})
}

// TestProxyEndsByItself lets time pass: first it acts no more, then the night
// says so.
func TestProxyEndsByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		_, p := w.proxy()
		w.clock.Set(clock.Date("2027-06-01").Start(zone).Add(-time.Microsecond))
		w.must(w.acts(p, resident.See))
		w.clock.Set(clock.Date("2027-06-01").Start(zone))
		want(t, w.acts(p, resident.See), errs.Forbidden, "the day after")
		w.must(w.write(func(tx *db.Tx) error { return resident.Sweep(t.Context(), tx, code) }))
		acting, _, err := resident.Proxies(t.Context(), w.db, code, p.Agent)
		w.must(err)
		if len(acting) != 1 || acting[0].EndedBy != resident.ByTime {
			t.Errorf("after the night: got %+v", acting)
		}
	})
}

// TestProxyEndsWithTheNumber holds that whoever gets a number later neither
// acts for somebody nor is acted for.
func TestProxyEndsWithTheNumber(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		_, p := w.proxy()
		w.clock.Advance(181 * 24 * time.Hour)
		next := w.in(father)
		want(t, w.acts(p, resident.See), errs.Forbidden, "for the old holder")
		_, actedFor, err := resident.Proxies(t.Context(), w.db, code, next.ID)
		w.must(err)
		if len(actedFor) > 0 {
			t.Errorf("the new holder is acted for: %+v", actedFor)
		}
	})
}

func (w *world) witness(one resident.Witnessed) (p resident.Proxy, err error) {
	one.Person, one.Post = "p-clerk", "post-clerk"
	err = w.write(func(tx *db.Tx) (err error) {
		p, err = w.book.Witness(w.t.Context(), tx, code, one, zone, lang.ZH)
		return err
	})
	return p, err
}

func TestCounter(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		p, err := w.witness(resident.Witnessed{Terms: terms, Agent: wang, Principal: father, Name: "王建国", Paper: resident.Power})
		w.must(err)
		agent := w.in(wang)
		all, err := w.book.Principals(t.Context(), w.db, code, agent.ID, w.clock.Now())
		w.must(err)
		if len(all) != 1 || all[0].ID != p.ID || all[0].Paper != resident.Power || all[0].Resident.Masked() != "王*国" {
			t.Fatalf("the daughter signs in: got %+v", all)
		}
		again, err := w.witness(resident.Witnessed{Terms: terms, Agent: wang, Principal: father, Paper: resident.IDCards})
		w.must(err)
		if all, err = w.book.Principals(t.Context(), w.db, code, agent.ID, w.clock.Now()); err != nil || len(all) != 1 || all[0].ID != again.ID {
			t.Errorf("recorded anew: got %+v %v, want the new one alone", all, err)
		}
		between, err := w.book.Between(t.Context(), w.db, code, string(father), w.clock.Now())
		w.must(err)
		if len(between) != 1 {
			t.Errorf("what the clerk finds: %+v", between)
		}
		w.must(w.write(func(tx *db.Tx) error {
			return resident.EndAtCounter(t.Context(), tx, code, again.ID, "p-clerk", "post-clerk")
		}))
		want(t, w.acts(again, resident.See), errs.Forbidden, "ended at the counter")
		for _, c := range []struct {
			why   string
			set   func(*resident.Witnessed)
			field string
		}{
			{"no paper was seen", func(w *resident.Witnessed) { w.Paper = "" }, "paper"},
			{"a child's paper for a grown-up", func(w *resident.Witnessed) { w.Paper = resident.Birth }, "paper"},
			{"nobody acts", func(w *resident.Witnessed) { w.Agent = "" }, "agent"},
			{"a landline signs nobody in", func(w *resident.Witnessed) { w.Agent = "0551-65550123" }, "agent"},
			{"a grown-up without a number", func(w *resident.Witnessed) { w.Principal = "" }, "phone"},
			{"for oneself", func(w *resident.Witnessed) { w.Principal = wang }, "phone"},
		} {
			one := resident.Witnessed{Terms: terms, Agent: wang, Principal: father, Paper: resident.Power}
			c.set(&one)
			_, err := w.witness(one)
			want(t, err, errs.Invalid, c.why)
			if all := errs.Each(err); len(all) == 0 || all[0].Field != c.field {
				t.Errorf("%s: blames %v, want %s", c.why, err, c.field)
			}
		}
	})
}

// TestGuardian holds the rule of its own for children under fourteen.
func TestGuardian(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		child := resident.Witnessed{Terms: terms, Agent: wang, Name: "小雨", Born: "2013-03-05", Paper: resident.Household}
		child.Relation = resident.Guardian
		p, err := w.witness(child)
		w.must(err)
		if want := clock.Date("2027-03-05").Start(zone); !p.Until.Equal(want) {
			t.Errorf("it ends %v, want the fourteenth birthday %v", p.Until, want)
		}
		if n := len(w.texts); n != 0 {
			t.Errorf("%d messages went out: a child is asked for no code", n)
		}
		for _, c := range []struct {
			why   string
			set   func(*resident.Witnessed)
			field string
		}{
			{"fourteen today", func(w *resident.Witnessed) { w.Born = "2012-11-23" }, "born"},
			{"not born yet", func(w *resident.Witnessed) { w.Born = "2026-12-01" }, "born"},
			{"no day of birth", func(w *resident.Witnessed) { w.Born = "" }, "born"},
			{"neither phone nor name", func(w *resident.Witnessed) { w.Name = "" }, "name"},
			{"a power of attorney cannot be a child's", func(w *resident.Witnessed) { w.Paper = resident.Power }, "paper"},
		} {
			one := child
			c.set(&one)
			_, err := w.witness(one)
			want(t, err, errs.Invalid, c.why)
			if all := errs.Each(err); len(all) == 0 || all[0].Field != c.field {
				t.Errorf("%s: blames %v, want %s", c.why, err, c.field)
			}
		}
	})
}

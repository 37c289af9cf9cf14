package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/retain"
	"linli/internal/rights"
)

// offices are what happens to posts, keys and observers in the last two weeks,
// and who signed in.
func (t *teller) offices() (all []event) {
	days := t.workdays(11, 0, 10)
	if len(days) < 10 {
		return nil
	}
	ended, given := days[1], days[9].Add(-time.Hour)
	lent := new(org.Post)
	at := func(when time.Time, do func(context.Context) error) { all = append(all, event{when, do}) }
	at(given, func(ctx context.Context) error { return t.lend(ctx, lent) })
	at(ended.Add(-20*time.Hour), func(ctx context.Context) error { return t.takeBack(ctx, lent, ended) })
	at(ended.Add(-30*time.Minute), func(ctx context.Context) error { return t.takeUp(ctx, lent) })
	if today := t.workdays(9, 10, 1); len(today) > 0 {
		at(today[0], t.onLeave)
	}
	at(days[8], t.machines)
	at(days[4].Add(-2*time.Hour), t.observers)
	at(days[3].Add(4*time.Hour), t.remarked)
	at(days[2].Add(5*time.Hour), t.held)
	return append(all, t.arrivals()...)
}

// giver is the security administrator, who gives posts and takes them.
func (t *teller) giver() (org.Giver, org.Rules, error) {
	by, err := t.actor("luopei", "security-admin")
	rules := org.Rules{Book: t.d.Catalogue.Roles(), Zone: t.d.Calendar.Zone(), Areas: t.d.Areas.Known}
	return org.Giver{Person: org.PersonID(by.Person), Post: org.PostID(by.Post), Unit: org.UnitID(by.Unit)}, rules, err
}

// actor is somebody in the post with a role.
func (t *teller) actor(login, role string) (procedure.Actor, error) {
	p, _ := t.d.Org.PersonByLogin(login)
	for _, post := range t.posts {
		if post.Person == string(p.ID) && post.Role == procedure.Role(role) {
			return post, nil
		}
	}
	return procedure.Actor{}, fmt.Errorf("%s is no %s", login, role)
}

// lend gives 高原 of the housing department a post at the road maintenance for
// some days.
func (t *teller) lend(ctx context.Context, lent *org.Post) error {
	by, rules, err := t.giver()
	if err != nil {
		return err
	}
	who, _ := t.d.Org.PersonByLogin("gaoyuan")
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := org.Give(ctx, tx, t.d.Code, rules, by, org.Post{Person: who.ID, Role: org.Handler, Unit: "u-shizheng"}, "汛期井盖排查，借调到市政养护中心")
		*lent = p
		return err
	})
}

// takeBack says the day before at which minute that is over.
func (t *teller) takeBack(ctx context.Context, lent *org.Post, at time.Time) error {
	by, rules, err := t.giver()
	if err != nil {
		return err
	}
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := org.End(ctx, tx, t.d.Code, rules.Zone, by, lent.ID, at, "排查结束，回原单位")
		return err
	})
}

// takeUp has the lent one begin a task that is not done when the post ends, so
// that it goes back to the unit's queue at that minute.
func (t *teller) takeUp(ctx context.Context, lent *org.Post) error {
	f := casework.Filter{States: []casework.State{casework.Running}, Step: "handle", Unit: string(lent.Unit)}
	p, err := casework.List(ctx, t.app.DB, t.d, f, t.clockNow(), "", 20)
	if err != nil {
		return err
	}
	for _, row := range p.Rows {
		tasks, err := casework.Tasks(ctx, t.app.DB, t.d.Code, row.ID)
		if err != nil {
			return err
		}
		for _, task := range tasks {
			if task.State != procedure.Open || task.Unit != string(lent.Unit) || task.Part != procedure.Lead {
				continue
			}
			err := t.app.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := casework.TakeUp(ctx, tx, casework.Acting{District: t.d, By: casework.ActorOf(*lent)}, row.ID, task.ID)
				return err
			})
			if err == nil || !passed(err) {
				return err
			}
		}
	}
	return nil
}

// onLeave names who stands in for the head of the road maintenance, from this
// morning for three days.
func (t *teller) onLeave(ctx context.Context) error {
	by, rules, err := t.giver()
	if err != nil {
		return err
	}
	away, err := t.actor("luzhen", "unit-lead")
	if err != nil {
		return err
	}
	in, _ := t.d.Org.PersonByLogin("heyong")
	back := clock.DateOf(t.end, rules.Zone).Add(3).Start(rules.Zone)
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := org.Stand(ctx, tx, t.d.Code, rules, by, org.StandIn{Post: org.PostID(away.Post), Person: in.ID, To: back, Keeps: true, Why: "到市里参加防汛培训，急件电话联系"})
		return err
	})
}

// machines gives two other systems a key, and ends that of one.
func (t *teller) machines(ctx context.Context) error {
	by, err := t.actor("luopei", "security-admin")
	if err != nil {
		return err
	}
	keeper := access.By{Person: by.Person, Post: by.Post, Unit: by.Unit}
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		year := tx.Now.AddDate(1, 0, 0)
		if _, _, err := access.AddKey(ctx, tx, access.Key{District: t.d.Code, Name: "城管视频平台", Scopes: []rights.Right{rights.ReportReceive}, Expires: year}, keeper); err != nil {
			return err
		}
		old, _, err := access.AddKey(ctx, tx, access.Key{District: t.d.Code, Name: "市政养护调度（旧）", Scopes: []rights.Right{rights.CaseSee}, Unit: "u-shizheng", Expires: year}, keeper)
		if err != nil {
			return err
		}
		return access.EndKey(ctx, tx, t.d.Code, old.ID, keeper)
	})
}

// openable are cases that came from somebody who is not kept secret, newest
// first.
func (t *teller) openable(ctx context.Context, f casework.Filter, most int) (all []casework.Case, err error) {
	f.Newest = true
	p, err := casework.List(ctx, t.app.DB, t.d, f, t.clockNow(), "", most*4)
	for _, row := range p.Rows {
		if !row.Secret && len(all) < most {
			all = append(all, row.Case)
		}
	}
	return all, err
}

// observers makes three cases open to the deputy for a month.
func (t *teller) observers(ctx context.Context) error {
	deputy, err := t.actor("dingyan", "observer")
	if err != nil {
		return err
	}
	for _, f := range []casework.Filter{{States: []casework.State{casework.Closed}}, {States: []casework.State{casework.Running}, Step: "handle"}} {
		cases, err := t.openable(ctx, f, 2)
		if err != nil {
			return err
		}
		for _, c := range cases {
			o := casework.Disclosure{Post: deputy.Post, Photos: true, Reason: "代表视察：井盖和路灯办得怎么样", Until: t.clockNow().AddDate(0, 1, 0)}
			err := t.by(ctx, "zhouhui", "supervisor", func(tx *db.Tx, a casework.Acting) error {
				_, err := casework.Disclose(ctx, tx, a, c.ID, o)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// remarked lets the deputy say something on the first of them.
func (t *teller) remarked(ctx context.Context) error {
	deputy, err := t.actor("dingyan", "observer")
	if err != nil {
		return err
	}
	p, err := casework.List(ctx, t.app.DB, t.d, casework.Filter{Scope: casework.ObservedBy(t.d, deputy)}, t.clockNow(), "", 1)
	if err != nil || len(p.Rows) == 0 {
		return err
	}
	return t.by(ctx, "dingyan", "observer", func(tx *db.Tx, a casework.Acting) error {
		return casework.Remark(ctx, tx, a, p.Rows[0].ID, "现场看过，路面已经补平，居民说下雨天也不积水了。")
	})
}

// held keeps one case past its time, as a court asks.
func (t *teller) held(ctx context.Context) error {
	cases, err := t.openable(ctx, casework.Filter{States: []casework.State{casework.Closed}}, 1)
	if err != nil || len(cases) == 0 {
		return err
	}
	return t.by(ctx, "linwang", "leader", func(tx *db.Tx, a casework.Acting) error {
		_, err := retain.Put(ctx, tx, t.d, a.By, retain.Hold{
			Kind: retain.OfCase, Ref: string(cases[0].ID), Why: "路面塌陷引起的诉讼，法院来函调取", Basis: "民事诉讼法第七十条：人民法院调查取证", Until: tx.Now.AddDate(0, 6, 0),
		})
		return err
	})
}

// arrivals are who signed in on the mornings of the last two weeks, and a guess
// at somebody's password.
func (t *teller) arrivals() (all []event) {
	marks := map[string]string{}
	for i, login := range []string{"hejing", "guoyan", "chenli", "fanghua", "zhouhui", "linwang", "suming", "luopei", "heqiao", "wugang"} {
		for n, at := range t.workdays(9, 2+i, 8) {
			if (n+i)%4 == 3 {
				continue // a day off, or the browser stayed open
			}
			all = append(all, event{at, func(ctx context.Context) error { return t.arrive(ctx, login, marks) }})
		}
	}
	if nights := t.workdays(10, 0, 4); len(nights) == 4 {
		all = append(all, event{nights[3].Add(12*time.Hour + 47*time.Minute), func(ctx context.Context) error {
			_, err := t.app.Guard.SignIn(ctx, t.app.DB, t.d.Code, "suming", strings.Repeat("猜", 8), access.From{Agent: "Firefox · Linux", Net: "203.0.113.0/24"})
			if errs.KindOf(err) == errs.SignIn {
				return nil
			}
			return fmt.Errorf("a guess at a password: %w", err)
		}})
	}
	return all
}

// longAgo is a browser that two of them used half a year before and never again:
// what is kept of it is past its time.
func (t *teller) longAgo(ctx context.Context) error {
	now := t.clock.Load()
	defer t.clock.Store(now)
	t.clock.Store(time.UnixMicro(now).AddDate(0, 0, -120).UnixMicro())
	for _, login := range []string{"suming", "linwang"} {
		if err := t.arrive(ctx, login, map[string]string{}); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) arrive(ctx context.Context, login string, marks map[string]string) error {
	a, err := access.Find(ctx, t.app.DB, t.d.Code, login)
	if err != nil {
		return err
	}
	var begun access.Begun
	err = t.app.DB.Write(ctx, func(tx *db.Tx) (err error) {
		begun, err = access.Begin(ctx, tx, a, []access.Factor{access.ByPassword, access.ByCode}, access.From{Agent: "Chrome · Windows", Net: "10.20.30.0/24"}, marks[login])
		return err
	})
	marks[login] = begun.Mark
	return err
}

package casework_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/procedure"
)

// crowd is the invented district with cases that a dice has opened and moved
// along their procedures, through the same verbs as everybody.
type crowd struct {
	*apptest.World
	t       *testing.T
	d       *district.District
	posts   []procedure.Actor // everybody's
	matters []string
	mu      sync.Mutex
	ids     []casework.ID // all that were opened
}

// The texts and numbers of the crowd hold each other, so that searches find
// some and not all.
var (
	crowdTexts = []string{"桂香路井盖松动，车一过就响。", "路灯不亮，晚上看不清路", "小区门口暴露垃圾没人清", "垃圾车半夜作业太吵 noise at night",
		"井盖缺失，路灯也坏了！ABC-123", "请问居住证怎么办理？"}
	crowdPhones = []string{"", "13800000013", "13800000027", "13800001013"}
)

// eachCrowd runs a test with a crowd of cases on each engine.
func eachCrowd(t *testing.T, cases int, fn func(t *testing.T, c *crowd)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) { fn(t, newCrowd(t, address, cases)) })
}

func newCrowd(t *testing.T, address string, cases int) *crowd {
	t.Helper()
	c := &crowd{World: apptest.At(t, address), t: t}
	c.d = c.District()
	for _, m := range c.d.Catalogue.Matters() {
		if c.d.Catalogue.Selectable(m.Code) {
			c.matters = append(c.matters, m.Code)
		}
	}
	for _, p := range c.d.Org.People() {
		c.posts = append(c.posts, c.actors(string(p.Login))...)
	}
	dice := rand.New(rand.NewPCG(14, 2))
	for range cases {
		c.open(dice)
		for range dice.IntN(7) {
			c.act(dice)
		}
		if dice.IntN(3) == 0 {
			c.forward(dice)
		}
		c.Clock.Advance(time.Duration(dice.IntN(9*60)) * time.Minute)
		if dice.IntN(10) == 0 {
			c.Due()
			c.merge(dice)
		}
	}
	c.unlimit(dice)
	return c
}

// unlimit takes the limit from some cases: the invented district has a limit
// for everything, a real one may not.
func (c *crowd) unlimit(dice *rand.Rand) {
	for _, id := range c.all() {
		if dice.IntN(10) > 0 {
			continue
		}
		c.write(func(tx *db.Tx) error {
			never := db.Due(time.Time{})
			err := tx.Exec(c.t.Context(), "update tasks set due = $3, near_at = $3 where district = $1 and case_id = $2", c.d.Code, string(id), never)
			return errors.Join(err, tx.Exec(c.t.Context(), "update cases set due = $3, near_at = $3, due_text = '' where district = $1 and id = $2", c.d.Code, string(id), never))
		})
	}
}

// actors are the posts of a person as the procedure sees them.
func (c *crowd) actors(login string) (all []procedure.Actor) {
	person, _ := c.d.Org.PersonByLogin(login)
	for _, p := range c.d.Org.PostsOf(person.ID, c.d.Day) {
		all = append(all, procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area})
	}
	return all
}

func one[T any](dice *rand.Rand, list []T) T { return list[dice.IntN(len(list))] }

// anyArea is the code of some area of a random tier, or none.
func (c *crowd) anyArea(dice *rand.Rand) string {
	tier := one(dice, []area.Tier{"", area.Street, area.Community, area.Grid, area.Grid, area.Grid})
	if tier == "" {
		return ""
	}
	return string(one(dice, c.d.Areas.Tier(tier)).Code)
}

// open receives a report about anything anywhere. The matters are few enough
// that filters by matter find several.
func (c *crowd) open(dice *rand.Rand) {
	r, err := c.Desk.Receive(c.t.Context(), c.d, intake.Sending{
		Channel: one(dice, intake.Channels()), Matter: c.matters[dice.IntN(12)*len(c.matters)/12], Text: one(dice, crowdTexts),
		Area: c.anyArea(dice), Phone: one(dice, crowdPhones),
	})
	if err != nil {
		c.t.Error(err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids = append(c.ids, r.Case.ID)
}

// all are the ids of the cases so far.
func (c *crowd) all() []casework.ID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.ids)
}

// act lets somebody whose turn it is, or the resident, do some step of a case.
func (c *crowd) act(dice *rand.Rand) { c.actOn(dice, one(dice, c.all())) }

func (c *crowd) actOn(dice *rand.Rand, id casework.ID) {
	found, tasks := c.read(id)
	i := slices.IndexFunc(tasks, func(t casework.Task) bool { return t.State == procedure.Open })
	by := procedure.Actor{Reporter: true}
	if i >= 0 && !tasks[i].Reporter {
		able := slices.DeleteFunc(slices.Clone(c.posts), func(p procedure.Actor) bool { return !concerns(tasks[i], p) })
		if len(able) == 0 {
			return // nobody holds such a post
		}
		by = one(dice, able)
	}
	a := casework.Acting{District: c.d, By: by}
	offers, err := casework.Available(c.t.Context(), c.DB, a, found, c.Clock.Now())
	if err != nil {
		c.t.Error(err)
		return
	}
	offers = slices.DeleteFunc(offers, func(o procedure.Offer) bool { return !o.Allowed })
	if len(offers) == 0 {
		return
	}
	o := one(dice, offers)
	m := procedure.Move{Task: o.Task, Action: o.Action, Reason: "看过了", Answer: "已经答复", Photos: 1, Evidence: 1}
	if slices.Contains(o.Needs, procedure.NeedUnit) {
		m.Unit = string(one(dice, c.d.Org.Units()).ID)
	}
	if slices.Contains(o.Needs, procedure.NeedRating) {
		m.Rating = 1 + dice.IntN(5)
	}
	c.write(func(tx *db.Tx) error { _, err := casework.Act(c.t.Context(), tx, a, found.ID, m); return err })
}

// forward brings a case to the unit that handles it, which then often asks for
// something, and gets it or not.
func (c *crowd) forward(dice *rand.Rand) {
	id := c.sent(one(dice, []string{"c02010", "c01002", "d-complaint", "s0501"}), one(dice, []string{"u-shizheng", "u-chengguan"}))
	c.mu.Lock()
	c.ids = append(c.ids, id)
	c.mu.Unlock()
	found, _ := c.read(id)
	by := c.as(map[string]string{"u-shizheng": "wugang", "u-chengguan": "qiufeng"}[found.Unit], procedure.Handler)
	options, err := casework.Asks(c.t.Context(), c.DB, casework.Acting{District: c.d, By: by}, found, c.Clock.Now())
	if err != nil || len(options) == 0 {
		c.t.Errorf("%d things to ask for, %v", len(options), err)
		return
	}
	o := one(dice, options)
	q := casework.Asking{Task: o.Task, Kind: o.Kind, More: 1 + dice.IntN(3), Reason: "要等", Until: c.Clock.Now().Add(time.Duration(1+dice.IntN(20)) * 24 * time.Hour)}
	e, err := c.asked(by, id, q)
	if err == nil && dice.IntN(3) > 0 {
		err = c.decide(c.as("zhouhui", procedure.Supervisor), e.ID, dice.IntN(3) > 0, "看过了")
	}
	if err != nil {
		c.t.Error(err)
	}
	for range dice.IntN(6) {
		c.actOn(dice, id)
	}
}

// merge joins two cases where they may be joined.
func (c *crowd) merge(dice *rand.Rand) {
	a := casework.Acting{District: c.d, By: c.actors("chenli")[0]}
	ids := c.all()
	c.write(func(tx *db.Tx) error {
		_, err := casework.Merge(c.t.Context(), tx, a, one(dice, ids), one(dice, ids))
		return err
	})
}

// write runs a verb. That it is refused is part of the day.
func (c *crowd) write(fn func(*db.Tx) error) {
	err := c.DB.Write(c.t.Context(), fn)
	if err != nil && !errors.Is(err, errs.Conflict) && !errors.Is(err, errs.Forbidden) && !errors.Is(err, errs.Invalid) {
		c.t.Error(err)
	}
}

func (c *crowd) read(id casework.ID) (casework.Case, []casework.Task) {
	one, err := casework.ByID(c.t.Context(), c.DB, c.d.Code, id)
	if err != nil {
		c.t.Fatal(err)
	}
	tasks, err := casework.Tasks(c.t.Context(), c.DB, c.d.Code, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return one, tasks
}

// concerns reports whether a task is for a post, as the procedure says.
func concerns(t casework.Task, post procedure.Actor) bool {
	of := procedure.Task{Unit: t.Unit, Role: t.Role, Area: t.Area, Reporter: t.Reporter}
	return of.Concerns(post)
}

// known is one case with all that filters ask about, read past List.
type known struct {
	casework.Case
	tasks   []casework.Task
	reports []casework.Report
	entries []casework.Entry
	open    []casework.Disclosure // to observers, now
}

func (c *crowd) known() (all []known) {
	for _, id := range c.all() {
		k := known{}
		k.Case, k.tasks = c.read(id)
		var err error
		if k.reports, err = casework.Reports(c.t.Context(), c.DB, c.d.Code, id); err != nil {
			c.t.Fatal(err)
		}
		if k.entries, err = casework.Ledger(c.t.Context(), c.DB, c.d, id); err != nil {
			c.t.Fatal(err)
		}
		if k.open, err = casework.Disclosures(c.t.Context(), c.DB, c.d.Code, id); err != nil {
			c.t.Fatal(err)
		}
		k.open = slices.DeleteFunc(k.open, func(o casework.Disclosure) bool { return !o.Runs(c.Clock.Now()) })
		all = append(all, k)
	}
	return all
}

// signal is what a page would show for a running promise now.
func (c *crowd) signal(running bool, due, near, held time.Time) clock.Signal {
	now := c.Clock.Now()
	switch {
	case running && !held.IsZero():
		return clock.Hold
	case !running, due.IsZero() && near.IsZero():
		return ""
	case now.After(due):
		return clock.Late
	case !now.Before(near):
		return clock.Near
	}
	return clock.OK
}

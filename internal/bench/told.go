package bench

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/sample"
	"linli/internal/trail"
)

// told is a case that ended, with the trail that the program's own verbs wrote.
type told struct {
	c       casework.Case
	entries []trail.Entry
	roles   map[string]org.Role // of the posts in the trail
	kinds   map[string]org.UnitKind
}

// teller lets things happen in a scratch district whose clock it moves.
type teller struct {
	*app.App
	d     *district.District
	at    atomic.Int64 // microseconds
	dice  *rand.Rand
	posts []procedure.Actor
	heap  turns
	kinds map[string]org.UnitKind
	ended []told
}

// turn is when a case moves next.
type turn struct {
	at time.Time
	id casework.ID
}

// turns is a heap, the earliest first.
type turns []turn

func (t turns) Len() int           { return len(t) }
func (t turns) Less(i, j int) bool { return t[i].at.Before(t[j].at) }
func (t turns) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *turns) Push(x any)        { *t = append(*t, x.(turn)) }
func (t *turns) Pop() any          { old := *t; last := old[len(old)-1]; *t = old[:len(old)-1]; return last }

// tellFrom is when the scratch district's tale begins: a month without holidays.
var tellFrom = time.Date(2026, 6, 1, 0, 30, 0, 0, time.UTC) // never changed

// tellCases has cases of the invented district go through the real verbs, some
// smoothly, some returned, sent back or late, with supervision at work, and
// gives those that ended. A year is made of copies of them.
func tellCases(ctx context.Context, cases int) ([]told, error) {
	dir, err := os.MkdirTemp("", "linli-bench-told-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	t := &teller{dice: rand.New(rand.NewPCG(3, 5))}
	t.at.Store(tellFrom.UnixMicro())
	conf := app.Config{
		Unlimited: true, Database: "sqlite:" + filepath.Join(dir, "linli.db"), Files: filepath.Join(dir, "files"), District: sample.DistrictCode, Seeding: true,
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.UnixMicro(t.at.Load()) },
	}
	if err := app.Seed(ctx, conf); err != nil {
		return nil, err
	}
	if t.App, err = app.New(ctx, conf); err != nil {
		return nil, err
	}
	err = t.tell(ctx, cases)
	if closed := t.Close(); err == nil {
		err = closed
	}
	return t.ended, err
}

// every is how often jobs run in the tale.
const every = 4 * time.Hour

func (t *teller) tell(ctx context.Context, cases int) (err error) {
	if t.d, err = t.Districts.Get(ctx, sample.DistrictCode); err != nil {
		return err
	}
	if err := t.Schedule(ctx); err != nil {
		return err
	}
	t.kinds = map[string]org.UnitKind{}
	for _, u := range t.d.Org.Units() {
		t.kinds[string(u.ID)] = u.Kind
	}
	for _, p := range t.d.Org.People() {
		for _, post := range t.d.Org.PostsOf(p.ID, t.d.Day) {
			t.posts = append(t.posts, procedure.Actor{Person: string(p.ID), Post: string(post.ID), Role: procedure.Role(post.Role), Unit: string(post.Unit), Area: post.Area})
		}
	}
	if err := t.receive(ctx, cases); err != nil {
		return err
	}
	ran := t.DB.Now()
	for len(t.heap) > 0 {
		next := heap.Pop(&t.heap).(turn)
		for ; ran.Add(every).Before(next.at); ran = ran.Add(every) {
			t.at.Store(ran.UnixMicro())
			if _, err := t.Jobs.Due(ctx); err != nil {
				return err
			}
		}
		t.at.Store(next.at.UnixMicro())
		if err := t.move(ctx, next.id); err != nil {
			return err
		}
	}
	return nil
}

// receive opens the cases, as a machine sends them, over ten days.
func (t *teller) receive(ctx context.Context, cases int) error {
	stories, err := sample.New().Stories(t.DB.Now(), func(string, time.Time) time.Time { return time.Time{} })
	if err != nil {
		return err
	}
	channels := []intake.Channel{intake.Portal, intake.Hotline, intake.GridWorker, intake.Machine}
	for n := range cases {
		t.at.Store(tellFrom.Add(time.Duration(n) * 10 * 24 * time.Hour / time.Duration(cases)).UnixMicro())
		s := stories[n*7%len(stories)]
		r := s.Reports[0]
		got, err := t.Desk.Receive(ctx, t.d, intake.Sending{
			Channel: channels[n%len(channels)], Sender: fmt.Sprintf("told-%d", n), Text: r.Text, Matter: s.Matter, Address: r.Address, Point: r.Point,
			Name: r.Name, Phone: "13800000001",
		})
		if err != nil {
			return err
		}
		heap.Push(&t.heap, turn{t.after(20), got.Case.ID})
	}
	return nil
}

// after is some minutes from now, around what is usual.
func (t *teller) after(usual int) time.Time {
	return t.DB.Now().Add(time.Duration(1+t.dice.IntN(2*usual)) * time.Minute)
}

// move has somebody do the next thing to a case.
func (t *teller) move(ctx context.Context, id casework.ID) error {
	c, err := casework.ByID(ctx, t.DB, t.d.Code, id)
	if err != nil {
		return err
	}
	if c.State != casework.Running {
		return t.keep(ctx, c)
	}
	tasks, err := casework.Tasks(ctx, t.DB, t.d.Code, id)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		if task.State == procedure.Open && task.Part == procedure.Lead {
			if err := t.act(ctx, c, task); err != nil {
				return err
			}
			heap.Push(&t.heap, turn{t.after(map[procedure.StepName]int{"dispatch": 60, "handle": 40 * 60, "verify": 15 * 60, "rate": 24 * 60}[task.Step] + 30), id})
			return nil
		}
	}
	return nil // nothing that anybody here can do: it is not kept
}

// chances are the actions of a step, the likelier ones more often.
var chances = map[procedure.StepName][]procedure.ActionName{ // never changed
	"accept":   {"file", "file", "file", "file", "file", "file", "file", "file", "answer", "reject"},
	"dispatch": {"send"},
	"handle":   {"done", "done", "done", "done", "done", "return", "refuse"},
	"rule":     {"assign"},
	"verify":   {"pass", "pass", "pass", "fail"},
	"rate":     {"content", "content", "content", "not-content"},
}

// act tries what the dice say, and where the procedure does not offer it, what
// it does offer.
func (t *teller) act(ctx context.Context, c casework.Case, task casework.Task) error {
	actions := chances[task.Step]
	if len(actions) > 0 {
		first := t.dice.IntN(len(actions))
		actions = append(slices.Clone(actions[first:]), actions[:first]...)
	}
	if p, ok := t.d.Catalogue.Procedure(c.Procedure, c.Version); ok {
		for _, a := range p.Step(task.Step).Actions {
			actions = append(actions, a.Name)
		}
	}
	var last error
	for _, action := range actions {
		m := t.filled(c, task, action)
		for _, by := range t.may(task) {
			last = t.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := casework.Act(ctx, tx, casework.Acting{District: t.d, By: by}, c.ID, m)
				return err
			})
			if last == nil {
				return nil
			}
			if !refused(last) {
				return last
			}
		}
	}
	return last
}

// refused reports whether an error says that somebody else, or another action,
// is wanted.
func refused(err error) bool {
	return errors.Is(err, errs.Forbidden) || errors.Is(err, errs.Invalid) || errors.Is(err, errs.Conflict)
}

// filled is a move with what any action may need.
func (t *teller) filled(c casework.Case, task casework.Task, action procedure.ActionName) procedure.Move {
	m := procedure.Move{Task: task.ID, Action: action, Reason: "现场看过，情况属实。", Photos: 1}
	switch {
	case task.Reporter:
		m.Rating, m.Photos = map[procedure.ActionName]int{"content": 4, "not-content": 2}[action], 0
	case action == "send" || action == "assign":
		m.Unit, m.Reason = c.Proposed, "归它管。"
		if m.Unit == "" || action == "assign" {
			m.Unit = "u-shizheng"
		}
	case action == "done" || action == "answer":
		m.Answer = "已经办好，谢谢您告诉我们。"
	}
	return m
}

// may lists the posts that a task is for, the nearest to the ground first.
func (t *teller) may(task casework.Task) []procedure.Actor {
	if task.Reporter {
		return []procedure.Actor{{Reporter: true}}
	}
	var all []procedure.Actor
	for _, a := range t.posts {
		if (task.Role == "" || a.Role == task.Role || slices.Contains(a.Role.StandsFor(), task.Role)) && (task.Unit == "" || a.Unit == task.Unit) &&
			(task.Area == "" || strings.HasPrefix(task.Area, a.Area) || strings.HasPrefix(a.Area, task.Area)) {
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b procedure.Actor) int { return len(b.Area) - len(a.Area) })
	return all
}

// keep keeps a case that has ended.
func (t *teller) keep(ctx context.Context, c casework.Case) error {
	entries, err := trail.Of(ctx, t.DB, t.d.Code, string(c.ID))
	if err != nil {
		return err
	}
	one := told{c: c, entries: entries, roles: map[string]org.Role{}, kinds: t.kinds}
	for _, e := range entries {
		if p, ok := t.d.Org.Post(org.PostID(e.Post)); ok {
			one.roles[e.Post] = p.Role
		}
	}
	t.ended = append(t.ended, one)
	return nil
}

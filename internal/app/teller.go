package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/procedure"
	"linli/internal/resident"
	"linli/internal/sample"
)

// teller tells the invented stories through the same verbs as everybody:
// intake receives, casework acts, jobs run when they are due. Nothing is
// written past them.
type teller struct {
	app    *App
	sample *sample.District
	end    time.Time
	clock  *atomic.Int64
	out    io.Writer

	d       *district.District
	posts   []procedure.Actor
	photos  map[string]document.Kept
	events  []event               // what is still to happen
	accused map[string]bool       // units that are held to account once
	known   map[int][]casework.ID // what the residents of the demo reported, by which of them
	first   resident.Resident     // and the first of them
}

// event is one thing that happened: a report, a move, or anything else.
type event struct {
	at time.Time
	do func(context.Context) error
}

// tale is what the telling of a story has come to.
type tale struct{ id casework.ID }

// every is how often jobs are run while the stories are told.
const every = 2 * time.Hour

func (t *teller) tell(ctx context.Context) (err error) {
	if t.d, err = t.app.Districts.Get(ctx, sample.DistrictCode); err != nil {
		return err
	}
	t.app.telling = t.d
	defer func() { t.app.telling = nil }()
	stories, err := t.sample.Stories(t.end, dueAt(t.d))
	if err != nil {
		return err
	}
	if err := t.draw(ctx, stories); err != nil {
		return err
	}
	t.gather()
	t.accused, t.known = map[string]bool{}, map[int][]casework.ID{}
	t.events = slices.Concat(t.unroll(stories), t.rounds(), t.meetings(), t.faults(), t.refused(), t.months(), t.offices(), t.personal(), t.outward())
	t.events = slices.DeleteFunc(t.events, func(e event) bool { return e.at.After(t.end) || e.at.Before(stories[0].At()) })
	slices.SortStableFunc(t.events, byTime)
	t.clock.Store(t.events[0].at.UnixMicro())
	if err := t.longAgo(ctx); err != nil {
		return err
	}
	if err := t.opening(ctx); err != nil {
		return err
	}
	if err := t.play(ctx); err != nil {
		return err
	}
	if err := t.jobs(ctx, t.end); err != nil {
		return err
	}
	if err := t.app.Schedule(ctx); err != nil {
		return err
	}
	return t.jobs(ctx, t.end)
}

// play lets everything happen in its order, with the jobs that come due between.
func (t *teller) play(ctx context.Context) error {
	ran, read, n, shown := t.events[0].at, false, len(t.events), 0
	for done := 0; len(t.events) > 0; done++ {
		e := t.events[0]
		t.events = t.events[1:]
		if !read && e.at.After(t.end.Add(-unread)) {
			read = true
			if err := t.readAll(ctx); err != nil {
				return err
			}
		}
		for {
			next, err := t.next(ctx, ran.Add(every))
			if err != nil {
				return err
			}
			if !next.Before(e.at) {
				break
			}
			ran = next
			if err := t.jobs(ctx, ran); err != nil {
				return err
			}
		}
		t.clock.Store(e.at.UnixMicro())
		if err := e.do(ctx); err != nil {
			return fmt.Errorf("at %s: %w", e.at, err)
		}
		if now := done * 100 / n; now/25 > shown/25 {
			shown = now
			fmt.Fprintf(t.out, "  %d%%\n", now)
		}
	}
	return nil
}

// next is when jobs run next: when a rung of supervision has come, and at the
// latest at a given time.
func (t *teller) next(ctx context.Context, latest time.Time) (time.Time, error) {
	at, err := db.Value[int64](ctx, t.app.DB, `select coalesce(min(rung_at), 0) from tasks
		where district = $1 and state = 'open' and rung_at < 9223372036854775807`, t.d.Code)
	if now := t.clock.Load(); err != nil || at == 0 || at >= db.At(latest) {
		return latest, err
	} else if at <= now { // it came while something else happened
		at = now + time.Minute.Microseconds()
	}
	return time.UnixMicro(min(at, db.At(latest))), nil
}

// later puts what follows from something among what is still to happen.
func (t *teller) later(more ...event) {
	for _, e := range more {
		if e.at.After(t.end) {
			continue
		}
		i, _ := slices.BinarySearchFunc(t.events, e, byTime)
		t.events = slices.Insert(t.events, i, e)
	}
}

func byTime(a, b event) int { return a.at.Compare(b.at) }

// unread is how old a message may be that nobody has read yet.
const unread = 20 * time.Hour

// readAll lets every unit read what it was told so far.
func (t *teller) readAll(ctx context.Context) error {
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		for _, u := range t.d.Org.Units() {
			if err := notice.MarkAllRead(ctx, tx, t.d.Code, notice.Unit(string(u.ID))); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *teller) jobs(ctx context.Context, at time.Time) error {
	t.clock.Store(at.UnixMicro())
	_, err := t.app.Jobs.Due(ctx)
	return err
}

// gather lists all posts of the district as actors.
func (t *teller) gather() {
	for _, p := range t.d.Org.People() {
		for _, post := range t.d.Org.PostsOf(p.ID, t.d.Day) {
			t.posts = append(t.posts, procedure.Actor{Person: string(p.ID), Post: string(post.ID), Role: procedure.Role(post.Role), Unit: string(post.Unit), Area: post.Area})
		}
	}
}

// unroll lists everything that happens in the stories.
func (t *teller) unroll(stories []sample.Story) (all []event) {
	for i := range stories {
		s, tl := &stories[i], &tale{}
		for n, r := range s.Reports {
			all = append(all, event{r.At, func(ctx context.Context) error { return t.receive(ctx, s, tl, n) }})
		}
		for _, m := range s.Moves {
			all = append(all, event{m.At, func(ctx context.Context) error { return t.act(ctx, tl, m) }})
		}
		all = append(all, t.asked(s, tl)...)
	}
	return all
}

func (t *teller) receive(ctx context.Context, story *sample.Story, tl *tale, n int) error {
	r := story.Reports[n]
	s := intake.Sending{
		Channel: intake.Channel(r.Channel), Sender: r.Sender, Text: r.Text, Matter: story.Matter, Address: r.Address, Point: r.Point,
		Danger: story.Danger, Secret: story.Secret && n == 0, Name: r.Name, Phone: r.Phone, Attach: tl.id, Lang: lang.Parse(r.Lang), Photos: t.kept(r.Photos),
	}
	if p, ok := t.d.Org.PersonByLogin(r.Login); ok && r.Login != "" {
		for _, a := range t.posts {
			if a.Person == string(p.ID) {
				s.By = a
				break
			}
		}
	}
	got, err := t.app.Desk.Receive(ctx, t.d, s)
	if errors.Is(err, errs.Conflict) && n > 0 {
		return nil // the case ended before this neighbour wrote
	}
	if err != nil {
		return fmt.Errorf("story about %s: %w", story.Matter, err)
	}
	tl.id = got.Case.ID
	if !story.Secret {
		t.looked(r, tl.id)
	}
	return nil
}

// act does one move of a story with the first of the district's posts that may.
func (t *teller) act(ctx context.Context, tl *tale, m sample.Move) error {
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := casework.ByID(ctx, tx, t.d.Code, tl.id)
		if err != nil {
			return err
		}
		tasks, err := casework.Tasks(ctx, tx, t.d.Code, c.ID)
		if err != nil {
			return err
		}
		task, ok := openTask(tasks, m)
		if !ok {
			if m.Optional || m.By != "" || m.Step == "rule" || c.State != casework.Running {
				return nil // the helper turned out to lead, a meeting ruled, or the case had ended
			}
			return fmt.Errorf("case %s stands at %s; the story wants %s.%s", c.Number, c.Step, m.Step, m.Action)
		}
		move := procedure.Move{
			Task: task.ID, Action: procedure.ActionName(m.Action), Reason: m.Reason, Answer: m.Answer, Unit: m.Unit, Co: m.Co,
			Photos: len(m.Photos), Rating: m.Rating, Marks: marks(m),
		}
		if move.Unit == "" && (m.Action == "send" || m.Action == "assign") {
			move.Unit = c.Proposed
		}
		if err := t.take(ctx, tx, c, task, move, m.Pick); err != nil {
			if m.Optional {
				return nil
			}
			return fmt.Errorf("case %s %s.%s: %w", c.Number, m.Step, m.Action, err)
		}
		return t.attach(ctx, tx, c.ID, m)
	})
}

// take lets the first of those who may take an action.
func (t *teller) take(ctx context.Context, tx *db.Tx, c casework.Case, task casework.Task, m procedure.Move, pick int) (err error) {
	for _, by := range t.may(task, pick) {
		_, err = casework.Act(ctx, tx, casework.Acting{District: t.d, By: by}, c.ID, m)
		if errs.KindOf(err) != errs.Forbidden {
			break
		}
	}
	return err
}

// marks are the qualities that whoever acts notes down in passing, mostly.
func marks(m sample.Move) map[string]string {
	grade := []string{"a", "a", "a", "a", "b", "b", "b", "b", "c"}[m.Pick%9]
	switch {
	case m.Pick%3 == 0:
		return nil
	case m.Step == "accept" && m.Action == "file":
		return map[string]string{"report-quality": grade}
	case m.Step == "verify" && m.Action == "fail":
		return map[string]string{"answer-quality": "d"}
	case m.Step == "verify":
		return map[string]string{"answer-quality": grade}
	case m.Step == "rate" && m.Pick%10 > 0:
		return map[string]string{"contacted": "yes"}
	}
	return nil
}

func (t *teller) attach(ctx context.Context, tx *db.Tx, id casework.ID, m sample.Move) error {
	kind := document.Evidence
	if m.Action == "done" || m.Action == "pass" {
		kind = document.After
	}
	for _, k := range t.kept(m.Photos) {
		if _, err := document.Add(ctx, tx, t.d.Code, string(id), kind, "", k); err != nil {
			return err
		}
	}
	return nil
}

func openTask(tasks []casework.Task, m sample.Move) (casework.Task, bool) {
	for _, task := range tasks {
		if task.State != procedure.Open || string(task.Step) != m.Step {
			continue
		}
		if m.By != "" && task.Unit == m.By && task.Part == procedure.CoHandle || m.By == "" && task.Part == procedure.Lead {
			return task, true
		}
	}
	return casework.Task{}, false
}

// may lists the posts a task is for, beginning with the pick.
func (t *teller) may(task casework.Task, pick int) []procedure.Actor {
	if task.Reporter {
		return []procedure.Actor{{Reporter: true}}
	}
	var all []procedure.Actor
	for _, a := range t.posts {
		if (a.Role == task.Role || slices.Contains(a.Role.StandsFor(), task.Role)) && (task.Unit == "" || a.Unit == task.Unit) &&
			(task.Area == "" || strings.HasPrefix(task.Area, a.Area) || strings.HasPrefix(a.Area, task.Area)) {
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b procedure.Actor) int { return cmp.Compare(len(b.Area), len(a.Area)) })
	if len(all) > 0 {
		pick %= len(all)
		all = append(all[pick:len(all):len(all)], all[:pick]...)
	}
	return all
}

// draw makes every photo the stories show, two at a time.
func (t *teller) draw(ctx context.Context, stories []sample.Story) error {
	keys := map[string]bool{}
	for _, s := range stories {
		for _, r := range s.Reports {
			for _, k := range r.Photos {
				keys[k] = true
			}
		}
		for _, m := range s.Moves {
			for _, k := range m.Photos {
				keys[k] = true
			}
		}
	}
	t.photos = map[string]document.Kept{}
	var mu sync.Mutex
	var wait sync.WaitGroup
	var all error
	turn := make(chan struct{}, 2)
	for key := range keys {
		wait.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			picture, err := t.sample.Photo(key)
			var kept document.Kept
			if err == nil {
				kept, err = t.app.Documents.Take(ctx, key+".jpg", picture)
			}
			mu.Lock()
			defer mu.Unlock()
			t.photos[key], all = kept, errors.Join(all, err)
		})
	}
	wait.Wait()
	return all
}

func (t *teller) kept(keys []string) []document.Kept {
	var all []document.Kept
	for _, key := range keys {
		if k, ok := t.photos[key]; ok {
			all = append(all, k)
		}
	}
	return all
}

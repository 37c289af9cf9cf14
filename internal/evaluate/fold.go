package evaluate

import (
	"slices"
	"strings"
	"time"

	"linli/internal/measure"
	"linli/internal/org"
)

// Acts of the trail that are counted as what they are, not as closing a task.
const (
	actOpened   = "opened"
	actFile     = "file"
	actOverdue  = "overdue"
	actReopen   = "reopen"
	actApproved = "approved"
	actUpheld   = "upheld" // of an accountability case
	actDropped  = "dropped"
)

// Words of the trail.
const (
	stateDone     = "done"
	stateReturned = "returned"
	stateRefused  = "refused"
	stateExpired  = "expired"

	endedClosed   = "closed"
	endedAnswered = "answered"
)

// fold walks a case's trail in order and hands out every item that belongs to
// the period. What happened before it only sets the scene.
type fold struct {
	*scene
	f    *file
	emit func(measure.Over, *measure.Item, ground)

	lead   string   // the unit that leads
	worker string   // the unit that last did the work, where none was named to lead
	level  string   // who did it
	noted  []string // tasks whose promise is known to be broken

	whole measure.Item // the case, as far as it has come
	ended deed         // how it ended; seq 0 while it runs
	filed bool         // ever
	marks map[string]string
	touch bool // opened, filed or ended in the period
}

// run gives the items of one case.
func (s *scene) run(f *file, emit func(measure.Over, *measure.Item, ground)) {
	c := fold{scene: s, f: f, emit: emit}
	c.whole.Round, c.whole.State = 1, "running"
	for i := range f.deeds {
		c.step(i)
	}
	if c.touch {
		c.finish()
	}
	for i := range f.verdicts {
		if e := &f.verdicts[i]; e.at >= c.from {
			c.order(e, "accountability")
		}
	}
}

// orders are the acts by which supervision gives something to a unit.
var orders = []string{"remind", "urge", "order", "leader"} // never changed

// step takes one entry.
func (c *fold) step(i int) {
	e, w := &c.f.deeds[i], &c.whole
	now := e.at >= c.from
	switch e.act {
	case actOpened: // what was imported was received elsewhere
		w.Received, w.Post, c.touch = now, e.post, c.touch || now
		if !c.steps.files(c.f) {
			w.Filed, c.filed = now, true
		}
	case actFile:
		w.Filed, c.filed, c.touch = w.Filed || now && !c.filed, true, c.touch || now
	case actReopen:
		c.ended, w.State, w.Reopened, w.Answered, w.OnAccount = deed{}, "running", true, false, false
	case actApproved:
		w.OnAccount = w.OnAccount || e.onAccount
	}
	for name, option := range e.marks {
		c.mark(name, option)
	}
	w.Round, w.Rated = max(w.Round, e.round), w.Rated || e.rating > 0
	w.Answered = w.Answered || e.answered && e.state != "" || c.steps.of(c.f, e.step).tells[e.act]
	switch e.state {
	case stateDone, stateReturned, stateRefused, stateExpired: // not what was called off
		c.closed(i, now)
	}
	if e.act == actOverdue && !slices.Contains(c.noted, e.task) {
		c.noted = append(c.noted, e.task)
		c.promise(e, now, false)
	}
	if e.toUnit != "" {
		c.lead = e.toUnit
	}
	if e.order != "" && now && slices.Contains(orders, e.act) {
		c.order(e, e.act)
	}
	if e.ended != "" {
		c.ended, w.State, w.OnAccount, c.touch = *e, e.ended, w.OnAccount || e.onAccount, c.touch || now
	}
}

// mark keeps the last word on a quality of the case.
func (c *fold) mark(name, option string) {
	if c.marks == nil {
		c.marks = map[string]string{}
	}
	c.marks[name] = option
}

// closed takes an entry that closes a task.
func (c *fold) closed(i int, now bool) {
	e := &c.f.deeds[i]
	step := c.steps.of(c.f, e.step)
	c.whole.Returned = c.whole.Returned || e.state == stateReturned
	if step.reporter {
		if now {
			c.rating(e, step)
		}
		return
	}
	if e.due > 0 && !slices.Contains(c.noted, e.task) {
		kept := !e.late && !e.broke && e.state != stateExpired
		if !kept {
			c.noted = append(c.noted, e.task)
		}
		c.promise(e, now, kept)
	}
	if step.verify && now {
		c.callback(e, step)
	}
	if step.work && e.state == stateDone {
		c.worker, c.level = c.unitOf(e), c.levelOf(e)
	}
	if !now {
		return
	}
	it := c.task(e, step)
	it.Redispatched = step.dispatch && c.cameBack(i)
	it.Minutes = c.minutes(e, it.Unit)
	c.hand(measure.Tasks, &it, e)
}

// promise is the one judgement of a task's promise.
func (c *fold) promise(e *deed, now, kept bool) {
	if !now {
		return
	}
	it := c.task(e, c.steps.of(c.f, e.step))
	it.Kept, it.Late = kept, !kept
	c.hand(measure.Promises, &it, e)
}

// about is an item with what its case's opening fixed.
func (c *fold) about(e *deed) measure.Item {
	f := c.f
	it := measure.Item{
		Case: f.id, Number: f.number, Seq: e.seq, Post: e.post, Kind: f.kind, Matter: f.matter, Major: f.major, Channel: f.channel,
		Area: f.place(c.d.Code), Street: f.street, Community: f.community, Grid: f.grid, Urgency: f.urgency, Minutes: -1,
		SelfFound: f.channel == "grid-worker", OnAccount: c.whole.OnAccount, Marks: c.worths(e.marks),
	}
	return it
}

// worths are what marks are worth; one that is only noted is left out.
func (c *fold) worths(marks map[string]string) (all []measure.Given) {
	for name, option := range marks {
		if worth := c.book.Worth(name, option); worth >= 0 {
			all = append(all, measure.Given{Mark: name, Worth: worth})
		}
	}
	return all
}

// task is an item about the task that an entry closes or is about.
func (c *fold) task(e *deed, step stepKind) measure.Item {
	it := c.about(e)
	it.Unit, it.Level = c.unitOf(e), c.levelOf(e)
	it.Step, it.Role, it.State, it.Round = e.step, step.role, e.state, max(1, e.round)
	it.Work, it.Verify, it.Dispatch = step.work, step.verify, step.dispatch
	it.Kept, it.Late = e.due > 0 && !e.late, e.late
	it.Returned, it.Refused = e.state == stateReturned, e.state == stateRefused
	it.Contacted = e.contacted == "yes"
	return it
}

// cameBack reports whether what an entry handed out was returned, refused or
// handed on before anybody did the work.
func (c *fold) cameBack(i int) bool {
	for _, e := range c.f.deeds[i+1:] {
		switch {
		case e.state == stateReturned || e.state == stateRefused || e.handedOn:
			return true
		case e.state == stateDone && c.steps.of(c.f, e.step).work:
			return false
		}
	}
	return false
}

// minutes is the working time a task took, by the calendar of its unit.
func (c *fold) minutes(e *deed, unit string) int {
	if !c.timed || e.since == 0 {
		return -1
	}
	worked := c.d.CalendarOf(unit).Worked(time.UnixMicro(e.since), time.UnixMicro(e.at))
	return int(worked.Minutes())
}

// callback is a check of finished work. It counts for whose work it was.
func (c *fold) callback(e *deed, step stepKind) {
	it := c.task(e, step)
	it.Unit, it.Level, it.Solved = c.answers(), c.level, !c.backToWork(e)
	c.hand(measure.Callbacks, &it, e)
}

// rating is the reporter's word, and with it whether somebody had called.
func (c *fold) rating(e *deed, step stepKind) {
	it := c.task(e, step)
	it.Unit, it.Level, it.Solved, it.Grade = c.answers(), c.level, !c.backToWork(e), e.rating
	if e.rating > 0 {
		c.hand(measure.Ratings, &it, e)
	}
	if e.contacted != "" {
		c.hand(measure.Callbacks, &it, e)
	}
}

// order is what supervision gave to a unit, or found about it.
func (c *fold) order(e *deed, kind string) {
	it := c.about(e)
	it.Unit, it.Level, it.Order, it.Fault = c.unitOf(e), c.levelOf(e), kind, e.fault
	if kind == "accountability" {
		it.State, it.Upheld = e.act, e.act == actUpheld
	}
	it.Post = "" // who gave it, not whose it is
	c.hand(measure.Orders, &it, e)
}

// backToWork reports whether an entry opens a step of work again.
func (c *fold) backToWork(e *deed) bool {
	for step := range strings.SplitSeq(e.opens, ",") {
		if step != "" && c.steps.of(c.f, step).work {
			return true
		}
	}
	return false
}

// answers is the unit that answers for the case as it stands.
func (c *fold) answers() string {
	switch {
	case c.lead != "":
		return c.lead
	case c.worker != "":
		return c.worker
	}
	return c.f.receiver
}

// finish is the case itself, once, as it stood when the period was over.
func (c *fold) finish() {
	w, last := &c.whole, &c.f.deeds[len(c.f.deeds)-1]
	if c.ended.seq > 0 {
		last = &c.ended
	}
	if c.ended.seq == 0 && !w.Received && !w.Filed {
		return // it ended and was opened again, all in the period
	}
	it := c.about(last)
	it.Unit, it.Level, it.Post, it.State, it.Marks = c.answers(), c.level, w.Post, w.State, c.worths(c.marks)
	it.Round, it.Received, it.Filed, it.Returned, it.Reopened = w.Round, w.Received, w.Filed, w.Returned, w.Reopened
	it.Rated, it.Answered, it.OnAccount = w.Rated, w.Answered, w.OnAccount
	it.Ended = c.ended.seq > 0
	it.Closed = w.State == endedClosed || w.State == endedAnswered
	it.Voided = c.filed && it.Ended && !it.Closed
	it.Promised, it.OnTime = c.ended.caseDue, it.Ended && c.ended.onTime
	it.FirstTime = it.Closed && !w.Returned && !w.Reopened && w.Round == 1
	c.hand(measure.Cases, &it, last)
}

// hand gives an item to the counters, with whom it counts for.
func (c *fold) hand(grain measure.Over, it *measure.Item, e *deed) {
	g := ground{unit: it.Unit, street: it.Street, community: it.Community, grid: it.Grid, post: it.Post}
	if g.post == "" {
		g.post = c.workers(grain, it, e)
	}
	c.emit(grain, it, g)
}

// workers are the posts of a grid's workers, between commas, for what nobody
// did: a promise that broke on their task, or a find that was theirs to make.
func (c *fold) workers(grain measure.Over, it *measure.Item, e *deed) string {
	where := e.area
	if grain == measure.Cases {
		where = it.Grid
	} else if e.of != "" || it.Role != string(org.GridWorker) {
		return ""
	}
	return c.gridWorkers(where)
}

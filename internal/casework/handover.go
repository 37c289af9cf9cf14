package casework

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/procedure"
)

// TakeUp says that a person does a task now (接手、领办), so that nobody else of the
// unit begins it too. It is errs.Conflict where somebody has, and errs.Forbidden
// for whoever the procedure would not let act.
func TakeUp(ctx context.Context, tx *db.Tx, a Acting, id ID, task string) (c Case, err error) {
	defer errs.Wrap(&err, "casework.TakeUp(%s, %s)", id, task)
	s, t, err := a.beginTask(ctx, tx, id, task)
	if err != nil {
		return Case{}, err
	}
	state, err := stateOf(s.ctx, s.tx, s.d, s.p, s.c, s.tasks)
	if err != nil {
		return Case{}, err
	}
	if err := t.MayTakeUp(s.p.Available(state, s.by)); err != nil {
		return Case{}, err
	}
	t.Hands = joined(a.By.Hands("", t.hands()))
	if err := s.give(t, a.By.Person); err != nil {
		return Case{}, err
	}
	return *s.c, s.finish("taken-up", t.Step, nil)
}

// MayTakeUp says why somebody may not take a task up; nil if they may. offers
// is what [Available] gives them: who may do nothing of a task takes none up.
func (t *Task) MayTakeUp(offers []procedure.Offer) error {
	switch {
	case t.State != procedure.Open || t.Reporter:
		return errs.New(errs.Conflict, "没办成：这一步刚被别人办了，请再看看。", "Not done: somebody has just done this step. Please look again.")
	case t.Person != "":
		return errs.New(errs.Conflict, "这件已经有人在办。", "Somebody has already taken this up.")
	}
	why := errs.New(errs.Forbidden, "这一步现在不由您来办。", "This step is not yours to do now.")
	for _, o := range offers {
		switch {
		case o.Task != t.ID:
		case o.Allowed:
			return nil
		default:
			why.Text = o.Why
		}
	}
	return why
}

// PutDown gives a task that a person had taken up back to the unit's queue. Who
// took it up may, who stands in for them, and the head of the unit.
func PutDown(ctx context.Context, tx *db.Tx, a Acting, id ID, task, reason string) (c Case, err error) {
	defer errs.Wrap(&err, "casework.PutDown(%s, %s)", id, task)
	s, t, err := a.beginTask(ctx, tx, id, task)
	if err != nil {
		return Case{}, err
	}
	if err := t.MayPutDown(a.By); err != nil {
		return Case{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return Case{}, errs.New(errs.Invalid, "请写明理由。", "Please give the reason.").At("reason")
	}
	if err := s.give(t, ""); err != nil {
		return Case{}, err
	}
	return *s.c, s.finish("put-down", t.Step, map[string]string{"reason": reason})
}

// MayPutDown says why somebody may not put a task down; nil if they may.
func (t *Task) MayPutDown(by procedure.Actor) error {
	switch {
	case t.State != procedure.Open || t.Person == "":
		return errs.New(errs.Conflict, "这件没有人领着。", "Nobody has taken this up.")
	case !by.Is(t.Person) && (by.Role != procedure.UnitLead || !t.concerns(by)):
		return errs.New(errs.Forbidden, "谁领的谁来放下，或者由单位负责人来放。", "Who took it up puts it down, or the head of the unit does.")
	}
	return nil
}

// beginTask reads a case and an open task of it for change.
func (a Acting) beginTask(ctx context.Context, tx *db.Tx, id ID, task string) (*stroke, *Task, error) {
	s, err := a.begin(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	t, ok := s.task(task)
	if !ok || t.State != procedure.Open || t.Reporter {
		return nil, nil, errs.New(errs.Conflict, "没办成：这一步刚被别人办了，请再看看。", "Not done: somebody has just done this step. Please look again.")
	}
	return s, t, nil
}

// give has a task taken up by a person, or by nobody. Whoever had it before had
// a hand in it.
func (s *stroke) give(t *Task, person string) error {
	if t.Person != person {
		t.Hands = joined(procedure.Actor{Person: person}.Hands(t.Person, t.hands()))
	}
	t.Person = person
	return s.tx.Exec(s.ctx, "update tasks set person = $3, hands = $4 where district = $1 and id = $2", s.d.Code, t.ID, t.Person, t.Hands)
}

// HandOver gives every open task that somebody took up who no longer has a post
// for it to who stands in for them, or back to the queue, and returns how many.
// Done again it finds nothing. held is who holds what at tx.Now.
func HandOver(ctx context.Context, tx *db.Tx, d *district.District, held *org.Directory) (n int, err error) {
	defer errs.Wrap(&err, "casework.HandOver(%s)", d.Code)
	taken, err := db.All(ctx, tx, (*Task).dest, "select "+taskColumns+" from tasks t where t.district = $1 and t.person <> '' and t.state = 'open' order by t.case_id, t.id", d.Code)
	if err != nil {
		return 0, err
	}
	for _, t := range taken {
		to, stays := t.keeper(d, held, tx)
		if stays {
			continue
		}
		if err := handOver(ctx, tx, d, t, to); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// keeper says whether who took a task up still has a post for it, and else who
// stands in for them: "" for nobody.
func (t *Task) keeper(d *district.District, held *org.Directory, tx *db.Tx) (to string, stays bool) {
	zone, person := d.Calendar.Zone(), org.PersonID(t.Person)
	has := func(who org.PersonID, instead string) bool {
		return slices.ContainsFunc(held.HeldAt(who, tx.Now, zone), func(p org.Post) bool {
			return t.concerns(ActorOf(p)) && (instead == "" || string(p.For) == instead)
		})
	}
	if has(person, "") {
		return "", true
	}
	for _, p := range held.AllPostsOf(person) {
		if s, away := held.StandInOf(p.ID, tx.Now); away && has(s.Person, t.Person) {
			return string(s.Person), false
		}
	}
	return "", false
}

// handOver is one task's way to another or to the queue.
func handOver(ctx context.Context, tx *db.Tx, d *district.District, taken Task, to string) error {
	s, t, err := Acting{District: d, By: procedure.Actor{System: true}}.beginTask(ctx, tx, taken.Case, taken.ID)
	if err != nil {
		return err
	}
	from := t.Person
	if err := s.give(t, to); err != nil {
		return err
	}
	if err := s.finish("handed-over", t.Step, map[string]string{"from": from, "to": to}); err != nil {
		return err
	}
	return s.tellUnit("handed-over", cmp.Or(t.Unit, s.c.ground(d).Community, s.c.ground(d).Street))
}

// Waiting lists the open tasks that a post like this one is for, the longest
// waiting first.
func Waiting(ctx context.Context, r db.Reader, d *district.District, post procedure.Actor, most int) (tasks []Task, err error) {
	defer errs.Wrap(&err, "casework.Waiting(%s)", post.Post)
	tasks, err = db.All(ctx, r, (*Task).dest, "select "+taskColumns+` from tasks t where t.district = $1 and t.state = 'open' and t.role = $2
		and (t.unit = $3 or t.unit = '') order by t.opened_at, t.id limit $4`, d.Code, string(post.Role), post.Unit, most)
	return slices.DeleteFunc(tasks, func(t Task) bool { return !t.concerns(post) }), err
}

// TakenBy lists the open tasks that a person has taken up.
func TakenBy(ctx context.Context, r db.Reader, district, person string) (tasks []Task, err error) {
	defer errs.Wrap(&err, "casework.TakenBy(%s)", person)
	return db.All(ctx, r, (*Task).dest, "select "+taskColumns+` from tasks t where t.district = $1 and t.person = $2 and t.person <> '' and t.state = 'open'
		order by t.opened_at, t.id`, district, person)
}

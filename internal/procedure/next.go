package procedure

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"linli/internal/errs"
	"linli/internal/lang"
)

// Begin gives the first tasks of a case on the given ground.
func (p *Procedure) Begin(g Ground, facts map[string]any) Outcome {
	w := &walk{p: p, now: State{Ground: g, Facts: facts}, out: Outcome{Ground: g, Facts: map[string]any{}}, round: 1}
	w.open(p.Step(p.Start))
	return w.out
}

// Next tells what follows from a move. It is Invalid without what the action
// needs, Forbidden where Available would not offer it, and Conflict where the
// task was closed meanwhile. It changes nothing.
func (p *Procedure) Next(s State, m Move) (Outcome, error) {
	offer, err := p.offered(s, m)
	if err != nil {
		return Outcome{}, err
	}
	if err := missing(offer.Needs, m); err != nil {
		return Outcome{}, err
	}
	if offer.Action == Reopen {
		return p.reopened(s, m), nil
	}
	i := s.find(m.Task)
	w := &walk{p: p, move: m, out: Outcome{Ground: s.Ground, Facts: map[string]any{}}, round: s.Round(), task: &s.Tasks[i]}
	w.step = p.Step(w.task.Step)
	if w.task.Part == CoHandle {
		return w.coCloses(), nil
	}
	to, state := w.direction(s)
	w.close(m.Task, state, m.Action)
	for _, j := range s.coOf(i) {
		w.cancel(&s.Tasks[j])
	}
	w.now = s.After(m, w.out, func() string { return "" })
	for _, t := range w.within(to) {
		w.arrive(t)
	}
	return w.out, nil
}

// offered finds the offer the move takes up, or says why there is none.
func (p *Procedure) offered(s State, m Move) (Offer, error) {
	if i := s.find(m.Task); m.Action != Reopen && (i < 0 || s.Tasks[i].State != Open) {
		return Offer{}, errs.New(errs.Conflict, "没办成：这一步刚被别人办了，请再看看。", "Not done: somebody has just done this step. Please look again.")
	}
	for _, o := range p.Available(s, m.By) {
		if o.Task != m.Task && o.Action != Reopen || o.Action != m.Action {
			continue
		}
		if !o.Allowed {
			return Offer{}, &errs.Error{Kind: errs.Forbidden, Text: o.Why}
		}
		return o, nil
	}
	return Offer{}, errs.New(errs.Forbidden, "这一步现在不由您来办。", "This step is not yours to do now.")
}

// missing reports every need that the move does not meet.
func missing(needs []Need, m Move) error {
	var all []error
	want := func(n Need, ok bool, zh, en string) {
		if slices.Contains(needs, n) && !ok {
			all = append(all, (&errs.Error{Kind: errs.Invalid, Text: lang.Text{ZH: zh, EN: en}}).At(string(n)))
		}
	}
	want(NeedReason, strings.TrimSpace(m.Reason) != "", "请写明理由。", "Please give the reason.")
	want(NeedAnswer, strings.TrimSpace(m.Answer) != "", "请写答复。", "Please write the answer.")
	want(NeedUnit, m.Unit != "", "请选承办单位。", "Please choose the unit.")
	want(NeedEvidence, m.Evidence+m.Photos > 0, "请附上依据：文件或照片。", "Please attach evidence: a file or a photo.")
	want(NeedPhoto, m.Photos > 0, "请附上照片。", "Please attach a photo.")
	want(NeedDeed, m.Deed, "这一步由程序做，请到件的页面上办。", "The program carries this out; please do it on the page of the case.")
	want(NeedRating, m.Rating >= 1 && m.Rating <= 5, "请选满意程度，1 到 5。", "Please choose how content you are, 1 to 5.")
	return errors.Join(all...)
}

// walk gathers the outcome of one move.
type walk struct {
	p     *Procedure
	move  Move
	now   State // with what the move closes already closed
	out   Outcome
	round int
	task  *Task // the one the move closes
	step  *Step
	final bool
}

// coCloses ends a co-handler's part. The lead's task stands.
func (w *walk) coCloses() Outcome {
	if state, ok := handsBack[w.move.Action]; ok {
		w.close(w.task.ID, state, w.move.Action)
		w.out.Notify = append(w.out.Notify, "co-returned")
	} else {
		w.close(w.task.ID, Finished, w.move.Action)
		w.out.Notify = append(w.out.Notify, "co-done")
	}
	return w.out
}

// direction reads the action: where to, how the task ends, and what it changes.
func (w *walk) direction(s State) ([]Target, TaskState) {
	if w.move.Action == Expire {
		return []Target{w.step.OnExpiry}, Expired
	}
	a := w.step.Action(w.move.Action)
	if a.Notify != "" {
		w.out.Notify = append(w.out.Notify, a.Notify)
	}
	if a.needs(NeedRating) {
		w.out.Facts["grade"] = w.move.Rating
	}
	if a.needs(NeedUnit) {
		w.out.Ground.Routed, w.out.Ground.Co = w.move.Unit, helpers(w.move)
	}
	w.final = a.Final
	to := a.To
	if !a.holds(s) {
		to = []Target{a.Else}
	}
	if state, ok := handsBack[a.Name]; ok {
		return to, state
	}
	if waits := w.p.Step(StepName(to[0])); waits != nil && waits.Pause.Mode == Always {
		return to, Waits
	}
	return to, Finished
}

// handsBack are the actions that leave the work to somebody else.
var handsBack = map[ActionName]TaskState{Return: Returned, Refuse: Refused}

// helpers are the co-handlers named, each once and never the lead itself.
func helpers(m Move) []string {
	var co []string
	for _, u := range m.Co {
		if u != "" && u != m.Unit && !slices.Contains(co, u) {
			co = append(co, u)
		}
	}
	return co
}

// within holds the bound on rework: to, or what the procedure says comes when
// the rounds are used up.
func (w *walk) within(to []Target) []Target {
	back := slices.ContainsFunc(to, func(t Target) bool {
		step := w.p.Step(StepName(t))
		return step != nil && step.Pause.Mode != Always && w.now.doneInRound(step.Name, w.round) // to ask the applicant again is no rework
	})
	if !back {
		return to
	}
	if w.p.spent(w.round) && w.step.Name != StepName(w.p.Loops.Then) {
		to = []Target{w.p.Loops.Then}
		if !w.now.doneInRound(StepName(w.p.Loops.Then), w.round) {
			return to
		}
	}
	w.round++
	return to
}

// spent reports whether the rounds of rework are used up.
func (p *Procedure) spent(round int) bool { return p.Loops.Then != "" && round > p.Loops.Times }

// arrive goes to one target.
func (w *walk) arrive(t Target) {
	step := w.p.Step(StepName(t))
	if step == nil {
		w.cancelWhere(func(*Task) bool { return true })
		w.out.End = EndName(t)
		return
	}
	for _, f := range w.p.forks {
		if !f.ground[w.step.Name] || f.ground[step.Name] {
			continue
		}
		on := func(t *Task) bool { return f.ground[t.Step] }
		if step.Name == f.join && step.Join != JoinAny && slices.ContainsFunc(w.now.Tasks, func(t Task) bool { return t.State == Open && on(&t) }) {
			return // the other branches are still under way
		}
		w.cancelWhere(on)
	}
	w.open(step)
}

// open opens the step with its co-handlers. A step that already is open is not
// opened twice: ways that meet become one.
func (w *walk) open(step *Step) {
	if slices.ContainsFunc(w.now.Tasks, func(t Task) bool {
		return t.State == Open && t.Step == step.Name && t.Part == Lead && !w.cancelled(t.ID)
	}) {
		return
	}
	lead := Opening{
		Step: step.Name, Part: Lead, Owner: w.owner(step), Limit: step.Limit, OfMatter: step.OfMatter,
		Pauses: step.Pause.Mode == Always, Round: w.round, Final: w.final,
	}
	w.out.Open = append(w.out.Open, lead)
	if step.Co == CoNone {
		return
	}
	for _, unit := range w.out.Ground.Co {
		if unit == lead.Owner.Unit {
			continue
		}
		co := lead
		co.Part, co.Owner.Unit, co.Owner.Area, co.Final = CoHandle, unit, "", false
		w.out.Open = append(w.out.Open, co)
	}
}

// owner resolves the words of a step on the ground of the case.
func (w *walk) owner(step *Step) Owner {
	o := Owner{Role: step.By.Role, Reporter: step.By.Reporter, Not: w.now.hands(step.By.Not), NotUnits: w.now.units(step.By.NotUnits)}
	g := w.out.Ground
	switch step.By.At {
	case ReceivingUnit:
		o.Unit = g.Receiving
	case Routed:
		o.Unit = g.Routed
		if o.Unit == "" {
			o.Unit = g.Receiving // a case that nobody was named for stays with who took it in
		}
	case SameUnit:
		o.Unit = g.Receiving
		if w.task != nil && w.task.Unit != "" {
			o.Unit = w.task.Unit
		}
	case NamedUnit:
		o.Unit = step.By.Unit
	case CaseGrid:
		o.Area = g.Area
	case CaseCommunity:
		o.Area = cut(g.Area, 12)
	case CaseStreet:
		o.Area = cut(g.Area, 9)
	case CommunityUnit:
		o.Unit = cmp.Or(g.Community, g.Street, g.Receiving)
	case StreetUnit:
		o.Unit = cmp.Or(g.Street, g.Receiving)
	}
	return o
}

func cut(code string, n int) string { return code[:min(n, len(code))] }

func (w *walk) close(task string, state TaskState, a ActionName) {
	w.out.Close = append(w.out.Close, Closing{Task: task, State: state, Action: a})
}

// cancel closes a task that is still open and not cancelled yet.
func (w *walk) cancel(t *Task) {
	if t.State == Open && !w.cancelled(t.ID) {
		w.close(t.ID, Cancelled, "")
	}
}

func (w *walk) cancelWhere(is func(*Task) bool) {
	for i := range w.now.Tasks {
		if is(&w.now.Tasks[i]) {
			w.cancel(&w.now.Tasks[i])
		}
	}
}

func (w *walk) cancelled(id string) bool {
	return slices.ContainsFunc(w.out.Close, func(c Closing) bool { return c.Task == id })
}

// reopened starts a new round after the end.
func (p *Procedure) reopened(s State, m Move) Outcome {
	w := &walk{p: p, move: m, now: s, round: s.Round(), out: Outcome{Ground: s.Ground, Facts: map[string]any{}, Reopened: true}}
	to := p.Step(p.End(s.Ended).Reopen.To)
	if then := p.Step(StepName(p.Loops.Then)); then != nil && p.spent(w.round) {
		to = then
	}
	w.round++
	w.open(to)
	return w.out
}

package procedure

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// Parse reads and checks a procedure. It returns everything it found fault
// with, in the order of the file; the procedure is nil unless all of that are
// warnings.
func Parse(source []byte, file string) (*Procedure, []sheet.Finding) {
	r := &reader{file: file}
	p := r.procedure(r.document(source))
	if p != nil {
		sum := sha256.Sum256(source)
		p.Version = hex.EncodeToString(sum[:6])
		r.check(p)
	}
	slices.SortStableFunc(r.findings, func(a, b sheet.Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if p == nil || r.failed() {
		return nil, r.findings
	}
	return p, r.findings
}

func (r *reader) procedure(n *yaml.Node) *Procedure {
	if n == nil {
		return nil
	}
	f := r.fields(n, "", "procedure", "title", "start", "steps", "ends", "limit", "loops")
	p := &Procedure{
		Name: r.name(f["procedure"], "procedure"), Title: r.text(f["title"], "title"),
		Start: StepName(r.name(f["start"], "start")), Limit: r.limit(f["limit"], "limit"), place: r.place(n),
	}
	if f["start"] != nil {
		p.place = r.place(f["start"])
	}
	if p.Name == "" {
		r.bad(cmpNode(f["procedure"], n), "procedure", "缺规程的名称。", "The name of the procedure is missing.")
	}
	if l := f["loops"]; l != nil {
		g := r.fields(l, "loops", "times", "then")
		p.Loops = Loops{Times: r.count(g["times"], "times", 100), Then: Target(r.name(g["then"], "then")), place: r.place(l)}
		if p.Loops.Times == 0 || p.Loops.Then == "" {
			r.bad(l, "loops", "要写返工几次（times，至少 1）和用完以后去哪（then）。", "Say how many rounds of rework (times, at least 1) and where it goes after them (then).")
		}
	}
	for _, s := range r.pairs(f["steps"], "steps") {
		p.Steps = append(p.Steps, r.step(s))
	}
	if len(p.Steps) > maxSteps {
		r.bad(f["steps"], "steps", "环节超过 %d 个。", "More than %d steps.", maxSteps)
		return nil
	}
	p.Ends = r.ends(f["ends"])
	return p
}

func cmpNode(a, b *yaml.Node) *yaml.Node {
	if a != nil {
		return a
	}
	return b
}

func (r *reader) step(at pair) *Step {
	s := &Step{Name: StepName(r.name(at.key, "step")), place: r.place(at.key)}
	f := r.fields(at.value, at.key.Value, "title", "public", "kind", "by", "limit", "limit-across", "returns", "pause", "extend",
		"co", "on-expiry", "join", "waits-for", "actions")
	s.Title = r.title(f["title"], at.key, stepTitles[s.Name])
	if f["public"] != nil {
		s.Public = r.text(f["public"], "public")
	}
	s.Kind = oneOf(r, f["kind"], "kind", Work, Verify, Rate)
	if s.Kind == Work && (s.Name == "verify" || s.Name == "rate") {
		s.Kind = Kind(s.Name)
	}
	s.By = r.by(f["by"], at.key)
	if l := f["limit"]; l != nil && l.Value == "matter" {
		s.OfMatter = true
	} else {
		s.Limit = r.limit(l, "limit")
	}
	s.Across = oneOf(r, f["limit-across"], "limit-across", Rounds)
	s.Returns = r.count(f["returns"], "returns", 10)
	s.Pause = r.pause(f["pause"])
	s.Extend = r.extend(f["extend"])
	s.Co = oneOf(r, f["co"], "co", CoAll, CoAny)
	s.OnExpiry = Target(r.name(f["on-expiry"], "on-expiry"))
	s.Join = oneOf(r, f["join"], "join", JoinAll, JoinAny, FirstRefusal)
	for _, w := range r.names(f["waits-for"], "waits-for") {
		s.WaitsFor = append(s.WaitsFor, StepName(w))
	}
	if f["actions"] == nil {
		r.bad(at.key, "actions", "“%s”没有动作，案件会停在这里。", "“%s” has no action; a case would stay here.", s.Name)
		return s
	}
	for _, a := range r.pairs(f["actions"], "actions") {
		s.Actions = append(s.Actions, r.action(a))
	}
	return s
}

// title reads a title, or takes the house word for a well-known name.
func (r *reader) title(n, at *yaml.Node, house lang.Text) lang.Text {
	if n != nil {
		return r.text(n, "title")
	}
	if house.IsZero() {
		r.bad(at, "title", "“%s”缺标题（title）。", "“%s” has no title.", clip(at.Value))
	}
	return house
}

func (r *reader) by(n, at *yaml.Node) By {
	if n == nil {
		r.bad(at, "by", "“%s”没写由谁来做（by）。", "“%s” does not say who does it (by).", clip(at.Value))
		return By{}
	}
	if n.Kind == yaml.ScalarNode {
		if n.Value != "reporter" {
			r.bad(n, "by", "要写 reporter，或 {role: …, at: …}。", "Write reporter, or {role: …, at: …}.")
		}
		return By{Reporter: true}
	}
	f := r.fields(n, "by", "role", "at", "unit", "not", "not-units")
	b := By{Role: r.role(f["role"], "role"),
		At: oneOf(r, f["at"], "at", ReceivingUnit, Routed, SameUnit, CaseGrid, CaseCommunity, CaseStreet, CommunityUnit, StreetUnit)}
	switch unit := r.word(f["unit"], "unit"); {
	case unit == "":
	case b.At != "":
		r.bad(f["unit"], "unit", "unit 和 at 只写一个。", "Write unit or at, not both.")
	case unit == string(Routed) || unit == string(ReceivingUnit):
		b.At = At(unit)
	default:
		b.At, b.Unit = NamedUnit, unit
	}
	if b.Role == "" && slices.Contains([]At{Routed, NamedUnit, SameUnit, CommunityUnit, StreetUnit}, b.At) && f["role"] == nil {
		b.Role = Handler
	}
	if b.At == "" && f["at"] == nil && f["unit"] == nil {
		b.At = ReceivingUnit
	}
	if b.Role == "" && f["role"] == nil {
		r.bad(n, "role", "没写角色（role）。", "The role is missing.")
	}
	for _, w := range r.names(f["not"], "not") {
		b.Not = append(b.Not, StepName(w))
	}
	for _, w := range r.names(f["not-units"], "not-units") {
		b.NotUnits = append(b.NotUnits, StepName(w))
	}
	return b
}

func (r *reader) pause(n *yaml.Node) Pause {
	if n == nil {
		return Pause{}
	}
	if n.Kind == yaml.MappingNode {
		f := r.fields(n, "pause", "approved-by")
		return Pause{Mode: Approved, By: cmp.Or(r.role(f["approved-by"], "approved-by"), Supervisor)}
	}
	mode := oneOf(r, n, "pause", Approved, Always)
	if mode == Approved {
		return Pause{Mode: mode, By: Supervisor}
	}
	return Pause{Mode: mode}
}

func (r *reader) extend(n *yaml.Node) Extend {
	if n == nil {
		return Extend{}
	}
	f := r.fields(n, "extend", "times", "approved-by")
	return Extend{Times: r.count(f["times"], "times", 10), By: cmp.Or(r.role(f["approved-by"], "approved-by"), Supervisor)}
}

func (r *reader) action(at pair) *Action {
	a := &Action{Name: ActionName(r.name(at.key, "action")), place: r.place(at.key), Title: actionTitles[ActionName(at.key.Value)]}
	if a.Name == Expire || a.Name == Reopen {
		r.bad(at.key, string(a.Name), "“%s”由系统用：到期写 on-expiry，再办写在结束的 reopen 里。", "“%s” is the engine's own: write on-expiry on the step, or reopen on the end.", a.Name)
	}
	if at.value.Kind != yaml.MappingNode {
		a.To = r.targets(at.value)
		r.titled(a, at.key)
		return a
	}
	f := r.fields(at.value, at.key.Value, "to", "else", "if", "title", "needs", "final", "notify", "asks")
	a.To, a.Else = r.targets(cmpNode(f["to"], at.value)), Target(r.name(f["else"], "else"))
	if f["title"] != nil {
		a.Title = r.text(f["title"], "title")
	}
	r.titled(a, at.key)
	for _, w := range r.names(f["needs"], "needs") {
		n := Need(w)
		if !slices.Contains([]Need{NeedReason, NeedEvidence, NeedUnit, NeedPhoto, NeedAnswer, NeedRating}, n) {
			r.bad(f["needs"], "needs", "不认识“%s”。可以写：reason, evidence, unit, photo, answer, rating。", "“%s” is not known. One may write: reason, evidence, unit, photo, answer, rating.", w)
		}
		a.Needs = append(a.Needs, n)
	}
	a.Final, a.Notify = r.flag(f["final"], "final"), r.name(f["notify"], "notify")
	if a.Notify != "" && !slices.Contains(notices, a.Notify) {
		r.bad(f["notify"], "notify", "没有“%s”这种告知。可以写：%s。", "There is no notice “%s”. One may write: %s.", a.Notify, strings.Join(notices[:forProcedures], ", "))
	}
	a.Asks = r.names(f["asks"], "asks")
	r.condition(a, f["if"])
	if a.Else != "" && f["if"] == nil {
		r.bad(f["else"], "else", "写了 else，就要写条件 if。", "An else goes with an if.")
	}
	return a
}

func (r *reader) titled(a *Action, at *yaml.Node) {
	if a.Title.IsZero() {
		r.bad(at, "title", "动作“%s”缺标题（title）。", "The action “%s” has no title.", clip(at.Value))
	}
}

func (r *reader) targets(n *yaml.Node) []Target {
	var to []Target
	if n.Kind != yaml.MappingNode {
		for _, w := range r.names(n, "to") {
			to = append(to, Target(w))
		}
	}
	if len(to) == 0 {
		r.bad(n, "to", "没写去哪一步（to）。", "Where it leads (to) is missing.")
	}
	return to
}

// condition compiles an action's condition. The column points into the
// expression where it stands on the line of its key.
func (r *reader) condition(a *Action, n *yaml.Node) {
	a.source = r.word(n, "if")
	if a.source == "" {
		return
	}
	prog, column, problem := compile(a.source)
	if problem == "" {
		a.cond = prog
		return
	}
	at := r.place(n)
	at.Column += column
	if n.Style == yaml.SingleQuotedStyle || n.Style == yaml.DoubleQuotedStyle {
		at.Column++
	}
	r.note(sheet.Error, at, "if", "条件写错了：%s", "The condition is wrong: %s", problem)
}

func (r *reader) ends(n *yaml.Node) []End {
	var ends []End
	if n != nil && n.Kind == yaml.SequenceNode {
		for _, c := range n.Content {
			name := r.name(c, "ends")
			ends = append(ends, End{Name: EndName(name), Title: r.title(nil, c, endTitles[EndName(name)]), Outcome: resultOf(name), place: r.place(c)})
		}
		return ends
	}
	for _, e := range r.pairs(n, "ends") {
		f := r.fields(e.value, e.key.Value, "title", "public", "outcome", "reopen")
		name := r.name(e.key, "ends")
		end := End{Name: EndName(name), place: r.place(e.key), Outcome: oneOf(r, f["outcome"], "outcome", Closed, Rejected, Answered)}
		end.Title = r.title(f["title"], e.key, endTitles[end.Name])
		if f["public"] != nil {
			end.Public = r.text(f["public"], "public")
		}
		if f["outcome"] == nil {
			end.Outcome = resultOf(name)
		}
		if o := f["reopen"]; o != nil {
			g := r.fields(o, "reopen", "to", "within")
			end.Reopen = &Reopening{To: StepName(r.name(g["to"], "to")), place: r.place(o)}
			if l := r.limit(g["within"], "within"); l != nil {
				end.Reopen.Within = *l
			} else {
				r.bad(o, "within", "没写多久以内可以再办（within）。", "Within what time it may be opened again (within) is missing.")
			}
		}
		ends = append(ends, end)
	}
	return ends
}

// resultOf is what an end counts as where it does not say.
func resultOf(name string) Result {
	switch r := Result(name); r {
	case Rejected, Answered:
		return r
	}
	return Closed
}

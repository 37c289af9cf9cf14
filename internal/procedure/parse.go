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
	r := &reader{sheet.Tree{File: file}}
	p := r.procedure(r.Document(source))
	if p != nil {
		sum := sha256.Sum256(source)
		p.Version = hex.EncodeToString(sum[:6])
		r.check(p)
	}
	slices.SortStableFunc(r.Findings, func(a, b sheet.Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if p == nil || r.Failed() {
		return nil, r.Findings
	}
	return p, r.Findings
}

func (r *reader) procedure(n *yaml.Node) *Procedure {
	if n == nil {
		return nil
	}
	f := r.Fields(n, "", "procedure", "title", "start", "steps", "ends", "limit", "loops")
	p := &Procedure{
		Name: r.Name(f["procedure"], "procedure"), Title: r.Text(f["title"], nil, "title"),
		Start: StepName(r.Name(f["start"], "start")), Limit: r.limit(f["limit"], "limit"), place: r.Place(n),
	}
	if f["start"] != nil {
		p.place = r.Place(f["start"])
	}
	if p.Name == "" {
		r.Bad(cmpNode(f["procedure"], n), "procedure", "缺规程的名称。", "The name of the procedure is missing.")
	}
	if l := f["loops"]; l != nil {
		g := r.Fields(l, "loops", "times", "then")
		p.Loops = Loops{Times: r.count(g["times"], "times", 100), Then: Target(r.Name(g["then"], "then")), place: r.Place(l)}
		if p.Loops.Times == 0 || p.Loops.Then == "" {
			r.Bad(l, "loops", "要写返工几次（times，至少 1）和用完以后去哪（then）。", "Say how many rounds of rework (times, at least 1) and where it goes after them (then).")
		}
	}
	for _, s := range r.Pairs(f["steps"], "steps") {
		p.Steps = append(p.Steps, r.step(s))
	}
	if len(p.Steps) > maxSteps {
		r.Bad(f["steps"], "steps", "环节超过 %d 个。", "More than %d steps.", maxSteps)
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

func (r *reader) step(at sheet.Pair) *Step {
	s := &Step{Name: StepName(r.Name(at.Key, "step")), place: r.Place(at.Key)}
	f := r.Fields(at.Value, at.Key.Value, "title", "public", "kind", "by", "limit", "limit-across", "returns", "pause", "extend",
		"co", "on-expiry", "join", "waits-for", "actions")
	s.Title = r.title(f["title"], at.Key, stepTitles[s.Name])
	if f["public"] != nil {
		s.Public = r.Text(f["public"], nil, "public")
	}
	s.Kind = sheet.OneOf(&r.Tree, f["kind"], "kind", Work, Verify, Rate)
	if s.Kind == Work && (s.Name == "verify" || s.Name == "rate") {
		s.Kind = Kind(s.Name)
	}
	s.By = r.by(f["by"], at.Key)
	if l := f["limit"]; l != nil && l.Value == "matter" {
		s.OfMatter = true
	} else {
		s.Limit = r.limit(l, "limit")
	}
	s.Across = sheet.OneOf(&r.Tree, f["limit-across"], "limit-across", Rounds)
	s.Returns = r.count(f["returns"], "returns", 10)
	s.Pause = r.pause(f["pause"])
	s.Extend = r.extend(f["extend"])
	s.Co = sheet.OneOf(&r.Tree, f["co"], "co", CoAll, CoAny)
	s.OnExpiry = Target(r.Name(f["on-expiry"], "on-expiry"))
	s.Join = sheet.OneOf(&r.Tree, f["join"], "join", JoinAll, JoinAny, FirstRefusal)
	for _, w := range r.Names(f["waits-for"], "waits-for") {
		s.WaitsFor = append(s.WaitsFor, StepName(w))
	}
	if f["actions"] == nil {
		r.Bad(at.Key, "actions", "“%s”没有动作，案件会停在这里。", "“%s” has no action; a case would stay here.", s.Name)
		return s
	}
	for _, a := range r.Pairs(f["actions"], "actions") {
		s.Actions = append(s.Actions, r.action(a))
	}
	return s
}

// title reads a title, or takes the house word for a well-known name.
func (r *reader) title(n, at *yaml.Node, house lang.Text) lang.Text {
	if n != nil {
		return r.Text(n, nil, "title")
	}
	if house.IsZero() {
		r.Bad(at, "title", "“%s”缺标题（title）。", "“%s” has no title.", sheet.Clip(at.Value))
	}
	return house
}

func (r *reader) by(n, at *yaml.Node) By {
	if n == nil {
		r.Bad(at, "by", "“%s”没写由谁来做（by）。", "“%s” does not say who does it (by).", sheet.Clip(at.Value))
		return By{}
	}
	if n.Kind == yaml.ScalarNode {
		if n.Value != "reporter" {
			r.Bad(n, "by", "要写 reporter，或 {role: …, at: …}。", "Write reporter, or {role: …, at: …}.")
		}
		return By{Reporter: true}
	}
	f := r.Fields(n, "by", "role", "at", "unit", "not", "not-units")
	b := By{Role: r.role(f["role"], "role"),
		At: sheet.OneOf(&r.Tree, f["at"], "at", ReceivingUnit, Routed, SameUnit, CaseGrid, CaseCommunity, CaseStreet, CommunityUnit, StreetUnit)}
	switch unit := r.Word(f["unit"], "unit"); {
	case unit == "":
	case b.At != "":
		r.Bad(f["unit"], "unit", "unit 和 at 只写一个。", "Write unit or at, not both.")
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
		r.Bad(n, "role", "没写角色（role）。", "The role is missing.")
	}
	for _, w := range r.Names(f["not"], "not") {
		b.Not = append(b.Not, StepName(w))
	}
	for _, w := range r.Names(f["not-units"], "not-units") {
		b.NotUnits = append(b.NotUnits, StepName(w))
	}
	return b
}

func (r *reader) pause(n *yaml.Node) Pause {
	if n == nil {
		return Pause{}
	}
	if n.Kind == yaml.MappingNode {
		f := r.Fields(n, "pause", "approved-by")
		return Pause{Mode: Approved, By: cmp.Or(r.role(f["approved-by"], "approved-by"), Supervisor)}
	}
	mode := sheet.OneOf(&r.Tree, n, "pause", Approved, Always)
	if mode == Approved {
		return Pause{Mode: mode, By: Supervisor}
	}
	return Pause{Mode: mode}
}

func (r *reader) extend(n *yaml.Node) Extend {
	if n == nil {
		return Extend{}
	}
	f := r.Fields(n, "extend", "times", "approved-by")
	return Extend{Times: r.count(f["times"], "times", 10), By: cmp.Or(r.role(f["approved-by"], "approved-by"), Supervisor)}
}

func (r *reader) action(at sheet.Pair) *Action {
	a := &Action{Name: ActionName(r.Name(at.Key, "action")), place: r.Place(at.Key), Title: actionTitles[ActionName(at.Key.Value)]}
	if a.Name == Expire || a.Name == Reopen {
		r.Bad(at.Key, string(a.Name), "“%s”由系统用：到期写 on-expiry，再办写在结束的 reopen 里。", "“%s” is the engine's own: write on-expiry on the step, or reopen on the end.", a.Name)
	}
	if at.Value.Kind != yaml.MappingNode {
		a.To = r.targets(at.Value)
		r.titled(a, at.Key)
		return a
	}
	f := r.Fields(at.Value, at.Key.Value, "to", "else", "if", "title", "needs", "final", "notify", "asks")
	a.To, a.Else = r.targets(cmpNode(f["to"], at.Value)), Target(r.Name(f["else"], "else"))
	if f["title"] != nil {
		a.Title = r.Text(f["title"], nil, "title")
	}
	r.titled(a, at.Key)
	for _, w := range r.Names(f["needs"], "needs") {
		n := Need(w)
		if !slices.Contains([]Need{NeedReason, NeedEvidence, NeedUnit, NeedPhoto, NeedAnswer, NeedRating, NeedDeed}, n) {
			r.Bad(f["needs"], "needs", "不认识“%s”。可以写：reason, evidence, unit, photo, answer, rating, deed。", "“%s” is not known. One may write: reason, evidence, unit, photo, answer, rating, deed.", w)
		}
		a.Needs = append(a.Needs, n)
	}
	a.Final, a.Notify = r.Yes(f["final"], "final", false), r.Name(f["notify"], "notify")
	if a.Notify != "" && !slices.Contains(notices, a.Notify) {
		r.Bad(f["notify"], "notify", "没有“%s”这种告知。可以写：%s。", "There is no notice “%s”. One may write: %s.", a.Notify, strings.Join(notices[:forProcedures], ", "))
	}
	a.Asks = r.Names(f["asks"], "asks")
	r.condition(a, f["if"])
	if a.Else != "" && f["if"] == nil {
		r.Bad(f["else"], "else", "写了 else，就要写条件 if。", "An else goes with an if.")
	}
	return a
}

func (r *reader) titled(a *Action, at *yaml.Node) {
	if a.Title.IsZero() {
		r.Bad(at, "title", "动作“%s”缺标题（title）。", "The action “%s” has no title.", sheet.Clip(at.Value))
	}
}

func (r *reader) targets(n *yaml.Node) []Target {
	var to []Target
	if n.Kind != yaml.MappingNode {
		for _, w := range r.Names(n, "to") {
			to = append(to, Target(w))
		}
	}
	if len(to) == 0 {
		r.Bad(n, "to", "没写去哪一步（to）。", "Where it leads (to) is missing.")
	}
	return to
}

// condition compiles an action's condition. The column points into the
// expression where it stands on the line of its key.
func (r *reader) condition(a *Action, n *yaml.Node) {
	a.source = r.Word(n, "if")
	if a.source == "" {
		return
	}
	prog, column, problem := compile(a.source)
	if problem == "" {
		a.cond = prog
		return
	}
	at := r.Place(n)
	at.Column += column
	if n.Style == yaml.SingleQuotedStyle || n.Style == yaml.DoubleQuotedStyle {
		at.Column++
	}
	r.Note(sheet.Error, at, "if", "条件写错了：%s", "The condition is wrong: %s", problem)
}

func (r *reader) ends(n *yaml.Node) []End {
	var ends []End
	if n != nil && n.Kind == yaml.SequenceNode {
		for _, c := range n.Content {
			name := r.Name(c, "ends")
			ends = append(ends, End{Name: EndName(name), Title: r.title(nil, c, endTitles[EndName(name)]), Outcome: resultOf(name), place: r.Place(c)})
		}
		return ends
	}
	for _, e := range r.Pairs(n, "ends") {
		f := r.Fields(e.Value, e.Key.Value, "title", "public", "outcome", "reopen")
		name := r.Name(e.Key, "ends")
		end := End{Name: EndName(name), place: r.Place(e.Key), Outcome: sheet.OneOf(&r.Tree, f["outcome"], "outcome", Closed, Rejected, Answered)}
		end.Title = r.title(f["title"], e.Key, endTitles[end.Name])
		if f["public"] != nil {
			end.Public = r.Text(f["public"], nil, "public")
		}
		if f["outcome"] == nil {
			end.Outcome = resultOf(name)
		}
		if o := f["reopen"]; o != nil {
			g := r.Fields(o, "reopen", "to", "within")
			end.Reopen = &Reopening{To: StepName(r.Name(g["to"], "to")), place: r.Place(o)}
			if l := r.limit(g["within"], "within"); l != nil {
				end.Reopen.Within = *l
			} else {
				r.Bad(o, "within", "没写多久以内可以再办（within）。", "Within what time it may be opened again (within) is missing.")
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

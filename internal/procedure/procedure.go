package procedure

import (
	"slices"

	"github.com/expr-lang/expr/vm"

	"linli/internal/clock"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// StepName names a step within its procedure, such as "handle".
type StepName string

// EndName names an end within its procedure, such as "closed".
type EndName string

// ActionName names what a person does at a step, such as "done".
type ActionName string

// The actions the engine itself gives a meaning to. All others are words of
// the procedure.
const (
	Done   ActionName = "done"   // a co-handler says this when its part is finished
	Return ActionName = "return" // counts against the step's returns
	Refuse ActionName = "refuse" // of a duty that is not on the admission list (回绝); counts against nobody
	Expire ActionName = "expire" // the clock does this, where a step says on-expiry
	Reopen ActionName = "reopen" // the reporter does this after the end, where the end allows it
)

// Procedure is one parsed and checked procedure. It does not change.
type Procedure struct {
	Name    string
	Title   lang.Text
	Version string // the first 12 hex digits of the SHA-256 of the source
	Start   StepName
	Steps   []*Step // in the order of the file
	Ends    []End   // in the order of the file
	Limit   *clock.Limit
	Loops   Loops

	place sheet.Place
	forks []*fork
}

// Step is a node of a procedure.
type Step struct {
	Name     StepName
	Title    lang.Text
	Public   lang.Text // what a resident reads while the case is here
	Kind     Kind
	By       By
	Limit    *clock.Limit
	OfMatter bool // the limit is the matter's
	Across   Across
	Returns  int // how often one unit may return a case
	Pause    Pause
	Extend   Extend
	Co       Co
	OnExpiry Target // where the case goes by itself; empty for nowhere
	Join     Join
	WaitsFor []StepName
	Actions  []*Action // in the order of the file

	place sheet.Place
}

// Kind says what a step is for, where the rules depend on it.
type Kind string

// The kinds of step.
const (
	Work   Kind = ""       // anything else
	Verify Kind = "verify" // checks what others did, and so is done by others
	Rate   Kind = "rate"   // the reporter's word
)

// Across says over what a step's own limit runs on.
type Across string

// Rounds is a limit over all rounds together (捆绑时限): the time used in
// earlier rounds counts, what lay between them does not.
const (
	OneRound Across = ""
	Rounds   Across = "rounds"
)

// By says who does a step.
type By struct {
	Reporter bool
	Role     Role
	At       At
	Unit     string     // the unit's code, where At is NamedUnit
	Not      []StepName // whoever had a hand in these steps must not do this one
	NotUnits []StepName // nor may anyone of the units that did these
}

// At says where the post is that does a step.
type At string

// The places of posts.
const (
	ReceivingUnit At = "receiving-unit"
	Routed        At = "routed" // the unit the case was sent to
	SameUnit      At = "same-unit"
	CaseGrid      At = "case-grid"
	CaseCommunity At = "case-community"
	CaseStreet    At = "case-street"
	CommunityUnit At = "community-unit" // the station that serves the case's community
	StreetUnit    At = "street-unit"    // the office of its street
	NamedUnit     At = "named-unit"
)

// Pause says how a unit may stop the clock at a step.
type Pause struct {
	Mode PauseMode
	By   Role // who approves, where the mode is Approved
}

// PauseMode is how the clock may be stopped.
type PauseMode string

// The modes of pausing.
const (
	NoPause  PauseMode = ""
	Approved PauseMode = "approved" // when asked for and approved
	Always   PauseMode = "always"   // the case's clock stands while this step is open: it waits for the applicant
)

// Extend says how often, and by whom, a limit may be made longer.
type Extend struct {
	Times int
	By    Role
}

// Co says when a lead with co-handlers may call the work done.
type Co string

// The rules for co-handlers.
const (
	CoNone Co = ""    // the step takes no co-handlers
	CoAll  Co = "all" // when every co-handler has finished
	CoAny  Co = "any" // when one has
)

// Join says when a step that waits for branches opens.
type Join string

// The rules for joining. FirstRefusal is All for branches that are asked to
// agree: each must have an action that leads away, and the first such action
// settles it.
const (
	NoJoin       Join = ""
	JoinAll      Join = "all"
	JoinAny      Join = "any"
	FirstRefusal Join = "first-refusal"
)

// Action is something a person may do at a step.
type Action struct {
	Name   ActionName
	Title  lang.Text
	To     []Target // more than one is a fork
	Else   Target   // where it leads when the condition does not hold; empty: then it is not offered
	Needs  []Need
	Final  bool     // the unit it names may not return the case
	Notify string   // template of the message to send
	Asks   []string // marks of quality that may be noted with it

	source string
	cond   *vm.Program
	place  sheet.Place
}

// Target is the name of a step or an end.
type Target string

// Need is what an action must come with.
type Need string

// What an action can need.
const (
	NeedReason   Need = "reason"
	NeedEvidence Need = "evidence"
	NeedUnit     Need = "unit"
	NeedPhoto    Need = "photo"
	NeedAnswer   Need = "answer"
	NeedRating   Need = "rating"
	NeedDeed     Need = "deed" // the program itself carries it out: package privacy
)

// End is a way for a case to end.
type End struct {
	Name    EndName
	Title   lang.Text
	Public  lang.Text
	Outcome Result
	Reopen  *Reopening

	place sheet.Place
}

// Result is what an end counts as.
type Result string

// The results of a case.
const (
	Closed   Result = "closed"
	Rejected Result = "rejected"
	Answered Result = "answered"
)

// Reopening lets the reporter open an ended case again. Within is counted from
// the end by the caller, who has the clock.
type Reopening struct {
	To     StepName
	Within clock.Limit
	place  sheet.Place
}

// Loops bounds rework: after Times rounds of it, an action that would go back
// to work already called done leads to Then instead.
type Loops struct {
	Times int
	Then  Target
	place sheet.Place
}

// fork is an action that opens several branches, with the ground they run on.
type fork struct {
	step   StepName
	join   StepName
	ground map[StepName]bool
}

// Step returns the step of that name, or nil.
func (p *Procedure) Step(name StepName) *Step {
	for _, s := range p.Steps {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// End returns the end of that name, or nil.
func (p *Procedure) End(name EndName) *End {
	for i := range p.Ends {
		if p.Ends[i].Name == name {
			return &p.Ends[i]
		}
	}
	return nil
}

// Action returns the action of that name, or nil.
func (s *Step) Action(name ActionName) *Action {
	for _, a := range s.Actions {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// Targets are all places the action can lead to.
func (a *Action) Targets() []Target {
	if a.Else == "" {
		return a.To
	}
	return append(slices.Clip(a.To), a.Else)
}

// Needs reports whether the action must come with n.
func (a *Action) needs(n Need) bool { return slices.Contains(a.Needs, n) }

// exits are all places a case can go to from s.
func (s *Step) exits() []Target {
	var all []Target
	for _, a := range s.Actions {
		all = append(all, a.Targets()...)
	}
	if s.OnExpiry != "" {
		all = append(all, s.OnExpiry)
	}
	return all
}

package supervise

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// MeetingID names a coordination meeting; people say its Number.
type MeetingID string

// MeetingState is where a meeting stands.
type MeetingState string

// The states of a meeting.
const (
	MeetingPlanned   MeetingState = "planned"
	MeetingHeld      MeetingState = "held" // decisions are being written down
	MeetingClosed    MeetingState = "closed"
	MeetingCancelled MeetingState = "cancelled"
)

// Text names the state for a person.
func (s MeetingState) Text() lang.Text {
	switch s {
	case MeetingPlanned:
		return lang.T("还没开", "to come")
	case MeetingHeld:
		return lang.T("正在开，记决定", "being held")
	case MeetingClosed:
		return lang.T("开完了", "closed")
	}
	return lang.T("取消了", "called off")
}

// Meeting is a coordination meeting (协调会, MH-19): departments and territorial
// offices settle what no single unit could. Its agenda comes from stuck cases.
type Meeting struct {
	ID           MeetingID
	Year, Serial int
	Title, Place string
	StartsAt     time.Time
	Chair        string // the post that presides; '' while that is open
	Units        []string
	State        MeetingState
	Minutes      string
	Reason       string // why it was called off
	PlannedAt    time.Time
	HeldAt       time.Time
	ClosedAt     time.Time
	Revision     int
}

// Number is how people name the meeting: 2026 年第 3 次.
func (m Meeting) Number() lang.Text {
	return lang.T("%[1]d 年第 %[2]d 次", "no. %[2]d of %[1]d", m.Year, m.Serial)
}

// Short is the number where both languages share one text: 2026-3.
func (m Meeting) Short() string { return fmt.Sprintf("%d-%d", m.Year, m.Serial) }

// Concerns reports whether one of the units was called or has a point of the
// agenda.
func (m Meeting) Concerns(items []MeetingItem, units []string) bool {
	return slices.ContainsFunc(units, func(unit string) bool {
		return unit != "" && (slices.Contains(m.Units, unit) || slices.ContainsFunc(items, func(i MeetingItem) bool {
			return i.Unit == unit || slices.Contains(i.Co, unit)
		}))
	})
}

// MeetingAct is something done to a meeting.
type MeetingAct string

// What may be done to a meeting.
const (
	ActChange   MeetingAct = "change"
	ActAdd      MeetingAct = "add"
	ActDrop     MeetingAct = "drop"
	ActHold     MeetingAct = "hold"
	ActDecide   MeetingAct = "decide"
	ActTakeBack MeetingAct = "take-back" // a decision that is not carried out yet
	ActMinutes  MeetingAct = "minutes"
	ActClose    MeetingAct = "close"
	ActCancel   MeetingAct = "cancel"
)

// during says in which states of the meeting an act may be taken.
func (act MeetingAct) during(s MeetingState) bool {
	switch act {
	case ActChange, ActHold, ActCancel:
		return s == MeetingPlanned
	case ActAdd, ActDrop:
		return s == MeetingPlanned || s == MeetingHeld
	case ActDecide, ActMinutes, ActClose:
		return s == MeetingHeld
	case ActTakeBack:
		return s == MeetingHeld || s == MeetingClosed
	}
	return false
}

// May says why somebody may not take an act; nil where they may. Pages show a
// button where it is nil, and every verb asks it first.
func (m Meeting) May(d *district.District, by procedure.Actor, act MeetingAct) error {
	if err := allowed(d, by, rights.MeetingKeep); err != nil {
		return err
	}
	if !act.during(m.State) {
		return errs.New(errs.Conflict, "没办成：这次会%[1]s。", "Not done: this meeting is %[2]s.", m.State.Text().In(lang.ZH), m.State.Text().In(lang.EN))
	}
	return nil
}

// allowed says whether a post has a right.
func allowed(d *district.District, by procedure.Actor, right rights.Right) error {
	if d.Can(right, string(by.Role)) {
		return nil
	}
	return errs.New(errs.Forbidden, "您的岗位没有“%[1]s”的权限。", "Your post does not have the right “%[2]s”.", right.Title().ZH, right.Title().EN)
}

// ItemState is where a point of an agenda stands.
type ItemState string

// The states of a point.
const (
	ItemOpen     ItemState = "open"     // to be talked about
	ItemDecided  ItemState = "decided"  // a unit has to carry it out
	ItemNoted    ItemState = "noted"    // decided, with nothing to carry out
	ItemDone     ItemState = "done"     // carried out
	ItemDropped  ItemState = "dropped"  // taken off, or the decision taken back
	ItemDeferred ItemState = "deferred" // the meeting closed without a decision
	ItemCarried  ItemState = "carried"  // a later meeting took it up
)

// Why says how a point came onto an agenda.
type Why string

// The reasons. All but the last are those of a stuck case.
const (
	Bounced   = Why(casework.Bounced)
	Untouched = Why(casework.Untouched)
	NoOwner   = Why(casework.WithoutOwner)
	Overdue   = Why("overdue")
	ByHand    = Why("by-hand")
)

// StuckWhys are the reasons for which cases come onto an agenda by themselves,
// the gravest first.
func StuckWhys() []Why { return []Why{Bounced, NoOwner, Untouched, Overdue} }

// Text names the reason for a person.
func (w Why) Text() lang.Text {
	switch w {
	case Bounced:
		return lang.T("推来推去", "passed around")
	case Untouched:
		return lang.T("一个工作日没人动", "untouched for a working day")
	case NoOwner:
		return lang.T("没定归谁管", "no owner")
	case Overdue:
		return lang.T("超期", "late")
	}
	return lang.T("另外提的", "put on by hand")
}

// MeetingItem is a point of an agenda. From its decision on it is a task for a
// unit.
type MeetingItem struct {
	ID        string
	Meeting   MeetingID
	Seq       int
	Case      casework.ID // '' for a point without a case
	Number    string      // of the case
	Matter    string      // of the case
	Why       Why
	Question  string
	State     ItemState
	Decision  string
	Unit      string
	Co        []string
	Settled   Settling
	Limit     string
	NearAt    time.Time
	Due       time.Time
	DecidedAt time.Time
	DoneAt    time.Time
	DoneBy    string
	DonePost  string
	DoneText  string
	Reason    string
}

// May says why somebody may not say that the decision is carried out; nil where
// they may. It is for the unit that has to, not for those who help.
func (i MeetingItem) May(d *district.District, by procedure.Actor) error {
	if err := allowed(d, by, rights.CaseHandle); err != nil {
		return err
	}
	if i.Unit != by.Unit || i.Unit == "" {
		return errs.New(errs.Forbidden, "这条决定不由贵单位来办。", "This decision is not for your unit to carry out.")
	}
	if i.State != ItemDecided {
		return errs.New(errs.Conflict, "没办成：这条决定已经办过或收回了。", "Not done: this decision has been carried out or taken back.")
	}
	return nil
}

// Settling is what a decision does to its case.
type Settling string

// The settlings.
const (
	SettlesNothing Settling = ""       // the decision is a task beside the case
	SettlesOwner   Settling = "owner"  // it names the owner
	SettlesRuling  Settling = "ruling" // it takes the ruling that the case waits for
)

// How long the texts of a meeting may be, in characters, and how many points it
// has.
const (
	titleMost    = 60
	decisionMost = 1000
	MinutesMost  = 20_000
	ItemsMost    = 60 // points of one agenda
	AgendaMost   = 20 // of those, by themselves: what an afternoon holds
)

// written takes a text as people write it: white space folded at the ends, of a
// bounded length, and there if it is needed.
func written(field, text string, most int, needed lang.Text) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "", errs.New(errs.Invalid, "这里有认不出的字符，请重新写。", "This holds characters that cannot be read; please write it again.").At(field)
	case text == "" && !needed.IsZero():
		return "", errs.New(errs.Invalid, "%[1]s", "%[2]s", needed.ZH, needed.EN).At(field)
	case utf8.RuneCountInString(text) > most:
		return "", errs.New(errs.Invalid, "最多写 %d 个字。", "Up to %d characters.", most).At(field)
	}
	return text, nil
}

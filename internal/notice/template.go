package notice

import (
	"fmt"
	"slices"
	"strings"

	"linli/internal/lang"
)

// Template names a text of a book.
type Template string

// The templates that linli itself uses; every book has them.
const (
	Received       Template = "received"        // the report is taken in
	ReceivedRepair Template = "received-repair" // the same, of something to be repaired
	Followed       Template = "followed"        // attached to a case that runs already
	Filed          Template = "filed"
	Rejected       Template = "rejected"
	Dispatched     Template = "dispatched"
	Returned       Template = "returned"
	Done           Template = "done"
	AskToRate      Template = "ask-to-rate"
	BackToWork     Template = "back-to-work" // the check failed, or the reporter is not content
	Reopened       Template = "reopened"     // an ended case runs again, with a new date
	MadeSafe       Template = "made-safe"
	Answered       Template = "answered"
	Closed         Template = "closed"
	Merged         Template = "merged"
	NewTask        Template = "new-task"
	ReturnedTask   Template = "returned-task"
	Ruling         Template = "ruling"
	Remarked       Template = "remarked" // an observer has said something

	Paused     Template = "paused" // the clock stands, and until when at most
	Extended   Template = "extended"
	Resumed    Template = "resumed"
	MoreNeeded Template = "more-needed" // the reporter is asked to supply something
	DateMoved  Template = "date-moved"  // counted again
	AskWaits   Template = "asked"       // to those who decide on pauses and extensions
	AskRefused Template = "ask-refused" // to the unit that asked
	MoreSaid   Template = "said-more"   // to the unit: the reporter wrote again
	ReviewDue  Template = "review-due"  // a pause has come to its end
	DatesMoved Template = "dates-moved" // to a unit, once for all of its dates

	Reminded       Template = "reminded"       // supervision: its date is near
	Urged          Template = "urged"          // it is late
	UrgedByHand    Template = "urged-by-hand"  // a supervisor says so
	Ordered        Template = "ordered"        // listed, an answer is due
	OrderAnswered  Template = "order-answered" // to the supervisors
	OrderLifted    Template = "order-lifted"
	LeaderTold     Template = "leader-told" // to the leader on duty
	Accused        Template = "accused"     // held to account, an answer is due
	AccountUpheld  Template = "account-upheld"
	AccountDropped Template = "account-dropped"
	MeetingCalled  Template = "meeting"        // a unit is called to a coordination meeting
	MeetingOff     Template = "meeting-off"    // which does not take place
	Decided        Template = "decision"       // a meeting gave the unit something to carry out
	DecidedHelp    Template = "decision-co"    // or to help with
	CodesGuessed   Template = "codes-guessed"  // to the person: somebody knows the password
	NewDevice      Template = "new-device"     // to the person: a browser never seen before has signed in
	HandedOver     Template = "handed-over"    // to a unit: who had taken a task up has no post for it any more
	PostBare       Template = "post-bare"      // to who can name somebody: nobody is left for what waits
	RightsChanged  Template = "rights-changed" // to the audit administrators
	LookAlarm      Template = "look-alarm"     // to those who look after security and audit

	News Template = "news" // beside the pages, where a channel may tell no more
)

// Messages that no template words, and whose text is not kept whole.
const (
	codeTemplate  Template = "code"    // confirms an address
	replyTemplate Template = "reply"   // to what could not be taken in
	SignInCode    Template = "sign-in" // to a phone, by package resident
)

// Templates lists the templates every book has.
func Templates() []Template {
	return []Template{Received, ReceivedRepair, Followed, Filed, Rejected, Dispatched, Returned, Done, AskToRate,
		BackToWork, Reopened, MadeSafe, Answered, Closed, Merged, NewTask, ReturnedTask, Ruling, Remarked, Paused, Extended, Resumed, MoreNeeded, DateMoved,
		AskWaits, AskRefused, MoreSaid, ReviewDue, DatesMoved, MeetingCalled, MeetingOff, Decided, DecidedHelp,
		Reminded, Urged, UrgedByHand, Ordered, OrderAnswered, OrderLifted, LeaderTold, Accused, AccountUpheld, AccountDropped,
		HandedOver, PostBare, RightsChanged, CodesGuessed, NewDevice, LookAlarm, News}
}

// wording is one text in one language, cut into pieces.
type wording []piece

// piece is plain text, a fact, or a part in square brackets, which is left out
// when a fact within it is not known.
type piece struct {
	text string
	fact string
	part wording
}

// cut reads "plain {fact} [optional {fact}]".
func cut(text string) (wording, error) {
	all, rest, err := cutUntil(text, false)
	if err == nil && rest != "" {
		err = fmt.Errorf("“]” without “[”")
	}
	return all, err
}

func cutUntil(text string, inside bool) (all wording, rest string, err error) {
	for text != "" {
		at := strings.IndexAny(text, "{}[]")
		if at < 0 {
			at = len(text)
		}
		if at > 0 {
			all = append(all, piece{text: text[:at]})
			text = text[at:]
			continue
		}
		switch text[0] {
		case '{':
			name, after, ok := strings.Cut(text[1:], "}")
			if !ok {
				return nil, "", fmt.Errorf("“{” without “}”")
			}
			if !slices.Contains(factNames, name) {
				return nil, "", fmt.Errorf("{%s} is none of %s", clip(name), strings.Join(factNames, ", "))
			}
			all, text = append(all, piece{fact: name}), after
		case '[':
			if inside {
				return nil, "", fmt.Errorf("“[” within “[ ]”")
			}
			part, after, err := cutUntil(text[1:], true)
			if err != nil {
				return nil, "", err
			}
			if len(facts(part)) == 0 || !strings.HasPrefix(after, "]") {
				return nil, "", fmt.Errorf("“[ ]” must close and hold a {fact}")
			}
			all, text = append(all, piece{part: part}), after[1:]
		case ']':
			return all, text, nil
		default:
			return nil, "", fmt.Errorf("“}” without “{”")
		}
	}
	return all, "", nil
}

// facts lists the facts of a wording, sorted, each once.
func facts(w wording) (names []string) {
	for _, p := range w {
		if p.fact != "" {
			names = append(names, p.fact)
		}
		names = append(names, facts(p.part)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// fill puts the facts in. It names the first that is needed and not known.
func (w wording) fill(f Facts, l lang.Lang) (text, missing string) {
	var b strings.Builder
	for _, p := range w {
		switch {
		case p.part != nil:
			if part, missing := p.part.fill(f, l); missing == "" {
				b.WriteString(part)
			}
		case p.fact != "":
			value := f.get(p.fact).In(l)
			if value == "" {
				return "", p.fact
			}
			b.WriteString(value)
		default:
			b.WriteString(p.text)
		}
	}
	return b.String(), ""
}

// clip keeps what is quoted in an error short.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

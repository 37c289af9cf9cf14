package api

import (
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// Case is a case in a list.
type Case struct {
	ID          string     `json:"id"`
	Number      string     `json:"number"`
	Matter      Named      `json:"matter"`
	Major       Named      `json:"major" doc:"事项大类 · The class of the matter"`
	Kind        string     `json:"kind"`
	Urgency     string     `json:"urgency,omitempty"`
	Channel     string     `json:"channel"`
	State       string     `json:"state" enum:"open,closed,answered,rejected,merged"`
	Step        Named      `json:"step"`
	Status      Text       `json:"status" doc:"居民看到的话 · In the words a resident reads"`
	Place       Place      `json:"place"`
	Receiver    *Named     `json:"receiver,omitempty" doc:"收件单位 · The unit that took it in"`
	Unit        *Named     `json:"unit,omitempty" doc:"承办单位 · The unit that deals with it"`
	Co          []Named    `json:"co,omitempty" doc:"协办单位 · Units that help"`
	Proposed    *Named     `json:"proposed,omitempty" doc:"建议派给 · The unit the routing proposes"`
	NoOwner     bool       `json:"no_owner"`
	Danger      bool       `json:"danger"`
	Secret      bool       `json:"secret" doc:"上报人保密 · Who reported it is kept secret"`
	OpenedAt    time.Time  `json:"opened_at"`
	Limit       string     `json:"limit,omitempty"`
	Due         *time.Time `json:"due,omitempty"`
	Provisional bool       `json:"provisional" doc:"那年的节假日还没公布 · The holidays of that year are not known yet"`
	Signal      string     `json:"signal,omitempty" enum:"ok,near,late,hold" doc:"hold 是暂停计时 · hold is a clock that stands"`
	HeldAt      *time.Time `json:"held_at,omitempty" doc:"从什么时候起停着 · Since when its clock stands"`
	OnAccount   bool       `json:"on_account" doc:"挂过账 · Was put on account"`
	ClosedAt    *time.Time `json:"closed_at,omitempty"`
	OnTime      *bool      `json:"on_time,omitempty"`
	Reports     int        `json:"reports"`
	Returns     int        `json:"returns"`
	Round       int        `json:"round"`
	Rating      int        `json:"rating,omitempty" doc:"5 非常满意 … 1 非常不满意 · 5 very content … 1 very discontent"`
	MergedInto  string     `json:"merged_into,omitempty"`
	ChangedAt   time.Time  `json:"changed_at"`
	Revision    int        `json:"revision"`
}

// CaseFull is a case with what belongs to it.
type CaseFull struct {
	Case
	Text      string     `json:"text,omitempty" doc:"正文，号码已遮住；保密的没有 · The text, with numbers hidden; none where the reporter is secret"`
	Address   string     `json:"address,omitempty" doc:"地址，只给能办事的密钥 · The address, for keys that act"`
	Reporters []Reporter `json:"reporters,omitempty" doc:"谁报的，遮住的；只给能办事的密钥 · Who reported it, masked; for keys that act"`
	Supplied  []Supplied `json:"supplied,omitempty" doc:"上报人后来补充的；只给能办事的密钥 · What the reporter supplied later; for keys that act"`
	Proposal  []Proposal `json:"proposal,omitempty"`
	Tasks     []Task     `json:"tasks"`
	Ledger    []Ask      `json:"ledger" doc:"暂停和延期 · Pauses and extensions"`
	Trail     []Entry    `json:"trail"`
}

// Reporter is who sent a report, as the pages show it: masked, or hidden where
// the case is secret.
type Reporter struct {
	Report  string    `json:"report" doc:"来件的 id · The id of the report"`
	At      time.Time `json:"at"`
	Channel string    `json:"channel"`
	Text    string    `json:"text,omitempty" doc:"说了什么，号码已遮住 · What was said, with numbers hidden"`
	Name    string    `json:"name,omitempty" doc:"遮住的 · Masked"`
	Phone   string    `json:"phone,omitempty" doc:"遮住的 · Masked"`
	Hidden  bool      `json:"hidden" doc:"对您保密 · Kept secret from you"`
	Held    []string  `json:"held,omitempty" doc:"留了哪几项：name、phone、address · Which fields it holds"`
	Reveals bool      `json:"may_reveal" doc:"可以按用途查看 · May be revealed for a purpose"`
}

// Supplied is what the reporter sent in later, when asked for more.
type Supplied struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Proposal is a unit that the routing proposes, and why.
type Proposal struct {
	Unit Named  `json:"unit"`
	Why  Text   `json:"why"`
	Rule string `json:"rule,omitempty" doc:"规则在哪 · Where the rule stands"`
	Sure bool   `json:"sure"`
}

// Task is one step of the case.
type Task struct {
	ID       string     `json:"id"`
	Step     Named      `json:"step"`
	Part     string     `json:"part" enum:"lead,co"`
	Role     string     `json:"role,omitempty"`
	Unit     *Named     `json:"unit,omitempty"`
	Area     string     `json:"area,omitempty"`
	Taken    string     `json:"taken,omitempty" doc:"谁领着，只给能办事的密钥 · Who has taken it up, for keys that act"`
	Reporter bool       `json:"reporter" doc:"等上报人 · It waits for the reporter"`
	State    string     `json:"state" enum:"open,done,returned,refused,waits,cancelled,expired"`
	Action   string     `json:"action,omitempty"`
	Round    int        `json:"round"`
	OpenedAt time.Time  `json:"opened_at"`
	Limit    string     `json:"limit,omitempty" doc:"自己的时限；没有就按案件的期限 · Its own limit; without one it stands on the case's"`
	Due      *time.Time `json:"due,omitempty"`
	Signal   string     `json:"signal,omitempty" enum:"ok,near,late,hold"`
	HeldAt   *time.Time `json:"held_at,omitempty"`
	DoneAt   *time.Time `json:"done_at,omitempty"`
}

// Entry is one line of the trail. Hash chains it to the one before.
type Entry struct {
	Seq    int               `json:"seq"`
	At     time.Time         `json:"at"`
	Act    string            `json:"act"`
	Did    Text              `json:"did" doc:"做了什么，一句话 · What was done, in words"`
	Who    string            `json:"who,omitempty" doc:"谁做的，只给能办事的密钥 · By whom, for keys that act"`
	Step   string            `json:"step,omitempty"`
	Unit   *Named            `json:"unit,omitempty"`
	Role   string            `json:"role,omitempty"`
	Detail map[string]string `json:"detail,omitempty"`
	Hash   string            `json:"hash"`
}

func caseOf(c *caller, one casework.Case) Case {
	d := c.District
	out := Case{
		ID: string(one.ID), Number: one.Number, Matter: Named{one.Matter, textOf(d.Catalogue.Title(one.Matter))},
		Major: Named{one.Major, textOf(d.Catalogue.Title(one.Major))}, Kind: one.Kind, Urgency: one.Urgency, Channel: one.Channel,
		State: string(one.State), Step: Named{string(one.Step), textOf(stepTitle(d, one, one.Step))}, Status: statusOf(d, one),
		Place: placeOf(d, one.Place), Receiver: unitOf(d, one.Receiver), Unit: unitOf(d, one.Unit), Proposed: unitOf(d, one.Proposed),
		NoOwner: one.NoOwner, Danger: one.Danger, Secret: one.Secret, OpenedAt: one.OpenedAt, Limit: one.Limit, Due: at(one.Due),
		Provisional: one.Provisional, OnAccount: one.OnAccount, ClosedAt: at(one.ClosedAt), Reports: one.Reports, Returns: one.Returns, Round: one.Round,
		Rating: one.Rating, MergedInto: string(one.MergedInto), ChangedAt: one.MovedAt, Revision: one.Revision,
	}
	if c.keeps(one) {
		out.OpenedAt = dayOf(c, one.OpenedAt)
		if one.MovedAt.Equal(one.OpenedAt) {
			out.ChangedAt = out.OpenedAt
		}
	}
	for _, unit := range one.Co {
		out.Co = append(out.Co, *unitOf(d, unit))
	}
	if one.State == casework.Running {
		out.Signal, out.HeldAt = string(one.Judge(d, c.Now).Signal), at(one.HeldAt)
	} else {
		out.OnTime = &one.OnTime
	}
	return out
}

func fullCase(c *caller, one casework.Case, tasks []casework.Task, ledger []casework.Entry, entries []trail.Entry) CaseFull {
	d := c.District
	out := CaseFull{Case: caseOf(c, one), Tasks: make([]Task, len(tasks)), Ledger: make([]Ask, len(ledger)), Trail: make([]Entry, len(entries))}
	keeps := c.keeps(one)
	if !keeps {
		out.Text = ident.HideNumbers(one.Text)
	}
	for _, p := range one.Proposal {
		out.Proposal = append(out.Proposal, Proposal{*unitOf(d, p.Unit), textOf(lang.Text{ZH: p.ZH, EN: p.EN}), p.Rule, p.Sure})
	}
	for i, t := range tasks {
		out.Tasks[i] = taskOf(c, one, t)
	}
	for i, e := range ledger {
		out.Ledger[i] = askOf(c, one, tasks, e)
	}
	for i, e := range entries {
		out.Trail[i] = entryOf(c, one, e)
	}
	return out
}

func taskOf(c *caller, one casework.Case, t casework.Task) Task {
	d := c.District
	out := Task{
		ID: t.ID, Step: Named{string(t.Step), textOf(stepTitle(d, one, t.Step))}, Part: string(t.Part), Role: string(t.Role),
		Unit: unitOf(d, t.Unit), Area: t.Area, Reporter: t.Reporter, State: string(t.State), Action: string(t.Action), Round: t.Round,
		OpenedAt: t.OpenedAt, Limit: t.Limit, Due: at(t.Due), HeldAt: at(t.HeldAt), DoneAt: at(t.DoneAt),
	}
	if c.keeps(one) && t.OpenedAt.Equal(one.OpenedAt) {
		out.OpenedAt = dayOf(c, one.OpenedAt)
	}
	if t.State == procedure.Open {
		out.Signal = string(t.Judge(d, one, c.Now).Signal)
	}
	if t.Person != "" && c.Reader != nil {
		out.Taken = c.Holder(t)
	}
	return out
}

// dayOf is the beginning of an instant's day: of a secret case the minute at which
// it came in is not told.
func dayOf(c *caller, t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	zone := c.District.Calendar.Zone()
	return clock.DateOf(t, zone).Start(zone)
}

// entryOf leaves out who it was: the post's role says enough to other systems. To
// whoever acts it says what the page says.
func entryOf(c *caller, one casework.Case, e trail.Entry) Entry {
	out := Entry{Seq: e.Seq, At: e.At, Act: e.Act, Did: deedOf(c, one, e), Step: e.Step, Unit: unitOf(c.District, e.Unit), Hash: e.Hash}
	if c.Reader != nil {
		_, out.Who = c.Moment(one, e)
	}
	keeps := c.keeps(one)
	if post, ok := c.District.Org.Post(org.PostID(e.Post)); ok {
		out.Role = string(post.Role)
	}
	for name, value := range e.Detail {
		written := name == "reason" || name == "answer" || name == "decision" || name == "note" // by people, about people
		if written && keeps {
			continue
		}
		if written {
			value = ident.HideNumbers(value)
		}
		if out.Detail == nil {
			out.Detail = map[string]string{}
		}
		out.Detail[name] = value
	}
	if keeps && (e.Act == "opened" || e.Act == "attached") { // who took it down, and when, may tell who sent it
		out.At, out.Unit, out.Role = dayOf(c, e.At), nil, ""
	}
	return out
}

// deedOf is what was done by an entry, as the page says it, in both languages.
func deedOf(c *caller, one casework.Case, e trail.Entry) Text {
	p, _ := c.District.Catalogue.Procedure(one.Procedure, one.Version)
	in := func(l lang.Lang) string {
		v := *c.View
		v.Lang = l
		return v.Deed(p, e)
	}
	return Text{ZH: in(lang.ZH), EN: in(lang.EN)}
}

package cases

import (
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// CaseFull is a case with what belongs to it.
type CaseFull struct {
	shape.Case
	Text      string           `json:"text,omitempty" doc:"正文，号码已遮住；保密的没有 · The text, with numbers hidden; none where the reporter is secret"`
	Address   string           `json:"address,omitempty" doc:"地址，只给能办事的密钥 · The address, for keys that act"`
	Reporters []Reporter       `json:"reporters,omitempty" doc:"谁报的，遮住的；只给能办事的密钥 · Who reported it, masked; for keys that act"`
	Supplied  []Supplied       `json:"supplied,omitempty" doc:"上报人后来补充的；只给能办事的密钥 · What the reporter supplied later; for keys that act"`
	Proposal  []shape.Proposal `json:"proposal,omitempty"`
	Tasks     []Task           `json:"tasks"`
	Ledger    []Ask            `json:"ledger" doc:"暂停和延期 · Pauses and extensions"`
	Trail     []Entry          `json:"trail"`
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

// Task is one step of the case.
type Task struct {
	ID       string       `json:"id"`
	Step     frame.Named  `json:"step"`
	Part     string       `json:"part" enum:"lead,co"`
	Role     string       `json:"role,omitempty"`
	Unit     *frame.Named `json:"unit,omitempty"`
	Area     string       `json:"area,omitempty"`
	Taken    string       `json:"taken,omitempty" doc:"谁领着，只给能办事的密钥 · Who has taken it up, for keys that act"`
	Reporter bool         `json:"reporter" doc:"等上报人 · It waits for the reporter"`
	State    string       `json:"state" enum:"open,done,returned,refused,waits,cancelled,expired"`
	Action   string       `json:"action,omitempty"`
	Round    int          `json:"round"`
	OpenedAt time.Time    `json:"opened_at"`
	Limit    string       `json:"limit,omitempty" doc:"自己的时限；没有就按案件的期限 · Its own limit; without one it stands on the case's"`
	Due      *time.Time   `json:"due,omitempty"`
	Signal   string       `json:"signal,omitempty" enum:"ok,near,late,hold"`
	HeldAt   *time.Time   `json:"held_at,omitempty"`
	DoneAt   *time.Time   `json:"done_at,omitempty"`
}

// Entry is one line of the trail. Hash chains it to the one before.
type Entry struct {
	Seq    int               `json:"seq"`
	At     time.Time         `json:"at"`
	Act    string            `json:"act"`
	Did    frame.Text        `json:"did" doc:"做了什么，一句话 · What was done, in words"`
	Who    string            `json:"who,omitempty" doc:"谁做的，只给能办事的密钥 · By whom, for keys that act"`
	Step   string            `json:"step,omitempty"`
	Unit   *frame.Named      `json:"unit,omitempty"`
	Role   string            `json:"role,omitempty"`
	Detail map[string]string `json:"detail,omitempty"`
	Hash   string            `json:"hash"`
}

func fullCase(c *frame.Caller, one casework.Case, tasks []casework.Task, ledger []casework.Entry, entries []trail.Entry) CaseFull {
	d := c.District
	out := CaseFull{Case: shape.CaseOf(c, one), Tasks: make([]Task, len(tasks)), Ledger: make([]Ask, len(ledger)), Trail: make([]Entry, len(entries))}
	keeps := c.KeepsReporter(one)
	if !keeps {
		out.Text = ident.HideNumbers(one.Text)
	}
	for _, p := range one.Proposal {
		out.Proposal = append(out.Proposal, shape.Proposal{Unit: *shape.UnitOf(d, p.Unit), Why: frame.TextOf(lang.Text{ZH: p.ZH, EN: p.EN}), Rule: p.Rule, Sure: p.Sure})
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

func taskOf(c *frame.Caller, one casework.Case, t casework.Task) Task {
	d := c.District
	out := Task{
		ID: t.ID, Step: frame.Name(t.Step, shape.StepTitle(d, one, t.Step)), Part: string(t.Part), Role: string(t.Role),
		Unit: shape.UnitOf(d, t.Unit), Area: t.Area, Reporter: t.Reporter, State: string(t.State), Action: string(t.Action), Round: t.Round,
		OpenedAt: t.OpenedAt, Limit: t.Limit, Due: frame.At(t.Due), HeldAt: frame.At(t.HeldAt), DoneAt: frame.At(t.DoneAt),
	}
	if c.KeepsReporter(one) && t.OpenedAt.Equal(one.OpenedAt) {
		out.OpenedAt = shape.DayOf(c, one.OpenedAt)
	}
	if t.State == procedure.Open {
		out.Signal = string(t.Judge(d, one, c.Now).Signal)
	}
	if t.Person != "" && c.Reader != nil {
		out.Taken = c.Holder(t)
	}
	return out
}

// entryOf leaves out who it was: the post's role says enough to other systems. To
// whoever acts it says what the page says.
func entryOf(c *frame.Caller, one casework.Case, e trail.Entry) Entry {
	out := Entry{Seq: e.Seq, At: e.At, Act: e.Act, Did: shape.Deed(c, one, e), Step: e.Step, Unit: shape.UnitOf(c.District, e.Unit), Hash: e.Hash}
	if c.Reader != nil {
		_, out.Who = c.Moment(one, e)
	}
	keeps := c.KeepsReporter(one)
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
		out.At, out.Unit, out.Role = shape.DayOf(c, e.At), nil, ""
	}
	return out
}

package casework

import (
	"cmp"
	"context"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/procedure"
)

// ID names a case within the program; people say its Number.
type ID string

// State is whether a case runs or how it ended.
type State string

// The states of a case.
const (
	Running  State = "open"
	Closed   State = "closed"
	Answered State = "answered"
	Rejected State = "rejected"
	Merged   State = "merged"
)

// Placed says how the place of a case is known.
type Placed string

// The ways a place is known.
const (
	ByPoint   Placed = "point"   // a point on the map
	ByAddress Placed = "address" // names found in the address
	ByArea    Placed = "area"    // only the area that someone chose
	Nowhere   Placed = "none"    // not at all: the catch-all desk asks
)

// Place is where a case is. Codes that are not known are empty.
type Place struct {
	Address   string
	Point     geo.Point // zero unless Placed is ByPoint
	Placed    Placed
	Street    string
	Community string
	Grid      string
}

// Area is the smallest area known, or the district's own code.
func (p Place) Area(district string) string {
	for _, code := range []string{p.Grid, p.Community, p.Street} {
		if code != "" {
			return code
		}
	}
	return district
}

// Case is one concrete thing to deal with.
type Case struct {
	ID          ID
	Number      string
	Matter      string
	Major       string
	Kind        string
	Procedure   string
	Version     string
	Title       string
	Text        string
	Place       Place
	Channel     string
	Urgency     string
	Secret      bool
	Danger      bool
	Reachable   bool
	Receiver    string
	Unit        string
	Co          []string
	Proposed    string
	Proposal    []Choice
	NoOwner     bool
	State       State
	Step        procedure.StepName
	OpenedAt    time.Time
	NearAt      time.Time
	Due         time.Time
	Limit       string
	Calendar    string    // that its promise is counted by, by name; empty is the district's
	CountsFrom  time.Time // when its promise began; zero where it was given elsewhere and is not counted here
	HeldAt      time.Time // since when its clock stands; zero while it runs
	Extended    int       // how much longer its limit was made, in the limit's own unit
	Bounces     int       // how often it was returned, refused, or sent on to another
	OnAccount   bool      // was put on account once; whether it is now, its ledger says
	Provisional bool
	ClosedAt    time.Time
	OnTime      bool
	Reports     int
	Returns     int
	Round       int
	Rating      int
	MergedInto  ID
	MovedAt     time.Time
	Revision    int
}

// Unsure reports whether the case has not been handed out and the routing does
// not know for certain to whom. Filter holds the same in SQL.
func (c Case) Unsure() bool {
	return c.Unit == "" && (len(c.Proposal) == 0 || !c.Proposal[0].Sure)
}

// Choice is a unit the routing proposes, and why.
type Choice struct {
	Unit string   `json:"unit"`
	Co   []string `json:"co,omitempty"`
	ZH   string   `json:"zh"`
	EN   string   `json:"en"`
	Rule string   `json:"rule,omitempty"`
	Sure bool     `json:"sure"`
}

// Task is one step of one case.
type Task struct {
	ID       string
	Case     ID
	Step     procedure.StepName
	Part     procedure.Part
	Unit     string
	Role     procedure.Role
	Area     string
	Person   string
	State    procedure.TaskState
	Action   procedure.ActionName
	DoneBy   string
	DonePost string
	Hands    string // everyone else who had a hand in it, between commas
	Round    int
	Final    bool
	Reporter bool
	OpenedAt time.Time
	NearAt   time.Time
	Due      time.Time
	DoneAt   time.Time
	Limit    string    // of its own; empty stands on the case's promise
	HeldAt   time.Time // since when its clock stands; zero while it runs
	Rung     int       // how many rungs of supervision have been taken
	RungAt   time.Time // when supervision must look next; zero for never
	Overdue  bool      // that its promise broke is already noted

	fresh bool // begun by the stroke at work, and not stored yet
	stale bool // supervision waits for something that has just changed
}

// columns are those of a case, in the order of dest. A prefix names the table.
const columns = `c.id, c.number, c.matter, c.major, c.kind, c.procedure, c.version, c.title, c.text, c.address, c.lon, c.lat, c.placed,
	c.street, c.community, c.grid, c.channel, c.urgency, c.secret, c.danger, c.reachable, c.receiver, c.unit, c.co, c.proposed, c.proposal, c.no_owner,
	c.state, c.step, c.opened_at, c.near_at, c.due, c.due_text, c.provisional, c.closed_at, c.on_time, c.reports, c.returns, c.round,
	c.rating, c.merged_into, c.moved_at, c.revision, c.calendar, c.counts_from, c.held_at, c.extended, c.bounces, c.on_account`

func (c *Case) dest() []any {
	return []any{
		&c.ID, &c.Number, &c.Matter, &c.Major, &c.Kind, &c.Procedure, &c.Version, &c.Title, &c.Text, &c.Place.Address,
		&c.Place.Point.Lon, &c.Place.Point.Lat, &c.Place.Placed, &c.Place.Street, &c.Place.Community, &c.Place.Grid, &c.Channel,
		&c.Urgency, &c.Secret, &c.Danger, &c.Reachable, &c.Receiver, &c.Unit, listOf(&c.Co), &c.Proposed, jsonOf(&c.Proposal), &c.NoOwner,
		&c.State, &c.Step, db.Time(&c.OpenedAt), db.Time(&c.NearAt), db.Time(&c.Due), &c.Limit, &c.Provisional, db.Time(&c.ClosedAt), &c.OnTime,
		&c.Reports, &c.Returns, &c.Round, &c.Rating, &c.MergedInto, db.Time(&c.MovedAt), &c.Revision,
		&c.Calendar, db.Time(&c.CountsFrom), db.Time(&c.HeldAt), &c.Extended, &c.Bounces, &c.OnAccount,
	}
}

const taskColumns = `t.id, t.case_id, t.step, t.part, t.unit, t.role, t.area, t.person, t.state, t.action, t.done_by, t.done_post, t.round, t.final,
	t.reporter, t.opened_at, t.near_at, t.due, t.done_at, t.limit_text, t.held_at, t.rung, t.rung_at, t.overdue, t.hands`

func (t *Task) dest() []any {
	return []any{
		&t.ID, &t.Case, &t.Step, &t.Part, &t.Unit, &t.Role, &t.Area, &t.Person, &t.State, &t.Action, &t.DoneBy, &t.DonePost, &t.Round,
		&t.Final, &t.Reporter, db.Time(&t.OpenedAt), db.Time(&t.NearAt), db.Time(&t.Due), db.Time(&t.DoneAt),
		&t.Limit, db.Time(&t.HeldAt), &t.Rung, db.Time(&t.RungAt), &t.Overdue, &t.Hands,
	}
}

// ByID returns a case; errs.NotFound when the district has none of that id.
func ByID(ctx context.Context, r db.Reader, district string, id ID) (c Case, err error) {
	defer errs.Wrap(&err, "casework.ByID(%s, %s)", district, id)
	return db.One(ctx, r, (*Case).dest, "select "+columns+" from cases c where c.district = $1 and c.id = $2", district, id)
}

// TaskByID returns a task; errs.NotFound when the district has none of that id.
func TaskByID(ctx context.Context, r db.Reader, district, id string) (t Task, err error) {
	defer errs.Wrap(&err, "casework.TaskByID(%s, %s)", district, id)
	return db.One(ctx, r, (*Task).dest, "select "+taskColumns+" from tasks t where t.district = $1 and t.id = $2", district, id)
}

// ByNumber returns the case of a number; errs.NotFound when there is none.
func ByNumber(ctx context.Context, r db.Reader, district, number string) (c Case, err error) {
	defer errs.Wrap(&err, "casework.ByNumber(%s, %s)", district, number)
	return db.One(ctx, r, (*Case).dest, "select "+columns+" from cases c where c.district = $1 and c.number = $2", district, number)
}

// Tasks returns all tasks of a case in the order they were opened.
func Tasks(ctx context.Context, r db.Reader, district string, id ID) ([]Task, error) {
	return db.All(ctx, r, (*Task).dest, "select "+taskColumns+" from tasks t where t.district = $1 and t.case_id = $2 order by t.opened_at, t.id", district, id)
}

// facts are what conditions of a procedure may ask about the case.
func (c *Case) facts(district string) map[string]any {
	return map[string]any{
		"matter": c.Matter, "kind": c.Kind, "urgency": c.Urgency, "channel": c.Channel, "area": c.Place.Area(district),
		"secret": c.Secret, "danger": c.Danger, "reachable": c.Reachable, "reports": c.Reports, "grade": c.Rating, "round": c.Round,
	}
}

// ground is where the case belongs, for the words of its procedure.
func (c *Case) ground(d *district.District) procedure.Ground {
	g := procedure.Ground{Receiving: c.Receiver, Routed: cmp.Or(c.Unit, c.Proposed), Co: c.Co, Area: c.Place.Area(d.Code)}
	serves := func(area string) string {
		u, _, ok := d.Org.TerritoryUnit(area, d.Day)
		if !ok || area == "" {
			return ""
		}
		return string(u.ID)
	}
	g.Community, g.Street = serves(c.Place.Community), serves(c.Place.Street)
	return g
}

// state is the case as the procedure sees it.
func (c *Case) state(d *district.District, tasks []Task) procedure.State {
	s := procedure.State{Facts: c.facts(d.Code), Ground: c.ground(d)}
	if c.State != Running {
		s.Ended = procedure.EndName(c.Step)
	}
	s.Tasks = seen(tasks)
	return s
}

// hands lists everyone beside who closed it that had a hand in a task.
func (t *Task) hands() []string {
	if t.Hands == "" {
		return nil
	}
	return strings.Split(t.Hands, ",")
}

// seen are tasks as the procedure sees them.
func seen(tasks []Task) []procedure.Task {
	all := make([]procedure.Task, 0, len(tasks))
	for _, t := range tasks {
		all = append(all, procedure.Task{
			ID: t.ID, Step: t.Step, Part: t.Part, Unit: t.Unit, Role: t.Role, Area: t.Area, Reporter: t.Reporter,
			Person: t.Person, State: t.State, Action: t.Action, DoneBy: t.DoneBy, Hands: t.hands(), Round: t.Round, Final: t.Final,
		})
	}
	return all
}

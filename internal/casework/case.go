package casework

import (
	"context"
	"time"

	"linli/internal/db"
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
	Round    int
	Final    bool
	Reporter bool
	OpenedAt time.Time
	NearAt   time.Time
	Due      time.Time
	DoneAt   time.Time
}

// columns are those of a case, in the order of dest. A prefix names the table.
const columns = `c.id, c.number, c.matter, c.major, c.kind, c.procedure, c.version, c.title, c.text, c.address, c.lon, c.lat, c.placed,
	c.street, c.community, c.grid, c.channel, c.urgency, c.secret, c.danger, c.reachable, c.receiver, c.unit, c.co, c.proposed, c.proposal, c.no_owner,
	c.state, c.step, c.opened_at, c.near_at, c.due, c.due_text, c.provisional, c.closed_at, c.on_time, c.reports, c.returns, c.round,
	c.rating, c.merged_into, c.moved_at, c.revision`

func (c *Case) dest() []any {
	return []any{
		&c.ID, &c.Number, &c.Matter, &c.Major, &c.Kind, &c.Procedure, &c.Version, &c.Title, &c.Text, &c.Place.Address,
		&c.Place.Point.Lon, &c.Place.Point.Lat, &c.Place.Placed, &c.Place.Street, &c.Place.Community, &c.Place.Grid, &c.Channel,
		&c.Urgency, &c.Secret, &c.Danger, &c.Reachable, &c.Receiver, &c.Unit, listOf(&c.Co), &c.Proposed, jsonOf(&c.Proposal), &c.NoOwner,
		&c.State, &c.Step, db.Time(&c.OpenedAt), db.Time(&c.NearAt), db.Time(&c.Due), &c.Limit, &c.Provisional, db.Time(&c.ClosedAt), &c.OnTime,
		&c.Reports, &c.Returns, &c.Round, &c.Rating, &c.MergedInto, db.Time(&c.MovedAt), &c.Revision,
	}
}

const taskColumns = `t.id, t.case_id, t.step, t.part, t.unit, t.role, t.area, t.person, t.state, t.action, t.done_by, t.done_post, t.round, t.final,
	t.reporter, t.opened_at, t.near_at, t.due, t.done_at`

func (t *Task) dest() []any {
	return []any{
		&t.ID, &t.Case, &t.Step, &t.Part, &t.Unit, &t.Role, &t.Area, &t.Person, &t.State, &t.Action, &t.DoneBy, &t.DonePost, &t.Round,
		&t.Final, &t.Reporter, db.Time(&t.OpenedAt), db.Time(&t.NearAt), db.Time(&t.Due), db.Time(&t.DoneAt),
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

// state is the case as the procedure sees it.
func (c *Case) state(district string, tasks []Task) procedure.State {
	s := procedure.State{Facts: c.facts(district), Ground: procedure.Ground{Receiving: c.Receiver, Routed: c.Unit, Co: c.Co, Area: c.Place.Area(district)}}
	if s.Ground.Routed == "" {
		s.Ground.Routed = c.Proposed
	}
	if c.State != Running {
		s.Ended = procedure.EndName(c.Step)
	}
	for _, t := range tasks {
		s.Tasks = append(s.Tasks, procedure.Task{
			ID: t.ID, Step: t.Step, Part: t.Part, Unit: t.Unit, Role: t.Role, Area: t.Area, Reporter: t.Reporter,
			Person: t.Person, State: t.State, Action: t.Action, DoneBy: t.DoneBy, Round: t.Round, Final: t.Final,
		})
	}
	return s
}

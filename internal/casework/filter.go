package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/procedure"
)

// Filter says which cases are meant. Its zero value is all of them. List,
// Count, Groups and the export read the same conditions from it.
type Filter struct {
	States    []State
	Step      string
	Unit      string
	Receiver  string
	Street    string
	Community string
	Grid      string
	Major     string
	Matter    string
	Kind      string
	Channel   string
	Signal    clock.Signal // of the case, or in a queue of the task
	Overdue   bool         // past its date, or in a queue the task's, with a clock that runs
	OnAccount bool         // put on account and waiting for its review
	Stuck     Stuck        // on the standing list of what does not move
	NoOwner   bool
	Returned  bool // a unit has given it back
	Unsure    bool // not handed out yet, and the routing is not sure to whom
	Rated     int  // at most this grade, for the discontent
	DueFrom   time.Time
	DueBefore time.Time
	From, To  time.Time // opened at or after, before
	Text      string
	Phone     string // blind index of a whole number
	Tail      string // blind index of the last four digits
	Number    string
	Queue     *Queue
	Scope     Scope // nil: all of the district
	Newest    bool  // newest first; else the most urgent first

	through bool // in tests: go through all cases, however few the scope's are
}

// Queue narrows a filter to open tasks that the posts may do.
type Queue struct {
	Posts []procedure.Actor
	Parts []procedure.Part // empty: lead and co-handling
}

// where gathers the conditions and their arguments; $1 is the district.
type where struct {
	engine db.Engine
	now    int64
	conds  []string
	args   []any
}

func (w *where) put(arg any) string {
	w.args = append(w.args, arg)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) add(cond string, args ...any) {
	for _, arg := range args {
		cond = strings.Replace(cond, "?", w.put(arg), 1)
	}
	w.conds = append(w.conds, cond)
}

// query is a filter turned into SQL: what stands after "from", and whether a
// search left out older hits.
type query struct {
	from  string
	args  []any
	over  bool
	alone bool // nothing but a scope narrows it
}

// query turns the filter into SQL for a district at an instant. Words and
// numbers are searched first: what they find heads the from clause. ordered is
// what else of a row the caller asks for, such as the column it is ordered by.
func (f Filter) query(ctx context.Context, r db.Reader, d *district.District, ordered string, now time.Time) (query, error) {
	w := &where{engine: r.Engine(), now: db.At(now)}
	w.put(d.Code)
	ids, over, searched, err := f.search(ctx, r, d.Code, now)
	if err != nil {
		return query{}, err
	}
	if !searched && f.Queue == nil && !f.through && !f.indexed() {
		if ids, searched, err = f.Scope.few(ctx, r, d.Code); err != nil {
			return query{}, err
		}
	}
	from := ""
	if searched {
		list, arg, err := db.FromList(w.engine, "$2", ids)
		if err != nil {
			return query{}, err
		}
		w.put(arg)
		from = list + " "
	}
	if f.Queue != nil {
		f.Queue.add(w)
	}
	f.Scope.add(w)
	before := len(w.conds)
	f.addWhat(w)
	f.addWhen(w, now)
	f.addStuck(w, d, now)
	alone := !searched && f.Queue == nil && before == len(w.conds) && before > 0
	conds := strings.Join(append([]string{"true"}, w.conds...), " and ")
	const ofCase = " join cases c on c.district = t.district and c.id = t.case_id"
	switch {
	case f.Queue != nil && searched:
		from += "tasks t on t.district = $1 and t.case_id = j.value" + ofCase + " where t.state = 'open' and " + conds
	case f.Queue != nil && !strings.Contains(ordered+conds, "c."):
		from += "tasks t where t.district = $1 and t.state = 'open' and " + conds // nothing is asked about the cases
	case f.Queue != nil:
		from += "tasks t" + ofCase + " where t.district = $1 and t.state = 'open' and " + conds
	case searched:
		from += "cases c on c.district = $1 and c.id = j.value where c.district = $1 and " + conds
	default:
		from += "cases c where c.district = $1 and " + conds
	}
	return query{from, w.args, over, alone}, nil
}

// indexed reports whether the filter asks for something by which few cases are
// found anyway, so that those of a scope need not be looked for.
func (f Filter) indexed() bool {
	return f.Unit+f.Receiver+f.Street+f.Community+f.Grid+f.Major+f.Matter+f.Kind+f.Channel+f.Number != ""
}

// running is the condition that a case runs. Every case has a due instant; to
// name it leads a planner without statistics to the index of the running ones.
const running = "c.state = 'open' and c.due > 0"

func (f Filter) addWhat(w *where) {
	for _, c := range []struct{ column, value string }{
		{"c.unit", f.Unit}, {"c.receiver", f.Receiver}, {"c.street", f.Street}, {"c.community", f.Community},
		{"c.grid", f.Grid}, {"c.major", f.Major}, {"c.matter", f.Matter}, {"c.kind", f.Kind}, {"c.channel", f.Channel}, {"c.number", f.Number},
	} {
		if c.value != "" {
			w.add(c.column+" = ?", c.value)
		}
	}
	if f.Unit != "" {
		w.add("c.unit <> ''") // lets the planner take the index that leaves undecided cases out
	}
	f.addStates(w)
	if f.Step != "" && f.Queue != nil {
		w.add("t.step = ?", f.Step)
	} else if f.Step != "" {
		w.add(running+" and c.step = ?", f.Step)
	}
	if f.NoOwner {
		w.add("c.no_owner")
	}
	if f.Returned {
		w.add("c.returns > 0")
	}
	if f.Unsure { // only the first choice can be sure, see Case.Unsure
		w.add(`c.unit = '' and c.proposal not like '%"sure":true%'`)
	}
	if f.Rated > 0 {
		w.add("c.rating > 0 and c.rating <= ?", f.Rated) // the first half in the words of an index
	}
}

// addStates names the states in the text itself: partial indexes are taken only
// where the planner sees which states are meant.
func (f Filter) addStates(w *where) {
	if len(f.States) == 0 {
		return
	}
	var names []string
	rare := true
	for _, s := range f.States {
		if slices.Contains([]State{Running, Closed, Answered, Rejected, Merged}, s) { // nothing else goes into the text
			names = append(names, "'"+string(s)+"'")
			rare = rare && s != Running && s != Closed
		}
	}
	switch {
	case len(names) == 0:
		w.add("false")
	case len(names) == 1 && f.States[0] == Running:
		w.add(running)
	case len(names) == 1:
		w.add("c.state = " + names[0])
	default:
		w.add("c.state in (" + strings.Join(names, ", ") + ")")
	}
	if rare && len(names) > 0 {
		w.add("c.state not in ('open', 'closed')") // the same again, in the words of an index
	}
}

func (f Filter) addWhen(w *where, now time.Time) {
	of := "c"
	if f.Queue != nil {
		of = "t"
	}
	at := db.At(now)
	runs := of + ".state = 'open' and " + of + ".held_at = 0 and "
	switch f.Signal { // as clock.Judge has it, of the same instants
	case clock.OK:
		w.add(runs+of+".near_at > ? and "+of+".due < ?", at, db.Due(time.Time{})) // without a limit there is no signal
	case clock.Near:
		w.add(runs+of+".near_at <= ? and "+of+".due >= ?", at, at)
	case clock.Late:
		w.add(runs+of+".due < ?", at)
	case clock.Hold:
		w.add(of + ".state = 'open' and " + of + ".held_at > 0")
	}
	if f.Overdue {
		w.add(runs+of+".due < ?", at)
	}
	if f.OnAccount { // found by what is rare
		w.add("c.id in (select l.case_id from ledger l where l.district = $1 and l.on_account and l.state = 'running') and " + running)
	}
	if !f.DueFrom.IsZero() {
		w.add(of+".state = 'open' and "+of+".due >= ?", db.At(f.DueFrom))
	}
	if !f.DueBefore.IsZero() {
		w.add(of+".state = 'open' and "+of+".due < ?", db.At(f.DueBefore))
	}
	if !f.From.IsZero() {
		w.add("c.opened_at >= ?", db.At(f.From))
	}
	if !f.To.IsZero() {
		w.add("c.opened_at < ?", db.At(f.To))
	}
}

// add narrows to open tasks that one of the posts may do, as
// procedure.Task.Concerns has it.
func (q *Queue) add(w *where) {
	var any []string
	for _, post := range q.Posts {
		any = append(any, "("+w.concerns("t", post)+")")
	}
	if len(any) == 0 {
		any = []string{"false"}
	}
	w.conds = append(w.conds, "not t.reporter", "("+strings.Join(any, " or ")+")")
	if len(q.Parts) == 1 {
		w.add("t.part = ?", string(q.Parts[0]))
	}
}

// concerns is the condition that the tasks of a table's name are for a post.
func (w *where) concerns(of string, post procedure.Actor) string {
	roles := []string{w.put(string(post.Role))}
	for _, r := range post.Role.StandsFor() {
		roles = append(roles, w.put(string(r)))
	}
	cond := of + ".role in (" + strings.Join(roles, ", ") + ")"
	cond += " and (" + of + ".unit = '' or " + of + ".unit = " + w.put(post.Unit) + ")"
	if post.Area != "" {
		cond += " and " + w.overlaps(of+".area", post.Area)
	}
	return cond
}

// overlaps is the condition that a column's area and the given one lie one in
// the other: the area's own ancestors by name, its descendants by range. Codes
// hold digits only, so the range is the same under any collation.
func (w *where) overlaps(column, area string) string {
	marks := []string{"''"}
	for _, n := range []int{6, 9, 12, 15} {
		if n <= len(area) {
			marks = append(marks, w.put(area[:n]))
		}
	}
	cond := column + " in (" + strings.Join(marks, ", ") + ")"
	if len(area) < 15 {
		cond += " or (" + column + " > " + w.put(area) + " and " + column + " < " + w.put(following(area)) + ")"
	}
	return "(" + cond + ")"
}

// following is the code after area among those of its length.
func following(area string) string {
	n, err := strconv.ParseUint(area, 10, 64)
	if err != nil {
		return area
	}
	return fmt.Sprintf("%0*d", len(area), n+1)
}

package evaluate

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/db"
)

// file is what is known of a case: what its opening fixed, and its trail.
type file struct {
	id, number                       string
	matter, major, kind, channel     string
	urgency, street, community, grid string
	receiver, procedure, version     string
	openedAt                         int64
	deeds                            []deed // in the order of the trail
	verdicts                         []deed // of accountability cases that it was shown in
}

// deed is one entry of a case's trail, as far as it counts.
type deed struct {
	seq            int
	at, since, due int64 // due is 0 where there is none
	act, step      string
	post           string // who acted
	task, of, area string // which task it closed or is about, and whose
	state          string // of that task: done, returned, refused, expired; '' where none was closed
	opens          string // steps, between commas
	toUnit         string // a unit newly routed to
	ended          string // closed, answered, rejected, merged
	caseDue        bool   // the case that ended had a date
	onTime         bool
	late, broke    bool
	answered       bool // it says something to the reporter
	onAccount      bool
	handedOn       bool // from one unit to another
	contacted      string
	round, rating  int
	order, fault   string // what supervision gave, and for which fault it held to account
	number         string // of the case it was about
	marks          map[string]string
}

// take fills in a fact of the entry's detail. What is not counted is passed over.
func (e *deed) take(name, value string) {
	switch name {
	case "task":
		e.task = value
	case "of":
		e.of = value
	case "area":
		e.area = value
	case "since":
		e.since = instant(value)
	case "due":
		e.due = instant(value)
	case "state":
		e.state = value
	case "to":
		e.opens = value
	case "to-unit":
		e.toUnit = value
	case "late":
		e.late = value == "yes"
	case "broke":
		e.broke = value == "yes"
	case "round":
		e.round = number(value)
	case "rating":
		e.rating = number(value)
	case "ended":
		e.ended = value
	case "case-due":
		e.caseDue = value != ""
	case "on-time":
		e.onTime = value == "yes"
	case "redispatched":
		e.handedOn = value == "yes"
	case "on-account":
		e.onAccount = value == "yes"
	case "answer":
		e.answered = value != ""
	case "contacted":
		e.contacted = value
	case "fault":
		e.fault = value
	case "order":
		e.order = value
	case "number":
		e.number = value
	default:
		e.takeMark(name, value)
	}
}

func (e *deed) takeMark(name, value string) {
	mark, ok := strings.CutPrefix(name, "mark.")
	if !ok {
		return
	}
	if mark == "contacted" {
		e.contacted = value
	}
	if e.marks == nil {
		e.marks = map[string]string{}
	}
	e.marks[mark] = value
}

// number reads a small count; anything else is none, because a trail is not
// to be refused for one entry.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func instant(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// read gathers every case that something was done to in [from, to), with its
// trail from the opening until to: what was done before decides what an end
// means, and nothing after it may.
func read(ctx context.Context, r db.Reader, code string, from, to time.Time) ([]*file, error) {
	found := map[string]*file{}
	if err := readDeeds(ctx, r, found, "from trail t where t.district = $1 and t.at >= $2 and t.at < $3", code, db.At(from), db.At(to)); err != nil {
		return nil, err
	}
	if err := readPast(ctx, r, code, from, found); err != nil {
		return nil, err
	}
	if err := giveVerdicts(ctx, r, code, found); err != nil {
		return nil, err
	}
	if err := readFiles(ctx, r, code, found); err != nil {
		return nil, err
	}
	files := make([]*file, 0, len(found))
	for _, f := range found {
		if f.id == "" {
			continue // the trail of something that is no case
		}
		slices.SortFunc(f.deeds, func(a, b deed) int { return cmp.Compare(a.seq, b.seq) })
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b *file) int { return cmp.Compare(a.id, b.id) })
	return files, nil
}

// readDeeds adds trail entries to the cases they are about.
func readDeeds(ctx context.Context, r db.Reader, found map[string]*file, from string, args ...any) error {
	var subject, detail string
	return db.Scan(ctx, r, func(rows db.Rows) error {
		var e deed
		if err := rows.Scan(&subject, &e.seq, &e.at, &e.post, &e.act, &e.step, &detail); err != nil {
			return err
		}
		if err := eachFact(detail, e.take); err != nil {
			return err
		}
		f := found[subject]
		if f == nil {
			f = &file{}
			found[subject] = f
		}
		f.deeds = append(f.deeds, e)
		return nil
	}, "select t.subject, t.seq, t.at, t.post, t.act, t.step, t.detail "+from, args...)
}

// listMost is how many cases are asked for in one statement: a month of a large
// district. PostgreSQL may go through the whole table for each of them.
const listMost = 25_000

// readPast reads what was done before the period to the cases that were there
// already. The plus keeps SQLite from reading the whole past by its instants,
// once for each case.
func readPast(ctx context.Context, r db.Reader, code string, from time.Time, found map[string]*file) error {
	var older []string
	for subject, f := range found {
		first := slices.MinFunc(f.deeds, func(a, b deed) int { return cmp.Compare(a.seq, b.seq) })
		if first.seq > 1 {
			older = append(older, subject)
		}
	}
	return inParts(older, func(part []string) error {
		joined, list, err := db.FromList(r.Engine(), "$3", part)
		if err != nil {
			return err
		}
		return readDeeds(ctx, r, found, "from "+joined+" trail t on t.subject = j.value where t.district = $1 and +t.at < $2", code, db.At(from), list)
	})
}

// giveVerdicts puts what accountability cases came to, which have trails of
// their own, to the first case that was shown in evidence.
func giveVerdicts(ctx context.Context, r db.Reader, code string, found map[string]*file) error {
	by := map[string][]deed{}
	for subject, f := range found {
		if !strings.HasPrefix(subject, "order:") {
			continue
		}
		delete(found, subject)
		for _, e := range f.deeds {
			if e.fault != "" && (e.act == actUpheld || e.act == actDropped) {
				by[e.number] = append(by[e.number], e)
			}
		}
	}
	return inParts(slices.Collect(maps.Keys(by)), func(part []string) error {
		from, list, err := db.FromList(r.Engine(), "$2", part)
		if err != nil {
			return err
		}
		return db.Scan(ctx, r, func(rows db.Rows) error {
			var id, number string
			if err := rows.Scan(&id, &number); err != nil {
				return err
			}
			if found[id] == nil {
				found[id] = &file{}
			}
			found[id].verdicts = by[number]
			return nil
		}, "select c.id, c.number from "+from+" cases c on c.number = j.value where c.district = $1", code, list)
	})
}

// readFiles reads what their opening fixed of the cases.
func readFiles(ctx context.Context, r db.Reader, code string, found map[string]*file) error {
	return inParts(slices.Collect(maps.Keys(found)), func(part []string) error {
		from, list, err := db.FromList(r.Engine(), "$2", part)
		if err != nil {
			return err
		}
		return db.Scan(ctx, r, func(rows db.Rows) error {
			var c file
			if err := rows.Scan(&c.id, &c.number, &c.matter, &c.major, &c.kind, &c.channel, &c.urgency, &c.street, &c.community, &c.grid,
				&c.receiver, &c.procedure, &c.version, &c.openedAt); err != nil {
				return err
			}
			c.deeds, c.verdicts = found[c.id].deeds, found[c.id].verdicts
			*found[c.id] = c
			return nil
		}, "select c.id, c.number, c.matter, c.major, c.kind, c.channel, c.urgency, c.street, c.community, c.grid, c.receiver, c.procedure, c.version, c.opened_at from "+
			from+" cases c on c.id = j.value where c.district = $1", code, list)
	})
}

// inParts hands a long list on in parts that a statement can take.
func inParts(all []string, each func(part []string) error) error {
	slices.Sort(all) // the order of a table's key, which is quicker to look up
	for part := range slices.Chunk(all, listMost) {
		if err := each(part); err != nil {
			return err
		}
	}
	return nil
}

package app_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/procedure"
)

// perPage is small, so that every list of a story turns some pages.
const perPage = 4

// listed reads a whole list page by page, and holds it against the count, the
// groups and the export of the same filter.
func (s *story) listed(f casework.Filter) ([]casework.Row, error) {
	ctx, d, now := context.Background(), s.District(), s.now()
	var rows []casework.Row
	for after := ""; ; {
		p, err := casework.List(ctx, s.DB, d, f, now, after, perPage)
		if err != nil {
			return nil, err
		}
		rows = append(rows, p.Rows...)
		if after = p.Next; after == "" {
			break
		}
	}
	n, err := casework.Count(ctx, s.DB, d, f, now)
	if err != nil {
		return nil, err
	}
	if n.N != len(rows) || n.Over {
		return nil, fmt.Errorf("%+v: the count is %+v, the list has %d", f, n, len(rows))
	}
	for _, by := range []casework.By{casework.ByStreet, casework.ByUnit, casework.ByChannel, casework.ByKind, casework.ByMajor} {
		groups, err := casework.Groups(ctx, s.DB, d, f, by, now)
		if err != nil {
			return nil, err
		}
		sum := 0
		for _, n := range groups {
			sum += n
		}
		if sum != len(rows) {
			return nil, fmt.Errorf("%+v: groups by %s hold %d, the list has %d", f, by, sum, len(rows))
		}
	}
	return rows, s.exports(f, rows)
}

// exports holds the export of a filter against its list, line by line.
func (s *story) exports(f casework.Filter, rows []casework.Row) error {
	n := 0
	err := casework.Each(context.Background(), s.DB, s.District(), f, s.now(), func(r casework.Row) error {
		if n >= len(rows) || r.Case.ID != rows[n].Case.ID {
			return fmt.Errorf("%+v: line %d of the export is not that of the list", f, n)
		}
		n++
		return nil
	})
	if err == nil && n != len(rows) {
		err = fmt.Errorf("%+v: the export has %d, the list %d", f, n, len(rows))
	}
	return err
}

// queue LOGIN has A B | queue LOGIN lacks A
func queue(s *story, w words) error {
	posts, err := s.posts(w.word(0))
	if err != nil {
		return err
	}
	rows, err := s.listed(casework.Filter{Queue: &casework.Queue{Posts: posts}})
	if err != nil {
		return err
	}
	return s.holds(rows, w.word(1), w.plain[2:])
}

// holds compares a list with the cases that it has, lacks or is made of.
func (s *story) holds(rows []casework.Row, how string, names []string) error {
	var have []string
	for _, r := range rows {
		have = append(have, s.name(r.Case.ID))
	}
	if how == "are" {
		slices.Sort(have)
		slices.Sort(names)
		if !slices.Equal(have, names) {
			return no("there are %q, not %q", have, names)
		}
		return nil
	}
	for _, name := range names {
		if _, ok := s.cases[name]; !ok {
			return fmt.Errorf("the story has no case %q", name)
		}
		if slices.Contains(have, name) != (how == "has" || how == "finds") {
			return no("there are %q", have)
		}
	}
	return nil
}

// search 'text' | phone= | tail= | number=  finds A | misses A. A number is
// read as people say it.
func search(s *story, w words) error {
	f := casework.Filter{}
	words := w.plain
	switch {
	case w.named["phone"] != "":
		f.Phone = s.Desk.PhoneIndex(w.named["phone"])
	case w.named["tail"] != "":
		f.Tail = s.Desk.TailIndex(w.named["tail"])
	case w.named["number"] != "":
		n, err := ident.ParseNumber(w.named["number"])
		if err != nil {
			return err
		}
		f.Number = string(n)
	default:
		f.Text, words = words[0], words[1:]
	}
	rows, err := s.listed(f)
	if err != nil {
		return err
	}
	return s.holds(rows, words[0], words[1:])
}

// list street= state= … counts 3 | are A B | has A | lacks A
func list(s *story, w words) error {
	f, err := s.filter(w)
	if err != nil {
		return err
	}
	if f.Scope != nil {
		if err := s.sees(f.Scope); err != nil {
			return err
		}
	}
	rows, err := s.listed(f)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(w.plain, func(word string) bool { return slices.Contains([]string{"counts", "are", "has", "lacks"}, word) })
	if i < 0 {
		return fmt.Errorf("say what of the list: %q", w.plain)
	}
	if w.plain[i] != "counts" {
		return s.holds(rows, w.plain[i], w.plain[i+1:])
	}
	if want, err := strconv.Atoi(w.word(i + 1)); err != nil || want != len(rows) {
		return no("the list has %d, want %s", len(rows), w.word(i+1))
	}
	return nil
}

func (s *story) filter(w words) (f casework.Filter, err error) {
	d := s.District()
	for name, value := range w.named {
		switch name {
		case "street", "community", "grid":
			code, err := gridCode(d, value)
			if err != nil {
				return f, err
			}
			*map[string]*string{"street": &f.Street, "community": &f.Community, "grid": &f.Grid}[name] = string(code)
		case "state":
			for _, state := range strings.Split(value, ",") {
				f.States = append(f.States, casework.State(state))
			}
		case "scope":
			posts, err := s.posts(value)
			if err != nil {
				return f, err
			}
			f.Scope = append(casework.ScopeOf(d, posts...), casework.ObservedBy(d, posts...)...)
		case "signal":
			f.Signal = clock.Signal(value)
		case "rated":
			f.Rated, err = strconv.Atoi(value)
		default:
			field, ok := map[string]*string{
				"step": &f.Step, "unit": &f.Unit, "receiver": &f.Receiver, "major": &f.Major, "matter": &f.Matter, "kind": &f.Kind, "channel": &f.Channel,
			}[name]
			if !ok {
				return f, fmt.Errorf("a list has no filter %q", name)
			}
			*field = value
		}
	}
	f.NoOwner, f.Returned, f.Newest = w.has("no-owner"), w.has("returned"), w.has("newest")
	return f, err
}

// filters agree: under many filters, the list is what going through every case
// by hand gives, and the count, the groups and the export are the list's.
func filters(s *story, w words) error {
	all, err := s.listed(casework.Filter{})
	if err != nil {
		return err
	}
	if len(all) < 60 {
		return fmt.Errorf("%d cases are too few to learn from", len(all))
	}
	parted := map[string]int{}
	for _, one := range s.tried(all) {
		want := byHand(all, one.is)
		rows, err := s.listed(one.filter)
		if err != nil {
			return err
		}
		if got := byHand(rows, func(casework.Case) bool { return true }); !slices.Equal(got, want) {
			return no("%s: the list has %d, by hand there are %d", one.name, len(got), len(want))
		}
		if len(want) > 0 && len(want) < len(all) {
			parted[strings.Fields(one.name)[0]]++
		}
	}
	for _, name := range []string{"street", "community", "kind", "channel", "step", "state", "unit", "signal", "no-owner", "matter", "street+signal"} {
		if parted[name] == 0 {
			return fmt.Errorf("no filter by %s parted the cases: the story tries nothing", name)
		}
	}
	return nil
}

// byHand goes through rows and gives the cases that are meant, by id.
func byHand(rows []casework.Row, is func(casework.Case) bool) (ids []casework.ID) {
	for _, r := range rows {
		if is(r.Case) {
			ids = append(ids, r.Case.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// sees holds a scope's list against what the direct link to each case allows.
func (s *story) sees(scope casework.Scope) error {
	all, err := s.listed(casework.Filter{})
	if err != nil {
		return err
	}
	within, err := s.listed(casework.Filter{Scope: scope})
	if err != nil {
		return err
	}
	listed := byHand(within, func(casework.Case) bool { return true })
	for _, r := range all {
		_, _, err := casework.Seen(context.Background(), s.DB, s.District(), scope, r.Case.ID, s.Clock.Now())
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		if link := err == nil; link != slices.Contains(listed, r.Case.ID) {
			return no("%s: the link opens: %t, the list shows it: %t", s.name(r.Case.ID), link, !link)
		}
	}
	return nil
}

// trial is a filter and what it should mean.
type trial struct {
	name   string
	filter casework.Filter
	is     func(casework.Case) bool
}

func (s *story) tried(all []casework.Row) (trials []trial) {
	d := s.District()
	seen := map[string]bool{}
	add := func(name, value string, f casework.Filter, is func(casework.Case) bool) {
		if !seen[name+" "+value] {
			trials = append(trials, trial{name + " " + value, f, is})
		}
		seen[name+" "+value] = true
	}
	for _, r := range all {
		c := r.Case
		signal := c.Judge(d, s.now()).Signal
		of := func(o casework.Case) bool {
			return o.State == casework.Running && o.Judge(d, s.now()).Signal == signal
		}
		add("street", c.Place.Street, casework.Filter{Street: c.Place.Street}, func(o casework.Case) bool { return c.Place.Street == "" || o.Place.Street == c.Place.Street })
		add("community", c.Place.Community, casework.Filter{Community: c.Place.Community}, func(o casework.Case) bool {
			return c.Place.Community == "" || o.Place.Community == c.Place.Community
		})
		add("kind", c.Kind, casework.Filter{Kind: c.Kind}, func(o casework.Case) bool { return o.Kind == c.Kind })
		add("channel", c.Channel, casework.Filter{Channel: c.Channel}, func(o casework.Case) bool { return o.Channel == c.Channel })
		add("matter", c.Matter, casework.Filter{Matter: c.Matter, Newest: true}, func(o casework.Case) bool { return o.Matter == c.Matter })
		add("unit", c.Unit, casework.Filter{Unit: c.Unit}, func(o casework.Case) bool { return c.Unit == "" || o.Unit == c.Unit })
		add("state", string(c.State), casework.Filter{States: []casework.State{c.State}}, func(o casework.Case) bool { return o.State == c.State })
		add("step", string(c.Step), casework.Filter{Step: string(c.Step)}, func(o casework.Case) bool { return o.State == casework.Running && o.Step == c.Step })
		add("no-owner", "", casework.Filter{NoOwner: true}, func(o casework.Case) bool { return o.NoOwner })
		if signal != "" {
			add("signal", string(signal), casework.Filter{Signal: signal}, of)
			add("street+signal", c.Place.Street+" "+string(signal), casework.Filter{Street: c.Place.Street, Signal: signal},
				func(o casework.Case) bool { return of(o) && (c.Place.Street == "" || o.Place.Street == c.Place.Street) })
		}
	}
	return trials
}

// dates agree: of every case, the date that is shown is the one that it is
// sorted by, coloured by and judged by in the end.
func dates(s *story, w words) error {
	rows, err := s.listed(casework.Filter{})
	if err != nil {
		return err
	}
	signals, d := map[clock.Signal][]casework.ID{}, s.District()
	colours := []clock.Signal{clock.OK, clock.Near, clock.Late, clock.Hold}
	for _, signal := range colours {
		under, err := s.listed(casework.Filter{Signal: signal})
		if err != nil {
			return err
		}
		for _, r := range under {
			signals[signal] = append(signals[signal], r.Case.ID)
		}
	}
	var before time.Time
	for _, r := range rows {
		if r.Due.Before(before) && !r.Due.IsZero() {
			return no("%s is due %s and sorted after %s", s.name(r.Case.ID), s.moment(r.Due), s.moment(before))
		}
		before = r.Due
		verdict := r.Judge(d, s.now())
		for _, signal := range colours {
			want := r.State == casework.Running && verdict.Signal == signal
			if slices.Contains(signals[signal], r.Case.ID) != want {
				return no("%s is %s, but filtered by %s: %t", s.name(r.Case.ID), verdict.Signal, signal, !want)
			}
		}
		if err := s.verdict(r.Case); err != nil {
			return err
		}
	}
	return nil
}

// verdict compares what is stored of an ended case with the judgement at the
// moment its handler was last done.
func (s *story) verdict(c casework.Case) error {
	if c.State != casework.Closed && c.State != casework.Answered {
		return nil
	}
	tasks, err := casework.Tasks(context.Background(), s.DB, s.code(), c.ID)
	if err != nil {
		return err
	}
	done := c.ClosedAt
	for _, t := range tasks {
		if t.State == procedure.Finished && slices.Contains([]procedure.StepName{"handle", "answer"}, t.Step) {
			done = t.DoneAt
		}
	}
	if want := c.Due.IsZero() || !done.After(c.Due); c.OnTime != want {
		return no("%s was done %s, due %s: on time %t", s.name(c.ID), s.moment(done), s.moment(c.Due), c.OnTime)
	}
	return nil
}

package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"linli/internal/app"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/procedure"
)

const scopeHead = "\n| %s: list of 50 and count | without scope | with it | it costs | rows |\n|---|---|---|---|---|\n"

// narrowed is a list that has the same rows with a scope and without one.
type narrowed struct {
	name   string
	scope  casework.Scope
	filter func(n int) casework.Filter
	alone  bool // with the scope, street and unit are not asked for besides
}

// scopes asks for the same rows with a post's scope and without any: what the
// scope adds is what it costs to hold it in SQL.
func scopes(ctx context.Context, cfg Config, a *app.App, d *district.District) error {
	fmt.Fprintf(cfg.Out, scopeHead, a.DB.Engine())
	for _, q := range narrowings(d) {
		var open, held []time.Duration
		rows := 0
		for n := range 60 {
			f := q.filter(n)
			for _, scope := range []casework.Scope{nil, q.scope} { // in turn, so that both meet the same machine
				f.Scope = scope
				if q.alone && scope != nil {
					f.Street, f.Unit = "", ""
				}
				begin := cfg.Now()
				page, err := casework.List(ctx, a.DB, d, f, cfg.Now(), "", 50)
				if err != nil {
					return fmt.Errorf("%s: %w", q.name, err)
				}
				if _, err := casework.Count(ctx, a.DB, d, f, cfg.Now()); err != nil {
					return fmt.Errorf("%s: %w", q.name, err)
				}
				took := cfg.Now().Sub(begin)
				if scope == nil {
					open, rows = append(open, took), len(page.Rows)
					continue
				}
				held = append(held, took)
				if len(page.Rows) != rows && !q.alone {
					return fmt.Errorf("%s: %d rows with the scope, %d without", q.name, len(page.Rows), rows)
				}
			}
		}
		slices.Sort(open)
		slices.Sort(held)
		without, with := open[len(open)/2], held[len(held)/2]
		fmt.Fprintf(cfg.Out, "| %s | %s | %s | %+.0f %% | %d |\n", q.name, ms(without), ms(with), 100*(float64(with)/float64(without)-1), rows)
	}
	return nil
}

// narrowings are lists as staff of each kind ask for them.
func narrowings(d *district.District) []narrowed {
	street := d.Areas.Children(d.Areas.District)[0].Code
	community := d.Areas.Children(street)[0].Code
	newest := func(f casework.Filter) func(int) casework.Filter {
		return func(n int) casework.Filter {
			f.Newest = true
			if n%2 == 1 {
				f.States = []casework.State{casework.Running}
			}
			return f
		}
	}
	of := func(role procedure.Role, unit string, area area.Code) casework.Scope {
		return casework.ScopeOf(d, procedure.Actor{Post: "bench", Person: "bench", Role: role, Unit: unit, Area: string(area)})
	}
	return []narrowed{
		{"a supervisor, everything", of("supervisor", d.Centre(), d.Areas.District), newest(casework.Filter{}), false},
		{"a street's office, its street", of(procedure.Handler, "u-nobody", street), newest(casework.Filter{Street: string(street)}), false},
		{"a street's office, all it sees, against its street as a plain filter", of(procedure.Handler, "u-nobody", street), newest(casework.Filter{Street: string(street)}), true},
		{"a community's station, its community", of(procedure.Handler, "u-nobody", community), newest(casework.Filter{Street: string(street), Community: string(community)}), false},
		{"a department, its unit", of(procedure.Handler, "u-shizheng", d.Areas.District), newest(casework.Filter{Unit: "u-shizheng"}), false},
		{"a department, all it sees, against its unit as a plain filter", of(procedure.Handler, "u-shizheng", d.Areas.District), newest(casework.Filter{Unit: "u-shizheng"}), true},
	}
}

package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/district"
	"linli/internal/procedure"
	"linli/internal/sample"
)

// Read measures lists, counts, searches and case pages of a district with many
// cases, on each engine.
func Read(ctx context.Context, cfg Config) error {
	return onEach(ctx, cfg, "read", readOn)
}

func readOn(ctx context.Context, cfg Config, address, dir string) error {
	a, err := loaded(ctx, cfg, address, dir)
	if err != nil {
		return err
	}
	defer a.Close()
	d, err := a.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return err
	}
	fmt.Fprintf(cfg.Out, "\n| %s: list and count of | p50 | p99 | counted |\n|---|---|---|---|\n", a.DB.Engine())
	for _, q := range questions(d, cfg.Now()) {
		var each []time.Duration
		var tally casework.Tally
		for n := range 60 {
			f := q.filter(n)
			begin := cfg.Now()
			if _, err := casework.List(ctx, a.DB, d, f, cfg.Now(), "", 50); err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
			if tally, err = casework.Count(ctx, a.DB, d, f, cfg.Now()); err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
			each = append(each, cfg.Now().Sub(begin))
		}
		slices.Sort(each)
		l := load{each: each}
		fmt.Fprintf(cfg.Out, "| %s | %s | %s | %d%s |\n", q.name, ms(l.at(.5)), ms(l.at(.99)), tally.N, map[bool]string{true: "+"}[tally.Over])
	}
	if err := casePage(ctx, cfg, a, d); err != nil {
		return err
	}
	if err := scopes(ctx, cfg, a, d); err != nil {
		return err
	}
	return lists(ctx, cfg, a)
}

// casePage measures what a case page reads.
func casePage(ctx context.Context, cfg Config, a *app.App, d *district.District) error {
	p, err := casework.List(ctx, a.DB, d, casework.Filter{Newest: true}, cfg.Now(), "", 200)
	if err != nil {
		return err
	}
	var each []time.Duration
	for _, row := range p.Rows {
		begin := cfg.Now()
		c, err := casework.ByID(ctx, a.DB, d.Code, row.Case.ID)
		if err != nil {
			return err
		}
		if _, err := casework.Tasks(ctx, a.DB, d.Code, c.ID); err != nil {
			return err
		}
		if _, err := casework.Reports(ctx, a.DB, d.Code, c.ID); err != nil {
			return err
		}
		if _, err := casework.Around(ctx, a.DB, d, c, 200, cfg.Now().AddDate(0, 0, -7)); err != nil {
			return err
		}
		each = append(each, cfg.Now().Sub(begin))
	}
	slices.Sort(each)
	l := load{each: each}
	fmt.Fprintf(cfg.Out, "| one case, its tasks, reports and surroundings | %s | %s | 1 |\n", ms(l.at(.5)), ms(l.at(.99)))
	return nil
}

// question is one filter, varied by n.
type question struct {
	name   string
	filter func(n int) casework.Filter
}

func questions(d *district.District, now time.Time) []question {
	streets := d.Areas.Children(d.Areas.District)
	street := func(n int) string { return string(streets[n%len(streets)].Code) }
	words := []string{"井盖", "路灯", "早点铺门口", "桂香路", "垃圾", "次来说", "电动车充电", "不存在的话", "噪", "manhole"}
	newest := func(f casework.Filter) casework.Filter { f.Newest = true; return f }
	post := procedure.Actor{Role: procedure.Acceptor, Unit: d.Centre()}
	return []question{
		{"everything, newest first", func(int) casework.Filter { return newest(casework.Filter{}) }},
		{"running, most urgent first", func(int) casework.Filter { return casework.Filter{States: []casework.State{casework.Running}} }},
		{"a queue", func(int) casework.Filter {
			return casework.Filter{Queue: &casework.Queue{Posts: []procedure.Actor{post}}}
		}},
		{"late in a queue", func(int) casework.Filter {
			return casework.Filter{Queue: &casework.Queue{Posts: []procedure.Actor{post}}, Signal: clock.Late}
		}},
		{"a street", func(n int) casework.Filter { return newest(casework.Filter{Street: street(n)}) }},
		{"closed in a street", func(n int) casework.Filter {
			return newest(casework.Filter{Street: street(n), States: []casework.State{casework.Closed}})
		}},
		{"rejected", func(int) casework.Filter { return newest(casework.Filter{States: []casework.State{casework.Rejected}}) }},
		{"a matter in a street", func(n int) casework.Filter {
			return newest(casework.Filter{Street: street(n), Matter: []string{"c01002", "m06010", "m06028"}[n%3]})
		}},
		{"a channel and a kind", func(n int) casework.Filter {
			return newest(casework.Filter{Channel: []string{"counter", "machine", "portal"}[n%3], Kind: []string{"event", "help", "consult"}[n%3]})
		}},
		{"a unit, discontent", func(int) casework.Filter { return newest(casework.Filter{Unit: "u-shizheng", Rated: 2}) }},
		{"a month in a street", func(n int) casework.Filter {
			from := now.AddDate(0, -n%30-1, 0)
			return newest(casework.Filter{Street: street(n), From: from, To: from.AddDate(0, 1, 0)})
		}},
		{"a word", func(n int) casework.Filter { return newest(casework.Filter{Text: words[n%len(words)]}) }},
		{"a word in a street, running", func(n int) casework.Filter {
			return casework.Filter{Text: words[n%len(words)], Street: street(n), States: []casework.State{casework.Running}}
		}},
		{"a phone number", func(int) casework.Filter { return newest(casework.Filter{Phone: "no such index"}) }},
		{"within a street's scope", func(n int) casework.Filter {
			return newest(casework.Filter{Scope: casework.Scope{{By: procedure.Actor{Unit: "u-shizheng", Area: street(n)}, Reach: casework.OfPost}}})
		}},
	}
}

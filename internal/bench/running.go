package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"linli/internal/app"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/sample"
)

// handing is how long the centre takes to file a case, and again to send it.
const handing = 20 * time.Minute

// runningFor is how long ago the first of the running cases was opened.
const runningFor = 4 * 24 * time.Hour

// fillRunning writes the cases that run: taken in, filed and sent by the real
// verbs, so that each waits for one of many units. What is to be told and done
// about them by now is done.
func fillRunning(ctx context.Context, cfg Config, a *app.App) error {
	there, err := db.Value[int](ctx, a.DB, "select count(*) from cases c where c.state = 'open'")
	if err != nil || there >= cfg.Running {
		return err
	}
	d, err := a.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return err
	}
	stories, err := sample.New().Stories(cfg.Now(), func(string, time.Time) time.Time { return time.Time{} })
	if err != nil {
		return err
	}
	begin := cfg.Now()
	c := &centre{d: d, stories: stories, dice: rand.New(rand.NewPCG(17, 19)), grids: d.Areas.Tier(area.Grid)}
	c.actor = procedure.Actor{Person: "p-centre", Post: holder(d, "u-centre", org.Acceptor, d.Day), Unit: "u-centre", Area: d.Code}
	for n := 0; n < cfg.Running; n += batch {
		if err := c.takeIn(ctx, a, n, min(batch, cfg.Running-n), begin.Add(-runningFor+runningFor/time.Duration(cfg.Running)*time.Duration(n))); err != nil {
			return err
		}
	}
	wrote := cfg.Now().Sub(begin)
	if err := a.Schedule(ctx); err != nil {
		return err
	}
	jobs, err := a.Jobs.Due(ctx)
	fmt.Fprintf(cfg.Out, "%s: %d running cases written in %s, %d jobs in %s\n", a.DB.Engine(), cfg.Running, wrote.Round(time.Second), jobs, (cfg.Now().Sub(begin) - wrote).Round(time.Second))
	return err
}

// centre is the desk that files and sends.
type centre struct {
	d       *district.District
	stories []sample.Story
	dice    *rand.Rand
	grids   []area.Area
	actor   procedure.Actor
}

// takeIn takes some cases in at an instant, and sends them.
func (c *centre) takeIn(ctx context.Context, a *app.App, first, n int, opened time.Time) error {
	all := make([]casework.Historic, n)
	for i := range all {
		s := c.stories[c.dice.IntN(len(c.stories))]
		grid := c.grids[c.dice.IntN(len(c.grids))].Code
		all[i] = casework.Historic{
			Channel: "machine", External: fmt.Sprintf("running-%d", first+i), Via: "machine", File: "bench", Matter: s.Matter, Text: s.Reports[0].Text,
			Opened: opened, State: casework.Running, Place: casework.Place{
				Address: s.Reports[0].Address, Placed: casework.ByArea, Grid: string(grid),
				Community: string(grid.At(area.Community)), Street: string(grid.At(area.Street)),
			},
		}
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		now := tx.Now
		defer func() { tx.Now = now }()
		tx.Now = opened
		if _, err := casework.Take(ctx, tx, c.d, all); err != nil {
			return err
		}
		cases, err := db.All(ctx, tx, func(id *string) []any { return []any{id} },
			"select c.id from cases c where c.district = $1 and c.state = 'open' and c.opened_at = $2", c.d.Code, db.At(opened))
		if err != nil {
			return err
		}
		for _, id := range cases {
			if err := c.send(ctx, tx, casework.ID(id), opened); err != nil {
				return err
			}
		}
		return nil
	})
}

// send files a case and sends it to some department.
func (c *centre) send(ctx context.Context, tx *db.Tx, id casework.ID, opened time.Time) error {
	unit := fmt.Sprintf("u-d%02d", 1+c.dice.IntN(largeDepartments))
	for n, m := range []procedure.Move{{Action: "file"}, {Action: "send", Unit: unit}} {
		tx.Now = opened.Add(handing * time.Duration(n+1))
		tasks, err := casework.Tasks(ctx, tx, c.d.Code, id)
		if err != nil {
			return err
		}
		task := tasks[len(tasks)-1]
		if task.Step != "accept" && task.Step != "dispatch" {
			return nil // a procedure of another kind: it waits where it begins
		}
		by := c.actor
		by.Role, m.Task = task.Role, task.ID
		if _, err := casework.Act(ctx, tx, casework.Acting{District: c.d, By: by}, id, m); err != nil {
			return err
		}
	}
	return nil
}

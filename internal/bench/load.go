package bench

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"time"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/sample"
)

// batch is how many historic cases share a transaction.
const batch = 1000

// loaded opens the invented district with many cases of the last three years,
// brought in as historic cases are.
func loaded(ctx context.Context, cfg Config, address, dir string) (*app.App, error) {
	conf := app.Config{Unlimited: true, Database: address, Files: filepath.Join(dir, "files"), District: sample.DistrictCode, Log: slog.New(slog.DiscardHandler)}
	if err := app.Seed(ctx, conf); err != nil {
		return nil, err
	}
	conf.Seeding = true
	filling, err := app.New(ctx, conf)
	if err != nil {
		return nil, err
	}
	err = fill(ctx, cfg, filling)
	if closed := filling.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	conf.Seeding = false
	return app.New(ctx, conf)
}

func fill(ctx context.Context, cfg Config, a *app.App) error {
	if there, err := db.Value[int](ctx, a.DB, "select count(*) from cases"); err != nil || there >= cfg.Cases {
		return err // kept from an earlier run
	}
	d, err := a.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return err
	}
	stories, err := sample.New().Stories(cfg.Now(), func(string, time.Time) time.Time { return time.Time{} })
	if err != nil {
		return err
	}
	h := &historian{d: d, stories: stories, dice: rand.New(rand.NewPCG(7, 11)), end: cfg.Now(), total: cfg.Cases}
	begin := cfg.Now()
	for n := 0; n < cfg.Cases; n += batch {
		all := make([]casework.Historic, 0, batch)
		for i := n; i < min(n+batch, cfg.Cases); i++ {
			all = append(all, h.tell(i))
		}
		err := a.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := casework.Take(ctx, tx, d, all)
			return err
		})
		if err != nil {
			return err
		}
	}
	took := cfg.Now().Sub(begin)
	fmt.Fprintf(cfg.Out, "%s: %d cases taken in at %.0f a second\n", a.DB.Engine(), cfg.Cases, float64(cfg.Cases)/took.Seconds())
	return nil
}

// historian varies the invented stories into as many cases as are wanted.
type historian struct {
	d       *district.District
	stories []sample.Story
	dice    *rand.Rand
	end     time.Time
	total   int
}

// years is how far back the cases go.
const years = 3

func (h *historian) tell(n int) casework.Historic {
	s := h.stories[h.dice.IntN(len(h.stories))]
	r := s.Reports[0]
	span := years * 365 * 24 * time.Hour
	opened := h.end.Add(-span + span/time.Duration(h.total)*time.Duration(n))
	c := casework.Historic{
		Channel: r.Channel, External: fmt.Sprintf("bench-%d", n), Via: r.Channel, File: "bench", Matter: s.Matter,
		Text: fmt.Sprintf("%s 第 %d 次来说。", r.Text, n%977), Opened: opened, State: casework.Closed,
		Place: casework.Place{Address: r.Address, Placed: casework.Nowhere},
	}
	if at := h.d.Areas.Locate(r.Point); at.Grid != "" {
		c.Place = casework.Place{Address: r.Address, Point: r.Point, Placed: casework.ByPoint, Street: string(at.Street), Community: string(at.Community), Grid: string(at.Grid)}
	}
	if route := h.d.Route(s.Matter, c.Place.Area(h.d.Code), opened); len(route.Choices) > 0 {
		c.Unit = route.Choices[0].Unit
	}
	switch dice := h.dice.Float64(); {
	case h.end.Sub(opened) < 20*24*time.Hour && dice < 0.5: // some nine thousand of a million still run
		c.State = casework.Running
		return c
	case dice < 0.03:
		c.State = casework.Rejected
	case dice < 0.10:
		c.State = casework.Answered
	}
	c.Closed = opened.Add(time.Duration(h.dice.IntN(96)+1) * time.Hour)
	return c
}

package bench

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/sample"
)

// world is the large district on one engine.
type world struct {
	Config
	address, dir string
	tell         func() ([]told, error)
}

// largePart is something measured on the large district. It says what has to be
// there: a year that is over, and cases that run.
type largePart struct {
	name          string
	year, running bool
	head          string
	run           func(context.Context, *world) error
}

// largeParts lists them in the order in which they leave the district fit for
// the next: a changed calendar comes last.
func largeParts() []largePart {
	return []largePart{
		{"scorecards", true, false, scorecardsHead, scorecards},
		{"board", true, true, boardHead, board},
		{"reckon", false, true, reckonHead, reckon},
	}
}

// Large measures parts on the large district, which is made once an engine.
func Large(ctx context.Context, cfg Config, wanted []string) error {
	parts := slices.DeleteFunc(largeParts(), func(p largePart) bool { return !slices.Contains(wanted, p.name) })
	if len(parts) == 0 {
		return nil
	}
	tell := sync.OnceValues(func() ([]told, error) { return tellCases(ctx, cmp.Or(cfg.Told, toldCases)) })
	return onEach(ctx, cfg, "large", func(ctx context.Context, cfg Config, address, dir string) error {
		w := &world{Config: cfg, address: address, dir: dir, tell: tell}
		if err := w.fill(ctx, parts); err != nil {
			return err
		}
		for _, p := range parts {
			fmt.Fprintf(cfg.Out, "\n## %s\n\n%s\n", p.name, p.head)
			if err := p.run(ctx, w); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
		return nil
	})
}

// toldCases is how many cases go through the real verbs to be copied.
const toldCases = 300

// open opens the program anew: what it keeps in memory is empty. What the
// operating system and PostgreSQL keep is not.
func (w *world) open(ctx context.Context, seeding bool) (*app.App, *district.District, error) {
	a, err := app.New(ctx, app.Config{
		Unlimited: true, Database: w.address, Files: filepath.Join(w.dir, "files"), District: sample.DistrictCode, Log: slog.New(slog.DiscardHandler), Seeding: seeding,
	})
	if err != nil || seeding {
		return a, nil, err
	}
	d, err := a.Districts.Get(ctx, sample.DistrictCode)
	return a, d, err
}

// fill makes the district and what the parts need of it.
func (w *world) fill(ctx context.Context, parts []largePart) error {
	a, _, err := w.open(ctx, true)
	if err != nil {
		return err
	}
	err = w.write(ctx, a, parts)
	if closed := a.Close(); err == nil {
		err = closed
	}
	return err
}

func (w *world) write(ctx context.Context, a *app.App, parts []largePart) error {
	if err := large(ctx, a, w.dir); err != nil {
		return err
	}
	if slices.ContainsFunc(parts, func(p largePart) bool { return p.year }) {
		if err := fillYear(ctx, w.Config, a, w.tell); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(parts, func(p largePart) bool { return p.running }) {
		if err := fillRunning(ctx, w.Config, a); err != nil {
			return err
		}
	}
	return analyze(ctx, w.address, a.DB.Engine())
}

// analyze lets PostgreSQL look at what was written, as it does by itself after a
// minute.
func analyze(ctx context.Context, address string, engine db.Engine) error {
	if engine != db.Postgres {
		return nil
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "vacuum analyze")
	return err
}

// Package app wires the house, once: database, districts, intake, pages, jobs.
// Nothing else makes these things, and no package reaches for them by itself.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/alexedwards/scs/v2"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/intake"
	"linli/internal/job"
	"linli/internal/notice"
	"linli/internal/supervise"
	"linli/internal/vault"
	"linli/internal/web"
	"linli/internal/web/page"
)

// Config is all that can be set. Every field works at its zero value.
type Config struct {
	Database string           // sqlite:PATH or postgres://…; empty is sqlite:linli.db
	Files    string           // folder of pictures and of the key file; empty is files
	District string           // whose pages are served; empty is the first of the database
	Now      func() time.Time // nil is the system's clock
	Log      *slog.Logger
	Seeding  bool // while the demo is made: nothing is acknowledged to anyone yet
	Secure   bool // cookies only over TLS
	Password access.Config
}

// App is the program put together.
type App struct {
	DB        *db.DB
	Districts *district.Keeper
	Desk      *intake.Desk
	Documents *document.Store
	Vault     *vault.Vault
	Guard     *access.Guard
	Notices   *notice.Book
	Boards    *supervise.Watcher
	Scores    *evaluate.Keeper
	Jobs      *job.Runner
	Log       *slog.Logger
	cfg       Config
	telling   *district.District // while the demo's past is told
}

// New opens everything. Close closes it.
func New(ctx context.Context, cfg Config) (a *App, err error) {
	defer errs.Wrap(&err, "app.New")
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Files == "" {
		cfg.Files = "files"
	}
	a = &App{Log: cfg.Log, cfg: cfg}
	if err := os.MkdirAll(cfg.Files, 0o750); err != nil {
		return nil, err
	}
	if a.Vault, err = vault.Open(filepath.Join(cfg.Files, "linli.key")); err != nil {
		return nil, err
	}
	if a.Documents, err = document.NewStore(filepath.Join(cfg.Files, "photos")); err != nil {
		return nil, err
	}
	if a.Guard, err = access.New(cfg.Password); err != nil {
		return nil, err
	}
	if a.Notices, err = notice.Standard(); err != nil {
		return nil, err
	}
	if a.DB, err = db.Open(ctx, db.Config{URL: cfg.Database, Now: cfg.Now, Log: cfg.Log, Seeding: cfg.Seeding}); err != nil {
		return nil, err
	}
	a.Districts = district.NewKeeper(a.DB, cfg.Log)
	a.Desk = &intake.Desk{DB: a.DB, Vault: a.Vault, Numbers: casework.NewNumbers(a.DB)}
	a.Scores = evaluate.NewKeeper(a.DB)
	a.Boards = supervise.NewWatcher(a.DB, a.promised)
	a.Jobs = job.New(a.DB, a.handlers(), cfg.Log)
	a.prepare()
	return a, nil
}

// Close ends what New began.
func (a *App) Close() error {
	a.Boards.Close()
	a.Districts.Close()
	return a.DB.Close()
}

// House is what the pages of a district stand on.
func (a *App) House(ctx context.Context) (*page.House, error) {
	code := a.cfg.District
	if code == "" {
		codes, err := district.Codes(ctx, a.DB)
		if err != nil {
			return nil, err
		}
		if len(codes) == 0 {
			return nil, errs.New(errs.NotFound, "还没有区。请先 linli import district 把本区的表导进来，或用 linli demo 看演示。",
				"There is no district yet. Bring in your tables with linli import district, or see linli demo.")
		}
		code = codes[0]
	}
	sessions := scs.New()
	sessions.Store = access.NewSessions(a.DB, code)
	sessions.Lifetime = 24 * time.Hour
	sessions.IdleTimeout = 4 * time.Hour
	sessions.Cookie.Name = "linli"
	sessions.Cookie.HttpOnly = true
	sessions.Cookie.SameSite = http.SameSiteLaxMode
	sessions.Cookie.Secure = a.cfg.Secure
	sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		a.Log.Error("session", "path", r.URL.Path, "error", err)
		http.Error(w, "系统正忙，请稍后再试 / busy, please try again", http.StatusServiceUnavailable)
	}
	return &page.House{
		DB: a.DB, District: code, Districts: a.Districts, Desk: a.Desk, Documents: a.Documents, Vault: a.Vault,
		Guard: a.Guard, Sessions: sessions, Boards: a.Boards, Scores: a.Scores, Log: a.Log,
	}, nil
}

// Handler is the whole web of a house.
func (a *App) Handler(h *page.House) http.Handler {
	return web.Handler(h, doors()...)
}

// grace is how long running requests have to finish when the program ends.
const grace = 10 * time.Second

// Serve answers on a listener and runs jobs until ctx ends.
func (a *App) Serve(ctx context.Context, listener net.Listener, h *page.House) error {
	server := &http.Server{
		Handler: a.Handler(h), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn),
	}
	h.Stopping = ctx.Done()
	if err := a.Schedule(ctx); err != nil {
		return err
	}
	jobs := make(chan struct{})
	go func() {
		defer close(jobs)
		a.Jobs.Run(ctx)
	}()
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		stopped <- server.Shutdown(end)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	<-jobs
	return <-stopped
}

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
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"golang.org/x/sync/errgroup"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/hook"
	"linli/internal/inbox"
	"linli/internal/intake"
	"linli/internal/job"
	"linli/internal/meter"
	"linli/internal/notice"
	"linli/internal/outbound"
	"linli/internal/peer"
	"linli/internal/resident"
	"linli/internal/supervise"
	"linli/internal/trail"
	"linli/internal/transfer"
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
	Secure   bool // readers come over TLS, ended at a proxy before us
	TLS      TLS  // or ended here
	// Proxies are the networks whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// Outside are networks of our own that may be called though they are not
	// public: a gateway or a mail server in the same house.
	Outside []netip.Prefix
	// OIDC is another house at which staff may sign in.
	OIDC access.OIDC
	// LogAddress is where the public log of the trail is served from, without
	// https:// and without the district, such as linli.example.cn/trail. It names
	// the log and should never change; empty is linli.
	LogAddress string
	// Channels is the file of the settings of channels; empty is channels.yaml in
	// the folder of files, if it is there.
	Channels string
	// Carriers stand in place of those of the file: in the demo and in tests.
	Carriers map[channel.Name]channel.Carrier
	// MailIn is where the district's mail server hands mail in; nil: nowhere.
	MailIn net.Listener
	// Metrics is where those who operate the program read its metrics; nil:
	// nowhere. They are served there and on no other listener.
	Metrics net.Listener
	// OTLP is where traces are sent, such as http://127.0.0.1:4318; empty: nowhere.
	OTLP string
	// Drain is how long the program goes on answering after it was told to end,
	// with /readyz saying that others should be asked.
	Drain time.Duration
	// Requests notes every request in the log.
	Requests bool
	// Unlimited counts nobody's requests: for measuring how fast the program
	// goes, never for use.
	Unlimited bool
	Password  access.Config
}

// KeyFile is the name of the key file in the folder of files.
const KeyFile = "linli.key"

// App is the program put together.
type App struct {
	DB        *db.DB
	Districts *district.Keeper
	Desk      *intake.Desk
	Documents *document.Store
	Vault     *vault.Vault
	Guard     *access.Guard
	Notices   *notice.Book
	Residents *resident.Book
	Peers     *peer.Book
	Boards    *supervise.Watcher
	Scores    *evaluate.Keeper
	Trail     *trail.Keeper
	Hooks     *hook.Book
	Inbox     *inbox.Box
	Imports   *transfer.Desk
	Jobs      *job.Runner
	Meter     *meter.Meter
	Outbound  *http.Client // calls other servers, within Config.Outside
	Log       *slog.Logger
	cfg       Config
	channels  channels
	lines     lines
	telling   *district.District // while the demo's past is told
}

// New opens everything. Close closes it.
func New(ctx context.Context, cfg Config) (a *App, err error) {
	defer errs.Wrap(&err, "app.New")
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	cfg.Log = slog.New(Careful(cfg.Log.Handler()))
	if cfg.Files == "" {
		cfg.Files = "files"
	}
	a = &App{Log: cfg.Log, cfg: cfg, Outbound: outbound.Client(outbound.Config{Allow: cfg.Outside}), Meter: meter.New(clock.System().Now, Version())}
	if cfg.OTLP != "" {
		if err := a.Meter.Trace(ctx, cfg.OTLP, Version()); err != nil {
			return nil, err
		}
	}
	a.Outbound.Transport = a.Meter.Transport(a.Outbound.Transport)
	if err := os.MkdirAll(cfg.Files, 0o750); err != nil {
		return nil, err
	}
	if a.Vault, err = vault.Open(filepath.Join(cfg.Files, KeyFile)); err != nil {
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
	a.Imports = transfer.NewDesk(a.DB, a.Log)
	a.Desk = &intake.Desk{DB: a.DB, Vault: a.Vault, Numbers: casework.NewNumbers(a.DB), Meter: a.Meter}
	a.Peers = &peer.Book{DB: a.DB, Desk: a.Desk, Districts: a.Districts, Documents: a.Documents, Vault: a.Vault, HTTP: a.Outbound}
	a.Residents = &resident.Book{Vault: a.Vault, Index: a.Desk.PhoneIndex} // no way to send codes until there is a channel
	if err := a.openChannels(); err != nil {
		return nil, errors.Join(err, a.DB.Close())
	}
	a.Scores = evaluate.NewKeeper(a.DB)
	a.Boards = supervise.NewWatcher(a.DB, a.promised)
	a.Trail = trail.NewKeeper(a.signer, cfg.Log)
	a.Hooks = &hook.Book{DB: a.DB, Vault: a.Vault, Client: a.Outbound, Allow: cfg.Outside, Get: a.Districts.Get}
	a.Jobs = job.New(a.DB, a.handlers(), cfg.Log)
	a.Jobs.Measure(a.Meter)
	a.watch()
	a.prepare()
	return a, nil
}

// signer signs the public log of a district's trail.
func (a *App) signer(code string) (*trail.Signer, error) {
	return signerOf(a.Vault, a.cfg.LogAddress, code)
}

// LogSigner is the signer of a district's log by the key file alone, for looking
// over a backup.
func LogSigner(keyFile, address, code string) (s *trail.Signer, err error) {
	defer errs.Wrap(&err, "app.LogSigner(%s)", code)
	if _, err := os.Stat(keyFile); err != nil {
		return nil, errs.New(errs.NotFound, "没有密钥文件 %s。", "There is no key file %s.", keyFile).Because(err)
	}
	v, err := vault.Open(keyFile)
	if err != nil {
		return nil, err
	}
	return signerOf(v, address, code)
}

func signerOf(v *vault.Vault, address, code string) (*trail.Signer, error) {
	origin := trail.Origin(code)
	if address != "" {
		origin = strings.TrimSuffix(address, "/") + "/" + code
	}
	return trail.NewSigner(origin, v.Derive(trail.Purpose(code)))
}

// Close ends what New began.
func (a *App) Close() error {
	a.Imports.Close()
	a.Boards.Close()
	a.Districts.Close()
	return errors.Join(a.DB.Close(), a.Meter.Close())
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
	// How long a session lives is the store's to say, by who has signed in; the
	// cookie goes with the browser, except a resident's.
	sessions.Lifetime = access.LongestSession
	sessions.Cookie.Persist = false
	sessions.Cookie.Name = "linli"
	sessions.Cookie.HttpOnly = true
	sessions.Cookie.SameSite = http.SameSiteLaxMode
	secure := a.cfg.Secure || a.cfg.TLS.On()
	sessions.Cookie.Secure = secure
	sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		a.Log.Error("session", "error", err)
		http.Error(w, "系统正忙，请稍后再试 / busy, please try again", http.StatusServiceUnavailable)
	}
	h := &page.House{
		DB: a.DB, District: code, Districts: a.Districts, Desk: a.Desk, Documents: a.Documents, Vault: a.Vault,
		Guard: a.Guard, Residents: a.Residents, Peers: a.Peers, Sessions: sessions, Boards: a.Boards, Scores: a.Scores, Trail: a.Trail, Hooks: a.Hooks, Notices: a.Notices, Inbox: a.Inbox, Imports: a.Imports, Log: a.Log,
		Secure: secure, Proxies: a.cfg.Proxies, Outbound: a.Outbound, Meter: a.Meter,
	}
	a.openLines(h)
	if a.cfg.OIDC.On() {
		p, err := access.NewProvider(a.cfg.OIDC)
		if err != nil {
			return nil, err
		}
		h.Provider = p
	}
	if !a.cfg.Unlimited {
		h.Limits = page.NewLimits()
	}
	if a.cfg.Requests {
		h.Requests = a.Log
	}
	return h, nil
}

// Handler is the whole web of a house.
func (a *App) Handler(h *page.House) http.Handler {
	return web.Handler(h, doors()...)
}

// grace is how long running requests have to finish when the program ends.
const grace = 10 * time.Second

// Serve answers on a listener and runs jobs until ctx ends.
func (a *App) Serve(ctx context.Context, listener net.Listener, h *page.House) error {
	return a.ServeWith(ctx, listener, nil, h)
}

// ServeWith is Serve with a second listener, without TLS, that only leads to
// the first one; nil is none. When ctx ends, /readyz says so and live pages let
// go; everything is answered for Config.Drain longer, and what then still runs
// has a grace to finish.
func (a *App) ServeWith(ctx context.Context, listener, plain net.Listener, h *page.House) error {
	h.Stopping = ctx.Done()
	told := ctx
	ctx, cancel := drained(ctx, a.cfg.Drain)
	defer cancel()
	server, group := serverOf(leaving(told, a.Handler(h)), a.Log), errgroup.Group{}
	if err := a.Schedule(ctx); err != nil {
		return err
	}
	listener = bound(listener, a.cfg.Proxies)
	speak, mailIn, err := a.readyTLS()
	if err != nil {
		return err
	}
	if speak != nil {
		server.TLSConfig = speak.config
		if plain != nil {
			port := portOf(listener)
			group.Go(func() error { return speak.redirect(ctx, bound(plain, a.cfg.Proxies), port, a.Log) })
		}
	}
	group.Go(func() error {
		a.Jobs.Run(ctx)
		return nil
	})
	if a.lines.smsc != nil {
		group.Go(func() error { return a.hearTexts(ctx, h.District) })
	}
	if a.cfg.MailIn != nil {
		group.Go(func() error { return a.receiveMail(ctx, a.cfg.MailIn, h.District, mailIn) })
	}
	if a.cfg.Metrics != nil {
		group.Go(func() error { return a.serveMetrics(ctx, a.cfg.Metrics) })
	}
	group.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		return server.Shutdown(end)
	})
	err = answer(server, listener)
	cancel()
	return errors.Join(err, group.Wait())
}

// answer serves until the server is shut down.
func answer(server *http.Server, listener net.Listener) (err error) {
	if server.TLSConfig != nil {
		err = server.ServeTLS(listener, "", "")
	} else {
		err = server.Serve(listener)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func portOf(l net.Listener) string {
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "443"
	}
	return port
}

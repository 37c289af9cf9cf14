// Package page is what the portal, the desk, the field pages and the
// administration share: who is reading, in which language, of which district,
// how a page is drawn, and how a failure is told.
//
// A handler is a function of a [View] that returns an error. It calls one verb
// and shows one component; it holds no rules and no SQL.
package page

import (
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/alexedwards/scs/v2"

	"linli/internal/access"
	"linli/internal/channel/push"
	"linli/internal/channel/sms"
	"linli/internal/channel/wechat"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/evaluate"
	"linli/internal/hook"
	"linli/internal/inbox"
	"linli/internal/intake"
	"linli/internal/meter"
	"linli/internal/notice"
	"linli/internal/peer"
	"linli/internal/resident"
	"linli/internal/supervise"
	"linli/internal/trail"
	"linli/internal/transfer"
	"linli/internal/vault"
)

// House is what pages stand on. app makes it once.
type House struct {
	DB        *db.DB
	District  string // whose pages these are
	Districts *district.Keeper
	Desk      *intake.Desk
	Documents *document.Store
	Vault     *vault.Vault
	Guard     *access.Guard
	Sessions  *scs.SessionManager
	Residents *resident.Book
	Peers     *peer.Book
	Boards    *supervise.Watcher
	Scores    *evaluate.Keeper
	Trail     *trail.Keeper
	Hooks     *hook.Book
	Notices   *notice.Book
	Inbox     *inbox.Box
	Imports   *transfer.Desk
	Log       *slog.Logger
	// Secure tells that readers come over TLS, ended here or at a proxy before
	// us: cookies then never travel without it.
	Secure bool
	// Proxies are the networks whose word on where a request came from is taken.
	Proxies []netip.Prefix
	// Outbound calls other servers, within what the configuration allows.
	Outbound *http.Client
	// Provider is the other house at which staff may sign in; nil is none.
	Provider *access.Provider
	// Limits counts what addresses, accounts and keys do; nil counts nothing.
	Limits *Limits
	// Meter measures; nil measures nothing.
	Meter *meter.Meter
	// Requests is where each request is noted; nil notes none.
	Requests *slog.Logger
	// Stopping is closed when the program begins to end: live pages let go, and
	// /readyz says that others should be asked.
	Stopping <-chan struct{}
	// Gateway, WeChat and Push are channels that are connected; nil is not.
	Gateway *sms.Gateway
	WeChat  *wechat.Account
	Push    *push.Sender
	// Demo tells that everything is invented: pages say so and the sign-in
	// page lists who can sign in.
	Demo []Login
	// DemoResidents are residents of it that have reported something.
	DemoResidents []Resident
}

// Resident is somebody of the demo who reports; the code is shown on the page.
type Resident struct{ Phone, Name string }

// Login is an account of the demo.
type Login struct{ Login, Password, Name, Post string }

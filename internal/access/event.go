package access

import (
	"context"
	"maps"
	"net"
	"net/netip"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/trail"
)

// From is where a sign-in comes from, as far as it is kept: enough for the
// person to say "that was not me", too little to follow anybody about.
type From struct {
	Agent string // browser and system in plain words, such as Chrome · Windows
	Net   string // the network: /24 of IPv4, /48 of IPv6
}

// Network is the network of a request's remote address.
func Network(remote string) string {
	if host, _, err := net.SplitHostPort(remote); err == nil {
		remote = host
	}
	ip, err := netip.ParseAddr(remote)
	if err != nil {
		return ""
	}
	ip = ip.Unmap().WithZone("")
	bits := 48
	if ip.Is4() {
		bits = 24
	}
	prefix, err := ip.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}

// Act is what happened to a way in. Events of sign-ins stand in the book
// trail.SignIns by person; what was done to somebody's account by others stands
// in trail.Rights.
type Act string

// The acts of the book of sign-ins.
const (
	SignedIn        Act = "signed-in"
	SignInRefused   Act = "sign-in-refused" // wrong password or closed account
	SecondRefused   Act = "second-refused"  // right password, wrong code: somebody may know the password
	RecoveryUsed    Act = "recovery-used"
	RecoveryMade    Act = "recovery-made"
	FactorAdded     Act = "factor-added"
	FactorRemoved   Act = "factor-removed"
	PasswordChanged Act = "password-changed"
	SessionEnded    Act = "session-ended" // by hand
	KeyMade         Act = "key-made"      // a key of one's own
	KeyEnded        Act = "key-ended"
	CalendarMade    Act = "calendar-address-made" // a secret address of the own deadlines
	CalendarEnded   Act = "calendar-address-ended"
)

// The acts of the book of rights.
const (
	AccountAdded    Act = "account-added"
	AccountInvited  Act = "account-invited"
	AccountClosed   Act = "account-closed"
	AccountOpened   Act = "account-opened"
	AccountUnlocked Act = "account-unlocked"
	FactorsReset    Act = "factors-reset"
)

// Event is one line of a person's sign-ins.
type Event struct {
	At   time.Time
	Act  Act
	From From
	How  string // the factors shown, or which factor was added or removed
	New  bool   // from a browser this account was not used with before
}

// note writes an event of a person in the caller's transaction.
func note(ctx context.Context, tx *db.Tx, district, person string, act Act, from From, detail map[string]string) error {
	all := map[string]string{}
	maps.Copy(all, detail)
	if from.Agent != "" {
		all["agent"] = from.Agent
	}
	if from.Net != "" {
		all["net"] = from.Net
	}
	return trail.Note(ctx, tx, district, trail.SignIns, person, trail.Entry{Person: person, Act: string(act), Detail: all})
}

// Note writes that something happened to a person's way in: how names the
// factor. Verbs of this package that know of it do so themselves.
func Note(ctx context.Context, tx *db.Tx, district, person string, act Act, from From, how string) (err error) {
	defer errs.Wrap(&err, "access.Note(%s, %s)", person, act)
	return note(ctx, tx, district, person, act, from, map[string]string{"how": how})
}

// Events gives the newest of a person's sign-ins, at most most of them.
func Events(ctx context.Context, r db.Reader, district, person string, most int) (all []Event, err error) {
	defer errs.Wrap(&err, "access.Events(%s)", person)
	entries, err := trail.Of(ctx, r, district, trail.Chain(trail.SignIns, person))
	if err != nil {
		return nil, err
	}
	for i := len(entries) - 1; i >= 0 && len(all) < most; i-- {
		e := entries[i]
		all = append(all, Event{
			At: e.At, Act: Act(e.Act), From: From{Agent: e.Detail["agent"], Net: e.Detail["net"]},
			How: e.Detail["how"], New: e.Detail["device"] == "new",
		})
	}
	return all, nil
}

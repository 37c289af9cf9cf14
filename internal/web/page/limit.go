package page

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"linli/internal/errs"
	"linli/internal/lang"
)

// Limit names how much of something one address, account or key may do.
type Limit string

// The limits. A door takes from one by its name.
const (
	LimitSignIn  Limit = "sign-in"
	LimitCode    Limit = "code"
	LimitTrack   Limit = "track"
	LimitReport  Limit = "report"
	LimitKeys    Limit = "keys"
	LimitKey     Limit = "key"
	LimitProof   Limit = "proof"
	LimitExport  Limit = "export"
	LimitSearch  Limit = "search"
	LimitAccount Limit = "account"
	LimitOpen311 Limit = "open311"
	LimitInlet   Limit = "inlet"
)

// allowance is one line of the table of limits.
type allowance struct {
	most  int           // at once
	per   time.Duration // in which as many come back, evenly
	whose lang.Text     // who has done too much
	why   string
}

// Who has done too much, as the one who is told reads it.
var (
	fromAddress = lang.T("您所在的网络一下子来得太多", "Too much has come from your network at once")
	byAccount   = lang.T("这个账号一下子办得太多", "Too much has been done with this account at once")
	withKey     = lang.T("这把密钥一下子用得太多", "Too much has been asked with this key at once")
)

// allowances is the table of limits. An address stands for a whole hotline
// centre, a service hall or the customers of a mobile carrier, so what is
// counted by address is what went wrong, or is far above what a hall full of
// people does. They hold for one copy of the program; behind a balancer each
// copy counts by itself.
var allowances = map[Limit]allowance{
	LimitSignIn:  {300, 10 * time.Minute, fromAddress, "failures: three hundred seats may all mistype at the start of a shift, and one login has its own line in package access"},
	LimitCode:    {120, 10 * time.Minute, fromAddress, "each costs a message; a hall of residents asks for some a minute, and one phone has its own limit"},
	LimitTrack:   {120, 10 * time.Minute, fromAddress, "failures: numbers are dictated over the phone and mistyped; guessing words at this pace takes longer than there are people"},
	LimitReport:  {1200, 10 * time.Minute, fromAddress, "every step of the form counts, a report takes five: two hundred and forty reports in ten minutes from one address is a storm in a whole carrier's net"},
	LimitKeys:    {600, 10 * time.Minute, fromAddress, "keys that are wrong: a system set up badly repeats itself, a guesser gets nowhere; what is under way counts until it went well, and an exchange asks for hundreds of things at once"},
	LimitKey:     {60_000, time.Minute, withKey, "a thousand a second is what a city's exchange sends at its busiest; above it a loop runs wild"},
	LimitProof:   {12_000, 2 * time.Minute, fromAddress, "whoever verifies a log of millions of entries reads ten thousand tiles once"},
	LimitExport:  {60, time.Hour, byAccount, "a table a minute is more than anyone reads, and less than it takes to carry the district away"},
	LimitSearch:  {3600, time.Hour, byAccount, "an agent's page asks some times while a number is typed, every few minutes; one look a second for an hour is a machine"},
	LimitOpen311: {1200, time.Minute, fromAddress, "twenty a second without a key, each a list of up to a thousand: programs behind one address that show the district to everybody"},
	LimitInlet:   {300, 10 * time.Minute, fromAddress, "calls of gateways that are refused: one set up badly repeats itself, a guesser of secrets and signatures gets nowhere"},
	LimitAccount: {600, time.Minute, byAccount, "ten forms a second by one person is a script in a session"},
}

// Allowed is where somebody stands with a limit.
type Allowed struct {
	Most, Left int
	Per        time.Duration // in which Most comes back
	Full       time.Duration // until all of Most is there again
}

// Limits counts what addresses, accounts and keys do. A nil *Limits allows
// everything.
type Limits struct {
	mu sync.Mutex
	// Who was not seen while remembered others came is forgotten: memory is
	// bounded, and an attacker who brings so many addresses is one for the
	// network to stop.
	fresh, aging map[string]*bucket
}

// rememberedMost is how many are held in each of the two generations.
const rememberedMost = 32 << 10

// NewLimits counts from nothing.
func NewLimits() *Limits { return &Limits{fresh: map[string]*bucket{}} }

// bucket is what is left of an allowance, and since when that is so. The
// well-known limiters cannot give back what was taken for something that went
// well in the end, and only so may many come at once whom nothing was taken from.
type bucket struct {
	left float64
	at   time.Time
}

// Take takes one from a limit, or refuses with errs.Often and the time to wait.
func (l *Limits) Take(what Limit, who string, now time.Time) (Allowed, error) {
	if l == nil {
		return Allowed{}, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	a := allowances[what]
	b := l.bucket(what, who, now)
	if b.left < 1 {
		return a.at(b), a.refusal(b)
	}
	b.left--
	return a.at(b), nil
}

// Return gives back what was taken, for a limit that counts only what went
// wrong.
func (l *Limits) Return(what Limit, who string, now time.Time) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(what, who, now)
	b.left = min(b.left+1, float64(allowances[what].most))
}

// bucket finds what is left now. The caller holds the lock.
func (l *Limits) bucket(what Limit, who string, now time.Time) *bucket {
	key, a := string(what)+" "+who, allowances[what]
	b, ok := l.fresh[key]
	if !ok {
		if b, ok = l.aging[key]; !ok {
			b = &bucket{left: float64(a.most), at: now}
		}
		if len(l.fresh) >= rememberedMost {
			l.fresh, l.aging = map[string]*bucket{}, l.fresh
		}
		l.fresh[key] = b
	}
	if passed := now.Sub(b.at); passed > 0 {
		b.left, b.at = min(b.left+a.rate()*passed.Seconds(), float64(a.most)), now
	}
	return b
}

// rate is how many come back each second.
func (a allowance) rate() float64 { return float64(a.most) / a.per.Seconds() }

func (a allowance) at(b *bucket) Allowed {
	return Allowed{Most: a.most, Left: int(b.left), Per: a.per, Full: seconds((float64(a.most) - b.left) / a.rate())}
}

func (a allowance) refusal(b *bucket) error {
	wait := max(seconds((1-b.left)/a.rate()), time.Second)
	return errs.New(errs.Often, "%[1]s，请过 %[3]d 秒再试。急事请拨打 12345。", "%[2]s; please try again in %[3]d seconds. If it is urgent, call 12345.",
		a.whose.ZH, a.whose.In(lang.EN), Seconds(wait)).After(wait)
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

// Network is what a limit by address counts: an IPv4 address, or the /64 that
// one IPv6 customer has to himself. remote is a request's RemoteAddr.
func Network(remote string) string {
	if host, _, err := net.SplitHostPort(remote); err == nil {
		remote = host
	}
	ip, err := netip.ParseAddr(remote)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return "unknown"
	}
	return prefix.String()
}

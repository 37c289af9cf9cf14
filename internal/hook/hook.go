package hook

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"linli/internal/area"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/feed"
	"linli/internal/job"
	"linli/internal/org"
	"linli/internal/outbound"
	"linli/internal/procedure"
	"linli/internal/trail"
	"linli/internal/vault"
)

// The fields that are sealed. An address may hold what lets one in.
const (
	SecretField = "hook.secret"
	URLField    = "hook.url"
)

// Most is how many hooks a district has at most.
const Most = 50

// formerFor is how long the secret before the present one still signs too.
const formerFor = 24 * time.Hour

// State is whether a hook is told of changes.
type State string

// The states of a hook.
const (
	On     State = "on"
	Paused State = "paused" // by hand; it goes on from where it stood
	Gone   State = "gone"   // it answered that it is no more
)

// Hook is another system's address.
type Hook struct {
	ID       string
	Name     string
	Host     string // of the address, for lists
	Kinds    []feed.Kind
	Area     area.Code
	Unit     string
	State    State
	Place    int64 // of the feed, up to which deliveries were written
	Failures int   // in a row
	Rests    time.Time
	Created  time.Time

	address, secret, former string // sealed
	formerUntil             time.Time
}

// Filter is which events the hook hears of.
func (h Hook) Filter() feed.Filter { return feed.Filter{Kinds: h.Kinds, Area: h.Area, Unit: h.Unit} }

// Book keeps the hooks of an installation.
type Book struct {
	DB     *db.DB
	Vault  *vault.Vault
	Client *http.Client   // that refuses addresses inside
	Allow  []netip.Prefix // networks inside that may be called
	Get    func(ctx context.Context, code string) (*district.District, error)
}

// Sealed are the columns of this package that a change of keys seals again.
func Sealed() []vault.Table {
	return []vault.Table{{Name: "hooks", Key: []string{"id"}, Columns: []vault.Column{
		{Name: "url", Field: URLField}, {Name: "secret", Field: SecretField}, {Name: "former", Field: SecretField},
	}}}
}

const columns = `id, name, host, url, secret, former, former_until, kinds, area, unit, state, place, failures, rests, created`

func (h *Hook) dest() []any {
	return []any{
		&h.ID, &h.Name, &h.Host, &h.address, &h.secret, &h.former, db.Time(&h.formerUntil), (*kindList)(&h.Kinds), &h.Area, &h.Unit, &h.State,
		&h.Place, &h.Failures, db.Time(&h.Rests), db.Time(&h.Created),
	}
}

// kindList scans the stored list.
type kindList []feed.Kind

// Scan reads words with commas between.
func (k *kindList) Scan(v any) error {
	text, _ := v.(string)
	for word := range strings.SplitSeq(text, ",") {
		if word != "" {
			*k = append(*k, feed.Kind(word))
		}
	}
	return nil
}

func joined(kinds []feed.Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, ",")
}

// Hooks lists the hooks of a district, oldest first.
func Hooks(ctx context.Context, r db.Reader, district string) (all []Hook, err error) {
	defer errs.Wrap(&err, "hook.Hooks(%s)", district)
	return db.All(ctx, r, (*Hook).dest, "select "+columns+" from hooks where district = $1 order by created, id", district)
}

// ByID returns a hook; errs.NotFound where the district has none of that id.
func ByID(ctx context.Context, r db.Reader, district, id string) (h Hook, err error) {
	defer errs.Wrap(&err, "hook.ByID(%s, %s)", district, id)
	missing := errs.New(errs.NotFound, "没有这个推送地址。", "There is no such webhook.")
	if uuid.Validate(id) != nil {
		return Hook{}, missing
	}
	all, err := db.All(ctx, r, (*Hook).dest, "select "+columns+" from hooks where district = $1 and id = $2", district, id)
	if err == nil && len(all) == 0 {
		err = missing
	}
	if err != nil {
		return Hook{}, err
	}
	return all[0], nil
}

// Address is where the hook's events go, whole.
func (b *Book) Address(district string, h Hook) (string, error) {
	return b.Vault.Reveal(district, URLField, h.address)
}

// Asked is a hook as somebody asks for it.
type Asked struct {
	Name  string
	URL   string
	Kinds []feed.Kind // none: every kind
	Area  area.Code   // only cases in it; "": everywhere
	Unit  string      // only cases of it; "": any
	Since int64       // the place of the feed to begin from; -1: with what comes from now on
}

// Add makes a hook. Its secret is given this once and cannot be had again.
func (b *Book) Add(ctx context.Context, tx *db.Tx, d *district.District, a Asked, by procedure.Actor) (h Hook, secret string, err error) {
	defer errs.Wrap(&err, "hook.Add(%s)", d.Code)
	host, err := b.check(d, a)
	if err != nil {
		return Hook{}, "", err
	}
	all, err := Hooks(ctx, tx, d.Code)
	if err != nil {
		return Hook{}, "", err
	}
	if len(all) >= Most {
		return Hook{}, "", errs.New(errs.Conflict, "推送地址最多 %[1]d 个。", "There are %[1]d webhooks at most.", Most)
	}
	size, err := trail.Size(ctx, tx, d.Code)
	if err != nil {
		return Hook{}, "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Hook{}, "", err
	}
	secret = newSecret()
	h = Hook{
		ID: id.String(), Name: a.Name, Host: host, Kinds: a.Kinds, Area: a.Area, Unit: a.Unit, State: On, Place: a.Since, Created: tx.Now,
		address: b.Vault.Seal(d.Code, URLField, a.URL), secret: b.Vault.Seal(d.Code, SecretField, secret),
	}
	if h.Place < 0 || h.Place > size {
		h.Place = size
	}
	err = tx.Exec(ctx, `insert into hooks (district, id, name, host, url, secret, former, former_until, kinds, area, unit, state, place, failures, rests, created)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`, d.Code, h.ID, h.Name, h.Host, h.address, h.secret, "", int64(0), joined(h.Kinds),
		string(h.Area), h.Unit, string(h.State), h.Place, 0, int64(0), db.At(h.Created))
	if err != nil {
		return Hook{}, "", err
	}
	if err := Wake(ctx, tx, d.Code); err != nil {
		return Hook{}, "", err
	}
	return h, secret, h.note(ctx, tx, d.Code, "hook-added", by)
}

// newSecret is 32 random bytes as Standard Webhooks writes them.
func newSecret() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

const (
	nameMost = 80
	urlMost  = 500
)

// check reads what was asked for, and returns the host.
func (b *Book) check(d *district.District, a Asked) (host string, err error) {
	if strings.TrimSpace(a.Name) == "" || utf8.RuneCountInString(a.Name) > nameMost || !utf8.ValidString(a.Name) || strings.ContainsFunc(a.Name, unicode.IsControl) {
		return "", errs.New(errs.Invalid, "写明推给哪个系统，最多 %[1]d 字。", "Name the system it goes to, %[1]d letters at most.", nameMost).At("name")
	}
	if a.Area != "" && !d.Areas.Known(string(a.Area)) {
		return "", errs.New(errs.Invalid, "没有这个区域。", "There is no such area.").At("area")
	}
	if a.Unit != "" && !slices.ContainsFunc(d.Org.Units(), func(u org.Unit) bool { return string(u.ID) == a.Unit }) {
		return "", errs.New(errs.Invalid, "没有这家单位。", "There is no such unit.").At("unit")
	}
	return b.checkURL(a.URL)
}

// checkURL says early what would be refused where it is dialled, and that nothing
// goes in the clear over a public network.
func (b *Book) checkURL(text string) (host string, err error) {
	u, wrong := url.Parse(text)
	if wrong != nil || len(text) > urlMost || u.Hostname() == "" || u.Opaque != "" || u.User != nil || u.Fragment != "" || strings.ContainsFunc(text, unreadable) {
		return "", errs.New(errs.Invalid, "地址要写全，例如 https://example.cn/linli，不带用户名和 #。", "Write the whole address, such as https://example.cn/linli, without a user name or #.").At("url")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || len(b.Allow) == 0) {
		return "", errs.New(errs.Invalid, "地址要用 https。http 只在允许了内部网段时能用。", "The address has to be https. Plain http is for networks inside that were allowed.").At("url")
	}
	if ip, wrong := netip.ParseAddr(u.Hostname()); wrong == nil && !outbound.Public(ip) &&
		!slices.ContainsFunc(b.Allow, func(p netip.Prefix) bool { return p.Contains(ip.Unmap().WithZone("")) }) {
		return "", errs.New(errs.Invalid, "不能推到内部地址。要推，请在配置里允许那个网段。", "Nothing is sent to addresses inside. To do so, allow the network in the configuration.").At("url")
	}
	return u.Host, nil
}

func unreadable(r rune) bool { return r <= ' ' || r == 0x7f || r == utf8.RuneError }

// note adds to the book of set-up what was done to a hook. The address and the
// secret stay out of it.
func (h Hook) note(ctx context.Context, tx *db.Tx, district, act string, by procedure.Actor) error {
	detail := map[string]string{"name": h.Name, "host": h.Host, "types": joined(h.Kinds), "unit": h.Unit, "area": string(h.Area)}
	for name, value := range detail {
		if value == "" {
			delete(detail, name)
		}
	}
	return trail.Note(ctx, tx, district, trail.Setup, h.ID, trail.Entry{Person: by.Person, Post: by.Post, Unit: by.Unit, Act: act, Detail: detail})
}

// sendSoon asks for what waits for a hook to be sent now, whatever it waits for.
func sendSoon(ctx context.Context, tx *db.Tx, district, id string) error {
	if err := job.Drop(ctx, tx, district, SendJob, id); err != nil {
		return err
	}
	return job.Add(ctx, tx, district, SendJob, id, nil, tx.Now)
}

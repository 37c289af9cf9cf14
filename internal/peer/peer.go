package peer

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/intake"
	"linli/internal/job"
	"linli/internal/procedure"
	"linli/internal/trail"
	"linli/internal/vault"
)

// Book keeps the peers and talks to them.
type Book struct {
	DB        *db.DB
	Desk      *intake.Desk
	Districts *district.Keeper
	Documents *document.Store
	Vault     *vault.Vault
	HTTP      *http.Client // calls out within bounds; see package outbound
}

// keyField is what this package seals.
const keyField = "peer.key"

// Sealed are the columns of this package that a change of keys seals again.
func Sealed() []vault.Table {
	return []vault.Table{{Name: "peers", Key: []string{"id"}, Columns: []vault.Column{{Name: "api_key", Field: keyField}}}}
}

// Peer is another server, and what is exchanged with it.
type Peer struct {
	ID           string
	Name         string
	Address      string
	Jurisdiction string
	Key          string // in clear, when it is given; sealed, as it is read
	Format       georeport.Format
	Services     map[string]string // their service_code to our matter
	Area         string            // only what lies here is fetched; "" is the whole district
	Every        time.Duration
	Fetches      bool
	Unit         string // whose cases are sent there; "" for none's
	Beyond       bool   // cases that lie outside every grid are sent there too
	Words        bool   // with the words of the report, numbers hidden
	Runs         bool
	Made         time.Time
	FetchedTo    time.Time
	RoundAt      time.Time // zero before the first
	Came, Went   int       // in the last round
	Why          string    // what went wrong in it
}

// The bounds of how often a peer is asked.
const (
	OftenMost  = time.Minute
	SeldomMost = 7 * 24 * time.Hour
)

const columns = `p.id, p.name, p.address, p.jurisdiction, p.api_key, p.format, p.services, p.area, p.minutes, p.fetches, p.unit, p.beyond, p.words, p.runs,
	p.made_at, p.fetched_to, p.round_at, p.came, p.went, p.why`

// row is a peer as it lies in its table.
type row struct {
	Peer
	services string
	minutes  int64
}

func (p *row) dest() []any {
	return []any{&p.ID, &p.Name, &p.Address, &p.Jurisdiction, &p.Key, &p.Format, &p.services, &p.Area, &p.minutes, &p.Fetches, &p.Unit, &p.Beyond, &p.Words, &p.Runs,
		db.Time(&p.Made), db.Time(&p.FetchedTo), db.Time(&p.RoundAt), &p.Came, &p.Went, &p.Why}
}

func (p *row) peer() (Peer, error) {
	p.Every = time.Duration(p.minutes) * time.Minute
	return p.Peer, json.Unmarshal([]byte(p.services), &p.Peer.Services)
}

// All gives the peers of a district by name.
func All(ctx context.Context, r db.Reader, district string) (all []Peer, err error) {
	defer errs.Wrap(&err, "peer.All(%s)", district)
	rows, err := db.All(ctx, r, (*row).dest, "select "+columns+" from peers p where p.district = $1 order by p.made_at, p.id", district)
	for _, one := range rows {
		p, err := one.peer()
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, err
}

// Find gives one peer; errs.NotFound where there is none.
func Find(ctx context.Context, r db.Reader, district, id string) (p Peer, err error) {
	defer errs.Wrap(&err, "peer.Find(%s)", id)
	one, err := db.One(ctx, r, (*row).dest, "select "+columns+" from peers p where p.district = $1 and p.id = $2", district, id)
	if err != nil {
		return Peer{}, err
	}
	return one.peer()
}

// Add sets up a peer, and asks for its first round at once. Its key is sealed
// and never shown again.
func (b *Book) Add(ctx context.Context, tx *db.Tx, d *district.District, p Peer, by procedure.Actor) (_ Peer, err error) {
	defer errs.Wrap(&err, "peer.Add(%s)", p.Name)
	if p.Format == "" {
		p.Format = georeport.JSON
	}
	if err := p.check(d); err != nil {
		return Peer{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Peer{}, err
	}
	services, err := json.Marshal(p.Services)
	if err != nil {
		return Peer{}, err
	}
	p.ID, p.Runs, p.Made, p.FetchedTo = id.String(), true, tx.Now, tx.Now
	p.Key = b.Vault.Seal(d.Code, keyField, p.Key)
	err = tx.Exec(ctx, `insert into peers (district, id, name, address, jurisdiction, api_key, format, services, area, minutes, fetches, unit, beyond, words, runs,
		made_at, fetched_to, round_at, came, went, why) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,0,0,0,'')`,
		d.Code, p.ID, p.Name, p.Address, p.Jurisdiction, p.Key, string(p.Format), string(services), p.Area, int64(p.Every/time.Minute), p.Fetches, p.Unit, p.Beyond,
		p.Words, p.Runs, db.At(p.Made), db.At(p.FetchedTo))
	if err != nil {
		return Peer{}, err
	}
	if err := p.tell(ctx, tx, d.Code, "peer-added", by); err != nil {
		return Peer{}, err
	}
	return p, p.ask(ctx, tx, d.Code, tx.Now)
}

// Run lets a peer's rounds begin again, or ends them. What is under way is not
// called back.
func Run(ctx context.Context, tx *db.Tx, district, id string, runs bool, by procedure.Actor) (err error) {
	defer errs.Wrap(&err, "peer.Run(%s, %v)", id, runs)
	p, err := Find(ctx, tx, district, id)
	if err != nil {
		return err
	}
	if err := tx.Exec(ctx, "update peers set runs = $3 where district = $1 and id = $2", district, id, runs); err != nil {
		return err
	}
	if !runs {
		return p.tell(ctx, tx, district, "peer-ended", by)
	}
	if err := p.ask(ctx, tx, district, tx.Now); err != nil {
		return err
	}
	return p.tell(ctx, tx, district, "peer-resumed", by)
}

// tell writes what was done to a peer into the book of what is set up.
func (p Peer) tell(ctx context.Context, tx *db.Tx, district, act string, by procedure.Actor) error {
	return trail.Note(ctx, tx, district, trail.Setup, p.ID, trail.Entry{Person: by.Person, Post: by.Post, Unit: by.Unit, Act: act, Detail: map[string]string{
		"name": p.Name, "address": p.Address, "unit": p.Unit, "area": p.Area,
	}})
}

// ask asks for a round.
func (p Peer) ask(ctx context.Context, tx *db.Tx, district string, at time.Time) error {
	return job.Add(ctx, tx, district, RoundJob, p.ID+"/round", struct{}{}, at)
}

// check reports every field that cannot be taken.
func (p Peer) check(d *district.District) error {
	bad := func(field, zh, en string) error { return errs.New(errs.Invalid, "%[1]s", "%[2]s", zh, en).At(field) }
	u, err := url.Parse(p.Address)
	_, unit := d.Org.Unit(unitID(p.Unit))
	switch {
	case strings.TrimSpace(p.Name) == "" || !plain(p.Name, 80):
		return bad("name", "写明是哪家的系统，最多 80 字。", "Name whose system it is, at most 80 letters.")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || !plain(p.Address, 300):
		return bad("address", "写接口的 http 或 https 地址，到 v2 为止。", "The http or https address of the endpoint, up to v2.")
	case !plain(p.Jurisdiction, 100):
		return bad("jurisdiction", "最多 100 字。", "At most 100 letters.")
	case !plain(p.Key, 200):
		return bad("key", "最多 200 字。", "At most 200 letters.")
	case p.Format != georeport.JSON && p.Format != georeport.XML:
		return bad("format", "写 json 或 xml。", "It is json or xml.")
	case p.Every < OftenMost || p.Every > SeldomMost:
		return bad("minutes", "写 1 到 10080 分钟。", "From 1 to 10080 minutes.")
	case p.Unit != "" && !unit:
		return bad("unit", "没有这家单位。", "There is no such unit.")
	case p.Area != "" && !d.Areas.Known(p.Area):
		return bad("area", "没有这个区域。", "There is no such area.")
	case !p.Fetches && p.Unit == "" && !p.Beyond:
		return bad("fetches", "至少选一样：收过来，或者送过去。", "Choose at least one: fetch from there, or send there.")
	case len(p.Services) == 0:
		return bad("services", "至少写一行：对方的 service_code = 本区事项代码。", "Write at least one line: their service_code = our matter's code.")
	}
	for _, code := range slices.Sorted(maps.Keys(p.Services)) {
		if !plain(code, 100) || code == "" || !d.Catalogue.Selectable(p.Services[code]) {
			return errs.New(errs.Invalid, "没有这个事项：%s", "There is no such matter: %s", p.Services[code]).At("services")
		}
	}
	return nil
}

func plain(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' })
}

// ParseServices reads lines of "their service_code = our matter".
func ParseServices(text string) (map[string]string, error) {
	all := map[string]string{}
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		code, matter, ok := strings.Cut(line, "=")
		code, matter = strings.TrimSpace(code), strings.TrimSpace(matter)
		if !ok || code == "" || matter == "" {
			return nil, errs.New(errs.Invalid, "第 %d 行要写成“对方的 service_code = 本区事项代码”。", "Line %d is to be “their service_code = our matter's code”.", n+1).At("services")
		}
		if _, twice := all[code]; twice {
			return nil, errs.New(errs.Invalid, "第 %d 行的 service_code 写了两遍。", "The service_code of line %d is there twice.", n+1).At("services")
		}
		all[code] = matter
	}
	return all, nil
}

// codeOf is their service of a matter of ours, the first by name; "" for none.
func (p Peer) codeOf(matter string) string {
	for _, code := range slices.Sorted(maps.Keys(p.Services)) {
		if p.Services[code] == matter {
			return code
		}
	}
	return ""
}

// client speaks to the peer.
func (b *Book) client(code string, p Peer) (georeport.Client, error) {
	key, err := b.Vault.Reveal(code, keyField, p.Key)
	return georeport.Client{HTTP: b.HTTP, Base: p.Address, Key: key, Jurisdiction: p.Jurisdiction, Format: p.Format}, err
}

// acting is the program itself, which notes in a case's trail what a peer said.
func acting(d *district.District) casework.Acting { return casework.Acting{District: d} }

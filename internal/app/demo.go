package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"linli/internal/access"
	"linli/internal/catalogue"
	"linli/internal/channel"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/sample"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/internal/web/page"
	"linli/packs"
)

// DemoPassword is that of every account of the demo, which listens on loopback
// and holds nothing real.
const DemoPassword = "linli-demo-2026"

// Demo is the invented district, running.
type Demo struct {
	*App
	House *page.House
	Dir   string
}

// NewDemo makes the invented district in dir, with stories up to now, and
// opens it. A dir that has it already is opened as it is. Progress is written
// to out.
func NewDemo(ctx context.Context, dir string, cfg Config, out io.Writer) (d *Demo, err error) {
	defer errs.Wrap(&err, "app.NewDemo(%s)", dir)
	if cfg.Database == "" {
		cfg.Database = "sqlite:" + filepath.Join(dir, "linli.db")
	}
	cfg.Files, cfg.District = filepath.Join(dir, "files"), sample.DistrictCode
	if err := seed(ctx, cfg, true, out); err != nil {
		return nil, err
	}
	if cfg.Carriers == nil { // the stories are told: nobody gets ninety days of letters
		cfg.Carriers = map[channel.Name]channel.Carrier{channel.SMS: kept{}, channel.Mail: kept{}}
	}
	a, err := New(ctx, cfg)
	if err != nil {
		return nil, err
	}
	h, err := a.House(ctx)
	if err != nil {
		return nil, err
	}
	a.Residents.Demo = true
	d = &Demo{App: a, House: h, Dir: dir}
	for _, r := range sample.New().Regulars() {
		h.DemoResidents = append(h.DemoResidents, page.Resident{Phone: r.Phone, Name: r.Name})
	}
	h.Demo, err = d.logins(ctx)
	return d, err
}

// Seed makes the invented district without its stories, for tests.
func Seed(ctx context.Context, cfg Config) error {
	cfg.District = sample.DistrictCode
	return seed(ctx, cfg, false, io.Discard)
}

// seed fills the database of the demo: tables and accounts, and with stories
// what happened in the last ninety days.
func seed(ctx context.Context, cfg Config, stories bool, out io.Writer) error {
	until := time.Now
	if cfg.Now != nil {
		until = cfg.Now
	}
	end := until().UTC()
	var at atomic.Int64 // the clock of the telling, microseconds
	at.Store(end.UnixMicro())
	cfg.Seeding, cfg.Now = true, func() time.Time { return time.UnixMicro(at.Load()) }
	a, err := New(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Districts.Get(ctx, sample.DistrictCode); errs.KindOf(err) != errs.NotFound {
		return err // it is there already
	}
	s := sample.New()
	if err := a.settle(ctx, s); err != nil {
		return err
	}
	if err := a.accounts(ctx, s); err != nil {
		return err
	}
	if !stories {
		return nil
	}
	a.Residents.Demo = true // codes are not sent anywhere
	t := &teller{app: a, sample: s, end: end, clock: &at, out: out}
	return t.tell(ctx)
}

// settle brings the invented district's tables in as a real one's would be.
func (a *App) settle(ctx context.Context, s *sample.District) error {
	pack, findings := catalogue.Load(packs.Base())
	if pack == nil {
		return fmt.Errorf("the base pack: %v", findings)
	}
	files, err := s.Files()
	if err != nil {
		return err
	}
	report, err := setup.Into(ctx, a.DB, sample.DistrictCode, setup.Source{
		Files: files, Pack: pack,
		Settings: &district.Settings{Name: "邻里区", NameEN: "Linli District", Placeholders: []geo.Point{sample.Centre}},
	})
	if err != nil {
		return fmt.Errorf("%w: %s", err, first(report))
	}
	return nil
}

func first(r *sheet.Report) string {
	for _, f := range r.Findings() {
		return f.Text.ZH
	}
	return ""
}

// accounts gives everyone in the invented district the same password, and a
// code app with a secret of its own.
func (a *App) accounts(ctx context.Context, s *sample.District) error {
	password, err := a.Guard.Hash(ctx, "demo", DemoPassword)
	if err != nil {
		return err
	}
	d, err := a.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, p := range d.Org.People() {
			if _, err := access.AddAccount(ctx, tx, d.Code, p.Login, string(p.ID), password, access.By{}); err != nil {
				return err
			}
			if _, err := access.GiveTOTP(ctx, tx, a.Vault, d.Code, access.Staff(p.Login)); err != nil {
				return err
			}
		}
		return nil
	})
}

// shown are the roles whose first holder the sign-in page of the demo offers.
var shown = []org.Role{org.Agent, org.Clerk, org.Acceptor, org.Dispatcher, org.ShiftLeader, org.Handler, org.GridWorker, org.Supervisor, org.Leader, org.Admin, org.Security, org.Audit, org.Observer}

// logins names, for each role, who can sign in.
func (d *Demo) logins(ctx context.Context) ([]page.Login, error) {
	dist, err := d.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return nil, err
	}
	var all []page.Login
	for _, role := range shown {
		for _, p := range dist.Org.People() {
			post, ok := holds(dist.Org.PostsOf(p.ID, dist.Day), role)
			if !ok || role == org.Handler && post.Unit != "u-shizheng" && len(dist.Org.Holders("u-shizheng", org.Handler, dist.Day)) > 0 {
				continue
			}
			all = append(all, page.Login{
				Login: p.Login, Password: DemoPassword, Name: p.Name,
				Post: role.Text().ZH + " · " + dist.Org.UnitName(post.Unit).ZH,
			})
			break
		}
	}
	return all, nil
}

func holds(posts []org.Post, role org.Role) (org.Post, bool) {
	for _, p := range posts {
		if p.Role == role {
			return p, true
		}
	}
	return org.Post{}, false
}

// Describe writes demo.json: where the demo listens and who can sign in.
func (d *Demo) Describe(ctx context.Context, url string) error {
	type account struct {
		Login    string `json:"login"`
		Password string `json:"password"`
		TOTP     string `json:"totp"`
		Name     string `json:"name"`
		Post     string `json:"post"`
	}
	type key struct {
		Name   string   `json:"name"`
		Key    string   `json:"key"`
		Scopes []string `json:"scopes"`
	}
	type resident struct {
		Phone string `json:"phone"`
		Name  string `json:"name"`
	}
	about := struct {
		URL       string     `json:"url"`
		Accounts  []account  `json:"accounts"`
		Keys      []key      `json:"keys"`
		Residents []resident `json:"residents"`
	}{URL: url}
	for _, r := range d.House.DemoResidents {
		about.Residents = append(about.Residents, resident(r))
	}
	dist, err := d.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return err
	}
	for _, p := range dist.Org.People() {
		posts := dist.Org.PostsOf(p.ID, dist.Day)
		if len(posts) == 0 {
			continue
		}
		secret, err := access.DemoSecret(ctx, d.DB, d.Vault, dist.Code, access.Staff(p.Login))
		if err != nil {
			return err
		}
		about.Accounts = append(about.Accounts, account{p.Login, DemoPassword, secret, p.Name, string(posts[0].Role) + " " + string(posts[0].Unit)})
	}
	for _, one := range []access.Key{
		{Name: "演示系统", Scopes: []rights.Right{rights.ReportReceive, rights.CaseSee, rights.CaseSeeAll}},
		{Name: "Open311 演示", Scopes: []rights.Right{rights.ReportReceive}},
	} {
		k, text, err := d.machineKey(ctx, one)
		if err != nil {
			return err
		}
		machine := key{Name: k.Name, Key: text}
		for _, s := range k.Scopes {
			machine.Scopes = append(machine.Scopes, string(s))
		}
		about.Keys = append(about.Keys, machine)
	}
	data, err := json.MarshalIndent(about, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(d.Dir, "demo.json"), append(data, '\n'), 0o600)
}

// machineKey makes a key for another system, new at every start.
func (d *Demo) machineKey(ctx context.Context, k access.Key) (_ access.Key, text string, err error) {
	err = d.DB.Write(ctx, func(tx *db.Tx) error {
		k.District, k.Expires = sample.DistrictCode, tx.Now.AddDate(0, 0, 30)
		k, text, err = access.AddKey(ctx, tx, k, access.By{})
		return err
	})
	return k, text, err
}

// dueAt promises as the district would.
func dueAt(d *district.District) sample.Due {
	return func(matter string, opened time.Time) time.Time {
		m, _ := d.Catalogue.Matter(matter)
		if m.Limit == (clock.Limit{}) {
			return time.Time{}
		}
		return d.Calendar.Deadline(opened, m.Limit, nil).At
	}
}

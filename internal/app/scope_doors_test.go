package app_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// doors is the invented district with cases, a browser whose reader's posts
// change at random, and keys.
type doors struct {
	*apptest.World
	t     *testing.T
	dice  *rand.Rand
	cases []casework.Case
}

// doorDraws is how often the reader's posts are drawn anew: each draw asks every
// door about every case.
const doorDraws = 30

// The doors themselves hold the scope: whatever posts somebody has, the list,
// its count, the search, the table to take away, the page of each case, its
// trail, the forms behind it and the machine interface show the same cases; any
// other answers, byte for byte, as one that is not there.
//
// ASVS 8.2.2, 8.3.1
func TestDoorsHoldOneScope(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		d := &doors{World: apptest.At(t, address), t: t, dice: rand.New(rand.NewPCG(9, 4))}
		for range 24 {
			d.open()
		}
		b := d.As("wugang")
		for n := range doorDraws {
			posts := d.draw(n)
			want := d.seen(casework.ScopeOf(d.District(), posts...))
			d.staff(b, posts, want)
			d.own(posts, want)
		}
		for range doorDraws / 2 {
			d.key()
		}
	})
}

// open brings in a case somewhere, and takes it some way.
func (d *doors) open() {
	dist := d.District()
	r, err := d.Desk.Receive(d.t.Context(), dist, intake.Sending{
		Channel: pick(d.dice, intake.Channels()), Matter: pick(d.dice, []string{"c02010", "m06010", "c01005", "d-report"}), Text: "路灯旁边的井盖",
		Area: string(pick(d.dice, dist.Areas.Tier(area.Grid)).Code), Phone: "13800000013",
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.cases = append(d.cases, r.Case)
}

func pick[T any](dice *rand.Rand, list []T) T { return list[dice.IntN(len(list))] }

// draw gives the reader other posts: roles, units and areas at random, as one who
// stands in for another now and then.
func (d *doors) draw(n int) (posts []procedure.Actor) {
	ctx, dist := d.t.Context(), d.District()
	person, _ := dist.Org.PersonByLogin("wugang")
	err := d.DB.Write(ctx, func(tx *db.Tx) error {
		tx.Wake(district.Topic)
		if err := tx.Exec(ctx, "delete from posts where district = $1 and person = $2", dist.Code, string(person.ID)); err != nil {
			return err
		}
		for i := range 1 + d.dice.IntN(2) {
			role := pick(d.dice, []org.Role{org.Handler, org.Handler, org.UnitLead, org.GridWorker, org.GridLeader, org.Supervisor, org.Admin, org.Dispatcher})
			within := ""
			if d.dice.IntN(2) == 0 || role == org.GridWorker || role == org.GridLeader {
				within = string(pick(d.dice, dist.Areas.Tier(pick(d.dice, []area.Tier{area.Street, area.Community, area.Grid}))).Code)
			}
			if err := tx.Exec(ctx, "insert into posts (district, id, person, role, unit, area, from_date, to_date, ends_at) values ($1, $2, $3, $4, $5, $6, '', '', $7)",
				dist.Code, fmt.Sprintf("drawn-%d-%d", n, i), string(person.ID), string(role), string(pick(d.dice, dist.Org.Units()).ID), within, db.Due(time.Time{})); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	dist = d.District()
	for _, p := range dist.Org.HeldAt(person.ID, d.Clock.Now(), dist.Calendar.Zone()) {
		posts = append(posts, casework.ActorOf(p))
	}
	return posts
}

// seen are the numbers of the cases that a scope lets be seen, one by one.
func (d *doors) seen(s casework.Scope) []string {
	var want []string
	for _, c := range d.cases {
		tasks, err := casework.Tasks(d.t.Context(), d.DB, d.House.District, c.ID)
		if err != nil {
			d.t.Fatal(err)
		}
		if s.Sees(c, tasks) {
			want = append(want, c.Number)
		}
	}
	slices.Sort(want)
	return want
}

var caseNumber = regexp.MustCompile(`26112[0-9]-[0-9]{5}`)

// numbers are the cases that an answer names.
func numbers(text string) []string {
	all := caseNumber.FindAllString(text, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// staff asks the doors of the desk.
func (d *doors) staff(b *apptest.Browser, posts []procedure.Actor, want []string) {
	d.t.Helper()
	can := func(right rights.Right) bool {
		return slices.ContainsFunc(posts, func(p procedure.Actor) bool { return d.District().Can(right, string(p.Role)) })
	}
	lists := map[string]bool{"/desk/cases": can(rights.CaseSee), "/desk/search?q=" + url.QueryEscape("井盖"): can(rights.CaseSee), "/desk/cases.csv": can(rights.CaseSee) && can(rights.CaseExport)}
	for path, may := range lists {
		got := b.Get(path)
		if !may {
			if got.Status == http.StatusOK {
				d.t.Errorf("%v: %s opens without the right", posts, path)
			}
			continue
		}
		if diff := cmp.Diff(want, numbers(got.Body)); got.Status != http.StatusOK || diff != "" {
			d.t.Errorf("%v: %s: %d (-Sees +shown)\n%s", posts, path, got.Status, diff)
		}
		if path == "/desk/cases" && !strings.Contains(got.Text(), fmt.Sprintf("%d 件", len(want))) && len(want) > 0 {
			d.t.Errorf("%v: the list of %d says another count", posts, len(want))
		}
	}
	nowhere := b.Get("/desk/case/0193a1b2-0000-7000-8000-000000000000")
	for _, c := range d.cases {
		got, sees := b.Get("/desk/case/"+string(c.ID)), slices.Contains(want, c.Number)
		if sees != (got.Status == http.StatusOK) {
			d.t.Errorf("%v: the page of %s answers %d, want it to open: %t", posts, c.Number, got.Status, sees)
		}
		if !sees && (got.Status != nowhere.Status || alike(got.Body) != alike(nowhere.Body)) {
			d.t.Errorf("%v: %s is told apart from a case that is not there", posts, c.Number)
		}
	}
	c := pick(d.dice, d.cases)
	if !slices.Contains(want, c.Number) {
		for _, path := range []string{"/trail", "/who"} {
			if got := b.Get("/desk/case/" + string(c.ID) + path); got.Status == http.StatusOK {
				d.t.Errorf("%v: %s of %s opens", posts, path, c.Number)
			}
		}
	}
}

var address = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}`)

// alike is an answer without what the request itself said.
func alike(body string) string { return address.ReplaceAllString(body, "") }

// own asks the machine interface with a key of the reader's own, which holds
// every right: it shows what the desk shows.
func (d *doors) own(posts []procedure.Actor, want []string) {
	d.t.Helper()
	sees := slices.ContainsFunc(posts, func(p procedure.Actor) bool { return d.District().Can(rights.CaseSee, string(p.Role)) })
	k := access.Key{District: d.House.District, Name: "own", Login: "wugang", Scopes: rights.Rights(), Expires: d.DB.Now().Add(time.Hour)}
	var text string
	if err := d.DB.Write(d.t.Context(), func(tx *db.Tx) (err error) {
		_, text, err = access.AddKey(d.t.Context(), tx, k, access.By{})
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
	if !sees {
		if status, _ := d.ask(text, "/api/v1/cases"); status != http.StatusForbidden {
			d.t.Errorf("%v: without the right to see cases a key of one's own gets %d", posts, status)
		}
		return
	}
	for _, path := range []string{"/api/v1/cases?limit=200", "/api/v1/cases/search?limit=200&q=" + url.QueryEscape("井盖")} {
		status, body := d.ask(text, path)
		if diff := cmp.Diff(want, numbers(string(body))); status != http.StatusOK || diff != "" {
			d.t.Errorf("%v: %s: %d (-Sees +shown)\n%s", posts, path, status, diff)
		}
	}
	if status, body := d.ask(text, "/api/v1/cases/count"); status != http.StatusOK || !strings.Contains(string(body), fmt.Sprintf(`"count":%d,`, len(want))) {
		d.t.Errorf("%v: counted %s, want %d", posts, body, len(want))
	}
	none, missing := d.ask(text, "/api/v1/cases/0193a1b2-0000-7000-8000-000000000000")
	c := pick(d.dice, d.cases)
	for _, below := range []string{"", "/offers", "/asks", "/photos", "/trail", "/why"} {
		status, body := d.ask(text, "/api/v1/cases/"+string(c.ID)+below)
		in := slices.Contains(want, c.Number)
		if in != (status == http.StatusOK) || !in && (status != none || string(body) != string(missing)) {
			d.t.Errorf("%v: %s of %s answers %d, want it to open: %t, and else to say the same as of no case", posts, below, c.Number, status, in)
		}
	}
}

// key draws a key and asks the machine interface.
func (d *doors) key() {
	d.t.Helper()
	dist := d.District()
	k := access.Key{District: dist.Code, Name: "drawn", Scopes: []rights.Right{rights.CaseSee}, Expires: d.DB.Now().Add(time.Hour)}
	switch d.dice.IntN(4) {
	case 0:
		k.Scopes = []rights.Right{rights.CaseSeeAll}
	case 1:
		k.Unit = string(pick(d.dice, dist.Org.Units()).ID)
	case 2:
		k.Area = string(pick(d.dice, dist.Areas.Tier(pick(d.dice, []area.Tier{area.Street, area.Community, area.Grid}))).Code)
	case 3:
		k.Unit, k.Area = "u-zhihui", string(pick(d.dice, dist.Areas.Tier(area.Street)).Code)
	}
	var text string
	if err := d.DB.Write(d.t.Context(), func(tx *db.Tx) (err error) {
		_, text, err = access.AddKey(d.t.Context(), tx, k, access.By{})
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
	want := d.seen(casework.ScopeOfKey("k", k.Scopes, k.Unit, k.Area))
	for _, path := range []string{"/api/v1/cases?limit=200&count=true", "/api/v1/cases?limit=200&count=true&q=" + url.QueryEscape("井盖")} {
		status, body := d.ask(text, path)
		var page struct {
			Items []struct{ Number string }
			Total struct{ Count int }
		}
		if err := json.Unmarshal(body, &page); err != nil || status != http.StatusOK || page.Total.Count != len(want) {
			d.t.Errorf("%+v: %s: %d, %v, counted %d, want %d", k, path, status, err, page.Total.Count, len(want))
		}
		var got []string
		for _, one := range page.Items {
			got = append(got, one.Number)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			d.t.Errorf("%+v: %s (-Sees +listed)\n%s", k, path, diff)
		}
	}
	none, missing := d.ask(text, "/api/v1/cases/0193a1b2-0000-7000-8000-000000000000")
	for _, c := range d.cases {
		sees := slices.Contains(want, c.Number)
		for _, path := range []string{"/api/v1/cases/" + string(c.ID), "/api/v1/cases/" + c.Number, "/api/v1/cases/" + c.Number + "/why"} {
			status, body := d.ask(text, path)
			if sees != (status == http.StatusOK) || !sees && (status != none || string(body) != string(missing)) {
				d.t.Errorf("%+v: %s answers %d, want it to open: %t, and else to say the same as of no case", k, path, status, sees)
			}
		}
	}
}

func (d *doors) ask(key, path string) (int, []byte) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, d.URL+path, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer got.Body.Close()
	body := make([]byte, 0, 1<<16)
	for chunk := make([]byte, 1<<15); ; {
		n, err := got.Body.Read(chunk)
		body = append(body, chunk[:n]...)
		if err != nil {
			return got.StatusCode, body
		}
	}
}

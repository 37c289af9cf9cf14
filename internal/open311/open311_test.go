package open311_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/geo"
	"linli/internal/georeport"
	"linli/internal/intake"
	"linli/internal/rights"
	"linli/internal/sample"
)

// world is the invented district, called as other programs do.
type world struct {
	*apptest.World
	t *testing.T
}

func setup(t *testing.T) *world {
	t.Helper()
	return &world{apptest.New(t), t}
}

// each runs a test on both engines.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) { test(t, &world{apptest.At(t, address), t}) })
}

// key makes a key for a system.
func (w *world) key(system string, scopes ...rights.Right) (text string) {
	w.t.Helper()
	err := w.DB.Write(w.t.Context(), func(tx *db.Tx) (err error) {
		_, text, err = access.AddKey(w.t.Context(), tx, access.Key{District: w.House.District, Name: system, Scopes: scopes, Expires: tx.Now.AddDate(1, 0, 0)}, access.By{})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// client speaks to the world.
func (w *world) client(key string, f georeport.Format) georeport.Client {
	return georeport.Client{HTTP: http.DefaultClient, Base: w.URL + "/open311/v2", Key: key, Format: f}
}

type reply struct {
	Status int
	Type   string
	Body   string
}

func (w *world) call(method, path string, form url.Values) reply {
	w.t.Helper()
	request, err := http.NewRequest(method, w.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header.Get("Content-Type"), string(data)}
}

// inside is a point of a grid of the district, and lamp and noise a component and
// an event of its catalogue.
var inside = geo.Point{Lon: sample.Centre.Lon + 0.0061237, Lat: sample.Centre.Lat + 0.0042345}

// of finds a matter of a kind that has no form and is not secret.
func (w *world) of(kind string) string {
	w.t.Helper()
	d := w.District()
	for _, m := range d.Catalogue.Matters() {
		if string(m.Kind) == kind && d.Catalogue.Selectable(m.Code) && m.Form == "" && !m.Secret {
			return m.Code
		}
	}
	for _, m := range d.Catalogue.Matters() {
		if string(m.Kind) == kind && d.Catalogue.Selectable(m.Code) && !m.Secret {
			return m.Code
		}
	}
	w.t.Fatalf("no matter of kind %s", kind)
	return ""
}

func (w *world) form(matter string, more ...string) url.Values {
	v := url.Values{"service_code": {matter}, "lat": {ftoa(inside.Lat)}, "long": {ftoa(inside.Lon)}, "description": {"三号楼门口坏了，请找李敏 13800001234"}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

func (w *world) post(c georeport.Client, v url.Values) string {
	w.t.Helper()
	r, err := c.Post(w.t.Context(), v, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return string(r.ID)
}

// TestPost: what is posted is a report like any other, and only its sender reads
// it whole.
func TestPost(t *testing.T) {
	t.Parallel()
	w := setup(t)
	mine, other := w.key("报修程序", rights.ReportReceive), w.key("别的程序", rights.ReportReceive)
	for _, f := range []georeport.Format{georeport.JSON, georeport.XML} {
		id := w.post(w.client(mine, f), w.form(w.of("event"), "first_name", "敏", "last_name", "李", "phone", "13800001234", "address_string", "学府路 3 号楼"))
		c, err := casework.ByNumber(t.Context(), w.DB, w.House.District, id)
		if err != nil || c.Channel != string(intake.Open311) || c.Place.Grid == "" {
			t.Fatalf("%s: %+v %v", f, c, err)
		}
		reports, err := casework.Reports(t.Context(), w.DB, w.House.District, c.ID)
		if err != nil || len(reports) != 1 || !strings.HasPrefix(reports[0].Sender, "key:报修程序/") {
			t.Fatalf("%s: %+v %v", f, reports, err)
		}
		if name, err := w.Vault.Reveal(w.House.District, intake.NameField, reports[0].Name); err != nil || name != "李敏" {
			t.Errorf("%s: the name is kept as %q %v", f, name, err)
		}
		own, err := w.client(mine, f).Request(t.Context(), id)
		if err != nil || !strings.Contains(string(own.Description), "三号楼") || own.Address != "学府路 3 号楼" || own.Lat != georeport.At(inside.Lat) {
			t.Errorf("%s: its sender reads %+v %v", f, own, err)
		}
		for who, key := range map[string]string{"another system": other, "anybody": ""} {
			got, err := w.client(key, f).Request(t.Context(), id)
			if err != nil || strings.Contains(string(got.Description), "三号楼") || strings.Contains(string(got.Address), "号楼") || got.Lat == own.Lat || !got.Lat.Known {
				t.Errorf("%s: %s reads %+v %v", f, who, got, err)
			}
			if got.Status != georeport.Open || got.StatusNotes == "" || got.Expected.IsZero() || !got.Requested.Equal(c.OpenedAt.Truncate(time.Second)) {
				t.Errorf("%s: %s reads %+v", f, who, got)
			}
		}
	}
}

// TestAgain: the same Idempotency-Key is one report, and keys of two systems do
// not meet.
func TestAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	mine, other := w.client(w.key("甲", rights.ReportReceive), georeport.JSON), w.client(w.key("乙", rights.ReportReceive), georeport.JSON)
	form := w.form(w.of("event"))
	var ids []string
	for _, c := range []georeport.Client{mine, mine, other} {
		r, err := c.Post(t.Context(), form, "r-1")
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, string(r.ID))
	}
	if ids[0] != ids[1] || ids[0] == ids[2] {
		t.Errorf("numbers are %v", ids)
	}
}

// TestNotPublic: what was told in confidence or in secret is no request of
// anybody's, and is not there in the same words as what is not there.
func TestNotPublic(t *testing.T) { each(t, notPublic) }

func notPublic(t *testing.T, w *world) {
	t.Helper()
	key := w.key("报修程序", rights.ReportReceive)
	mine, anybody := w.client(key, georeport.JSON), w.client("", georeport.JSON)
	complaint := w.post(mine, w.form(w.of("complaint")))
	secret := ""
	for _, m := range w.District().Catalogue.Matters() {
		if m.Secret && w.District().Catalogue.Selectable(m.Code) {
			secret = w.post(mine, w.form(m.Code))
			break
		}
	}
	street := w.post(mine, w.form(w.of("component")))
	all, err := anybody.Requests(t.Context(), georeport.Query{})
	if err != nil || len(all) != 1 || string(all[0].ID) != street {
		t.Errorf("anybody lists %+v %v", all, err)
	}
	if all[0].Lat != georeport.At(inside.Lat) {
		t.Errorf("a component is shown at %v", all[0].Lat)
	}
	all, err = anybody.Requests(t.Context(), georeport.Query{IDs: []string{secret, complaint, street, "nonsense"}})
	if err != nil || len(all) != 1 {
		t.Errorf("anybody gets by number %+v %v", all, err)
	}
	missing := w.call("GET", "/open311/v2/requests/20990101-00001-0.json", nil)
	for _, id := range []string{secret, complaint} {
		if got := w.call("GET", "/open311/v2/requests/"+id+".json", nil); got != missing {
			t.Errorf("%s is answered %+v and not %+v", id, got, missing)
		}
	}
	own, err := mine.Requests(t.Context(), georeport.Query{IDs: []string{secret, complaint}})
	if err != nil || len(own) != 2 {
		t.Fatalf("its sender gets %+v %v", own, err)
	}
	for _, r := range own {
		words := strings.Contains(string(r.Description), "三号楼")
		if string(r.ID) == secret && (words || r.Lat.Known || r.Requested.Minute() != 0 || r.Requested.Hour() != 0) || string(r.ID) == complaint && !words {
			t.Errorf("its sender reads %+v", r)
		}
	}
	listed, err := mine.Requests(t.Context(), georeport.Query{})
	if err != nil || len(listed) != 1 {
		t.Errorf("its sender lists %+v %v", listed, err)
	}
}

// TestFailures: every failure is a list of code and description in the format of
// the address, with the status that the specification has.
func TestFailures(t *testing.T) {
	t.Parallel()
	w := setup(t)
	good, reader := w.key("报修程序", rights.ReportReceive), w.key("大屏", rights.CaseSeeAll)
	event, hazard := w.of("event"), w.of("hazard")
	post := func(more ...string) url.Values { return w.form(event, append([]string{"api_key", good}, more...)...) }
	for _, c := range []struct {
		why, method, path string
		form              url.Values
		status            int
	}{
		{"no such address", "GET", "/open311/v2/nothing", nil, 404},
		{"no such version", "GET", "/open311/v3/services", nil, 404},
		{"no such service", "GET", "/open311/v2/services/nope", nil, 404},
		{"no such request", "GET", "/open311/v2/requests/1", nil, 404},
		{"no such token", "GET", "/open311/v2/tokens/1", nil, 404},
		{"another jurisdiction", "GET", "/open311/v2/services?jurisdiction_id=city.gov", nil, 404},
		{"a service nobody has", "GET", "/open311/v2/requests?service_code=nope", nil, 404},
		{"a status that is none", "GET", "/open311/v2/requests?status=done", nil, 400},
		{"a time without zone", "GET", "/open311/v2/requests?start_date=2026-01-01", nil, 400},
		{"more than 90 days", "GET", "/open311/v2/requests?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", nil, 400},
		{"an end before its start", "GET", "/open311/v2/requests?start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z", nil, 400},
		{"a page that is none", "GET", "/open311/v2/requests?page=0", nil, 400},
		{"a point that is none", "GET", "/open311/v2/requests?lat=NaN&long=1", nil, 400},
		{"a radius over all bounds", "GET", "/open311/v2/requests?lat=30&long=121&radius=1e9", nil, 400},
		{"a key nobody gave, also for reading", "GET", "/open311/v2/requests?api_key=linli_990101_x_y", nil, 403},
		{"posting to what is only read", "POST", "/open311/v2/services", post(), 400},
		{"no key", "POST", "/open311/v2/requests", w.form(event), 403},
		{"a hostile key", "POST", "/open311/v2/requests", w.form(event, "api_key", "linli_990101' or '1'='1_a_b"), 403},
		{"a key that may only read", "POST", "/open311/v2/requests", w.form(event, "api_key", reader), 403},
		{"no service", "POST", "/open311/v2/requests", post("service_code", ""), 400},
		{"no such service", "POST", "/open311/v2/requests", post("service_code", "nope"), 404},
		{"another jurisdiction", "POST", "/open311/v2/requests", post("jurisdiction_id", "city.gov"), 404},
		{"no location", "POST", "/open311/v2/requests", post("lat", "", "long", ""), 400},
		{"half a location", "POST", "/open311/v2/requests", post("long", ""), 400},
		{"a location that is none", "POST", "/open311/v2/requests", post("lat", "1e999"), 400},
		{"an address_id that is none", "POST", "/open311/v2/requests", post("address_id", "42"), 400},
		{"too many words", "POST", "/open311/v2/requests", post("description", strings.Repeat("长", 4001)), 400},
		{"a form over all bounds", "POST", "/open311/v2/requests", post("description", strings.Repeat("长", 100_000)), 400},
		{"words that are not UTF-8", "POST", "/open311/v2/requests", post("description", "\xff\xfe"), 400},
		{"a telephone that is none", "POST", "/open311/v2/requests", post("phone", "12"), 400},
		{"a picture inside our own house", "POST", "/open311/v2/requests", post("media_url", "file:///etc/passwd"), 400},
		{"an answer nobody asked for", "POST", "/open311/v2/requests", w.form(hazard, "api_key", good, "attribute[nope]", "1"), 400},
		{"an attribute that is malformed", "POST", "/open311/v2/requests", post("attribute[x", "1"), 400},
		{"another type of body", "POST", "/open311/v2/requests", nil, 400},
	} {
		for _, f := range []georeport.Format{georeport.JSON, georeport.XML} {
			path, query, _ := strings.Cut(c.path, "?")
			got := w.call(c.method, path+"."+string(f)+"?"+query, c.form)
			var faults georeport.Errors
			err := georeport.Read([]byte(got.Body), f, &faults)
			if got.Status != c.status || got.Type != f.Type() || err != nil || len(faults) == 0 || faults[0].Description == "" || strings.Contains(got.Body, "%!") {
				t.Errorf("%s in %s: %d %s, want %d: %.300s", c.why, f, got.Status, got.Type, c.status, got.Body)
			}
		}
	}
}

// TestAttributes: a form's questions are asked for as the standard has it, and
// the answers stand under the words of the report.
func TestAttributes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.client(w.key("报修程序", rights.ReportReceive), georeport.JSON)
	code := w.of("dispute")
	def, err := c.Definition(t.Context(), code)
	if err != nil || len(def.Attributes) != 3 || def.Attributes[2].Datatype != georeport.SingleList || len(def.Attributes[2].Values) != 2 || def.Attributes[1].Datatype != georeport.Datetime {
		t.Fatalf("asked is %+v %v", def, err)
	}
	id := w.post(c, w.form(code, "attribute[other]", "楼上邻居", "attribute[since]", "2026-01-02", "attribute[willing]", "true"))
	r, err := c.Request(t.Context(), id)
	if want := "对方是谁：楼上邻居\n从什么时候开始：2026-01-02\n愿意调解：是"; err != nil || !strings.HasSuffix(string(r.Description), want) {
		t.Errorf("taken down is %q %v", r.Description, err)
	}
	for why, v := range map[string]url.Values{
		"a date that is none": w.form(code, "attribute[since]", "tomorrow"),
		"two answers":         {"service_code": {code}, "lat": {"30"}, "long": {"121"}, "attribute[willing][]": {"true", "false"}},
	} {
		if _, err := c.Post(t.Context(), v, ""); err == nil {
			t.Errorf("%s is taken", why)
		}
	}
}

// TestFilters narrows lists.
func TestFilters(t *testing.T) { each(t, filters) }

func filters(t *testing.T, w *world) {
	t.Helper()
	c := w.client(w.key("报修程序", rights.ReportReceive), georeport.JSON)
	lamp, noise := w.of("component"), w.of("event")
	var ids []string
	for _, matter := range []string{lamp, noise, lamp} {
		ids = append(ids, w.post(c, w.form(matter)))
		w.Clock.Advance(24 * time.Hour)
	}
	first := apptest.Start
	for _, one := range []struct {
		why, query string
		want       []string
	}{
		{"all, the newest first", "", []string{ids[2], ids[1], ids[0]}},
		{"by service", "service_code=" + noise, []string{ids[1]}},
		{"by two services", "service_code=" + noise + "," + lamp, []string{ids[2], ids[1], ids[0]}},
		{"the second page of one", "page=2&page_size=1", []string{ids[1]}},
		{"beyond the end", "page=9&page_size=1", nil},
		{"from a day on", "start_date=" + first.Add(20*time.Hour).UTC().Format(georeport.W3C), []string{ids[2], ids[1]}},
		{"until an instant, which belongs to it", "end_date=" + first.UTC().Format(georeport.W3C), []string{ids[0]}},
		{"with a zone whose plus was not written out", "start_date=" + first.Add(20*time.Hour).Format(georeport.W3C), []string{ids[2], ids[1]}},
		{"closed ones", "status=closed", nil},
		{"open ones and closed ones", "status=open,closed", []string{ids[2], ids[1], ids[0]}},
		{"an empty parameter is none", "status=&service_code=", []string{ids[2], ids[1], ids[0]}},
		{"around a point", "lat=" + ftoa(inside.Lat) + "&long=" + ftoa(inside.Lon) + "&radius=10", []string{ids[2], ids[0]}},
		{"an event only as near as it is shown", "lat=" + ftoa(inside.Lat) + "&long=" + ftoa(inside.Lon) + "&radius=200", []string{ids[2], ids[1], ids[0]}},
		{"elsewhere", "lat=31&long=121&radius=100", nil},
		{"by number, which overrides the rest", "status=closed&service_request_id=" + ids[0] + "," + ids[2], []string{ids[0], ids[2]}},
		{"changed since", "updated_after=" + first.Add(20*time.Hour).UTC().Format(georeport.W3C), []string{ids[2], ids[1]}},
	} {
		got := w.call("GET", "/open311/v2/requests.json?"+one.query, nil)
		var all georeport.Requests
		if err := georeport.Read([]byte(got.Body), georeport.JSON, &all); err != nil {
			t.Fatalf("%s: %d %s", one.why, got.Status, got.Body)
		}
		var numbers []string
		for _, r := range all {
			numbers = append(numbers, string(r.ID))
		}
		if strings.Join(numbers, " ") != strings.Join(one.want, " ") {
			t.Errorf("%s: %v, want %v", one.why, numbers, one.want)
		}
	}
}

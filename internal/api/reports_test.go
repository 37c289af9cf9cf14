package api_test

import (
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db/dbtest"
	"linli/internal/document"
	"linli/internal/geo"
	"linli/internal/rights"
)

func TestReportIsTakenInLocatedAndRead(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("城市平台", rights.ReportReceive)
	p, grid := w.inside()
	sent := w.send(key, encode(t, map[string]any{
		"sender": "A-1", "text": "路口的井盖破了，有人差点掉下去", "lon": p.Lon, "lat": p.Lat, "datum": "wgs84", "name": "张晓", "phone": "13800000013",
		"photos": []any{map[string]any{"name": "a.png", "data": base64Of(picture(t))}},
	}), nil).want(t, http.StatusCreated)
	if got := sent.text("case", "place", "grid"); got != grid {
		t.Errorf("grid %s, want %s", got, grid)
	}
	if sent.text("case", "number") == "" || sent.text("case", "due") == "" || sent.text("case", "status", "en") == "" || sent.text("sender") != "A-1" {
		t.Errorf("the answer misses number, due, status or sender: %s", sent.Raw)
	}
	photos, err := document.Of(t.Context(), w.DB, w.House.District, sent.text("case", "id"))
	if err != nil || len(photos) != 1 {
		t.Errorf("%d photos are with the case, want 1 (%v)", len(photos), err)
	}
	read := w.get("/api/v1/reports/"+sent.text("id"), key).want(t, http.StatusOK)
	if diff := cmp.Diff(sent.Body, read.Body); diff != "" {
		t.Errorf("reading the report gives something else (-sent +read):\n%s", diff)
	}
	for _, secret := range []string{"张晓", "13800000013"} {
		if strings.Contains(sent.Raw+read.Raw, secret) {
			t.Errorf("the answer holds %s", secret)
		}
	}
}

func TestSameReportTwiceIsOne(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key, other := w.key("城市平台", rights.ReportReceive), w.key("燃气公司", rights.ReportReceive)
	for _, one := range []struct {
		why, body string
		more      header
		again     int // with its reference it is known; by the header it is the first answer
	}{
		{"by the sender's own reference", `{"sender":"7","text":"垃圾没人清"}`, nil, http.StatusOK},
		{"by the usual header", `{"text":"垃圾没人清"}`, header{"Idempotency-Key": "7-header"}, http.StatusCreated},
	} {
		first := w.send(key, one.body, one.more).want(t, http.StatusCreated)
		again := w.send(key, one.body, one.more).want(t, one.again)
		if diff := cmp.Diff(first.Body, again.Body); diff != "" {
			t.Errorf("%s: the second answer differs (-first +again):\n%s", one.why, diff)
		}
		// Another system's 7 is another report.
		if theirs := w.send(other, one.body, one.more).want(t, http.StatusCreated); theirs.text("id") == first.text("id") {
			t.Errorf("%s: two systems met on one reference", one.why)
		}
		if got := w.get("/api/v1/reports/"+first.text("id"), other); got.Status != http.StatusNotFound {
			t.Errorf("%s: another system reads the report: %d", one.why, got.Status)
		}
	}
	// A new key of the same system goes on with its references.
	if got := w.send(w.key("城市平台", rights.ReportReceive), `{"sender":"7","text":"垃圾没人清"}`, nil); got.Status != http.StatusOK {
		t.Errorf("with a new key the same reference made another report: %d", got.Status)
	}
	first, again := w.send(key, `{"text":"垃圾没人清"}`, nil), w.send(key, `{"text":"垃圾没人清"}`, nil)
	if first.text("id") == again.text("id") {
		t.Error("two reports without a reference became one")
	}
}

func TestSameReportAtOnceIsOne(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) { atOnce(t, worldOf(t, apptest.At(t, address))) })
}

func atOnce(t *testing.T, w *world) {
	t.Helper()
	key := w.key("城市平台", rights.ReportReceive)
	var wait sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		wait.Go(func() { ids[i] = w.send(key, `{"sender":"at-once","text":"路灯不亮"}`, nil).text("id") })
	}
	wait.Wait()
	for _, id := range ids {
		if id == "" || id != ids[0] {
			t.Fatalf("one reference gave %q", ids)
		}
	}
	n, err := casework.Count(t.Context(), w.DB, w.District(), casework.Filter{}, w.Clock.Now())
	if err != nil || n.N != 1 {
		t.Errorf("%d cases, want 1 (%v)", n.N, err)
	}
}

func TestReportAsForm(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("城市平台", rights.ReportReceive)
	p, grid := w.inside()
	shifted := geo.Convert(p, geo.CGCS2000, geo.GCJ02)
	kind, body := form(t, map[string]string{
		"sender": "F-1", "text": "路灯不亮", "lon": ftoa(shifted.Lon), "lat": ftoa(shifted.Lat), "datum": "gcj02",
	}, map[string][]byte{"../../etc/passwd.png": picture(t)})
	got := w.call(http.MethodPost, "/api/v1/reports", key, kind, body, nil).want(t, http.StatusCreated)
	if got.text("case", "place", "grid") != grid {
		t.Errorf("a GCJ-02 point fell into %s, want %s", got.text("case", "place", "grid"), grid)
	}
	lon, _ := got.at("case", "place", "lon").(float64)
	if math.Abs(lon-p.Lon) > 1e-6 {
		t.Errorf("lon %v, want %v: it was not converted", lon, p.Lon)
	}
	photos, err := document.Of(t.Context(), w.DB, w.House.District, got.text("case", "id"))
	if err != nil || len(photos) != 1 || strings.Contains(photos[0].Name, "/") {
		t.Errorf("photos %v (%v)", photos, err)
	}
	for _, bad := range []struct {
		why    string
		fields map[string]string
		files  map[string][]byte
		status int
		where  string
	}{
		{"a number that is none", map[string]string{"text": "路灯", "lon": "east", "lat": "1"}, nil, 422, "body.lon"},
		{"a field nobody knows", map[string]string{"text": "路灯", "txet": "x"}, nil, 422, "body.txet"},
		{"a script for a photo", map[string]string{"text": "路灯"}, map[string][]byte{"a.jpg": []byte("<script>alert(1)</script>")}, 422, "body.photos"},
	} {
		kind, body := form(t, bad.fields, bad.files)
		got := w.call(http.MethodPost, "/api/v1/reports", key, kind, body, nil)
		if got.Status != bad.status || got.text("errors", 0, "location") != bad.where {
			t.Errorf("%s: %d at %q, want %d at %q: %.300s", bad.why, got.Status, got.text("errors", 0, "location"), bad.status, bad.where, got.Raw)
		}
	}
}

// ASVS 15.3.5
func TestBadReportsAreRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("城市平台", rights.ReportReceive)
	for _, bad := range []struct {
		why, body string
		status    int
		where     string
	}{
		{"nothing said", `{}`, 422, "body.text"},
		{"only what cannot be seen", `{"text":"\u200b \u0000"}`, 422, "body.text"},
		{"a matter that does not exist", `{"text":"x","matter":"zz"}`, 422, "body.matter"},
		{"a group is no matter", `{"text":"x","matter":"m06"}`, 422, "body.matter"},
		{"a telephone that is none", `{"text":"x","phone":"'; drop table cases;--"}`, 422, "body.phone"},
		{"text too long", `{"text":"` + strings.Repeat("字", 2001) + `"}`, 422, "body.text"},
		{"text of a wrong type", `{"text":5}`, 422, "body.text"},
		{"a property nobody knows", `{"text":"x","txet":"y"}`, 422, "body.txet"},
		{"half a point", `{"text":"x","lon":118.1}`, 422, "body.lon"},
		{"a point off the globe", `{"text":"x","lon":500,"lat":10}`, 422, "body.lon"},
		{"a datum nobody knows", `{"text":"x","lon":118.1,"lat":31,"datum":"moon"}`, 422, "body.datum"},
		{"an area that does not exist", `{"text":"x","area":"110101"}`, 422, "body.area"},
		{"a photo that is no base64", `{"text":"x","photos":[{"data":"%%%"}]}`, 422, "body.photos[0].data"},
		{"a photo that is no picture", `{"text":"x","photos":[{"data":"aGVsbG8="}]}`, 422, "body.photos"},
		{"ten photos", `{"text":"x","photos":[` + strings.Repeat(`{"data":""},`, 9) + `{"data":""}]}`, 422, "body.photos"},
		{"no JSON", `{"text":`, 400, "body"},
		{"nothing at all", ``, 400, ""},
		{"more than a JSON body may hold", `{"text":"` + strings.Repeat("a", 17<<20) + `"}`, 413, ""},
	} {
		for language, speaks := range map[string]string{"zh": "zh", "en": "en"} {
			got := w.send(key, bad.body, header{"Accept-Language": language})
			if got.Status != bad.status || got.text("errors", 0, "location") != bad.where {
				t.Errorf("%s: %d at %q, want %d at %q: %.300s", bad.why, got.Status, got.text("errors", 0, "location"), bad.status, bad.where, got.Raw)
			}
			if got.Type != "application/problem+json" || got.text("detail") == "" || got.text("detail") != got.text("text", speaks) {
				t.Errorf("%s: not told in %s: %s %.300s", bad.why, language, got.Type, got.Raw)
			}
			if got.text("text", "zh") == got.text("text", "en") || len(got.Raw) > 2000 {
				t.Errorf("%s: one language, or what was sent came back: %.300s", bad.why, got.Raw)
			}
		}
	}
	n, err := casework.Count(t.Context(), w.DB, w.District(), casework.Filter{}, w.Clock.Now())
	if err != nil || n.N != 0 {
		t.Errorf("bad reports left %d cases (%v)", n.N, err)
	}
}

// ASVS 2.2.3
func TestOddPlacesAreFlaggedNotLost(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("城市平台", rights.ReportReceive)
	centre := w.District().Settings.Placeholders[0]
	for _, one := range []struct {
		why      string
		lon, lat float64
		datum    string
		flag     string
	}{
		{"0,0 is what machines send for none", 0, 0, "", "placeholder"},
		{"so it is in any datum", 0, 0, "bd09", "placeholder"},
		{"the district's own default", centre.Lon, centre.Lat, "gcj02", "placeholder"},
		{"far outside", 10, 50, "", "outside"},
	} {
		got := w.send(key, encode(t, map[string]any{"text": "路灯不亮", "lon": one.lon, "lat": one.lat, "datum": one.datum}), nil).want(t, http.StatusCreated)
		if got.text("flag") != one.flag || got.text("case", "place", "grid") != "" {
			t.Errorf("%s: flag %q, want %q: %s", one.why, got.text("flag"), one.flag, got.Raw)
		}
	}
}

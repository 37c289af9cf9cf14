package open311_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"linli/internal/georeport"
	"linli/internal/georeport/conform"
	"linli/internal/rights"
)

// TestConforms points the conformance suite at ourselves.
func TestConforms(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("一致性", rights.ReportReceive)
	for _, matter := range []string{w.of("component"), w.of("event"), w.of("hazard")} {
		form := w.form(matter)
		if matter == w.of("hazard") {
			if def, err := w.client("", georeport.JSON).Definition(t.Context(), matter); err != nil || len(def.Attributes) > 0 && bool(def.Attributes[0].Required) {
				continue
			}
		}
		w.post(w.client(key, georeport.JSON), form)
		w.Clock.Advance(time.Hour)
	}
	r := conform.Run(t.Context(), conform.Target{HTTP: http.DefaultClient, Base: w.URL + "/open311/v2", Key: key, Post: true, Now: w.DB.Now(), Jurisdiction: w.House.District})
	for _, o := range r.Outcomes {
		if o.Verdict == conform.Fail || o.Verdict == conform.Skipped {
			t.Errorf("%s in %s: %s %v", o.Check, o.Format, o.Verdict, o.Saw)
		}
	}
	if r.Count(conform.Pass) < 60 {
		t.Errorf("only %d checks pass", r.Count(conform.Pass))
	}
}

// schemas are those that were published with the specification, which lie beside
// the checkout where a builder has them.
func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "open311", "conformance", "schema-validation_georeport-v2")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the schemas of GeoReport v2 are not beside the checkout: ", err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4)
	c.AssertFormat()
	all := map[string]*jsonschema.Schema{}
	for _, name := range []string{"services", "service-definition", "requests"} {
		s, err := c.Compile(filepath.Join(dir, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = s
	}
	return all
}

// TestSchemas: every body we send validates.
func TestSchemas(t *testing.T) {
	t.Parallel()
	all := schemas(t)
	w := setup(t)
	key := w.key("报修程序", rights.ReportReceive)
	c := w.client(key, georeport.JSON)
	w.post(c, w.form(w.of("component")))
	w.post(c, url.Values{"service_code": {w.of("event")}, "address_string": {"学府路 3 号"}}) // without a point
	id := w.post(c, w.form(w.of("event"), "description", strings.Repeat("很长", 2000)))
	valid := func(schema, path string) {
		got := w.call("GET", path, nil)
		var body any
		if err := json.Unmarshal([]byte(got.Body), &body); err != nil || got.Status != 200 {
			t.Fatalf("%s: %d %v", path, got.Status, err)
		}
		if err := all[schema].Validate(body); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	valid("services", "/open311/v2/services.json")
	valid("services", "/open311/v2/services.json?locale=en")
	valid("requests", "/open311/v2/requests.json")
	valid("requests", "/open311/v2/requests.json?extensions=true&api_key="+key)
	valid("requests", "/open311/v2/requests.json?status=closed")
	valid("requests", "/open311/v2/requests/"+id+".json?extensions=true&api_key="+key)
	services, err := c.Services(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range services {
		if s.Metadata {
			valid("service-definition", "/open311/v2/services/"+string(s.Code)+".json")
		}
	}
}

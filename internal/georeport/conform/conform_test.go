package conform_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"linli/internal/georeport"
	"linli/internal/georeport/conform"
)

func run(t *testing.T, h http.Handler, formats ...georeport.Format) conform.Report {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	return conform.Run(t.Context(), conform.Target{HTTP: server.Client(), Base: server.URL, Key: "good", Post: true, Now: now, Formats: formats})
}

// TestHonest: a server that holds to the specification passes every check.
func TestHonest(t *testing.T) {
	t.Parallel()
	r := run(t, newHonest())
	for _, o := range r.Outcomes {
		if o.Verdict != conform.Pass {
			t.Errorf("%s in %s: %s %v", o.Check, o.Format, o.Verdict, o.Saw)
		}
	}
	if len(r.Outcomes) < 60 {
		t.Errorf("only %d checks were run", len(r.Outcomes))
	}
	var b bytes.Buffer
	if err := r.Text(&b); err != nil || !strings.Contains(b.String(), "合格 · pass") {
		t.Errorf("%v %s", err, b.String())
	}
}

// change is a fault put into an honest server: it gets what the server said.
type change func(r *http.Request, status int, head http.Header, body string) (int, string)

// faulty is an honest server with one fault.
func faulty(c change) http.Handler {
	inner := newHonest()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		inner.ServeHTTP(rec, r)
		head := rec.Header().Clone()
		status, body := c(r, rec.Code, head, rec.Body.String())
		for name, values := range head {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

// on changes the text of answers to one path.
func on(path, from, to string) change {
	return func(r *http.Request, status int, _ http.Header, body string) (int, string) {
		if strings.HasPrefix(r.URL.Path, "/"+path) {
			body = strings.ReplaceAll(body, from, to)
		}
		return status, body
	}
}

// as answers a status by another.
func as(path string, was, is int) change {
	return func(r *http.Request, status int, _ http.Header, body string) (int, string) {
		if strings.HasPrefix(r.URL.Path, "/"+path) && status == was {
			status = is
		}
		return status, body
	}
}

// ignoring answers as if a parameter had not been sent.
func ignoring(names ...string) http.Handler {
	inner := newHonest()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			q := r.URL.Query()
			for _, name := range names {
				q.Del(name)
			}
			r.URL.RawQuery = q.Encode()
		}
		inner.ServeHTTP(w, r)
	})
}

// TestFaults: each fault is found by the check that is about it, in its format.
func TestFaults(t *testing.T) {
	t.Parallel()
	const x, j = georeport.XML, georeport.JSON
	for _, c := range []struct {
		why    string
		format georeport.Format
		server http.Handler
		check  string
	}{
		{"a code that is a number", j, faulty(on("services.", `"001"`, `1`)), "service-fields"},
		{"metadata that is text", j, faulty(on("services.", `"metadata":true`, `"metadata":"true"`)), "service-fields"},
		{"metadata that is no truth", x, faulty(on("services.", `<metadata>true`, `<metadata>yes`)), "service-fields"},
		{"a type nobody knows", j, faulty(on("services.", `"realtime"`, `"instant"`)), "service-fields"},
		{"a code twice", x, faulty(on("services.", `002`, `001`)), "service-codes"},
		{"no name", x, faulty(on("services.", `<service_name>路灯</service_name>`, ``)), "service-fields"},
		{"another root", x, faulty(on("services.", `services>`, `service_list>`)), "services"},
		{"another element", x, faulty(on("services.", `service>`, `item>`)), "services"},
		{"an object around the list", j, faulty(func(r *http.Request, s int, _ http.Header, b string) (int, string) {
			if strings.HasPrefix(r.URL.Path, "/services.") {
				b = `{"services":` + b + `}`
			}
			return s, b
		}), "services"},
		{"JSON as text/html", j, faulty(func(_ *http.Request, s int, h http.Header, b string) (int, string) {
			h.Set("Content-Type", "text/html; charset=utf-8")
			return s, b
		}), "services"},
		{"application/xml", x, faulty(func(_ *http.Request, s int, h http.Header, b string) (int, string) {
			h.Set("Content-Type", "application/xml; charset=utf-8")
			return s, b
		}), "requests"},
		{"no charset", j, faulty(func(_ *http.Request, s int, h http.Header, b string) (int, string) {
			h.Set("Content-Type", "application/json")
			return s, b
		}), "requests"},
		{"no declaration", x, faulty(on("requests.", `<?xml version="1.0" encoding="UTF-8"?>`, ``)), "requests"},
		{"not UTF-8", j, faulty(on("requests.", `不亮`, "\xb2\xbb")), "requests"},
		{"a definition without its list", x, faulty(on("services/", `attributes>`, `attribute>`)), "definition"},
		{"a datatype nobody knows", j, faulty(on("services/", `"string"`, `"varchar"`)), "definition"},
		{"a list without values", j, faulty(on("services/", `"values":[{"key":"1","name":"x"}]`, `"values":[]`)), "definition"},
		{"an order twice", j, faulty(on("services/", `"order":2`, `"order":1`)), "definition"},
		{"the definition of another service", x, faulty(on("services/", `>003<`, `>004<`)), "definition"},
		{"a status of its own", j, faulty(on("requests", `"status":"open"`, `"status":"in progress"`)), "request-fields"},
		{"no number", x, faulty(on("requests.", `<service_request_id>001</service_request_id>`, ``)), "request-fields"},
		{"a number twice", j, faulty(on("requests.", `"002"`, `"001"`)), "request-numbers"},
		{"a time without zone", j, faulty(on("requests", `20:00Z`, `20:00`)), "request-times"},
		{"a coordinate as text", j, faulty(on("requests", `"lat":30.5`, `"lat":"30.5"`)), "request-places"},
		{"lat and long the wrong way round", x, faulty(on("requests", `<lat>30.5`, `<lat>121.25`)), "request-places"},
		{"an address of nothing", x, faulty(on("requests", `https://x.example/1.jpg`, `1.jpg`)), "request-fields"},
		{"status not filtered", j, ignoring("status"), "filter-status-open"},
		{"status not filtered", x, ignoring("status"), "filter-status-closed"},
		{"service not filtered", j, ignoring("service_code"), "filter-service"},
		{"times not filtered", x, ignoring("start_date", "end_date"), "filter-range"},
		{"numbers not looked at", j, ignoring("service_request_id"), "filter-numbers"},
		{"empty parameters are conditions", j, faulty(func(r *http.Request, s int, _ http.Header, b string) (int, string) {
			if q := r.URL.Query(); q.Has("status") && q.Get("status") == "" {
				b = "[]"
			}
			return s, b
		}), "empty-parameters"},
		{"one request as an object", j, faulty(func(r *http.Request, s int, _ http.Header, b string) (int, string) {
			if strings.HasPrefix(r.URL.Path, "/requests/00") {
				b = strings.Trim(strings.TrimSpace(b), "[]")
			}
			return s, b
		}), "request"},
		{"one request says something else", x, faulty(on("requests/", `不亮`, `亮了`)), "request"},
		{"an unknown request is empty", j, faulty(as("requests/", 404, 200)), "unknown-request"},
		{"an unknown service is a 400", x, faulty(as("services/", 404, 400)), "unknown-service"},
		{"an unknown token is a 500", j, faulty(as("tokens/", 404, 500)), "unknown-token"},
		{"a failure without description", j, faulty(on("requests/", `"description":"no"`, `"reason":"no"`)), "unknown-request"},
		{"a failure that is one object", j, faulty(func(_ *http.Request, s int, _ http.Header, b string) (int, string) {
			if s >= 400 {
				b = strings.Trim(strings.TrimSpace(b), "[]")
			}
			return s, b
		}), "unknown-request"},
		{"any status is taken", j, faulty(as("requests.", 400, 200)), "bad-status"},
		{"no key is needed", j, faulty(as("requests.", 403, 200)), "post-no-key"},
		{"a wrong key is a 401", x, faulty(as("requests.", 403, 401)), "post-bad-key"},
		{"posting needs no place", j, faulty(as("requests.", 400, 200)), "post-no-place"},
		{"number and token", j, faulty(on("requests.", `[{"service_request_id":"16",`, `[{"token":"a","service_request_id":"16",`)), "post"},
		{"what was posted is another thing", j, faulty(on("requests/1", `"001"`, `"002"`)), "post-read"},
		{"discovery names another specification", x, faulty(on("discovery", `GeoReport_v2`, `GeoReport_v1`)), "discovery"},
		{"discovery has no formats", j, faulty(on("discovery", `"formats":["text/xml","application/json"]`, `"formats":"text/xml"`)), "discovery"},
		{"discovery of a kind of its own", j, faulty(on("discovery", `"test"`, `"staging"`)), "discovery"},
		{"the server hangs up", j, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), "services"},
	} {
		r := run(t, c.server, c.format)
		found := ""
		for _, o := range r.Outcomes {
			if o.Check == c.check {
				found = string(o.Verdict) + " " + strings.Join(o.Saw, "; ")
			}
		}
		if !strings.HasPrefix(found, string(conform.Fail)) {
			t.Errorf("%s in %s: %s says %q", c.why, c.format, c.check, found)
		}
	}
}

// TestApart: two formats that say different things are found.
func TestApart(t *testing.T) {
	t.Parallel()
	r := run(t, faulty(func(r *http.Request, s int, _ http.Header, b string) (int, string) {
		if r.URL.Path == "/requests.json" && r.Method == http.MethodGet {
			b = strings.ReplaceAll(b, `"00`, `"77`)
		}
		return s, b
	}))
	for _, o := range r.Outcomes {
		if o.Check == "same-requests" && o.Verdict != conform.Fail {
			t.Errorf("%+v", o)
		}
	}
}

// TestManyFaults: a list of a thousand faults is told in a few lines.
func TestManyFaults(t *testing.T) {
	t.Parallel()
	r := run(t, faulty(on("requests.", `"open"`, `"OPEN"`)), georeport.JSON)
	for _, o := range r.Outcomes {
		if len(o.Saw) > 6 {
			t.Errorf("%s says %s lines", o.Check, strconv.Itoa(len(o.Saw)))
		}
	}
}

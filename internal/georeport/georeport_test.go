package georeport_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/errs"
	"linli/internal/georeport"
)

var (
	noon = georeport.Instant{Time: time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 8*3600))}
	one  = georeport.Requests{{
		ID: "638344", Status: georeport.Closed, StatusNotes: "办好了 <b>", ServiceName: "路灯不亮", ServiceCode: "006",
		Requested: noon, Updated: noon, Lat: georeport.At(0), Long: georeport.At(-122.4651145),
		Notes: georeport.Notes{{At: noon, Description: "收到", Type: "opened"}},
	}}
)

// TestThere and back: what is written is read as the same in both formats.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	definition := georeport.Definition{Code: "DMV66", Attributes: georeport.Attributes{{
		Variable: true, Code: "WHISHETN", Datatype: georeport.SingleList, Required: true, Order: 1, Description: "What is it?",
		Values: georeport.Values{{Key: "123", Name: "Ford"}},
	}}}
	discovery := georeport.Discovery{Changeset: "2026-11-23", Contact: "12345", KeyService: "管理员", Endpoints: georeport.Endpoints{{
		Specification: georeport.Specification, URL: "https://x.example/v2", Type: "production", Formats: georeport.Formats{"text/xml", "application/json"},
	}}}
	for _, f := range []georeport.Format{georeport.JSON, georeport.XML} {
		thereAndBack(t, f, one)
		thereAndBack(t, f, georeport.Requests{})
		thereAndBack(t, f, georeport.Services{{Code: "001", Name: "Cans", Metadata: true, Type: georeport.Realtime}})
		thereAndBack(t, f, definition)
		thereAndBack(t, f, discovery)
		thereAndBack(t, f, georeport.Receipts{{ID: "293944", Notice: "看看"}})
		thereAndBack(t, f, georeport.Tokens{{ID: "1", Token: "2"}})
		thereAndBack(t, f, georeport.Errors{{Code: "403", Description: "no key"}, {Code: "400", Description: "no code"}})
	}
}

func thereAndBack[T any](t *testing.T, f georeport.Format, body T) {
	t.Helper()
	var b bytes.Buffer
	if err := georeport.Write(&b, f, body); err != nil {
		t.Fatal(err)
	}
	var got T
	if err := georeport.Read(b.Bytes(), f, &got); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	empty := cmp.Transformer("list", func(l georeport.Requests) []georeport.Request { return l })
	if diff := cmp.Diff(body, got, empty, cmp.Comparer(func(a, b georeport.Instant) bool { return a.Equal(b.Time) })); diff != "" && b.String() != "[]\n" && !strings.Contains(b.String(), "<service_requests></service_requests>") {
		t.Errorf("%s (-written +read):\n%s", f, diff)
	}
}

// TestWritten holds the very bytes to the specification.
func TestWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why    string
		format georeport.Format
		body   any
		want   string
	}{
		{"an empty list is an array", georeport.JSON, georeport.Requests(nil), "[]\n"},
		{"and in XML an empty root", georeport.XML, georeport.Requests(nil), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<service_requests></service_requests>\n"},
		{"what is not known is null, a code stays text", georeport.JSON, georeport.Tokens{{Token: "007"}}, `[{"service_request_id":null,"token":"007"}]` + "\n"},
		{"and in XML an empty element", georeport.XML, georeport.Tokens{{Token: "007"}},
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<service_requests><request><service_request_id></service_request_id><token>007</token></request></service_requests>\n"},
		{"a receipt has a number or a token, never both", georeport.JSON, georeport.Receipts{{ID: "1"}}, `[{"service_request_id":"1","service_notice":null,"account_id":null}]` + "\n"},
		{"signs of XML are written out", georeport.XML, georeport.Errors{{Code: "400", Description: "a<b>&"}},
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<errors><error><code>400</code><description>a&lt;b&gt;&amp;</description></error></errors>\n"},
	} {
		var b bytes.Buffer
		if err := georeport.Write(&b, c.format, c.body); err != nil || b.String() != c.want {
			t.Errorf("%s: %v\n got %s\nwant %s", c.why, err, b.String(), c.want)
		}
	}
	if err := georeport.Write(&bytes.Buffer{}, georeport.JSON, "text"); err == nil {
		t.Error("anything is written as a body")
	}
}

// TestLenient reads what servers really send.
func TestLenient(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why    string
		format georeport.Format
		body   string
	}{
		{"codes as numbers, a coordinate as text", georeport.JSON, `[{"service_request_id":638344,"status":"closed","service_code":6,"lat":"37.76","long":-122.4,"requested_datetime":"2010-04-14T06:37:38-08:00"}]`},
		{"one object where a list belongs", georeport.JSON, `{"service_request_id":"638344","service_code":"6","status":"closed","lat":37.76,"requested_datetime":"2010-04-14T06:37:38-0800"}`},
		{"white space, comments and unknown elements", georeport.XML, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- x --><service_requests>\n <request><x><y/></x><service_request_id> 638344 </service_request_id><service_code>6</service_code><status>closed</status><lat>37.76</lat><requested_datetime>2010-04-14T06:37:38-08:00</requested_datetime></request></service_requests>"},
	} {
		var got georeport.Requests
		if err := georeport.Read([]byte(c.body), c.format, &got); err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		want := time.Date(2010, 4, 14, 14, 37, 38, 0, time.UTC)
		if len(got) != 1 || got[0].ID != "638344" || got[0].ServiceCode != "6" || got[0].Lat != georeport.At(37.76) || !got[0].Requested.Equal(want) {
			t.Errorf("%s: read %+v", c.why, got)
		}
	}
}

// TestHostile holds reading to its bounds.
func TestHostile(t *testing.T) {
	t.Parallel()
	bomb := `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><service_requests><request><status>&b;</status></request></service_requests>`
	for _, c := range []struct {
		why    string
		format georeport.Format
		body   string
	}{
		{"an entity bomb", georeport.XML, bomb},
		{"an entity from outside", georeport.XML, `<!DOCTYPE a SYSTEM "file:///etc/passwd"><service_requests/>`},
		{"an entity nobody declared", georeport.XML, `<service_requests><request><status>&x;</status></request></service_requests>`},
		{"depth", georeport.XML, strings.Repeat("<service_requests>", 100_000)},
		{"another root", georeport.XML, `<html><body/></html>`},
		{"another encoding", georeport.XML, `<?xml version="1.0" encoding="GBK"?><service_requests/>`},
		{"half", georeport.XML, `<service_requests><request>`},
		{"nothing", georeport.XML, ``},
		{"nothing", georeport.JSON, ``},
		{"depth", georeport.JSON, strings.Repeat("[", 100_000)},
		{"an object for a text", georeport.JSON, `[{"status":{"a":1}}]`},
		{"a coordinate that is none", georeport.JSON, `[{"lat":"NaN"}]`},
		{"an instant without zone", georeport.JSON, `[{"requested_datetime":"2010-04-14T06:37:38"}]`},
	} {
		var got georeport.Requests
		began := time.Now()
		if err := georeport.Read([]byte(c.body), c.format, &got); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s in %s: %v, %+v", c.why, c.format, err, got)
		}
		if took := time.Since(began); took > 30*time.Second { // it hangs
			t.Errorf("%s in %s took %v", c.why, c.format, took)
		}
	}
}

// TestKeyStaysSecret holds failures of a client to say neither key nor address.
func TestKeyStaysSecret(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	c := georeport.Client{HTTP: http.DefaultClient, Base: gone.URL, Key: "linli_secret"}
	if _, err := c.Services(t.Context()); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a failed call says %v", err)
	}
	angry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`[{"code":403,"description":"Invalid api_key"}]`))
	}))
	defer angry.Close()
	c.Base = angry.URL
	_, err := c.Post(t.Context(), nil, "")
	var refused *georeport.Refused
	if !errors.As(err, &refused) || refused.Status != 403 || len(refused.Errors) != 1 || refused.Errors[0].Code != "403" {
		t.Errorf("a refusal is %v", err)
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	for _, format := range []georeport.Format{georeport.JSON, georeport.XML} {
		b.Reset()
		if err := georeport.Write(&b, format, one); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes(), format == georeport.JSON)
	}
	f.Fuzz(func(t *testing.T, data []byte, isJSON bool) {
		format := georeport.XML
		if isJSON {
			format = georeport.JSON
		}
		var got georeport.Requests
		if georeport.Read(data, format, &got) != nil {
			return
		}
		var b bytes.Buffer
		if err := georeport.Write(&b, format, got); err != nil {
			t.Fatal(err)
		}
		var again georeport.Requests
		if err := georeport.Read(b.Bytes(), format, &again); err != nil {
			t.Fatalf("%v: what was read is written as %s", err, b.String())
		}
	})
}

func FuzzParseInstant(f *testing.F) {
	f.Add("2010-04-14T06:37:38-08:00")
	f.Fuzz(func(t *testing.T, s string) {
		at, err := georeport.ParseInstant(s)
		if err != nil {
			return
		}
		if again, err := georeport.ParseInstant(at.Format(time.RFC3339Nano)); err != nil || !again.Equal(at) {
			t.Errorf("%q is %v, again %v (%v)", s, at, again, err)
		}
	})
}

package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/rights"
	"linli/internal/sample"
)

// attack is one request that nobody should send. The answer is a 4xx in words
// of the sender's language, and nothing is changed by it.
type attack struct {
	why    string
	as     string // a login, "key" for a system with every right, or nobody
	method string
	path   string
	head   map[string]string
	body   body
	want   int // 0: any 4xx; harmless: read as if it said nothing
}

// harmless marks what is no mistake, only of no use: the page is shown.
const harmless = 200

// body is what is sent, with its media type.
type body struct{ kind, text string }

func form(pairs ...string) body {
	return body{"application/x-www-form-urlencoded", fields(pairs...).Encode()}
}

func fields(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return q
}

// files is a form with one file, under its field and name.
func files(field, name string, data []byte, pairs ...string) body {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = m.WriteField(pairs[i], pairs[i+1]) // into memory
	}
	part, _ := m.CreateFormFile(field, name)
	_, _ = part.Write(data)
	_ = m.Close()
	return body{m.FormDataContentType(), b.String()}
}

func asJSON(text string) body { return body{"application/json", text} }

// besieged is a running district that is attacked.
type besieged struct {
	*apptest.World
	t       *testing.T
	key     string
	clients map[string]*http.Client
	number  string // of a case that is there
	id      string
	report  string // the first of the case
}

// TestHostileRequests sends what no form of ours would, through every door.
//
// ASVS 1.1.1, 1.2.4, 1.5.1, 2.2.1, 2.2.2, 3.5.1, 3.7.2, 5.2.2, 5.2.3, 5.3.2, 8.2.1, 8.3.1, 16.5.1
// GB/T 22239 8.1.4.4d
func TestHostileRequests(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		b := besiege(t, address)
		for _, a := range b.attacks() {
			for _, language := range []string{"zh-CN", "en-GB"} {
				b.repel(a, language)
			}
		}
	})
}

func besiege(t *testing.T, address string) *besieged {
	t.Helper()
	b := &besieged{World: apptest.At(t, address), t: t, clients: map[string]*http.Client{"": {}, "key": {}}}
	err := b.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		_, b.key, err = access.AddKey(t.Context(), tx, access.Key{District: sample.DistrictCode, Name: "hostile", Scopes: []rights.Right{rights.ReportReceive, rights.CaseSeeAll}, Expires: tx.Now.AddDate(0, 0, 1)}, access.By{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"chenli", "hejing", "zhouhui", "suming", "dingxia", "guoyan", "linwang", "luopei", "heqiao", "dingyan"} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		b.clients[login] = &http.Client{Jar: jar}
		b.signIn(login)
	}
	status, said, _ := b.send(attack{as: "key", method: "POST", path: "/api/v1/reports", body: asJSON(`{"sender":"first","matter":"c01002","text":"井盖松动","area":"990101001001001"}`)}, "zh")
	var got struct{ Case struct{ ID, Number string } }
	if err := json.Unmarshal([]byte(said), &got); err != nil || status != http.StatusCreated {
		t.Fatalf("%d %s", status, said)
	}
	b.id, b.number = got.Case.ID, got.Case.Number
	if b.report, err = db.Value[string](t.Context(), b.DB, "select id from reports where case_id = $1", b.id); err != nil {
		t.Fatal(err)
	}
	b.resident()
	b.Due()
	return b
}

func (b *besieged) signIn(login string) {
	b.t.Helper()
	status, said, _ := b.send(attack{as: login, method: "POST", path: "/sign-in", body: form("login", login, "password", app.DemoPassword, "next", "/about/privacy")}, "zh")
	if status == http.StatusOK {
		status, said, _ = b.send(attack{as: login, method: "POST", path: "/sign-in/second", body: form("code", b.Code(login))}, "zh")
	}
	if status != http.StatusOK {
		b.t.Fatalf("sign in as %s: %d %.200s", login, status, said)
	}
}

// send sends a request and follows where it leads.
func (b *besieged) send(a attack, language string) (status int, said string, head http.Header) {
	b.t.Helper()
	request, err := http.NewRequest(a.method, b.URL+a.path, strings.NewReader(a.body.text))
	if err != nil {
		b.t.Fatalf("%s: %v", a.why, err)
	}
	request.Header.Set("Accept-Language", language)
	if a.body.kind != "" {
		request.Header.Set("Content-Type", a.body.kind)
	}
	if a.as == "key" {
		request.Header.Set("Authorization", "Bearer "+b.key)
	}
	for name, value := range a.head {
		request.Header.Set(name, value)
	}
	response, err := b.clients[a.as].Do(request)
	if err != nil {
		b.t.Errorf("%s: %v", a.why, err)
		return 0, "", nil
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Errorf("%s: %v", a.why, err)
	}
	return response.StatusCode, string(data), response.Header
}

// repel sends one attack and looks at what comes of it.
func (b *besieged) repel(a attack, language string) {
	b.t.Helper()
	before := b.fingerprint()
	status, said, head := b.send(a, language)
	what := fmt.Sprintf("%s [%s %s, %s]", a.why, a.method, short(a.path), language)
	switch {
	case a.want == 0 && (status < 400 || status > 499), a.want != 0 && status != a.want:
		b.t.Errorf("%s: answered %d, want %d (0 is any 4xx)\n%.500s", what, status, a.want, text(said))
	case status >= 400:
		inLanguage(b.t, what, language[:2], said, head)
	}
	if leak := inside.FindString(said); leak != "" {
		b.t.Errorf("%s: the answer tells what is inside: %q", what, leak)
	}
	if after := b.fingerprint(); after != before {
		b.t.Errorf("%s: changed something\nbefore %s\nafter  %s", what, before, after)
	}
}

// inside is what only a program should read: traces, drivers, engines, folders.
var inside = regexp.MustCompile(`(?i)goroutine \d|\.go:\d+|panic:|runtime error|SQLSTATE|sqlite|postgres|\bpgx\b|sql:|syntax error|linli/internal|casework\.|intake\.|no such file|multipart:|invalid character '|strconv\.`)

// inLanguage checks that a refusal is told in words the sender reads.
func inLanguage(t *testing.T, what, language, said string, head http.Header) {
	t.Helper()
	kind := head.Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "application/problem+json"):
		var p struct {
			Detail string
			Text   map[string]string
		}
		if err := json.Unmarshal([]byte(said), &p); err != nil || p.Detail == "" || p.Detail != p.Text[language] || p.Text["zh"] == p.Text["en"] {
			t.Errorf("%s: %v, not told in %s: %.300s", what, err, language, said)
		}
	case strings.HasPrefix(kind, "text/html"):
		words := refusal(said)
		if words == "" || han(words) != (language == "zh") {
			t.Errorf("%s: says %q, want it in %s", what, words, language)
		}
	case strings.Contains(what, " /trail/"): // for programs, and told in plain words
		if han(said) != (language == "zh") {
			t.Errorf("%s: says %q, want it in %s", what, said, language)
		}
	case strings.Contains(what, " /assets/"): // nobody reads these
	default:
		t.Errorf("%s: answered with %q: %.200q", what, kind, said)
	}
}

// refusal is what a page says about what went wrong: in its list of mistakes,
// in a warning, or alone.
func refusal(page string) string {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return ""
	}
	for n := range doc.Descendants() {
		class := apptest.Attr(n, "class")
		if n.Type == html.ElementNode && (apptest.Attr(n, "role") == "alert" || class == "empty" || strings.HasPrefix(class, "note late")) {
			if words := apptest.Text(n); words != "" {
				return words
			}
		}
	}
	return ""
}

func text(page string) string {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return page
	}
	return apptest.Text(doc)
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func short(s string) string {
	if len(s) > 90 {
		return s[:90] + "…"
	}
	return s
}

// fingerprint is how much there is of everything, and how often cases were
// changed. What a browser's session holds and how often a password was wrong
// is not about the district.
func (b *besieged) fingerprint() string {
	b.t.Helper()
	var all []string
	for _, table := range b.tables() {
		n, err := db.Value[int](b.t.Context(), b.DB, "select count(*) from "+table)
		if err != nil {
			b.t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%s=%d", table, n))
	}
	n, err := db.Value[int](b.t.Context(), b.DB, "select coalesce(sum(revision), 0) from cases")
	if err != nil {
		b.t.Fatal(err)
	}
	return fmt.Sprintf("%s revisions=%d", strings.Join(all, " "), n)
}

// tables are those of this engine that hold a district.
func (b *besieged) tables() (names []string) {
	list := "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'case_text_%' order by name"
	if b.DB.Engine() == db.Postgres {
		list = "select cast(table_name as text) from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1"
	}
	all, err := db.All(b.t.Context(), b.DB, func(s *string) []any { return []any{s} }, list)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, name := range all {
		if name != "sessions" && name != "signin_failures" {
			names = append(names, name)
		}
	}
	return names
}

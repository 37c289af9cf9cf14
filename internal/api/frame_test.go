package api_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db/dbtest"
	"linli/internal/procedure"
	"linli/internal/repeat"
	"linli/internal/rights"
)

// exchange is a request whose header matters as much as its body.
func (w *world) exchange(method, path, key, body string, more header) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range more {
		r.Header.Set(name, value)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	recorded.note(w.t.Name(), method, path, "application/json", []byte(body), got.StatusCode, data)
	return got, string(data)
}

func TestARequestThatComesTwice(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := worldOf(t, apptest.At(t, address))
		key, other := w.key("城市平台", rights.ReportReceive), w.key("热线", rights.ReportReceive)
		const path = "/api/v1/reports"
		named := header{"Idempotency-Key": "n-1"}
		first, body := w.exchange("POST", path, key, `{"text":"路灯不亮"}`, named)
		if first.StatusCode != http.StatusCreated || first.Header.Get("Idempotency-Replayed") != "" {
			t.Fatalf("%d %s", first.StatusCode, body)
		}
		again, same := w.exchange("POST", path, key, `{"text":"路灯不亮"}`, named)
		if again.StatusCode != http.StatusCreated || same != body || again.Header.Get("Idempotency-Replayed") != "true" || again.Header.Get("ETag") != first.Header.Get("ETag") {
			t.Errorf("again: %d %v %s, want the first answer %s", again.StatusCode, again.Header, same, body)
		}
		for _, one := range []struct {
			why, key, body, name string
			status               int
			code                 string
		}{
			{"another body by its name", key, `{"text":"路灯又不亮"}`, "n-1", 422, "reused"},
			{"another system's name is its own", other, `{"text":"路灯不亮"}`, "n-1", 201, ""},
			{"what was refused did nothing", key, `{"text":5}`, "n-2", 422, "invalid"},
			{"and may be mended", key, `{"text":"修好的"}`, "n-2", 201, ""},
			{"a name too long", key, `{"text":"x"}`, strings.Repeat("n", 101), 422, "invalid"},
		} {
			got, said := w.exchange("POST", path, one.key, one.body, header{"Idempotency-Key": one.name})
			if got.StatusCode != one.status || one.code != "" && !strings.Contains(said, `"code":"`+one.code+`"`) {
				t.Errorf("%s: %d %s, want %d %s", one.why, got.StatusCode, said, one.status, one.code)
			}
		}
	})
}

func TestARequestWhoseEndNobodySaw(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("城市平台", rights.ReportReceive)
	keyID := strings.Split(key, "_")[2]
	book := &repeat.Book{DB: w.DB, Vault: w.Vault}
	says := "POST\n/api/v1/reports\n\n\n" + `{"text":"路灯不亮"}`
	if _, _, err := book.Begin(t.Context(), repeat.Request{District: w.House.District, Key: keyID, Name: "n", Says: says}); err != nil {
		t.Fatal(err)
	}
	got, said := w.exchange("POST", "/api/v1/reports", key, `{"text":"路灯不亮"}`, header{"Idempotency-Key": "n"})
	if got.StatusCode != 409 || got.Header.Get("Retry-After") == "" || !strings.Contains(said, `"running"`) {
		t.Errorf("while it is under way: %d %s", got.StatusCode, said)
	}
	w.Clock.Advance(repeat.Lease)
	got, said = w.exchange("POST", "/api/v1/reports", key, `{"text":"路灯不亮"}`, header{"Idempotency-Key": "n"})
	if got.StatusCode != 409 || !strings.Contains(said, `"unfinished"`) {
		t.Errorf("after the program was stopped: %d %s", got.StatusCode, said)
	}
}

var tagged = regexp.MustCompile(`^"r[1-9][0-9]*-[\w-]{16}"$`)

func TestWhatHasNotChangedIsNotSentAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("平台", rights.ReportReceive, rights.CaseSeeAll)
	sent := w.send(key, `{"text":"路灯不亮","matter":"d-help"}`, nil).want(t, http.StatusCreated)
	path := "/api/v1/cases/" + sent.text("case", "id")
	first, _ := w.exchange("GET", path, key, "", nil)
	tag := first.Header.Get("ETag")
	if !tagged.MatchString(tag) || !strings.Contains(first.Header.Get("Cache-Control"), "no-cache") {
		t.Fatalf("the tag of a case is %q, kept %q", tag, first.Header.Get("Cache-Control"))
	}
	for _, have := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		got, body := w.exchange("GET", path, key, "", header{"If-None-Match": have})
		if got.StatusCode != http.StatusNotModified || body != "" || got.Header.Get("ETag") != tag {
			t.Errorf("having %s: %d %q", have, got.StatusCode, body)
		}
	}
	if got, _ := w.exchange("GET", path+"?fields=id", key, "", header{"If-None-Match": tag}); got.StatusCode != http.StatusOK {
		t.Errorf("a part of it is another thing: %d", got.StatusCode)
	}
	w.act("guoyan", casework.ID(sent.text("case", "id")), procedure.Move{Action: "file"})
	if got, _ := w.exchange("GET", path, key, "", header{"If-None-Match": tag}); got.StatusCode != http.StatusOK || got.Header.Get("ETag") == tag {
		t.Errorf("after an act: %d %s", got.StatusCode, got.Header.Get("ETag"))
	}
	table, _ := w.exchange("GET", "/api/v1/units", key, "", nil)
	if got, _ := w.exchange("GET", "/api/v1/units", key, "", header{"If-None-Match": table.Header.Get("ETag")}); got.StatusCode != http.StatusNotModified {
		t.Errorf("a table that stays: %d", got.StatusCode)
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("平台", rights.ReportReceive, rights.CaseSeeAll)
	sent := w.send(key, `{"text":"路灯不亮","matter":"d-help"}`, nil).want(t, http.StatusCreated)
	id, number := sent.text("case", "id"), sent.text("case", "number")
	for _, one := range []struct{ why, path, want string }{
		{"in the order asked for", "/cases?fields=number,id", `{"items":[{"number":"` + number + `","id":"` + id + `"}]}`},
		{"inward", "/cases?fields=matter.code", `{"items":[{"matter":{"code":"d-help"}}]}`},
		{"within lists", "/cases/" + id + "?fields=tasks.step.code", `{"tasks":[{"step":{"code":"`},
		{"a part, then the whole", "/cases?fields=matter.code,matter", `{"items":[{"matter":{"code":"d-help","name":{"zh":`},
		{"the whole, then a part", "/cases?fields=matter,matter.code", `{"items":[{"matter":{"code":"d-help","name":{"zh":`},
		{"what is missing stays missing", "/cases?fields=closed_at", `{"items":[{}]}`},
		{"said twice", "/cases?fields=number&fields=state", `{"items":[{"number":"` + number + `","state":"open"}]}`},
	} {
		if got, body := w.exchange("GET", "/api/v1"+one.path, key, "", nil); got.StatusCode != 200 || !strings.HasPrefix(body, one.want) {
			t.Errorf("%s: %d %s, want %s", one.why, got.StatusCode, body, one.want)
		}
	}
	for _, bad := range []string{"nothing", "matter.nothing", "id.x", "__proto__", strings.Repeat("id,", 800), url.QueryEscape("\x00"), ".", "matter."} {
		got := w.get("/api/v1/cases?fields="+bad, key).want(t, http.StatusUnprocessableEntity)
		if got.text("errors", 0, "location") != "query.fields" || len(bad) < 50 && !strings.Contains(got.text("detail"), "closed_at, ") {
			t.Errorf("%s: %s", bad, got.Raw)
		}
	}
}

// A cursor belongs to its list and its filter: with another one it would leave
// rows out.
func TestCursorsAreBoundToTheirList(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("平台", rights.ReportReceive, rights.CaseSeeAll)
	for range 3 {
		w.send(key, `{"text":"路灯不亮","matter":"d-help"}`, nil).want(t, http.StatusCreated)
	}
	next := w.get("/api/v1/cases?limit=1&newest=true", key).text("next")
	w.get("/api/v1/cases?limit=2&newest=true&fields=id&after="+next, key).want(t, http.StatusOK)
	flipped := []byte(next)
	flipped[len(flipped)-1] ^= 1
	for why, path := range map[string]string{
		"another order":  "/api/v1/cases?after=" + next,
		"another filter": "/api/v1/cases?newest=true&matter=x&after=" + next,
		"another list":   "/api/v1/units?after=" + next,
		"changed":        "/api/v1/cases?newest=true&after=" + url.QueryEscape(string(flipped)),
		"cut short":      "/api/v1/cases?newest=true&after=" + next[:12],
	} {
		if got := w.get(path, key); got.Status != 422 || got.text("errors", 0, "location") != "query.after" {
			t.Errorf("%s: %d %s", why, got.Status, got.Raw)
		}
	}
}

func TestFieldsKeepWhatTheyCannotRead(t *testing.T) {
	t.Parallel()
	w := setup(t)
	key := w.key("平台", rights.CaseSeeAll)
	whole, all := w.exchange("GET", "/api/v1/units?fields=", key, "", nil)
	if plain, same := w.exchange("GET", "/api/v1/units", key, "", nil); !bytes.Equal([]byte(all), []byte(same)) || whole.StatusCode != plain.StatusCode {
		t.Error("no fields named is not all of them")
	}
}

package feeds_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/web/ui/uitest"
)

// grid and its community and street, in which the tests report.
const (
	grid      = "990101001001001"
	community = "990101001001"
	street    = "990101001"
	elsewhere = "990101002"
)

// send reports something as a resident does, with words that must never come
// out.
func send(t *testing.T, w *apptest.World, sender, matter, secret string) {
	t.Helper()
	form := url.Values{
		"step": {"send"}, "sender": {sender}, "matter": {matter}, "text": {"我家3号楼502门口<script>井盖</script>"}, "area": {grid},
		"address": {"桂香路88号502室"}, "name": {"王小明"}, "phone": {"13800000013"},
	}
	if secret != "" {
		form.Set("secret", secret)
	}
	if got := w.Browser().Post("/report", form); got.Status != http.StatusOK {
		t.Fatalf("sending: %d %.300s", got.Status, got.Text())
	}
}

type rss struct {
	Channel struct {
		Item []struct {
			Title       string `xml:"title"`
			Description string `xml:"description"`
			PubDate     string `xml:"pubDate"`
			GUID        string `xml:"guid"`
		} `xml:"item"`
	} `xml:"channel"`
}

type atom struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Updated string   `xml:"updated"`
	Entry   []struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Summary string `xml:"summary"`
	} `xml:"entry"`
}

func read(t *testing.T, w *apptest.World, path string, into any) string {
	t.Helper()
	got := w.Browser().Get(path)
	if got.Status != http.StatusOK {
		t.Fatalf("%s: %d %.200s", path, got.Status, got.Body)
	}
	if err := xml.Unmarshal([]byte(got.Body), into); err != nil {
		t.Fatalf("%s: %v\n%.400s", path, err, got.Body)
	}
	return got.Body
}

// TestNewsOfAnArea reports something and finds it in each form, in the areas
// around it and not in others, without any word that somebody wrote.
func TestNewsOfAnArea(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	send(t, w, "AAAAAAAAAAAAAAAAAAAAAAAAAA", "c01002", "")
	send(t, w, "BBBBBBBBBBBBBBBBBBBBBBBBBB", "d-consult", "")
	for _, code := range []string{grid, community, street, "990101"} {
		var r rss
		var a atom
		bodies := []string{read(t, w, "/area/"+code+"/feed.rss", &r), read(t, w, "/area/"+code+"/feed.atom", &a), w.Browser().Get("/area/" + code).Body, w.Browser().Get("/area/" + code + "/screen").Body}
		if len(r.Channel.Item) != 1 || len(a.Entry) != 1 {
			t.Fatalf("%s: %d items of RSS and %d entries of Atom, want one: a question is nobody else's", code, len(r.Channel.Item), len(a.Entry))
		}
		if got := r.Channel.Item[0]; !strings.Contains(got.Title, "污水井盖异常") || !strings.Contains(got.Description, "答应") || got.GUID != a.Entry[0].ID {
			t.Errorf("%s: %+v beside %+v", code, got, a.Entry[0])
		}
		if _, err := time.Parse(time.RFC1123Z, r.Channel.Item[0].PubDate); err != nil {
			t.Error(err)
		}
		if _, err := time.Parse(time.RFC3339, a.Updated); err != nil || !strings.HasPrefix(a.ID, "tag:") {
			t.Errorf("atom: %s %v", a.ID, err)
		}
		for n, body := range bodies {
			if !strings.Contains(body, "污水井盖异常") {
				t.Errorf("%s, form %d, does not tell", code, n)
			}
			for _, word := range []string{"502", "88号", "王小明", "1380000", "<script>井盖", "3号楼"} {
				if strings.Contains(body, word) {
					t.Errorf("%s, form %d, tells %q", code, n, word)
				}
			}
		}
	}
	var r rss
	if read(t, w, "/area/"+elsewhere+"/feed.rss", &r); len(r.Channel.Item) != 0 {
		t.Errorf("another street tells %+v", r.Channel.Item)
	}
	var a atom
	if read(t, w, "/area/"+elsewhere+"/feed.atom", &a); a.Updated == "" {
		t.Error("an Atom feed without news does not say when it changed, which it must")
	}
}

// TestFeedIsAskedAgain is told by ETag and by date that nothing is new.
func TestFeedIsAskedAgain(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	send(t, w, "AAAAAAAAAAAAAAAAAAAAAAAAAA", "c01002", "")
	ask := func(name, value string) *http.Response {
		r, err := http.NewRequest(http.MethodGet, w.URL+"/area/"+community+"/feed.atom", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(name, value)
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, got.Body)
		got.Body.Close()
		return got
	}
	first := ask("Accept", "*/*")
	for name, value := range map[string]string{"If-None-Match": first.Header.Get("ETag"), "If-Modified-Since": first.Header.Get("Last-Modified")} {
		if value == "" {
			t.Fatalf("nothing to ask %s with", name)
		}
		if got := ask(name, value); got.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %d, want 304", name, got.StatusCode)
		}
	}
	w.Clock.Advance(2 * time.Minute)
	send(t, w, "CCCCCCCCCCCCCCCCCCCCCCCCCC", "c01002", "")
	w.Clock.Advance(2 * time.Minute)
	if got := ask("If-None-Match", first.Header.Get("ETag")); got.StatusCode != http.StatusOK {
		t.Errorf("after news: %d, want 200", got.StatusCode)
	}
}

// TestNoSuchArea asks for areas that are none.
func TestNoSuchArea(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	for _, path := range []string{"/area/x", "/area/999999/screen", "/area/9901010010010019/feed.rss", "/area/%00/feed.atom"} {
		if got := w.Browser().Get(path); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, got.Status)
		}
	}
}

// TestScreenNeedsNoHand looks at what a television can do: it has no script, asks
// again by itself, and leads nowhere.
func TestScreenNeedsNoHand(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	got := w.Browser().Get("/area/" + community + "/screen")
	count := func(name string) int { return len(got.Find(func(n *html.Node) bool { return n.Data == name })) }
	if count("script") != 0 || count("a") != 0 || count("form") != 0 || count("h1") != 1 {
		t.Errorf("the screen has %d scripts, %d links, %d forms, %d first headings", count("script"), count("a"), count("form"), count("h1"))
	}
	if again := got.Find(func(n *html.Node) bool { return n.Data == "meta" && apptest.Attr(n, "http-equiv") == "refresh" }); len(again) != 1 || apptest.Attr(again[0], "content") != "60" {
		t.Error("the screen does not reload")
	}
}

// TestScreenInABrowser measures that nothing lies in the edge that a television
// cuts off, and that nothing is small.
func TestScreenInABrowser(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	for n, matter := range []string{"c01002", "c01002", "c01002", "c01002", "c01002", "c01002", "c01002"} {
		send(t, w, strings.Repeat(string(rune('A'+n)), 26), matter, "")
	}
	chromium := uitest.Start(t)
	screen := chromium.Window(t, 1920)
	screen.Size(1920, 1080)
	screen.Open(w.URL + "/area/" + community + "/screen?still=1")
	screen.Look("screen-1920")
	over := uitest.Ask[string](screen, `[...document.querySelectorAll('h1,h2,p,li,b,span')].filter((el) => {
		const r = el.getBoundingClientRect(), c = el.closest('.half'), h = c && c.getBoundingClientRect();
		return r.left < innerWidth*.049 || r.right > innerWidth*.951 || r.top < innerHeight*.049 || r.bottom > innerHeight*.951
			|| h && r.bottom > h.bottom + 1 || parseFloat(getComputedStyle(el).fontSize) < innerWidth*.017;
	}).map((el) => el.outerHTML.slice(0, 80)).join(' | ')`)
	if over != "" {
		t.Errorf("in the edge, cut off or small (%s): %s", uitest.Ask[string](screen, "innerWidth + 'x' + innerHeight"), over)
	}
	for _, width := range []int64{390, 1440} {
		p := chromium.Window(t, width)
		for name, path := range map[string]string{"area-news": "/area/" + community, "ogc-grids": "/ogc/collections/grids/items?f=html", "area-choose": "/area"} {
			p.Open(w.URL + path)
			p.Look(fmt.Sprintf("%s-%d", name, width))
		}
	}
}

package portal_test

import (
	"bytes"
	"compress/gzip"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/app/apptest"
)

// firstLoad is what a first look at the portal may weigh on the wire.
const firstLoad = 100 << 10

// TestHomeIsLight adds up the page and everything it names, as sent.
func TestHomeIsLight(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	home := w.Browser().Get("/")
	total := len(squeezed(t, []byte(home.Body)))
	seen := map[string]bool{}
	for _, n := range home.Find(func(*html.Node) bool { return true }) {
		for _, name := range []string{"href", "src"} {
			address, _, _ := strings.Cut(apptest.Attr(n, name), "#")
			loads := n.Data == "link" || n.Data == "script" || n.Data == "img" || n.Data == "use"
			if !loads || address == "" || seen[address] {
				continue
			}
			seen[address] = true
			total += wire(t, w.URL+address)
		}
	}
	if len(seen) < 3 {
		t.Fatalf("the home page loads %v: expected a stylesheet, icons and the sign", seen)
	}
	t.Logf("first load of the home page: %d bytes in %d files", total, len(seen)+1)
	if total >= firstLoad {
		t.Errorf("first load: got %d bytes, want under %d", total, firstLoad)
	}
}

func squeezed(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wire is how many bytes a file takes, compressed as the server sends it.
func wire(t *testing.T, address string) int {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", address, response.StatusCode, err)
	}
	return len(data)
}

// TestPagesInBothLanguages opens every page without a form behind it.
func TestPagesInBothLanguages(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	pages := []struct{ path, zh, en string }{
		{"/", "家门口的事，说一声", "Something by your door? Say so"},
		{"/late", "没按时的", "not in time"},
		{"/report", "遇到了什么事？", "What happened?"},
		{"/report?text=路灯不亮", "是哪一类事？", "What kind is it?"},
		{"/report?matter=d-consult", "说说情况", "What is the matter?"},
		{"/track", "办到哪一步了？", "How far has it come?"},
		{"/mine", "我的上报", "My reports"},
		{"/matters", "管哪些事，多久办好", "What we deal with, and how soon"},
		{"/matters/c", "部件问题", "Component faults"},
		{"/matters/c01002", "污水井盖异常", "Sewer manhole cover problem"},
		{"/matters?q=路灯", "路灯异常", "Street light"},
		{"/area", "您住在哪个社区？", "Which community do you live in?"},
		{"/performance", "我们办得怎么样", "How we are doing"},
		{"/performance/late", "没按时的，是哪些、为什么", "Not in time: which, and why"},
		{"/about/privacy", "我的信息怎么用", "How my data is used"},
		{"/about/access", "无障碍说明", "Accessibility"},
	}
	han := regexp.MustCompile(`\p{Han}`)
	for _, p := range pages {
		zh, en := w.Browser(), w.Browser()
		en.Lang = "en-GB"
		if got := zh.Get(p.path); got.Status != 200 || !strings.Contains(got.Text(), p.zh) {
			t.Errorf("%s: got %d %.200s, want %q", p.path, got.Status, got.Text(), p.zh)
		}
		got := en.Get(p.path)
		if got.Status != 200 || !strings.Contains(got.Text(), p.en) {
			t.Errorf("%s in English: got %d %.200s, want %q", p.path, got.Status, got.Text(), p.en)
		}
		text := strings.NewReplacer("中文", "", "路灯不亮", "", "路灯", "").Replace(got.Text()) // the switch, and what was typed
		if left := han.FindAllString(text, -1); len(left) > 0 {
			t.Errorf("%s in English still says %v", p.path, left)
		}
		if n := len(got.Find(func(n *html.Node) bool { return n.Data == "h1" })); n != 1 {
			t.Errorf("%s: %d first headings, want one", p.path, n)
		}
		if bad := got.Find(func(n *html.Node) bool { return apptest.Attr(n, "style") != "" || apptest.Attr(n, "onclick") != "" }); len(bad) > 0 {
			t.Errorf("%s: %d inline styles or scripts, which the security policy refuses", p.path, len(bad))
		}
	}
}

// TestUnknownAddresses answer as not found, and never with a stack.
func TestUnknownAddresses(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	for path, want := range map[string]int{
		"/matters/nothing":         404, // no such matter
		"/report/photo/0":          404, // nothing waits in this session
		"/report/photo/-1?sender=": 404,
		"/track/261123-01479":      422, // a wrong check digit
		"/track/words":             422,
		"/report/sent":             200, // leads to the form that asks for the number
	} {
		if got := w.Browser().Get(path); got.Status != want || strings.Contains(got.Body, "goroutine") {
			t.Errorf("%s: got %d, want %d", path, got.Status, want)
		}
	}
}

// TestChooseArea shows the reader's own community and grid worker.
func TestChooseArea(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	got := b.Post("/area", url.Values{"area": {"990101001001"}})
	if got.Path != "/area" || len(got.Find(func(n *html.Node) bool { return apptest.Attr(n, "aria-pressed") == "true" })) != 1 {
		t.Fatalf("after a community: at %s, %.200s", got.Path, got.Text())
	}
	grid := ""
	for _, n := range got.Find(func(n *html.Node) bool { return n.Data == "button" && len(apptest.Attr(n, "value")) == 15 }) {
		grid = apptest.Attr(n, "value")
		break
	}
	if grid == "" {
		t.Fatal("no grids to choose from")
	}
	home := b.Post("/area", url.Values{"area": {grid}})
	if home.Path != "/" || len(home.Find(func(n *html.Node) bool { return strings.HasPrefix(apptest.Attr(n, "href"), "tel:138") })) == 0 {
		t.Errorf("no grid worker to call: at %s, %.300s", home.Path, home.Text())
	}
	for _, bad := range []string{"990101", "990101999999", "<script>", strings.Repeat("9", 5000)} {
		if got := w.Browser().Post("/area", url.Values{"area": {bad}}); got.Status != 422 {
			t.Errorf("area %.20q: got %d, want 422", bad, got.Status)
		}
	}
}

// shot is a small photo of its own colour.
func shot(t *testing.T, shade uint8) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for i := range m.Pix {
		m.Pix[i] = shade
	}
	m.Set(3, 3, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

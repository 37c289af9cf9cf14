package ui_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"linli/internal/web/ui"
)

// page fetches one gallery page and parses it.
func page(t *testing.T, address string) *html.Node {
	t.Helper()
	answer := httptest.NewRecorder()
	ui.Gallery().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, address, nil))
	if answer.Code != http.StatusOK {
		t.Fatalf("GET %s: got status %d, want 200", address, answer.Code)
	}
	doc, err := html.Parse(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// all returns the elements that a selector names: an element name, classes and
// attributes of one element, such as `a.btn[href]` or `tr[aria-current=true]`.
func all(doc *html.Node, selector string) []*html.Node {
	var found []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && matches(n, selector) {
			found = append(found, n)
		}
	}
	return found
}

var selectorPart = regexp.MustCompile(`^[a-z0-9]+|\.[\w-]+|#[\w-]+|\[[\w-]+(=[^\]]*)?\]`)

func matches(n *html.Node, selector string) bool {
	for _, part := range selectorPart.FindAllString(selector, -1) {
		switch part[0] {
		case '.':
			if !strings.Contains(" "+attr(n, "class")+" ", " "+part[1:]+" ") {
				return false
			}
		case '#':
			if attr(n, "id") != part[1:] {
				return false
			}
		case '[':
			name, value, valued := strings.Cut(strings.Trim(part, "[]"), "=")
			if !has(n, name) || valued && attr(n, name) != value {
				return false
			}
		default:
			if n.Data != part {
				return false
			}
		}
	}
	return true
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// TestGalleryShowsEveryComponent holds that no component and no state of one
// is missing from the pages that people and axe-core look at.
func TestGalleryShowsEveryComponent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ page, selector, component string }{
		{"/gallery/", "a.skip[href=#main]", "SkipLink"},
		{"/gallery/", "header.appbar", "Staff"},
		{"/gallery/", "details.me", "the menu behind one's own name"},
		{"/gallery/", "form.seek", "the search in the bar"},
		{"/gallery/", "main.page#main", "Plain"},
		{"/gallery/", "nav.crumbs", "Crumbs"},
		{"/gallery/", "button.btn.primary", "Button, primary"},
		{"/gallery/", "button.btn.danger", "Button, danger"},
		{"/gallery/", "button.btn.quiet", "Button, quiet"},
		{"/gallery/", "button.btn.sm", "Button, small"},
		{"/gallery/", "button.btn[disabled]", "Button, off"},
		{"/gallery/", "button.btn[aria-busy=true]", "Button, busy"},
		{"/gallery/", "button.btn[data-key=E]", "Button with a key"},
		{"/gallery/", "a.btn[href]", "Button as a link"},
		{"/gallery/", "span.sig.ok", "Signal, on time"},
		{"/gallery/", "span.sig.near", "Signal, nearing"},
		{"/gallery/", "span.sig.late", "Signal, late"},
		{"/gallery/", "span.sig.hold", "Signal, paused"},
		{"/gallery/", "span.tag", "Tag"},
		{"/gallery/", "span.tag.warm", "Tag, warm"},
		{"/gallery/", "span.count", "Count"},
		{"/gallery/", "div[data-theme=dark]", "the dark theme beside the light"},
		{"/gallery/", "input.input[type=tel]", "Input"},
		{"/gallery/", "input.input[aria-invalid=true]", "Input with a mistake"},
		{"/gallery/", "p.err#addr-err", "the mistake at its field"},
		{"/gallery/", "select.input", "Select"},
		{"/gallery/", "textarea.input", "Textarea"},
		{"/gallery/", "label.check", "Check"},
		{"/gallery/", "div.note.late[role=alert]", "ErrorSummary"},
		{"/gallery/", "div.note.near", "Note, nearing"},
		{"/gallery/", "div.note.ok", "Note, on time"},
		{"/gallery/", "div.note.warm", "Note, warm"},
		{"/gallery/", "div.empty", "Empty"},
		{"/gallery/", "div.loading", "Loading"},
		{"/gallery/", "div.toast[role=status]", "Toast, done"},
		{"/gallery/", "div.toast[role=alert]", "Toast, not done"},
		{"/gallery/", "table.table", "Table"},
		{"/gallery/", "th[aria-sort=ascending]", "the order of a table"},
		{"/gallery/", "tr[aria-current=true]", "Row, selected"},
		{"/gallery/", "nav.pager", "Pager"},
		{"/gallery/", "nav.seg", "Tabs"},
		{"/gallery/", "dl.facts", "Facts"},
		{"/gallery/", "dl.stats", "Stats"},
		{"/gallery/", "details[open]", "More"},
		{"/gallery/", "div.filter", "FilterBar"},
		{"/gallery/", "div[data-live-topic=queue]", "LiveRegion"},
		{"/gallery/", "svg.scene[role=group]", "Map with pins that can be followed"},
		{"/gallery/", "ul.icons", "Icon"},
		{"/gallery/resident", "body.res", "Resident"},
		{"/gallery/resident", "footer.foot", "the foot of a resident's page"},
		{"/gallery/resident", "form.find", "Hero"},
		{"/gallery/resident", "a.act.main", "Acts"},
		{"/gallery/resident", "ul.list.card", "List"},
		{"/gallery/resident", "div.head", "Head"},
		{"/gallery/resident", "ol.wiz", "Wizard"},
		{"/gallery/resident", "p[data-draft=gallery]", "Draft"},
		{"/gallery/resident", "input.pick[type=image]", "MapPick"},
		{"/gallery/resident", "p[data-locate]", "Locate"},
		{"/gallery/resident", "g.m-pin.place", "a pin on the chosen place"},
		{"/gallery/resident", "label.choice", "Choices"},
		{"/gallery/resident", "input[type=file][data-shrink]", "File"},
		{"/gallery/resident", "section.receipt", "Receipt"},
		{"/gallery/resident", "div.rate", "Rating"},
		{"/gallery/resident", "figure.photo", "Photos"},
		{"/gallery/resident", "ol.trail", "Trail"},
		{"/gallery/resident", "section.worker", "GridWorker"},
		{"/gallery/resident", "nav.dock", "Dock"},
		{"/gallery/queue", "div.three", "Three"},
		{"/gallery/queue", "nav.side", "SideNav"},
		{"/gallery/queue", "div.listhead", "ListHead"},
		{"/gallery/queue", "table.queue[data-queue]", "Queue"},
		{"/gallery/queue", "span.unsure", "a suggestion that is not certain"},
		{"/gallery/queue", "aside.peek#peek", "Peek"},
		{"/gallery/queue", "input[type=radio][name=unit]", "UnitChoices"},
		{"/gallery/queue", "section.hints", "Hints"},
		{"/gallery/case", "header.lead", "Lead"},
		{"/gallery/case", "button[data-copy]", "CopyNumber"},
		{"/gallery/case", "ol.flow", "Flow"},
		{"/gallery/case", "div.node.now[aria-current=step]", "Flow, where it stands"},
		{"/gallery/case", "div.node.todo", "Flow, to come"},
		{"/gallery/case", "li.stage.wide", "Flow, side by side"},
		{"/gallery/case", "ol.trail.desk", "Trail at the desk"},
		{"/gallery/case", "figure.photo.missing", "Photos, still to come"},
		{"/gallery/case", "div.do", "Actions"},
		{"/gallery/case", "b.masked", "Person, masked"},
		{"/gallery/case", "svg.scene[role=img]", "Map"},
		{"/gallery/board", "section.tier", "Tier"},
		{"/gallery/board", "a.tile.late", "Tile"},
		{"/gallery/board", "svg.spark", "Spark"},
		{"/gallery/board", "svg.mix", "Mix"},
	} {
		for _, choice := range []string{"?lang=zh", "?lang=en&theme=dark"} {
			if len(all(page(t, c.page+choice), c.selector)) == 0 {
				t.Errorf("%s%s: no %s (%s)", c.page, choice, c.selector, c.component)
			}
		}
	}
}

// TestPagesKeepTheRules holds what every page promises, whatever is on it.
func TestPagesKeepTheRules(t *testing.T) {
	t.Parallel()
	chinese := regexp.MustCompile(`\p{Han}`)
	for _, path := range galleryPaths {
		zh, en := page(t, path+"?lang=zh"), page(t, path+"?lang=en")
		for _, doc := range []*html.Node{zh, en} {
			keepsTheRules(t, path, doc)
		}
		for n := range en.Descendants() {
			// The switch to Chinese is in Chinese, and so is a masked name.
			if n.Type == html.TextNode && chinese.MatchString(n.Data) && n.Parent.Data != "a" && attr(n.Parent, "class") != "masked" {
				t.Errorf("%s: the English page says %q", path, n.Data)
			}
		}
	}
}

func keepsTheRules(t *testing.T, path string, doc *html.Node) {
	t.Helper()
	ids := map[string]bool{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on"):
				t.Errorf("%s: <%s %s=%q>: the policy allows nothing inline", path, n.Data, a.Key, a.Val)
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("%s: two elements with the id %q", path, a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			case strings.HasPrefix(a.Val, "/assets/") && !strings.Contains(a.Val, "?v="):
				t.Errorf("%s: %s is not an embedded file", path, a.Val)
			}
		}
		if n.Data == "style" || n.Data == "script" && !has(n, "src") {
			t.Errorf("%s: <%s>: the policy allows nothing inline", path, n.Data)
		}
	}
	for _, use := range all(doc, "use") {
		if _, name, _ := strings.Cut(attr(use, "href"), "#i-"); name != "" && !inSprite(name) {
			t.Errorf("%s: no icon %q in the sprite", path, name)
		}
	}
}

var spriteIDs = regexp.MustCompile(`id="i-([a-z0-9-]+)"`)

func inSprite(name string) bool {
	answer := httptest.NewRecorder()
	ui.Assets().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/assets/icons.svg", nil))
	body, _ := io.ReadAll(answer.Body)
	for _, m := range spriteIDs.FindAllStringSubmatch(string(body), -1) {
		if m[1] == name {
			return true
		}
	}
	return false
}

// TestFirstLoad holds the promise to cheap phones: the first page of the
// portal, with all it loads, is under 100 KB on the wire.
func TestFirstLoad(t *testing.T) {
	t.Parallel()
	const limit = 100_000
	doc := page(t, "/gallery/resident")
	var raw strings.Builder
	if err := html.Render(&raw, doc); err != nil {
		t.Fatal(err)
	}
	total, loads := raw.Len(), map[string]bool{} // the page itself counted uncompressed
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, name := range []string{"src", "href"} {
			address, _, _ := strings.Cut(attr(n, name), "#")
			if strings.HasPrefix(address, "/assets/") && n.Data != "a" {
				loads[address] = true
			}
		}
	}
	for address := range loads {
		if strings.Contains(address, "htmx") {
			t.Errorf("the portal loads %s, which it does not need", address)
		}
		total += len(fetch(t, address, "gzip").Body.Bytes())
	}
	if len(loads) < 3 || total > limit {
		t.Errorf("first load of the portal: got %d bytes in %d files, want at most %d", total, len(loads)+1, limit)
	}
	t.Logf("first load of the portal: %d bytes in %d files", total, len(loads)+1)
}

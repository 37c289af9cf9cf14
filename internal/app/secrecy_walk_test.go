package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/rights"
)

// unknowing are those who must not know who reported, and why each is asked.
var unknowing = map[string]string{
	"duwei": "handles it", "ningyuan": "heads the unit", "qiufeng": "helps", "wugang": "of another unit, handles one", "liuxiaoyan": "grid worker",
	"dingyan": "observer", "zhouhui": "supervisor", "linwang": "leader", "suming": "system administrator", "luopei": "security administrator",
	"heqiao": "audit administrator", "": "nobody who works here",
}

// spellings are the ways in which a text may stand in an answer.
func spellings(s string) (all []string) {
	all = []string{s, url.QueryEscape(s), strings.ToLower(url.QueryEscape(s)), hex.EncodeToString([]byte(s)), strings.Trim(fmt.Sprintf("%+q", s), `"`)}
	for shift := range 3 { // whatever stands before it
		coded := base64.StdEncoding.EncodeToString(append(make([]byte, shift), s...))
		coded = strings.TrimRight(coded, "=")
		if at := (shift*8 + 5) / 6; at+4 < len(coded) {
			all = append(all, coded[at:len(coded)-2])
		}
	}
	return all
}

// spell prepares what is looked for: names, numbers, masks of them, and words of
// pictures.
func (w *witness) spell() {
	if w.spelt != nil {
		return
	}
	secret := []string{w.name, w.latin, w.phone, strings.Replace(w.name, "万", "*", 1), "138****" + w.tail(), w.phone[:3] + " " + w.phone[3:7] + "-" + w.tail()}
	for _, s := range secret {
		w.spelt = append(w.spelt, spellings(s)...)
	}
	w.alone = regexp.MustCompile(`(?:^|[^0-9a-zA-Z.:-])` + w.tail() + `(?:$|[^0-9a-zA-Z.-])`)
	w.came = regexp.MustCompile(fmt.Sprintf(`10:%d\b|02:%d:`, w.minute, w.minute))
}

// lookFor reports what of any witness stands in a text: names, numbers, masks of
// them, words of pictures, and where minute is asked, the minute of the report.
func (h *hushed) lookFor(where, text string, minutes bool) {
	h.t.Helper()
	text = html.UnescapeString(text)
	tell := func(w *witness, what string, from, to int) {
		h.t.Helper()
		h.t.Errorf("%s tells %s of %s: …%s…", where, what, w.as, strings.ToValidUTF8(text[max(0, from-80):min(len(text), to+40)], ""))
	}
	for _, w := range h.witnesses {
		w.spell()
		for _, spelt := range w.spelt {
			if at := strings.Index(text, spelt); at >= 0 {
				tell(w, spelt, at, at+len(spelt))
				break
			}
		}
		if at := w.alone.FindStringIndex(text); at != nil {
			tell(w, "the last digits", at[0], at[1])
		}
		if at := w.came.FindStringIndex(text); minutes && at != nil {
			tell(w, "the minute", at[0], at[1])
		}
	}
}

// walk goes through every page that those who must not know may open. The unit
// that handles opens every case; the others, whose pages are the same, the one
// that the length of their login picks. Pages do not depend on the engine: on PostgreSQL
// the handler, the observer and a passer-by stand for all.
func (h *hushed) walk() {
	all := h.witnesses
	defer func() { h.mine = nil }()
	for login, why := range unknowing {
		if h.DB.Engine() == db.Postgres && !slices.Contains([]string{"duwei", "dingyan", ""}, login) {
			continue
		}
		if h.mine = all; login != "duwei" {
			h.mine = all[len(login)%len(all):][:1]
		}
		b, start := h.Browser(), []string{"/", "/matters", "/performance", "/trail/", "/late", "/about/privacy"}
		if login != "" {
			b = h.As(login)
			start = append(start, "/desk", "/desk/cases", "/desk/cases.csv", "/desk/cases.xlsx", "/desk/notices", "/desk/looks", "/field", "/field/reported", "/watch", "/scores", "/board", "/admin", "/admin/audit", "/admin/audit.csv", "/admin/messages", "/desk/admin/messages", "/account", "/account/keys")
		}
		for _, w := range h.mine {
			id := string(h.cases[w.as])
			start = append(start, "/track/"+w.number, "/track?number="+w.number)
			if login != "" {
				start = append(start, "/desk/case/"+id, "/desk/case/"+id+"/trail", "/desk/case/"+id+"/who", "/desk/case/"+id+"/person", "/desk/case/"+id+"/reveal", "/desk/take/caller?phone="+w.phone, "/desk/take/receipt/"+id, "/desk/search?q="+w.number)
			}
		}
		h.crawl(b, login+", "+why, start)
		if slices.Contains([]string{"duwei", "ningyuan", "wugang", "zhouhui"}, login) { // whose role may search
			h.finds(b, login+", "+why)
		}
	}
	h.keys()
}

// ids are what tells one page of a kind from another: ids and numbers, months,
// units, areas, matters, cards, and what is asked of a list.
var ids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]{6}-[0-9]{5}|=[^&]*|/20[0-9]{2}(-[Q0-9-]+)?|/[a-z]+:[^/?]+|/u-[a-z0-9-]+|/p-[a-z0-9-]+|/[0-9]{6,15}|/matters/[^/?]+`)

// kindOf is the kind of page that an address leads to. Pages about the unit that
// handles the secret cases, and about the month in which they came, are kinds of
// their own: there the cases stand.
func kindOf(path string) string {
	return ids.ReplaceAllStringFunc(path, func(id string) string {
		if strings.HasSuffix(id, "u-shichang") || id == "/2026-11" || id == "=2026-11" {
			return id
		}
		return id[:1]
	})
}

// crawl opens pages and whatever they lead to: each kind of page once,
// and every page of a secret case.
func (h *hushed) crawl(b *apptest.Browser, who string, next []string) {
	h.t.Helper()
	seen, kinds, opened := map[string]bool{}, map[string]int{}, 0
	for len(next) > 0 {
		path := next[0]
		next = next[1:]
		kind := kindOf(path)
		ours := slices.ContainsFunc(h.mine, func(w *witness) bool { return strings.Contains(path, string(h.cases[w.as])) })
		if seen[path] || (kinds[kind] >= 1 || strings.Count(path, "&") > 1) && !ours || skipped(path) { // filters of lists add up without end
			continue
		}
		seen[path] = true
		kinds[kind]++
		a := b.Get(path)
		if a.Status == http.StatusOK {
			opened++
		}
		if a.Status >= http.StatusInternalServerError {
			h.t.Errorf("%s: %s fails: %d", who, path, a.Status)
		}
		h.answered(who+": "+path, path, a)
		for _, n := range a.Find(func(*xhtml.Node) bool { return true }) {
			for _, at := range []string{"href", "src", "data-src", "hx-get"} {
				if to := apptest.Attr(n, at); strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") {
					to, _, _ = strings.Cut(to, "#")
					next = append(next, to)
				}
			}
			if n.Data == "form" && strings.EqualFold(apptest.Attr(n, "method"), "get") {
				next = append(next, apptest.Attr(n, "action"))
			}
		}
	}
	h.t.Logf("%s: opened %d pages", who, opened)
	if opened < 10 {
		h.t.Errorf("%s opened %d pages: the test looks at nothing", who, opened)
	}
}

// skipped are addresses that never end, sign out, or hold nothing of a district.
func skipped(path string) bool {
	if strings.Contains(path, ".png") || strings.Contains(path, ".pdf") { // drawn of the same figures as the page
		return true
	}
	return path == "" || slices.ContainsFunc([]string{"/live", "/assets/", "/sign-out", "/choose", "/gallery", "/sign-in"}, func(p string) bool { return strings.HasPrefix(path, p) })
}

// answered looks at one answer: its head, its text, and what is packed in it.
// What the address itself says is not told by the answer.
func (h *hushed) answered(where, path string, a apptest.Answer) {
	h.t.Helper()
	body := a.Body
	for _, w := range h.witnesses {
		if strings.Contains(path, w.phone) {
			body = strings.ReplaceAll(body, w.phone, "")
		}
	}
	if z, err := zip.NewReader(strings.NewReader(body), int64(len(body))); err == nil {
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				h.t.Fatal(err)
			}
			data, err := io.ReadAll(r)
			if err != nil {
				h.t.Fatal(err)
			}
			body += string(data)
		}
	}
	// When somebody signed in, and when a system was given a key, is no secret.
	minutes := !strings.HasPrefix(path, "/account") && !strings.Contains(path, "/admin")
	h.lookFor(where, body+"\n"+fmt.Sprint(a.Header), minutes)
}

// finds looks for the witnesses the ways somebody would who suspects them.
func (h *hushed) finds(b *apptest.Browser, who string) {
	h.t.Helper()
	for _, w := range h.witnesses {
		for _, q := range []string{w.name, w.phone, w.tail()} {
			for _, path := range []string{"/desk/search?q=", "/desk/cases.csv?q="} {
				a := b.Get(path + url.QueryEscape(q))
				if found := numbers(a.Body); a.Status == http.StatusOK && len(found) > 0 {
					h.t.Errorf("%s finds %v by %s%s", who, found, path, q)
				}
			}
		}
	}
}

// keys asks the machine interface, with a key of the unit that handles and with
// one that sees every case, at every address that its own document names.
func (h *hushed) keys() {
	var doc struct{ Paths map[string]map[string]any }
	if err := json.Unmarshal([]byte(h.Browser().Get("/openapi.json").Body), &doc); err != nil || len(doc.Paths) < 5 {
		h.t.Fatalf("%d paths of openapi.json: %v", len(doc.Paths), err)
	}
	for who, key := range map[string]string{
		"key of the unit": h.key("unit", "u-shichang", rights.CaseSee), "key that sees all": h.key("all", "", rights.CaseSeeAll, rights.ReportReceive),
		"own key of who handles": h.ownKey("duwei", rights.CaseSee, rights.CaseHandle),
	} {
		asked := 0
		for path, ways := range doc.Paths {
			if ways["get"] == nil {
				continue
			}
			for _, w := range h.witnesses {
				id := string(h.cases[w.as])
				d := &doors{World: h.World, t: h.t}
				status, body := d.ask(key, regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, id))
				h.lookFor(who+": "+path, string(body), true)
				if status == http.StatusOK {
					asked++
				}
				if !strings.HasSuffix(path, "/cases") {
					continue
				}
				for _, q := range []string{w.name, w.tail(), w.phone} {
					if _, body := d.ask(key, path+"?q="+url.QueryEscape(q)); len(numbers(string(body))) > 0 {
						h.t.Errorf("%s finds %v by %s", who, numbers(string(body)), q)
					}
				}
			}
		}
		if asked < 10 {
			h.t.Errorf("%s was answered %d times", who, asked)
		}
	}
}

// rows looks into every row of every table but the report itself, whose words
// are only shown to those who take reports in; and asks the index, past every
// scope.
func (h *hushed) rows() {
	for _, table := range (&besieged{World: h.World, t: h.t}).tables() {
		if table == "reports" {
			continue
		}
		names := "select name from pragma_table_info('" + table + "')"
		if h.DB.Engine() == db.Postgres {
			names = "select cast(column_name as text) from information_schema.columns where table_schema = 'public' and table_name = '" + table + "'"
		}
		columns, err := db.All(h.t.Context(), h.DB, func(s *string) []any { return []any{s} }, names)
		if err != nil {
			h.t.Fatal(err)
		}
		for i, c := range columns {
			columns[i] = `coalesce(cast("` + c + `" as text), '')`
		}
		rows, err := db.All(h.t.Context(), h.DB, func(s *string) []any { return []any{s} }, "select "+strings.Join(columns, " || ' ' || ")+" from "+table)
		if err != nil {
			h.t.Fatal(err)
		}
		h.lookFor("table "+table, strings.Join(rows, "\n"), false)
	}
	for _, w := range h.witnesses {
		for _, q := range []string{w.name, w.phone, w.tail()} {
			p, err := casework.List(h.t.Context(), h.DB, h.District(), casework.Filter{Text: q}, h.now(), "", 10)
			if err != nil || len(p.Rows) > 0 {
				h.t.Errorf("the index finds %d cases by %s: %v", len(p.Rows), q, err)
			}
		}
	}
}

// disk looks at every file that was kept: neither the pictures nor anything
// beside them holds what came with them.
func (h *hushed) disk() {
	pictures := 0
	err := filepath.WalkDir(h.files, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
			pictures++
		}
		h.lookFor(filepath.Base(path), path+string(data), false)
		return err
	})
	if err != nil || pictures == 0 {
		h.t.Errorf("%d pictures on disk: %v", pictures, err)
	}
}

// logged looks at everything the program wrote into its log, requests too.
func (h *hushed) logged() {
	h.log.mu.Lock()
	defer h.log.mu.Unlock()
	if h.log.text.Len() == 0 {
		h.t.Error("nothing was logged: the test looks at nothing")
	}
	// How long an answer was and what it took are numbers too, and tell nobody.
	h.lookFor("the log", measured.ReplaceAllString(h.log.text.String(), ""), false)
}

var measured = regexp.MustCompile(`\b(bytes|took)=\S+`)

package casework_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
	"linli/internal/intake"
)

// searchable are texts that are easy to search wrongly.
var searchable = []string{
	"桂香路井盖松动，车一过就响。", "井盖 松 动", "盖井", "桂香桂香桂香", "路灯Ｎｏ．１２ 不亮", "ABC-123 abc123", "Straße ſtrasse STRASSE",
	"e\u0301cole école Ecole", "ﬁre ①②③ ㍿ ½", "がぎぐ カ\u3099", "한국어 ㈜", "İstanbul ISTANBUL ısı", "Οδός ΟΔΟΣ", "ผู้ใหญ่", "नमस्ते", "𠮷野家 吉野家",
	"𫠊𬱖 新扩区的字", "emoji 👨‍👩‍👧 🚧 ok", "a_b c'd e\"f g*h (i OR j) NEAR k AND NOT l", "drop table cases; --", "x", "", "0", "١٢٣ １２３ 123",
	"Ⅻ xii", "ǅ ǆ", "ᏸ Ᏸ ꮿ", "\u1E9E ss", "長い文章の中の言葉",
}

// corpus is a district whose cases have the given texts.
func corpus(f testing.TB, database string, texts []string) *crowd {
	c := &crowd{World: apptest.At(f, database)}
	c.d = c.District()
	for _, text := range texts {
		r, err := c.Desk.Receive(f.Context(), c.d, intake.Sending{Channel: intake.Machine, Matter: "c01002", Text: text})
		if err != nil {
			f.Fatal(err)
		}
		c.ids = append(c.ids, r.Case.ID)
	}
	return c
}

// found searches, and what a plain search of the texts finds.
func (c *crowd) found(t testing.TB, query string) (got, want []string) {
	t.Helper()
	for _, id := range c.ids {
		k, err := casework.ByID(t.Context(), c.DB, c.d.Code, id)
		if err != nil {
			t.Fatal(err)
		}
		if contains(k.Title+"\n"+k.Place.Address+"\n"+k.Text, query) {
			want = append(want, k.Text)
		}
	}
	p, err := casework.List(t.Context(), c.DB, c.d, casework.Filter{Text: query}, c.Clock.Now(), "", len(c.ids)+1)
	if err != nil {
		t.Fatalf("search %q: %v", query, err)
	}
	n, err := casework.Count(t.Context(), c.DB, c.d, casework.Filter{Text: query}, c.Clock.Now())
	if err != nil || n.N != len(p.Rows) {
		t.Errorf("search %q: count %+v, %v, list %d", query, n, err, len(p.Rows))
	}
	for _, r := range p.Rows {
		got = append(got, r.Text)
	}
	slices.Sort(got)
	slices.Sort(want)
	return got, want
}

// Whatever is typed, a search finds what a plain search through the texts
// finds, on both engines: every word of every text, and what only looks like one.
func TestSearchFindsWhatAPlainSearchFinds(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		c := corpus(t, address, searchable)
		queries := []string{"灯", "k", "s", "井盖 松", "松 井盖", "%", "_", "' or 1=1 --", `"`, "*", "井*", "NEAR(井盖)", "-井盖", "pieces:井盖", ":*", "<->", "&", "!", "\\", "\x00", "　"}
		for _, text := range searchable {
			for i, r := range text {
				queries = append(queries, string(r), text[i:])
			}
		}
		for _, query := range queries {
			if !utf8.ValidString(query) || strings.Contains(query, "\x00") {
				continue // doors refuse these before they search
			}
			got, want := c.found(t, query)
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("search %q (-plain +found)\n%s", query, diff)
			}
		}
	})
}

// FuzzSearch searches a small corpus for anything at all, from anywhere: it
// finds what a plain search finds, and a cursor that is none is told as such.
//
// ASVS 1.2.4
func FuzzSearch(f *testing.F) {
	c := corpus(f, "sqlite:"+filepath.Join(f.TempDir(), "linli.db"), searchable)
	for _, text := range searchable {
		f.Add(text, "")
	}
	f.Add(`" OR pieces:x* NEAR(`, "MTIzIHg")
	f.Add("井盖' ; drop table cases; --", "\x00")
	f.Fuzz(func(t *testing.T, query, cursor string) {
		if !utf8.ValidString(query) || strings.Contains(query, "\x00") || len(query) > 300 {
			return // doors refuse these before they search
		}
		got, want := c.found(t, query)
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("search %q (-plain +found)\n%s", query, diff)
		}
		for _, list := range []casework.Filter{{}, {Newest: true}, {Text: query}} {
			if _, err := casework.List(t.Context(), c.DB, c.d, list, c.Clock.Now(), cursor, 2); err != nil && !errors.Is(err, errs.Invalid) {
				t.Errorf("cursor %q: %v, want it listed or invalid", cursor, err)
			}
		}
	})
}

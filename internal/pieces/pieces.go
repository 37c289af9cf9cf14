// Package pieces cuts text for searching: overlapping pieces of two characters,
// the same for SQLite's FTS5 and PostgreSQL's tsvector, so that a word is found
// wherever it stands in a text and none is missed. Word segmenters and the
// trigram tokenizer both miss Chinese words of two characters.
//
// It is pure. What the engines do with the pieces is in casework's search.
package pieces

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// most bounds the characters of one text that are indexed; PostgreSQL keeps
// positions up to 16,383.
const most = 8000

// sign begins a mark. It is of the private use area, which holds no letters: no
// run of a text or a query has it.
const sign = "\uE000"

// runs folds width, composition and case, and splits at whatever is neither
// letter, digit nor mark.
func runs(text string) [][]rune {
	var all [][]rune
	var run []rune
	n := 0
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			run = append(run, r)
			if n++; n == most {
				break
			}
			continue
		}
		if len(run) > 0 {
			all, run = append(all, run), nil
		}
	}
	if len(run) > 0 {
		all = append(all, run)
	}
	return all
}

// Of returns the pieces of text in order, between spaces: the pairs of each
// run, then its last character alone. Pairs of one run stand beside each other,
// so that a phrase of pairs matches exactly the texts that contain it; the last
// character keeps runs apart, and lets every character be the beginning of some
// piece, by which queries of one are answered. Marks are words of a to z and
// digits that stand for themselves, and that no query finds unless it names
// them as marks.
func Of(text string, marks ...string) string {
	var b strings.Builder
	for _, run := range runs(text) {
		for i := range run {
			b.WriteString(string(run[i:min(i+2, len(run))]))
			b.WriteByte(' ')
		}
	}
	for _, m := range marks {
		b.WriteString(sign + m + " ")
	}
	return strings.TrimSuffix(b.String(), " ")
}

// phrase is one run of a query: pieces side by side, or the beginning of one.
type phrase struct {
	pieces []string
	begins bool
}

// phrases returns, for each run of the query, its phrase.
func phrases(query string) []phrase {
	var all []phrase
	for _, run := range runs(query) {
		if len(run) == 1 {
			all = append(all, phrase{[]string{string(run)}, true})
			continue
		}
		var p phrase
		for i := 0; i+1 < len(run); i++ {
			p.pieces = append(p.pieces, string(run[i:i+2]))
		}
		all = append(all, p)
	}
	return all
}

// FTS5 returns the query as an FTS5 expression that finds texts holding every
// run of query, and every mark; "" when query holds nothing to look for. A mark
// may be several with | between them: one of them must be there.
func FTS5(query string, marks ...string) string {
	var parts []string
	for _, p := range phrases(query) {
		part := `"` + strings.Join(p.pieces, " ") + `"`
		if p.begins {
			part += " *"
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return ""
	}
	for _, m := range marks {
		parts = append(parts, `("`+sign+strings.ReplaceAll(m, "|", `" OR "`+sign)+`")`)
	}
	return strings.Join(parts, " AND ")
}

// TSQuery returns the same as a PostgreSQL tsquery literal. Pieces hold only
// letters, digits and marks, so none needs quoting against its syntax; they are
// quoted all the same.
func TSQuery(query string, marks ...string) string {
	var parts []string
	for _, p := range phrases(query) {
		quoted := make([]string, len(p.pieces))
		for i, piece := range p.pieces {
			quoted[i] = "'" + piece + "'"
			if p.begins {
				quoted[i] += ":*"
			}
		}
		parts = append(parts, "("+strings.Join(quoted, " <-> ")+")")
	}
	if len(parts) == 0 {
		return ""
	}
	for _, m := range marks {
		parts = append(parts, "('"+sign+strings.ReplaceAll(m, "|", "' | '"+sign)+"')")
	}
	return strings.Join(parts, " & ")
}

// Vector returns the pieces of text as a PostgreSQL tsvector literal, each
// with its positions: the server's own parser would split and drop some.
func Vector(text string, marks ...string) string {
	var order []string
	places := map[string][]string{}
	for i, piece := range strings.Fields(Of(text, marks...)) {
		if places[piece] == nil {
			order = append(order, piece)
		}
		if len(places[piece]) < 255 { // the server keeps no more
			places[piece] = append(places[piece], itoa(i+1))
		}
	}
	var b strings.Builder
	for _, piece := range order {
		b.WriteString("'" + piece + "':" + strings.Join(places[piece], ",") + " ")
	}
	return b.String()
}

func itoa(n int) string {
	if n > 16383 {
		n = 16383
	}
	var digits [5]byte
	i := len(digits)
	for ; n > 0; n /= 10 {
		i--
		digits[i] = byte('0' + n%10)
	}
	return string(digits[i:])
}

package catalogue

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Suggestion is a matter a text may be about.
type Suggestion struct {
	Matter Matter
	Score  float64  // 0 to 1
	Words  []string // of the text, that matched
}

// maxSuggestText bounds how much of a text is read, in characters.
const maxSuggestText = 2000

// A word that residents use for a matter says more than two characters that
// its title happens to share with the text.
const (
	wordWeight  = 3.0
	titleWeight = 4.0 // of the whole title
	pieceWeight = 1.0
	enough      = 6.0 // the score that counts as nearly certain
)

// suggester finds matters by the words of their titles and their own words.
type suggester struct {
	words  map[string][]entry // first piece of a word → the words that begin with it
	pieces map[string][]int   // piece of a title → matters
	rarity map[string]float64
	list   []*Matter
}

type entry struct {
	word   string
	matter int
	weight float64
}

func newSuggester(list []*Matter) *suggester {
	s := &suggester{words: map[string][]entry{}, pieces: map[string][]int{}, rarity: map[string]float64{}, list: list}
	for i, m := range list {
		zh, en := strings.TrimSuffix(fold(m.Title.ZH), "异常"), strings.TrimSuffix(fold(m.Title.EN), " problem")
		s.word(zh, i, titleWeight)
		s.word(en, i, titleWeight)
		for _, w := range m.Words {
			s.word(fold(w), i, wordWeight)
		}
		for _, p := range append(pieces(zh), pieces(en)...) {
			if len(p) > 3 && !slices.Contains(s.pieces[p], i) {
				s.pieces[p] = append(s.pieces[p], i)
			}
		}
	}
	for p, in := range s.pieces {
		s.rarity[p] = math.Log(1+float64(len(list))/float64(len(in))) / math.Log(1+float64(len(list)))
	}
	return s
}

func (s *suggester) word(w string, matter int, weight float64) {
	if w == "" || len([]rune(w)) < 2 {
		return
	}
	first := pieces(w)
	if len(first) == 0 {
		return
	}
	// A longer word is the surer sign: 路灯不亮 outweighs 路灯.
	weight *= 0.5 + 0.25*math.Min(float64(len([]rune(w))), 6)
	if latin(rune(w[0])) {
		weight /= 2 // Latin letters say half as much each
	}
	s.words[first[0]] = append(s.words[first[0]], entry{w, matter, weight})
}

// suggest gives up to n matters, best first; equal ones by code.
func (s *suggester) suggest(text string, n int) []Suggestion {
	text = fold(text)
	if r := []rune(text); len(r) > maxSuggestText {
		text = string(r[:maxSuggestText])
	}
	score := map[int]float64{}
	found := map[int][]string{}
	credit := func(i int, w string, weight float64) {
		if !slices.Contains(found[i], w) {
			found[i] = append(found[i], w)
			score[i] += weight
		}
	}
	seen := map[string]bool{}
	each(text, func(piece, rest string) {
		for _, e := range s.words[piece] {
			if begins(rest, e.word) {
				credit(e.matter, e.word, e.weight)
			}
		}
		if seen[piece] {
			return
		}
		seen[piece] = true
		for _, i := range s.pieces[piece] {
			credit(i, piece, pieceWeight*s.rarity[piece])
		}
	})
	return s.best(score, found, n)
}

func (s *suggester) best(score map[int]float64, found map[int][]string, n int) []Suggestion {
	var all []Suggestion
	for i, v := range score {
		if v < 0.6 {
			continue // one common piece is chance
		}
		words := found[i]
		slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
		words = slices.DeleteFunc(words, func(w string) bool {
			return slices.ContainsFunc(words, func(l string) bool { return l != w && len(l) > len(w) && strings.Contains(l, w) })
		})
		all = append(all, Suggestion{Matter: *s.list[i], Score: v / (v + enough/3), Words: words})
	}
	slices.SortFunc(all, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Matter.Code, b.Matter.Code))
	})
	return all[:min(n, len(all))]
}

// fold makes full-width letters plain, capitals small and white space one.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}

func latin(r rune) bool { return r < 0x300 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// pieces are the overlapping pairs of Chinese characters and the Latin words.
func pieces(s string) []string {
	var all []string
	each(s, func(p, _ string) { all = append(all, p) })
	return all
}

// each calls f with every piece of s and what follows from its start.
func each(s string, f func(piece, rest string)) {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if latin(r) {
			n := strings.IndexFunc(s[i:], func(r rune) bool { return !latin(r) })
			if n < 0 {
				n = len(s) - i
			}
			f(s[i:i+n], s[i:])
			i += n
			continue
		}
		next, n := utf8.DecodeRuneInString(s[i+size:])
		if unicode.Is(unicode.Han, r) && unicode.Is(unicode.Han, next) {
			f(s[i:i+size+n], s[i:])
		}
		i += size
	}
}

// begins reports whether text begins with word, and, for Latin, whether the
// word ends there too.
func begins(text, word string) bool {
	rest, ok := strings.CutPrefix(text, word)
	last, _ := utf8.DecodeLastRuneInString(word)
	next, _ := utf8.DecodeRuneInString(rest)
	return ok && !(latin(last) && latin(next))
}

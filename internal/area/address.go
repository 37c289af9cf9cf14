package area

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"linli/internal/lang"
)

// Candidate is an area that an address may mean.
type Candidate struct {
	Code  Code
	Score float64   // higher is likelier; only its order means anything
	Found string    // the words of the address that point here
	Why   lang.Text // for the person who chooses
}

// candidates is how many FromAddress gives at most.
const candidates = 10

// maxText bounds the text looked at, in bytes: an address stands near its
// beginning.
const maxText = 4000

// FromAddress ranks the areas that a text may mean by the names in it: full
// names before short ones (without 街道, 社区, 网格 …), members of exclusive
// grids, house numbers listed for a grid. A name that here only begins a
// road's (桂香路) counts little. Areas whose street or community is named too
// rank higher. Nothing found gives none.
func (m *Map) FromAddress(text string) []Candidate {
	text = plainText(strings.ToValidUTF8(text[:min(len(text), maxText)], ""))
	hits := m.names.hits(text)
	best := map[Code]hit{}
	for _, h := range hits {
		if old, there := best[h.code]; !there || h.score > old.score {
			best[h.code] = h
		}
	}
	all := make([]Candidate, 0, len(best))
	for code, h := range best {
		c := Candidate{Code: code, Score: h.score, Found: h.word, Why: m.whyHit(h)}
		for up := code.Parent(); up != ""; up = up.Parent() {
			if above, ok := best[up]; ok && above.at != h.at {
				c.Score += above.score
				c.Why = lang.Text{ZH: c.Why.ZH + "，且提到" + m.Name(up).ZH, EN: c.Why.EN + ", and " + m.Name(up).In(lang.EN) + " is named"}
			}
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(len(b.Code), len(a.Code)), cmp.Compare(a.Code, b.Code))
	})
	return all[:min(len(all), candidates)]
}

func (m *Map) whyHit(h hit) lang.Text {
	name := m.Name(h.code)
	switch h.how {
	case byRoad:
		return lang.Text{ZH: "路名“" + h.word + "…”与" + name.ZH + "同名，不一定在此", EN: "the road name “" + h.word + "…” is also that of " + name.In(lang.EN) + "; it need not be there"}
	case byMember:
		return lang.Text{ZH: "“" + h.word + "”是" + name.ZH + "的成员", EN: "“" + h.word + "” is a member of " + name.In(lang.EN)}
	case byNumber:
		return lang.Text{ZH: "“" + h.word + "”的门牌属于" + name.ZH, EN: "the house number “" + h.word + "” belongs to " + name.In(lang.EN)}
	}
	return lang.Text{ZH: "地址中有“" + h.word + "”", EN: "the address has “" + h.word + "”"}
}

// how a word points to an area, and what that is worth for each character.
type how int

const (
	byName how = iota
	byShort
	byMember
	byNumber
	byRoad
)

var worth = map[how]float64{byName: 3, byShort: 2, byMember: 2.5, byNumber: 3, byRoad: 0.5}

// term is a word that names an area.
type term struct {
	word string
	code Code
	how  how
}

// hit is a term found in a text.
type hit struct {
	term
	at    int
	score float64
}

// gazetteer finds names in text. To try only words that may stand at a place,
// it knows by their first two characters how long the words are.
type gazetteer struct {
	terms   map[string][]term   // by word
	lengths map[string][]int    // in bytes, by the first two characters; longest first
	numbers map[string][]houses // by road
}

func newGazetteer(m *Map) *gazetteer {
	g := &gazetteer{terms: map[string][]term{}, lengths: map[string][]int{}, numbers: map[string][]houses{}}
	for code, a := range m.areas {
		if a.Tier == District {
			continue // its name tells nothing apart
		}
		full, english := plainText(a.Name.ZH), plainText(a.Name.EN)
		g.add(term{full, code, byName})
		g.add(term{english, code, byName})
		if short, ok := strings.CutSuffix(english, " "+string(a.Tier)); ok {
			g.add(term{short, code, byShort})
		}
		if short := shortName(full, a.Tier); short != full {
			g.add(term{short, code, byShort})
		}
		if parent, ok := m.areas[code.Parent()]; ok && a.Tier == Grid {
			g.addGridForms(a, parent, full)
		}
		for _, member := range a.Members {
			if h, ok := parseHouses(plainText(member), code); ok {
				g.numbers[h.road] = append(g.numbers[h.road], h)
				continue
			}
			g.add(term{plainText(member), code, byMember})
		}
	}
	for _, list := range g.terms {
		slices.SortFunc(list, func(a, b term) int {
			return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.how, b.how))
		})
	}
	for _, list := range g.lengths {
		slices.SortFunc(list, func(a, b int) int { return b - a })
	}
	return g
}

// addGridForms adds how people say a grid's name: 桂香07网格 is also
// 桂香社区07网格, 桂香社区第7网格 and 桂香7号网格.
func (g *gazetteer) addGridForms(a, community Area, full string) {
	digits := strings.TrimLeft(full, strings.TrimRight(full, "0123456789网格号第"))
	digits = strings.Trim(digits, "网格号第")
	n := strings.TrimLeft(digits, "0")
	if n == "" || strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return
	}
	name := plainText(community.Name.ZH)
	for _, stem := range []string{name, shortName(name, Community)} {
		for _, form := range []string{digits + "网格", n + "网格", "第" + n + "网格", n + "号网格", "第" + digits + "网格", digits + "号网格"} {
			g.add(term{stem + form, a.Code, byName})
		}
	}
}

func (g *gazetteer) add(t term) {
	if utf8.RuneCountInString(t.word) < 2 {
		return
	}
	if len(g.terms[t.word]) == 0 {
		key := firstTwo(t.word)
		if !slices.Contains(g.lengths[key], len(t.word)) {
			g.lengths[key] = append(g.lengths[key], len(t.word))
		}
	}
	g.terms[t.word] = append(g.terms[t.word], t)
}

// hits finds the terms in a text. A word that lies inside a longer one found
// there says nothing of its own.
func (g *gazetteer) hits(text string) []hit {
	var all []hit
	covered := 0 // end of the longest name found so far
	for at := range text {
		for _, n := range g.lengths[firstTwo(text[at:])] {
			if at+n > len(text) || !wholeWord(text, at, n) {
				continue
			}
			if at+n <= covered {
				break
			}
			terms := g.terms[text[at:at+n]]
			for _, t := range terms {
				all = append(all, score(t, at, text[at+n:]))
			}
			if len(terms) > 0 {
				covered = at + n
				break
			}
		}
		all = append(all, g.houseHits(text, at)...)
	}
	return all
}

func score(t term, at int, after string) hit {
	if (t.how == byShort || t.how == byName && !hasSuffix(t.word)) && beginsRoad(after) {
		t.how = byRoad
	}
	return hit{t, at, worth[t.how] * float64(utf8.RuneCountInString(t.word))}
}

// wholeWord keeps a Latin name from being found inside another word, and a
// number inside another number: 8号楼 is not in 18号楼.
func wholeWord(text string, at, n int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	first, _ := utf8.DecodeRuneInString(text[at:])
	last, _ := utf8.DecodeLastRuneInString(text[:at+n])
	after, _ := utf8.DecodeRuneInString(text[at+n:])
	return !(latin(before) && latin(first)) && !(latin(last) && latin(after)) &&
		!(unicode.IsDigit(before) && unicode.IsDigit(first)) && !(unicode.IsDigit(last) && unicode.IsDigit(after))
}

func latin(r rune) bool { return r < 0x250 && unicode.IsLetter(r) }

func firstTwo(s string) string {
	n := 0
	for i := range s {
		if n == 2 {
			return s[:i]
		}
		n++
	}
	return s
}

// suffixes end the full names of a tier, longest first.
var suffixes = map[Tier][]string{
	Street:    {"街道办事处", "民族乡", "街道", "镇", "乡"},
	Community: {"社区居委会", "社区居民委员会", "村民委员会", "居委会", "村委会", "社区", "村"},
	Grid:      {"基础网格", "专属网格", "网格"},
}

// shortName is a name without the word for its tier, if enough is left.
func shortName(name string, t Tier) string {
	for _, s := range suffixes[t] {
		if short, ok := strings.CutSuffix(name, s); ok && utf8.RuneCountInString(short) >= 2 {
			return short
		}
	}
	return name
}

func hasSuffix(name string) bool {
	for _, t := range []Tier{Street, Community, Grid} {
		if shortName(name, t) != name {
			return true
		}
	}
	return false
}

// beginsRoad reports whether what follows a name makes it a road's name. 街道
// does not: 槐树街 is a road, 槐树街道 a street office's territory.
func beginsRoad(after string) bool {
	if strings.HasPrefix(after, "街道") {
		return false
	}
	for _, w := range []string{"东", "西", "南", "北", "中", "一", "二", "三", ""} {
		rest, ok := strings.CutPrefix(after, w)
		if !ok {
			continue
		}
		for _, road := range []string{"大道", "大街", "路", "街", "巷", "道", "弄", "桥", "大桥"} {
			if strings.HasPrefix(rest, road) {
				return true
			}
		}
	}
	return false
}

// plainText brings full-width forms, case and spaces to one form.
func plainText(s string) string {
	s = strings.ToLower(width.Fold.String(s))
	han := strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), map[bool]string{true: "", false: " "}[han])
}

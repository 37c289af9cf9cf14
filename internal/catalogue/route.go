package catalogue

import (
	"cmp"
	"fmt"
	"slices"

	"linli/internal/lang"
)

// Rule is one line of the routing table: which unit deals with a matter in an
// area at some hours. Matter is a code, or the beginning of codes, and holds
// for everything below it in the tree; Area likewise. Empty means any.
type Rule struct {
	Matter string
	Area   string
	Hours  Hours
	Unit   string
	Co     []string
	Reason lang.Text
	Weight int    // 0: somebody wrote it; otherwise learned: the unit's share, of Whole
	From   string // file and line
}

// Choice is one unit proposed for a case, and why.
type Choice struct {
	Unit  string
	Co    []string
	Rule  string // where the rule stands; empty for the territory
	Why   lang.Text
	Score float64 // 1 for a written rule, the share of earlier cases for a learned one, 0 for the territory
	Sure  bool    // whether it may be sent there without a second look
}

// Explained is what the routing table says about a case, the best first.
type Explained struct {
	Choices []Choice
	NoOwner bool // no rule matched: the territory answers until somebody rules
}

// Query is what a route is asked for.
type Query struct {
	Matter    string
	Area      string // the smallest known code, a grid's or shorter
	When      When
	Territory []Fallback // from the street office to who catches all
}

// Fallback is a unit that answers where no rule does.
type Fallback struct {
	Unit string
	Why  lang.Text
}

// Whole is the weight of a unit that dealt with every earlier case.
const Whole = 10_000

// wanted is how many units a dispatcher is shown.
const wanted = 3

// sureShare is the share of earlier cases from which a learned rule is trusted.
const sureShare = 0.6

type place struct{ matter, area string }

// table is a routing table, indexed so that a query costs a few look-ups
// however many rules there are.
type table struct {
	written map[place][]*Rule
	learned map[place][]*Rule
	lengths []int // of the area codes that written rules name, longest first
}

func newTable(rules []Rule) *table {
	t := &table{written: map[place][]*Rule{}, learned: map[place][]*Rule{}}
	for i := range rules {
		r := &rules[i]
		at := place{r.Matter, r.Area}
		if r.Weight > 0 {
			t.learned[at] = append(t.learned[at], r)
			continue
		}
		t.written[at] = append(t.written[at], r)
		if !slices.Contains(t.lengths, len(r.Area)) {
			t.lengths = append(t.lengths, len(r.Area))
		}
	}
	slices.SortFunc(t.lengths, func(a, b int) int { return b - a })
	for _, rules := range t.written {
		slices.SortStableFunc(rules, func(a, b *Rule) int { return cmp.Compare(a.Hours.span(), b.Hours.span()) })
	}
	for _, rules := range t.learned {
		slices.SortStableFunc(rules, func(a, b *Rule) int { return cmp.Compare(b.Weight, a.Weight) })
	}
	return t
}

// route proposes units. keys are the matter's codes and prefixes from narrow
// to wide; path is its line from the top of the tree.
func (t *table) route(keys, path []string, q Query) Explained {
	e := Explained{Choices: make([]Choice, 0, wanted)}
	t.writtenFor(&e, keys, path, q)
	t.learnedFor(&e, path, q)
	e.NoOwner = len(e.Choices) == 0
	for _, f := range q.Territory {
		if f.Unit != "" && !e.full() && !e.has(f.Unit) {
			e.Choices = append(e.Choices, Choice{Unit: f.Unit, Why: f.Why})
		}
	}
	return e
}

func (e *Explained) full() bool { return len(e.Choices) >= wanted }

func (e *Explained) has(unit string) bool {
	return slices.ContainsFunc(e.Choices, func(c Choice) bool { return c.Unit == unit })
}

// writtenFor adds the written rules, the most specific first: by matter, then
// by area, then by hours, then as they stand in the table.
func (t *table) writtenFor(e *Explained, keys, path []string, q Query) {
	for _, key := range keys {
		for _, n := range t.lengths {
			if n > len(q.Area) {
				continue
			}
			for _, r := range t.written[place{key, q.Area[:n]}] {
				if e.full() {
					return
				}
				if !r.Hours.Hold(q.When) || e.has(r.Unit) {
					continue
				}
				e.Choices = append(e.Choices, Choice{
					Unit: r.Unit, Co: r.Co, Rule: r.From, Why: r.why(path[len(path)-1]), Score: 1, Sure: len(e.Choices) == 0,
				})
			}
		}
	}
}

// learnedFor adds what history suggests, from the narrowest count outwards:
// one step up the areas or the matters at a time, and the area first, since
// who does what changes more from matter to matter than from street to street.
func (t *table) learnedFor(e *Explained, path []string, q Query) {
	if len(t.learned) == 0 {
		return
	}
	areas := upwards(q.Area)
	for up := 0; up < len(areas)+len(path); up++ {
		for m := 0; m <= up; m++ { // m steps up the matters, the rest up the areas
			if m >= len(path) || up-m >= len(areas) {
				continue
			}
			t.suggested(e, t.learned[place{path[len(path)-1-m], areas[up-m]}], q)
			if e.full() {
				return
			}
		}
	}
}

// suggested adds the learned rules of one place. Each carries the unit's share
// of all earlier cases there; what is not listed had the rest, so the shares of
// a short list are not made to look like more.
func (t *table) suggested(e *Explained, rules []*Rule, q Query) {
	for _, r := range rules {
		if e.full() {
			return
		}
		if !r.Hours.Hold(q.When) || e.has(r.Unit) {
			continue
		}
		share := float64(r.Weight) / Whole
		why := r.Reason
		if why.IsZero() {
			why = r.learnedWhy(int(share*100 + 0.5))
		}
		e.Choices = append(e.Choices, Choice{
			Unit: r.Unit, Co: r.Co, Rule: r.From, Why: why, Score: share, Sure: len(e.Choices) == 0 && share >= sureShare,
		})
	}
}

// learnedWhy says how often the unit dealt with such cases.
func (r *Rule) learnedWhy(percent int) lang.Text {
	zh, en := within(r.Area)
	return lang.Text{
		ZH: fmt.Sprintf("过去%s这一类事，%d%% 由它办", zh, percent),
		EN: fmt.Sprintf("%d%% of earlier cases like this%s went to it", percent, en),
	}
}

// upwards gives an area and everything that contains it, then the whole.
func upwards(area string) []string {
	all := make([]string, 0, 5)
	for _, n := range [...]int{15, 12, 9, 6, 0} {
		if n <= len(area) {
			all = append(all, area[:n])
		}
	}
	return all
}

// matterKeys lists what a rule may name to hold for the matter at the end of
// path: it, the beginnings of its code, and the same of all above it.
func matterKeys(path []string) []string {
	var keys []string
	for i := len(path) - 1; i >= 0; i-- {
		for n := len(path[i]); n > 0; n-- {
			if !slices.Contains(keys, path[i][:n]) {
				keys = append(keys, path[i][:n])
			}
		}
	}
	return append(keys, "")
}

// why says which rule it was, in words.
func (r *Rule) why(matter string) lang.Text {
	zh, en := within(r.Area)
	what := lang.T("这一事项", "this matter")
	switch {
	case r.Matter == "":
		what = lang.T("各类事项", "any matter")
	case r.Matter != matter:
		what = lang.T("这一类事项", "this class of matters")
	}
	t := lang.Text{ZH: "按派遣规则：" + zh + what.ZH, EN: "by the routing table: " + what.EN + en}
	if hours := r.Hours.text(); !hours.IsZero() {
		t.ZH += "，" + hours.ZH
		t.EN += ", " + hours.EN
	}
	t.ZH += "归它办"
	t.EN += " is its job"
	if r.Reason.ZH != "" {
		t.ZH += "（" + r.Reason.ZH + "）"
		t.EN += " (" + r.Reason.In(lang.EN) + ")"
	}
	return t
}

// within says how wide the area of a rule is.
func within(area string) (zh, en string) {
	switch {
	case area == "":
		return "", ""
	case len(area) <= 6:
		return "全区", " in the district"
	case len(area) <= 9:
		return "本街道", " in this street"
	case len(area) <= 12:
		return "本社区", " in this community"
	}
	return "本网格", " in this grid"
}

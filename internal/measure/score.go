package measure

import (
	"math"
	"sort"
	"strconv"

	"github.com/expr-lang/expr"
	"go.yaml.in/yaml/v3"

	"linli/internal/sheet"
)

// condition reads a condition; an indicator without one takes everything.
func (r *reader) condition(i *Indicator, n *yaml.Node, field string, marks []string) (string, func(*Item) bool) {
	p, _ := r.formula(i, n, field, marks)
	return r.Word(n, field), p.truth
}

// formula reads a formula over items, and remembers which fields it asks.
func (r *reader) formula(i *Indicator, n *yaml.Node, field string, marks []string) (part[*Item], bool) {
	source := r.Word(n, field)
	if n == nil || source == "" {
		if n != nil {
			r.Bad(n, field, "这里是空的。", "There is nothing here.")
		}
		return part[*Item]{}, false
	}
	option := expr.AsBool()
	if field == "worth" {
		option = expr.AsFloat64()
	}
	p, uses, wrong := condition(source, i.Over, marks, option)
	if wrong != nil {
		r.fault(n, field, wrong)
		return part[*Item]{}, false
	}
	i.uses.join(uses)
	return p, true
}

// fault notes what is wrong with a formula where it stands on the line of its key.
func (r *reader) fault(n *yaml.Node, field string, wrong *fault) {
	at := r.Place(n)
	at.Column += wrong.column
	if n.Style == yaml.SingleQuotedStyle || n.Style == yaml.DoubleQuotedStyle {
		at.Column++
	}
	r.Findings = append(r.Findings, sheet.Finding{Place: at, Field: field, Severity: sheet.Error, Text: wrong.text})
}

// scored reads how a figure becomes a score: by bands, by a formula, or by the
// plain rule, which is the share of what is good in hundredths.
func (r *reader) scored(i *Indicator, at *yaml.Node, f map[string]*yaml.Node) {
	if i.Kind == Submitted && f["better"] == nil {
		i.Better = More
	}
	if i.Better == Neither {
		for _, k := range []string{"bands", "score", "empty", "target"} {
			if f[k] != nil && k != "target" {
				r.Bad(f[k], k, "没写多好还是少好（better），就不打分，也不写“%s”。", "Without saying which way is better it is not scored, and has no “%s”.", k)
			}
		}
		return
	}
	r.empty(i, at, f["empty"])
	switch {
	case f["bands"] != nil && f["score"] != nil:
		r.Bad(f["score"], "score", "bands 和 score 只写一样。", "Write bands or score, not both.")
		return
	case f["bands"] != nil:
		i.score = r.bands(i, f["bands"])
	case f["score"] != nil:
		i.Score = r.Word(f["score"], "score")
		p, wrong := scoring(i.Score, map[Kind]string{Rate: "rate", Amount: "amount", Submitted: "given"}[i.Kind])
		if wrong != nil {
			r.fault(f["score"], "score", wrong)
			return
		}
		i.score = p.number
	case i.Kind == Amount:
		r.Bad(at, "bands", "“%s”是数量，要打分就写分档（bands）或公式（score）。", "“%s” is an amount: to be scored it needs bands or a formula (score).", sheet.Clip(at.Value))
		return
	default:
		i.score = plain(i.Kind, i.Better)
	}
	if i.score != nil {
		r.scoreMakesSense(i, at, f)
	}
}

func plain(kind Kind, better Better) func(float64) float64 {
	scale := 100.0
	if kind == Submitted {
		scale = 1
	}
	if better == Less {
		return func(v float64) float64 { return 100 - v*scale }
	}
	return func(v float64) float64 { return v * scale }
}

// empty reads what nothing to count scores. A scored rate must say.
func (r *reader) empty(i *Indicator, at, n *yaml.Node) {
	switch {
	case n == nil && i.Kind == Amount:
	case n == nil:
		r.Bad(at, "empty", "“%s”没写分母是零时怎么算（empty）：none（不计，权重分给别的），或一个分数。", "“%s” does not say what a denominator of zero scores (empty): none (left out, its weight shared), or a score.", sheet.Clip(at.Value))
	case n.Value == "none":
		i.Empty.None = true
	case i.Kind == Amount:
		r.Bad(n, "empty", "数量为零也是一个数，按分档打分；不计就写 none。", "An amount of nothing is scored by its bands; to leave it out write none.")
	default:
		i.Empty.Score = r.Number(n, "empty", 0, 100)
	}
}

// bands reads {50: 100, 100: 90, more: 0}: up to and with 50 scores 100.
func (r *reader) bands(i *Indicator, n *yaml.Node) func(float64) float64 {
	before := r.errors()
	var bands []Band
	for _, p := range r.Pairs(n, "bands") {
		b := Band{To: math.Inf(1), Score: r.Number(p.Value, "bands", 0, 100)}
		if p.Key.Value != "more" {
			b.To = r.Number(p.Key, "bands", 0, 1e9)
		}
		if len(bands) > 0 && b.To <= bands[len(bands)-1].To {
			r.Bad(p.Key, "bands", "分档要从小到大，“%s”不比上一档大。", "Bands rise: “%s” is not above the one before.", sheet.Clip(p.Key.Value))
		}
		bands = append(bands, b)
	}
	if len(bands) > 0 && !math.IsInf(bands[len(bands)-1].To, 1) {
		r.Bad(n, "bands", "%s 以上没有分数：最后一档写 more。", "Above %s there is no score: the last band is “more”.", strconv.FormatFloat(bands[len(bands)-1].To, 'f', -1, 64))
	}
	if len(bands) < 2 && r.errors() == before {
		r.Bad(n, "bands", "至少要两档。", "At least two bands are needed.")
	}
	if r.errors() > before {
		return nil
	}
	i.Bands = bands
	return func(v float64) float64 {
		return bands[sort.Search(len(bands)-1, func(k int) bool { return v <= bands[k].To })].Score
	}
}

// scoreMakesSense asks the score of the whole range of its value: a number
// between 0 and 100 everywhere, never worse where the value is better, and not
// the same for all.
func (r *reader) scoreMakesSense(i *Indicator, at *yaml.Node, f map[string]*yaml.Node) {
	n := at
	for _, k := range []string{"bands", "score"} {
		if f[k] != nil {
			n = f[k]
		}
	}
	values := samples(i)
	last := math.NaN()
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		s := i.score(v)
		value := strconv.FormatFloat(v, 'f', -1, 64)
		if !(s >= -1e-9 && s <= 100+1e-9) {
			r.Bad(n, "score", "“%s”取 %s 时得 %.4g 分，出了 0 到 100。", "At %[2]s “%[1]s” scores %.4[3]g, which is outside 0 to 100.", i.Name, value, s)
			return
		}
		if i.Better == More && s < last-1e-9 || i.Better == Less && s > last+1e-9 {
			r.Bad(n, "score", "“%s”写的是 %s 更好，可是到 %s 时分数反而变差。", "“%s” says that %s is better, yet at %s the score gets worse.", i.Name, string(i.Better), value)
			return
		}
		low, high, last = min(low, s), max(high, s), s
	}
	if high-low < 1e-9 {
		r.Bad(n, "score", "“%s”不管多少都是 %.4g 分，等于没考核。", "“%s” scores %.4g whatever the value: it measures nothing.", i.Name, high)
	}
}

// samples are the values a score is tried at: thousandths of its range, and for
// an amount whole numbers, the ends of its bands, and what is far too many.
func samples(i *Indicator) []float64 {
	var all []float64
	for n := range 1001 {
		switch i.Kind {
		case Rate:
			all = append(all, float64(n)/1000)
		case Submitted:
			all = append(all, float64(n)/10)
		default:
			all = append(all, float64(n))
		}
	}
	if i.Kind == Amount {
		for v := 1100.0; v <= 1e9; v *= 1.1 {
			all = append(all, math.Round(v))
		}
		for _, b := range i.Bands {
			if !math.IsInf(b.To, 1) {
				all = append(all, b.To, b.To+1)
			}
		}
		sort.Float64s(all)
	}
	return all
}

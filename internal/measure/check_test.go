package measure

import (
	"strings"
	"testing"

	"linli/internal/lang"
)

// small is a good book that each row below spoils in one place.
const small = `marks:
  answer-quality:
    title: {zh: 办理质量, en: Quality}
    options: {a: {title: {zh: 甲, en: A}, worth: 1}, b: {title: {zh: 乙, en: B}, worth: 0.5}, x: {title: {zh: 不清楚, en: Unclear}, worth: none}}
grades: {A: 90, B: 60, C: 0}
indicators:
  filing: {title: {zh: 立案率, en: Filing}, over: cases, of: received, counts: filed, better: more, empty: none}
  closing: {title: {zh: 结案率, en: Closing}, over: cases, of: filed, counts: closed, better: more, empty: none}
  on-time: {title: {zh: 按时率, en: On time}, over: promises, of: not on_account, counts: kept, better: more, empty: none}
  rework: {title: {zh: 返工率, en: Rework}, over: tasks, of: work, counts: round > 1, better: less, empty: 100}
  load: {title: {zh: 立案数, en: Load}, kind: amount, over: cases, of: filed, better: less, bands: {50: 100, 100: 90, more: 0}}
  quality: {title: {zh: 质量, en: Quality}, over: callbacks, of: mark("answer-quality") >= 0, worth: mark("answer-quality"), better: more, empty: none}
  media: {title: {zh: 媒体, en: Press}, kind: given, from: media, empty: none}
  faults: {title: {zh: 问责, en: Faults}, kind: amount, over: orders, of: upheld}
assessments:
  units:
    title: {zh: 单位考核, en: Units}
    assessor: {zh: 考核办, en: Office}
    tier: 1
    of: department
    sections:
      internal: {title: {zh: 内部, en: Internal}, weight: 60, indicators: {closing: 0.3, on-time: 0.3, rework: 0.2, load: 0.2}}
      external: {title: {zh: 外部, en: External}, weight: 20, indicators: {media: 100}}
      social: {title: {zh: 社会, en: Social}, weight: 20, indicators: {quality: 50, filing: 50}}
    vetoes:
      faults: {grade: C, why: {zh: 有问责, en: A fault}}
`

func TestSmallIsGood(t *testing.T) {
	t.Parallel()
	b, findings := Parse([]byte(small), "small.yaml")
	if b == nil || len(findings) > 0 {
		t.Fatalf("the book the rows spoil is refused: %v", findings)
	}
}

// refusals are one fault each: what is taken out of small, what stands there
// instead, and where and how it is refused.
var refusals = []struct{ why, old, new, says string }{
	// The known wrong formulas of other systems.
	{"100 minus the closing rate counted as good", "counts: closed, better: more,", "counts: closed, better: more, score: 100 - rate * 100,",
		"8:105 error: score “closing” says that more is better, yet at 0.001 the score gets worse."},
	{"the same, hidden in what counts", "counts: closed, better: more", "counts: not closed, better: more",
		"8:76 error: better This runs backwards: when “closed” gets better, the score of “closing” gets worse."},
	{"the same, hidden in a worth", "counts: closed, better: more", `worth: "closed ? 0.2 : 1", better: more`, "when “closed” gets better"},
	{"the same, hidden in the direction", "counts: closed, better: more", "counts: closed, better: less", "when “closed” gets better"},
	{"weights summing to 0.7", "closing: 0.3, on-time: 0.3, rework: 0.2, load: 0.2", "closing: 0.3, on-time: 0.2, rework: 0.1, load: 0.1",
		"22:7 error: weight The weights of “internal” add up to 0.7; they must make 1 or 100."},
	{"sections summing to 110", "Social}, weight: 20", "Social}, weight: 30", "16:3 error: weight The weights of “units” add up to 110;"},
	{"one rate used twice", "{quality: 50, filing: 50}", "{quality: 50, closing: 50}", "24:83 error: sections “closing” is used twice."},
	{"one rate used twice, the second time as its rest", "of: received, counts: filed, better: more", "of: filed, counts: not closed, better: less",
		"“filing” is the same figure as “closing”: one input is used twice."},
	{"the filing rate replaced by the closing rate, under its own name", "of: received, counts: filed", "of: filed, counts: closed",
		"24:83 error: sections “filing” is the same figure as “closing”: one input is used twice."},
	{"the same, written another way", "of: received, counts: filed, better: more", `of: filed == true, counts: 'state in ["answered", "closed"]', better: more`,
		"“filing” is the same figure as “closing”"},
	{"kept is the rest of late", "of: received, counts: filed, better: more, empty: none}", `of: received, counts: filed, better: more, empty: none}
  twice: {title: {zh: 又一个, en: Twice}, over: promises, of: on_account == false, counts: late, better: less, empty: none}`,
		"warning: indicators No assessment uses “twice”."},
	{"times 100 a second time", "counts: closed, better: more,", "counts: closed, better: more, score: rate * 100 * 100,", "“closing” scores 110, which is outside 0 to 100"},
	{"times 100 already in the worth", `worth: mark("answer-quality")`, `worth: mark("answer-quality") * 100`, "One thing counts once at most"},

	// Scores.
	{"a bonus for doing worse in the middle", "counts: closed, better: more,", `counts: closed, better: more, score: "rate < 0.5 ? rate * 100 : rate * 100 - 20",`, "yet at 0.5 the score gets worse"},
	{"below zero", "counts: closed, better: more,", "counts: closed, better: more, score: rate * 120 - 20,", "scores -20, which is outside"},
	{"a score that never moves", "counts: closed, better: more,", "counts: closed, better: more, score: 60.0,", "scores 60 whatever the value"},
	{"division by zero", "counts: closed, better: more,", "counts: closed, better: more, score: rate / 0,", "8:110 error: score Divide by a number that is not zero only"},
	{"division by what may be zero", "counts: closed, better: more,", "counts: closed, better: more, score: 1 / rate,", "Divide by a number that is not zero only"},
	{"a score made of something else", "counts: closed, better: more,", "counts: closed, better: more, score: rate * received,", "A score is made of rate alone; there is no “received”."},
	{"the score of an amount over a rate", "bands: {50: 100, 100: 90, more: 0}", "score: rate * 100", "A score is made of amount alone"},
	{"an amount that grows without end", "bands: {50: 100, 100: 90, more: 0}", "score: 100 - amount", "At 101 “load” scores -1"},
	{"a number that overflows", "counts: closed, better: more,", "counts: closed, better: more, score: rate * 10000000,", "may not be over 1000000"},
	{"an amount scored by nothing", "better: less, bands: {50: 100, 100: 90, more: 0}", "better: less", "it needs bands or a formula"},
	{"bands and a formula", "better: less, bands: {50: 100,", "better: less, score: 100, bands: {50: 100,", "Write bands or score, not both."},
	{"bands with a gap at the end", "100: 90, more: 0}", "100: 90}", "Above 100 there is no score: the last band is “more”."},
	{"bands that overlap", "{50: 100, 100: 90,", "{100: 100, 50: 90,", "Bands rise: “50” is not above the one before."},
	{"bands that favour the worse", "{50: 100, 100: 90, more: 0}", "{50: 80, 100: 90, more: 0}", "says that less is better, yet at 51"},
	{"one band", "{50: 100, 100: 90, more: 0}", "{more: 0}", "At least two bands"},
	{"a band above 100", "{50: 100,", "{50: 101,", "A number from 0 to 100 is expected."},

	// Denominators.
	{"no word on a denominator of zero", "of: filed, counts: closed, better: more, empty: none", "of: filed, counts: closed, better: more",
		"8:3 error: empty “closing” does not say what a denominator of zero scores"},
	{"more than full marks for nothing", "better: less, empty: 100", "better: less, empty: 101", "A number from 0 to 100"},
	{"nothing can be in it", "of: filed, counts: closed", `of: kind == "event" and kind == "component", counts: closed`, "8:61 error: of This can never hold: the denominator is always zero."},
	{"nothing can be in it, by what the words mean", "of: filed, counts: closed", `of: closed and voided, counts: on_time`, "This can never hold"},
	{"always nothing", "of: filed, counts: closed", "of: filed, counts: false", "Everything taken counts 0"},
	{"always everything", "of: filed, counts: closed", "of: filed, counts: filed", "Everything taken counts 1: this rate is always the same."},

	// Names.
	{"unknown field", "counts: closed", "counts: closd", "8:76 error: counts There is no field “closd”."},
	{"a field of another grain", "of: not on_account", "of: filed", "“filed” means nothing for promises."},
	{"a word the field never is", "of: work", `of: state == "finished"`, "state is never “finished”. One may write: done, returned, refused, expired."},
	{"unknown mark", `of: mark("answer-quality") >= 0`, `of: mark("answer") >= 0`, "There is no mark “answer”."},
	{"a mark by a name found out later", `of: mark("answer-quality") >= 0`, `of: mark(kind) >= 0`, "After mark comes the name of a mark"},
	{"unknown indicator", "{media: 100}", "{press: 100}", "23:74 error: indicators There is no indicator “press”."},
	{"unknown indicator in a veto", "      faults: {grade", "      fault: {grade", "26:7 error: vetoes There is no indicator “fault”."},
	{"unknown grain", "over: promises", "over: promise", "“promise” will not do. One may write: promises, tasks, cases, ratings, callbacks, orders."},
	{"unknown subject", "of: department", "of: ministry", "“ministry” will not do."},
	{"unknown key", "tier: 1", "level: 1", "19:5 error: level “level” is not known."},
	{"unknown kind", "kind: given", "kind: guess", "“guess” will not do."},
	{"a bad name", "  closing: {title", "  Closing Rate: {title", "a name has lower-case letters"},
	{"the same name twice", "  closing: {title", "  filing: {title", "“filing” is written twice, first on line 7."},

	// What is not a formula.
	{"a formula that is none", "counts: closed", "counts: closed and", "The formula is wrong"},
	{"a number for a condition", "counts: closed", "counts: round", "The formula is wrong"},
	{"a function", "counts: closed", `counts: len(kind) > 3`, "The formula is wrong"},
	{"a loop", "counts: closed", `counts: 'all([1], # > 0)'`, "A formula may not use this."},
	{"a pattern", "counts: closed", `counts: kind matches "a+"`, "A formula may not use “matches”."},
	{"an empty condition", "counts: closed", `counts: ""`, "There is nothing here."},

	// Parts that do not fit.
	{"counts and worth", "counts: closed", "worth: 1.0, counts: closed", "it has either counts (whether) or worth"},
	{"neither", "counts: closed, ", "", "it has either counts (whether) or worth"},
	{"an amount that counts", "kind: amount, over: cases, of: filed, better", "kind: amount, over: cases, of: filed, counts: closed, better", "An amount counts what “of” takes; it has no “counts”."},
	{"given by nobody", "kind: given, from: media", "kind: given", "does not say who enters the scores"},
	{"given over cases", "kind: given, from: media", "kind: given, from: media, over: cases", "Scores that somebody enters have no “over”"},
	{"a body for a rate", "over: cases, of: received", "from: media, over: cases, of: received", "Only scores that somebody enters have “from”."},
	{"no grain", "over: cases, of: received", "of: received", "does not say what it counts (over)"},
	{"empty without a score", "of: upheld}", "of: upheld, empty: none}", "Without saying which way is better it is not scored, and has no “empty”."},
	{"a weight for what is not scored", "{media: 100}", "{faults: 100}", "so it cannot be scored"},
	{"a weight of nothing", "{media: 100}", "{media: 100, faults: 0}", "so it cannot be scored"},
	{"a weight of 0", "closing: 0.3, on-time: 0.3,", "closing: 0.6, on-time: 0,", "A weight of 0 measures nothing."},
	{"a weight below 0", "closing: 0.3, on-time: 0.3,", "closing: 0.7, on-time: -0.1,", "A number from 0 to 100 is expected."},
	{"no weight", "External}, weight: 20, ", "External}, ", "“external” has no weight."},
	{"a veto on something good", "      faults: {grade", "      closing: {grade", "A veto looks at how often something bad happened"},
	{"a veto to no grade", "faults: {grade: C", "faults: {grade: Z", "There is no grade “Z”."},
	{"grades that rise", "{A: 90, B: 60, C: 0}", "{A: 60, B: 90, C: 0}", "“B” does not begin below the one before."},
	{"scores without a grade", "{A: 90, B: 60, C: 0}", "{A: 90, B: 60}", "The last grade must begin at 0"},
	{"nobody assessed", "    of: department\n", "", "does not say whom it assesses"},
	{"no sections", "    vetoes:\n", "    sections: {}\n    vetoes:\n", "“sections” is written twice, first on line 21."},
	{"no assessor", "    assessor: {zh: 考核办, en: Office}\n", "", "“units” has no “assessor”."},
	{"a mark worth too much", "worth: 0.5}", "worth: 5}", "A number from 0 to 1 is expected."},
	{"a mark worth nothing said", ", worth: 0.5}", "}", "does not say what it is worth"},
	{"a target that cannot be", "counts: closed, better: more", "counts: closed, target: 95, better: more", "A number from 0 to 1 is expected."},
	{"no title", "closing: {title: {zh: 结案率, en: Closing}, ", "closing: {", "“closing” has no “title”."},
	{"no Chinese", "{zh: 结案率, en: Closing}", "{en: Closing}", "The Chinese (zh) is missing."},
	{"not a number", "Social}, weight: 20", "Social}, weight: .nan", "A number from 0 to 100 is expected."},
	{"an alias", "counts: closed", "counts: *c", "not valid YAML"},
	{"a second document", "assessments:", "---\nassessments:", "A file holds one document only, without ---."},
}

// ASVS 1.3.2
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, row := range refusals {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			if strings.Count(small, row.old) != 1 {
				t.Fatalf("%q stands %d times in the book, want once", row.old, strings.Count(small, row.old))
			}
			b, findings := Parse([]byte(strings.Replace(small, row.old, row.new, 1)), "small.yaml")
			var all []string
			for _, f := range findings {
				all = append(all, f.In(lang.EN))
				if f.Text.ZH == "" || f.Text.EN == "" || strings.Contains(f.Text.ZH+f.Text.EN, "%!") {
					t.Errorf("not said in both languages: %+v", f.Text)
				}
			}
			said := strings.Join(all, "\n")
			if !strings.Contains(said, row.says) {
				t.Errorf("got\n%s\nwant\n%s", said, row.says)
			}
			if warned := strings.Contains(row.says, "warning:"); (b != nil) != warned {
				t.Errorf("taken is %v, want %v", b != nil, warned)
			}
		})
	}
}

// Two names for one figure are told of even where no assessment has both.
func TestTwins(t *testing.T) {
	t.Parallel()
	source := strings.Replace(small, "  load:", `  late: {title: {zh: 超期率, en: Late}, over: promises, of: not on_account, counts: late}
  load:`, 1)
	b, findings := Parse([]byte(source), "small.yaml")
	if b == nil || len(findings) != 1 || !strings.Contains(findings[0].In(lang.EN), "“late” and “on-time” are one and the same figure") {
		t.Errorf("got %v", findings)
	}
}

package score

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"linli/internal/evaluate"
	"linli/internal/lang"
	"linli/internal/measure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// none stands where there is no figure. It is never drawn as zero.
const none = "—"

// valueText is an indicator's value as people read it: 94.9%, 12, 87.5.
func valueText(i *measure.Indicator, f measure.Figure) string {
	switch {
	case f.Empty:
		return none
	case i.Kind == measure.Rate:
		return percent(f.Value)
	case i.Kind == measure.Amount:
		return amount(f.Value)
	}
	return fmt.Sprintf("%.1f", f.Value)
}

// drawn is a value in the unit of its chart.
func drawn(i *measure.Indicator, f measure.Figure) float64 {
	switch {
	case f.Empty:
		return math.NaN()
	case i.Kind == measure.Rate:
		return 100 * f.Value
	}
	return f.Value
}

// unitOf is the unit of an indicator's chart, and its digits.
func unitOf(v *page.View, i *measure.Indicator) (unit string, digits int) {
	switch i.Kind {
	case measure.Rate:
		return "%", 1
	case measure.Amount:
		return v.Say("件", "cases"), 0
	}
	return v.Say("分", "points"), 1
}

func percent(share float64) string { return fmt.Sprintf("%.1f%%", 100*share) }

// amount writes what may have a part in it: 1,284 or 12.9.
func amount(n float64) string {
	whole, part := math.Modf(n)
	text := ui.Number(int(whole))
	if part != 0 {
		text += strings.TrimPrefix(strconv.FormatFloat(math.Round(part*1e4)/1e4, 'f', -1, 64), "0")
	}
	return text
}

// scoreText is a score, to the hundredth by which ranks are given.
func scoreText(score float64) string { return fmt.Sprintf("%.2f", score) }

// changeText is a difference with its sign: +1.2, −0.8, 0.
func changeText(difference float64, digits int) string {
	text := strconv.FormatFloat(math.Abs(difference), 'f', digits, 64)
	switch {
	case strings.Trim(text, "0.") == "":
		return "0"
	case difference < 0:
		return "−" + text
	}
	return "+" + text
}

// cardScore is a card's score, none where nothing was there to count.
func cardScore(c measure.Card) string {
	if c.Empty {
		return none
	}
	return scoreText(c.Score)
}

// gradeText is a card's grade: A 等.
func gradeText(v *page.View, grade string) string {
	if grade == "" {
		return none
	}
	return v.Say("%s 等", "%s", grade)
}

// tierText says at which level an assessment stands.
func tierText(a *measure.Assessment) lang.Text {
	switch a.Tier {
	case 1:
		return lang.T("一级：区考核部门、街道", "Level 1: the district assesses departments and street offices")
	case 2:
		return lang.T("二级：部门、街道考核队伍和工作站", "Level 2: departments and street offices assess their teams and stations")
	case 3:
		return lang.T("三级：工作站考核网格员", "Level 3: stations assess grid workers")
	}
	return lang.T("几种看法，不排名", "Views and posts, not ranked")
}

// levelText names a level of supervision.
func levelText(v *page.View, level int) string {
	if level <= 0 {
		return ""
	}
	zh := strconv.Itoa(level)
	if level <= 5 {
		zh = string([]rune("一二三四五")[level-1])
	}
	return v.Say("%[1]s级督办", "Level %[2]d", zh, level)
}

// stateSaid says how a period stands, and since when.
func stateSaid(v *page.View, c evaluate.CountedPeriod) string {
	switch c.State {
	case evaluate.Preliminary:
		return v.Say("初核，可以申诉。%s 算的。", "Preliminary, open to appeal. Counted %s.", v.MomentText(c.CountedAt))
	case evaluate.Frozen:
		return v.Say("%s 冻结，不再变。", "Frozen %s; it does not change any more.", v.MomentText(c.FrozenAt))
	}
	return v.Say("实时，%s 算的，还会变。", "Live, counted %s; it still changes.", v.MomentText(c.CountedAt))
}

// stateWord names a state.
func stateWord(v *page.View, s evaluate.State) string { return s.Text().In(v.Lang) }

// districtName is what the district is called.
func districtName(v *page.View) string { return evaluate.District.Name(v.District).In(v.Lang) }

// tableName names the box of a table, so that it is not the name of the section
// that holds it.
func tableName(v *page.View, caption string) string { return v.Say("%s，表", "%s, table", caption) }

// weightText is a share without needless digits: 60%, 33.3%.
func weightText(share float64) string {
	return strconv.FormatFloat(math.Round(1000*share)/10, 'f', -1, 64) + "%"
}

// promisedText is the share of promises kept.
func promisedText(p evaluate.Promised) string {
	if share, ok := p.Rate(); ok {
		return percent(share)
	}
	return none
}

// exactly is a share with two digits, as yearly totals are published.
func exactly(share float64) string { return fmt.Sprintf("%.2f%%", 100*share) }

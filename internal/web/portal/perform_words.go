package portal

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// noFigure stands where nothing was there to count. It is never written as zero.
const noFigure = "—"

// shareText is a share in percent: 94.9%.
func shareText(share float64) string { return fmt.Sprintf("%.1f%%", 100*share) }

// partsOf is numerator and denominator: 112 / 120.
func partsOf(f measure.Figure) string {
	n := strconv.FormatFloat(math.Round(f.Numerator*100)/100, 'f', -1, 64)
	if f.Numerator == math.Trunc(f.Numerator) {
		n = ui.Number(int(f.Numerator))
	}
	return n + " / " + ui.Number(f.Denominator)
}

// figureText is a figure as people read it.
func figureText(i *measure.Indicator, f measure.Figure) string {
	switch {
	case i == nil || f.Empty:
		return noFigure
	case i.Kind == measure.Rate:
		return shareText(f.Value)
	}
	return ui.Number(int(f.Value))
}

// fewText stands for what is too little to show.
func fewText(v *page.View) string { return v.Say("少于 %d", "under %d", few) }

// cellText is a figure of a part of the district.
func cellText(v *page.View, i *measure.Indicator, f measure.Figure, veiled bool) ui.Cell {
	switch {
	case veiled:
		return ui.Cell{Text: fewText(v), Right: true}
	case i == nil || f.Empty:
		return ui.Cell{Text: noFigure, Right: true}
	}
	return ui.Cell{Text: figureText(i, f), Sub: partsOf(f), Right: true}
}

// standsText says how far the figures of a period are settled.
func standsText(v *page.View, s performView) string {
	switch s.State {
	case evaluate.Frozen:
		return v.Say("已经核定，不再变。", "Settled; it does not change any more.")
	case evaluate.Preliminary:
		return v.Say("初核的数，单位还可以申诉。", "A first count, which units may still appeal against.")
	}
	return v.Say("这个月还没过完，数还会变。%s 算的。", "The month is not over, so this still changes. Counted %s.", v.MomentText(s.CountedAt))
}

// keptText says in a sentence how the promised dates were kept.
func keptText(v *page.View, s performView) string {
	f := s.Figures[onDate]
	late := f.Denominator - int(f.Numerator)
	switch {
	case f.Denominator == 0:
		return v.Say("这个月还没有到日子办完的。", "Nothing with a promised date has been done yet.")
	case late == 0:
		return v.Say("办完的 %s 件，都按答应的日期办好了。", "%s were done, all by the promised date.", ui.Number(f.Denominator))
	}
	return v.Say("办完的 %[1]s 件里，%[2]s 件按答应的日期办好，%[3]s 件晚了。", "Of %[1]s that were done, %[2]s were done by the promised date and %[3]s were late.",
		ui.Number(f.Denominator), ui.Number(int(f.Numerator)), ui.Number(late))
}

// stillText says what is late and open now.
func stillText(v *page.View, s performView) string {
	n := ui.Number(s.Missed.OpenAll.N)
	if s.Missed.OpenAll.Over {
		return v.Say("现在还有超过 %s 件过了日子没办完。", "Past their date and not done now: more than %s. ", n)
	}
	return v.Say("现在还有 %s 件过了日子没办完。", "Past their date and not done now: %s. ", n)
}

// targetText says whether residents are as content as they should be.
func targetText(v *page.View, s performView) string {
	i, f := s.Book.Indicator(satisfaction), s.Figures[satisfaction]
	switch {
	case i == nil || f.Empty:
		return v.Say("这个月还没有人评价。", "Nobody has rated anything yet.")
	case tooFew(i, f, false):
		return v.Say("这个月的评价不到 %d 个，不单独公布。", "There are under %d ratings, too few to publish.", few)
	case i.Target == 0:
		return v.Say("%s 个评价里，%s 个满意。", "Of %s ratings %s were content.", ui.Number(f.Denominator), ui.Number(int(f.Numerator)))
	case f.Value < i.Target:
		return v.Say("%[1]s 个评价里，%[2]s 个满意，没到 %[3]s 的目标，差 %[4]s 个百分点。", "Of %[1]s ratings %[2]s were content: short of the target of %[3]s by %[4]s points.",
			ui.Number(f.Denominator), ui.Number(int(f.Numerator)), shareText(i.Target), fmt.Sprintf("%.1f", 100*(i.Target-f.Value)))
	}
	return v.Say("%[1]s 个评价里，%[2]s 个满意，到了 %[3]s 的目标。", "Of %[1]s ratings %[2]s were content: the target of %[3]s is met.",
		ui.Number(f.Denominator), ui.Number(int(f.Numerator)), shareText(i.Target))
}

// mendedText says what came of bad grades.
func mendedText(v *page.View, s performView) string {
	c := s.Course
	if c.Discontent == 0 {
		return v.Say("这个月收到的件里，还没有打不满意的。", "Of what came in during the month, nothing was rated badly.")
	}
	return v.Say("这个月收到的件里，%[1]d 件有人打过不满意。其中 %[2]d 件重新办完了，%[3]d 件后来改评为基本满意以上；%[4]d 件还没有改好。",
		"Of what came in during the month, %[1]d were rated badly. %[2]d of them were dealt with again, and %[3]d then rated fairly content or better; %[4]d are not put right yet.",
		c.Discontent, c.Mended, c.Content, c.Discontent-c.Mended)
}

// formulaText says how an indicator is counted, with the figures of the period.
func formulaText(v *page.View, s performView, i *measure.Indicator) string {
	f := s.Figures[i.Name]
	text := ""
	if why := i.Why.In(v.Lang); why != "" {
		text = why + v.Lang.Pick("", " ")
	}
	switch {
	case tooFew(i, f, false):
		return text + v.Say("数太少，不公布。", "Too few to publish.")
	case i.Kind == measure.Amount:
		return text + v.Say("%s是 %s。", "%s: %s.", s.Period.Text().In(v.Lang), ui.Number(int(f.Value)))
	case f.Empty:
		return text + v.Say("%s没有可算的。", "%s: nothing to count.", s.Period.Text().In(v.Lang))
	}
	return text + v.Say("%[1]s：分子 %[2]s，分母 %[3]s，得 %[4]s。", "%[1]s: numerator %[2]s, denominator %[3]s, which makes %[4]s.",
		s.Period.Text().In(v.Lang), strings.Split(partsOf(f), " / ")[0], ui.Number(f.Denominator), shareText(f.Value))
}

// ruleText is the formula as the district's pack writes it.
func ruleText(i *measure.Indicator) string {
	of, counts := i.Of, i.Counts
	if of == "" {
		of = string(i.Over)
	}
	if counts == "" {
		counts = i.Worth
	}
	if counts == "" {
		return of
	}
	return counts + " ÷ " + of
}

// accountText says since when a case is on account, and when it is looked at
// again. Its class stands beside it; what somebody wrote about it may name a
// person and is not for everyone to read.
func accountText(v *page.View, a accountCase) string {
	return v.Say("%[1]s起，%[2]s前再看一次。", "Since %[1]s; looked at again by %[2]s.", v.MomentText(a.Entry.FromAt), v.UntilText(a.Entry.Until))
}

// changeText is a change against the year before: +26.9%.
func changeText(t evaluate.Totals, name string) string {
	change, ok := t.Change[name]
	if !ok {
		return ""
	}
	return strings.Replace(fmt.Sprintf("%+.1f%%", 100*change), "-", "−", 1)
}

// closingText is closed ÷ filed with two digits, as yearly totals are published.
func closingText(t evaluate.Totals) string {
	if t.Closing.Denominator == 0 {
		return noFigure
	}
	return fmt.Sprintf("%.2f%%", 100*t.Closing.Value)
}

func accountItems(v *page.View, all []accountCase) (items []ui.Item) {
	for _, a := range all {
		items = append(items, ui.Item{
			Tone: ui.Hold, Left: a.Entry.KindTitle(v.District).In(v.Lang), Title: caseTitle(v, a.Case), When: publicPlace(v, a.Place), Text: accountText(v, a),
		})
	}
	return items
}

// mendedItems are what was dealt with again, with the grade it got then.
func mendedItems(v *page.View, all []casework.Case) (items []ui.Item) {
	for _, c := range all {
		text := v.Say("%s 重新办完。", "Done again %s. ", v.MomentText(c.ClosedAt))
		if c.Rating >= 3 && c.Rating <= 5 {
			text += v.Say("居民改评：%s。", "Rated then: %s.", ui.W(v.Lang).Grades[5-c.Rating])
		}
		items = append(items, ui.Item{Title: caseTitle(v, c), When: publicPlace(v, c.Place), Text: text})
	}
	return items
}

// veilOf is veil, also of what the district's pack does not measure.
func veilOf(i *measure.Indicator, parts []subjectFigures) map[evaluate.Subject]bool {
	if i == nil {
		return nil
	}
	return veil(i, parts)
}

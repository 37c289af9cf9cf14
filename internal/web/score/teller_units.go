package score

import (
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/web/ui"
)

// barsMost is how many units one chart of the bulletin compares; more stand in
// the table only.
const barsMost = 40

// units says how like units did. Grid workers are never among them.
func (t teller) units() (p bulletinPart, err error) {
	v := t.v
	p.Title = v.Say("各单位", "The units")
	for _, a := range t.s.Book.Assessments {
		if a.Tier != 1 || !a.Ranked {
			continue
		}
		leagues, err := t.s.Leagues(v.Context(), a.Name)
		if err != nil {
			return p, err
		}
		for _, l := range leagues {
			of := leagueOf{Title: l.Title.In(v.Lang), Rows: judged(l.Standings)}
			if len(of.Rows) == 0 {
				continue
			}
			table := t.league(a, of)
			table.Chart = leagueChart(v, leagueView{Scores: t.s, Of: a}, leagueOf{Title: of.Title, Rows: of.Rows[:min(len(of.Rows), barsMost)]}, false)
			p.Tables = append(p.Tables, table)
		}
	}
	return p, nil
}

// judged are the standings that have a score and are of no person.
func judged(all []evaluate.Standing) (some []evaluate.Standing) {
	for _, s := range all {
		if !s.Card.Empty && s.Subject.Kind() != evaluate.OfPost {
			some = append(some, s)
		}
	}
	return some
}

// league is a league table for the bulletin.
func (t teller) league(a *measure.Assessment, of leagueOf) (p bulletinPrint) {
	v := t.v
	p.table = table{Name: a.Title.In(v.Lang) + v.Say("：", ": ") + of.Title, Heads: []string{v.Say("单位", "Unit"), v.Say("名次", "Rank"), v.Say("得分", "Score"), v.Say("等次", "Grade")}}
	p.Left = 1
	for _, section := range a.Sections {
		p.Heads = append(p.Heads, section.Title.In(v.Lang))
	}
	for _, s := range of.Rows {
		row := []any{s.Subject.Name(v.District).In(v.Lang), s.Rank, s.Card.Score, s.Card.Grade}
		for _, section := range a.Sections {
			row = append(row, partScore(s.Card, section.Name))
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// residents says what residents thought of it.
func (t teller) residents() (p bulletinPart, err error) {
	v := t.v
	p.Title = v.Say("居民怎么说", "What residents say")
	if _, f, ok := t.value("satisfaction"); ok {
		bad := f.Denominator - int(f.Numerator)
		p.Texts = append(p.Texts, v.Say("%[1]s 个评价，%[2]s 个不满意。", "Of %[1]s ratings %[2]s were not content.", ui.Number(f.Denominator), ui.Number(bad)))
	} else {
		p.Texts = append(p.Texts, v.Say("这一期还没有居民评价。", "No resident has rated anything in the period."))
	}
	p.Tables = tables(t.indicators(v.Say("居民怎么说", "What residents say"), "ratings", "satisfaction", "good-rating", "participation", "response", "solve", "content", "answer-quality"))
	return p, nil
}

// passing says how often work was passed on or done again.
func (t teller) passing() (p bulletinPart, err error) {
	v := t.v
	p.Title = v.Say("退回、返工和回绝", "Returned, done again, refused")
	p.Tables = tables(t.indicators(v.Say("退回、返工和回绝", "Returned, done again, refused"), "returns", "rework", "reopened", "refusals", "dispatch-right", "filed-right", "accountability", "falsified-check"))
	if len(p.Tables) > 0 {
		p.Texts = []string{v.Say("不在准入清单上的事，网格和社区可以回绝，不扣分。", "Duties that are not on the admission list may be refused; it costs nobody a point.")}
	}
	return p, nil
}

// method says how all of it was counted.
func (t teller) method() (p bulletinPart, err error) {
	v := t.v
	p.Title = v.Say("怎么算的", "How it was counted")
	p.Texts = []string{
		v.Say("每个数都从办件痕迹里数出来，分子总在分母里面；每个任务的期限只判一次。公式版本 %s。", "Every figure is counted from the trail of cases, its numerator within its denominator; each promise is judged once. Formulas, version %s.", t.s.Book.Version),
		v.Say("评的是单位，不评居民，也不给网格员排名。", "Agencies are rated, residents never, and grid workers are not ranked."),
	}
	return p, nil
}

package evaluate

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/measure"
)

// Point is a figure or score of one period, for a line over time.
type Point struct {
	Period Period
	Figure measure.Figure
}

// Trend is a subject's stored figure over the periods of one length until p,
// oldest first. Periods that were not counted are left out.
func Trend(ctx context.Context, r db.Reader, district string, s Subject, indicator string, p Period, most int) (all []Point, err error) {
	defer errs.Wrap(&err, "evaluate.Trend(%s, %s, %s)", s, indicator, p)
	from, list, err := db.FromList(r.Engine(), "$4", p.until(most))
	if err != nil {
		return nil, err
	}
	return db.All(ctx, r, func(at *Point) []any {
		f := &at.Figure
		return []any{&at.Period, &f.Indicator, &f.Numerator, &f.Denominator, &f.Value, &f.Score, &f.Empty}
	}, "select f.period, f.indicator, f.numerator, f.denominator, f.value, f.score, f.empty from "+from+` figures f on f.period = j.value
		where f.district = $1 and f.subject = $2 and f.indicator = $3 order by f.period`, district, string(s), indicator, list)
}

// until lists the periods up to this one.
func (p Period) until(most int) (all []string) {
	for n := range most {
		all = append(all, string(p.Add(-n)))
	}
	return all
}

// ScorePoint is a card's score of one period.
type ScorePoint struct {
	Period Period
	Score  float64
	Grade  string
}

// ScoreTrend is a subject's stored score in an assessment over the periods of
// one length until p, oldest first.
func ScoreTrend(ctx context.Context, r db.Reader, district, assessment string, s Subject, p Period, most int) (all []ScorePoint, err error) {
	defer errs.Wrap(&err, "evaluate.ScoreTrend(%s, %s, %s)", assessment, s, p)
	from, list, err := db.FromList(r.Engine(), "$4", p.until(most))
	if err != nil {
		return nil, err
	}
	return db.All(ctx, r, func(at *ScorePoint) []any { return []any{&at.Period, &at.Score, &at.Grade} },
		"select k.period, k.score, k.grade from "+from+` cards k on k.period = j.value
		where k.district = $1 and k.assessment = $2 and k.subject = $3 and k.grade <> '' order by k.period`, district, assessment, string(s), list)
}

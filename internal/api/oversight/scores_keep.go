package oversight

import (
	"context"
	"net/http"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/db"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/rights"
)

// Difference is a figure that a fresh count does not confirm.
type Difference struct {
	Subject   frame.Named `json:"subject"`
	Indicator string      `json:"indicator"`
	Stored    Fraction    `json:"stored"`
	Fresh     Fraction    `json:"fresh"`
	Cases     []string    `json:"cases" doc:"只有一边有、或者两边不一样的编号 · Numbers that only one of them has, or has otherwise"`
}

// Fraction is a figure as it is made up.
type Fraction struct {
	Numerator   float64  `json:"numerator"`
	Denominator int      `json:"denominator"`
	Value       *float64 `json:"value,omitempty" doc:"没有可计的就没有 · None where nothing was there to count"`
}

// Review is what a body outside says of a unit.
type Review struct {
	ID    string      `json:"id"`
	Unit  frame.Named `json:"unit"`
	Body  frame.Named `json:"body"`
	Score float64     `json:"score"`
	Note  string      `json:"note,omitempty"`
	At    time.Time   `json:"at"`
}

// NewReview takes a body's score of a unit down.
type NewReview struct {
	Unit  string  `json:"unit" minLength:"1" maxLength:"40"`
	Body  string  `json:"body" enum:"congress,consultative,media,inspectors" doc:"人大、政协、媒体、市民巡访团 · Congress, consultative conference, press, residents' inspection"`
	Score float64 `json:"score" minimum:"0" maximum:"100"`
	Note  string  `json:"note,omitempty" maxLength:"2000"`
}

// ScoreAt is a subject's figure or score in one period.
type ScoreAt struct {
	Period string   `json:"period"`
	Value  *float64 `json:"value,omitempty" doc:"没有可计的就没有 · None where nothing was there to count"`
	Grade  string   `json:"grade,omitempty" doc:"整张卡的才有 · Of a whole card"`
}

// YearTotals is what was counted of a period before linli was there.
type YearTotals struct {
	Period  string             `json:"period"`
	Totals  map[string]int64   `json:"totals"`
	Change  map[string]float64 `json:"change" doc:"比上年，0.269 是多了 26.9% · On the year before; 0.269 is up by 26.9 %"`
	Closing Fraction           `json:"closing" doc:"结案率：办结 ÷ 立案 · Closed ÷ filed"`
}

type (
	newReviewInput struct {
		PeriodName
		Body NewReview
	}
	trendInput struct {
		CardName
		Indicator string `query:"indicator" maxLength:"60" doc:"哪个指标；不写是整张卡的分 · Which indicator; the score of the card where empty"`
		Most      int    `query:"most" minimum:"1" maximum:"60" default:"12"`
	}
)

func scoreKeepOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("count-period", http.MethodPost, "/scores/{period}/count", tagScores, "初核一个周期 · Count a period",
		"过完的周期才能；之后各单位可以申诉。有人申诉了就不再重数。 · Of a period that is over; units may appeal from then on. It is not counted again once somebody has appealed."), rights.ScoreKeep, countPeriod)
	frame.Acting(d, frame.Told("freeze-period", http.MethodPost, "/scores/{period}/freeze", tagScores, "冻结一个周期 · Freeze a period", "还有申诉没定就不能；之后什么都不变。 · Not while an appeal is undecided; nothing changes after it."), rights.ScoreKeep, freezePeriod)
	frame.Acting(d, frame.Told("recount-period", http.MethodGet, "/scores/{period}/recount", tagScores, "重算比对 · Count again and compare", "从痕迹重新算，和存下的比；一样就什么也没有。 · Counted anew from the trail and compared with what is stored; nothing where all is the same."), rights.ScoreKeep, recountPeriod)
	frame.Acting(d, frame.Told("list-reviews", http.MethodGet, "/scores/{period}/reviews", tagScores, "外部评价 · Outside reviews", "按单位和评价方排。 · By unit and body."), rights.ScoreKeep, listReviews)
	frame.Acting(d, frame.Told("enter-review", http.MethodPost, "/scores/{period}/reviews", tagScores, "记一个外部评价 · Take an outside review down", "同一方对同一单位再记，换成新的。 · A second one of the same body takes the place of the first."), rights.ScoreKeep, enterReview)
	frame.Register(d, frame.Told("read-trend", http.MethodGet, "/scores/{period}/{assessment}/{subject}/trend", tagScores, "历期的分或指标 · A score or figure over time", "到这一期为止，旧的在前；没数过的不在里面。 · Until this period, the oldest first; those never counted are left out."), rights.ScoreSee, readTrend)
	frame.Register(d, frame.Told("list-totals", http.MethodGet, "/scores/totals", tagScores, "历年合计 · Yearly totals", "导进来的合计和由它算出的率，新的在前。 · Totals that were loaded and the rates that follow, the latest first."), rights.ScoreSee, listTotals)
}

func fractionOf(f measure.Figure) Fraction {
	return Fraction{f.Numerator, f.Denominator, scoreOf(f.Empty, f.Value)}
}

// stored answers with a period as it is kept.
func stored(ctx context.Context, c *frame.Caller, p evaluate.Period) (*frame.Output[ScorePeriod], error) {
	s, err := c.House.Scores.Scores(ctx, c.District, c.District.Catalogue.Measures(), p)
	if err != nil {
		return nil, err
	}
	return frame.Reply(ScorePeriod{string(p), frame.TextOf(p.Text()), string(s.State), frame.At(s.CountedAt), frame.At(s.FrozenAt), assessmentsOf(s.Book)}, nil)
}

func countPeriod(ctx context.Context, c *frame.Caller, in *PeriodName) (*frame.Output[ScorePeriod], error) {
	p, err := in.begun(c)
	if err != nil {
		return nil, err
	}
	counted, err := evaluate.Compute(ctx, c.House.DB, c.District, c.District.Catalogue.Measures(), p, c.Now)
	if err == nil {
		err = c.House.DB.Write(ctx, func(tx *db.Tx) error { return evaluate.Store(ctx, tx, c.Acting(rights.ScoreKeep, 0), counted) })
	}
	if err != nil {
		return nil, err
	}
	return stored(ctx, c, p)
}

func freezePeriod(ctx context.Context, c *frame.Caller, in *PeriodName) (*frame.Output[ScorePeriod], error) {
	p, err := in.begun(c)
	if err == nil {
		err = c.House.DB.Write(ctx, func(tx *db.Tx) error { return evaluate.Freeze(ctx, tx, c.Acting(rights.ScoreKeep, 0), p) })
	}
	if err != nil {
		return nil, err
	}
	return stored(ctx, c, p)
}

func recountPeriod(ctx context.Context, c *frame.Caller, in *PeriodName) (*frame.Output[frame.Whole[Difference]], error) {
	p, err := in.begun(c)
	if err != nil {
		return nil, err
	}
	found, err := evaluate.Recompute(ctx, c.House.DB, c.District, p)
	var all []Difference
	for _, one := range found {
		all = append(all, Difference{subjectOf(c, one.Subject), one.Indicator, fractionOf(one.Stored), fractionOf(one.Fresh), append([]string{}, one.Cases...)})
	}
	return frame.WholeOf(all, err)
}

func reviewOf(c *frame.Caller, r evaluate.Review) Review {
	return Review{r.ID, *shape.UnitOf(c.District, r.Unit), frame.Name(r.Body, r.Body.Text()), r.Score, r.Note, r.At}
}

func listReviews(ctx context.Context, c *frame.Caller, in *PeriodName) (*frame.Output[frame.Whole[Review]], error) {
	p, err := in.begun(c)
	if err != nil {
		return nil, err
	}
	found, err := evaluate.Reviews(ctx, c.House.DB, c.District.Code, p)
	var all []Review
	for _, r := range found {
		all = append(all, reviewOf(c, r))
	}
	return frame.WholeOf(all, err)
}

func enterReview(ctx context.Context, c *frame.Caller, in *newReviewInput) (*frame.Output[frame.Whole[Review]], error) {
	p, err := in.begun(c)
	if err != nil {
		return nil, err
	}
	b := in.Body
	r := evaluate.Review{Period: p, Unit: b.Unit, Body: evaluate.Body(b.Body), Score: b.Score, Note: strings.TrimSpace(b.Note)}
	if err := c.House.DB.Write(ctx, func(tx *db.Tx) error { return evaluate.EnterReview(ctx, tx, c.Acting(rights.ScoreKeep, 0), r) }); err != nil {
		return nil, err
	}
	return listReviews(ctx, c, &in.PeriodName)
}

func readTrend(ctx context.Context, c *frame.Caller, in *trendInput) (*frame.Output[frame.Whole[ScoreAt]], error) {
	s, a, subject, err := about(ctx, c, &in.CardName)
	if err != nil {
		return nil, err
	}
	var all []ScoreAt
	if in.Indicator == "" {
		found, err := evaluate.ScoreTrend(ctx, c.House.DB, c.District.Code, a.Name, subject, s.Period, in.Most)
		for _, p := range found {
			all = append(all, ScoreAt{string(p.Period), &p.Score, p.Grade})
		}
		return frame.WholeOf(all, err)
	}
	if s.Book.Indicator(in.Indicator) == nil {
		return nil, frame.MissingCode()
	}
	found, err := evaluate.Trend(ctx, c.House.DB, c.District.Code, subject, in.Indicator, s.Period, in.Most)
	for _, p := range found {
		all = append(all, ScoreAt{Period: string(p.Period), Value: scoreOf(p.Figure.Empty, p.Figure.Value)})
	}
	return frame.WholeOf(all, err)
}

func listTotals(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[YearTotals]], error) {
	found, err := evaluate.TotalsOf(ctx, c.House.DB, c.District.Code, c.District.Catalogue.Measures(), evaluate.District)
	var all []YearTotals
	for i := len(found) - 1; i >= 0; i-- {
		t := found[i]
		one := YearTotals{Period: string(t.Period), Totals: map[string]int64{}, Change: map[string]float64{}, Closing: fractionOf(t.Closing)}
		for name, n := range t.N {
			one.Totals[name] = n
		}
		for name, change := range t.Change {
			one.Change[name] = change
		}
		all = append(all, one)
	}
	return frame.WholeOf(all, err)
}

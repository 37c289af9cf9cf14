package evaluate

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/rights"
)

// Body is who looks at units from outside.
type Body string

// The bodies of external supervision and social evaluation.
const (
	Congress     Body = "congress"     // 人大
	Consultative Body = "consultative" // 政协
	Media        Body = "media"        // 媒体
	Inspectors   Body = "inspectors"   // 市民巡访团
)

// Bodies lists them in reading order.
func Bodies() []Body { return []Body{Congress, Consultative, Media, Inspectors} }

// Text names the body for a person.
func (b Body) Text() lang.Text {
	switch b {
	case Congress:
		return lang.T("人大代表", "deputies of the people's congress")
	case Consultative:
		return lang.T("政协委员", "members of the consultative conference")
	case Media:
		return lang.T("新闻媒体", "the press")
	case Inspectors:
		return lang.T("市民巡访团", "residents' inspection group")
	}
	return lang.Text{ZH: string(b), EN: string(b)}
}

// Review is what a body says of a unit for a period, 0 to 100.
type Review struct {
	ID     string
	Period Period
	Unit   string
	Body   Body
	Score  float64
	Note   string
	Post   string // who entered it
	At     time.Time
}

// EnterReview takes down a body's score of a unit. A second one of the same body for
// the same period takes the place of the first, until the period is frozen.
func EnterReview(ctx context.Context, tx *db.Tx, a casework.Acting, in Review) (err error) {
	defer errs.Wrap(&err, "evaluate.EnterReview(%s, %s, %s)", in.Period, in.Unit, in.Body)
	if err := may(a, rights.ScoreKeep); err != nil {
		return err
	}
	if err := in.check(a); err != nil {
		return err
	}
	counted, err := periodOf(ctx, tx, a.District.Code, in.Period)
	if err != nil {
		return err
	}
	if counted.State == Frozen {
		return frozen(in.Period)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	err = tx.Exec(ctx, `insert into reviews (district, id, period, unit, body, score, note, by_person, by_post, at) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)
		on conflict (district, period, unit, body) do update set score = excluded.score, note = excluded.note, by_person = excluded.by_person,
		by_post = excluded.by_post, at = excluded.at`,
		a.District.Code, id.String(), string(in.Period), in.Unit, string(in.Body), in.Score, in.Note, a.By.Person, a.By.Post, db.At(tx.Now))
	if err != nil {
		return err
	}
	detail := map[string]string{"unit": in.Unit, "body": string(in.Body), "score": strconv.FormatFloat(in.Score, 'f', -1, 64)}
	if err := record(ctx, tx, a, in.Period, "reviewed", detail); err != nil {
		return err
	}
	if counted.State != Preliminary {
		return nil
	}
	return recountGiven(ctx, tx, a.District, counted, in.Unit)
}

func (in Review) check(a casework.Acting) error {
	if _, err := ParsePeriod(string(in.Period)); err != nil {
		return err
	}
	if _, ok := a.District.Org.Unit(org.UnitID(in.Unit)); !ok {
		return errs.New(errs.Invalid, "没有这个单位：%s", "there is no such unit: %s", in.Unit).At("unit")
	}
	if in.Body.Text().ZH == string(in.Body) {
		return errs.New(errs.Invalid, "没有这个评价主体：%s", "there is no such body: %s", string(in.Body)).At("body")
	}
	if math.IsNaN(in.Score) || in.Score < 0 || in.Score > 100 {
		return errs.New(errs.Invalid, "评分要在 0 到 100 之间。", "A score lies between 0 and 100.").At("score")
	}
	if in.Unit == a.By.Unit {
		return errs.New(errs.Forbidden, "对本单位的外部评价，不能由本单位录入。", "What others say of a unit is not entered by the unit itself.").At("unit")
	}
	if in.Note != "" {
		return wanted(in.Note, "note", "说明", "the note")
	}
	return nil
}

// Reviews lists what was entered for a period, by unit and body.
func Reviews(ctx context.Context, r db.Reader, district string, period Period) (all []Review, err error) {
	defer errs.Wrap(&err, "evaluate.Reviews(%s)", period)
	return db.All(ctx, r, (*Review).dest, `select v.id, v.period, v.unit, v.body, v.score, v.note, v.by_post, v.at from reviews v
		where v.district = $1 and v.period = $2 order by v.unit, v.body`, district, string(period))
}

func (v *Review) dest() []any {
	return []any{&v.ID, &v.Period, &v.Unit, &v.Body, &v.Score, &v.Note, &v.Post, db.Time(&v.At)}
}

// within lists the periods whose reviews count for one: itself, and for a
// quarter or year the months and quarters in it.
func (p Period) within() []Period {
	all := []Period{p}
	_, _, months := p.parts()
	if months > 1 {
		all = append(all, p.Months()...)
	}
	if months == 12 {
		for quarter := range 4 {
			all = append(all, p+Period("-Q"+strconv.Itoa(quarter+1)))
		}
	}
	return all
}

// givenScores reads the reviews that count for a period.
func givenScores(ctx context.Context, r db.Reader, district string, period Period) (all []Review, err error) {
	for _, p := range period.within() {
		some, err := Reviews(ctx, r, district, p)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

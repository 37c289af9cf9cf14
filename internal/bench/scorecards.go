package bench

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/evaluate"
	"linli/internal/sample"
)

const scorecardsHead = `| engine | district | cases | entries | of the month | bare scan | every scorecard, from cold | ratio | cards |
|---|---|---|---|---|---|---|---|---|`

// scorecards counts every scorecard of the last month that is over, by a
// program that has just been started, and beside it how long the bare driver
// takes to read the month's entries and do nothing with them.
func scorecards(ctx context.Context, w *world) error {
	bare, entries, err := w.scan(ctx)
	if err != nil {
		return err
	}
	begin := w.Now()
	a, d, err := w.open(ctx, false)
	if err != nil {
		return err
	}
	defer a.Close()
	_, end := span(w.Now(), d.Calendar.Zone())
	month := evaluate.MonthOf(end.Add(-time.Hour), d.Calendar.Zone())
	res, err := evaluate.Compute(ctx, a.DB, d, d.Catalogue.Measures(), month, w.Now())
	if err != nil {
		return err
	}
	cards := 0
	for _, one := range d.Catalogue.Measures().Assessments {
		cards += len(res.Cards(one))
	}
	took := w.Now().Sub(begin)
	cases, err := db.Value[int](ctx, a.DB, "select count(*) from cases")
	if err != nil {
		return err
	}
	all, err := db.Value[int](ctx, a.DB, "select count(*) from trail")
	if err != nil {
		return err
	}
	fmt.Fprintf(w.Out, "| %s | %s | %d | %d | %d | %s | %s | %.1f | %d |\n",
		a.DB.Engine(), shape(d), cases, all, entries, ms(bare), ms(took), float64(took)/float64(bare), cards)
	return nil
}

// scan reads the month's entries with the bare driver.
func (w *world) scan(ctx context.Context) (took time.Duration, n int, err error) {
	_, to := span(w.Now(), clock.China().Zone())
	from := to.AddDate(0, -1, 0)
	const query = "select subject, seq, at, post, act, step, detail from trail where district = $1 and at >= $2 and at < $3"
	args := []any{sample.DistrictCode, db.At(from), db.At(to)}
	var subject, post, act, step, detail string
	var seq, at int64
	dest := []any{&subject, &seq, &at, &post, &act, &step, &detail}
	begin := w.Now()
	if file, ok := strings.CutPrefix(w.address, "sqlite:"); ok {
		d, err := sql.Open("sqlite", "file:"+file)
		if err != nil {
			return 0, 0, err
		}
		defer d.Close()
		rows, err := d.QueryContext(ctx, query, args...)
		if err != nil {
			return 0, 0, err
		}
		defer rows.Close()
		for ; rows.Next(); n++ {
			if err := rows.Scan(dest...); err != nil {
				return 0, 0, err
			}
		}
		return w.Now().Sub(begin), n, rows.Err()
	}
	conn, err := pgx.Connect(ctx, w.address)
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, query, args...)
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		if err := rows.Scan(dest...); err != nil {
			return 0, 0, err
		}
	}
	return w.Now().Sub(begin), n, rows.Err()
}

package evaluate

import (
	"context"
	"slices"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/measure"
	"linli/internal/org"
	"linli/internal/sheet"
)

// What yearly totals say. Rates are never typed: they are computed from these.
const (
	TotalReceived   = "received"
	TotalFiled      = "filed"
	TotalClosed     = "closed"
	TotalUnfinished = "unfinished"
	TotalComponents = "components"
	TotalEvents     = "events"
)

// totalTitles are what totals say, in the order of the columns.
func totalTitles() []sheet.Field {
	return []sheet.Field{
		{Name: TotalReceived, Title: lang.T("受理数", "Received")},
		{Name: TotalFiled, Title: lang.T("立案数", "Filed")},
		{Name: TotalClosed, Title: lang.T("办结数", "Closed")},
		{Name: TotalUnfinished, Title: lang.T("未办结数", "Not yet closed")},
		{Name: TotalComponents, Title: lang.T("部件数", "Components")},
		{Name: TotalEvents, Title: lang.T("事件数", "Events")},
	}
}

// TotalColumns is the shape ImportTotals takes: a row a period and subject,
// which is the district where it is empty.
func TotalColumns() sheet.Schema {
	columns := sheet.Schema{
		{Name: "period", Title: lang.T("周期", "Period"), Kind: sheet.KindCode, Required: true, Max: 7},
		{Name: "subject", Title: lang.T("单位代码", "Unit code"), Kind: sheet.KindCode, Max: 40},
	}
	for _, f := range totalTitles() {
		f.Kind = sheet.KindInt
		columns = append(columns, f)
	}
	return columns
}

// ImportTotals takes totals that were counted before linli was there. A total
// that contradicts its parts is refused at its line: totals are computed, never
// typed. What is there already is replaced.
func ImportTotals(ctx context.Context, tx *db.Tx, d *district.District, records []*sheet.Record, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "evaluate.ImportTotals(%s)", d.Code)
	seen := map[string]int{}
	for _, r := range records {
		checkTotals(d, r, report)
		name := r.Text("period") + " " + r.Text("subject")
		if first, twice := seen[name]; twice {
			r.Fail(report, "period", "与第 %d 行是同一个周期和单位。", "Line %d has the same period and unit already.", first)
		} else {
			seen[name] = r.Line
		}
	}
	if !report.MayWrite() {
		return nil
	}
	count := report.Count(lang.T("历年合计", "Yearly totals"))
	for _, r := range records {
		if r.Bad() {
			continue
		}
		if err := storeTotals(ctx, tx, d.Code, r); err != nil {
			return err
		}
		count.Added++
	}
	return nil
}

func storeTotals(ctx context.Context, tx *db.Tx, code string, r *sheet.Record) error {
	subject := District
	if unit := r.Text("subject"); unit != "" {
		subject = Unit(unit)
	}
	if err := tx.Exec(ctx, "delete from totals where district = $1 and period = $2 and subject = $3", code, r.Text("period"), string(subject)); err != nil {
		return err
	}
	for _, f := range totalTitles() {
		if !r.Has(f.Name) {
			continue
		}
		err := tx.Exec(ctx, "insert into totals (district, period, subject, what, n, source) values ($1,$2,$3,$4,$5,$6)",
			code, r.Text("period"), string(subject), f.Name, r.Int(f.Name), r.Place.String())
		if err != nil {
			return err
		}
	}
	return nil
}

// checkTotals refuses what cannot be: a whole that is not the sum of its parts,
// more closed than filed, more filed than received.
func checkTotals(d *district.District, r *sheet.Record, report *sheet.Report) {
	if _, err := ParsePeriod(r.Text("period")); err != nil {
		r.Fail(report, "period", "周期要写成 2026、2026-Q4 或 2026-11。", "A period is written 2026, 2026-Q4 or 2026-11.")
	}
	if unit := r.Text("subject"); unit != "" {
		if _, ok := d.Org.Unit(org.UnitID(unit)); !ok {
			r.Fail(report, "subject", "没有单位 %s。", "There is no unit %s.", unit)
		}
	}
	for _, f := range totalTitles() {
		if r.Int(f.Name) < 0 {
			r.Fail(report, f.Name, "%[1]s不能是负数。", "%[2]s cannot be below zero.", f.Title.ZH, f.Title.EN)
		}
	}
	for _, sum := range []struct {
		whole, a, b string
	}{{TotalFiled, TotalComponents, TotalEvents}, {TotalFiled, TotalClosed, TotalUnfinished}} {
		if !r.Has(sum.whole) || !r.Has(sum.a) || !r.Has(sum.b) {
			continue
		}
		if a, b := r.Int(sum.a), r.Int(sum.b); a+b != r.Int(sum.whole) {
			r.Fail(report, sum.whole, "合计 %[1]d 与分项不符：%[2]d + %[3]d = %[4]d。", "The total %[1]d contradicts its parts: %[2]d + %[3]d = %[4]d.",
				r.Int(sum.whole), a, b, a+b)
		}
	}
	for _, most := range [][2]string{{TotalFiled, TotalReceived}, {TotalClosed, TotalFiled}} {
		if part, whole := most[0], most[1]; r.Has(part) && r.Has(whole) && r.Int(part) > r.Int(whole) {
			r.Fail(report, part, "%[1]d 比 %[2]d 还多，分子不能大于分母。", "%[1]d is more than %[2]d, of which it is a part.", r.Int(part), r.Int(whole))
		}
	}
}

// Totals are a period's loaded totals with what follows from them.
type Totals struct {
	Period  Period
	Subject Subject
	N       map[string]int64
	Closing measure.Figure     // closed ÷ filed
	Change  map[string]float64 // against the period a year before, 0.269 is up by 26.9 %
}

// TotalsOf reads the totals of a subject, oldest first.
func TotalsOf(ctx context.Context, r db.Reader, district string, book *measure.Book, s Subject) (all []Totals, err error) {
	defer errs.Wrap(&err, "evaluate.TotalsOf(%s)", s)
	err = db.Scan(ctx, r, func(rows db.Rows) error {
		var p Period
		var what string
		var n int64
		if err := rows.Scan(&p, &what, &n); err != nil {
			return err
		}
		if len(all) == 0 || all[len(all)-1].Period != p {
			all = append(all, Totals{Period: p, Subject: s, N: map[string]int64{}})
		}
		all[len(all)-1].N[what] = n
		return nil
	}, "select t.period, t.what, t.n from totals t where t.district = $1 and t.subject = $2 order by t.period, t.what", district, string(s))
	for i := range all {
		all[i].complete(book, all)
	}
	return all, err
}

// complete computes what is not typed.
func (t *Totals) complete(book *measure.Book, all []Totals) {
	components, known := t.N[TotalComponents]
	events, also := t.N[TotalEvents]
	if _, typed := t.N[TotalFiled]; !typed && known && also {
		t.N[TotalFiled] = components + events
	}
	filed, known := t.N[TotalFiled]
	closed, also := t.N[TotalClosed]
	if known && also {
		t.N[TotalUnfinished] = filed - closed
		if i := book.Indicator("closing"); i != nil {
			t.Closing = i.Figure(float64(closed), int(filed))
		}
	}
	t.Change = map[string]float64{}
	before := slices.IndexFunc(all, func(o Totals) bool { return o.Period == t.Period.YearBefore() })
	if before < 0 {
		return
	}
	for what, n := range t.N {
		if was := all[before].N[what]; was > 0 {
			t.Change[what] = float64(n)/float64(was) - 1
		}
	}
}

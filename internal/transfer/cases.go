package transfer

import (
	"context"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
	"linli/internal/learn"
	"linli/internal/sheet"
)

// CaseColumns is the shape of a table of cases.
func CaseColumns() sheet.Schema { return learn.Columns() }

// Options say how cases are brought in. The zero value takes all or none.
type Options struct {
	Policy   sheet.Policy
	Datum    geo.Datum             // of the coordinates; empty is CGCS2000
	Progress func(done, total int) // called after every batch; total is what will be written
	Checking func(rows int)        // called now and then while rows are checked
	Batch    int                   // cases to a transaction; 500 where 0
}

const usualBatch = 500

// Cases brings a table of cases into a district. The file is read twice: once
// to check every row, once to write, so that a bad row at its end leaves
// nothing behind. The error is errs.Invalid when something kept all of it out,
// sheet.ErrDryRun after a clean dry run.
func Cases(ctx context.Context, d *db.DB, to *district.District, file sheet.File, mapping *sheet.Mapping, opts Options) (report *sheet.Report, err error) {
	defer errs.Wrap(&err, "transfer.Cases(%s, %s)", to.Code, file.Name)
	report = sheet.NewReport(opts.Policy)
	checked := newReader(to, opts.Datum, d.Now(), report)
	total, rows := 0, 0
	for r := range CaseColumns().Each(mapping, file, report) {
		if _, ok := checked.historic(r); ok {
			total++
		}
		if err := ctx.Err(); err != nil {
			return report, err
		}
		rows++
		opts.checked(rows)
	}
	checked.summary()
	if err := report.Settle(); err != nil {
		return report, err
	}
	w := &writer{ctx: ctx, db: d, to: to, opts: opts, total: total, count: report.Count(lang.T("案件", "Cases"))}
	checked.seen = nil
	// The second reading finds what the first found; it is in the report once.
	again := newReader(to, opts.Datum, checked.now, sheet.NewReport(sheet.Policy{SkipBad: true}))
	for r := range CaseColumns().Each(mapping, file, again.report) {
		if h, ok := again.historic(r); ok {
			if err := w.add(h); err != nil {
				return report, err
			}
		}
	}
	if err := w.flush(); err != nil {
		return report, err
	}
	return report, readAlike(w.done, total)
}

// readAlike refuses a second reading that did not find the rows of the first: a
// file that changes, or that cannot be read to its end any more, is not done.
func readAlike(second, first int) error {
	if second == first {
		return nil
	}
	return errs.New(errs.Conflict, "文件读第二遍时和第一遍不一样：应有 %[2]d 行，写进了 %[1]d 行。请把文件放稳了再导一次，已经在的不会重复。",
		"The file did not read the same twice: %[1]d of %[2]d rows were written. Please leave it as it is and run it again; what is there stays.", second, first)
}

// checkedEvery is how many rows are checked before whoever waits is told.
const checkedEvery = 1000

func (o Options) checked(rows int) {
	if o.Checking != nil && rows%checkedEvery == 0 {
		o.Checking(rows)
	}
}

// writer gathers cases into batches.
type writer struct {
	ctx   context.Context
	db    *db.DB
	to    *district.District
	opts  Options
	batch []casework.Historic
	done  int
	total int
	count *sheet.Count
}

func (w *writer) add(h casework.Historic) error {
	w.batch = append(w.batch, h)
	most := w.opts.Batch
	if most <= 0 {
		most = usualBatch
	}
	if len(w.batch) < most {
		return nil
	}
	return w.flush()
}

func (w *writer) flush() error {
	if len(w.batch) == 0 {
		return nil
	}
	var taken casework.Taken
	err := w.db.Write(w.ctx, func(tx *db.Tx) (err error) {
		taken, err = casework.Take(w.ctx, tx, w.to, w.batch)
		return err
	})
	if err != nil {
		return err
	}
	w.count.Added += taken.New
	w.count.Same += taken.Known
	w.done += len(w.batch)
	w.batch = w.batch[:0]
	if w.opts.Progress != nil {
		w.opts.Progress(w.done, w.total)
	}
	return nil
}

// reader turns records into historic cases and reports what is wrong.
type reader struct {
	to     *district.District
	datum  geo.Datum
	now    time.Time
	drawn  bool               // whether any area has an outline, so that outside means something
	seen   map[[16]byte]int32 // lines, by what is left of channel and number: of a million there is no room for more
	report *sheet.Report
	odd    map[string]int // findings by what is odd, so that a common one does not crowd out the rest
}

func newReader(to *district.District, datum geo.Datum, now time.Time, report *sheet.Report) *reader {
	if datum == "" {
		datum = geo.CGCS2000
	}
	return &reader{to: to, datum: datum, now: now, drawn: drawn(to.Areas), seen: map[[16]byte]int32{}, report: report, odd: map[string]int{}}
}

func drawn(m *area.Map) bool {
	for a := range m.All() {
		if _, ok := m.Outline(a.Code); ok {
			return true
		}
	}
	return false
}

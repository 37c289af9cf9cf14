package transfer

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/sheet"
)

// PastColumns is the shape of a table of what was done with cases in a former
// system, in the order in which it was.
func PastColumns() sheet.Schema {
	return sheet.Schema{
		{Name: "external", Title: lang.T("原编号", "number in the source"), Kind: sheet.KindCode, Required: true, Max: 60},
		{Name: "channel", Title: lang.T("渠道", "channel"), Kind: sheet.KindCode, Max: 40},
		{Name: "at", Title: lang.T("时间", "at"), Kind: sheet.KindTime, Required: true},
		{Name: "did", Title: lang.T("做了什么", "what was done"), Required: true, Max: 60},
		{Name: "unit", Title: lang.T("单位", "unit"), Kind: sheet.KindCode, Max: 40},
		{Name: "note", Title: lang.T("说明", "note"), Max: 2000},
	}
}

// Past brings in what was done with cases before they came here, each into the
// trail of its case as told by the former system. The cases come first (Cases).
// As there, everything is checked before anything is written, and running it
// again adds nothing twice.
func Past(ctx context.Context, d *db.DB, to *district.District, file sheet.File, mapping *sheet.Mapping, opts Options) (report *sheet.Report, err error) {
	defer errs.Wrap(&err, "transfer.Past(%s, %s)", to.Code, file.Name)
	report = sheet.NewReport(opts.Policy)
	check := &pasts{ctx: ctx, db: d, to: to, now: d.Now(), report: report}
	total, rows := 0, 0
	err = inGroups(PastColumns().Each(mapping, file, report), opts.size(), func(group []*sheet.Record) error {
		good, err := check.group(group)
		total += len(good)
		if rows += len(group); opts.Checking != nil {
			opts.Checking(rows)
		}
		return err
	})
	if err != nil {
		return report, err
	}
	if err := report.Settle(); err != nil {
		return report, err
	}
	count, done := report.Count(lang.T("办理经过", "Steps")), 0
	again := &pasts{ctx: ctx, db: d, to: to, now: check.now, report: sheet.NewReport(sheet.Policy{SkipBad: true})}
	err = inGroups(PastColumns().Each(mapping, file, again.report), opts.size(), func(group []*sheet.Record) error {
		good, err := again.group(group)
		if err != nil {
			return err
		}
		added, err := again.write(good)
		if err != nil {
			return err
		}
		count.Added += added
		count.Same += len(good) - added
		if done += len(good); opts.Progress != nil {
			opts.Progress(done, total)
		}
		return nil
	})
	if err != nil {
		return report, err
	}
	return report, readAlike(done, total)
}

// size is how many rows share a transaction.
func (o Options) size() int {
	if o.Batch > 0 {
		return o.Batch
	}
	return usualBatch
}

// inGroups hands out records some at a time, the rest last.
func inGroups(records func(yield func(*sheet.Record) bool), most int, do func([]*sheet.Record) error) (err error) {
	var group []*sheet.Record
	for r := range records {
		if group = append(group, r); len(group) >= most {
			if err := do(group); err != nil {
				return err
			}
			group = group[:0]
		}
	}
	if len(group) == 0 {
		return nil
	}
	return do(group)
}

// pasts checks and writes what was done.
type pasts struct {
	ctx    context.Context
	db     *db.DB
	to     *district.District
	now    time.Time
	report *sheet.Report
}

// told is a record with the case that it is about.
type told struct {
	id   casework.ID
	past casework.Past
}

// group checks some records, and gives those that can be taken.
func (p *pasts) group(group []*sheet.Record) (good []told, err error) {
	cases, err := casesOf(p.ctx, p.db, p.to.Code, group)
	if err != nil {
		return nil, err
	}
	for _, r := range group {
		id, ok := cases[channelOf(r)][r.Text("external")]
		if !ok {
			r.Fail(p.report, "external", "没有从“%s”来的“%s”这一件；先导入案件。", "No case “%[2]s” came from “%[1]s”; bring in the cases first.", channelOf(r), r.Text("external"))
		}
		if _, ok := p.to.Org.Unit(org.UnitID(r.Text("unit"))); r.Has("unit") && !ok {
			r.Fail(p.report, "unit", "没有“%s”这个单位。", "There is no unit “%s”.", r.Text("unit"))
		}
		at := r.Time("at").Truncate(time.Second)
		if at.After(p.now) {
			r.Fail(p.report, "at", "时间在将来。", "It is in the future.")
		}
		if !r.Bad() {
			good = append(good, told{id, casework.Past{At: at, Did: r.Text("did"), Unit: r.Text("unit"), Note: r.Text("note"), File: r.File}})
		}
	}
	return good, nil
}

// channelOf is the channel under which a case came in, as Cases has it.
func channelOf(r *sheet.Record) string {
	if c := r.Text("channel"); c != "" {
		return c
	}
	return machine
}

// casesOf finds the cases that records are about, by channel and number there.
func casesOf(ctx context.Context, d *db.DB, code string, group []*sheet.Record) (map[string]map[string]casework.ID, error) {
	numbers := map[string][]string{}
	for _, r := range group {
		numbers[channelOf(r)] = append(numbers[channelOf(r)], r.Text("external"))
	}
	all := map[string]map[string]casework.ID{}
	for channel, some := range numbers {
		cases, err := casework.CasesOf(ctx, d, code, channel, some)
		if err != nil {
			return nil, err
		}
		all[channel] = cases
	}
	return all, nil
}

func (p *pasts) write(good []told) (added int, err error) {
	past := map[casework.ID][]casework.Past{}
	var cases []casework.ID
	for _, t := range good {
		if past[t.id] == nil {
			cases = append(cases, t.id)
		}
		past[t.id] = append(past[t.id], t.past)
	}
	return added, p.db.Write(p.ctx, func(tx *db.Tx) (err error) {
		added, err = casework.AddPast(p.ctx, tx, p.to.Code, cases, past)
		return err
	})
}

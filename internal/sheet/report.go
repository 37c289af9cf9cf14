package sheet

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"linli/internal/errs"
	"linli/internal/lang"
)

// maxFindings bounds what a report keeps: a file with the wrong separator has
// one finding a row, and nobody reads the second thousand.
const maxFindings = 1000

// Policy is what an import does about bad rows. The zero value takes all rows
// or none.
type Policy struct {
	SkipBad bool // leave bad rows out and list them, take the others
	DryRun  bool // check and run everything, then roll back
}

// ErrDryRun is what Settle returns after a clean dry run, so that the
// transaction rolls back.
var ErrDryRun = errors.New("sheet: dry run, nothing is kept")

// Count says what became of the good rows of one kind of thing; the bad ones
// are in Skipped.
type Count struct {
	What                 lang.Text
	Added, Changed, Same int
}

// Report gathers the findings and counts of one import.
type Report struct {
	Policy   Policy
	findings []Finding
	dropped  int
	bad      map[Place]bool // rows with an error
	number   map[Severity]int
	counts   []*Count
}

// NewReport starts an empty report.
func NewReport(p Policy) *Report {
	return &Report{Policy: p, bad: map[Place]bool{}, number: map[Severity]int{}}
}

// Clone copies the report. A transaction that lost against another runs again,
// so what it finds goes into a clone made inside it, and the clone of the run
// that counted is kept.
func (r *Report) Clone() *Report {
	c := &Report{Policy: r.Policy, findings: slices.Clone(r.findings), dropped: r.dropped, bad: maps.Clone(r.bad), number: maps.Clone(r.number)}
	for _, n := range r.counts {
		one := *n
		c.counts = append(c.counts, &one)
	}
	return c
}

// Add takes a finding down.
func (r *Report) Add(f Finding) {
	r.number[f.Severity]++
	if f.Severity == Error {
		r.bad[Place{File: f.File, Line: f.Line}] = true
	}
	if len(r.findings) >= maxFindings {
		r.dropped++
		return
	}
	r.findings = append(r.findings, f)
}

// add is Add with the text inline.
func (r *Report) add(s Severity, p Place, field, zh, en string, args ...any) {
	r.Add(Finding{Place: p, Field: field, Severity: s, Text: lang.T(zh, en, args...)})
}

// Count returns the count of what, to be added to.
func (r *Report) Count(what lang.Text) *Count {
	for _, c := range r.counts {
		if c.What == what {
			return c
		}
	}
	c := &Count{What: what}
	r.counts = append(r.counts, c)
	return c
}

// Counts gives the counts in the order they were first asked for.
func (r *Report) Counts() []Count {
	all := make([]Count, 0, len(r.counts))
	for _, c := range r.counts {
		all = append(all, *c)
	}
	return all
}

// Findings gives what was found, by file, line and column. Dropped says how
// many more there were.
func (r *Report) Findings() []Finding {
	all := slices.Clone(r.findings)
	slices.SortStableFunc(all, func(a, b Finding) int { return a.Place.compare(b.Place) })
	return all
}

// Dropped is the number of findings beyond those kept.
func (r *Report) Dropped() int { return r.dropped }

// Number is how many findings of severity s there were, kept or not.
func (r *Report) Number(s Severity) int { return r.number[s] }

// Skipped lists the places of the rows left out.
func (r *Report) Skipped() []Place {
	all := make([]Place, 0, len(r.bad))
	for p := range r.bad {
		all = append(all, p)
	}
	slices.SortFunc(all, Place.compare)
	return all
}

// MayWrite reports whether the policy lets anything found so far be written. A
// verb asks before its first write; Settle asks again at the end.
func (r *Report) MayWrite() bool {
	return r.number[Fatal] == 0 && (r.Policy.SkipBad || r.number[Error] == 0)
}

// Settle is the last line of an import's transaction: nil where it may commit,
// an Invalid error where something is wrong that the policy does not skip,
// ErrDryRun where nothing is wrong but nothing was meant to stay.
func (r *Report) Settle() error {
	switch {
	case !r.MayWrite():
		n := r.number[Fatal] + r.number[Error]
		return errs.New(errs.Invalid,
			"导入有 %d 处错误，未写入任何数据。", "The import has %d errors; nothing was written.", n)
	case r.Policy.DryRun:
		return ErrDryRun
	}
	return nil
}

// Write prints the report in l: counts first, then every finding on a line.
func (r *Report) Write(w io.Writer, l lang.Lang) error {
	out := errWriter{w: w}
	for _, c := range r.counts {
		out.printf(l.Pick("%s：新增 %d，更新 %d，未变 %d\n", "%s: %d added, %d changed, %d unchanged\n"),
			c.What.In(l), c.Added, c.Changed, c.Same)
	}
	for _, f := range r.Findings() {
		out.printf("%s\n", f.In(l))
	}
	if r.dropped > 0 {
		out.printf(l.Pick("另有 %d 条未列出\n", "%d more not listed\n"), r.dropped)
	}
	out.printf("%s\n", r.Verdict().In(l))
	return out.err
}

// Verdict says in one sentence how the import ended.
func (r *Report) Verdict() lang.Text {
	switch {
	case !r.MayWrite():
		return lang.T("有 %d 处错误，未写入任何数据。", "%d errors; nothing was written.", r.number[Fatal]+r.number[Error])
	case r.Policy.DryRun && len(r.bad) > 0:
		return lang.T("试运行：%d 行有错将被跳过，其余可导入；未写入任何数据。",
			"Dry run: %d bad rows would be skipped, the rest can be imported; nothing was written.", len(r.bad))
	case r.Policy.DryRun:
		return lang.T("试运行通过，未写入任何数据。", "The dry run passed; nothing was written.")
	case len(r.bad) > 0:
		return lang.T("已导入，跳过 %d 行。", "Imported; %d rows were skipped.", len(r.bad))
	}
	return lang.T("已导入。", "Imported.")
}

// errWriter keeps the first error, so that printing reads as printing.
type errWriter struct {
	w   io.Writer
	err error
}

func (e *errWriter) printf(format string, args ...any) {
	if e.err == nil {
		_, e.err = fmt.Fprintf(e.w, format, args...)
	}
}

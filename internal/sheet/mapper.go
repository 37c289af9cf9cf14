package sheet

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"linli/internal/lang"
)

// rule says how one target field is made of a source row.
type rule struct {
	columns  []string
	join     string
	constant *string
	prefix   string
	pad      int // left, with zeros
	lookup   map[string]string
	fallback *string
	keep     bool
	number   bool
	how      reading
	sequence *sequence
}

// sequence numbers the different values of a column under their parent, in
// order of first appearance, so the same file always gives the same codes.
type sequence struct {
	parent      string
	width, from int
}

// Map turns all rows of f into records of the schema. A nil mapping takes
// columns by the fields' own names or titles. Bad rows are left out and
// reported.
func (s Schema) Map(m *Mapping, f File, report *Report) []*Record {
	return slices.Collect(s.Each(m, f, report))
}

// Each is Map as a stream, for sources too large to hold.
func (s Schema) Each(m *Mapping, f File, report *Report) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		if m == nil {
			m = &Mapping{}
		}
		w := &mapper{schema: s, mapping: m, report: report, numbers: map[string]map[string]int{}, first: map[string]*tally{}}
		before := report.Number(Fatal)
		rows, stopped := 0, false
		for row := range f.Rows(m.From, report) {
			rows++
			if rows == 1 && !w.prepare(row) {
				return
			}
			rec, ok := w.record(row)
			if ok && !yield(rec) {
				stopped = true
				break
			}
		}
		if stopped || report.Number(Fatal) > before {
			return
		}
		if rows == 0 {
			report.add(Warning, Place{File: f.Name}, "", "没有数据行。", "There are no rows of data.")
		}
		for _, rec := range w.settleDistinct() {
			if !yield(rec) {
				return
			}
		}
	}
}

// mapper carries what mapping one file remembers from row to row.
type mapper struct {
	schema  Schema
	mapping *Mapping
	targets []target // of this file: the mapping's, or one a schema field
	report  *Report
	missing map[string]bool
	numbers map[string]map[string]int // parent, key -> number
	first   map[string]*tally         // by distinct value
	order   []*tally
}

// prepare checks the mapping against the schema and against the columns of the
// first row, once.
func (w *mapper) prepare(row Row) bool {
	w.missing = map[string]bool{"": true}
	for _, s := range w.mapping.From.Missing {
		w.missing[s] = true
	}
	ok := true
	if w.targets = w.mapping.columns; len(w.targets) == 0 {
		w.targets = w.byName(row)
	}
	given := map[string]bool{}
	for _, t := range w.targets {
		given[t.name] = true
		if _, known := w.schema.field(t.name); !known && !strings.HasPrefix(t.name, "_") {
			w.report.add(Fatal, t.at, t.name, "没有这个目标字段。", "There is no such target field.")
			ok = false
		}
		ok = w.columnsExist(t, row) && ok
	}
	for _, c := range w.mapping.where {
		ok = w.columnsExist(target{name: "where", rule: rule{columns: []string{c.column}}}, row) && ok
	}
	for _, f := range w.schema {
		if f.Required && !given[f.Name] {
			w.report.add(Fatal, Place{File: row.File, Line: w.headLine()}, f.Name, "缺少必填列“%s”。", "The required column “%s” is missing.", f.Name)
			ok = false
		}
	}
	// A sequence needs its parent's value, so it comes last.
	w.targets = slices.Clone(w.targets)
	slices.SortStableFunc(w.targets, func(a, b target) int { return b2i(a.rule.sequence != nil) - b2i(b.rule.sequence != nil) })
	return ok
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (w *mapper) headLine() int { return max(1, w.mapping.From.Header) }

// columnsExist holds only for tables: an object may leave a member out.
func (w *mapper) columnsExist(t target, row Row) bool {
	if row.Column != 0 {
		return true
	}
	ok := true
	for _, c := range t.rule.columns {
		if _, has := row.Get(c); !has {
			w.report.add(Fatal, Place{File: row.File, Line: w.headLine()}, t.name, "表中没有列“%s”。", "The table has no column “%s”.", short(c))
			ok = false
		}
	}
	return ok
}

// byName pairs columns with fields of the same name or title, and warns of
// columns that serve nothing: a misspelt heading would otherwise pass unseen.
func (w *mapper) byName(row Row) []target {
	var all []target
	used := map[string]bool{}
	for _, f := range w.schema {
		for _, c := range row.Columns() {
			if !used[c] && f.called(c) {
				used[c] = true
				all = append(all, target{name: f.Name, rule: rule{columns: []string{c}}})
				break
			}
		}
		if row.Column != 0 && !slices.ContainsFunc(all, func(t target) bool { return t.name == f.Name }) {
			all = append(all, target{name: f.Name, rule: rule{columns: []string{f.Name}}})
		}
	}
	weight, at := Warning, Place{File: row.File, Line: w.headLine()}
	if row.Column != 0 {
		weight, at = Note, row.Place // objects often say more than is asked
	}
	for i, c := range row.Columns() {
		if c != "" && !used[c] {
			if row.Column == 0 {
				at.Column = i + 1
			}
			w.report.add(weight, at, short(c), "不认识这一列，已忽略。", "This column is not known and is ignored.")
		}
	}
	return all
}

func (f Field) called(column string) bool {
	return strings.EqualFold(column, f.Name) || column != "" && (column == f.Title.ZH || strings.EqualFold(column, f.Title.EN))
}

// record makes the record of a row; ok is false where where drops it, it is
// bad, or its distinct value was seen before.
func (w *mapper) record(row Row) (*Record, bool) {
	for _, c := range w.mapping.where {
		v, _ := row.Get(c.column)
		v = trim(v)
		if slices.Contains(c.not, v) || len(c.in) > 0 && !slices.Contains(c.in, v) {
			return nil, false
		}
	}
	rec := &Record{Place: row.Place, Geometry: row.Geometry, schema: w.schema, values: make([]value, len(w.schema))}
	helpers := map[string]string{}
	for _, t := range w.targets {
		raw, ok := w.raw(t, row, rec, helpers)
		if !ok {
			continue
		}
		i, known := w.schema.field(t.name)
		if !known {
			helpers[t.name] = raw
			continue
		}
		w.set(rec, i, raw, t, row)
	}
	for i, f := range w.schema {
		if f.Required && !rec.values[i].set && !rec.bad {
			rec.Fail(w.report, f.Name, "必填。", "This is required.")
		}
	}
	if rec.bad {
		return nil, false
	}
	return w.distinct(rec)
}

// set parses raw into field i of rec.
func (w *mapper) set(rec *Record, i int, raw string, t target, row Row) {
	f := w.schema[i]
	at := w.source(t, row)
	if raw == "" {
		rec.values[i] = value{place: at}
		return
	}
	if t.rule.number && f.Kind != KindInt && f.Kind != KindNumber {
		if _, wrong := (Field{Kind: KindNumber}).parse(raw, t.rule.how); !wrong.IsZero() {
			w.fault(rec, at, f.Name, wrong)
			return
		}
	}
	v, wrong := f.parse(raw, t.rule.how)
	if !wrong.IsZero() {
		w.fault(rec, at, f.Name, wrong)
		return
	}
	v.place = at
	rec.values[i] = v
}

func (w *mapper) fault(rec *Record, at Place, field string, text lang.Text) {
	rec.bad = true
	w.report.Add(Finding{Place: at, Field: field, Severity: Error, Text: text})
}

// source is the place of the first column a target is made of.
func (w *mapper) source(t target, row Row) Place {
	if len(t.rule.columns) == 0 {
		return row.Place
	}
	return row.At(t.rule.columns[0])
}

// raw gives the text of a target before it is parsed; ok is false where a
// lookup does not know the value, which is reported.
func (w *mapper) raw(t target, row Row, rec *Record, helpers map[string]string) (string, bool) {
	r := t.rule
	s := w.joined(r, row)
	if r.lookup != nil && s != "" {
		to, known := r.lookup[s]
		switch {
		case known:
			s = to
		case r.fallback != nil:
			s = *r.fallback
		case !r.keep:
			w.fault(rec, w.source(t, row), t.name, lang.T("映射表里没有“%s”。", "The lookup does not know “%s”.", short(s)))
			return "", false
		}
	}
	if s == "" {
		if r.fallback == nil {
			return "", true
		}
		return *r.fallback, true
	}
	if r.pad > len(s) {
		s = strings.Repeat("0", r.pad-len(s)) + s
	}
	if r.sequence != nil {
		return w.numbered(t, s, row, rec, helpers)
	}
	return r.prefix + s, true
}

func (w *mapper) joined(r rule, row Row) string {
	if r.constant != nil {
		return *r.constant
	}
	var parts []string
	for _, c := range r.columns {
		v, _ := row.Get(c)
		if v = trim(v); !w.missing[v] {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, r.join)
}

// numbered gives the number of key under its parent, prefixed by both.
func (w *mapper) numbered(t target, key string, row Row, rec *Record, helpers map[string]string) (string, bool) {
	q := t.rule.sequence
	parent := t.rule.prefix
	if q.parent != "" {
		if _, known := w.schema.field(q.parent); known {
			parent += rec.Text(q.parent)
		} else {
			parent += helpers[q.parent]
		}
	}
	under := w.numbers[t.name+"\x00"+parent]
	if under == nil {
		under = map[string]int{}
		w.numbers[t.name+"\x00"+parent] = under
	}
	n, seen := under[key]
	if !seen {
		n = q.from + len(under)
		under[key] = n
	}
	digits := fmt.Sprintf("%0*d", q.width, n)
	if len(digits) > q.width {
		w.fault(rec, w.source(t, row), t.name, lang.T("“%s”之下的编号已超过 %d 位。", "The numbers under “%s” need more than %d digits.", short(parent), q.width))
		return "", false
	}
	return parent + digits, true
}

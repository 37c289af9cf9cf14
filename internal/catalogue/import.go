package catalogue

import (
	"context"
	"reflect"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// Known says what else the district has, which this package does not know.
type Known struct {
	Unit func(code string) bool
	Area func(prefix string) bool // whether any area's code begins with it
}

// ImportMatters takes matters in the shape of MatterColumns. One of a code that
// is there already is replaced. It writes nothing unless the report may.
func ImportMatters(ctx context.Context, tx *db.Tx, district string, records []*sheet.Record, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "catalogue.ImportMatters(%s)", district)
	stored, err := readMatters(ctx, tx, district)
	if err != nil {
		return err
	}
	have := map[string]Matter{}
	for _, m := range stored {
		have[m.Code] = m
	}
	procedures, err := namesOf(ctx, tx, "select distinct name from procedures where district = $1", district)
	if err != nil {
		return err
	}
	forms, err := namesOf(ctx, tx, "select name from forms where district = $1", district)
	if err != nil {
		return err
	}
	drafts := make([]draft, len(records))
	for i, r := range records {
		drafts[i] = draft{readMatter(r, report), r}
	}
	good := settle(drafts, have, procedures, forms, report)
	if !report.MayWrite() {
		return nil
	}
	count := report.Count(lang.T("事项", "Matters"))
	for _, m := range good {
		old, there := have[m.Code]
		switch {
		case there && same(old, m):
			count.Same++
			continue
		case there:
			count.Changed++
		default:
			count.Added++
		}
		if err := writeMatter(ctx, tx, district, m); err != nil {
			return err
		}
	}
	return nil
}

// same compares what is stored of two matters; no list and an empty one are
// the same.
func same(a, b Matter) bool {
	for _, m := range []*Matter{&a, &b} {
		if len(m.Basis) == 0 {
			m.Basis = nil
		}
		if len(m.Words) == 0 {
			m.Words = nil
		}
	}
	return reflect.DeepEqual(a, b)
}

func namesOf(ctx context.Context, r db.Reader, sql, district string) (map[string]bool, error) {
	list, err := db.All(ctx, r, func(s *string) []any { return []any{s} }, sql, district)
	names := map[string]bool{}
	for _, n := range list {
		names[n] = true
	}
	return names, err
}

// ImportRoutes takes a routing table in the shape of RouteColumns. Its written
// rules replace the written ones and its learned rules, those with a weight,
// the learned ones; a kind that it has none of stays as it is. It writes
// nothing unless the report may.
func ImportRoutes(ctx context.Context, tx *db.Tx, district string, records []*sheet.Record, known Known, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "catalogue.ImportRoutes(%s)", district)
	matters, err := readMatters(ctx, tx, district)
	if err != nil {
		return err
	}
	var rules []Rule
	for _, r := range records {
		rule := readRule(r, report)
		if rule.Matter != "" && !begun(matters, rule.Matter) {
			r.Fail(report, "matter", "没有“%s”开头的事项。", "No matter begins with “%s”.", rule.Matter)
		}
		if rule.Area != "" && known.Area != nil && !known.Area(rule.Area) {
			r.Fail(report, "area", "没有“%s”开头的区域。", "No area begins with “%s”.", rule.Area)
		}
		for _, u := range append([]string{rule.Unit}, rule.Co...) {
			if known.Unit != nil && !known.Unit(u) {
				r.Fail(report, "unit", "没有“%s”这个单位。", "There is no unit “%s”.", u)
			}
		}
		if !r.Bad() {
			rules = append(rules, rule)
		}
	}
	if !report.MayWrite() {
		return nil
	}
	report.Count(lang.T("派遣规则", "Routing rules")).Added += len(rules)
	return writeRules(ctx, tx, district, rules)
}

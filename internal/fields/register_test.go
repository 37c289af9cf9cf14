package fields

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/lang"
)

// No column arrives without anybody saying whose it is and what it is for, and
// none is written about that is gone.
//
// ASVS 8.1.2, 14.1.1
// GB/T 22239 8.1.4.2g, 8.1.4.11a
func TestEveryColumnIsRegistered(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		// Differs because each engine keeps its list of columns elsewhere. What
		// full text and migrations keep beneath themselves is not ours.
		list, engine := "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public'", "postgres"
		if d.Engine() == db.SQLite {
			list, engine = `select t.name || '.' || c.name from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'
				and t.name not like 'sqlite%' and t.name not like 'case\_text\_%' escape '\'`, "sqlite"
		}
		got, err := db.All(t.Context(), d, func(s *string) []any { return []any{s} }, list)
		if err != nil {
			t.Fatal(err)
		}
		got = slices.DeleteFunc(got, func(name string) bool { return strings.HasPrefix(name, "goose") })
		var want []string
		for _, f := range Register() {
			if f.Engine == "" || f.Engine == engine {
				want = append(want, f.Table+"."+f.Column)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("fields.yaml and %s differ (-register +database): write down whose a new column is, what for, how long\n%s", engine, diff)
		}
	})
}

// What identifies a resident outright is sealed, whatever reason one could give.
//
// ASVS 14.1.2, 14.2.4
// GB/T 22239 8.1.4.8b
func TestNamesAndNumbersOfResidentsAreSealed(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, f := range Register() {
		if f.Whose == OfResident && (f.Column == "phone" || f.Column == "name" && f.Table != "documents") {
			seen++
			if !f.Sealed {
				t.Errorf("%s.%s is stored in clear", f.Table, f.Column)
			}
		}
	}
	if seen < 4 {
		t.Errorf("only %d such columns: the test looks in the wrong place", seen)
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	all := Of("reports")
	i := slices.IndexFunc(all, func(f Field) bool { return f.Column == "phone" })
	if i < 0 || !all[i].Sealed || all[i].Class != Personal || all[i].Keep != Identity || all[i].Basis.EN == "" {
		t.Errorf("reports.phone: %+v", all)
	}
	if len(Of("no_such")) != 0 {
		t.Error("a table that is not there has columns")
	}
	all[0].Table = "changed"
	if Of("reports")[0].Table != "reports" {
		t.Error("a caller changed the register")
	}
}

func TestRegisterRefuses(t *testing.T) {
	t.Parallel()
	whole := Field{Class: Personal, Whose: OfResident, Purpose: lang.T("办", "do"), Basis: lang.T("法", "law"), Keep: Identity, Sealed: true}
	if err := whole.check(); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why    string
		change func(*Field)
	}{
		{"in clear without a reason", func(f *Field) { f.Sealed = false }},
		{"a reason in one language", func(f *Field) { f.Sealed, f.Why.ZH = false, "要查" }},
		{"no purpose", func(f *Field) { f.Purpose = lang.Text{} }},
		{"no basis", func(f *Field) { f.Basis = lang.Text{} }},
		{"kept by no rule", func(f *Field) { f.Keep = "whims" }},
		{"a class of its own", func(f *Field) { f.Class = "secret" }},
		{"personal and nobody's", func(f *Field) { f.Whose = OfNobody }},
		{"of a database linli does not run on", func(f *Field) { f.Engine = "oracle" }},
	} {
		one := whole
		row.change(&one)
		if one.check() == nil {
			t.Errorf("%s: taken", row.why)
		}
	}
	const twice = "bases: {b: {zh: 法, en: law}}\ntables:\n  t:\n    purpose: {zh: 办, en: do}\n    basis: b\n    keep: cases\n    columns:\n      - {class: internal, whose: none, of: [a, a]}\n"
	if _, err := parseRegister([]byte(twice)); err == nil {
		t.Error("a column that stands twice is taken")
	}
}

func FuzzParseRegister(f *testing.F) {
	f.Add(source)
	f.Add([]byte("tables: {t: {columns: [{of: [a]}]}}"))
	f.Fuzz(func(t *testing.T, source []byte) {
		all, err := parseRegister(source)
		for i := range all {
			if bad := all[i].check(); err == nil && bad != nil {
				t.Errorf("taken: %v", bad)
			}
		}
	})
}

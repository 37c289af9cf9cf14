package sheet

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var wide = Schema{
	{Name: "code", Kind: KindCode, Required: true, Max: 12},
	{Name: "name", Max: 5},
	{Name: "n", Kind: KindInt},
	{Name: "x", Kind: KindNumber},
	{Name: "day", Kind: KindDate},
	{Name: "at", Kind: KindTime},
}

// mapped runs a mapping over a CSV and gives the records, then the findings.
func mapped(t *testing.T, mapping, csv string) string {
	t.Helper()
	report := NewReport(Policy{})
	var m *Mapping
	if mapping != "" {
		fsys := fstest.MapFS{"m/m.yaml": {Data: []byte(mapping)}, "m/limits.csv": {Data: []byte("type,days\nA,30\nB,5\n")}}
		if all := ParseMappings(fsys, "m/m.yaml", report); len(all) == 1 {
			m = all[0]
		}
	}
	var b strings.Builder
	if m != nil || mapping == "" {
		f, err := Load("s.csv", strings.NewReader(csv), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range wide.Map(m, f, report) {
			fmt.Fprint(&b, r.Line)
			for _, f := range wide {
				if r.Has(f.Name) {
					fmt.Fprintf(&b, "|%s=%s", f.Name, r.Text(f.Name))
				}
			}
			b.WriteString("\n")
		}
	}
	for _, f := range report.Findings() {
		fmt.Fprintf(&b, "%s %s %s\n", f.Place, f.Severity, f.Field)
	}
	return b.String()
}

func TestMap(t *testing.T) {
	t.Parallel()
	tests := []struct{ why, mapping, csv, want string }{
		{"without a mapping columns go by name, and unknown ones are said",
			"", "CODE,name,nmae\n１０1,桂香,x\n", "2|code=101|name=桂香\ns.csv:1:3 warning nmae\n"},
		{"a required column that is missing is the file's fault", "", "name\nx\n", "s.csv:1 fatal code\n"},
		{"a required value that is missing is the row's fault", "", "code,name\n,x\n1,y\n", "3|code=1|name=y\ns.csv:2:1 error code\n"},
		{"kinds are checked, each fault in its cell", "", "code,n,x,day,at\n1,1.5,a,2026-02-30,noon\n",
			"s.csv:2:2 error n\ns.csv:2:3 error x\ns.csv:2:4 error day\ns.csv:2:5 error at\n"},
		{"dates in the usual forms, times in China's zone", "", "code,day,at\n1,2026年1月2日,2026/1/2 8:30\n2,46024,2026-01-02T00:30:00Z\n",
			"2|code=1|day=2026-01-02|at=2026-01-02T00:30:00Z\n3|code=2|day=2026-01-02|at=2026-01-02T00:30:00Z\n"},
		{"a code ruined by a spreadsheet is refused", "", "code\n9.901E+11\n", "s.csv:2:1 error code\n"},
		{"too long", "", "code,name\n1,桂香社区第七网格\n", "s.csv:2:2 error name\n"},
		{"renaming, joining, constants, padding, prefix",
			"columns: {code: {column: ID, prefix: '99', pad: 3}, name: {columns: [A, B], join: '-'}, n: {value: 7}}",
			"ID,A,B\n7,甲,乙\n", "2|code=99007|name=甲-乙|n=7\n"},
		{"what means nothing is nothing, and default stands in",
			"from: {missing: ['-']}\ncolumns: {code: ID, name: N, n: {column: N2, default: 4}}",
			"ID,N,N2\n1,-,-\n", "2|code=1|n=4\n"},
		{"an unknown lookup value is refused, not guessed",
			"columns: {code: {column: ID, lookup: {1: a}}}", "ID\n1\n2\n", "2|code=a\ns.csv:3:1 error code\n"},
		{"unless default or keep says otherwise",
			"columns: {code: {column: ID, lookup: {1: a}, keep: true}, name: {column: ID, lookup: {1: b}, default: c}}",
			"ID\n1\n2\n", "2|code=a|name=b\n3|code=2|name=c\n"},
		{"a lookup from a table beside the mapping",
			"columns: {code: ID, n: {column: ID, table: {file: limits.csv, key: type, value: days}}}",
			"ID\nB\nC\n", "2|code=B|n=5\ns.csv:3:1 error n\n"},
		{"a time in a place with summer time",
			"columns: {code: ID, at: {column: T, time: '01/02/2006 03:04:05 PM', zone: America/New_York}}",
			"ID,T\n1,07/01/2014 03:53:10 AM\n2,01/01/2014 03:53:10 AM\n",
			"2|code=1|at=2014-07-01T07:53:10Z\n3|code=2|at=2014-01-01T08:53:10Z\n"},
		{"where drops rows before they are checked", "columns: {code: ID}\nwhere: {column: ID, not: ['-', '']}", "ID\n-\n1\n", "3|code=1\n"},
		{"distinct keeps the first", "columns: {code: ID, name: N}\ndistinct: code", "ID,N\n1,甲\n1,乙\n2,丙\n1,乙\n", "2|code=1|name=甲\n4|code=2|name=丙\n"},
		{"or the most frequent, saying so", "columns: {code: ID, name: N}\ndistinct: {by: code, pick: most}", "ID,N\n1,甲\n1,乙\n2,丙\n1,乙\n",
			"2|code=1|name=乙\n4|code=2|name=丙\ns.csv:3:2 note name\n"},
		{"children are numbered under their parent by first appearance",
			"columns: {code: {column: N, sequence: {parent: _p, width: 2, from: 1}}, _p: {column: P, lookup: {x: '10', y: '20'}}}",
			"P,N\nx,a\nx,b\ny,a\nx,a\n", "2|code=1001\n3|code=1002\n4|code=2001\n5|code=1001\n"},
		{"numbers that outgrow their width", "columns: {code: {column: N, prefix: p, sequence: {width: 1, from: 9}}}", "N\na\nb\n", "2|code=p9\ns.csv:3:1 error code\n"},
		{"a column the table lacks", "columns: {code: ID, name: NN}", "ID\n1\n", "s.csv:1 fatal name\n"},
		{"a target nobody asked for", "columns:\n  code: ID\n  cod: ID\n", "ID\n1\n", "m/m.yaml:3:3 fatal cod\n"},
		{"no rows", "", "code\n", "s.csv warning \n"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, mapped(t, tt.mapping, tt.csv)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestMappingFaults(t *testing.T) {
	t.Parallel()
	tests := []struct{ why, mapping, want string }{
		{"an unknown key names its line and column", "columns:\n  code: {colunm: ID}\n", "m/m.yaml:2:10 fatal colunm\n"},
		{"the same target twice", "columns:\n  code: A\n  code: B\n", "m/m.yaml:3:3 fatal code\n"},
		{"no columns", "to: areas\n", "m/m.yaml:1:1 fatal columns\n"},
		{"broken YAML", "columns:\n\t- x\n", "m/m.yaml:2 fatal \n"},
		{"an empty file", "", ""},
		{"aliases could make a small file huge", "columns:\n  code: &a X\n  name: *a\n", "m/m.yaml:3:9 fatal \n"},
		{"a layout that reads every day as the same", "columns: {at: {column: T, time: 'YYYY-MM-DD'}}", "m/m.yaml:1:33 fatal time\n"},
		{"a time zone there is not", "columns: {at: {column: T, zone: Asia/Peking}}", "m/m.yaml:1:33 fatal zone\n"},
		{"both a column and a constant", "columns: {code: {column: T, value: x}}", "m/m.yaml:1:17 fatal \n"},
		{"a table outside the mapping's folder", "columns: {code: {column: T, table: {file: ../../etc/passwd, key: a, value: b}}}", "m/m.yaml:1:36 fatal table\n"},
		{"distinct over what is not mapped", "columns: {code: X}\ndistinct: name\n", "m/m.yaml:1:1 fatal distinct\n"},
		{"a sequence under what is not mapped", "columns: {code: {column: X, sequence: {parent: p}}}", "m/m.yaml:1:11 fatal code\n"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			got := mapped(t, tt.mapping, "")
			if tt.mapping == "" {
				got = ""
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// The real tables of a Shenzhen district: dashes for what is missing, ids with
// several names.
func TestRealUnits(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../../shared/data/pingshan/cases.csv")
	if err != nil {
		t.Skip("the real data set is not beside the checkout: ", err)
	}
	fsys := fstest.MapFS{"u.yaml": {Data: []byte("from: {missing: ['-']}\nwhere: {column: DISPOSE_UNIT_ID, not: ['-']}\n" +
		"columns: {code: DISPOSE_UNIT_ID, name: DISPOSE_UNIT_NAME}\ndistinct: {by: code, pick: most}\n")}}
	report := NewReport(Policy{})
	m := ParseMappings(fsys, "u.yaml", report)
	f, err := Load("cases.csv", strings.NewReader(string(data)), Limits{})
	if err != nil || len(m) != 1 {
		t.Fatal(err, report.Findings())
	}
	start := time.Now()
	units := Schema{{Name: "code", Kind: KindCode}, {Name: "name"}}.Map(m[0], f, report)
	t.Logf("%d units of 8,000 rows in %v", len(units), time.Since(start))
	if report.Number(Error)+report.Number(Fatal) > 0 || len(units) < 100 || len(units) > 121 {
		t.Errorf("got %d units, findings %v; want 100 to 121 and no error", len(units), report.Findings()[:min(5, len(report.Findings()))])
	}
}

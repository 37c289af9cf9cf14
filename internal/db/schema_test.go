package db_test

import (
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/db/dbtest"
)

var update = flag.Bool("update", false, "write schema.sql anew")

const schemaHead = `-- The SQLite schema after all migrations, for reading: nothing runs this file.
-- go test ./internal/db -run TestSchema -update writes it anew.

`

// A change to the schema is to be seen in review as what it makes of the whole,
// not only as one more migration.
func TestSchema(t *testing.T) {
	t.Parallel()
	d, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + t.TempDir() + "/linli.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	// The migrations' own table and what full text keeps beneath itself are not
	// ours to read.
	parts, err := db.All(t.Context(), d, func(s *string) []any { return []any{s} }, `select sql from sqlite_master
		where sql is not null and tbl_name not like 'goose%' and tbl_name not like 'sqlite%' and tbl_name not like 'case\_text\_%' escape '\'
		order by tbl_name, type desc, name`)
	if err != nil {
		t.Fatal(err)
	}
	got := schemaHead + strings.Join(parts, ";\n\n") + ";\n"
	if *update {
		if err := os.WriteFile("schema.sql", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("schema.sql is stale (-file +schema); run go test ./internal/db -run TestSchema -update\n%s", diff)
	}
}

var (
	ownerLine = regexp.MustCompile("^## `(\\w+)`")
	tableLine = regexp.MustCompile("^\\| `(\\w+)` \\|")
)

// documented reads docs/data.md: which package owns each table, and of which
// engine a table is that the other has not.
func documented(t *testing.T) (owner map[string]string, only map[string]db.Engine) {
	t.Helper()
	text, err := os.ReadFile("../../docs/data.md")
	if err != nil {
		t.Fatal(err)
	}
	owner, only = map[string]string{}, map[string]db.Engine{}
	heading := ""
	for line := range strings.Lines(string(text)) {
		if m := ownerLine.FindStringSubmatch(line); m != nil {
			heading = m[1]
		}
		m := tableLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if owner[m[1]] != "" {
			t.Errorf("docs/data.md lists %s twice", m[1])
		}
		owner[m[1]] = heading
		for name, engine := range map[string]db.Engine{"SQLite 才有": db.SQLite, "PostgreSQL 才有": db.Postgres} {
			if strings.Contains(line, name) {
				only[m[1]] = engine
			}
		}
	}
	return owner, only
}

func TestEveryTableIsDocumented(t *testing.T) {
	t.Parallel()
	owner, only := documented(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		// Differs because each engine keeps its list of tables elsewhere.
		list := "select table_name from information_schema.tables where table_schema = 'public'"
		if d.Engine() == db.SQLite {
			list = `select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like 'case\_text\_%' escape '\'`
		}
		got, err := db.All(t.Context(), d, func(s *string) []any { return []any{s} }, list)
		if err != nil {
			t.Fatal(err)
		}
		got = slices.DeleteFunc(got, func(name string) bool { return strings.HasPrefix(name, "goose") })
		var want []string
		for name := range owner {
			if e, some := only[name]; !some || e == d.Engine() {
				want = append(want, name)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("docs/data.md and %s differ (-document +database):\n%s", d.Engine(), diff)
		}
	})
}

// The document and the package's own story must name the same owner.
func TestOwnersSaySo(t *testing.T) {
	t.Parallel()
	owner, _ := documented(t)
	for table, pkg := range owner {
		files, err := os.ReadDir("../" + pkg)
		if err != nil {
			t.Errorf("%s: docs/data.md gives it to %q, which is no package", table, pkg)
			continue
		}
		said := false
		for _, f := range files {
			text, err := os.ReadFile("../" + pkg + "/" + f.Name())
			said = said || err == nil && saysOwn(string(text), table)
		}
		if !said {
			t.Errorf("%s: the package doc of %s does not say that it owns the table", table, pkg)
		}
	}
}

// saysOwn reports whether a package doc names a table after its word about
// owning.
func saysOwn(source, table string) bool {
	doc, _, found := strings.Cut(source, "\npackage ")
	at := regexp.MustCompile(`(?i)own`).FindStringIndex(doc)
	return found && at != nil && regexp.MustCompile(`\b`+table+`\b`).MatchString(doc[at[0]:])
}

package db_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// onlyAdds says what of a migration would stop the program before it from
// serving on: a table or column that goes or changes its name or type, and a new
// column that must be written and that it does not know.
func onlyAdds(sql string) (bad string) {
	for statement := range strings.SplitSeq(regexp.MustCompile(`--[^\n]*`).ReplaceAllString(strings.ToLower(sql), ""), ";") {
		s := strings.Join(strings.Fields(statement), " ")
		switch {
		case strings.Contains(s, "drop table"), regexp.MustCompile(`alter table \S+ (drop|rename|alter) `).MatchString(s):
			return s
		case regexp.MustCompile(`alter table \S+ add `).MatchString(s) && !strings.Contains(s, " default ") && strings.Contains(s, "not null"):
			return s
		}
	}
	return ""
}

// released are migrations from before the rule: no program older than them is
// in use.
const released = "0056"

// TestMigrationsOnlyAdd holds the rule by which one copy of the program may be
// upgraded while the other serves on.
func TestMigrationsOnlyAdd(t *testing.T) {
	t.Parallel()
	for sql, good := range map[string]bool{
		"alter table jobs add column request text not null default ''": true, "create table x (a text not null)": true, "create index a on b (c)": true,
		"alter table jobs add column request text not null": false, "alter table jobs drop column key": false, "alter table jobs rename to work": false,
		"-- drop table jobs\nselect 1": true, "drop table jobs": false, "alter table jobs alter column key type bigint": false,
	} {
		if bad := onlyAdds(sql); (bad == "") != good {
			t.Errorf("%s: %q", sql, bad)
		}
	}
	names, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(names) < 20 {
		t.Fatalf("%d migrations (%v)", len(names), err)
	}
	for _, name := range names {
		if filepath.Base(name)[:4] <= released {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bad := onlyAdds(string(data)); bad != "" {
			t.Errorf("%s would stop the program before it: %s", name, bad)
		}
	}
}

package rights

import (
	"io/fs"
	"strings"
	"testing"

	"linli/internal/sheet"
	"linli/packs"
)

func base(t testing.TB) *Book {
	t.Helper()
	source, err := fs.ReadFile(packs.Base(), "roles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b, findings := Parse(source, "roles.yaml")
	if b == nil || len(findings) > 0 {
		t.Fatalf("the base pack's roles: %v", findings)
	}
	return b
}

// GB/T 22239 8.1.4.2a
func TestCan(t *testing.T) {
	t.Parallel()
	b := base(t)
	for _, row := range []struct {
		why   string
		roles []string
		right Right
		want  bool
	}{
		{"nobody may nothing", nil, CaseSee, false},
		{"an agent takes down reports", []string{"agent"}, ReportReceive, true},
		{"a handler must not: the desk does", []string{"handler"}, ReportReceive, false},
		{"a handler must not look callers up", []string{"handler"}, CallerFind, false},
		{"a handler sees the unit's cases", []string{"handler"}, CaseSee, true},
		{"and not the district's", []string{"handler"}, CaseSeeAll, false},
		{"a clerk sees the papers of who acts for others", []string{"clerk"}, ProxyKeep, true},
		{"who only hears them on the telephone does not", []string{"agent"}, ProxyKeep, false},
		{"a dispatcher cannot end a dispute", []string{"dispatcher"}, CaseRule, false},
		{"a shift leader can", []string{"shift-leader"}, CaseRule, true},
		{"several posts add up", []string{"handler", "supervisor"}, Supervise, true},
		{"a system administrator sees no case", []string{"admin"}, CaseSee, false},
		{"and gives no rights", []string{"admin"}, PostKeep, false},
		{"a security administrator gives them", []string{"security-admin"}, PostKeep, true},
		{"and sees no case", []string{"security-admin"}, CaseSee, false},
		{"an audit administrator sees what was given", []string{"audit-admin"}, AuditSee, true},
		{"and gives none", []string{"audit-admin"}, PostKeep, false},
		{"an observer sees only what was opened", []string{"observer"}, CaseSee, false},
		{"an unknown role", []string{"root"}, SetupImport, false},
		{"an unknown right", []string{"admin"}, "everything", false},
		{"an empty right", []string{"admin"}, "", false},
	} {
		if got := b.Can(row.right, row.roles...); got != row.want {
			t.Errorf("%s: got %v", row.why, got)
		}
	}
}

// Whoever can look at personal data, or change what others may do, shows two
// factors.
//
// ASVS 6.3.3
// GB/T 22239 8.1.4.1d
func TestSecondFactorWhereDataAreSeen(t *testing.T) {
	t.Parallel()
	b := base(t)
	for _, right := range []Right{DataReveal, CallerFind, ProxyKeep, CaseSeeAll, PostKeep, AccountManage, AuditSee, SetupImport} {
		for _, role := range b.Holders(right) {
			if !b.Second(role) {
				t.Errorf("%s may %s with a password alone", role, right)
			}
		}
	}
	if b.Second("observer") || b.Second("nobody") {
		t.Error("who sees no personal data needs none")
	}
}

// ASVS 8.1.1
func TestEveryRightHasANameAndAHolder(t *testing.T) {
	t.Parallel()
	b := base(t)
	for _, r := range Rights() {
		if title := r.Title(); title.ZH == "" || title.EN == "" || title.ZH == string(r) {
			t.Errorf("%s has no name in both languages", r)
		}
		if len(b.Holders(r)) == 0 {
			t.Errorf("nobody may %s", r)
		}
	}
	if got := Right("case.nothing"); got.Known() || got.Title().EN != "case.nothing" {
		t.Error("an unknown right is known")
	}
}

func TestWrongBooks(t *testing.T) {
	t.Parallel()
	const good = "roles:\n  a: {title: {zh: 甲, en: A}, rights: [case.see]}\n"
	if b, findings := Parse([]byte(good), "x"); b == nil {
		t.Fatalf("a good one: %v", findings)
	}
	for _, row := range []struct{ why, source, says string }{
		{"an unknown right", "roles:\n  a: {title: {zh: 甲, en: A}, rights: [case.all]}", "没有“case.all”"},
		{"twice the same", "roles:\n  a: {title: {zh: 甲, en: A}, rights: [case.see, case.see]}", "写了两次"},
		{"rights left out by oversight", "roles:\n  a: {title: {zh: 甲, en: A}}", "没写这个角色的权限"},
		{"no role", "roles: {}", "1 到"},
		{"a word where a list belongs", "roles:\n  a: {title: {zh: 甲, en: A}, rights: case.see}", "没写这个角色的权限"},
		{"an unknown key", "roles:\n  a: {title: {zh: 甲, en: A}, rights: [], sees: all}", "不认识“sees”"},
		{"a name in capitals", "roles:\n  ROOT: {title: {zh: 甲, en: A}, rights: []}", "小写字母"},
		{"maybe", "roles:\n  a: {title: {zh: 甲, en: A}, rights: [], second-factor: maybe}", "true 或 false"},
		{"shut out of a role that is not there", good + "exclusive: [[a, b]]", "没有“b”这个角色"},
		{"a group of one", good + "exclusive: [[a]]", "至少两个"},
		{"sets up and gives rights", "roles:\n  a: {title: {zh: 甲, en: A}, rights: [setup.import, post.keep]}", "三个管理员要分开"},
		{"gives rights and audits, in two roles of one person", "roles:\n  a: {title: {zh: 甲, en: A}, rights: [post.keep]}\n  b: {title: {zh: 乙, en: B}, rights: [audit.see]}", "同一组 exclusive"},
	} {
		b, findings := Parse([]byte(row.source), "roles.yaml")
		found := false
		for _, f := range findings {
			found = found || strings.Contains(f.Text.ZH, row.says) && f.Text.EN != "" && f.File == "roles.yaml"
		}
		if b != nil || !found {
			t.Errorf("%s: %v, want one that says %q", row.why, findings, row.says)
		}
	}
}

// GB/T 22239 8.1.4.2d
func TestExclusive(t *testing.T) {
	t.Parallel()
	b := base(t)
	if !b.Exclusive("admin", "audit-admin") || !b.Exclusive("audit-admin", "security-admin") || b.Exclusive("admin", "admin") || b.Exclusive("admin", "handler") {
		t.Error("the three administrators shut each other out, and nobody else")
	}
}

func FuzzParse(f *testing.F) {
	source, err := fs.ReadFile(packs.Base(), "roles.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(source)
	f.Add([]byte("roles:\n  a: {title: {zh: 甲}, rights: []}\nexclusive: [[a, a]]"))
	f.Fuzz(func(t *testing.T, source []byte) {
		b, findings := Parse(source, "x")
		if (b == nil) != hasError(findings) {
			t.Errorf("book %v with %v", b != nil, findings)
		}
	})
}

func hasError(findings []sheet.Finding) bool {
	for _, f := range findings {
		if f.Severity == sheet.Error || f.Severity == sheet.Fatal {
			return true
		}
	}
	return false
}

// The decision is asked many times on every page: it is to take well under
// five microseconds.
func BenchmarkCan(b *testing.B) {
	book := base(b)
	roles := []string{"grid-worker", "handler", "observer"}
	for b.Loop() {
		book.Can(AccountManage, roles...)
	}
}

package access

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/procedure"
)

func TestCan(t *testing.T) {
	t.Parallel()
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
		{"a dispatcher cannot end a dispute", []string{"dispatcher"}, CaseRule, false},
		{"a shift leader can", []string{"shift-leader"}, CaseRule, true},
		{"and names an owner", []string{"shift-leader"}, OwnerName, true},
		{"several posts add up", []string{"handler", "supervisor"}, Supervise, true},
		{"an administrator sees no case", []string{"admin"}, CaseSee, false},
		{"an administrator imports", []string{"admin"}, SetupImport, true},
		{"a leader gives no accounts", []string{"leader"}, AccountManage, false},
		{"an unknown role", []string{"root"}, SetupImport, false},
		{"an unknown right", []string{"admin"}, "everything", false},
		{"an empty right", []string{"admin"}, "", false},
	} {
		var posts []Post
		for _, r := range row.roles {
			posts = append(posts, Post{Role: r})
		}
		if got := Can(posts, row.right); got != row.want {
			t.Errorf("%s: got %v", row.why, got)
		}
		if got := len(With(posts, row.right)) > 0; got != row.want {
			t.Errorf("%s: With disagrees with Can", row.why)
		}
	}
}

func TestWithGivesOnlyThePostsOfTheRight(t *testing.T) {
	t.Parallel()
	worker := Post{ID: "1", Person: "a", Role: "grid-worker", Unit: "u-guixiang", Area: "990101001001"}
	handler := Post{ID: "2", Person: "a", Role: "handler", Unit: "u-shizheng"}
	if diff := cmp.Diff([]Post{worker}, With([]Post{worker, handler}, CaseVerify)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A role that is spelled otherwise here than in the procedures would have no
// rights and nobody would notice.
func TestRolesAreThoseOfTheProcedures(t *testing.T) {
	t.Parallel()
	known := []string{"admin"}
	for _, r := range procedure.Roles() {
		known = append(known, string(r))
	}
	used := map[string]bool{}
	for _, r := range rights {
		if r.title.ZH == "" || r.title.EN == "" || r.name.Title() != r.title {
			t.Errorf("%s has no name in both languages", r.name)
		}
		for _, role := range r.roles {
			used[role] = true
			if !slices.Contains(known, role) {
				t.Errorf("%s is given to %q, which is no role", r.name, role)
			}
		}
	}
	for _, role := range known {
		if !used[role] {
			t.Errorf("%s may do nothing", role)
		}
	}
	if len(Rights()) != len(rights) {
		t.Error("Rights leaves some out")
	}
}

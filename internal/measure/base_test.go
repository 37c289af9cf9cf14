package measure

import (
	"os"
	"testing"
)

// base reads the formulas of the base pack.
func base(t testing.TB) *Book {
	t.Helper()
	b, findings := Parse(baseSource(t), "evaluation.yaml")
	for _, n := range findings {
		t.Errorf("%s", n.In("en"))
	}
	if b == nil {
		t.Fatal("the base evaluation is refused")
	}
	return b
}

func baseSource(t testing.TB) []byte {
	t.Helper()
	formulas, err := os.ReadFile("../../packs/base/evaluation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	marks, err := os.ReadFile("../../packs/base/marks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return Join(formulas, marks)
}

func TestBase(t *testing.T) {
	t.Parallel()
	b := base(t)
	if len(b.Indicators) < 30 || len(b.Assessments) < 10 || len(b.Marks) < 2 {
		t.Errorf("got %d indicators, %d assessments, %d marks", len(b.Indicators), len(b.Assessments), len(b.Marks))
	}
}

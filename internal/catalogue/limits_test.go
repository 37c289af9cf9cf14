package catalogue

import (
	"strings"
	"testing"

	"linli/internal/clock"
)

func TestParseLimits(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, text, want string // want is empty where it is refused
	}{
		{"as it is written", "A=2 hours;B=4 working-hours", "A=2 hours;B=4 working-hours"},
		{"spaces, small letters and any order", " b = 4 working-hours ; a=2h;", "A=2 hours;B=4 working-hours"},
		{"one class alone", "F=90 days", "F=90 days"},
		{"a class nobody has", "G=2 hours", ""},
		{"a class twice", "A=2 hours;a=3 hours", ""},
		{"no class", "2 hours", ""},
		{"no limit", "A=", ""},
		{"a limit of nothing", "A=0 hours", ""},
		{"a limit of a million days", "A=1000000 days", ""},
		{"no unit", "A=2", ""},
	} {
		got, err := ParseLimits(row.text)
		if (err != nil) != (row.want == "") || got.String() != row.want {
			t.Errorf("%s: got %q, %v, want %q", row.why, got, err, row.want)
		}
	}
	if got, err := ParseLimits(" "); got != nil || err != nil {
		t.Errorf("nothing gave %v, %v", got, err)
	}
}

func TestLimitFor(t *testing.T) {
	t.Parallel()
	limit := func(text string) clock.Limit {
		l, err := clock.ParseLimit(text)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	above := Matter{Code: "c", Urgency: "C", Limit: limit("3 working-days"), Limits: Limits{"A": limit("2 hours")}}
	for _, row := range []struct {
		why    string
		matter Matter
		danger bool
		want   string
	}{
		{"its class has none of its own", above, false, "3 working-days"},
		{"danger raises the class", above, true, "2 hours"},
		{"what stands above says it", inherited(Matter{Code: "c1"}, above), true, "2 hours"},
		{"a class of its own", inherited(Matter{Code: "c1", Urgency: "A"}, above), false, "2 hours"},
		{"a limit of its own stands for every class", inherited(Matter{Code: "c1", Limit: limit("1 hours")}, above), true, "1 hours"},
		{"no limit at all", Matter{Code: "x"}, true, ""},
	} {
		if got := row.matter.LimitFor(row.danger); got.String() != row.want && !(row.want == "" && got.IsZero()) {
			t.Errorf("%s: got %s, want %s", row.why, got, row.want)
		}
	}
}

func inherited(m, above Matter) Matter {
	m.inherit(&above)
	return m
}

func FuzzParseLimits(f *testing.F) {
	f.Add("A=2 hours;B=4 working-hours")
	f.Add("a=1d;;F=9999 days")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := ParseLimits(text)
		if err != nil {
			return
		}
		again, err := ParseLimits(l.String())
		if err != nil || again.String() != l.String() || strings.Contains(l.String(), ";;") {
			t.Errorf("%q became %q and then %q, %v", text, l, again, err)
		}
	})
}

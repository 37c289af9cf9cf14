package ladder

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/clock"
	"linli/internal/lang"
	"linli/packs"
)

var china = clock.China() // made once: it counts out forty years

func base(t testing.TB) (string, *Ladder) {
	t.Helper()
	source, err := fs.ReadFile(packs.Base(), "supervision.yaml")
	if err != nil {
		t.Fatal(err)
	}
	l, findings := Parse(source, "supervision.yaml")
	if l == nil || len(findings) > 0 {
		t.Fatalf("the base file: %v", findings)
	}
	return string(source), l
}

func TestTheBaseLadder(t *testing.T) {
	t.Parallel()
	_, l := base(t)
	var got []string
	for _, r := range l.Rungs {
		got = append(got, fmt.Sprintf("%s %s %s %s %d", r.Name, r.Kind(), r.When, r.After, r.Level))
	}
	want := []string{"remind remind near  0", "urge urge late  0", "order order late 1 working-days 1", "leader leader late 3 working-days 2", "top leader late 5 working-days 3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rungs (-want +got)\n%s", diff)
	}
	if len(l.Faults) != 8 || len(l.Means) != 4 || !Known(l.Faults, "inaction") {
		t.Errorf("faults %v, means %v, want six faults, inaction and the falsified check, four means", l.Faults, l.Means)
	}
	if l.Share != 80 || l.Units.Green.OnTime != 95 || l.Units.Green.Late != 0 {
		t.Errorf("share %d, green %+v, want 80 and 95 without anything late", l.Share, l.Units.Green)
	}
}

// The signals of a promise are never the colours of an emergency (突发事件).
func TestNoEmergencyColours(t *testing.T) {
	t.Parallel()
	source, l := base(t)
	for _, colour := range []string{"yellow", "orange", "黄色", "橙色", "红色预警", "蓝色预警"} {
		if strings.Contains(source, colour) {
			t.Errorf("the base file says %q", colour)
		}
	}
	for _, tally := range tallies() {
		if signal, _ := l.Judge(tally); signal != clock.OK && signal != clock.Near && signal != clock.Late {
			t.Errorf("%+v is %q, want one of three signals", tally, signal)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	source, _ := base(t)
	for _, row := range []struct{ why, old, new, says, at string }{
		{"a colour of emergencies is none of ours", "  blue: {on-time: 90", "  yellow: {on-time: 90", "没有“yellow”这种信号", "blue: {on-time: 90"},
		{"red is what is left", "  blue: {", "  red: {on-time: 1, late: 1, near: 1}\n  blue: {", "红色不用写", "blue: {on-time: 90"},
		{"green below blue would never be blue", "on-time: 95", "on-time: 90", "高于蓝的", "green: {"},
		{"green that allows more than blue", "late: 0, near: 20", "late: 9, near: 20", "不能比蓝的更宽", "green: {"},
		{"a threshold of 100 can never be passed", "on-time: 95", "on-time: 100", "1 到 99", "green: {"},
		{"a share of nothing", "share: 80", "share: 0", "1 到 99", "share: 80"},
		{"an order that waits for ever", ", reply-within: 1 working-days", "", "多久以内答复", "form: listed"},
		{"an order of an unknown form", "form: listed", "form: shouted", "形式", "form: listed"},
		{"a rung before the one below it", "after: 3 working-days", "after: 2 working-hours", "要晚于前一级", "  leader:"},
		{"two rungs at once", "after: 3 working-days", "after: 1 working-days", "要晚于前一级", "  leader:"},
		{"a rung counted in another unit is compared by counting", "after: 3 working-days", "after: 6 hours", "要晚于前一级", "  leader:"},
		{"a level that falls", "level: 3", "level: 1", "级别低于前一级", "  top:"},
		{"a name written twice", "  urge:", "  remind:", "写了两次", "  urge:"},
		{"somebody unknown is told", "tell: owner", "tell: mayor", "没有“mayor”可告知", "tell: owner"},
		{"nobody is told", "    tell: owner\n", "", "没写告诉谁", "  remind:"},
		{"an unknown instant", "when: near", "when: soon", "near（临期）或 late", "when: near"},
		{"time after being near may lie past due", "when: near", "when: near\n    after: 1 hours", "临期的一级不写", ""},
		{"a limit of zero", "after: 1 working-days", "after: 0 working-days", "不行", "after: 1 working-days"},
		{"a limit of a million days", "after: 1 working-days", "after: 1000000 days", "不行", "after: 1 working-days"},
		{"a limit without unit", "after: 1 working-days", "after: 7", "不行", "after: 1 working-days"},
		{"a misspelled key", "share: 80", "share: 80\nrung: {}", "不认识“rung”", ""},
		{"no title in Chinese", "{zh: 催办, en: Urging}", "{en: Urging}", "缺中文", "{zh: 催办"},
		{"no faults", "faults:", "fault:", "不认识“fault”", "faults:"},
		{"not YAML", "share: 80", "share: [", "YAML", ""},
		{"an alias", "tell: owner", "tell: *x", "YAML", ""},
	} {
		if !strings.Contains(source, row.old) {
			t.Fatalf("%s: the base file has no %q to change", row.why, row.old)
		}
		l, findings := Parse([]byte(strings.Replace(source, row.old, row.new, 1)), "supervision.yaml")
		if l != nil || len(findings) == 0 {
			t.Errorf("%s: taken", row.why)
			continue
		}
		found := false
		for _, f := range findings {
			line := 1 + strings.Count(source[:max(0, strings.Index(source, row.at))], "\n")
			found = found || strings.Contains(f.Text.ZH, row.says) && f.Text.EN != "" && (row.at == "" || f.Line >= line && f.Line <= line+1)
		}
		if !found {
			t.Errorf("%s: %v, want one that says %q at the line of %q", row.why, findings, row.says, row.at)
		}
	}
	for _, empty := range []string{"", "---", "- a", "share: 80\n---\nshare: 80", "\xff", strings.Repeat("#", 256<<10+1)} {
		if l, findings := Parse([]byte(empty), "x.yaml"); l != nil || len(findings) == 0 {
			t.Errorf("%.20q was taken", empty)
		}
	}
}

// Monday 2026-03-02 is a plain working week after the Spring Festival.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, time.March, day, hour, minute, 0, 0, china.Zone())
}

func TestClimb(t *testing.T) {
	t.Parallel()
	_, l := base(t)
	cal := china
	task := Standing{Near: at(3, 9, 42), Due: at(3, 17, 30), Step: "handle", Kind: "event"}
	with := func(change func(*Standing)) Standing { s := task; change(&s); return s }
	tick := time.Microsecond
	for _, row := range []struct {
		why  string
		s    Standing
		now  time.Time
		want string
	}{
		{"before it is near nothing comes", task, at(3, 9, 41), "; next 03-03 09:42"},
		{"from near on the owner is reminded", task, at(3, 9, 42), "remind; next 03-03 17:30"},
		{"at due itself it is still in time", with(func(s *Standing) { s.Taken = 1 }), at(3, 17, 30), "; next 03-03 17:30"},
		{"just past due it is urged and the breach noted", with(func(s *Standing) { s.Taken = 1 }), at(3, 17, 30).Add(tick), "urge breach; next 03-04 17:30"},
		{"a day late is a working day late, at its close", with(func(s *Standing) { s.Taken, s.Overdue = 2, true }), at(4, 17, 30), "order; next 03-06 17:30"},
		{"one second before, not yet", with(func(s *Standing) { s.Taken, s.Overdue = 2, true }), at(4, 17, 29), "; next 03-04 17:30"},
		{"a weekend is no two days", with(func(s *Standing) { s.Near, s.Due, s.Taken, s.Overdue = at(6, 9, 0), at(6, 17, 30), 2, true }), at(8, 12, 0), "; next 03-09 17:30"},
		{"nobody looked for a week: everything that came, in order, and no reminder of what is late", task, at(10, 18, 0), "-remind urge order leader top breach; never"},
		{"nothing is left to climb", with(func(s *Standing) { s.Taken, s.Overdue = 5, true }), at(20, 9, 0), "; never"},
		{"a stopped clock climbs nothing", with(func(s *Standing) { s.Held = at(3, 9, 0) }), at(10, 18, 0), "; never"},
		{"no promise, no rung", with(func(s *Standing) { s.Due, s.Near = time.Time{}, time.Time{} }), at(10, 18, 0), "; never"},
		{"a moved date takes along what is still to come", with(func(s *Standing) { s.Near, s.Due, s.Taken, s.Overdue = at(17, 9, 0), at(18, 17, 30), 2, true }), at(10, 18, 0), "; next 03-19 17:30"},
		{"a breach is noted even if the ladder has no more rungs", with(func(s *Standing) { s.Taken = 5 }), at(4, 9, 0), "breach; never"},
		{"a promise to midnight is late from the day that ended", with(func(s *Standing) { s.Due, s.Taken, s.Overdue = at(4, 0, 0), 2, true }), at(4, 17, 30), "order; next 03-06 17:30"},
	} {
		if got := said(l.Climb(cal, row.s, row.now)); got != row.want {
			t.Errorf("%s: got %q, want %q", row.why, got, row.want)
		}
	}
}

// said writes a climb as a line.
func said(c Climb) string {
	var words []string
	for _, r := range c.Rungs {
		name := r.Name
		if r.Pass {
			name = "-" + name
		}
		words = append(words, name)
	}
	if c.Breach {
		words = append(words, "breach")
	}
	next := "never"
	if !c.Next.IsZero() {
		next = "next " + c.Next.In(china.Zone()).Format("01-02 15:04")
	}
	return strings.Join(words, " ") + "; " + next
}

func TestOnlyForSomeSteps(t *testing.T) {
	t.Parallel()
	source, _ := base(t)
	l, findings := Parse([]byte(strings.Replace(source, "    when: near\n", "    when: near\n    steps: [handle]\n    kinds: [event]\n", 1)), "x")
	if l == nil {
		t.Fatal(findings)
	}
	for _, row := range []struct{ why, step, kind, want string }{
		{"the step and kind it names", "handle", "event", "remind"},
		{"another step is passed over, and counted", "verify", "event", "-remind"},
		{"another kind too", "handle", "dispute", "-remind"},
	} {
		got := said(l.Climb(china, Standing{Near: at(3, 9, 0), Due: at(3, 17, 30), Step: row.step, Kind: row.kind}, at(3, 10, 0)))
		if !strings.HasPrefix(got, row.want+";") {
			t.Errorf("%s: got %q, want %q", row.why, got, row.want)
		}
	}
}

func tallies() []Tally {
	return []Tally{{}, {Open: 10}, {Open: 10, Late: 3}, {Open: 5, Near: 5}, {Kept: 1}, {Broken: 9}, {Open: 3, Held: 3}}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	_, l := base(t)
	for _, row := range []struct {
		why    string
		t      Tally
		signal clock.Signal
		says   string
	}{
		{"nothing to do is green", Tally{}, clock.OK, "都在期限内"},
		{"exactly at the bound is still green", Tally{Open: 5, Near: 1, Kept: 95, Broken: 5}, clock.OK, "all in time"},
		{"94.97 is not 95, and is not shown as it", Tally{Kept: 9497, Broken: 503}, clock.Near, "按时率 94.9%，不到 95%"},
		{"one late is not green", Tally{Open: 118, Late: 1, Kept: 1}, clock.Near, "超期 1 件"},
		{"more than a fifth near", Tally{Open: 4, Near: 1}, clock.Near, "临期 1 件，超过在办的 20%"},
		{"more than one in twenty late is red", Tally{Open: 63, Late: 11}, clock.Late, "11 late, more than 5% of what is open"},
		{"below 90 is red", Tally{Open: 1, Kept: 89, Broken: 11}, clock.Late, "不到 90%"},
		{"both reasons are said", Tally{Open: 2, Late: 1, Kept: 1, Broken: 1}, clock.Late, "按时率 50.0%，不到 90%；超期 1 件"},
		{"stopped clocks do not dilute what is late", Tally{Open: 100, Held: 90, Late: 1}, clock.Late, "超期 1 件"},
		{"all stopped is green", Tally{Open: 4, Held: 4}, clock.OK, ""},
	} {
		signal, why := l.Judge(row.t)
		if signal != row.signal || !strings.Contains(why.ZH+why.EN, row.says) {
			t.Errorf("%s: got %s “%s / %s”, want %s “%s”", row.why, signal, why.ZH, why.In(lang.EN), row.signal, row.says)
		}
	}
}

func FuzzParse(f *testing.F) {
	source, _ := base(f)
	f.Add([]byte(source))
	f.Add([]byte("rungs: &a {x: *a}\nshare: []\nunits: 1"))
	f.Fuzz(func(t *testing.T, source []byte) {
		l, findings := Parse(source, "fuzz.yaml")
		if l == nil {
			if len(findings) == 0 {
				t.Fatal("refused without saying why")
			}
			return
		}
		now := at(3, 9, 0)
		for range 40 { // a climb comes to an end and never goes back
			c := l.Climb(china, Standing{Near: at(3, 9, 0), Due: at(3, 17, 30)}, now)
			if c.Next.IsZero() {
				return
			}
			if !c.Next.After(now) {
				t.Fatalf("at %s the next look is %s", now, c.Next)
			}
			now = c.Next
		}
		t.Fatal("the climb does not end")
	})
}

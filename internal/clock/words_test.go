package clock

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"linli/internal/errs"
	"linli/internal/lang"
)

func TestParseLimit(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, in string
		want    Limit
		text    lang.Text
	}{
		{"as packs write it", "5 working-days", Limit{5, WorkingDays}, lang.T("5 个工作日", "5 working days")},
		{"singular", "1 working-day", Limit{1, WorkingDays}, lang.T("1 个工作日", "1 working day")},
		{"as English people write it", "1 working day", Limit{1, WorkingDays}, lang.T("1 个工作日", "1 working day")},
		{"as Chinese people write it", "5个工作日", Limit{5, WorkingDays}, lang.T("5 个工作日", "5 working days")},
		{"with a space", "5 个工作日", Limit{5, WorkingDays}, lang.T("5 个工作日", "5 working days")},
		{"full-width digits", "３０分钟", Limit{30, Minutes}, lang.T("30 分钟", "30 minutes")},
		{"hours", "2小时", Limit{2, Hours}, lang.T("2 小时", "2 hours")},
		{"hours with a measure word", "2个小时", Limit{2, Hours}, lang.T("2 小时", "2 hours")},
		{"working hours", "4个工作时", Limit{4, WorkingHours}, lang.T("4 个工作小时", "4 working hours")},
		{"days", "7天", Limit{7, Days}, lang.T("7 天", "7 days")},
		{"elapsed days", "满 7 天", Limit{7, ElapsedDays}, lang.T("满 7 天", "7 full days")},
		{"elapsed days in a pack", "90 elapsed-days", Limit{90, ElapsedDays}, lang.T("满 90 天", "90 full days")},
		{"nothing, which only elapsed days have", "0 elapsed-days", Limit{0, ElapsedDays}, lang.T("满 0 天", "0 full days")},
		{"capitals and tabs", "24\tHours ", Limit{24, Hours}, lang.T("24 小时", "24 hours")},
		{"the largest", "10000 minutes", Limit{10000, Minutes}, lang.T("10000 分钟", "10000 minutes")},
	} {
		got, err := ParseLimit(row.in)
		if err != nil || got != row.want || got.Text() != row.text {
			t.Errorf("%s: ParseLimit(%q) = %v (%v), %v; want %v (%v)", row.why, row.in, got, got.Text(), err, row.want, row.text)
		}
		for _, again := range []string{got.String(), got.Text().ZH, got.Text().EN} {
			if back, err := ParseLimit(again); err != nil || back != got {
				t.Errorf("%s: %q reads back as %v, %v", row.why, again, back, err)
			}
		}
	}
}

func TestParseLimitRefuses(t *testing.T) {
	t.Parallel()
	for in, why := range map[string]string{
		"": "nothing", "5": "no unit", "0 days": "zero", "0 working-days": "zero of another unit", "-1 elapsed-days": "negative of full days", "-3 days": "negative", "10001 days": "too long",
		"99999999999999999999 days": "overflow", "days": "no number", "5 weeks": "unknown unit", "5.5 hours": "a fraction",
		"五天": "words for digits", "满5个工作日x": "rest", "5 days 3 hours": "two limits", strings.Repeat("9", 500): "very long",
	} {
		if got, err := ParseLimit(in); !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: ParseLimit(%q) = %v, %v; want invalid", why, in, got, err)
		}
	}
}

func TestLimitInPacks(t *testing.T) {
	t.Parallel()
	var got struct {
		A Limit   `yaml:"a" json:"a"`
		B Limit   `yaml:"b,omitempty" json:"b,omitzero"`
		C *Limit  `yaml:"c" json:"c"`
		P Period  `yaml:"p" json:"p"`
		D Date    `yaml:"d" json:"d"`
		Q []Limit `yaml:"q" json:"q"`
	}
	text := "a: 5 working-days\nc: 30 分钟\np: 09:00–12:00\nd: 2026/11/23\nq: [1 day, 2 hours]\n"
	if err := yaml.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	out, err := yaml.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want := "a: 5 working-days\nc: 30 minutes\np: 09:00-12:00\nd: \"2026-11-23\"\nq:\n    - 1 days\n    - 2 hours\n"
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Error(diff)
	}
	js, err := json.Marshal(got)
	if err != nil || !strings.Contains(string(js), `"c":"30 minutes"`) {
		t.Errorf("json %s, %v", js, err)
	}
	if err := yaml.Unmarshal([]byte("a: 5"), &got); err == nil {
		t.Error("a limit without unit was taken")
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	c := China()
	x := c.Explain(Count{Start: at(t, c.Zone(), "2026-09-24 09:52"), Limit: limit(t, "3 working-days"), Pauses: spans(t, c.Zone(), "2026-09-28 10:00", "2026-09-29 09:00")})
	want := []Line{
		{"2026-09-24", false, 0, lang.T("收到当天不算", "the day of receipt is not counted")},
		{"2026-09-25", false, 0, lang.T("中秋节放假", "Mid-Autumn Festival, off")},
		{"2026-09-26", false, 0, lang.T("中秋节放假", "Mid-Autumn Festival, off")},
		{"2026-09-27", false, 0, lang.T("中秋节放假", "Mid-Autumn Festival, off")},
		{"2026-09-28", false, 0, lang.T("暂停计时", "clock stopped")},
		{"2026-09-29", true, 0, lang.T("第 1 个工作日", "working day 1")},
		{"2026-09-30", true, 0, lang.T("第 2 个工作日", "working day 2")},
	}
	if diff := cmp.Diff(want, x.Lines[:len(want)]); diff != "" {
		t.Error(diff)
	}
	text := lang.T(
		"期限 3 个工作日，9月24日 周四 9:52 收到，当天不算，从 9月29日 周二 算起，到 10月8日 周四 17:30。中间不算：中秋节放假 3 天、暂停计时 1 天、国庆节放假 7 天。",
		"Limit 3 working days, received Thu 24 Sep 9:52; that day is not counted, the count begins on Tue 29 Sep; due before 17:30 on Thu 8 Oct. Not counted (days): Mid-Autumn Festival, off: 3; clock stopped: 1; National Day, off: 7.")
	if diff := cmp.Diff(text, x.Text); diff != "" {
		t.Error(diff)
	}
}

// Every stretch that the clock stood has its line and its reason, whether it
// cost a day or not.
func TestExplainPauses(t *testing.T) {
	t.Parallel()
	s := ChinaSpec()
	s.Own = []OwnDay{{Date: "2026-11-25", Name: lang.T("停电检修", "Power cut")}, {Date: "2026-11-27", Hours: []Period{{540, 720}}}}
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	z := c.Zone()
	asked := lang.T("等申请人补件", "waiting for the applicant")
	q := Count{
		Start: at(t, z, "2026-11-20 09:00"), Limit: Limit{3, WorkingDays}, Held: at(t, z, "2026-11-27 10:05"),
		Pauses: []Span{
			{From: at(t, z, "2026-11-23 10:00"), To: at(t, z, "2026-11-24 09:30"), Why: asked},
			{From: at(t, z, "2026-11-26 10:00"), To: at(t, z, "2026-11-26 16:00"), Why: asked},
			{From: at(t, z, "2026-11-27 10:05"), To: at(t, z, "2026-12-30 10:00"), Why: asked},
		},
	}
	x := c.Explain(q)
	want := []Line{
		{"2026-11-20", false, 0, lang.T("收到当天不算", "the day of receipt is not counted")},
		{"2026-11-21", false, 0, lang.T("周末", "weekend")},
		{"2026-11-22", false, 0, lang.T("周末", "weekend")},
		{"2026-11-23", false, 0, lang.T("暂停计时（等申请人补件）", "clock stopped (waiting for the applicant)")},
		{"2026-11-24", true, 0, lang.T("第 1 个工作日", "working day 1")},
		{"2026-11-25", false, 0, lang.T("停电检修，本单位不上班", "Power cut, the unit is closed")},
		{"2026-11-26", true, 0, lang.T("第 2 个工作日", "working day 2")},
		{"2026-11-26", false, 0, lang.T("暂停计时（等申请人补件） 10:00 到 16:00，没占掉一天", "clock stopped (waiting for the applicant) from 10:00 to 16:00, which took no day")},
		{"2026-11-27", true, 0, lang.T("第 3 个工作日（上班 09:00-12:00）", "working day 3 (open 09:00-12:00)")},
		{"2026-11-27", false, 0, lang.T("10:05 起暂停计时，恢复后重算", "clock stopped since 10:05; counted again when it goes on")},
	}
	if diff := cmp.Diff(want, x.Lines); diff != "" {
		t.Error(diff)
	}
	text := lang.T(
		"期限 3 个工作日，11月20日 周五 9:00 收到，当天不算，从 11月24日 周二 算起，到 11月27日 周五 12:00。中间不算：周末 2 天、暂停计时（等申请人补件） 1 天、停电检修，本单位不上班 1 天。11月27日 周五 10:05 起暂停计时，恢复后这个日期会重算。",
		"Limit 3 working days, received Fri 20 Nov 9:00; that day is not counted, the count begins on Tue 24 Nov; due before 12:00 on Fri 27 Nov. Not counted (days): weekend: 2; clock stopped (waiting for the applicant): 1; Power cut, the unit is closed: 1. The clock has been stopped since Fri 27 Nov 10:05; the date will be counted again when it goes on.")
	if diff := cmp.Diff(text, x.Text); diff != "" {
		t.Error(diff)
	}
	q = Count{Start: at(t, z, "2026-11-23 09:00"), Limit: Limit{7, WorkingHours}, Pauses: []Span{{From: at(t, z, "2026-11-23 10:00"), To: at(t, z, "2026-11-23 11:00"), Why: asked}}}
	want = []Line{
		{"2026-11-23", true, 6 * time.Hour, lang.T("算 6 小时", "6 h counted")},
		{"2026-11-23", false, 0, lang.T("暂停计时（等申请人补件） 10:00 到 11:00", "clock stopped (waiting for the applicant) from 10:00 to 11:00")},
		{"2026-11-24", true, time.Hour, lang.T("算 1 小时", "1 h counted")},
	}
	if diff := cmp.Diff(want, c.Explain(q).Lines); diff != "" {
		t.Error(diff)
	}
}

// Each stretch has the reason of its own pause, in whatever order they were
// asked for; one that took nothing and a stop after the end are not told.
func TestExplainEachReason(t *testing.T) {
	t.Parallel()
	c := China()
	z := c.Zone()
	pause := func(from, to, why string) Span {
		return Span{From: at(t, z, from), To: at(t, z, to), Why: lang.Text{ZH: why, EN: why}}
	}
	got := c.Explain(Count{
		Start: at(t, z, "2026-11-23 09:00"), Limit: Limit{7, WorkingHours}, Held: at(t, z, "2026-12-01 09:00"),
		Pauses: []Span{
			pause("2026-11-24 09:00", "2026-11-24 10:00", "b"), pause("2026-11-23 10:00", "2026-11-23 11:00", "a"),
			pause("2026-11-23 12:10", "2026-11-23 13:00", "c"), pause("2026-11-25 09:00", "2026-11-26 10:00", "d"),
		},
	})
	var notes []string
	for _, line := range got.Lines {
		if !line.Counted {
			notes = append(notes, line.Reason.EN)
		}
	}
	want := []string{"clock stopped (a) from 10:00 to 11:00", "clock stopped (b) from 9:00 to 10:00"}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Error(diff)
	}
	got = c.Explain(Count{
		Start: at(t, z, "2026-11-23 17:00"), Limit: Limit{1, WorkingHours},
		Pauses: []Span{pause("2026-11-24 08:00", "2026-11-24 18:00", "a"), pause("2026-11-25 09:00", "2026-11-25 09:10", "b")},
	})
	if reason := got.Lines[1].Reason.EN; reason != "clock stopped (a)" {
		t.Errorf("a whole day stopped has the reason %q", reason)
	}
}

func TestExplainWords(t *testing.T) {
	t.Parallel()
	c := China()
	for _, row := range []struct {
		why, start, limit string
		pauses            []string
		want              string
	}{
		{"make-up Saturday is named", "2026-10-09 10:00", "1 working-days", nil, "第 1 个工作日（国庆节调休上班）"},
		{"a year without notice is said", "2026-12-31 10:00", "2 working-days", nil, "放假安排还没公布"},
		{"another year is written out", "2026-12-31 10:00", "2 working-days", nil, "到 2027年1月4日 周一 17:30"},
		{"an emergency runs day and night", "2026-11-21 23:50", "30 minutes", nil, "从 23:50 起连着算 30 分钟"},
		{"its pause is told", "2026-11-21 09:00", "2 hours", []string{"2026-11-21 10:00", "2026-11-21 10:40"}, "中间不算：暂停计时 40 分。"},
		{"office hours by day", "2026-11-23 17:00", "2 working-hours", nil, "算 1 小时 30 分"},
		{"what a pause took of them is said", "2026-11-23 09:00", "2 working-hours", []string{"2026-11-23 10:00", "2026-11-23 11:00"}, "上班时间里暂停 1 小时。"},
		{"a pause over a whole day of hours", "2026-11-23 17:00", "1 working-hours", []string{"2026-11-24 09:00", "2026-11-25 09:00"}, "中间不算：暂停计时 1 天"},
		{"two pauses of a whole day", "2026-11-23 17:00", "1 working-hours", []string{"2026-11-24 08:00", "2026-11-24 12:00", "2026-11-24 12:30", "2026-11-25 09:00"}, "中间不算：暂停计时 1 天"},
		{"a short pause over a night", "2026-11-20 09:00", "3 working-days", []string{"2026-11-23 18:00", "2026-11-24 09:00"}, "暂停计时 18:00 到 11月24日 周二 9:00，没占掉一天"},
		{"received after hours", "2026-11-23 20:00", "2 working-hours", nil, "已下班，从下次上班起算"},
		{"stopped on the day of receipt", "2026-11-23 09:30", "1 working-days", []string{"2026-11-23 10:00", "2026-11-24 10:00"}, "恢复计时的当天顶替收到当天"},
		{"due at midnight is 24:00 of the day", "2026-11-23 09:30", "7 days", nil, "到 11月30日 周一 24:00"},
	} {
		x := c.Explain(Count{Start: at(t, c.Zone(), row.start), Limit: limit(t, row.limit), Pauses: spans(t, c.Zone(), row.pauses...)})
		all, english := x.Text.ZH, x.Text.EN
		for _, l := range x.Lines {
			all, english = all+"\n"+l.Reason.ZH, english+l.Reason.EN
		}
		if !strings.Contains(all, row.want) {
			t.Errorf("%s: no %q in\n%s", row.why, row.want, all)
		}
		if strings.ContainsFunc(english, func(r rune) bool { return r > 0x2e00 }) || strings.Contains(all+english, "%!") {
			t.Errorf("%s: Chinese or a bad verb in the English:\n%s", row.why, english)
		}
	}
}

func TestDateText(t *testing.T) {
	t.Parallel()
	z := China().Zone()
	now := at(t, z, "2026-11-23 10:20")
	for _, row := range []struct{ why, t, zh, en string }{
		{"another day", "2026-11-24 17:30", "11月24日 周二 17:30前", "before 17:30 on Tue 24 Nov"},
		{"today", "2026-11-23 17:30", "今天 17:30前", "before 17:30 today"},
		{"morning hours without a zero", "2026-11-23 09:05", "今天 9:05前", "before 9:05 today"},
		{"another year is written out", "2027-01-04 17:30", "2027年1月4日 周一 17:30前", "before 17:30 on Mon 4 Jan 2027"},
		{"midnight is the end of the day before", "2026-11-24 00:00", "今天 24:00前", "before 24:00 today"},
	} {
		if got, want := DateText(at(t, z, row.t), now, z), (lang.Text{ZH: row.zh, EN: row.en}); got != want {
			t.Errorf("%s: %v, want %v", row.why, got, want)
		}
	}
	if got, want := MomentText(at(t, z, "2026-11-22 09:52").UTC(), now, z), lang.T("11月22日 周日 9:52", "Sun 22 Nov 9:52"); got != want {
		t.Errorf("MomentText = %v, want %v", got, want)
	}
}

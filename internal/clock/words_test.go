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
	x := c.Explain(at(t, c.Zone(), "2026-09-24 09:52"), limit(t, "3 working-days"), spans(t, c.Zone(), "2026-09-28 10:00", "2026-09-29 09:00"))
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
		{"received after hours", "2026-11-23 20:00", "2 working-hours", nil, "已下班，从下次上班起算"},
		{"stopped on the day of receipt", "2026-11-23 09:30", "1 working-days", []string{"2026-11-23 10:00", "2026-11-24 10:00"}, "恢复计时的当天顶替收到当天"},
		{"due at midnight is 24:00 of the day", "2026-11-23 09:30", "7 days", nil, "到 11月30日 周一 24:00"},
	} {
		x := c.Explain(at(t, c.Zone(), row.start), limit(t, row.limit), spans(t, c.Zone(), row.pauses...))
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

func TestJudge(t *testing.T) {
	t.Parallel()
	c := China()
	for _, row := range []struct {
		why, now, start, due, held string
		unit                       Unit
		signal                     Signal
		zh, en                     string
	}{
		{"as drawn: Monday morning, due Tuesday", "2026-11-23 10:20", "2026-11-23 09:52", "2026-11-24 17:30", "", WorkingDays, OK, "还剩 1 天 5 小时", "1 day 5 hours left"},
		{"as drawn: the next morning it is near", "2026-11-24 09:10", "2026-11-23 09:52", "2026-11-24 17:30", "", WorkingDays, Near, "还剩 6 小时 50 分", "6 hours 50 minutes left"},
		{"as drawn: forty minutes", "2026-11-23 10:20", "2026-11-23 10:08", "2026-11-23 11:00", "", WorkingHours, Near, "还剩 40 分", "40 minutes left"},
		{"a short promise with over two hours left is fine", "2026-11-23 10:20", "2026-11-23 10:00", "2026-11-23 17:00", "", WorkingHours, OK, "还剩 5 小时 10 分", "5 hours 10 minutes left"},
		{"a short promise with exactly two hours left is fine", "2026-11-23 10:00", "2026-11-23 09:00", "2026-11-23 12:00", "", WorkingHours, OK, "还剩 2 小时", "2 hours left"},
		{"exactly one working day left is not near", "2026-11-23 17:30", "2026-11-20 09:00", "2026-11-24 17:30", "", WorkingDays, OK, "还剩 1 天", "1 day left"},
		{"over the weekend, working time only", "2026-11-20 10:20", "2026-11-19 09:00", "2026-11-23 17:30", "", WorkingDays, OK, "还剩 1 天 5 小时", "1 day 5 hours left"},
		{"late by working time over the weekend", "2026-11-23 10:20", "2026-11-19 09:00", "2026-11-20 17:30", "", WorkingDays, Late, "超期 1 小时 20 分", "1 hour 20 minutes late"},
		{"late by days", "2026-11-25 10:00", "2026-11-19 09:00", "2026-11-23 17:30", "", WorkingDays, Late, "超期 1 天 1 小时", "1 day 1 hour late"},
		{"late in the evening of the last day", "2026-11-23 20:00", "2026-11-19 09:00", "2026-11-23 17:30", "", WorkingDays, Late, "已超期", "late"},
		{"at the very deadline it is kept", "2026-11-23 17:30", "2026-11-19 09:00", "2026-11-23 17:30", "", WorkingDays, Near, "还剩不到 1 分", "less than a minute left"},
		{"held in time", "2026-11-25 10:00", "2026-11-19 09:00", "2026-11-23 17:30", "2026-11-23 17:00", WorkingDays, Hold, "暂停计时", "clock stopped"},
		{"held after the deadline stays late, and gets no later", "2026-11-27 10:00", "2026-11-19 09:00", "2026-11-23 17:30", "2026-11-24 10:00", WorkingDays, Late, "超期 1 小时", "1 hour late"},
		{"an emergency at night is measured in real minutes", "2026-11-22 00:00", "2026-11-21 23:50", "2026-11-22 00:20", "", Minutes, Near, "还剩 20 分", "20 minutes left"},
		{"a week of calendar days", "2026-11-23 12:00", "2026-11-23 09:00", "2026-12-01 00:00", "", Days, OK, "还剩 7 天 12 小时", "7 days 12 hours left"},
		{"no deadline, no signal", "2026-11-23 12:00", "2026-11-23 09:00", "", "", WorkingDays, "", "不限时", "no limit"},
		{"an old case outside the counted years", "2001-03-05 10:00", "2001-03-01 09:00", "2001-03-05 17:30", "", WorkingDays, Near, "还剩 6 小时", "6 hours left"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			when := func(s string) time.Time {
				if s == "" {
					return time.Time{}
				}
				return at(t, c.Zone(), s)
			}
			v := c.For(row.unit).Judge(when(row.now), when(row.start), when(row.due), when(row.held))
			if want := (lang.Text{ZH: row.zh, EN: row.en}); v.Signal != row.signal || v.Text() != want {
				t.Errorf("got %s %v, want %s %v", v.Signal, v.Text(), row.signal, want)
			}
			if v.OnTime() != (row.signal != Late) {
				t.Errorf("on time %v with signal %s", v.OnTime(), v.Signal)
			}
		})
	}
}

// The thresholds are data: a calendar with others judges otherwise.
func TestThresholdsAreData(t *testing.T) {
	t.Parallel()
	s := ChinaSpec()
	s.Near = Thresholds{Days: 3}
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	z := c.Zone()
	if v := c.Judge(at(t, z, "2026-11-23 10:20"), at(t, z, "2026-11-20 09:00"), at(t, z, "2026-11-25 17:30"), time.Time{}); v.Signal != Near {
		t.Errorf("with two days left and a threshold of three: %s, want near", v.Signal)
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

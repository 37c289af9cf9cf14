package clock

import (
	"testing"
	"time"

	"linli/internal/lang"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	c := China()
	for _, row := range []struct {
		why, now, start, due, held string
		unit                       Unit
		signal                     Signal
		zh, en                     string
	}{
		{"the same morning", "2026-11-23 10:20", "2026-11-23 09:52", "2026-11-24 17:30", "", WorkingDays, OK, "还剩 1 天 5 小时", "1 day 5 hours left"},
		{"the next morning most of its time is left", "2026-11-24 09:10", "2026-11-23 09:52", "2026-11-24 17:30", "", WorkingDays, OK, "还剩 6 小时 50 分", "6 hours 50 minutes left"},
		{"the next afternoon 80 percent is used", "2026-11-24 15:00", "2026-11-23 09:52", "2026-11-24 17:30", "", WorkingDays, Near, "还剩 2 小时 30 分", "2 hours 30 minutes left"},
		{"a promise of under a day by the same rule", "2026-11-23 10:20", "2026-11-23 10:08", "2026-11-23 11:00", "", WorkingHours, OK, "还剩 40 分", "40 minutes left"},
		{"its last fifth", "2026-11-23 10:50", "2026-11-23 10:08", "2026-11-23 11:00", "", WorkingHours, Near, "还剩 10 分", "10 minutes left"},
		{"over the weekend, working time only", "2026-11-20 10:20", "2026-11-19 09:00", "2026-11-23 17:30", "", WorkingDays, OK, "还剩 1 天 5 小时", "1 day 5 hours left"},
		{"late by working time over the weekend", "2026-11-23 10:20", "2026-11-19 09:00", "2026-11-20 17:30", "", WorkingDays, Late, "超期 1 小时 20 分", "1 hour 20 minutes late"},
		{"late by days", "2026-11-25 10:00", "2026-11-19 09:00", "2026-11-23 17:30", "", WorkingDays, Late, "超期 1 天 1 小时", "1 day 1 hour late"},
		{"late in the evening of the last day", "2026-11-23 20:00", "2026-11-19 09:00", "2026-11-23 17:30", "", WorkingDays, Late, "已超期", "late"},
		{"at the very deadline it is kept", "2026-11-23 17:30", "2026-11-19 09:00", "2026-11-23 17:30", "", WorkingDays, Near, "还剩不到 1 分", "less than a minute left"},
		{"held in time", "2026-11-25 10:00", "2026-11-19 09:00", "2026-11-23 17:30", "2026-11-23 17:00", WorkingDays, Hold, "暂停计时", "clock stopped"},
		{"held in time and not yet due", "2026-11-23 17:20", "2026-11-19 09:00", "2026-11-23 17:30", "2026-11-23 17:00", WorkingDays, Hold, "暂停计时", "clock stopped"},
		{"held at the deadline stays late: nothing is left to stop", "2026-11-24 10:00", "2026-11-19 09:00", "2026-11-23 17:30", "2026-11-23 17:30", WorkingDays, Late, "超期 1 小时", "1 hour late"},
		{"held after the deadline stays late, and gets later", "2026-11-24 11:00", "2026-11-19 09:00", "2026-11-23 17:30", "2026-11-24 10:00", WorkingDays, Late, "超期 2 小时", "2 hours late"},
		{"judged at a moment before it was held", "2026-11-20 09:00", "2026-11-19 09:00", "2026-11-23 17:30", "2026-11-23 17:00", WorkingDays, OK, "还剩 2 天", "2 days left"},
		{"an emergency at night is measured in real minutes", "2026-11-22 00:15", "2026-11-21 23:50", "2026-11-22 00:20", "", Minutes, Near, "还剩 5 分", "5 minutes left"},
		{"a week of calendar days", "2026-11-23 12:00", "2026-11-23 09:00", "2026-12-01 00:00", "", Days, OK, "还剩 7 天 12 小时", "7 days 12 hours left"},
		{"no deadline, no signal", "2026-11-23 12:00", "2026-11-23 09:00", "", "", WorkingDays, "", "不限时", "no limit"},
		{"an old case outside the counted years", "2001-03-05 16:10", "2001-03-05 09:00", "2001-03-05 17:30", "", WorkingDays, Near, "还剩 1 小时 20 分", "1 hour 20 minutes left"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			when := func(s string) time.Time {
				if s == "" {
					return time.Time{}
				}
				return at(t, c.Zone(), s)
			}
			cal := c.For(row.unit)
			v := cal.Judge(when(row.now), cal.NearFrom(when(row.start), when(row.due)), when(row.due), when(row.held))
			if want := (lang.Text{ZH: row.zh, EN: row.en}); v.Signal != row.signal || v.Text() != want {
				t.Errorf("got %s %v, want %s %v", v.Signal, v.Text(), row.signal, want)
			}
			if v.OnTime() != (row.signal != Late) || v.Left.Late != (row.signal == Late) {
				t.Errorf("on time %v, left %v with signal %s", v.OnTime(), v.Left, v.Signal)
			}
		})
	}
}

// A verdict on something done needs no near instant.
func TestJudgeWithoutNear(t *testing.T) {
	t.Parallel()
	c := China()
	due := at(t, c.Zone(), "2026-11-23 17:30")
	for now, want := range map[time.Time]Signal{due.Add(-time.Microsecond): OK, due: Near, due.Add(time.Microsecond): Late} {
		if got := c.Judge(now, time.Time{}, due, time.Time{}).Signal; got != want {
			t.Errorf("at %v: %s, want %s", now, got, want)
		}
	}
}

// The rule is data: the same promise under other shares.
func TestThresholdsAreData(t *testing.T) {
	t.Parallel()
	for share, want := range map[int]string{0: "2026-11-27 16:42", 80: "2026-11-27 16:42", 50: "2026-11-26 10:30", 1: "2026-11-23 13:53", 99: "2026-11-30 17:06"} {
		s := ChinaSpec()
		s.Near = Thresholds{Share: share}
		c, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		got := c.Reckon(Count{Start: at(t, c.Zone(), "2026-11-23 13:30"), Limit: Limit{5, WorkingDays}})
		if hm := got.Near.Format("2006-01-02 15:04"); hm != want {
			t.Errorf("at %d percent: near from %s, want %s", share, hm, want)
		}
	}
	for _, share := range []int{-1, 100, 8000} {
		s := ChinaSpec()
		s.Near.Share = share
		if _, err := New(s); err == nil {
			t.Errorf("a share of %d percent was taken", share)
		}
	}
}

package clock

import (
	"testing"
	"time"
)

// ASVS 1.4.2
func FuzzParseLimit(f *testing.F) {
	for _, s := range []string{"5 working-days", "５个工作日", "满 7 天", "-1 h", "99999999999999999999 d", "1 \xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := ParseLimit(s)
		if err != nil {
			return
		}
		if back, err := ParseLimit(l.String()); err != nil || back != l || l.Check() != nil {
			t.Errorf("%q reads as %v, back as %v, %v", s, l, back, err)
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"9:00-12:00", "13:30–17:30", "18:00至8:00", "00:00-24:00", "99:99-00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ParsePeriod(s); err == nil {
			if back, err := ParsePeriod(p.String()); err != nil || back != p {
				t.Errorf("%q reads as %v, back as %v, %v", s, p, back, err)
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-11-23", "2026年11月23日", "20260230", "２０２６/1/1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDate(s); err == nil {
			if back, err := ParseDate(string(d)); err != nil || back != d {
				t.Errorf("%q reads as %v, back as %v, %v", s, d, back, err)
			}
		}
	})
}

func FuzzParseYears(f *testing.F) {
	f.Add("date\tname\tis_off_day\n2026-01-01\t元旦\t1\n")
	f.Add("2026-01-01,元旦,班\n\n# x\n")
	f.Fuzz(func(t *testing.T, s string) {
		years, err := parseYears(s)
		for _, y := range years {
			if err != nil || len(y.Off)+len(y.Work) == 0 {
				t.Errorf("%q gives %v with %v", s, y, err)
			}
		}
	})
}

func FuzzDeadline(f *testing.F) {
	c := China()
	f.Add(int64(1.76e9), uint16(5), uint8(3), int64(100), int64(900000))
	f.Add(int64(-6e10), uint16(10000), uint8(3), int64(0), int64(1<<62))
	f.Fuzz(func(t *testing.T, start int64, n uint16, unit uint8, from, to int64) {
		l := Limit{1 + int(n)%MaxLimit, []Unit{Minutes, Hours, WorkingHours, WorkingDays, Days, ElapsedDays}[unit%6]}
		start %= 1 << 37 // within the years that a date can be written with
		s := time.Unix(start, 0)
		d := c.Deadline(s, l, []Span{{From: s.Add(time.Duration(from % 1e16)), To: s.Add(time.Duration(to % 1e16))}})
		if !d.At.After(s) {
			t.Errorf("%v + %v = %v", s, l, d.At)
		}
	})
}

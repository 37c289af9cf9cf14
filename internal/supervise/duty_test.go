package supervise_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
	"linli/internal/supervise"
)

// roster imports a table of duties and returns what was found wrong.
func (w *town) roster(csv string) []string {
	w.t.Helper()
	file, err := sheet.Load("duties.csv", strings.NewReader(csv), sheet.Limits{})
	if err != nil {
		w.t.Fatal(err)
	}
	report := sheet.NewReport(sheet.Policy{SkipBad: true})
	records := supervise.DutyColumns().Map(nil, file, report)
	w.write(func(tx *db.Tx) error { return supervise.ImportDuties(w.t.Context(), tx, w.d, records, report) })
	var all []string
	for _, f := range report.Findings() {
		all = append(all, f.In(lang.ZH))
	}
	return all
}

// who says who is on duty at a time.
func (w *town) who(moment string) (all []string) {
	w.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", moment, w.d.Calendar.Zone())
	if err != nil {
		w.t.Fatal(err)
	}
	on, err := supervise.OnDuty(w.t.Context(), w.DB, w.d, at)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, duty := range on {
		all = append(all, duty.Level(w.d).ZH+" "+duty.Unit+" "+duty.Person(w.d))
	}
	return all
}

func TestDuties(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		street := w.grid()[:9]
		head := "day,hours,area,unit,login,phone\n"
		if bad := w.roster(head +
			"2026-12-07,08:30-17:30,,u-centre,linwang,0990-1234\n" +
			"2026-12-07,17:30-08:30,,u-centre,linwang,0990-1234\n" +
			"2026-12-07,08:30-17:30," + street + ",u-huaishu,,0990-5678\n"); len(bad) > 0 {
			t.Fatal(bad)
		}
		for _, row := range []struct {
			why, at string
			want    []string
		}{
			{"before the turn nobody", "2026-12-07 08:29", nil},
			{"the district's first, then the street's, whose desk it is", "2026-12-07 08:30", []string{"区 u-centre 林望", "槐树街道 u-huaishu "}},
			{"at its end the next one's", "2026-12-07 17:30", []string{"区 u-centre 林望"}},
			{"over midnight it is yesterday's turn", "2026-12-08 03:00", []string{"区 u-centre 林望"}},
			{"until its end", "2026-12-08 08:30", nil},
		} {
			if diff := cmp.Diff(row.want, w.who(row.at)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", row.why, diff)
			}
		}
		for _, row := range []struct{ why, line, says string }{
			{"hours that nobody can read", "2026-12-09,all day,,u-centre,linwang,", "看不懂时段"},
			{"no such unit", "2026-12-09,08:30-17:30,,u-none,,", "没有单位 u-none"},
			{"no such person", "2026-12-09,08:30-17:30,,u-centre,nobody,", "没有登录名为 nobody"},
			{"a person of another unit", "2026-12-09,08:30-17:30,,u-centre,wugang,", "没有岗位"},
			{"no such street", "2026-12-09,08:30-17:30,990199999,u-centre,,", "没有街道"},
			{"a community is no level of duty", "2026-12-09,08:30-17:30," + w.grid()[:12] + ",u-centre,,", "9"},
			{"a turn beside one that is there", "2026-12-07,09:00-12:00,,u-centre,,", "与已有的班次 2026-12-07 08:30-17:30 重叠"},
			{"a turn beside the night before", "2026-12-08,07:00-12:00,,u-centre,,", "与已有的班次 2026-12-07 17:30-08:30 重叠"},
			{"two of the file", "2026-12-09,08:30-17:30,,u-centre,,\n2026-12-09,17:00-20:00,,u-centre,,", "与第 2 行的班次重叠"},
		} {
			bad := w.roster(head + row.line + "\n")
			if len(bad) != 1 || !strings.Contains(bad[0], row.says) || !strings.Contains(bad[0], "duties.csv:") {
				t.Errorf("%s: %v, want one that says %q and where", row.why, bad, row.says)
			}
		}
		if bad := w.roster(head + "2026-12-07,08:30-12:00,,u-centre,,1\n"); len(bad) > 0 {
			t.Fatal(bad)
		}
		if diff := cmp.Diff([]string{"区 u-centre ", "槐树街道 u-huaishu "}, w.who("2026-12-07 09:00")); diff != "" {
			t.Errorf("a turn that begins as one that is there takes its place (-want +got)\n%s", diff)
		}
		all, err := supervise.Duties(t.Context(), w.DB, w.d, "2026-12-07", "2026-12-07")
		if err != nil {
			t.Fatal(err)
		}
		remove := func() error {
			return w.try(func(tx *db.Tx) error { return supervise.RemoveDuty(t.Context(), tx, w.d, all[0].ID) })
		}
		if err := remove(); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"槐树街道 u-huaishu "}, w.who("2026-12-07 09:00")); diff != "" {
			t.Errorf("a turn that was taken off (-want +got)\n%s", diff)
		}
		if err := remove(); !errors.Is(err, errs.NotFound) {
			t.Errorf("taken off twice: %v", err)
		}
	})
}

// What is late goes to the leader on duty of the street it lies in.
func TestLeaderOnDutyIsTold(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		if bad := w.roster("day,hours,area,unit,login,phone\n2026-12-07,00:00-24:00," + w.grid()[:9] + ",u-huaishu,,1\n"); len(bad) > 0 {
			t.Fatal(bad)
		}
		id := w.sent("u-shizheng")
		w.at("2026-12-07 17:31")
		var leaders []string
		for _, told := range w.told(id) {
			if strings.HasPrefix(told, "leader-told") {
				leaders = append(leaders, told)
			}
		}
		if diff := cmp.Diff([]string{"leader-told u-huaishu"}, leaders); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

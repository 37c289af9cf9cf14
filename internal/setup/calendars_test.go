package setup_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/packs"
)

const code = "990101"

const staggered = "calendar: staggered\ntitle: {zh: 错时, en: Staggered}\nbase: standard\nhours: {mon-fri: [08:30-17:30]}\n"

const units = "code,name,kind,calendar\nu-street,槐树街道,department,staggered\n"

// folder is what a district brings, by file.
func folder(files map[string]string) fstest.MapFS {
	all := fstest.MapFS{}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

// into brings a folder in and tells how often open dates are counted again by
// then, and why the last time.
func into(t *testing.T, d *db.DB, src setup.Source) (times int, why string, err error) {
	t.Helper()
	if _, err := district.Open(t.Context(), d, code, d.Now()); errors.Is(err, errs.NotFound) {
		src.Settings = &district.Settings{Name: "邻里区"}
	}
	_, err = setup.Into(t.Context(), d, code, src)
	return counted(t, d, err)
}

func counted(t *testing.T, d *db.DB, err error) (int, string, error) {
	t.Helper()
	of, openErr := district.Open(t.Context(), d, code, d.Now())
	if errors.Is(openErr, errs.NotFound) {
		return 0, "", err
	}
	all, readErr := casework.Reckonings(t.Context(), d, of)
	if err := errors.Join(openErr, readErr); err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return 0, "", err
	}
	return len(all), all[0].Cause.Kind + " " + all[0].Cause.Text.EN, err
}

func TestWhatMovesDatesHasThemCountedAgain(t *testing.T) {
	t.Parallel()
	pack, findings := catalogue.Load(packs.Base())
	if pack == nil {
		t.Fatal(findings)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		matter := "code,parent,kind,name,limit,procedure\nm90,,group,自定,,\nm9001,m90,event,单车,4 working-hours,city-event\n"
		for _, row := range []struct {
			why   string
			src   setup.Source
			times int
			says  string
		}{
			{"a district that is only being made has no dates", setup.Source{Pack: pack, Files: folder(map[string]string{"calendars/staggered.yaml": staggered, "units.csv": units})}, 0, ""},
			{"the same again moves nothing", setup.Source{Pack: pack, Files: folder(map[string]string{"calendars/staggered.yaml": staggered, "units.csv": units})}, 0, ""},
			{"people move nothing", setup.Source{Files: folder(map[string]string{"people.csv": "login,name,phone\nchenli,陈立,13800000002\n"})}, 0, ""},
			{"other words for the same hours move nothing", setup.Source{Calendars: []district.File{{Name: "s.yaml", Data: []byte("# 错时\n" + staggered)}}}, 0, ""},
			{"other hours", setup.Source{Calendars: []district.File{{Name: "s.yaml", Data: []byte(strings.ReplaceAll(staggered, "08:30", "08:00"))}}}, 1, "calendar The working calendars have changed (s.yaml)"},
			{"other days off", setup.Source{Years: []district.File{{Name: "2027.csv", Data: []byte(year2027)}}}, 2, "calendar The days off have changed (2027.csv)"},
			{"a unit with another calendar", setup.Source{Files: folder(map[string]string{"units.csv": strings.ReplaceAll(units, ",staggered", ",")})}, 3, "calendar Units keep other hours than before"},
			{"a matter's limit, though it is new", setup.Source{Files: folder(map[string]string{"matters.csv": matter})}, 4, "limit The limits of matters have changed"},
			{"a matter's limit", setup.Source{Files: folder(map[string]string{"matters.csv": strings.ReplaceAll(matter, "4 w", "8 w")})}, 5, "limit The limits of matters have changed"},
			{"a matter's name", setup.Source{Files: folder(map[string]string{"matters.csv": strings.ReplaceAll(strings.ReplaceAll(matter, "4 w", "8 w"), "单车", "共享单车")})}, 5, "limit The limits of matters have changed"},
		} {
			times, why, err := into(t, d, row.src)
			if err != nil || times != row.times || why != row.says {
				t.Errorf("%s: %v; counted again %d times, last for %q; want %d, %q", row.why, err, times, why, row.times, row.says)
			}
		}
		if err := setup.DropYear(t.Context(), d, code, 2027, procedure.Actor{Person: "p"}); err != nil {
			t.Error(err)
		}
		if err := setup.DropCalendar(t.Context(), d, code, "staggered", procedure.Actor{Person: "p"}); err != nil {
			t.Error(err)
		}
		if times, why, _ := counted(t, d, nil); times != 7 || why != "calendar The calendar staggered was removed" {
			t.Errorf("taking away counts again %d times, last for %q", times, why)
		}
	})
}

const year2027 = "2027-01-01,元旦,1\n2027-02-05,春节,1\n2027-02-06,春节,1\n2027-02-07,春节,1\n2027-02-08,春节,1\n2027-02-20,春节,0\n2027-04-05,清明节,1\n" +
	"2027-05-01,劳动节,1\n2027-05-03,劳动节,1\n2027-06-09,端午节,1\n2027-09-15,中秋节,1\n2027-10-01,国庆节,1\n2027-10-02,国庆节,1\n2027-10-03,国庆节,1\n"

// ASVS 2.2.3
func TestTheFolderIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if _, _, err := into(t, d, setup.Source{}); err != nil {
			t.Fatal(err)
		}
		for _, row := range []struct {
			why   string
			files map[string]string
			dry   bool
			want  error
		}{
			{"a calendar that contradicts itself keeps the good year out", map[string]string{"years/2027.csv": year2027, "calendars/x.yaml": "calendar: x\n"}, false, errs.Invalid},
			{"a bad year keeps the good calendar out", map[string]string{"years/2027.csv": year2027 + "2027-01-01,元旦,0\n", "calendars/staggered.yaml": staggered}, false, errs.Invalid},
			{"a unit whose calendar is not there", map[string]string{"years/2027.csv": year2027, "units.csv": units}, false, errs.Invalid},
			{"a dry run keeps nothing", map[string]string{"years/2027.csv": year2027, "calendars/staggered.yaml": staggered, "units.csv": units}, true, sheet.ErrDryRun},
			{"a file of over a megabyte", map[string]string{"years/2027.csv": strings.Repeat("#", 1<<20+1)}, false, errs.TooLarge},
		} {
			times, _, err := into(t, d, setup.Source{Files: folder(row.files), Policy: sheet.Policy{DryRun: row.dry}})
			if !errors.Is(err, row.want) || times != 0 {
				t.Errorf("%s: %v, counted again %d times; want %v and never", row.why, err, times, row.want)
			}
			got, err := district.Open(context.Background(), d, code, d.Now())
			if err != nil || got.Calendar.Loaded(2027) || len(got.Calendars()) != 1 {
				t.Errorf("%s: something of it stayed (%v)", row.why, err)
			}
		}
		// Leaving out what is bad must not leave calendars that do not hold: a
		// district with such could not be read any more.
		leave := folder(map[string]string{"calendars/a.yaml": "calendar: a\ntitle: {zh: 甲, en: A}\nbase: b\n", "calendars/b.yaml": "calendar: b\ntitle: {zh: 乙, en: B}\nbase: a\n",
			"units.csv": strings.ReplaceAll(units, ",staggered", ",")})
		if _, _, err := into(t, d, setup.Source{Files: leave, Policy: sheet.Policy{SkipBad: true}}); err != nil {
			t.Error(err)
		}
		if got, err := district.Open(context.Background(), d, code, d.Now()); err != nil || len(got.Calendars()) != 1 || len(got.Org.Units()) != 1 {
			t.Errorf("calendars in a circle: %v", err)
		}
		// What lies beside the files of a folder is nobody's calendar.
		if _, _, err := into(t, d, setup.Source{Files: folder(map[string]string{"years/README.md": "not a year", "calendars/notes.txt": "x", "years/2027.csv": year2027})}); err != nil {
			t.Error(err)
		}
	})
}

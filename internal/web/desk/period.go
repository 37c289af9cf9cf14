package desk

import (
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/web/page"
)

// usualDays is how far back the list of all cases looks unless asked otherwise.
const usualDays = 90

// readPeriod is one of the usual lengths, or the dates that stand beside it.
func readPeriod(v *page.View, f *casework.Filter, value string) (string, error) {
	switch value {
	case "90":
		f.From = daysAgo(v, usualDays)
		return "", nil
	case "365":
		f.From = daysAgo(v, 365)
		return v.Say("近一年", "last year"), nil
	case "all":
		f.From = time.Time{}
		return v.Say("不限时间", "any time"), nil
	case "dates":
		return "", nil
	}
	return "", unknown()
}

func readFrom(v *page.View, f *casework.Filter, value string) (string, error) {
	day, err := dayOf(v, value)
	if err != nil {
		return "", err
	}
	f.From = day
	return v.Say("%s 起", "from %s", value), nil
}

// readTo counts its day in.
func readTo(v *page.View, f *casework.Filter, value string) (string, error) {
	day, err := dayOf(v, value)
	if err != nil {
		return "", err
	}
	f.To = day.AddDate(0, 0, 1)
	if !f.From.IsZero() && f.To.Before(f.From) {
		return "", errs.New(errs.Invalid, "结束日期早于开始日期，请改一个。", "The end lies before the beginning; please change one of them.")
	}
	return v.Say("到 %s", "to %s", value), nil
}

func dayOf(v *page.View, value string) (time.Time, error) {
	date, err := clock.ParseDate(value)
	if err != nil {
		return time.Time{}, errs.New(errs.Invalid, "日期要像 2026-11-23 这样写。", "A date is written like 2026-11-23.")
	}
	return time.ParseInLocation(time.DateOnly, string(date), v.Zone())
}

// periodText says which cases a list looks at.
func periodText(v *page.View, a asked) string {
	switch {
	case a.Query.Get("from") != "" || a.Query.Get("to") != "":
		return v.Say("按所选日期", "within the dates chosen")
	case a.Query.Get("period") == "365":
		return v.Say("近一年报来的", "that came in within a year")
	case a.Query.Get("period") == "all":
		return v.Say("不限时间", "of any time")
	}
	return v.Say("近 %d 天报来的", "that came in within %d days", usualDays)
}

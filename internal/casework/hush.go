package casework

import (
	"slices"
	"strings"

	"linli/internal/clock"
	"linli/internal/district"
	"linli/internal/lang"
)

// Hushed is how the date of a secret case was counted without the minute at which
// it came in, by which somebody who saw the reporter go to the telephone would
// know them. A limit of working hours still ends at its minute: a date that was
// promised is told.
func Hushed(d *district.District, c Case, why clock.Explanation) clock.Explanation {
	minute := c.OpenedAt.In(d.Calendar.Zone()).Format(" 15:04")
	hush := func(t lang.Text) lang.Text {
		return lang.Text{ZH: strings.ReplaceAll(t.ZH, minute, ""), EN: strings.ReplaceAll(t.EN, minute, "")}
	}
	why.Text, why.Lines = hush(why.Text), slices.Clone(why.Lines)
	for i, line := range why.Lines {
		why.Lines[i].Reason = hush(line.Reason)
	}
	return why
}

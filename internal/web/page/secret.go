package page

import (
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/trail"
)

// CameIn is when a case, or a report of it, came in: to the day where who reported
// it is kept secret from the reader, whom the minute could tell.
func (v *View) CameIn(c casework.Case, at time.Time) string {
	return v.MomentOrDay(at, v.KeepsMinute(c))
}

// MomentOrDay is an instant to the minute, or to the day alone where the minute is
// kept from the reader.
func (v *View) MomentOrDay(at time.Time, kept bool) string {
	if kept {
		return clock.DateOf(at, v.Zone()).Text().In(v.Lang)
	}
	return v.MomentText(at)
}

// KeepsMinute reports whether the minute at which a case came in is kept from the
// reader.
func (v *View) KeepsMinute(c casework.Case) bool { return c.Secret && !v.knowsReporters(c) }

// Hush is how a case's date was counted, as exactly as the reader may know.
func (v *View) Hush(c casework.Case, why clock.Explanation) clock.Explanation {
	if v.KeepsMinute(c) {
		return casework.Hushed(v.District, c, why)
	}
	return why
}

// Keeps reports whether an entry of the case's trail tells the reader more of who
// reported it than they may know: who took it down, and at which minute.
func (v *View) Keeps(c casework.Case, e trail.Entry) bool {
	return (e.Act == "opened" || e.Act == "attached") && v.KeepsMinute(c)
}

// Moment is when and by whom an entry of a case's trail was done, as exactly as
// the reader may know.
func (v *View) Moment(c casework.Case, e trail.Entry) (when, who string) {
	if v.Keeps(c, e) {
		return v.CameIn(c, e.At), v.Say("（保密）", "(kept secret)")
	}
	return v.MomentText(e.At), v.Doer(e)
}

// channelShown is how a report came, as far as a reader may know who must not know
// who sent it.
func channelShown(c casework.Case, r casework.Report) string {
	if c.Secret {
		return c.Channel
	}
	return r.Channel
}

// KeepsSecret refuses what a reader who knows who reported a secret case writes
// into it, where it says who that was: a unit that must not know reads it. From
// anybody else it takes every word, so that nobody learns a name by guessing it.
func (v *View) KeepsSecret(c casework.Case, words map[string]string) error {
	if !c.Secret || v.Reader == nil || !v.Can(rights.CallerFind) {
		return nil
	}
	reports, err := casework.Reports(v.Context(), v.House.DB, v.District.Code, c.ID)
	if err != nil {
		return err
	}
	for field, text := range words {
		for _, r := range reports {
			named, err := v.House.Desk.Names(v.District.Code, r, text)
			if err != nil {
				return err
			}
			if named && strings.TrimSpace(text) != "" {
				return errs.New(errs.Invalid, "这里写了上报人的名字或号码，承办单位会看到，请去掉。", "This names the reporter or gives their number; the unit would read it. Please take it out.").At(field)
			}
		}
	}
	return nil
}

package enter

import (
	"net/http"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/lang"
	"linli/internal/web/page"
)

// calendarForm says what a calendar address is for, and makes none yet.
func calendarForm(v *page.View) error {
	return v.Show(http.StatusOK, calendarPage(v, ""))
}

// makeCalendar makes a secret address of the reader's own deadlines and shows it,
// this once.
func makeCalendar(v *page.View) error {
	a, err := mine(v)
	if err != nil {
		return err
	}
	var secret string
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		_, secret, err = access.AddCalendar(v.Context(), tx, a, v.From())
		return err
	})
	if err != nil {
		return err
	}
	address := v.Origin() + "/calendar/" + secret + ".ics"
	if v.Lang == lang.EN { // calendar programs send no language of their own
		address += "?lang=en"
	}
	v.W.Header().Set("Cache-Control", "no-store")
	return v.Show(http.StatusOK, calendarPage(v, address))
}

// endCalendar ends one of the reader's addresses at once, without a fresh sign-in.
func endCalendar(v *page.View) error {
	a, err := mine(v)
	if err != nil {
		return err
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return access.EndCalendar(v.Context(), tx, a, v.R.PathValue("id"), v.From())
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/account", "日历地址停用了，日历程序下次来取就没有了。", "The calendar address has ended; the next time a program asks, nothing is there.")
}

// calendarStands says when an address was made and last read.
func calendarStands(v *page.View, c access.CalendarAddress) string {
	made := v.Say("%s 做的", "made %s", v.MomentText(c.Created))
	if c.Used.IsZero() {
		return made + v.Say("，还没有日历来取过", ", never read yet")
	}
	return made + v.Say("，最近取过 %s", ", last read %s", v.MomentText(c.Used))
}

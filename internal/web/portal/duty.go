package portal

import (
	"net/http"

	"linli/internal/org"
	"linli/internal/supervise"
	"linli/internal/web/page"
)

// duty says which offices have a leader on duty today, by their hours and
// phone. Who it is, staff see.
func duty(v *page.View) error {
	today := v.District.Day
	all, err := supervise.Duties(v.Context(), v.House.DB, v.District, today, today)
	if err != nil {
		return err
	}
	var points []point
	for _, d := range all {
		points = append(points, point{
			d.Level(v.District).In(v.Lang) + v.Say("：", ": ") + v.UnitName(d.Unit),
			v.Say("今天 %[1]s 有领导值班，电话 %[2]s。", "A leader is on duty today %[1]s, phone %[2]s.", d.Hours.String(), officePhone(v, d)),
		})
	}
	if len(points) == 0 {
		points = []point{{v.Say("今天没有排", "Nobody is on the roster today"), v.Say("有事打 %s，话务员会转给能定的人。", "Call %s; the agent passes it on to somebody who can decide.", hotline(v))}}
	}
	points = append(points, point{
		v.Say("领导值班做什么", "What they are for"),
		v.Say("超期还没人办的事，系统会报给值班领导。急事先打 110、119、120；平常的事打 %s。", "What is late and still not done is told to them. In an emergency call 110, 119 or 120; for anything else call %s.", hotline(v)),
	})
	return v.Show(http.StatusOK, aboutPage(v, v.Say("今天值班的领导", "Leaders on duty today"), points))
}

// officePhone is the office's phone: the roster's own, or the unit's.
func officePhone(v *page.View, d supervise.Duty) string {
	if d.Phone != "" {
		return d.Phone
	}
	if u, ok := v.District.Org.Unit(org.UnitID(d.Unit)); ok && u.Phone != "" {
		return u.Phone
	}
	return hotline(v)
}

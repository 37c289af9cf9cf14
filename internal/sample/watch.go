package sample

import (
	_ "embed"
	"fmt"
	"strings"
	"time"
)

// admissionsFile is the admission list: what departments may have stations do,
// and one duty that nobody has approved yet.
//
//go:embed words/admissions.csv
var admissionsFile string

// Admissions is the admission list of the district, as a table.
func (d *District) Admissions() string { return admissionsFile }

// Totals are what the district counted in years before linli was there, as a
// table.
func (d *District) Totals() string {
	return `period,subject,received,filed,closed,components,events
2023,,7466,6841,6534,2074,4767
2024,,7912,7344,7102,2210,5134
2025,,8236,7702,7488,2318,5384
`
}

// Roster is who is on duty from one day to another, as a table: by day a leader
// of the district, by night the shift, at weekends the heads of the streets.
func (d *District) Roster(from, to time.Time) string {
	heads := [][3]string{{"槐树", "u-huaishu", "jinhong"}, {"柳荫", "u-liuyin", "weishan"}, {"南湾", "u-nanwan", "pengfan"}}
	code := map[string]string{}
	for _, a := range d.areas {
		if a.tier == "street" {
			code[a.stem()] = a.code
		}
	}
	var b strings.Builder
	b.WriteString("day,hours,area,unit,login,phone\n")
	night := []string{"fanghua", "zenglin"}
	for n, day := 0, from; !day.After(to); n, day = n+1, day.AddDate(0, 0, 1) {
		date := day.Format("2006-01-02")
		fmt.Fprintf(&b, "%s,08:30-17:30,,u-centre,linwang,0990-8101\n", date)
		fmt.Fprintf(&b, "%s,17:30-08:30,,u-centre,%s,0990-8101\n", date, night[n%2])
		if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
			for i, h := range heads {
				fmt.Fprintf(&b, "%s,08:30-17:30,%s,%s,%s,0990-82%02d\n", date, code[h[0]], h[1], h[2], i+1)
			}
		}
	}
	return b.String()
}

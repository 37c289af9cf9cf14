package field

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"linli/internal/casework"
	"linli/internal/geo"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// todayMost is how many tasks one page lists; the most urgent come first.
const todayMost = 60

// fresh is how far back cases are looked through for what was done today.
const fresh = 60 * 24 * time.Hour

// doing is one task to do, as the list shows it.
type doing struct {
	Row      casework.Row
	Title    string
	Where    string // with how far it is, where that is known
	Tone     ui.Tone
	Left     string
	Due      string
	Do       string // the button
	Helping  bool
	Distance string
}

// day's work: what is to do, what is done.
type work struct {
	Tasks []doing
	All   casework.Tally
	Done  []casework.Row
	Here  bool // the reader's position is known
}

func today(v *page.View) error {
	here, known := position(v)
	f := casework.Filter{Queue: &casework.Queue{Posts: v.Actors()}}
	found, err := casework.List(v.Context(), v.House.DB, v.District, f, v.Now, "", todayMost)
	if err != nil {
		return err
	}
	w := work{Here: known}
	if w.All, err = casework.Count(v.Context(), v.House.DB, v.District, f, v.Now); err != nil {
		return err
	}
	for _, row := range found.Rows {
		d := toDo(v, row)
		if known && row.Place.Placed == casework.ByPoint {
			d.Distance = metres(v, geo.Metres(here, row.Place.Point))
		}
		w.Tasks = append(w.Tasks, d)
	}
	var codes []string
	for _, g := range grids(v) {
		codes = append(codes, string(g))
	}
	since := midnight(v)
	w.Done, err = casework.DoneBy(v.Context(), v.House.DB, v.District, string(v.Reader.Person.ID), codes, since.Add(-fresh), since)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, todayPage(v, begin(v, v.Say("今天", "Today")), w))
}

// toDo words one task of the queue.
func toDo(v *page.View, row casework.Row) doing {
	d := doing{Row: row, Title: matter(v, row.Case), Where: where(v, row.Case), Helping: row.Task.Part == procedure.CoHandle, Due: dueText(v, row.Task.Due)}
	d.Tone, d.Left = v.TaskSignal(row.Case, row.Task)
	title := step(v, row.Case, row.Task.Step)
	d.Do = v.Say("去%[1]s", "%[1]s", title)
	return d
}

// position is where the reader is, as the phone told it just now.
func position(v *page.View) (geo.Point, bool) {
	q := v.R.URL.Query()
	lon, errLon := strconv.ParseFloat(q.Get("lon"), 64)
	lat, errLat := strconv.ParseFloat(q.Get("lat"), 64)
	p := geo.Point{Lon: lon, Lat: lat}
	return p, errLon == nil && errLat == nil && p.Valid() && p != geo.Point{}
}

// metres words a distance as people do: 60 米, 1.2 公里.
func metres(v *page.View, m float64) string {
	if m < 1000 {
		return v.Say("%d 米", "%d m", max(10, int(math.Round(m/10))*10))
	}
	return v.Say("%s 公里", "%s km", fmt.Sprintf("%.1f", m/1000))
}

package portal

import (
	"cmp"
	"net/http"
	"slices"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/web/page"
)

// performHref is where a resident reads how the district has done.
const performHref = "/performance"

// few is the smallest number of things that is shown of a street or unit, and
// of ratings: of fewer, a neighbour might tell who it was.
const few = 5

// The indicators of the base pack that the page speaks of in sentences.
const (
	onDate       = "case-on-time"
	satisfaction = "satisfaction"
)

// openIndicators lists the indicators that everybody may read, in reading order. What the
// district's pack does not measure is left out.
func openIndicators(book *measure.Book) (all []*measure.Indicator) {
	for _, name := range []string{
		"received", "filed", "closed", "unfinished", "on-account", "closing", onDate, "on-time", "first-time", "answered", "reopened", "returns",
		satisfaction, "good-rating", "participation",
	} {
		if i := book.Indicator(name); i != nil {
			all = append(all, i)
		}
	}
	return all
}

// performView is a period as the page shows it.
type performView struct {
	*record
	Months []evaluate.Period // that can be read, the latest first
	Now    evaluate.Period   // the month that still runs
}

// monthsOpen is how many months back a resident can read.
const monthsOpen = 13

// asked reads which month is wanted. Only the month that runs and those that
// were counted and stored are there, so that nobody makes the house count.
func (rs *records) asked(v *page.View) (s performView, err error) {
	s.Now = evaluate.MonthOf(v.Now, v.Zone())
	s.Months = []evaluate.Period{s.Now}
	counted, err := evaluate.Periods(v.Context(), v.House.DB, v.District.Code)
	if err != nil {
		return s, err
	}
	for _, c := range counted {
		if len(c.Period.Months()) == 1 && !slices.Contains(s.Months, c.Period) && len(s.Months) < monthsOpen {
			s.Months = append(s.Months, c.Period)
		}
	}
	slices.SortFunc(s.Months, func(a, b evaluate.Period) int { return cmp.Compare(b, a) })
	wanted := s.Now
	if text := v.R.URL.Query().Get("period"); text != "" {
		if wanted = evaluate.Period(text); !slices.Contains(s.Months, wanted) {
			return s, errs.New(errs.NotFound, "没有这个月的数字，或者还没有核算。", "There are no figures of that month, or it has not been counted yet.")
		}
	}
	s.record, err = rs.of(v, wanted, s.Months)
	return s, err
}

// href is another page of the same period.
func (s performView) href(path string) string {
	if s.Period == s.Now {
		return performHref + path
	}
	return performHref + path + "?period=" + string(s.Period)
}

func (rs *records) performance(v *page.View) error {
	s, err := rs.asked(v)
	if err != nil {
		return err
	}
	drawn, err := drawRecord(v, s)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, performPage(v, s, drawn))
}

// missed lists what was not done by the promised date, and why.
func (rs *records) missed(v *page.View) error {
	s, err := rs.asked(v)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, missedPage(v, s))
}

// inTheOpen reports whether a case is about a thing in the street, and so about
// nobody.
func inTheOpen(c casework.Case) bool {
	switch catalogue.Kind(c.Kind) {
	case catalogue.Component, catalogue.Event, catalogue.Hazard:
		return true
	}
	return false
}

// published is a case with what everybody may read of it: the matter, and the
// road and community of a thing in the street, or the street of what concerns
// people. What anybody wrote is taken out.
func published(c casework.Case) casework.Case {
	c.Title, c.Text = "", ""
	if !inTheOpen(c) {
		c.Place = casework.Place{Street: c.Place.Street}
	}
	return c
}

// tooFew reports whether a figure is of so few that it is not published.
// Of the whole district that goes for what residents said; of a street or a unit
// for everything.
func tooFew(i *measure.Indicator, f measure.Figure, part bool) bool {
	if f.Denominator >= few || f.Denominator == 0 {
		return false
	}
	return part || i.Over == measure.Ratings || i.Over == measure.Callbacks || i.Name == "participation"
}

// veil hides the small figures of an indicator among the parts of one whole.
// Where only one would be hidden, the next smallest is too: the whole less the
// others would give it away.
func veil(i *measure.Indicator, parts []subjectFigures) map[evaluate.Subject]bool {
	veiled := map[evaluate.Subject]bool{}
	next := -1
	for n, p := range parts {
		f := p.Figures[i.Name]
		switch {
		case tooFew(i, f, true):
			veiled[p.Subject] = true
		case f.Denominator > 0 && (next < 0 || f.Denominator < parts[next].Figures[i.Name].Denominator):
			next = n
		}
	}
	if len(veiled) == 1 && next >= 0 {
		veiled[parts[next].Subject] = true
	}
	return veiled
}

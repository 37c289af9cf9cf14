package open311

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/georeport"
	"linli/internal/ident"
)

// The bounds of a list: what the specification says, and how far a program may
// page or look around.
const (
	span     = 90 * 24 * time.Hour
	pageMost = 1000
	pagesTo  = 1000
	farthest = 20_000 // metres
)

// requests lists public requests, or those of the numbers it is asked for.
func (d *door) requests(c *call) (any, error) {
	if ids := c.list("service_request_id"); len(ids) > 0 { // overrides all else, says the specification
		if len(ids) > pageMost {
			return nil, errs.New(errs.Invalid, "一次最多查 %d 个编号。", "At most %d numbers at once.", pageMost).At("service_request_id")
		}
		return d.numbered(c, ids)
	}
	f, err := c.filter()
	if err != nil {
		return nil, err
	}
	page, err1 := c.whole("page", 1, pagesTo)
	size, err2 := c.whole("page_size", pageMost, pageMost)
	if err := firstOf(err1, err2); err != nil {
		return nil, err
	}
	cases, err := casework.PublicList(c.r.Context(), d.house.DB, c.District, f, (page-1)*size, size)
	if err != nil {
		return nil, err
	}
	return d.shaped(c, cases)
}

// request gives one request by its number. One that is not public, one of
// another sender and one that is not there are the same failure.
func (d *door) request(c *call) (any, error) {
	all, err := d.numbered(c, []string{c.id})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errs.New(errs.NotFound, "没有这个 service_request_id。", "There is no such service_request_id.").At("service_request_id")
	}
	return all, d.noted(c, all)
}

// numbered gives the requests of some numbers, in the order asked for, as far as
// whoever asks may read them.
func (d *door) numbered(c *call, ids []string) (georeport.Requests, error) {
	var numbers []string
	for _, id := range ids {
		if n, err := ident.ParseNumber(id); err == nil && !slices.Contains(numbers, string(n)) {
			numbers = append(numbers, string(n))
		}
	}
	cases, err := casework.ByNumbers(c.r.Context(), d.house.DB, c.District.Code, numbers)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(cases, func(a, b casework.Case) int { return slices.Index(numbers, a.Number) - slices.Index(numbers, b.Number) })
	return d.shaped(c, cases)
}

// filter reads what a list is narrowed by.
func (c *call) filter() (f casework.PublicFilter, err error) {
	if f.From, f.To, err = c.range90(); err != nil {
		return f, err
	}
	for _, code := range c.list("service_code") {
		if _, ok := c.District.Catalogue.Matter(code); !ok {
			return f, errs.New(errs.NotFound, "没有这个 service_code。", "There is no such service_code.").At("service_code")
		}
		f.Matters = append(f.Matters, code)
	}
	for _, s := range c.list("status") {
		switch georeport.Text(strings.ToLower(s)) {
		case georeport.Open:
			f.Running = true
		case georeport.Closed:
			f.Ended = true
		default:
			return f, errs.New(errs.Invalid, "只有 open 和 closed。", "It is open or closed.").At("status")
		}
	}
	if f.Since, err = c.instant("updated_after"); err != nil {
		return f, err
	}
	return f, c.around(&f)
}

// range90 is the time that is asked for, the last ninety days where none is. A
// longer one is refused, since what is left out would look like what is not
// there.
func (c *call) range90() (from, to time.Time, err error) {
	if from, err = c.instant("start_date"); err != nil {
		return from, to, err
	}
	if to, err = c.instant("end_date"); err != nil {
		return from, to, err
	}
	switch {
	case from.IsZero() && to.IsZero():
		from = c.Now.Add(-span)
	case from.IsZero():
		from = to.Add(-span)
	case to.IsZero():
		if to = from.Add(span); to.After(c.Now) {
			to = time.Time{}
		}
	case to.Before(from):
		return from, to, errs.New(errs.Invalid, "结束时间早于开始时间。", "The end lies before the start.").At("end_date")
	case to.Sub(from) > span+time.Second:
		return from, to, errs.New(errs.Invalid, "一次最多查 90 天。", "At most 90 days at once.").At("end_date")
	}
	if !to.IsZero() {
		to = to.Add(time.Second) // the latest instant belongs to it, and instants are written to the second
	}
	return from, to, nil
}

// around reads lat, long and radius in metres, which many clients send.
func (c *call) around(f *casework.PublicFilter) error {
	if c.q.Get("lat") == "" && c.q.Get("long") == "" {
		return nil
	}
	p, err := pointOf(c.q.Get("lat"), c.q.Get("long"))
	if err != nil {
		return err
	}
	f.Around, f.Metres = p, 500
	if s := c.q.Get("radius"); s != "" {
		m, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(m) || m <= 0 || m > farthest {
			return errs.New(errs.Invalid, "半径写米数，最多 %d。", "The radius is in metres, at most %d.", farthest).At("radius")
		}
		f.Metres = m
	}
	return nil
}

// pointOf reads a point in degrees of WGS84, which here is our own datum to
// within decimetres.
func pointOf(lat, long string) (p geo.Point, err error) {
	bad := errs.New(errs.Invalid, "lat 和 long 要一起写，是度数。", "lat and long go together, in degrees.").At("lat")
	var err1, err2 error
	p.Lat, err1 = strconv.ParseFloat(lat, 64)
	p.Lon, err2 = strconv.ParseFloat(long, 64)
	if err1 != nil || err2 != nil || p.Check() != nil {
		return geo.Point{}, bad
	}
	if p == (geo.Point{}) {
		p.Lon = speck
	}
	return p, nil
}

// speck is a hair beside 0,0, in degrees. Inside, the zero point means that none
// was sent; who sends 0,0 has sent a placeholder, and intake is told so.
const speck = 1e-9

// list is a parameter that may come several times and hold commas.
func (c *call) list(name string) (all []string) {
	for _, part := range strings.Split(strings.Join(c.q[name], ","), ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// instant is a parameter that is a moment; the zero time where it is empty.
func (c *call) instant(name string) (time.Time, error) {
	s := c.q.Get(name)
	if s == "" {
		return time.Time{}, nil
	}
	at, err := georeport.ParseInstant(strings.ReplaceAll(s, " ", "+")) // a plus sign that was not written out
	if err != nil {
		return at, errs.New(errs.Invalid, "时间写成 2026-01-01T00:00:00Z 或带 +08:00。", "Write the time as 2026-01-01T00:00:00Z or with +08:00.").At(name)
	}
	return at, nil
}

// whole is a parameter that is a number from one on.
func (c *call) whole(name string, unasked, most int) (int, error) {
	s := c.q.Get(name)
	if s == "" {
		return unasked, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, errs.New(errs.Invalid, "写 1 到 %d 的整数。", "A whole number from 1 to %d.", most).At(name)
	}
	return n, nil
}

func firstOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

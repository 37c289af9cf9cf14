package oversight

import (
	"context"
	"net/http"
	"slices"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/supervise"
)

// UnitBounces is how a unit passed cases on.
type UnitBounces struct {
	Unit     frame.Named `json:"unit"`
	Received int         `json:"received" doc:"派给它几次 · Times it was given a case to lead"`
	Returned int         `json:"returned" doc:"退回 · Given back"`
	Refused  int         `json:"refused" doc:"因为不在准入清单而回绝，不算它的 · Refused as beside the admission list, and not held against it"`
	Moved    int         `json:"moved" doc:"裁走 · Taken away by a ruling"`
	Ruled    int         `json:"ruled" doc:"裁给它的 · Given by a ruling"`
}

// PassedCase is one time that a unit had a case.
type PassedCase struct {
	Case     string      `json:"case,omitempty" doc:"看得到那件才有 · Only where the case may be seen"`
	Number   string      `json:"number,omitempty"`
	Matter   frame.Named `json:"matter"`
	OpenedAt time.Time   `json:"opened_at" doc:"单位什么时候收到 · When the unit got it"`
	DoneAt   *time.Time  `json:"done_at,omitempty"`
}

type (
	// SpanAsked is from which day to which.
	SpanAsked struct {
		From string `query:"from" format:"date" doc:"案件不早于哪天立的；不写是本月一日 · Opened on or after; the first of the month where empty"`
		To   string `query:"to" format:"date" doc:"到哪天，算在内；不写是今天 · To which day, counted; today where empty"`
	}
	bouncesInput struct{ SpanAsked }
	passedInput  struct {
		SpanAsked
		Unit string `path:"unit" maxLength:"40"`
		Way  string `path:"way" enum:"received,returned,refused,moved,ruled"`
	}
)

// The bounds of these lists, as the pages have them.
const (
	spanMost   = 400 // days
	passedMost = 500
)

func bounceOperations(d *frame.Door) {
	frame.Register(d, frame.Told("list-bounces", http.MethodGet, "/bounces", tag, "退回与改派 · Returned and sent on",
		"这些天立的件，各单位收了、退了、被裁走几次。看全区案件的看全部，别的看本单位的。 · Of the cases opened in these days, how often units got them, gave them back or lost them. All units for who sees every case, else the own ones."), rights.CaseSee, listBounces)
	frame.Register(d, frame.Told("list-passed", http.MethodGet, "/bounces/{unit}/{way}", tag, "是哪些件 · Which cases these were", "新的在前。 · The latest first."), rights.CaseSee, listPassed)
}

// span is from when to when the days that are asked for go.
func (in *SpanAsked) span(c *frame.Caller) (from, to time.Time, err error) {
	today := c.District.Day
	first, err := frame.DateOr(in.From, clock.Date(string(today)[:8]+"01"), "from")
	if err != nil {
		return from, to, err
	}
	last, err := frame.DateOr(in.To, today, "to")
	if err == nil && (last < first || first.Add(spanMost) < last) {
		err = errs.New(errs.Invalid, "开始要在结束之前，最长 %d 天。", "It begins before it ends, and reaches over at most %d days.", spanMost).At("to")
	}
	if err != nil {
		return from, to, err
	}
	return first.Start(c.Zone()), last.Add(1).Start(c.Zone()), nil
}

func listBounces(ctx context.Context, c *frame.Caller, in *bouncesInput) (*frame.Output[frame.Whole[UnitBounces]], error) {
	from, to, err := in.span(c)
	if err != nil {
		return nil, err
	}
	found, err := supervise.Bounces(ctx, c.House.DB, c.District, from, to)
	mine := bound(c)
	var all []UnitBounces
	for _, b := range found {
		if mine == nil || slices.Contains(mine, b.Unit) {
			all = append(all, UnitBounces{*shape.UnitOf(c.District, b.Unit), b.Received, b.Returned, b.Refused, b.Moved, b.Ruled})
		}
	}
	return frame.WholeOf(all, err)
}

func listPassed(ctx context.Context, c *frame.Caller, in *passedInput) (*frame.Output[frame.Whole[PassedCase]], error) {
	from, to, err := in.span(c)
	if err != nil {
		return nil, err
	}
	if _, ok := c.District.Org.Unit(org.UnitID(in.Unit)); !ok {
		return nil, frame.MissingCode()
	}
	if mine := bound(c); mine != nil && !slices.Contains(mine, in.Unit) {
		return nil, frame.MissingCode()
	}
	found, err := supervise.PassedOn(ctx, c.House.DB, c.District, in.Unit, supervise.Passing(in.Way), from, to, passedMost)
	if err != nil {
		return nil, err
	}
	ids := make([]casework.ID, len(found))
	for i, p := range found {
		ids[i] = p.Case
	}
	seen, err := c.SeenOf(ctx, ids)
	all := make([]PassedCase, len(found))
	for i, p := range found {
		all[i] = PassedCase{Matter: frame.Name(p.Matter, c.District.Catalogue.Title(p.Matter)), OpenedAt: p.OpenedAt, DoneAt: frame.At(p.DoneAt)}
		if seen[p.Case] {
			all[i].Case, all[i].Number = string(p.Case), p.Number
		}
	}
	return frame.WholeOf(all, err)
}

// bound are the units whose orders, meetings and decisions the caller sees; nil
// is every unit's, for who sees every case.
func bound(c *frame.Caller) []string {
	if c.Can(rights.CaseSeeAll) {
		return nil
	}
	units := []string{}
	if c.Key.Unit != "" {
		units = append(units, c.Key.Unit)
	}
	for _, a := range c.Actors() {
		if a.Unit != "" && !slices.Contains(units, a.Unit) {
			units = append(units, a.Unit)
		}
	}
	return units
}

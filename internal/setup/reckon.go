package setup

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
)

// counted is what the open dates of a district hang on.
type counted struct{ hours, limits string }

// counts tells whether anything in the source can move a date, so that an
// import of people does not read the whole catalogue twice.
func (s *step) counts() bool {
	return s.src.Settings != nil || s.src.Pack != nil || len(s.src.Calendars)+len(s.src.Years)+len(s.tables["units"])+len(s.tables["matters"]) > 0
}

// counted reads it; empty for a district that is only being made, which has no
// dates yet.
func (s *step) counted() (c counted, err error) {
	if c.hours, err = district.Counted(s.ctx, s.tx, s.code); errors.Is(err, errs.NotFound) {
		return counted{}, nil
	} else if err != nil {
		return c, err
	}
	matters, err := catalogue.Open(s.ctx, s.tx, s.code)
	if err != nil {
		return c, err
	}
	var b strings.Builder
	fmt.Fprintln(&b, matters.Ladder().Share) // from when something is near
	for _, m := range matters.Matters() {
		fmt.Fprintln(&b, m.Code, m.Urgency, m.Limit, m.Limits, m.Procedure) // maps print in order
	}
	c.limits = b.String()
	return c, nil
}

// runCounted does the work, and where a date may be another afterwards has the
// open ones counted again.
func (s *step) runCounted() error {
	if !s.counts() {
		return s.run()
	}
	before, err := s.counted()
	if err != nil {
		return err
	}
	if err := s.run(); err != nil {
		return err
	}
	after, err := s.counted()
	switch {
	case err != nil || before == counted{} || before == after:
		return err
	case before.hours != after.hours:
		return casework.ReckonAll(s.ctx, s.tx, s.code, casework.Cause{Kind: casework.CalendarChanged, Text: s.changed()}, s.src.By)
	}
	why := casework.Cause{Kind: casework.LimitChanged, Text: lang.T("事项的时限改了", "The limits of matters have changed")}
	return casework.ReckonAll(s.ctx, s.tx, s.code, why, s.src.By)
}

// changed says, for those whose dates move, what changed about the hours.
func (s *step) changed() lang.Text {
	switch {
	case len(s.src.Years) > 0 && len(s.src.Calendars) > 0:
		return lang.T("放假安排和工作日历改了", "The days off and the working calendars have changed")
	case len(s.src.Years) > 0:
		return lang.T("放假安排改了（%s）", "The days off have changed (%s)", names(s.src.Years))
	case len(s.src.Calendars) > 0:
		return lang.T("工作日历改了（%s）", "The working calendars have changed (%s)", names(s.src.Calendars))
	}
	return lang.T("单位照哪个日历上班改了", "Units keep other hours than before")
}

func names(files []district.File) string {
	var all []string
	for _, f := range files {
		all = append(all, path.Base(f.Name))
	}
	return strings.Join(all, " ")
}

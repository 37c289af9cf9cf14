package look

import (
	"cmp"
	"context"
	"slices"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/lang"
	"linli/internal/org"
)

// Line is one entry of the ledger that the person concerned reads: who, by unit
// and role, saw what, when, for what.
type Line struct {
	At      time.Time
	Case    casework.ID
	Report  string
	Taken   bool // at taking down: the person told it to them, or they typed it in
	Unit    lang.Text
	Role    lang.Text
	Purpose lang.Text
	Basis   lang.Text // of the purpose, in law
	Fields  []string
	Kind    Kind
	Held    *Held // it was held back, lawfully or in vain
}

// Held is that a look was told later.
type Held struct {
	Law     string
	Granted bool      // else it was asked for and not granted
	Until   time.Time // of a granted one
	Unit    lang.Text // that granted or refused it; zero where nobody decided
}

// Ledger lists what became of the personal data of reports, newest first,
// without what is held back now. The caller has made sure that the reports are
// the reader's own.
func Ledger(ctx context.Context, r db.Reader, d *district.District, now time.Time, reports ...casework.Report) (lines []Line, err error) {
	defer errs.Wrap(&err, "look.Ledger(%d)", len(reports))
	ids := make([]string, len(reports))
	for i, report := range reports {
		ids[i] = report.ID
		if report.Post != "" {
			lines = append(lines, taken(d, report))
		}
	}
	looks, err := OfReports(ctx, r, d.Code, ids...)
	if err != nil {
		return nil, err
	}
	which := make([]string, len(looks))
	for i, l := range looks {
		which[i] = string(l.ID)
	}
	delays, err := delaysOf(ctx, r, d.Code, which)
	if err != nil {
		return nil, err
	}
	for _, l := range looks {
		held, told := standing(delays[l.ID], now)
		if held {
			continue
		}
		line := l.line(d)
		line.Held = told.held(d)
		lines = append(lines, line)
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Report, b.Report)) })
	return lines, nil
}

// line is a look as the person reads it.
func (l *Look) line(d *district.District) Line {
	line := Line{At: l.At, Case: l.Case, Report: l.Report, Unit: d.Org.UnitName(org.UnitID(l.Unit)), Role: roleText(d, string(l.Role)), Fields: l.Fields, Kind: l.Kind,
		Purpose: lang.Text{ZH: l.Purpose, EN: l.Purpose}}
	if p, ok := d.Catalogue.Privacy().Purpose(l.Purpose); ok {
		line.Purpose, line.Basis = p.Title, p.Basis
	}
	return line
}

// taken is that a report was taken down by staff, who so saw what was said.
func taken(d *district.District, r casework.Report) Line {
	line := Line{At: r.At, Case: r.Case, Report: r.ID, Taken: true}
	if r.Name != "" {
		line.Fields = append(line.Fields, fields.Name)
	}
	if r.Phone != "" {
		line.Fields = append(line.Fields, fields.Phone)
	}
	if r.Address != "" {
		line.Fields = append(line.Fields, fields.Address)
	}
	if post, ok := d.Org.Post(org.PostID(r.Post)); ok {
		line.Unit, line.Role = d.Org.UnitName(post.Unit), roleText(d, string(post.Role))
	}
	return line
}

// held is what the person is told of a delay that is over.
func (y *Delay) held(d *district.District) *Held {
	if y == nil {
		return nil
	}
	h := &Held{Law: y.Law, Granted: y.State == Granted}
	if h.Granted {
		h.Until = y.Until
	}
	if y.DecidedBy.Unit != "" {
		h.Unit = d.Org.UnitName(org.UnitID(y.DecidedBy.Unit))
	}
	return h
}

// roleText names a role, also one that there is no longer.
func roleText(d *district.District, role string) lang.Text {
	if known, ok := d.Catalogue.Roles().Role(role); ok {
		return known.Title
	}
	return lang.Text{ZH: role, EN: role}
}

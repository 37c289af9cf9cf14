package casework

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
)

// Own is a report with the case it belongs to, for the person who sent it.
type Own struct {
	Report Report
	Case   Case
}

// OwnReports are the reports made from a number, by its blind index, from one
// instant until another, newest first, with their cases; the zero time is no
// bound. Secret cases are not among them: they are opened by number and secret
// word alone, so that whoever gets at the phone learns nothing of them.
func OwnReports(ctx context.Context, rd db.Reader, district, phoneIndex string, from, until time.Time, most int) (all []Own, err error) {
	defer errs.Wrap(&err, "casework.OwnReports")
	if phoneIndex == "" {
		return nil, nil
	}
	return db.All(ctx, rd, func(o *Own) []any { return append(o.Report.dest(), o.Case.dest()...) },
		"select "+reportColumns+", "+columns+` from reports r join cases c on c.district = r.district and c.id = r.case_id
		where r.district = $1 and r.phone_index = $2 and r.phone_index <> '' and r.at >= $3 and r.at < $4 and not c.secret
		order by r.at desc, r.id desc limit $5`, district, phoneIndex, db.At(from), db.Due(until), most)
}

package trail

import (
	"context"
	"fmt"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
)

// Filter narrows what an auditor reads of the books. Its zero value is all.
type Filter struct {
	Books        []Book // none: all
	Act          string
	Person       string    // who acted, or whom it was about
	Since, Until time.Time // up to and without Until
}

// conds are the conditions of a filter, and their arguments, after the first.
func (f Filter) conds(district string) (where string, args []any) {
	if len(f.Books) == 0 {
		f.Books = Books()
	}
	wanted := ","
	for _, b := range f.Books {
		wanted += string(b) + ","
	}
	where = "where t.district = $1 and t.book <> '' and $2 like '%,' || t.book || ',%' and t.at >= $3 and t.at < $4"
	args = []any{district, wanted, db.At(f.Since), db.Due(f.Until)}
	if f.Act != "" {
		args = append(args, f.Act)
		where += fmt.Sprintf(" and t.act = $%d", len(args))
	}
	if f.Person != "" { // an id: details hold it in quotes, and sign-ins are kept by it
		args = append(args, f.Person)
		where += fmt.Sprintf(" and (t.person = $%[1]d or t.subject = 'sign-in:' || $%[1]d or t.detail like '%%\"' || $%[1]d || '\"%%')", len(args))
	}
	return where, args
}

// CountOf says how many entries pass a filter.
func CountOf(ctx context.Context, r db.Reader, district string, f Filter) (n int, err error) {
	defer errs.Wrap(&err, "trail.CountOf(%s)", district)
	where, args := f.conds(district)
	return db.Value[int](ctx, r, "select count(*) from trail t "+where, args...)
}

// Find returns the newest entries of books that pass a filter, newest first, at most
// most of them, and where the next page begins: "" where there is none. before is ""
// for the first page.
func Find(ctx context.Context, r db.Reader, district string, f Filter, before string, most int) (entries []Entry, next string, err error) {
	defer errs.Wrap(&err, "trail.Find(%s)", district)
	from, err := parsePlace(before)
	if err != nil {
		return nil, "", err
	}
	where, args := f.conds(district)
	at := len(args)
	args = append(args, from.At, from.Subject, from.Seq, most+1)
	where += fmt.Sprintf(" and (t.at, t.subject, t.seq) < ($%d, $%d, $%d) order by t.at desc, t.subject desc, t.seq desc limit $%d", at+1, at+2, at+3, at+4)
	if entries, err = scan(ctx, r, where, args...); err != nil {
		return nil, "", err
	}
	if len(entries) > most {
		entries = entries[:most]
		last := entries[most-1]
		next = place{db.At(last.At), last.chain, last.Seq}.String()
	}
	for i := range entries {
		if err := giveWords(ctx, r, district, entries[i].chain, entries[i:i+1]); err != nil {
			return nil, "", err
		}
	}
	return entries, next, nil
}

package exchange

import (
	"context"
	"errors"
	"io"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/vault"
)

// Opener begins a file of an export. It is closed before the export ends.
type Opener func(name string) (io.WriteCloser, error)

// Service says what of a district is written as records of government service.
type Service struct {
	District *district.District
	Keys     *vault.Vault
	From, To time.Time // opened at or after, before; zero for no bound
	Open     Opener
	Told     func(what string, done int64) // now and then; nil for nobody
}

// Filter is which cases are meant.
func (s Service) Filter() casework.Filter {
	return casework.Filter{From: s.From, To: s.To, Newest: true}
}

// Written says how many records of each kind were written, by the names of their
// tables.
type Written map[string]int

// ServiceRecords writes a district's matters and cases as records by the field
// names of GB/T 39046-2020 (政务服务平台基础数据规范): a CSV and a JSON Lines file
// for each kind, the code lists, and a datapackage.json that says what every
// column is. That one comes last: a folder without it is not whole.
//
// Who reported, and who of the staff did what, is masked; of whoever objected to
// being looked at nothing is written. A case whose reporter is kept secret is
// left out, as from everything that other systems may read.
func ServiceRecords(ctx context.Context, r db.Reader, s Service, now time.Time) (written Written, err error) {
	defer errs.Wrap(&err, "exchange.ServiceRecords(%s)", s.District.Code)
	b, err := s.begin(ctx, r)
	if err == nil {
		err = b.fill(ctx, now)
	}
	if err = errors.Join(err, b.end()); err != nil {
		return nil, err
	}
	codes, err := codeList(s.Open)
	if err != nil {
		return nil, err
	}
	tables := append(b.tables(), codes)
	pack, err := Package("gbt39046-"+s.District.Code, lang.T("政务服务数据（GB/T 39046-2020）", "Government service records (GB/T 39046-2020)"), now, lang.ZH, tables...)
	if err != nil {
		return nil, err
	}
	file, err := s.Open("datapackage.json")
	if err != nil {
		return nil, err
	}
	_, err = file.Write(append(pack, '\n'))
	return b.counts(), errors.Join(err, file.Close())
}

// book is all the files of an export while it is written.
type book struct {
	Service
	ctx          context.Context
	r            db.Reader
	objected     map[string]bool // reports whose senders are not to be looked at
	items        *records[item]
	applications *records[application]
	acceptances  *records[acceptance]
	handlings    *records[handling]
	specials     *records[special]
	completions  *records[completion]
	opinions     *records[opinion]
	oversights   *records[oversight]
	cases        *records[whole]
	all          []kind
}

// kind is what the files of every kind of record have in common.
type kind interface {
	end() error
	about() (Table, int)
}

func (r *records[T]) about() (Table, int) { return r.table, r.n }

func (s Service) begin(ctx context.Context, r db.Reader) (b *book, err error) {
	b = &book{Service: s, ctx: ctx, r: r, objected: map[string]bool{}}
	ids, err := db.All(ctx, r, func(id *string) []any { return []any{id} }, "select report_id from restrictions where district = $1", s.District.Code)
	if err != nil {
		return b, err
	}
	for _, id := range ids {
		b.objected[id] = true
	}
	const number = "办件编号"
	return b, errors.Join(
		add(b, &b.items, "items", lang.T("事项", "Matters"), "实施编码"),
		add(b, &b.applications, "applications", lang.T("办事申请", "Applications"), number),
		add(b, &b.acceptances, "acceptances", lang.T("事项受理", "Acceptances"), number),
		add(b, &b.handlings, "handlings", lang.T("事项办理", "Handling, step by step")),
		add(b, &b.specials, "specials", lang.T("特别程序", "Special procedures")),
		add(b, &b.completions, "completions", lang.T("事项办结", "Completions"), number),
		add(b, &b.opinions, "ratings", lang.T("服务评价", "Ratings"), number, "评价次数"),
		add(b, &b.oversights, "supervisions", lang.T("电子监察", "Supervision")),
		add(b, &b.cases, "cases", lang.T("办件总表", "Cases, one a line"), number),
	)
}

func add[T any](b *book, to **records[T], name string, title lang.Text, key ...string) (err error) {
	*to, err = recordsTo[T](b.Open, name, title, key...)
	b.all = append(b.all, *to)
	return err
}

func (b *book) fill(ctx context.Context, now time.Time) error {
	for _, m := range b.District.Catalogue.Matters() {
		if !b.District.Catalogue.Selectable(m.Code) {
			continue
		}
		if err := b.items.put(b.item(m)); err != nil {
			return err
		}
	}
	return casework.Each(ctx, b.r, b.District, b.Filter(), now, func(row casework.Row) error {
		if row.Secret {
			return nil
		}
		if b.Told != nil {
			b.Told("cases", int64(b.cases.n))
		}
		return b.put(row.Case)
	})
}

func (b *book) end() (err error) {
	for _, one := range b.all {
		err = errors.Join(err, one.end())
	}
	return err
}

func (b *book) tables() (all []Table) {
	for _, one := range b.all {
		t, _ := one.about()
		all = append(all, t)
	}
	return all
}

func (b *book) counts() Written {
	n := Written{}
	for _, one := range b.all {
		t, rows := one.about()
		n[t.Name] = rows
	}
	return n
}

package catalogue

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// Install puts a pack into a district. Matters and forms of the same code are
// replaced, others stay. A procedure that changed becomes the current version
// and the old one is kept for the cases that run on it. A pack with routes
// replaces the written ones; one without leaves them.
func Install(ctx context.Context, tx *db.Tx, district string, p *Pack) (err error) {
	defer errs.Wrap(&err, "catalogue.Install(%s, %s)", district, p.Name)
	err = tx.Exec(ctx, `insert into packs (district, name, title_zh, title_en, version, installed_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (district, name) do update set title_zh = excluded.title_zh, title_en = excluded.title_en,
		version = excluded.version, installed_at = excluded.installed_at`,
		district, p.Name, p.Title.ZH, p.Title.EN, p.Version, db.At(tx.Now))
	if err != nil {
		return err
	}
	for _, s := range p.Procedures {
		if err := writeProcedure(ctx, tx, district, s); err != nil {
			return err
		}
	}
	for _, s := range p.Forms {
		err := tx.Exec(ctx, `insert into forms (district, name, version, source, installed_at) values ($1, $2, $3, $4, $5)
			on conflict (district, name) do update set version = excluded.version, source = excluded.source, installed_at = excluded.installed_at`,
			district, s.Name, s.Version, s.Text, db.At(tx.Now))
		if err != nil {
			return err
		}
	}
	for _, s := range p.Rulebooks {
		if err := writeRulebook(ctx, tx, district, s); err != nil {
			return err
		}
	}
	for _, m := range p.Matters {
		if err := writeMatter(ctx, tx, district, m); err != nil {
			return err
		}
	}
	if len(p.Rules) == 0 {
		return nil
	}
	return writeRules(ctx, tx, district, p.Rules)
}

func writeProcedure(ctx context.Context, tx *db.Tx, district string, s Source) error {
	if err := tx.Exec(ctx, "update procedures set current = false where district = $1 and name = $2", district, s.Name); err != nil {
		return err
	}
	return tx.Exec(ctx, `insert into procedures (district, name, version, source, current, installed_at) values ($1, $2, $3, $4, true, $5)
		on conflict (district, name, version) do update set current = true`, district, s.Name, s.Version, s.Text, db.At(tx.Now))
}

func writeMatter(ctx context.Context, tx *db.Tx, district string, m Matter) error {
	return tx.Exec(ctx, `insert into matters (district, code, parent, kind, title_zh, title_en, urgency, time_limit, procedure, form,
		filing_zh, filing_en, closing_zh, closing_en, basis, words, secret, valid_from, valid_to, limits)
		values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20)
		on conflict (district, code) do update set parent = excluded.parent, kind = excluded.kind, title_zh = excluded.title_zh,
		title_en = excluded.title_en, urgency = excluded.urgency, time_limit = excluded.time_limit, procedure = excluded.procedure,
		form = excluded.form, filing_zh = excluded.filing_zh, filing_en = excluded.filing_en, closing_zh = excluded.closing_zh,
		closing_en = excluded.closing_en, basis = excluded.basis, words = excluded.words, secret = excluded.secret,
		valid_from = excluded.valid_from, valid_to = excluded.valid_to, limits = excluded.limits`,
		district, m.Code, m.Parent, string(m.Kind), m.Title.ZH, m.Title.EN, string(m.Urgency), m.Limit.String(), m.Procedure, m.Form,
		m.Filing.ZH, m.Filing.EN, m.Closing.ZH, m.Closing.EN, join(m.Basis), join(m.Words), m.Secret, string(m.ValidFrom), string(m.ValidTo), m.Limits.String())
}

// learnedLine is after every line that a file of written rules can have, so
// that written and learned rules are replaced without moving each other.
const learnedLine = 1_000_000

// writeRules replaces the written rules if rules has any, and the learned ones
// if it has any: learning again must not undo what somebody wrote, nor the
// other way round.
func writeRules(ctx context.Context, tx *db.Tx, district string, rules []Rule) error {
	var written, learned int
	for _, r := range rules {
		if r.Weight == 0 {
			written++
		} else {
			learned++
		}
	}
	if written > 0 {
		if err := tx.Exec(ctx, "delete from routes where district = $1 and weight = 0", district); err != nil {
			return err
		}
	}
	if learned > 0 {
		if err := tx.Exec(ctx, "delete from routes where district = $1 and weight > 0", district); err != nil {
			return err
		}
	}
	for i, r := range rules {
		line := int64(i + 1)
		if r.Weight > 0 {
			line += learnedLine
		}
		err := tx.Exec(ctx, `insert into routes (district, line, matter, area, hours, unit, co, reason_zh, reason_en, weight, origin)
			values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
			district, line, r.Matter, r.Area, r.Hours.String(), r.Unit, join(r.Co), r.Reason.ZH, r.Reason.EN, int64(r.Weight), r.From)
		if err != nil {
			return err
		}
	}
	return nil
}

// StoreLearned replaces the rules that were learned from earlier cases, each
// with its weight. What somebody wrote stays and goes first.
func StoreLearned(ctx context.Context, tx *db.Tx, district string, rules []Rule) (err error) {
	defer errs.Wrap(&err, "catalogue.StoreLearned(%s)", district)
	for _, r := range rules {
		if r.Weight < 1 || r.Weight > Whole {
			return fmt.Errorf("the learned rule of %s for %s in %s has the weight %d", r.Unit, r.Matter, r.Area, r.Weight)
		}
	}
	return writeRules(ctx, tx, district, rules)
}

// Open reads what a district has installed.
func Open(ctx context.Context, r db.Reader, district string) (c *Catalogue, err error) {
	defer errs.Wrap(&err, "catalogue.Open(%s)", district)
	var p parts
	if p.matters, err = readMatters(ctx, r, district); err != nil {
		return nil, err
	}
	if p.rules, err = readRules(ctx, r, district); err != nil {
		return nil, err
	}
	sources, err := db.All(ctx, r, func(s *Source) []any { return []any{&s.Name, &s.Version, &s.Text} },
		"select name, version, source from procedures where district = $1 order by name, current, version", district)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		one, findings := procedure.Parse([]byte(s.Text), s.Name+".yaml")
		if one == nil {
			return nil, fmt.Errorf("procedure %s %s no longer passes its check: %v", s.Name, s.Version, findings)
		}
		p.procedures = append(p.procedures, one)
	}
	sources, err = db.All(ctx, r, func(s *Source) []any { return []any{&s.Name, &s.Version, &s.Text} },
		"select name, version, source from forms where district = $1 order by name", district)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		one, findings := ParseForm([]byte(s.Text), s.Name+".yaml")
		if one == nil {
			return nil, fmt.Errorf("form %s %s no longer passes its check: %v", s.Name, s.Version, findings)
		}
		p.forms = append(p.forms, one)
	}
	if p.books, err = readRulebooks(ctx, r, district); err != nil {
		return nil, err
	}
	return build(p), nil
}

func readMatters(ctx context.Context, r db.Reader, district string) ([]Matter, error) {
	type row struct {
		Matter
		limit, limits, basis, words string
	}
	rows, err := db.All(ctx, r, func(m *row) []any {
		return []any{&m.Code, &m.Parent, &m.Kind, &m.Title.ZH, &m.Title.EN, &m.Urgency, &m.limit, &m.Procedure, &m.Form,
			&m.Filing.ZH, &m.Filing.EN, &m.Closing.ZH, &m.Closing.EN, &m.basis, &m.words, &m.Secret, &m.ValidFrom, &m.ValidTo, &m.limits}
	}, `select code, parent, kind, title_zh, title_en, urgency, time_limit, procedure, form, filing_zh, filing_en, closing_zh, closing_en,
		basis, words, secret, valid_from, valid_to, limits from matters where district = $1 order by code`, district)
	if err != nil {
		return nil, err
	}
	all := make([]Matter, len(rows))
	for i, m := range rows {
		m.Basis, m.Words = split(m.basis), split(m.words)
		if m.limit != "" {
			if m.Limit, err = clock.ParseLimit(m.limit); err != nil {
				return nil, err
			}
		}
		if m.Limits, err = ParseLimits(m.limits); err != nil {
			return nil, err
		}
		all[i] = m.Matter
	}
	return all, nil
}

func readRules(ctx context.Context, r db.Reader, district string) ([]Rule, error) {
	type row struct {
		Rule
		hours, co string
		weight    int64
	}
	rows, err := db.All(ctx, r, func(x *row) []any {
		return []any{&x.Matter, &x.Area, &x.hours, &x.Unit, &x.co, &x.Reason.ZH, &x.Reason.EN, &x.weight, &x.From}
	}, "select matter, area, hours, unit, co, reason_zh, reason_en, weight, origin from routes where district = $1 order by line", district)
	if err != nil {
		return nil, err
	}
	all := make([]Rule, len(rows))
	for i, x := range rows {
		if x.Hours, err = ParseHours(x.hours); err != nil {
			return nil, err
		}
		x.Co, x.Weight = split(x.co), int(x.weight)
		all[i] = x.Rule
	}
	return all, nil
}

func join(list []string) string { return strings.Join(list, ";") }

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}

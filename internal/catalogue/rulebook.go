package catalogue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/ladder"
	"linli/internal/measure"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/sheet"
	"linli/packs"
)

// books are the rulebooks of a pack: files at its root, each optional. Where a
// district has none of a kind, the base pack's holds, so that no clock is ever
// without rules for stopping it and no case unsupervised.
type books struct {
	pauses   *procedure.Pauses
	marks    *procedure.Marks
	ladder   *ladder.Ladder
	measures *measure.Book
	roles    *rights.Book
	privacy  *fields.Rules
}

// rulebooks are the kinds; the formulas lean on the marks.
var rulebooks = []string{"pauses", "marks", "supervision", "evaluation", "roles", "privacy"} // never changed

// readBooks checks the rulebooks that there are, by name, and takes the others
// from the base pack.
func readBooks(own map[string]string) (b books, findings []sheet.Finding) {
	sources := map[string][]byte{}
	for _, name := range rulebooks {
		file := name + ".yaml"
		source := []byte(own[name])
		if own[name] == "" {
			source, _ = fs.ReadFile(packs.Base(), file) // it is embedded; an empty one does not pass the check
		}
		sources[name] = source
		var found []sheet.Finding
		switch name {
		case "pauses":
			b.pauses, found = procedure.ParsePauses(source, file)
		case "marks":
			b.marks, found = procedure.ParseMarks(source, file)
		case "supervision":
			b.ladder, found = ladder.Parse(source, file)
		case "roles":
			b.roles, found = rights.Parse(source, file)
		case "privacy":
			b.privacy, found = fields.ParseRules(source, file)
		case "evaluation":
			b.measures, found = measure.Parse(measure.Join(source, sources["marks"]), file)
		}
		findings = append(findings, found...)
	}
	return b, findings
}

// Pauses are the kinds of pause a clock may have.
func (c *Catalogue) Pauses() *procedure.Pauses { return c.books.pauses }

// Marks are what people may note about quality as they act.
func (c *Catalogue) Marks() *procedure.Marks { return c.books.marks }

// Ladder says when something is near or late, and what is done about it.
func (c *Catalogue) Ladder() *ladder.Ladder { return c.books.ladder }

// Measures are the indicators and assessments.
func (c *Catalogue) Measures() *measure.Book { return c.books.measures }

// Roles are what the roles of posts may do.
func (c *Catalogue) Roles() *rights.Book { return c.books.roles }

// RolesOf reads the roles of a district alone, in the transaction that gives
// posts by them.
func RolesOf(ctx context.Context, r db.Reader, district string) (_ *rights.Book, err error) {
	defer errs.Wrap(&err, "catalogue.RolesOf(%s)", district)
	b, err := readRulebooks(ctx, r, district)
	return b.roles, err
}

// Privacy is what is said of personal data: purposes of looking, how long things
// are kept, notices and consents.
func (c *Catalogue) Privacy() *fields.Rules { return c.books.privacy }

// rulebooks reads and checks those that the pack has.
func (l *loader) rulebooks() {
	own := map[string]string{}
	for _, name := range rulebooks {
		file := name + ".yaml"
		if _, err := fs.Stat(l.fsys, file); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if source, ok := l.read(file); ok {
			own[name] = string(source)
			sum := sha256.Sum256(source)
			l.pack.Rulebooks = append(l.pack.Rulebooks, Source{name, hex.EncodeToString(sum[:6]), own[name]})
		}
	}
	_, findings := readBooks(own)
	for _, f := range findings {
		l.report.Add(f)
	}
}

func writeRulebook(ctx context.Context, tx *db.Tx, district string, s Source) error {
	return tx.Exec(ctx, `insert into rulebooks (district, name, version, source, installed_at) values ($1, $2, $3, $4, $5)
		on conflict (district, name) do update set version = excluded.version, source = excluded.source, installed_at = excluded.installed_at`,
		district, s.Name, s.Version, s.Text, db.At(tx.Now))
}

func readRulebooks(ctx context.Context, r db.Reader, district string) (books, error) {
	sources, err := db.All(ctx, r, func(s *Source) []any { return []any{&s.Name, &s.Version, &s.Text} },
		"select name, version, source from rulebooks where district = $1", district)
	if err != nil {
		return books{}, err
	}
	own := map[string]string{}
	for _, s := range sources {
		own[s.Name] = s.Text
	}
	b, findings := readBooks(own)
	if i := slices.IndexFunc(findings, func(f sheet.Finding) bool { return f.Severity != sheet.Warning }); i >= 0 {
		return books{}, fmt.Errorf("the rulebooks no longer pass their check: %v %s", findings[i].Place, findings[i].Text.EN)
	}
	return b, nil
}

// RulebookVersion is the version of a rulebook that a district has; base where
// it has none of its own.
func RulebookVersion(ctx context.Context, r db.Reader, district, name string) (version string, err error) {
	defer errs.Wrap(&err, "catalogue.RulebookVersion(%s, %s)", district, name)
	version, err = db.Value[string](ctx, r, "select version from rulebooks where district = $1 and name = $2", district, name)
	if errs.KindOf(err) == errs.NotFound {
		return "base", nil
	}
	return version, err
}

package document

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
)

// ID names a document within its district.
type ID string

// Kind is what a picture shows.
type Kind string

// The kinds.
const (
	Before   Kind = "before"
	After    Kind = "after"
	Evidence Kind = "evidence"
	Other    Kind = "other"
)

// Title names the kind for a person.
func (k Kind) Title() lang.Text {
	switch k {
	case Before:
		return lang.T("修前", "Before")
	case After:
		return lang.T("修后", "After")
	case Evidence:
		return lang.T("证据", "Evidence")
	}
	return lang.T("其他", "Other")
}

func (k Kind) known() bool { return k == Before || k == After || k == Evidence || k == Other }

// Document is what is known of a stored picture.
type Document struct {
	District      string
	ID            ID
	Subject       string // a case or a report
	Kind          Kind
	Name          string
	Type          string
	Size          int
	Width, Height int
	SHA256        string
	At            time.Time
	Post          string // who added it, "" for a resident
}

// Add records a kept picture with its subject, in the caller's transaction.
func Add(ctx context.Context, tx *db.Tx, district, subject string, kind Kind, post string, k Kept) (d Document, err error) {
	defer errs.Wrap(&err, "document.Add(%s, %s)", district, subject)
	if !kind.known() || district == "" || subject == "" || k.sha256 == "" {
		return Document{}, fmt.Errorf("kind %q, hash %q: not a document", kind, k.sha256)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Document{}, err
	}
	d = Document{District: district, ID: ID(id.String()), Subject: subject, Kind: kind, Name: k.name, Type: Type,
		Size: k.size, Width: k.width, Height: k.height, SHA256: k.sha256, At: tx.Now, Post: post}
	return d, tx.Exec(ctx, `insert into documents
		(district, id, subject, kind, name, type, size, width, height, sha256, at, by_post)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		d.District, string(d.ID), d.Subject, string(d.Kind), d.Name, d.Type,
		d.Size, d.Width, d.Height, d.SHA256, db.At(d.At), d.Post)
}

const columns = `district, id, subject, kind, name, type, size, width, height, sha256, at, by_post`

func (d *Document) dest() []any {
	return []any{&d.District, &d.ID, &d.Subject, &d.Kind, &d.Name, &d.Type, &d.Size, &d.Width, &d.Height, &d.SHA256, db.Time(&d.At), &d.Post}
}

// Find gives one document; errs.NotFound when there is none. The caller asks
// whether its reader may see the subject before opening it.
func Find(ctx context.Context, r db.Reader, district string, id ID) (d Document, err error) {
	defer errs.Wrap(&err, "document.Find(%s, %s)", district, id)
	return db.One(ctx, r, (*Document).dest,
		`select `+columns+` from documents where district = $1 and id = $2`, district, string(id))
}

// Of gives the documents of some subjects, such as a case and its reports,
// oldest first.
func Of(ctx context.Context, r db.Reader, district string, subjects ...string) (all []Document, err error) {
	defer errs.Wrap(&err, "document.Of(%s, %d subjects)", district, len(subjects))
	if len(subjects) == 0 {
		return nil, nil
	}
	args := []any{district}
	var places []string
	for _, subject := range subjects {
		args = append(args, subject)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	return db.All(ctx, r, (*Document).dest,
		`select `+columns+` from documents where district = $1 and subject in (`+strings.Join(places, ", ")+`) order by at, id`, args...)
}

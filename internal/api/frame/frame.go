package frame

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"linli/internal/casework"
)

// frame is what every operation has in common and no operation knows: how its
// request came and what is done to its answer.
type frame struct {
	op    string
	query string // what a cursor is bound to
	// match is the revision that If-Match asks for; 0 asks for none.
	match int
	// name is what the address calls the case; "" where it is of none.
	name string
	// version is the revision of the single thing that is answered; 0 where it
	// has none.
	version int
}

type frameKey struct{}

func frameOf(ctx context.Context) *frame { return ctx.Value(frameKey{}).(*frame) }

// framed stands around every operation, inside [Door.admit]: it takes out of
// the request what operations need not know (fields, If-None-Match, If-Match,
// Idempotency-Key), holds the answer back, and sends what is asked for of it.
func (d *Door) framed(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	op, c := ctx.Operation(), callerOf(ctx.Context())
	farewell(op, w.Header())
	f := &frame{op: op.OperationID, query: bound(r.URL.Query()), name: r.PathValue("case")}
	refuse := func(part string, err error) {
		d.problem(ctx.Context(), op.Method+" "+op.Path, c.Lang, part, err).write(w)
	}
	pick, err := d.picked(op, r.URL.Query()["fields"])
	if err != nil {
		refuse("query", err)
		return
	}
	if f.match, err = matchOf(op, r.Header.Values("If-Match")); err != nil {
		refuse("header", err)
		return
	}
	out := &held{ResponseWriter: w}
	run := func(ctx context.Context, in *http.Request) {
		in = in.WithContext(context.WithValue(ctx, frameKey{}, f))
		in.URL = without(in.URL, "fields")
		next(humago.NewContext(op, in, out))
		out.finish(f, pick)
	}
	if name := r.Header.Get(repeatHeader); name != "" && op.Method != http.MethodGet && op.Metadata[unkeptKey] == nil {
		d.once(ctx.Context(), r, op, out, name, run)
	} else {
		run(ctx.Context(), r)
	}
	out.send(r, op.Method == http.MethodGet)
}

// without is an address without one parameter.
func without(u *url.URL, name string) *url.URL {
	q := u.Query()
	if !q.Has(name) {
		return u
	}
	q.Del(name)
	out := *u
	out.RawQuery = q.Encode()
	return &out
}

// failure is an operation's failure as its caller reads it: who sent If-Match of
// a case that has changed since is told that, whatever else stood in the way.
// Verbs compare the revision themselves, in the transaction in which they write.
func failure(ctx context.Context, c *Caller, f *frame, err error) error {
	if f.match == 0 {
		return err
	}
	if one, _, gone := c.FindCase(ctx, f.name); gone == nil && one.Revision != f.match {
		return changed(one)
	}
	return err
}

func changed(one casework.Case) error {
	return refused(http.StatusPreconditionFailed, codeChanged,
		"没办：这件从您看过以后变了（现在是第 %d 版）。请重新取一次再办。", "Not done: the case has changed since you looked (it is at revision %d now). Please read it again first.", one.Revision)
}

// RevisionOf is the revision of the case that the caller looked at, by his
// If-Match; 0 where he does not say. Acts pass it on to their verb.
func RevisionOf(ctx context.Context) int { return frameOf(ctx).match }

// paging is a request for a page after a cursor. What an answer's body says of
// itself: paged is where its next page begins, versioned the revision of the one
// thing it shows.
type (
	paging    interface{ Cursor() *string }
	paged     interface{ NextCursor() *string }
	versioned interface{ Version() int }
)

// enter opens the cursor of a request; leave closes that of its answer and
// notes its revision.
func (d *Door) enter(f *frame, in any) (err error) {
	if p, ok := in.(paging); ok && *p.Cursor() != "" {
		*p.Cursor(), err = d.openCursor(f, *p.Cursor())
	}
	return err
}

func (d *Door) leave(f *frame, out any) {
	answer, ok := out.(interface{ body() any })
	if !ok {
		return
	}
	if p, ok := answer.body().(paged); ok && *p.NextCursor() != "" {
		*p.NextCursor() = d.sealCursor(f, *p.NextCursor())
	}
	if v, ok := answer.body().(versioned); ok {
		f.version = v.Version()
	}
}

// isJSON reports whether a header says JSON, and not a problem.
func isJSON(h http.Header) bool {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return kind == "application/json"
}

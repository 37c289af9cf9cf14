package api

import (
	"context"
	"errors"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/rights"
)

// told is an operation with its words, each in both languages.
func told(id, method, path, tag, summary, description string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: base + path, Tags: []string{tag}, Summary: summary, Description: description}
}

// unkeptKey marks, in an operation's metadata, that its answer is kept nowhere: an
// Idempotency-Key does nothing, and asked again it is done again, on record.
const unkeptKey = "unkept"

// matchKey marks, in an operation's metadata, that it takes If-Match.
const matchKey = "match"

// matched lets an operation take If-Match. Its verb is given the revision, by
// [revisionOf], and refuses any other one in the transaction in which it writes.
func matched(op huma.Operation) huma.Operation {
	if op.Metadata == nil {
		op.Metadata = map[string]any{}
	}
	op.Metadata[matchKey] = true
	return op
}

// acting registers an operation that only a key may call which acts for
// somebody: a person's own, or one that is bound to a post. The right is asked of
// the key's scopes and of the posts held at that minute.
func acting[I, O any](d *door, op huma.Operation, needs rights.Right, fn func(context.Context, *caller, *I) (*O, error)) {
	op.Description += "\n\n要用本人的密钥，或绑了岗位的密钥。 · Takes a key of a person's own, or one bound to a post."
	register(d, op, needs, func(ctx context.Context, c *caller, in *I) (*O, error) {
		if err := c.acts(); err != nil {
			return nil, err
		}
		return fn(ctx, c, in)
	})
}

// output is an answer with a body, and reply makes one.
type output[T any] struct{ Body T }

func reply[T any](body T, err error) (*output[T], error) {
	if err != nil {
		return nil, err
	}
	return &output[T]{body}, nil
}

// Whole is a list that is given in one piece.
type Whole[T any] struct {
	Items []T `json:"items"`
}

func wholeOf[T any](all []T, err error) (*output[Whole[T]], error) {
	if err != nil {
		return nil, err
	}
	if all == nil {
		all = []T{}
	}
	return &output[Whole[T]]{Whole[T]{all}}, nil
}

// changedOutput is a case after an act, with the revision it then has.
type changedOutput struct{ Body Case }

func (o *changedOutput) version() int { return o.Body.Revision }

// changedCase answers with a case as it is after an act, hushed as in a list.
func (d *door) changedCase(ctx context.Context, c *caller, id casework.ID) (*changedOutput, error) {
	one, err := casework.ByID(ctx, d.house.DB, c.District.Code, id)
	if err != nil {
		return nil, err
	}
	return &changedOutput{caseOf(c, one)}, nil
}

// written runs a verb in a transaction and gives what it made. A transaction may
// run more than once, so that what a verb gives never is what it is given: it
// leaves the transaction by this way alone.
func written[T any](ctx context.Context, d *door, verb func(tx *db.Tx) (T, error)) (out T, err error) {
	err = d.house.DB.Write(ctx, func(tx *db.Tx) error {
		made, err := verb(tx)
		out = made
		return err
	})
	return out, err
}

// textIf is a text that may be missing.
func textIf(t lang.Text) *Text {
	if t.IsZero() {
		return nil
	}
	out := textOf(t)
	return &out
}

// named is a code with its name; nil for no code.
func named(code string, name lang.Text) *Named {
	if code == "" {
		return nil
	}
	return &Named{code, textOf(name)}
}

// renamed gives the fields that a verb complains of the names that the interface
// has for them.
func renamed(err error, names map[string]string) error {
	all := errs.Each(err)
	if len(all) == 0 {
		return err
	}
	out := make([]error, len(all))
	for i, e := range all {
		out[i] = e
		if name, ok := names[e.Field]; ok {
			out[i] = e.At(name)
		}
	}
	return errors.Join(out...)
}

// keepPhotos checks and keeps pictures that came with an operation.
func (d *door) keepPhotos(ctx context.Context, photos []Photo) (kept []document.Kept, err error) {
	if err := document.CheckCount(len(photos)); err != nil {
		return nil, err
	}
	for _, p := range photos {
		k, err := d.house.Documents.Take(ctx, p.Name, p.Data)
		if err != nil {
			for _, e := range errs.Each(err) {
				return nil, e.At("photos")
			}
			return nil, err
		}
		kept = append(kept, k)
	}
	return kept, nil
}

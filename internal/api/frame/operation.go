package frame

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/rights"
)

// AnyKey is the right of an operation that every valid key may call.
const AnyKey rights.Right = ""

// What stands in an operation's metadata: the right it needs; that its answer is
// kept nowhere; that it takes If-Match.
const (
	rightKey  = "right"
	unkeptKey = "unkept"
	matchKey  = "match"
)

// Told is an operation with its words, each in both languages.
func Told(id, method, path, tag, summary, description string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: Base + path, Tags: []string{tag}, Summary: summary, Description: description,
		Metadata: map[string]any{}, Responses: map[string]*huma.Response{},
	}
}

// Bodied lets an operation take photos in its body.
func Bodied(op huma.Operation) huma.Operation {
	op.MaxBodyBytes, op.BodyReadTimeout = bodyMost, bodyTime
	return op
}

// Unkept keeps the answer of an operation nowhere: an Idempotency-Key does
// nothing, and asked again it is done again, on record.
func Unkept(op huma.Operation) huma.Operation {
	op.Metadata[unkeptKey] = true
	return op
}

// Matched lets an operation take If-Match. Its verb is given the revision, by
// [RevisionOf], and refuses any other one in the transaction in which it writes.
func Matched(op huma.Operation) huma.Operation {
	op.Metadata[matchKey] = true
	return op
}

// Register adds an operation that a key with a right may call. fn gets who
// calls; what it returns as an error becomes a problem.
func Register[I, O any](d *Door, op huma.Operation, needs rights.Right, fn func(context.Context, *Caller, *I) (*O, error)) {
	op.Metadata[rightKey] = needs
	if needs != AnyKey {
		op.Description += "\n\n密钥要有 · The key needs: `" + string(needs) + "`"
	}
	op.Responses["default"] = &huma.Response{
		Description: "没办成 · Not done",
		Content:     map[string]*huma.MediaType{problemType: {Schema: d.Schema(reflect.TypeFor[Problem]())}},
	}
	part := "query"
	if op.Method != http.MethodGet {
		part = "body"
	}
	declare(&op)
	huma.Register(d.api, op, func(ctx context.Context, in *I) (*O, error) {
		c, f := callerOf(ctx), frameOf(ctx)
		err := d.enter(f, in)
		var out *O
		if err == nil {
			out, err = fn(ctx, c, in)
		}
		if err != nil {
			return nil, d.problem(ctx, op.Method+" "+op.Path, c.Lang, part, failure(ctx, c, f, err))
		}
		d.leave(f, out)
		return out, nil
	})
	d.describe(op)
}

// Acting registers an operation that only a key may call which acts for
// somebody: a person's own, or one that is bound to a post. The right is asked of
// the key's scopes and of the posts held at that minute.
func Acting[I, O any](d *Door, op huma.Operation, needs rights.Right, fn func(context.Context, *Caller, *I) (*O, error)) {
	op.Description += "\n\n要用本人的密钥，或绑了岗位的密钥。 · Takes a key of a person's own, or one bound to a post."
	Register(d, op, needs, func(ctx context.Context, c *Caller, in *I) (*O, error) {
		if err := c.acts(); err != nil {
			return nil, err
		}
		return fn(ctx, c, in)
	})
}

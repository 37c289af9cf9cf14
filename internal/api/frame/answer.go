package frame

import (
	"context"

	"linli/internal/db"
)

// Output is an answer with a body, and [Reply] makes one.
type Output[T any] struct{ Body T }

// body is what [Door.leave] asks for its revision and its next page.
func (o *Output[T]) body() any { return &o.Body }

// Reply answers with a body, unless something went wrong.
func Reply[T any](body T, err error) (*Output[T], error) {
	if err != nil {
		return nil, err
	}
	return &Output[T]{body}, nil
}

// Once is an answer that nothing on its way may keep: what it tells is told this
// once. [ReplyOnce] makes one.
type Once[T any] struct {
	Cache string `header:"Cache-Control"`
	Body  T
}

// ReplyOnce answers with a body that is told once, unless something went wrong.
func ReplyOnce[T any](body T, err error) (*Once[T], error) {
	if err != nil {
		return nil, err
	}
	return &Once[T]{"no-store", body}, nil
}

// Whole is a list that is given in one piece.
type Whole[T any] struct {
	Items []T `json:"items"`
}

// WholeOf answers with such a list, unless something went wrong.
func WholeOf[T any](all []T, err error) (*Output[Whole[T]], error) {
	if all == nil {
		all = []T{}
	}
	return Reply(Whole[T]{all}, err)
}

// Written runs a verb in a transaction and gives what it made. A transaction may
// run more than once, so that what a verb gives never is what it is given: it
// leaves the transaction by this way alone.
func Written[T any](ctx context.Context, c *Caller, verb func(tx *db.Tx) (T, error)) (out T, err error) {
	err = c.House.DB.Write(ctx, func(tx *db.Tx) error {
		made, err := verb(tx)
		out = made
		return err
	})
	return out, err
}

// Done runs a verb in a transaction that has nothing to answer with.
func Done(ctx context.Context, c *Caller, verb func(tx *db.Tx) error) (*struct{}, error) {
	return &struct{}{}, c.House.DB.Write(ctx, verb)
}

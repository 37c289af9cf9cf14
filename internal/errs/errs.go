// Package errs holds the few kinds of failure linli knows. Every error that a
// door shows to a person carries a kind, which decides the status, and a text
// in both languages; anything else is an internal error, logged once and shown
// only as a reference.
//
// It does not log and does not know HTTP.
package errs

import (
	"errors"
	"fmt"
	"time"

	"linli/internal/lang"
)

// Kind is why something failed. A Kind is itself an error, so that
// errors.Is(err, errs.NotFound) holds through any wrapping.
type Kind string

// The kinds. Add one only when a door must answer differently.
const (
	Invalid   Kind = "invalid"   // what was sent cannot be taken; change it and send again
	NotFound  Kind = "not-found" // no such thing, or not for this reader
	Conflict  Kind = "conflict"  // somebody was faster; look again
	Forbidden Kind = "forbidden" // known, but this post may not
	SignIn    Kind = "sign-in"   // who is asking is not known
	TooLarge  Kind = "too-large" // over a stated limit
	Busy      Kind = "busy"      // try again later
	Often     Kind = "often"     // too many, too fast, by the one who asks
)

func (k Kind) Error() string { return string(k) }

// Error is a failure with a kind, a text for people and, where one field of a
// form or file is to blame, its name.
type Error struct {
	Kind  Kind
	Text  lang.Text
	Field string
	// Wait is how long to wait before asking again; zero where nobody can say.
	Wait  time.Duration
	cause error
}

// New makes an error of kind with a text for people. A last argument of type
// error that no verb consumes is not needed: use Because for a cause.
func New(kind Kind, zh, en string, args ...any) *Error {
	return &Error{Kind: kind, Text: lang.T(zh, en, args...)}
}

// At names the form field or column that is to blame.
func (e *Error) At(field string) *Error { e.Field = field; return e }

// After tells how long to wait before asking again.
func (e *Error) After(wait time.Duration) *Error { e.Wait = wait; return e }

// Because keeps the technical cause, for the log and never for the reader.
func (e *Error) Because(cause error) *Error { e.cause = cause; return e }

// Error gives kind, field, Chinese text and cause, for logs.
func (e *Error) Error() string {
	s := string(e.Kind)
	if e.Field != "" {
		s += " " + e.Field
	}
	s += ": " + e.Text.ZH
	if e.cause != nil {
		s += " (" + e.cause.Error() + ")"
	}
	return s
}

// Is makes errors.Is(err, errs.NotFound) work.
func (e *Error) Is(target error) bool { k, ok := target.(Kind); return ok && k == e.Kind }

// Unwrap gives the technical cause.
func (e *Error) Unwrap() error { return e.cause }

// KindOf returns the kind of err, or "" for an internal error.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	var k Kind
	if errors.As(err, &k) {
		return k
	}
	return ""
}

// TextOf returns what a person may be told about err, and whether there is
// such a text. An internal error has none.
func TextOf(err error) (lang.Text, bool) {
	var e *Error
	if errors.As(err, &e) {
		return e.Text, true
	}
	return lang.Text{}, false
}

// WaitOf returns how long to wait before asking again, where err says so.
func WaitOf(err error) (time.Duration, bool) {
	var e *Error
	if errors.As(err, &e) {
		return e.Wait, e.Wait > 0
	}
	return 0, false
}

// Each returns every *Error within err, through joins, in order. A form shows
// them beside their fields.
func Each(err error) []*Error {
	switch e := err.(type) {
	case nil:
		return nil
	case *Error:
		return []*Error{e}
	case interface{ Unwrap() []error }:
		var all []*Error
		for _, one := range e.Unwrap() {
			all = append(all, Each(one)...)
		}
		return all
	case interface{ Unwrap() error }:
		return Each(e.Unwrap())
	}
	return nil
}

// Wrap adds where an exported verb failed, with its arguments, if *err is set.
// Use: defer errs.Wrap(&err, "casework.Open(%s)", matter)
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}

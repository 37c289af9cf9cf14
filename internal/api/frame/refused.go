package frame

import (
	"strconv"
	"time"

	"linli/internal/errs"
	"linli/internal/web/page"
)

// The codes that are not kinds of package errs: a program has to tell them from
// other conflicts, and a person has not.
const (
	codeChanged    = "changed"
	codeRunning    = "running"
	codeUnfinished = "unfinished"
	codeReused     = "reused"
)

// refusal is a failure with a code and a status of the frame's own.
type refusal struct {
	said   *errs.Error
	status int
	code   string
}

// refused makes one.
func refused(status int, code, zh, en string, args ...any) *refusal {
	return &refusal{errs.New(errs.Conflict, zh, en, args...), status, code}
}

// after tells how long to wait before asking again.
func (r *refusal) after(wait time.Duration) *refusal {
	r.said = r.said.After(wait)
	return r
}

// Error is for the log.
func (r *refusal) Error() string { return r.code + ": " + r.said.Error() }

// Unwrap shows the error within.
func (r *refusal) Unwrap() error { return r.said }

func wholeSeconds(wait time.Duration) string { return strconv.Itoa(page.Seconds(wait)) }

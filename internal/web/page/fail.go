package page

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"time"

	"linli/internal/errs"
	"linli/internal/web/ui"
)

// statuses is the one table of what a kind of failure is over HTTP.
var statuses = map[errs.Kind]int{
	errs.Invalid:   http.StatusUnprocessableEntity,
	errs.NotFound:  http.StatusNotFound,
	errs.Conflict:  http.StatusConflict,
	errs.Forbidden: http.StatusForbidden,
	errs.SignIn:    http.StatusUnauthorized,
	errs.TooLarge:  http.StatusRequestEntityTooLarge,
	errs.Busy:      http.StatusServiceUnavailable,
	errs.Often:     http.StatusTooManyRequests,
}

// Status is the HTTP status of a failure; 500 for what has no kind.
func Status(err error) int {
	if status, ok := statuses[errs.KindOf(err)]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// RetryAfter tells a program when to ask again, where err knows. It never says
// sooner than a second.
func RetryAfter(w http.ResponseWriter, err error) {
	if wait, ok := errs.WaitOf(err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(Seconds(wait)))
	}
}

// Seconds rounds a wait up to whole seconds, one at least.
func Seconds(wait time.Duration) int { return max(1, int((wait+time.Second-1)/time.Second)) }

// fail tells the reader what went wrong. An unknown failure shows only a
// reference, and is logged with it.
func (v *View) fail(err error) {
	status := Status(err)
	RetryAfter(v.W, err)
	title, text := v.Say("没办成", "Not done"), ""
	switch said, ok := errs.TextOf(err); {
	case ok:
		text = said.In(v.Lang)
		if status == http.StatusNotFound {
			title = v.Say("没有找到", "Not found")
		}
	default:
		reference := rand.Text()[:8]
		v.House.Log.ErrorContext(v.Context(), "request failed", "reference", reference, "method", v.R.Method, "route", v.R.Pattern, "error", err)
		text = v.Say("系统出了点问题，不是您的错。请稍后再试，或拨打 12345，说编号 %s。", "Something broke on our side. Please try again later, or call 12345 and say reference %s.", reference)
	}
	if err := v.Show(status, failPage(v.Page(title), title, text, v.Say("回首页", "Home page"))); err != nil {
		v.House.Log.ErrorContext(v.Context(), "failure page not shown", "error", err)
	}
}

// FieldErrors are the failures of single fields, for the summary and beside
// each field. ok is false when err is about something else.
func (v *View) FieldErrors(err error) (fields map[string]string, list []ui.FieldError, ok bool) {
	fields = map[string]string{}
	for _, e := range errs.Each(err) {
		if e.Kind != errs.Invalid && e.Kind != errs.TooLarge {
			return nil, nil, false
		}
		text := e.Text.In(v.Lang)
		if e.Field != "" && fields[e.Field] == "" {
			fields[e.Field] = text
		}
		list = append(list, ui.FieldError{ID: e.Field, Text: text})
	}
	return fields, list, len(list) > 0
}

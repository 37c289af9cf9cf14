package open311

import (
	"crypto/rand"
	"net/http"
	"strconv"

	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/lang"
)

// statuses is what a kind of failure is here. The specification knows 404, 403
// and 400; the other three tell a program to come again, and when.
var statuses = map[errs.Kind]int{
	errs.NotFound:  http.StatusNotFound,
	errs.Forbidden: http.StatusForbidden,
	errs.SignIn:    http.StatusForbidden,
	errs.Often:     http.StatusTooManyRequests,
	errs.Busy:      http.StatusServiceUnavailable,
	"":             http.StatusInternalServerError,
}

func statusOf(err error) int {
	if status, ok := statuses[errs.KindOf(err)]; ok {
		return status
	}
	return http.StatusBadRequest
}

// errorsOf tells a failure. One without a kind is logged, and told as a reference
// alone.
func (d *door) errorsOf(c *call, err error) georeport.Errors {
	code := georeport.Text(strconv.Itoa(statusOf(err)))
	if _, ok := errs.TextOf(err); !ok {
		reference := rand.Text()[:8]
		d.house.Log.ErrorContext(c.r.Context(), "request failed", "reference", reference, "operation", "open311", "error", err)
		text := lang.T("系统出了点问题，不是您的错。请稍后再试，或带着编号 %s 来问。", "Something broke on our side. Please try again later, or ask with reference %s.", reference)
		return georeport.Errors{{Code: code, Description: georeport.Text(text.In(c.Lang))}}
	}
	var all georeport.Errors
	for _, e := range errs.Each(err) {
		said := e.Text.In(c.Lang)
		if e.Field != "" {
			said = e.Field + ": " + said
		}
		all = append(all, georeport.Error{Code: code, Description: georeport.Text(said)})
	}
	return all
}

package frame

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/web/page"
)

const problemType = "application/problem+json"

// internal is the code of a failure that has no kind: ours, not the caller's.
const internal = "internal"

// Problem is how every failure is told (RFC 9457).
type Problem struct {
	Type      string  `json:"type" doc:"总是 about:blank，看 code · Always about:blank; go by code"`
	Title     string  `json:"title" doc:"HTTP 状态的名称 · The name of the HTTP status"`
	Status    int     `json:"status" doc:"HTTP 状态 · The HTTP status"`
	Code      string  `json:"code" enum:"invalid,not-found,conflict,changed,running,unfinished,reused,forbidden,sign-in,too-large,busy,often,internal" doc:"稳定的代码，程序按它判断 · Stable; programs go by it"`
	Detail    string  `json:"detail" doc:"按 Accept-Language 的文字 · In the language of Accept-Language"`
	Text      Text    `json:"text" doc:"两种语言的文字 · In both languages"`
	Reference string  `json:"reference,omitempty" doc:"内部错误的编号，可拿它来问 · Of an internal error, to ask with"`
	Errors    []Fault `json:"errors,omitempty" doc:"每一处不对 · Each thing that is wrong"`
}

// Fault is one thing wrong with a request.
type Fault struct {
	Location string `json:"location" doc:"在哪里，例如 body.phone · Where, such as body.phone"`
	Detail   string `json:"detail" doc:"按 Accept-Language 的文字 · In the language of Accept-Language"`
	Text     Text   `json:"text" doc:"两种语言的文字 · In both languages"`
}

// Error makes a problem an error for the log.
func (p *Problem) Error() string { return p.Code + ": " + p.Text.ZH }

// GetStatus and ContentType are what huma asks of a failure.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is problem+json whatever the caller accepts.
func (p *Problem) ContentType(string) string { return problemType }

// write sends the problem where huma does not.
func (p *Problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", problemType)
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="linli"`)
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // whoever asked has gone
}

// problem tells a failure. part is the part of the request that its fields
// belong to. One without a kind is logged, and told as a reference alone.
func (d *Door) problem(ctx context.Context, what string, l lang.Lang, part string, err error) *Problem {
	status := page.Status(err)
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: string(errs.KindOf(err))}
	var own *refusal
	if errors.As(err, &own) {
		p.Status, p.Code, p.Title = own.status, own.code, http.StatusText(own.status)
	}
	text, known := errs.TextOf(err)
	if !known {
		p.Code, p.Reference = internal, rand.Text()[:8]
		text = lang.T("系统出了点问题，不是您的错。请稍后再试，或带着编号 %s 来问。", "Something broke on our side. Please try again later, or ask with reference %s.", p.Reference)
		d.house.Log.ErrorContext(ctx, "request failed", "reference", p.Reference, "operation", what, "error", err)
	}
	for _, e := range errs.Each(err) {
		if e.Field != "" {
			p.Errors = append(p.Errors, Fault{Location: part + "." + e.Field, Detail: e.Text.In(l), Text: TextOf(e.Text)})
		}
	}
	if len(p.Errors) > 1 {
		text = lang.T("有 %d 处不对。", "%d things are wrong.", len(p.Errors))
	}
	p.Text, p.Detail = TextOf(text), text.In(l)
	return p
}

// translated turns what huma found wrong with the shape of a request into our
// own problem, in both languages and without repeating what was sent.
func translated(ctx huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	l := language(ctx.Header("Accept-Language"))
	p := &Problem{Type: "about:blank", Title: http.StatusText(e.Status), Status: e.Status, Code: codeOf(e.Status)}
	for _, one := range e.Errors {
		text := worded(one.Message)
		p.Errors = append(p.Errors, Fault{Location: one.Location, Detail: text.In(l), Text: TextOf(text)})
	}
	text := worded(e.Detail)
	switch len(p.Errors) {
	case 0:
	case 1:
		text = lang.Text(p.Errors[0].Text)
	default:
		text = lang.T("有 %d 处不对。", "%d things are wrong.", len(p.Errors))
	}
	p.Text, p.Detail = TextOf(text), text.In(l)
	return p, nil
}

// codeOf is the kind for a status that huma chose.
func codeOf(status int) string {
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return string(errs.TooLarge)
	case status == http.StatusRequestTimeout:
		return string(errs.Busy)
	case status >= http.StatusInternalServerError:
		return internal
	}
	return string(errs.Invalid)
}

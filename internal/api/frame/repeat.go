package frame

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/repeat"
)

// The headers of a request that may come twice.
const (
	repeatHeader   = "Idempotency-Key"
	repeatedHeader = "Idempotency-Replayed"
)

// repeatMost bounds a name.
const repeatMost = 100

// replayed are the headers that belong to an answer.
var replayed = []string{"Content-Type", "ETag", "Location", "Link"}

// once does a request that carries a name of its sender's, if nothing was done
// by that name yet, and else answers as it did then. A request once begun is
// done to its end, whether its sender waits for it or not: to come again for
// the answer is what the name is for.
func (d *Door) once(ctx context.Context, r *http.Request, op *huma.Operation, out *held, name string, run func(context.Context, *http.Request)) {
	c := callerOf(ctx)
	refuse := func(part string, err error) {
		if wait, ok := errs.WaitOf(err); ok {
			out.Header().Set("Retry-After", wholeSeconds(wait))
		}
		d.problem(ctx, op.Method+" "+op.Path, c.Lang, part, err).write(out)
	}
	if utf8.RuneCountInString(name) > repeatMost || !utf8.ValidString(name) || len(r.Header.Values(repeatHeader)) > 1 {
		refuse("header", errs.New(errs.Invalid, "Idempotency-Key 写一个，最多 %d 个字。", "One Idempotency-Key, of at most %d characters.", repeatMost).At(repeatHeader))
		return
	}
	body, err := d.wholeBody(out, r, op)
	if err != nil {
		refuse("body", err)
		return
	}
	q := repeat.Request{District: c.District.Code, Key: c.Key.ID, Name: name,
		Says: strings.Join([]string{op.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("If-Match"), string(body)}, "\n")}
	state, answer, err := d.repeats.Begin(ctx, q)
	if err != nil {
		refuse("header", err)
		return
	}
	switch state {
	case repeat.New:
		again := r.Clone(ctx)
		again.Body = io.NopCloser(bytes.NewReader(body))
		run(context.WithoutCancel(ctx), again)
		d.remember(context.WithoutCancel(ctx), q, out)
	case repeat.Answered:
		out.Header().Set(repeatedHeader, "true")
		for name, value := range answer.Header {
			out.Header().Set(name, value)
		}
		out.WriteHeader(answer.Status)
		out.body.Write(answer.Body)
	default:
		refuse("header", notAgain(state))
	}
}

// notAgain says why a request is not done.
func notAgain(s repeat.State) error {
	switch s {
	case repeat.Running:
		return refused(http.StatusConflict, codeRunning, "同一个请求正在办，请过一秒再来取结果。", "The same request is under way; please come again for its answer in a second.").after(time.Second)
	case repeat.Unfinished:
		return refused(http.StatusConflict, codeUnfinished, "上一次办到一半系统停了，不知道办没办成。请先查一下，没办成就换一个 Idempotency-Key 再发。",
			"The system was stopped in the middle of it, and whether it was done is not known. Please look, and if it was not, send it with another Idempotency-Key.")
	}
	return refused(http.StatusUnprocessableEntity, codeReused, "这个 Idempotency-Key 已经用在另一个请求上。新的请求请用新的。", "This Idempotency-Key was used for another request. A new request needs a new one.")
}

// remember keeps a good answer. What was refused did nothing and may come
// again; where something broke nobody knows, and nothing is given free.
func (d *Door) remember(ctx context.Context, q repeat.Request, out *held) {
	var err error
	switch {
	case out.good():
		a := repeat.Answer{Status: out.status, Header: map[string]string{}, Body: out.body.Bytes()}
		for _, name := range replayed {
			if value := out.Header().Get(name); value != "" {
				a.Header[name] = value
			}
		}
		err = d.repeats.Done(ctx, q, a)
	case out.status < 500 || out.status == http.StatusServiceUnavailable:
		err = d.repeats.Undone(ctx, q)
	}
	if err != nil {
		d.house.Log.Error("answer not kept", "operation", q.Key, "error", err)
	}
}

// wholeBody reads the body as far as the operation takes one.
func (d *Door) wholeBody(w http.ResponseWriter, r *http.Request, op *huma.Operation) ([]byte, error) {
	most, within := op.MaxBodyBytes, op.BodyReadTimeout
	if most <= 0 {
		most = 1 << 20 // as huma has it
	}
	if within <= 0 {
		within = 5 * time.Second
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(clock.System().Now().Add(within)) // who cannot set one has no slow lines
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, errs.New(errs.TooLarge, "内容超过 %d MB。", "The body is over %d MB.", most>>20)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, errs.New(errs.Busy, "内容传得太慢，没收完。", "The body came too slowly to be read to its end.").Because(err)
	case err != nil:
		return nil, errs.New(errs.Invalid, "内容没有收完。", "The body could not be read to its end.").Because(err)
	}
	return body, nil
}

// Package inlet is the door at /in/: what gateways of text messages and the
// platform of WeChat call when somebody wrote to us, or when a message of ours
// arrived.
//
// Whoever calls is refused before anything is read: without the secret end of the
// address, without a signature that holds, too long, too often. All refusals look
// like an address that does not exist. What was taken in is on disk before it is
// answered, so that a caller that hears nothing may send again; the same again is
// taken in once.
//
// It owns no tables and no rules: packages sms and wechat read, package inbox
// takes in.
package inlet

import (
	"errors"
	"io"
	"net/http"
	"net/netip"

	"linli/internal/channel/sms"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/web/page"
)

// Routes adds the door. A channel that is not connected has no address.
func Routes(mux *http.ServeMux, h *page.House) {
	in := &inlet{h}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		mux.Handle(method+" /in/sms/{secret}", in.handle(in.text))
	}
	mux.Handle("GET /in/wechat", in.handle(in.echo))
	mux.Handle("POST /in/wechat", in.handle(in.message))
}

// inlet answers programs: a status and hardly a word.
type inlet struct{ *page.House }

func (in *inlet) handle(fn func(w http.ResponseWriter, r *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := fn(w, r)
		if err == nil {
			return
		}
		status := page.Status(err)
		if status == http.StatusInternalServerError {
			in.Log.Error("inlet", "route", r.Pattern, "error", err)
		}
		page.RetryAfter(w, err)
		http.Error(w, http.StatusText(status), status)
	})
}

func absent() error {
	return errs.New(errs.NotFound, "没有这个地址。", "There is no such address.")
}

// bodyMost bounds what is read at all; each channel has its own bound below it.
const bodyMost = 512 << 10

// body reads what was posted.
func body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMost))
	if over := (*http.MaxBytesError)(nil); errors.As(err, &over) {
		return nil, errs.New(errs.TooLarge, "太长了。", "It is too long.")
	}
	if err != nil {
		return nil, errs.New(errs.Invalid, "没有收全。", "It did not arrive whole.").Because(err)
	}
	return data, nil
}

func (in *inlet) district(r *http.Request) (*district.District, error) {
	return in.Districts.Get(r.Context(), in.District)
}

// text hears a gateway: reports on texts of ours, or texts to us.
func (in *inlet) text(w http.ResponseWriter, r *http.Request) error {
	if in.Gateway == nil || !in.Gateway.Knows(r.PathValue("secret")) {
		return absent() // before the body is read
	}
	data, err := body(w, r)
	if err != nil {
		return err
	}
	call := sms.Call{Secret: r.PathValue("secret"), Header: r.Header, Query: r.URL.Query(), Body: data}
	if from, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		call.From = from.Addr()
	}
	heard, err := in.Gateway.Hear(call)
	if err != nil {
		return err
	}
	d, err := in.district(r)
	if err != nil {
		return err
	}
	if err := in.Inbox.Hear(r.Context(), d, heard); err != nil {
		return err
	}
	kind := heard.Answer.Type
	if kind == "" {
		kind = "text/plain; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	_, err = io.WriteString(w, heard.Answer.Body)
	return quiet(err)
}

// echo answers the platform's question whether this is the account's address.
func (in *inlet) echo(w http.ResponseWriter, r *http.Request) error {
	if in.WeChat == nil {
		return absent()
	}
	echo, err := in.WeChat.Echo(r.URL.Query())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = io.WriteString(w, echo)
	return quiet(err)
}

// message hears a follower, and answers at once.
func (in *inlet) message(w http.ResponseWriter, r *http.Request) error {
	if in.WeChat == nil {
		return absent()
	}
	data, err := body(w, r)
	if err != nil {
		return err
	}
	m, err := in.WeChat.Hear(r.URL.Query(), data)
	if err != nil {
		return err
	}
	d, err := in.district(r)
	if err != nil {
		return err
	}
	words, err := in.Inbox.Converse(r.Context(), d, m)
	if err != nil {
		return err
	}
	reply, err := in.WeChat.Reply(m, words)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kindOf(reply))
	_, err = w.Write(reply)
	return quiet(err)
}

func kindOf(reply []byte) string {
	if len(reply) > 0 && reply[0] == '<' {
		return "text/xml; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}

// quiet forgets that the caller has gone while it was answered: what it sent is
// taken in, and it may send it again.
func quiet(error) error { return nil }

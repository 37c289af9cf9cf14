package hook

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"linli/internal/errs"
	"linli/internal/lang"
)

// Why is why a delivery failed. What a target answered is not kept: it could be
// anything.
type Why string

// The reasons.
const (
	Inside   Why = "inside"   // the address lies inside, and may not be called
	NoName   Why = "no-name"  // there is no such host
	Slow     Why = "slow"     // it did not answer in time
	NoTrust  Why = "no-trust" // its certificate is not good
	NoAnswer Why = "no-answer"
	Refusal  Why = "status"   // its answer was not one of success
	Redirect Why = "redirect" // redirects are not followed
	Over     Why = "gone"     // it said that it is no more
	Missing  Why = "missing"  // the change cannot be told any more
)

// Title says a reason to people; empty for none.
func (w Why) Title() lang.Text {
	switch w {
	case "":
		return lang.Text{}
	case Inside:
		return lang.T("地址在内部网，没有允许", "the address lies inside and is not allowed")
	case NoName:
		return lang.T("找不到这个主机名", "there is no such host")
	case Slow:
		return lang.T("对方没有及时回答", "it did not answer in time")
	case NoTrust:
		return lang.T("对方的证书不对", "its certificate is not good")
	case Refusal:
		return lang.T("对方回答说没收下", "it answered that it did not take it")
	case Redirect:
		return lang.T("对方要转到别处，转址不跟", "it leads elsewhere, and redirects are not followed")
	case Over:
		return lang.T("对方说这个地址不用了", "it said that the address is no more")
	case Missing:
		return lang.T("这条变更现在不能再说了", "this change cannot be told any more")
	}
	return lang.T("连不上对方", "it could not be reached")
}

// whyOf names what went wrong before there was an answer.
func whyOf(err error) Why {
	var dns *net.DNSError
	var slow net.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errs.KindOf(err) == errs.Forbidden:
		return Inside
	case errors.As(err, &cert):
		return NoTrust
	case errors.As(err, &dns) && dns.IsNotFound:
		return NoName
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return Slow
	}
	return NoAnswer
}

// outcome is what one attempt came to.
type outcome struct {
	event  string
	status int
	why    Why           // "" where it arrived
	after  time.Duration // the target asked to be left alone that long
}

// outcomeOf reads an answer.
func outcomeOf(event string, r *http.Response) outcome {
	o := outcome{event: event, status: r.StatusCode}
	switch {
	case r.StatusCode == http.StatusGone:
		o.why = Over
	case r.StatusCode >= 300 && r.StatusCode < 400:
		o.why = Redirect
	case r.StatusCode < 200 || r.StatusCode >= 400:
		o.why = Refusal
	}
	if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err == nil && seconds > 0 {
		o.after = min(time.Duration(min(seconds, int(restMost/time.Second)))*time.Second, restMost)
	}
	return o
}

// pauses are how long it is until the next try; the last one again and again.
var pauses = [...]time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, restMost} // never changed

// restMost is the longest pause, and tryFor how long a delivery is tried.
const (
	restMost = time.Hour
	tryFor   = 7 * 24 * time.Hour
)

// pause is how long to wait after so many failures.
func pause(failures int) time.Duration { return pauses[min(max(failures, 1), len(pauses))-1] }

func mark(n int) string { return "$" + strconv.Itoa(n) }

// before is where the page after a delivery begins.
func (d Delivery) before() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(d.Queued.UnixMicro(), 10) + " " + d.Event))
}

func parseBefore(text string) (at int64, event string, err error) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		var number string
		number, event, _ = strings.Cut(string(data), " ")
		at, err = strconv.ParseInt(number, 10, 64)
	}
	if err != nil || strings.ContainsFunc(event, unreadable) {
		return 0, "", errs.New(errs.Invalid, "这一页的地址不对。", "The address of this page is not right.").At("after")
	}
	return at, event, nil
}

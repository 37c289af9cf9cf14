package mail

import (
	"bufio"
	"bytes"
	"io"
	"net/textproto"
	"strings"

	"github.com/emersion/go-message"

	"linli/internal/channel"
)

// report reads a delivery status notification (RFC 3464): what became of whom,
// and which mail it is about.
func (in *reading) report(e *message.Entity) {
	in.r.Auto = "multipart/report"
	parts := e.MultipartReader()
	if parts == nil {
		return
	}
	ref := ""
	var all []Bounce
	for range 10 {
		part, err := parts.NextPart()
		if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			break
		}
		kind, _, _ := part.Header.ContentType()
		body, _ := io.ReadAll(io.LimitReader(part.Body, textMost)) // what could be read is enough
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			all = append(all, statuses(body)...)
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			if h := fieldsOf(body); ref == "" && h != nil {
				ref = within(h.Get("Message-Id"))
			}
		}
	}
	for _, b := range all {
		b.Ref = ref
		if b.State != "" && len(in.r.Bounces) < namesMost {
			in.r.Bounces = append(in.r.Bounces, b)
		}
	}
}

// statuses reads the groups of fields of a delivery status, the first of which
// is about the whole mail.
func statuses(body []byte) (all []Bounce) {
	for _, group := range bytes.Split(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), []byte("\n\n")) {
		h := fieldsOf(group)
		if h == nil || h.Get("Action") == "" {
			continue
		}
		b := Bounce{}
		status := strings.TrimSpace(h.Get("Status"))
		if i := strings.IndexAny(status, " ("); i >= 0 {
			status = status[:i]
		}
		switch strings.ToLower(strings.TrimSpace(h.Get("Action"))) {
		case "failed":
			b.State, b.Why, b.Gone = channel.Failed, strings.TrimSpace(status+" "+reason(status)), noMailbox(status)
		case "delivered":
			b.State = channel.Delivered
		}
		all = append(all, b)
	}
	return all
}

// noMailbox reports whether an enhanced status says that there is no such mailbox
// and never will be (RFC 3463, 3.2 and following). A full mailbox is emptied, a
// letter that is too large or refused by rules says nothing of the address, and
// whoever does not like our own address is not spoken of at all.
func noMailbox(status string) bool {
	switch status {
	case "5.0.0", "5.2.0", "5.2.1", "5.4.4": // many servers say no more than the first of an unknown user
		return true
	case "5.1.7", "5.1.8": // the sender's
		return false
	}
	return strings.HasPrefix(status, "5.1.")
}

// fieldsOf reads header fields; nil where there are none.
func fieldsOf(b []byte) textproto.MIMEHeader {
	b = append(bytes.TrimLeft(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), "\n"), "\n\n"...)
	h, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(b))).ReadMIMEHeader()
	if len(h) == 0 && err != nil {
		return nil
	}
	return h
}

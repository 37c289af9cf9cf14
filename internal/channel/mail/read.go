package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/charset"
	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/channel"
	"linli/internal/errs"
)

// Bounds of what is read of one mail.
const (
	BytesMost    = 20 << 20 // of the whole
	partsMost    = 60
	depthMost    = 6
	textMost     = 256 << 10
	pictureMost  = 10 << 20
	picturesMost = 9
	namesMost    = 20
)

// Received is what a mail says.
type Received struct {
	channel.Came
	Auto    string         // why no person wrote it; empty: a person did
	Tags    []string       // what stood behind + in the addresses it was written to
	To      []string       // those addresses, without
	Stop    bool           // asks for no more
	Dropped []channel.Left // what was attached and cannot be taken
	Bounces []Bounce
}

// Bounce says what became of a letter of ours.
type Bounce struct {
	Ref   string // its Message-ID; empty where Tag says it
	State channel.State
	Why   string
	Gone  bool // there is no such mailbox
}

// reading is a mail as far as it is read.
type reading struct {
	r     *Received
	parts int
	plain strings.Builder
	html  strings.Builder
}

// Read makes of a mail's bytes what somebody wrote. What is no mail at all is
// errs.Invalid; whatever is odd within is left out.
func Read(raw []byte) (r Received, err error) {
	defer errs.Wrap(&err, "mail.Read(%d bytes)", len(raw))
	if len(raw) > BytesMost {
		return r, errs.New(errs.TooLarge, "邮件太大，最多 20 MB。", "The mail is too large; up to 20 MB are taken.")
	}
	e, err := message.ReadWithOptions(bytes.NewReader(raw), &message.ReadOptions{MaxHeaderBytes: 256 << 10})
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return r, errs.New(errs.Invalid, "读不出这封邮件。", "This mail cannot be read.").Because(err)
	}
	h := e.Header
	r.Channel = channel.Mail
	r.Ref = within(h.Get("Message-Id"))
	r.Subject = oneLine(words(h.Get("Subject")))
	r.From, r.Name = sender(h.Get("From"))
	if reply, _ := sender(h.Get("Reply-To")); reply != "" && r.From == "" {
		r.From = reply
	}
	r.At, _ = mail.ParseDate(h.Get("Date")) // zero where it says none
	for _, name := range []string{"To", "Cc", "Delivered-To", "X-Original-To"} {
		for _, value := range values(h, name) {
			r.addressed(value)
		}
	}
	r.Thread = append(ids(h.Get("In-Reply-To")), ids(h.Get("References"))...)
	if len(r.Thread) > namesMost {
		r.Thread = r.Thread[:namesMost]
	}
	r.Auto = automatic(h, r.From, r.Subject)
	in := &reading{r: &r}
	in.walk(e, 0)
	r.Text = said(in.plain.String())
	if strings.TrimSpace(r.Text) == "" {
		r.Text = said(Strip(in.html.String()))
	}
	r.Stop = stops(r.Subject) || stops(r.Text)
	if r.At.After(time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)) || r.At.Year() < 1990 {
		r.At = time.Time{}
	}
	return r, nil
}

func values(h message.Header, name string) (all []string) {
	for f := h.FieldsByKey(name); f.Next() && len(all) < namesMost; {
		all = append(all, f.Value())
	}
	return all
}

// addressed notes to whom a mail was written, apart from what stands behind +.
func (r *Received) addressed(list string) {
	all, err := (&mail.AddressParser{WordDecoder: decoder()}).ParseList(list)
	if err != nil {
		return
	}
	for _, one := range all {
		if len(r.To) == namesMost {
			return
		}
		to, tag := Untag(one.Address)
		r.To = append(r.To, to)
		if tag != "" && !slices.Contains(r.Tags, tag) {
			r.Tags = append(r.Tags, tag)
		}
	}
}

// Untag takes what stands behind + out of an address.
func Untag(address string) (plain, tag string) {
	local, host, _ := strings.Cut(strings.ToLower(address), "@")
	local, tag, _ = strings.Cut(local, "+")
	return local + "@" + host, tag
}

func sender(list string) (address, name string) {
	all, err := (&mail.AddressParser{WordDecoder: decoder()}).ParseList(list)
	if err != nil || len(all) == 0 {
		return "", ""
	}
	return all[0].Address, oneLine(all[0].Name)
}

// decoder reads encoded words in any charset that is known.
func decoder() *mime.WordDecoder { return &mime.WordDecoder{CharsetReader: charset.Reader} }

func words(value string) string {
	text, err := decoder().DecodeHeader(value)
	if err != nil {
		text = value
	}
	return legible([]byte(text))
}

// legible reads bytes as UTF-8, else as GB18030, which mail from old programs is
// in without saying so, else without what cannot be read.
func legible(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	if text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b); err == nil && !bytes.ContainsRune(text, utf8.RuneError) {
		return string(text)
	}
	return strings.ToValidUTF8(string(b), "")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// within takes the brackets off an id.
func within(id string) string {
	all := ids(id)
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// ids lists the ids of a header: <a@b> <c@d>.
func ids(value string) (all []string) {
	for len(all) < namesMost {
		_, rest, ok := strings.Cut(value, "<")
		if !ok {
			return all
		}
		id, after, ok := strings.Cut(rest, ">")
		if !ok {
			return all
		}
		if id = strings.Join(strings.Fields(id), ""); id != "" && len(id) <= 250 && utf8.ValidString(id) {
			all = append(all, id)
		}
		value = after
	}
	return all
}

// walk reads the parts of a mail.
func (in *reading) walk(e *message.Entity, depth int) {
	if in.parts++; in.parts > partsMost || depth > depthMost {
		return
	}
	kind, params, err := e.Header.ContentType()
	if err != nil {
		kind = "text/plain"
	}
	if strings.EqualFold(params["report-type"], "delivery-status") && kind == "multipart/report" {
		in.report(e)
		return
	}
	if parts := e.MultipartReader(); parts != nil {
		for {
			part, err := parts.NextPart()
			if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				return
			}
			if in.walk(part, depth+1); in.parts > partsMost {
				return
			}
		}
	}
	in.leaf(e, kind)
}

// leaf reads one part that holds no others.
func (in *reading) leaf(e *message.Entity, kind string) {
	disposition, params, _ := e.Header.ContentDisposition()
	name := oneLine(words(params["filename"]))
	switch {
	case disposition != "attachment" && kind == "text/plain":
		in.plain.WriteString(text(e.Body, in.plain.Len()))
	case disposition != "attachment" && kind == "text/html":
		in.html.WriteString(text(e.Body, in.html.Len()))
	case strings.HasPrefix(kind, "image/") && kind != "image/svg+xml", kind == "application/octet-stream" && looksPicture(name):
		in.picture(e, name)
	case slices.Contains(signatures, kind):
	case disposition == "attachment" || name != "" || attached.MatchString(kind):
		in.dropped(name, kind, channel.NoPicture)
	}
}

// signatures come with mail that is signed; nobody sent them as files.
var signatures = []string{"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}

// attached are kinds that are files though no name says so.
var attached = regexp.MustCompile(`^(application|audio|video|message)/`)

func looksPicture(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".jpg") || strings.HasSuffix(name, ".jpeg") || strings.HasSuffix(name, ".png") || strings.HasSuffix(name, ".webp")
}

func text(r io.Reader, had int) string {
	b, err := io.ReadAll(io.LimitReader(r, int64(max(0, textMost-had))))
	if err != nil && len(b) == 0 {
		return ""
	}
	return legible(b) + "\n"
}

func (in *reading) picture(e *message.Entity, name string) {
	if name == "" {
		name = "picture"
	}
	data, err := io.ReadAll(io.LimitReader(e.Body, pictureMost+1))
	switch {
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		in.dropped(name, "", channel.NoPicture)
		return
	case len(data) > pictureMost:
		in.dropped(name, "", channel.TooLarge)
		return
	case len(in.r.Pictures) == picturesMost:
		in.dropped(name, "", channel.TooMany)
		return
	}
	in.r.Pictures = append(in.r.Pictures, channel.Picture{Name: name, Data: data})
}

func (in *reading) dropped(name, kind string, why channel.Reason) {
	if name == "" {
		name = kind
	}
	if r := []rune(name); len(r) > 80 {
		name = string(r[:80])
	}
	if len(in.r.Dropped) < namesMost {
		in.r.Dropped = append(in.r.Dropped, channel.Left{Name: name, Why: why})
	}
}

package open311

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/peer"
)

// The bounds of a posted form: what the specification allows for the words, and
// a few times as much for the rest.
const (
	formMost      = 256 << 10
	wordsMost     = 4000
	referenceMost = 50
)

// form reads a posted form.
func (c *call) form(w http.ResponseWriter) error {
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return errs.New(errs.Invalid, "请用 application/x-www-form-urlencoded 和 UTF-8 发送。", "Please send application/x-www-form-urlencoded in UTF-8.").At("Content-Type")
	}
	c.r.Body = http.MaxBytesReader(w, c.r.Body, formMost)
	if err := c.r.ParseForm(); err != nil {
		return errs.New(errs.Invalid, "表单读不懂，或者超过 %d KB。", "The form cannot be read, or is over %d KB.", formMost>>10).Because(err)
	}
	return nil
}

// post takes a report in and answers with its number. The same reference, in the
// header Idempotency-Key, makes one report however often it is sent.
func (d *door) post(c *call) (any, error) {
	form := c.r.PostForm
	if err := c.jurisdiction(form); err != nil {
		return nil, err
	}
	s, err := c.sending(form)
	if err != nil {
		return nil, err
	}
	media, email := strings.TrimSpace(form.Get("media_url")), strings.TrimSpace(form.Get("email"))
	if media != "" {
		if err := peer.CheckMedia(media); err != nil {
			return nil, err
		}
	}
	if email != "" {
		if _, _, err := notice.ParseAddress(channel.Mail, email); err != nil {
			return nil, atField(err, "email")
		}
	}
	s.Then = func(ctx context.Context, tx *db.Tx, r intake.Receipt) error {
		if email != "" {
			if err := d.tell(ctx, tx, c, r, email); err != nil {
				return err
			}
		}
		if media == "" {
			return nil
		}
		return peer.AddMedia(ctx, tx, c.District.Code, string(r.Case.ID), media)
	}
	receipt, err := d.house.Desk.Receive(c.r.Context(), c.District, s)
	if err != nil {
		return nil, spoken(err)
	}
	notice := lang.T("这类事不限时。", "There is no fixed limit for this.")
	if !receipt.Case.Due.IsZero() {
		due := receipt.Case.Due.In(c.District.Calendar.Zone()).Format("2006-01-02 15:04")
		notice = lang.T("答应 %s 前办好", "promised by %s", due)
	}
	return georeport.Receipts{{ID: georeport.Text(receipt.Case.Number), Notice: c.say(notice)}}, nil
}

// tell keeps the mailbox of a posted request as a way to be told, as one that is
// written on the form of a report is. Where mail is not connected, or goes too
// often to that mailbox today, the request is taken in without.
func (d *door) tell(ctx context.Context, tx *db.Tx, c *call, r intake.Receipt, email string) error {
	book := d.house.Notices
	if book == nil || !book.Has(channel.Mail) {
		return nil
	}
	_, err := book.Choose(ctx, tx, c.District.Code, notice.Choice{Holder: notice.OfReport(r.Report), Channel: channel.Mail, Address: email, Lang: c.Lang})
	if errs.KindOf(err) == errs.Often {
		return nil
	}
	return err
}

// atField names the parameter that a fault is about.
func atField(err error, name string) error {
	for _, e := range errs.Each(err) {
		e.At(name)
	}
	return err
}

// sending is what was posted, as intake takes it.
func (c *call) sending(form url.Values) (s intake.Sending, err error) {
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	code := get("service_code")
	if code == "" {
		return s, errs.New(errs.Invalid, "没有写 service_code。", "There is no service_code.").At("service_code")
	}
	m, err := c.matter(code)
	if err != nil {
		return s, err
	}
	words := form.Get("description")
	if len([]rune(words)) > wordsMost {
		return s, errs.New(errs.Invalid, "最多 %d 个字。", "At most %d characters.", wordsMost).At("description")
	}
	s = intake.Sending{
		Channel: intake.Open311, Matter: m.Code, Address: get("address_string"), Name: nameOf(get("first_name"), get("last_name")), Phone: get("phone"), Lang: c.Lang,
	}
	if s.Sender, err = c.reference(); err != nil {
		return s, err
	}
	if err := c.place(&s, get("lat"), get("long"), get("address_id")); err != nil {
		return s, err
	}
	answers, err := c.answers(m, form)
	if err != nil {
		return s, err
	}
	s.Text = strings.TrimSpace(words + "\n" + answers)
	return s, nil
}

// reference is the sender's own name for the report, apart from those of others.
func (c *call) reference() (string, error) {
	own := strings.TrimSpace(c.r.Header.Get("Idempotency-Key"))
	if len([]rune(own)) > referenceMost {
		return "", errs.New(errs.Invalid, "最多 %d 个字。", "At most %d characters.", referenceMost).At("Idempotency-Key")
	}
	if own == "" {
		own = uuid.NewString()
	}
	return c.prefix() + own, nil
}

// place reads the location, of which one kind is needed: a point, an address, or
// the code of an area, which is what address_id is here.
func (c *call) place(s *intake.Sending, lat, long, id string) (err error) {
	if lat != "" || long != "" {
		if s.Point, err = pointOf(lat, long); err != nil {
			return err
		}
	}
	if id != "" {
		if !c.District.Areas.Known(id) || area.Code(id).Tier() == area.District {
			return errs.New(errs.Invalid, "没有这个 address_id，这里写区域代码。", "There is no such address_id; here it is the code of an area.").At("address_id")
		}
		s.Area = id
	}
	if lat == "" && id == "" && s.Address == "" {
		return errs.New(errs.Invalid, "要写位置：lat 和 long，或 address_string，或 address_id。", "A location is needed: lat and long, or address_string, or address_id.").At("lat")
	}
	return nil
}

// nameOf puts a name together: the family name first where it is Chinese.
func nameOf(first, last string) string {
	if strings.ContainsFunc(first+last, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return last + first
	}
	return strings.TrimSpace(first + " " + last)
}

// answers holds what was posted as attribute[code] against the matter's form, and
// gives it as lines under the words of the report, as a person reads it.
func (c *call) answers(m catalogue.Matter, form url.Values) (string, error) {
	given, err := attributes(form)
	if err != nil {
		return "", err
	}
	f, ok := c.questions(m)
	if !ok {
		if len(given) > 0 {
			return "", errs.New(errs.Invalid, "这个 service_code 没有要填的项。", "This service_code has nothing to fill in.").At("attribute")
		}
		return "", nil
	}
	typed := map[string]any{}
	var lines []string
	for _, field := range f.Fields {
		values := given[field.Name]
		if len(values) == 0 {
			continue
		}
		if len(values) > 1 {
			return "", errs.New(errs.Invalid, "这一项只选一个。", "One answer is taken here.").At("attribute[" + field.Name + "]")
		}
		typed[field.Name] = typedOf(field, values[0])
		lines = append(lines, field.Title.In(c.Lang)+c.Lang.Pick("：", ": ")+c.shown(field, values[0]))
	}
	for name, values := range given {
		if _, known := typed[name]; !known {
			typed[name] = values[0] // the form refuses it by its name
		}
	}
	return strings.Join(lines, "\n"), inAttributes(f.Check(typed))
}

// attributes reads attribute[code]=value and attribute[code][]=value. An answer
// that is left empty is not given.
func attributes(form url.Values) (map[string][]string, error) {
	given := map[string][]string{}
	for name, values := range form {
		rest, ok := strings.CutPrefix(name, "attribute[")
		if !ok {
			continue
		}
		code, rest, ok := strings.Cut(rest, "]")
		if !ok || code == "" || rest != "" && rest != "[]" {
			return nil, errs.New(errs.Invalid, "写成 attribute[code] 或 attribute[code][]。", "Write attribute[code] or attribute[code][].").At("attribute")
		}
		for _, v := range values {
			if v = strings.TrimSpace(v); v != "" {
				given[code] = append(given[code], v)
			}
		}
	}
	return given, nil
}

// typedOf is an answer in the type of its field. What is not of it stays text,
// which the form refuses.
func typedOf(f catalogue.Field, value string) any {
	switch f.Type {
	case "integer", "number":
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			return n
		}
	case "boolean":
		if b, err := strconv.ParseBool(value); err == nil {
			return b
		}
	}
	return value
}

// shown is an answer as a person reads it.
func (c *call) shown(f catalogue.Field, value string) string {
	for _, choice := range f.Choices {
		if choice.Value == value {
			return choice.Title.In(c.Lang)
		}
	}
	if b, err := strconv.ParseBool(value); f.Type == "boolean" && err == nil {
		if b {
			return yes.In(c.Lang)
		}
		return no.In(c.Lang)
	}
	return value
}

// inAttributes names the parameters that a form's faults are about.
func inAttributes(err error) error {
	if err == nil {
		return nil
	}
	var all []error
	for _, e := range errs.Each(err) {
		if e.Field != "" {
			e = errs.New(e.Kind, "%[1]s", "%[2]s", e.Text.ZH, e.Text.In(lang.EN)).At(fmt.Sprintf("attribute[%.40s]", e.Field))
		}
		all = append(all, e)
	}
	return errors.Join(all...)
}

// spoken renames the fields of intake to those of the standard.
func spoken(err error) error {
	names := map[string]string{"text": "description", "address": "address_string", "name": "first_name", "point": "lat", "matter": "service_code", "sender": "Idempotency-Key"}
	faults := errs.Each(err)
	if len(faults) == 0 || !slices.ContainsFunc(faults, func(e *errs.Error) bool { return names[e.Field] != "" }) {
		return err
	}
	var all []error
	for _, e := range faults {
		if name := names[e.Field]; name != "" {
			e = errs.New(e.Kind, "%[1]s", "%[2]s", e.Text.ZH, e.Text.In(lang.EN)).At(name)
		}
		all = append(all, e)
	}
	return errors.Join(all...)
}

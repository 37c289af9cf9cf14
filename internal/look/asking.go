package look

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/ident"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/vault"
)

// Reaching is the purpose of reaching the person about the case: the only one
// for which somebody who asked for secrecy is looked up.
const Reaching = "call-back"

// reasonMost bounds the words of a reason, in characters.
const reasonMost = 300

// Asking is what somebody asks to see, and why.
type Asking struct {
	District *district.District
	By       procedure.Actor
	Case     casework.ID
	Report   string
	Fields   []string // of fields.Shown
	Purpose  string   // of the district's list
	Kind     Kind
	Reason   string // in words; a kind other than Other speaks for itself
	OnDuty   bool   // the reader is on a roster at this hour
}

// May says why somebody may not ask to see who sent a report of a case; nil
// where they may, for a purpose that Purposes gives. Pages show the form where
// it is nil, and [Reveal] asks it first. A case outside the scope is
// errs.NotFound, as one that does not exist.
func May(d *district.District, v *vault.Vault, c casework.Case, tasks []casework.Task, r casework.Report, by procedure.Actor) error {
	role := string(by.Role)
	switch {
	case r.Case != c.ID || !sees(d, c, tasks, by):
		return notFound()
	case !d.Can(rights.DataReveal, role):
		return errs.New(errs.Forbidden, "您的岗位没有“%[1]s”的权限。", "Your posts do not have the right “%[2]s”.", rights.DataReveal.Title().ZH, rights.DataReveal.Title().EN)
	case !c.KnowsReporter(d, by) && !(r.Passed && !c.Secret && ofCompany(d, by)):
		return errs.New(errs.Forbidden, "上报人按规定保密，办理单位看不到。", "Who reported is kept from the units by rule.")
	case r.PhoneIndex != "" && r.PhoneIndex == phoneIndex(d, v, by.Person):
		return errs.New(errs.Forbidden, "这是您自己报的，请像居民一样从查进度的页面看。", "You sent this yourself; please see it as a resident does, from the tracking page.")
	}
	return nil
}

// Purposes are those for which the reporters of a case may be looked up.
func Purposes(d *district.District, c casework.Case) []fields.Purpose {
	return slices.DeleteFunc(slices.Clone(d.Catalogue.Privacy().Purposes), func(p fields.Purpose) bool { return c.Secret && p.Name != Reaching })
}

// PurposesOf are those for which a post may look: one of a company, which knows by
// the person's consent alone, may reach the person and do nothing else.
func PurposesOf(d *district.District, c casework.Case, by procedure.Actor) []fields.Purpose {
	return slices.DeleteFunc(Purposes(d, c), func(p fields.Purpose) bool { return ofCompany(d, by) && p.Name != Reaching })
}

// sees reports whether a case lies in the scope of a post.
func sees(d *district.District, c casework.Case, tasks []casework.Task, by procedure.Actor) bool {
	return by.Post != "" && casework.ScopeOf(d, by).Sees(c, tasks)
}

// concerned reports whether the post has, or had, something to do in the case.
func concerned(tasks []casework.Task, r casework.Report, by procedure.Actor) bool {
	return r.Post == by.Post || slices.ContainsFunc(tasks, func(t casework.Task) bool {
		of := procedure.Task{Unit: t.Unit, Role: t.Role, Area: t.Area, Reporter: t.Reporter}
		return of.Concerns(by) || t.DonePost == by.Post
	})
}

// phoneIndex is the blind index of a member of staff's own number; empty where
// there is none.
func phoneIndex(d *district.District, v *vault.Vault, person string) string {
	p, _ := d.Org.Person(org.PersonID(person))
	phone, err := ident.ParsePhone(p.Phone)
	if err != nil {
		return ""
	}
	return v.Index(casework.PhoneField, string(phone))
}

// check refuses what the form must not say, each fault at its field, and tidies
// what it may.
func (a *Asking) check(c casework.Case) error {
	var all []error
	bad := func(field, zh, en string, args ...any) {
		all = append(all, errs.New(errs.Invalid, zh, en, args...).At(field))
	}
	purposes := PurposesOf(a.District, c, a.By)
	at := slices.IndexFunc(purposes, func(p fields.Purpose) bool { return p.Name == a.Purpose })
	switch {
	case at < 0 && c.Secret:
		bad("purpose", "保密的件，只能为了联系本人来看。", "In a secret case, only to reach the person.")
	case at < 0 && ofCompany(a.District, a.By):
		bad("purpose", "本人只同意企业直接联系，别的用途不行。", "The person consented to being contacted by the company, and to nothing else.")
	case at < 0:
		bad("purpose", "请选一个用途。", "Please choose a purpose.")
	}
	if len(a.Fields) == 0 {
		bad("fields", "请选要看哪几项。", "Please choose what to see.")
	}
	for _, f := range a.Fields {
		if at >= 0 && !purposes[at].Shows(f) {
			bad("fields", "“%[1]s”用不着看%[2]s。", "“%[3]s” does not ask for the %[4]s.", purposes[at].Title.ZH, FieldText(f).ZH, purposes[at].Title.EN, FieldText(f).EN)
		}
	}
	enough := written(&a.Reason, 4)
	if a.Kind.Text().IsZero() {
		bad("kind", "请选是什么事由。", "Please choose what sort of reason it is.")
	}
	if !enough && (a.Reason != "" || a.Kind == Other) {
		bad("reason", "请用 4 到 %[1]d 个字写清楚为什么要看，例如：登记的门牌找不到，问一下怎么走。",
			"Please write why in 4 to %[1]d characters, for example: the door number is not there, to ask for the way.", reasonMost)
	}
	if a.Reason == "" {
		a.Reason = a.Kind.Text().ZH
	}
	slices.Sort(a.Fields)
	a.Fields = slices.Compact(a.Fields)
	return errors.Join(all...)
}

// written tidies what somebody wrote, and reports whether it is long enough to
// say something and short enough to be read.
func written(s *string, least int) bool {
	*s = strings.Join(strings.Fields(strings.ToValidUTF8(*s, "")), " ")
	n := utf8.RuneCountInString(*s)
	return n >= least && n <= reasonMost
}

func notFound() error { return errs.New(errs.NotFound, "没有找到", "not found") }

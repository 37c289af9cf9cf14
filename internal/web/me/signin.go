package me

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/ident"
	"linli/internal/resident"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// The names under which a session keeps what a reader is in the middle of.
const (
	askedKey   = "me asked"
	passkeyKey = "me passkey"
)

// asked is a code that was asked for. The session is stored in the database, so
// the phone in it is sealed.
type asked struct {
	Phone string
	Next  string
	Shown string // the code, in the demo alone
	Proxy string // what it confirms; empty for signing in
}

// askedField is what the phone in a session is sealed as.
const askedField = "session.phone"

// keep remembers for which phone a code was asked.
func (a asked) keep(v *page.View, phone ident.Phone) error {
	a.Phone = v.House.Vault.Seal(v.District.Code, askedField, string(phone))
	data, err := json.Marshal(a)
	if err != nil {
		return err
	}
	v.House.Sessions.Put(v.Context(), askedKey, data)
	return nil
}

// waiting is what was kept; ok is false where nothing is.
func waiting(v *page.View) (a asked, phone ident.Phone, ok bool) {
	data := v.House.Sessions.GetBytes(v.Context(), askedKey)
	if len(data) == 0 || json.Unmarshal(data, &a) != nil {
		return asked{}, "", false
	}
	plain, err := v.House.Vault.Reveal(v.District.Code, askedField, a.Phone)
	return a, ident.Phone(plain), err == nil && plain != ""
}

// signInView is the page that asks for the phone.
type signInView struct {
	Phone, Next, Passkey string // Passkey is the question to a browser
	Notice               *fields.Notice
	Problems             map[string]string
	Mistakes             []ui.FieldError
}

func signInForm(v *page.View) error {
	if v.Resident != nil {
		return v.Go("/me")
	}
	return v.Show(http.StatusOK, signInPage(v, newSignIn(v, v.R.URL.Query().Get("next"))))
}

// newSignIn is the empty form, with a question to the browser's passkeys where
// the address allows any.
func newSignIn(v *page.View, next string) signInView {
	s := signInView{Next: next}
	s.Notice, _ = v.District.Catalogue.Privacy().Notice(signInNotice)
	if !v.Site().Works() {
		return s
	}
	c, err := access.AskPasskey(v.Context(), v.House.DB, v.Site(), v.District.Code, "", v.Now)
	if err != nil {
		v.House.Log.WarnContext(v.Context(), "no passkey can be asked for", "error", err)
		return s
	}
	v.House.Sessions.Put(v.Context(), passkeyKey, c.State)
	s.Passkey = c.Options
	return s
}

// askCode has a code sent. That the number is known here or not changes nothing.
func askCode(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s := newSignIn(v, v.R.PostForm.Get("next"))
	s.Phone = v.R.PostForm.Get("phone")
	phone, err := ident.ParsePhone(s.Phone)
	if err == nil {
		err = send(v, phone, s.Next)
	}
	if err == nil {
		return v.Go("/me/sign-in/code")
	}
	return s.again(v, err)
}

// send asks for a code and remembers for whom.
func send(v *page.View, phone ident.Phone, next string) error {
	shown := ""
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		shown, err = v.House.Residents.Ask(v.Context(), tx, v.District.Code, phone, v.Lang)
		return err
	})
	if err != nil {
		return err
	}
	return asked{Next: next, Shown: shown}.keep(v, phone)
}

// mistakes are the failures that belong beside a field, in the reader's words.
func mistakes(v *page.View, err error, otherwise string) (problems map[string]string, list []ui.FieldError) {
	problems = map[string]string{}
	for _, e := range errs.Each(err) {
		field := e.Field
		if field == "" {
			field = otherwise
		}
		problems[field] = e.Text.In(v.Lang)
		list = append(list, ui.FieldError{ID: field, Label: label(v, field), Text: e.Text.In(v.Lang)})
	}
	return problems, list
}

func label(v *page.View, field string) string {
	switch field {
	case "phone":
		return v.Say("手机号", "Mobile number")
	case "code":
		return v.Say("验证码", "Code")
	case "name":
		return v.Say("称呼", "Name")
	case "mail":
		return v.Say("邮箱", "E-mail")
	case "relation":
		return v.Say("关系", "Relation")
	case "deeds":
		return v.Say("可以代办的", "What may be done")
	case "until":
		return v.Say("到哪天为止", "Last day")
	}
	return v.Say("这张表单", "This form")
}

func (s signInView) again(v *page.View, err error) error {
	if s.Problems, s.Mistakes = mistakes(v, err, "phone"); len(s.Mistakes) == 0 {
		return err
	}
	page.RetryAfter(v.W, err)
	return v.Show(page.Status(err), signInPage(v, s))
}

// codeView is the page that asks for the code.
type codeView struct {
	Phone    string // masked
	Shown    string // the demo's code
	Action   string
	Problem  string
	Mistakes []ui.FieldError
	For      bool // it confirms a proxy
}

func codeForm(v *page.View) error {
	a, phone, ok := waiting(v)
	if !ok || a.Proxy != "" {
		return v.Go("/me/sign-in")
	}
	return v.Show(http.StatusOK, codePage(v, codeView{Phone: phone.Mask(), Shown: a.Shown, Action: "/me/sign-in/code"}))
}

// askAgain has another code sent to the same phone.
func askAgain(v *page.View) error {
	a, phone, ok := waiting(v)
	if !ok || a.Proxy != "" {
		return v.Go("/me/sign-in")
	}
	s := codeView{Phone: phone.Mask(), Shown: a.Shown, Action: "/me/sign-in/code"}
	if err := send(v, phone, a.Next); err != nil {
		return s.again(v, err)
	}
	return v.GoSaying("/me/sign-in/code", "又发了一个，以新的为准。", "Another was sent; the new one counts.")
}

func (s codeView) again(v *page.View, err error) error {
	problems, list := mistakes(v, err, "code")
	if len(list) == 0 {
		return err
	}
	for i := range list {
		list[i].ID = "code" // whatever it is about, this page has one field
		s.Problem = list[i].Text
	}
	if s.Mistakes = list; problems["code"] != "" {
		s.Problem = problems["code"]
	}
	page.RetryAfter(v.W, err)
	return v.Show(page.Status(err), codePage(v, s))
}

// giveCode signs the reader in by the code, in a new session.
func giveCode(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, phone, ok := waiting(v)
	if !ok || a.Proxy != "" {
		return v.Go("/me/sign-in")
	}
	r, err := v.House.Residents.SignIn(v.Context(), v.House.DB, v.District.Code, phone, v.R.PostForm.Get("code"), noticeOf(v), v.Lang)
	if err != nil {
		return codeView{Phone: phone.Mask(), Shown: a.Shown, Action: "/me/sign-in/code"}.again(v, err)
	}
	v.House.Sessions.Remove(v.Context(), askedKey)
	if err := v.SignInResident(r.ID); err != nil {
		return err
	}
	return welcome(v, r.ID, a.Next)
}

// onward is where a reader wanted to go, or the list of matters.
func onward(next string) string {
	if next == "" {
		return "/me"
	}
	return next
}

// noticeOf is the name and version of the notice that the sign-in page shows.
func noticeOf(v *page.View) string {
	n, ok := v.District.Catalogue.Privacy().Notice(signInNotice)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s %d", n.Name, n.Version)
}

// showPasskey signs the reader in by a passkey. One of staff opens nothing here.
func showPasskey(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	kept := v.House.Sessions.PopString(v.Context(), passkeyKey)
	var id string
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		key, err := access.CheckPasskey(v.Context(), tx, v.Site(), v.District.Code, kept, v.R.PostForm.Get("answer"))
		if err != nil {
			return err
		}
		var ok bool
		if id, ok = key.Holder.Resident(); !ok {
			return errs.New(errs.SignIn, "这把通行密钥是工作人员登录用的。", "This passkey is one for staff.")
		}
		return v.House.Residents.Seen(v.Context(), tx, v.District.Code, resident.ID(id), "passkey", noticeOf(v))
	})
	next := v.R.PostForm.Get("next")
	if err != nil {
		return newSignIn(v, next).again(v, err)
	}
	if err := v.SignInResident(resident.ID(id)); err != nil {
		return err
	}
	return welcome(v, resident.ID(id), next)
}

func signOut(v *page.View) error {
	if err := v.House.Sessions.Destroy(v.Context()); err != nil {
		return err
	}
	v.W.Header().Set("Clear-Site-Data", `"cache"`) // the pages that the browser holds
	return v.Go("/")
}

// trackHref leads to the page that opens a case by number and word.
func trackHref(next string) string {
	if u, err := url.Parse(next); err == nil && len(u.Path) > len("/track/") && u.Path[:len("/track/")] == "/track/" {
		return "/track?number=" + url.QueryEscape(u.Path[len("/track/"):])
	}
	return "/track"
}

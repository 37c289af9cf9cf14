package enter

import (
	"net/http"
	"slices"
	"strings"

	"linli/internal/access"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// keyView is the form for a key of one's own, or the key that was just made: its
// text is shown this once, and kept nowhere.
type keyView struct {
	Text   string
	Form   map[string]string
	Chosen []string
	Wrong  map[string]string
	List   []ui.FieldError
}

// keyForm asks what a program of the reader's is to do. Whoever signs in with two
// factors has shown both lately, since the page is for a fresh sign-in alone.
func keyForm(v *page.View) error { return v.Show(http.StatusOK, keyPage(v, keyView{})) }

// makeKey makes a key with some of the reader's own rights and shows its text.
func makeKey(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, err := mine(v)
	if err != nil {
		return err
	}
	k, err := askedKey(v, a)
	var text string
	if err == nil {
		err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
			made, key, err := access.AddKey(v.Context(), tx, k, self(v))
			if err != nil {
				return err
			}
			text = key
			return access.Note(v.Context(), tx, a.District, a.Person, access.KeyMade, v.From(), made.ID)
		})
	}
	if fields, list, ok := v.FieldErrors(err); err != nil && ok {
		for i := range list {
			list[i].Label, list[i].ID = ownKeyLabel(v, list[i].ID), "key-"+list[i].ID
		}
		form := map[string]string{"name": v.R.PostForm.Get("name"), "expires": v.R.PostForm.Get("expires")}
		return v.Show(http.StatusUnprocessableEntity, keyPage(v, keyView{Form: form, Chosen: v.R.PostForm["scopes"], Wrong: fields, List: list}))
	}
	if err != nil {
		return err
	}
	v.W.Header().Set("Cache-Control", "no-store")
	return v.Show(http.StatusOK, keyPage(v, keyView{Text: text}))
}

// self is the reader as who makes and ends the own keys.
func self(v *page.View) access.By {
	by := access.By{Person: string(v.Reader.Person.ID)}
	if posts := v.Actors(); len(posts) > 0 {
		by.Post, by.Unit = posts[0].Post, posts[0].Unit
	}
	return by
}

// askedKey reads the form: rights that the reader has now, and no others.
func askedKey(v *page.View, a access.Account) (k access.Key, err error) {
	form, own := v.R.PostForm, v.OwnRights()
	k = access.Key{District: a.District, Name: strings.TrimSpace(form.Get("name")), Login: a.Login}
	for _, s := range form["scopes"] {
		if !slices.Contains(own, rights.Right(s)) {
			return k, errs.New(errs.Invalid, "密钥的权限不能比您自己的多。", "A key cannot have more rights than you have.").At("scopes")
		}
		k.Scopes = append(k.Scopes, rights.Right(s))
	}
	day, err := clock.ParseDate(form.Get("expires"))
	if err != nil {
		return k, errs.New(errs.Invalid, "写明到哪天为止，一年以内。", "Write the last day, within a year.").At("expires")
	}
	k.Expires = day.Add(1).Start(v.Zone())
	return k, nil
}

// endKey ends one of the reader's keys at once. It takes no fresh sign-in: to
// close a door must be quick.
func endKey(v *page.View) error {
	a, err := mine(v)
	if err != nil {
		return err
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		if err := access.EndOwnKey(v.Context(), tx, a, v.R.PathValue("id"), self(v)); err != nil {
			return err
		}
		return access.Note(v.Context(), tx, a.District, a.Person, access.KeyEnded, v.From(), v.R.PathValue("id"))
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/account", "密钥停用了，几秒后各处都不认。", "The key has ended; within seconds it is refused everywhere.")
}

func ownKeyLabel(v *page.View, name string) string {
	switch name {
	case "name":
		return v.Say("给哪个程序用", "For which program")
	case "scopes":
		return v.Say("让它做什么", "What it may do")
	}
	return v.Say("到哪天", "Until")
}

// field is a control of the form, as it came back.
func (s keyView) field(v *page.View, name, hint string) ui.Field {
	return ui.Field{ID: "key-" + name, Name: name, Label: ownKeyLabel(v, name), Hint: hint, Value: s.Form[name], Err: s.Wrong[name]}
}

// scopeOptions are the reader's own rights.
func scopeOptions(v *page.View) (all []ui.Option) {
	for _, r := range v.OwnRights() {
		all = append(all, ui.Option{Value: string(r), Label: r.Title().In(v.Lang)})
	}
	return all
}

// keyRights names what a key may do.
func keyRights(v *page.View, k access.Key) string {
	var can []string
	for _, r := range k.Scopes {
		can = append(can, r.Title().In(v.Lang))
	}
	return strings.Join(can, v.Say("、", ", "))
}

// keyStands says until when a key is good, and when it was last used.
func keyStands(v *page.View, k access.Key) string {
	until := v.Say("到 %s", "until %s", v.UntilText(k.Expires))
	if !k.Expires.After(v.Now) {
		until = v.Say("%s 已停用", "ended %s", v.MomentText(k.Expires))
	}
	if k.Used.IsZero() {
		return until + v.Say("，没有用过", ", never used")
	}
	return until + v.Say("，最近用过 %s", ", last used %s", v.MomentText(k.Used))
}

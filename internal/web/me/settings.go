package me

import (
	"errors"
	"net/http"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	told "linli/internal/notice"
	"linli/internal/resident"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// settingsView is what a resident has here beside matters.
type settingsView struct {
	Name     string
	Lang     lang.Lang
	Passkeys []access.Passkey
	Question string // to the browser, for a new passkey
	Sessions []access.Session
	Problems map[string]string
	Mistakes []ui.FieldError
}

func settings(v *page.View) error {
	s, err := newSettings(v)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, settingsPage(v, s))
}

func newSettings(v *page.View) (s settingsView, err error) {
	s = settingsView{Name: v.Resident.Name, Lang: v.Resident.Lang}
	ctx, r, district := v.Context(), v.House.DB, v.District.Code
	if s.Passkeys, err = access.PasskeysOf(ctx, r, district, holder(v)); err != nil {
		return s, err
	}
	if s.Sessions, err = access.SessionsOf(ctx, r, district, holder(v), v.Token(), v.Now); err != nil {
		return s, err
	}
	if !v.Site().Works() {
		return s, nil
	}
	c, err := access.BeginPasskey(ctx, r, v.Site(), district, holder(v), v.Resident.Masked(), v.Now)
	if err != nil {
		return s, err
	}
	v.House.Sessions.Put(ctx, passkeyKey, c.State)
	s.Question = c.Options
	return s, nil
}

// again shows the page with what was wrong.
func (s settingsView) again(v *page.View, err error) error {
	if s.Problems, s.Mistakes = mistakes(v, err, "name"); len(s.Mistakes) == 0 {
		return err
	}
	return v.Show(page.Status(err), settingsPage(v, s))
}

func change(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	set := resident.Settings{Name: v.R.PostForm.Get("name"), Lang: lang.Parse(v.R.PostForm.Get("lang"))}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return v.House.Residents.Change(v.Context(), tx, v.District.Code, v.Resident.ID, set)
	})
	if err == nil {
		return v.GoSaying("/me/settings", "记下了。", "Kept.")
	}
	s, otherwise := newSettings(v)
	if otherwise != nil {
		return errors.Join(err, otherwise)
	}
	s.Name, s.Lang = set.Name, set.Lang
	return s.again(v, err)
}

// addPasskey keeps a new passkey. A screen left open is not enough for that: the
// reader has to have signed in lately.
func addPasskey(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	if !v.Recent() {
		return errs.New(errs.SignIn, "登录已经有一会儿了。为了安全，请退出后重新登录，再添加通行密钥。", "You signed in a while ago. To be safe, please sign out and in again, then add the passkey.")
	}
	kept := v.House.Sessions.PopString(v.Context(), passkeyKey)
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := access.AddPasskey(v.Context(), tx, v.Site(), v.District.Code, holder(v), kept, v.R.PostForm.Get("answer"), v.R.PostForm.Get("name"))
		return err
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/me/settings", "通行密钥加好了，下次用它登录。", "The passkey is added; use it to sign in next time.")
}

func removePasskey(v *page.View) error {
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := access.RemovePasskey(v.Context(), tx, v.District.Code, holder(v), v.R.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/me/settings", "通行密钥删掉了。", "The passkey is removed.")
}

// endSessions ends one session of the reader, or all others.
func endSessions(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		if id := v.R.PostForm.Get("id"); id != "" {
			return access.EndSession(v.Context(), tx, v.District.Code, holder(v), id)
		}
		_, err := access.EndSessions(v.Context(), tx, v.District.Code, holder(v), v.Token())
		return err
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/me/settings", "那里已经退出了。", "Signed out there.")
}

func deleteForm(v *page.View) error { return v.Show(http.StatusOK, deletePage(v)) }

// deleteAccount closes the account with everything that opens it.
func deleteAccount(v *page.View) error {
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		keys, err := access.PasskeysOf(v.Context(), tx, v.District.Code, holder(v))
		if err != nil {
			return err
		}
		for _, k := range keys {
			if _, err := access.RemovePasskey(v.Context(), tx, v.District.Code, holder(v), k.ID); err != nil {
				return err
			}
		}
		if err := told.ForgetHolder(v.Context(), tx, v.District.Code, told.OfResident(string(v.Resident.ID))); err != nil {
			return err
		}
		if err := v.House.Residents.Delete(v.Context(), tx, v.District.Code, v.Resident.ID); err != nil {
			return err
		}
		_, err = access.EndSessions(v.Context(), tx, v.District.Code, holder(v), v.Token())
		return err
	})
	if err != nil {
		return err
	}
	if err := v.House.Sessions.Clear(v.Context()); err != nil {
		return err
	}
	if err := v.House.Sessions.RenewToken(v.Context()); err != nil {
		return err
	}
	return v.GoSaying("/", "账号注销了。正在办的事照常办，凭编号和取件码查。", "The account is closed. Cases under way go on; follow them by number and secret word.")
}

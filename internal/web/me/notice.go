package me

import (
	"net/http"
	"net/url"
	"slices"

	"linli/internal/db"
	"linli/internal/privacy"
	"linli/internal/resident"
	"linli/internal/web/page"
)

// signInNotice is the notice that stands on the form to sign in.
const signInNotice = "sign-in"

// welcome leads somebody who has just signed in to where they wanted to go; by way
// of the notice where it has changed since they were shown it last. Whoever signs
// in for the first time has it on the form they came from.
func welcome(v *page.View, id resident.ID, next string) error {
	ctx, holder := v.Context(), privacy.OfResident(id)
	news, err := privacy.News(ctx, v.House.DB, v.District, holder, signInNotice)
	if err != nil {
		return err
	}
	if !news {
		return v.Go(onward(next))
	}
	before, err := privacy.TellingsOf(ctx, v.House.DB, v.District.Code, holder)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(before, func(t privacy.Telling) bool { return t.Notice == signInNotice }) {
		return v.Go("/me/notice?next=" + url.QueryEscape(onward(next)))
	}
	if err := noted(v, holder); err != nil {
		return err
	}
	return v.Go(onward(next))
}

func noted(v *page.View, holder string) error {
	return v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return privacy.Shown(v.Context(), tx, v.District, holder, signInNotice)
	})
}

// noticeNow shows the present version once in full, and notes that it did.
func noticeNow(v *page.View) error {
	n, ok := v.District.Catalogue.Privacy().Notice(signInNotice)
	next := page.Local(v.R.URL.Query().Get("next"))
	if !ok {
		return v.Go(next)
	}
	if err := noted(v, privacy.OfResident(v.Resident.ID)); err != nil {
		return err
	}
	return v.Show(http.StatusOK, noticePage(v, n, next))
}

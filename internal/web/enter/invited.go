package enter

import (
	"net/http"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/web/page"
)

// invitedView is what somebody sees who follows a link of invitation.
type invitedView struct {
	Login, Name    string
	Problem, Field string
}

func invitedForm(v *page.View) error {
	i, err := access.Invited(v.Context(), v.House.DB, v.District.Code, v.R.PathValue("link"), v.Now)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, invitedPage(v, viewOf(v, i)))
}

func viewOf(v *page.View, i access.Invitation) invitedView {
	s := invitedView{Login: i.Login}
	if p, ok := v.District.Org.Person(org.PersonID(i.Person)); ok {
		s.Name = p.Name
	}
	return s
}

// invited sets the password that was chosen, which uses the link up. What comes
// next is as after any sign-in: the second step, where the post asks for one.
func invited(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	ctx, d, link := v.Context(), v.House.DB, v.R.PathValue("link")
	i, err := access.Invited(ctx, d, v.District.Code, link, v.Now)
	if err != nil {
		return err
	}
	h, err := v.House.Guard.Hash(ctx, i.Login, v.R.PostFormValue("password"), obvious(v)...)
	if text, ok := errs.TextOf(err); ok {
		s := viewOf(v, i)
		s.Problem, s.Field = text.In(v.Lang), "password"
		return v.Show(page.Status(err), invitedPage(v, s))
	}
	if err != nil {
		return err
	}
	var a access.Account
	if err := d.Write(ctx, func(tx *db.Tx) (err error) {
		a, err = access.Accept(ctx, tx, v.District.Code, link, h, v.From())
		return err
	}); err != nil {
		return err
	}
	return Arrive(v, a, access.ByPassword)
}

package me

import (
	"net/http"
	"slices"

	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	told "linli/internal/notice"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// waysView is how a resident is told beside the pages.
type waysView struct {
	Ways     []told.Way
	Offers   []channel.Name
	Quiet    bool // the own number gets no text messages
	Dead     bool // it could not be reached by one
	Address  string
	Problems map[string]string
	Mistakes []ui.FieldError
}

func wayHolder(v *page.View) told.Holder { return told.OfResident(string(v.Resident.ID)) }

func ways(v *page.View) error { return waysView{}.show(v, http.StatusOK) }

func (s waysView) show(v *page.View, status int) (err error) {
	s.Offers = v.House.Notices.Offers()
	if s.Ways, err = told.Ways(v.Context(), v.House.DB, v.District.Code, wayHolder(v)); err != nil {
		return err
	}
	if s.Quiet, err = told.Declined(v.Context(), v.House.DB, v.District.Code, wayHolder(v)); err != nil {
		return err
	}
	if phone := v.Resident.Phone; phone != "" {
		reaches, err := v.House.Notices.Reaches(v.Context(), v.House.DB, v.District.Code, channel.SMS, string(phone))
		if err != nil {
			return err
		}
		s.Dead = !reaches
	}
	return v.Show(status, waysPage(v, s))
}

// addWay keeps an address, or says whether the own number gets text messages.
func addWay(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	f := v.R.PostForm
	if f.Get("text") != "" {
		return textWay(v, f.Get("text") == "yes")
	}
	s := waysView{Address: f.Get("mail")}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := v.House.Notices.Choose(v.Context(), tx, v.District.Code, told.Choice{Holder: wayHolder(v), Channel: channel.Mail, Address: s.Address, Lang: v.Resident.Lang})
		return err
	})
	if err != nil {
		return s.again(v, err)
	}
	return v.GoSaying("/me/ways", "确认码已经发过去，请在这里填上。", "A code is on its way; please enter it here.")
}

// textWay has the number of the account told by text message, or not.
func textWay(v *page.View, on bool) error {
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		if on {
			_, err := v.House.Notices.Choose(v.Context(), tx, v.District.Code,
				told.Choice{Holder: wayHolder(v), Channel: channel.SMS, Address: string(v.Resident.Phone), Lang: v.Resident.Lang, Known: true})
			return err
		}
		return v.House.Notices.NoText(v.Context(), tx, v.District.Code, wayHolder(v))
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/me/ways", "记下了。", "Kept.")
}

func (s waysView) again(v *page.View, err error) error {
	if s.Problems, s.Mistakes = mistakes(v, err, "mail"); len(s.Mistakes) == 0 {
		return err
	}
	return s.show(v, page.Status(err))
}

func confirmWay(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	err := v.House.Notices.Confirm(v.Context(), v.House.DB, v.District.Code, wayHolder(v), v.R.PathValue("id"), v.R.PostForm.Get("code"))
	if err != nil {
		return waysView{}.again(v, err)
	}
	return v.GoSaying("/me/ways", "确认了，以后的进展也发到这里。", "Confirmed; news of your matters goes there, too.")
}

// againWay has an address tried again that could not be reached: a mailbox by a
// new code, anything else with the next message.
func againWay(v *page.View) error {
	ctx, id := v.Context(), v.R.PathValue("id")
	all, err := told.Ways(ctx, v.House.DB, v.District.Code, wayHolder(v))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(w told.Way) bool { return w.ID == id })
	if at < 0 {
		return errs.New(errs.NotFound, "没有这个地址，或已经去掉。", "There is no such address, or it is removed already.")
	}
	mailbox := all[at].Channel == channel.Mail
	err = v.House.DB.Write(ctx, func(tx *db.Tx) error {
		if mailbox {
			return v.House.Notices.AskAgain(ctx, tx, v.District.Code, wayHolder(v), id)
		}
		return told.TryAgain(ctx, tx, v.District.Code, wayHolder(v), id)
	})
	switch {
	case err != nil:
		return waysView{}.again(v, err)
	case mailbox:
		return v.GoSaying("/me/ways", "确认码已经发过去，请在这里填上。", "A code is on its way; please enter it here.")
	}
	return v.GoSaying("/me/ways", "好，下一条消息再试试。", "All right, the next message goes there again.")
}

func endWay(v *page.View) error {
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return told.End(v.Context(), tx, v.District.Code, wayHolder(v), v.R.PathValue("id"))
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/me/ways", "去掉了。", "Removed.")
}

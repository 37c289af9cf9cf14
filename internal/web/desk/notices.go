package desk

import (
	"net/http"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/notice"
	"linli/internal/web/page"
)

// noticesMost is how many notices one page shows; the newest come first.
const noticesMost = 100

// noticesView is what the reader has been told and not read.
type noticesView struct {
	All   []notice.Message
	Count int
}

func noticesShow(v *page.View) (err error) {
	var s noticesView
	told := v.Told()
	if s.All, err = notice.Unread(v.Context(), v.House.DB, v.District.Code, noticesMost, told...); err != nil {
		return err
	}
	if s.Count, err = notice.CountUnread(v.Context(), v.House.DB, v.District.Code, told...); err != nil {
		return err
	}
	return v.Show(http.StatusOK, noticesPage(v, s))
}

// noticesRead marks one notice as read and opens its case, or marks them all.
func noticesRead(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	id, told := v.R.PostForm.Get("id"), v.Told()
	if id == "" && v.R.PostForm.Get("all") == "" {
		return errs.New(errs.Invalid, "请选一条提醒。", "Please choose a notice.")
	}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		if id == "" {
			return notice.MarkAllRead(v.Context(), tx, v.District.Code, told...)
		}
		return notice.MarkRead(v.Context(), tx, v.District.Code, notice.ID(id), told...)
	})
	if err != nil {
		return err
	}
	if c := v.R.PostForm.Get("case"); id != "" && c != "" {
		return v.Go("/desk/case/" + c)
	}
	if id != "" {
		return v.Go("/desk/notices")
	}
	return v.GoSaying("/desk/notices", "都记作看过了。", "All marked as read.")
}

// toWhom says whose desk a notice came to.
func toWhom(v *page.View, m notice.Message) string {
	if m.To == notice.Unit(m.To.Ref) {
		return v.Say("给%s", "to %s", v.UnitName(m.To.Ref))
	}
	return v.Say("给您", "to you")
}

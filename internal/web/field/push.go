package field

import (
	"linli/internal/db"
	"linli/internal/notice"
	"linli/internal/web/page"
)

// pushMe has the reader's browser told of what their unit or post is told.
func pushMe(v *page.View) error {
	if err := v.Subscribe(notice.OfPerson(string(v.Reader.Person.ID))); err != nil {
		return err
	}
	return v.GoSaying("/field/me", "记下了，有提醒就通知这台设备。", "Kept; this device is told of notices.")
}

// pushEnd has one of the reader's browsers told no more.
func pushEnd(v *page.View) error {
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return notice.End(v.Context(), tx, v.District.Code, notice.OfPerson(string(v.Reader.Person.ID)), v.R.PathValue("id"))
	})
	if err != nil {
		return err
	}
	return v.GoSaying("/field/me", "去掉了。", "Removed.")
}

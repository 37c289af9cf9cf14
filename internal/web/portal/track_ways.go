package portal

import (
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/notice"
	"linli/internal/web/page"
)

// tryWay has an address used again that could not be reached: who reads the page
// of the case says that it is right.
func tryWay(v *page.View) error {
	c, report, err := proved(v)
	if err != nil {
		return askAgain(v, err)
	}
	if report == "" {
		return noSuch() // an empty report would be everybody's
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		if notice.Number(v.R.PathValue("id")) {
			return v.House.Notices.TryNumber(v.Context(), tx, v.District.Code, report)
		}
		return notice.TryAgain(v.Context(), tx, v.District.Code, notice.OfReport(report), v.R.PathValue("id"))
	})
	if err != nil {
		return err
	}
	return v.GoSaying(caseHref(v, c), "好，下一条消息再试试。", "All right, the next message goes there again.")
}

// unreached is where the reader cannot be told.
func unreached(v *page.View, w notice.Way) string {
	if w.Channel == channel.SMS {
		return v.Say("短信发不到 %s。", "Text messages do not reach %s.", w.Shown)
	}
	return v.Say("消息发不到 %s。", "Messages do not reach %s.", w.Shown)
}

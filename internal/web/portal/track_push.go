package portal

import (
	"net/url"
	"strings"

	"linli/internal/casework"
	"linli/internal/notice"
	"linli/internal/web/page"
)

// pushCase has the browser of a reporter told of the case.
func pushCase(v *page.View) error {
	c, report, err := proved(v)
	if err != nil {
		return askAgain(v, err)
	}
	if report == "" {
		return noSuch() // an empty report would be everybody's
	}
	if err := v.Subscribe(notice.OfReport(report)); err != nil {
		return err
	}
	return v.GoSaying(caseHref(v, c), "记下了，有进展就通知这台设备。", "Kept; this device is told of news.")
}

// pushHref is where the button of a case leads, with the word where the address
// carries it.
func pushHref(v *page.View, c casework.Case) string {
	path, word, carried := strings.Cut(caseHref(v, c), "?")
	if !carried {
		return path + "/push"
	}
	q, err := url.ParseQuery(word)
	if err != nil {
		return path + "/push"
	}
	return path + "/push?" + q.Encode()
}

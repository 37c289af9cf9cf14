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

// underCase is the address of something below a case's page, with the word where
// the address carries it.
func underCase(v *page.View, c casework.Case, below string) string {
	path, word, carried := strings.Cut(caseHref(v, c), "?")
	if !carried {
		return path + below
	}
	q, err := url.ParseQuery(word)
	if err != nil {
		return path + below
	}
	return path + below + "?" + q.Encode()
}

package conform

import (
	"net/http"
	"net/url"
	"slices"

	"linli/internal/georeport"
)

// nobody is what no server has.
const nobody = "conform-no-such-thing-7f3a"

// strangers checks how what is not there is answered.
func (s *suite) strangers() {
	for _, c := range []struct {
		name, section, path string
		v                   url.Values
		status              int
		zh, en              string
	}{
		{"unknown-service", secDefinition, "services/" + nobody, nil, http.StatusNotFound, "没有的服务回 404 和 errors", "an unknown service is 404 with errors"},
		{"unknown-request", secRequest, "requests/" + nobody, nil, http.StatusNotFound, "没有的编号回 404 和 errors", "an unknown request is 404 with errors"},
		{"unknown-token", secToken, "tokens/" + nobody, nil, http.StatusNotFound, "没有的 token 回 404 和 errors", "an unknown token is 404 with errors"},
		{"unknown-jurisdiction", secServices, "services", url.Values{"jurisdiction_id": {nobody}}, http.StatusNotFound, "没有的 jurisdiction_id 回 404 和 errors", "an unknown jurisdiction_id is 404 with errors"},
		{"bad-status", secErrors, "requests", url.Values{"status": {nobody}}, http.StatusBadRequest, "不存在的 status 回 400 和 errors", "a status that is none is 400 with errors"},
		{"bad-date", secErrors, "requests", url.Values{"start_date": {nobody}}, http.StatusBadRequest, "读不懂的时间回 400 和 errors", "a time that is none is 400 with errors"},
	} {
		s.check(c.name, c.section, c.zh, c.en, func(f *finding) {
			a := s.get(c.path, c.v)
			if c.name == "unknown-jurisdiction" && a.err == nil && a.status == http.StatusOK && s.t.Jurisdiction == "" {
				f.advise("jurisdiction_id is not looked at, which a server of one jurisdiction may do")
				return
			}
			s.failed(f, a, c.status)
		})
	}
}

// alike checks that both formats say the same.
func (s *suite) alike() {
	if len(s.t.Formats) < 2 {
		return
	}
	s.f = ""
	s.check("same-services", secFormats, "XML 和 JSON 的服务清单相同", "XML and JSON list the same services", func(f *finding) {
		same(f, s.codes[georeport.XML], s.codes[georeport.JSON])
	})
	s.check("same-requests", secFormats, "XML 和 JSON 的来件清单相同", "XML and JSON list the same requests", func(f *finding) {
		same(f, s.ids[georeport.XML], s.ids[georeport.JSON])
	})
}

// same compares two lists whatever their order. A few that came in or went while
// the checks ran are no fault.
func same(f *finding, a, b []string) {
	const meanwhile = 3
	apart := 0
	for _, id := range a {
		if !slices.Contains(b, id) {
			apart++
		}
	}
	for _, id := range b {
		if !slices.Contains(a, id) {
			apart++
		}
	}
	if apart > meanwhile || apart > 0 && apart >= min(len(a), len(b)) {
		f.fault("XML lists %d, JSON %d; %d are only in one", len(a), len(b), apart)
	}
}

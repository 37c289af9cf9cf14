package conform

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"linli/internal/georeport"
)

// words are what a test request says.
const words = "Open311 conformance test, please close. 一致性测试，请直接办结。"

// send posts a form; a key of "" sends none.
func (s *suite) send(key string, v url.Values) answer {
	form := url.Values{}
	for name, values := range v {
		form[name] = values
	}
	if key != "" {
		form.Set("api_key", key)
	}
	if s.t.Jurisdiction != "" {
		form.Set("jurisdiction_id", s.t.Jurisdiction)
	}
	return s.ask(http.MethodPost, s.t.Base+"/requests."+string(s.f), nil, form)
}

// plain is a service that asks for nothing more, and a place where requests are.
func (s *suite) plain() (url.Values, bool) {
	v := url.Values{"description": {words}}
	for _, code := range s.codes[s.f] {
		if !strings.Contains(" "+strings.Join(s.asks, " ")+" ", " "+code+" ") {
			v.Set("service_code", code)
			break
		}
	}
	for _, one := range s.list { // where there is one, there can be another
		lat, ok1 := one.text("lat")
		long, ok2 := one.text("long")
		if ok1 && ok2 {
			v.Set("lat", lat)
			v.Set("long", long)
			if code, _ := one.text("service_code"); !strings.Contains(" "+strings.Join(s.asks, " ")+" ", " "+code+" ") {
				v.Set("service_code", code) // of one that is public, so that it can be read again
			}
			break
		}
	}
	if v.Get("lat") == "" {
		v.Set("address_string", "test")
	}
	return v, v.Get("service_code") != ""
}

// without is a form with some fields changed; an empty value takes one away.
func without(v url.Values, changes ...string) url.Values {
	out := url.Values{}
	for name, values := range v {
		out[name] = values
	}
	for i := 0; i+1 < len(changes); i += 2 {
		out.Del(changes[i])
		if changes[i+1] != "" {
			out.Set(changes[i], changes[i+1])
		}
	}
	return out
}

// post posts one request that is right, and some that are not.
func (s *suite) post() {
	good, ok := s.plain()
	if !ok {
		s.check("post", secPost, "能上报", "a request can be posted", func(f *finding) { f.skip("every service asks for attributes") })
		return
	}
	for _, c := range []struct {
		name, key string
		form      url.Values
		status    int
		zh, en    string
	}{
		{"post-no-key", "", good, http.StatusForbidden, "没有密钥回 403 和 errors", "without a key it is 403 with errors"},
		{"post-bad-key", nobody, good, http.StatusForbidden, "密钥不对回 403 和 errors", "with a wrong key it is 403 with errors"},
		{"post-no-service", s.t.Key, without(good, "service_code", ""), http.StatusBadRequest, "没写 service_code 回 400 和 errors", "without service_code it is 400 with errors"},
		{"post-bad-service", s.t.Key, without(good, "service_code", nobody), http.StatusNotFound, "没有的 service_code 回 404 和 errors", "with an unknown service_code it is 404 with errors"},
		{"post-no-place", s.t.Key, without(good, "lat", "", "long", "", "address_string", ""), http.StatusBadRequest, "没写位置回 400 和 errors", "without a location it is 400 with errors"},
		{"post-half-place", s.t.Key, without(good, "lat", "30.1", "long", "", "address_string", ""), http.StatusBadRequest, "只写 lat 不写 long 回 400 和 errors", "with lat and no long it is 400 with errors"},
	} {
		s.check(c.name, secPost, c.zh, c.en, func(f *finding) { s.failed(f, s.send(c.key, c.form), c.status) })
	}
	id := ""
	s.check("post", secPost, "上报后给编号或 token，只给一样", "a posted request gets a number or a token, and not both", func(f *finding) { id = s.receipt(f, good) })
	s.check("post-read", secRequest, "报上去的马上能按编号查到", "what was posted can be read by its number", func(f *finding) {
		if id == "" {
			f.skip("no number")
			return
		}
		s.readBack(f, id, good)
	})
}

// receipt posts and gives the number, of a token too.
func (s *suite) receipt(f *finding, form url.Values) string {
	a := s.send(s.t.Key, form)
	if a.status == http.StatusCreated {
		f.advise("status 201, which the specification does not know")
		a.status = http.StatusOK
	}
	if !a.good(f, s.f, http.StatusOK) {
		return ""
	}
	all := a.listed(f, s.f, "service_requests", "request")
	if len(all) != 1 {
		f.fault("%s: %d receipts, want 1", a.what, len(all))
		return ""
	}
	id, ok1 := all[0].text("service_request_id")
	token, ok2 := all[0].text("token")
	if ok1 == ok2 || !all[0].isText("service_request_id") || !all[0].isText("token") {
		f.fault("%s: number %q and token %q", a.what, id, token)
	}
	if !ok2 {
		return id
	}
	answer := s.get("tokens/"+url.PathEscape(token), nil)
	if answer.good(f, s.f, http.StatusOK) {
		for _, one := range answer.listed(f, s.f, "service_requests", "request") {
			id, _ = one.text("service_request_id")
		}
	}
	return id
}

// readBack reads what was posted.
func (s *suite) readBack(f *finding, id string, form url.Values) {
	a := s.get("requests/"+url.PathEscape(id), url.Values{"api_key": {s.t.Key}})
	a.what = "GET requests/" + id
	if a.err == nil && a.status == http.StatusNotFound {
		f.advise("%s: not there yet, or not public", a.what)
		return
	}
	if !a.good(f, s.f, http.StatusOK) {
		return
	}
	for _, one := range a.listed(f, s.f, "service_requests", "request") {
		if code, _ := one.text("service_code"); code != form.Get("service_code") {
			f.fault("%s: service_code is %q, posted %q", a.what, code, form.Get("service_code"))
		}
		if status, _ := one.text("status"); status != string(georeport.Open) {
			f.fault("%s: status is %q right after posting", a.what, status)
		}
		lat, ok := one.text("lat")
		got, _ := strconv.ParseFloat(lat, 64) // what is no number is a fault of another check
		if sent, err := strconv.ParseFloat(form.Get("lat"), 64); err == nil && ok && (got-sent > 0.01 || sent-got > 0.01) {
			f.fault("%s: lat is %s, posted %s", a.what, lat, form.Get("lat"))
		}
	}
}

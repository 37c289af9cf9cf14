package conform

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/georeport"
)

const span = 90 * 24 * time.Hour

// requests checks the list that is given unasked.
func (s *suite) requests() {
	s.list = nil
	s.check("requests", secRequests, "来件清单回 200，类型和编码都对，是一个清单", "the list of requests answers 200 in the right type and encoding, as a list", func(f *finding) {
		s.list = s.fetch(f, nil)
		if len(s.list) == 0 && len(f.faults) == 0 {
			f.advise("there is no request: much cannot be checked")
		}
	})
	s.check("request-fields", secRequests, "每件来件的必填项都在，类型都对", "every request has what it must, in the right types", func(f *finding) {
		for i, one := range s.list {
			s.fields(f, i, one)
		}
	})
	s.check("request-times", secRequests, "时间带时区，更新不早于上报", "times carry their zone, and no update lies before the request", func(f *finding) {
		for i, one := range s.list {
			times(f, i, one)
		}
	})
	s.check("request-places", secRequests, "经纬度是度数，在范围之内", "lat and long are degrees within their range", func(f *finding) {
		for i, one := range s.list {
			s.degrees(f, i, one, "lat", 90)
			s.degrees(f, i, one, "long", 180)
		}
	})
	s.numbers()
}

// numbers checks how many requests there are, and by what they are known.
func (s *suite) numbers() {
	s.check("default-range", secRequests, "不写时间就是最近 90 天，最多 1000 件", "unasked it is the last 90 days, at most 1000", func(f *finding) {
		if len(s.list) > 1000 {
			f.fault("%d requests", len(s.list))
		}
		for i, one := range s.list {
			if t, ok := instant(one, "requested_datetime"); ok && t.Before(s.t.Now.Add(-span-24*time.Hour)) {
				f.fault("%s is %s", at("requests", i, "requested_datetime"), t.Format(time.RFC3339))
			}
		}
	})
	s.check("request-numbers", secRequests, "service_request_id 不重复", "no service_request_id is there twice", func(f *finding) {
		seen := map[string]bool{}
		for _, one := range s.list {
			id, _ := one.text("service_request_id")
			if seen[id] {
				f.fault("%q is there twice", id)
			}
			seen[id] = true
			s.ids[s.f] = append(s.ids[s.f], id)
		}
	})
	s.check("request-services", secRequests, "来件的 service_code 都在服务清单里", "every service_code of a request is one of the services", func(f *finding) {
		for i, one := range s.list {
			if code, _ := one.text("service_code"); !slices.Contains(s.codes[s.f], code) {
				f.advise("%s %q is no service today", at("requests", i, "service_code"), code)
			}
		}
	})
}

// fetch lists requests.
func (s *suite) fetch(f *finding, v url.Values) []node {
	a := s.get("requests", v)
	if !a.good(f, s.f, http.StatusOK) {
		return nil
	}
	return a.listed(f, s.f, "service_requests", "request")
}

func (s *suite) fields(f *finding, i int, one node) {
	for _, name := range []string{"service_request_id", "status", "service_code", "requested_datetime"} {
		if _, ok := one.text(name); !ok {
			f.fault("%s is missing", at("requests", i, name))
		}
	}
	for _, name := range []string{"service_request_id", "status_notes", "service_name", "service_code", "description", "agency_responsible", "service_notice", "address", "address_id", "zipcode", "media_url"} {
		if !one.isText(name) {
			f.fault("%s is no text", at("requests", i, name))
		}
	}
	if status, _ := one.text("status"); !oneOf(status, georeport.Open, georeport.Closed) {
		f.fault("%s is %q", at("requests", i, "status"), status)
	}
	if words, _ := one.text("description"); utf8.RuneCountInString(words) > 4000 {
		f.fault("%s has over 4,000 characters", at("requests", i, "description"))
	}
	if media, ok := one.text("media_url"); ok {
		if u, err := url.Parse(strings.TrimSpace(media)); err != nil || !u.IsAbs() {
			f.fault("%s is no address", at("requests", i, "media_url"))
		}
	}
}

func times(f *finding, i int, one node) {
	for _, name := range []string{"requested_datetime", "updated_datetime", "expected_datetime"} {
		text, there := one.text(name)
		if _, ok := instant(one, name); there && !ok {
			f.fault("%s %q is no w3 time with its zone", at("requests", i, name), text)
		}
	}
	from, ok1 := instant(one, "requested_datetime")
	to, ok2 := instant(one, "updated_datetime")
	if ok1 && ok2 && to.Before(from) {
		f.fault("%s lies before the request", at("requests", i, "updated_datetime"))
	}
}

// instant is a field that is a time with its zone as the note of the W3C has it.
func instant(n node, name string) (time.Time, bool) {
	s, _ := n.text(name)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func (s *suite) degrees(f *finding, i int, one node, name string, most float64) {
	text, there := one.text(name)
	if !there {
		return
	}
	if _, number := one.fields[name].value.(json.Number); s.f == georeport.JSON && !number {
		f.fault("%s is no number", at("requests", i, name))
		return
	}
	if v, err := strconv.ParseFloat(text, 64); err != nil || v < -most || v > most {
		f.fault("%s is %q", at("requests", i, name), text)
	}
}

// filters checks that what narrows a list does.
func (s *suite) filters() {
	for _, status := range []string{"open", "closed"} {
		s.check("filter-status-"+status, secRequests, "按 status 筛选有效", "the filter status holds", func(f *finding) {
			for i, one := range s.fetch(f, url.Values{"status": {status}}) {
				if got, _ := one.text("status"); got != status {
					f.fault("status=%s: %s is %q", status, at("requests", i, "status"), got)
				}
			}
		})
	}
	s.check("filter-service", secRequests, "按 service_code 筛选有效", "the filter service_code holds", s.byService)
	s.check("filter-range", secRequests, "按 start_date 和 end_date 筛选有效", "the filters start_date and end_date hold", s.byRange)
	s.check("range-limit", secRequests, "时间跨度不超过 90 天", "a range spans no more than 90 days", func(f *finding) {
		a := s.get("requests", url.Values{"start_date": {w3c(s.t.Now.Add(-4 * span))}, "end_date": {w3c(s.t.Now)}})
		if a.err == nil && a.status == http.StatusBadRequest {
			s.failed(f, a, http.StatusBadRequest)
			return
		}
		if a.good(f, s.f, http.StatusOK) {
			spread(f, a.listed(f, s.f, "service_requests", "request"))
		}
	})
	s.check("filter-numbers", secRequests, "一次能查几个编号，编号优先于别的条件", "several numbers can be asked for at once, and override the rest", s.byNumbers)
	s.check("empty-parameters", secOptional, "空参数等于没写", "an empty parameter is one that is not there", func(f *finding) {
		got := idsOf(s.fetch(f, url.Values{"status": {""}, "service_code": {""}, "service_request_id": {""}}))
		if len(f.faults) == 0 && len(s.list) > 0 && !slices.ContainsFunc(got, func(id string) bool { return slices.Contains(s.ids[s.f], id) }) {
			f.fault("with empty parameters there are %d requests, without %d", len(got), len(s.list))
		}
	})
}

func (s *suite) byService(f *finding) {
	if len(s.list) == 0 {
		f.skip("no requests")
		return
	}
	code, _ := s.list[0].text("service_code")
	got := s.fetch(f, url.Values{"service_code": {code}})
	for i, one := range got {
		if is, _ := one.text("service_code"); is != code {
			f.fault("service_code=%s: %s is %q", code, at("requests", i, "service_code"), is)
		}
	}
	if len(got) == 0 && len(f.faults) == 0 {
		f.fault("service_code=%s lists none, though there is one", code)
	}
}

func (s *suite) byRange(f *finding) {
	var all []time.Time
	for _, one := range s.list {
		if t, ok := instant(one, "requested_datetime"); ok {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		f.skip("no requests")
		return
	}
	slices.SortFunc(all, time.Time.Compare)
	middle := all[len(all)/2]
	from, to := middle.Add(-12*time.Hour), middle.Add(time.Minute)
	got := s.fetch(f, url.Values{"start_date": {w3c(from)}, "end_date": {w3c(to)}})
	for i, one := range got {
		if t, ok := instant(one, "requested_datetime"); ok && (t.Before(from.Add(-time.Second)) || t.After(to.Add(time.Second))) {
			f.fault("%s to %s: %s is %s", w3c(from), w3c(to), at("requests", i, "requested_datetime"), t.Format(time.RFC3339))
		}
	}
	if len(got) == 0 && len(f.faults) == 0 {
		f.fault("%s to %s lists none, though there is one", w3c(from), w3c(to))
	}
}

// spread holds a list to ninety days.
func spread(f *finding, all []node) {
	var first, last time.Time
	for _, one := range all {
		t, ok := instant(one, "requested_datetime")
		if ok && (first.IsZero() || t.Before(first)) {
			first = t
		}
		if ok && t.After(last) {
			last = t
		}
	}
	if last.Sub(first) > span+24*time.Hour {
		f.fault("a range of 360 days lists requests from %s to %s", w3c(first), w3c(last))
	}
}

func (s *suite) byNumbers(f *finding) {
	want := s.ids[s.f][:min(2, len(s.ids[s.f]))]
	if len(want) == 0 {
		f.skip("no requests")
		return
	}
	other := "closed"
	if status, _ := s.list[0].text("status"); status == "closed" {
		other = "open"
	}
	got := idsOf(s.fetch(f, url.Values{"service_request_id": {strings.Join(want, ",")}, "status": {other}}))
	slices.Sort(got)
	if wanted := slices.Sorted(slices.Values(want)); len(f.faults) == 0 && !slices.Equal(got, wanted) {
		f.fault("service_request_id=%s&status=%s lists %v", strings.Join(want, ","), other, got)
	}
}

func idsOf(all []node) (ids []string) {
	for _, one := range all {
		id, _ := one.text("service_request_id")
		ids = append(ids, id)
	}
	return ids
}

func w3c(t time.Time) string { return t.UTC().Format(georeport.W3C) }

// request checks that one request alone is the one of the list.
func (s *suite) request() {
	s.check("request", secRequest, "单查一件，就是清单里的那一件", "one request alone is the one of the list", func(f *finding) {
		if len(s.list) == 0 {
			f.skip("no requests")
			return
		}
		want := s.list[0]
		id, _ := want.text("service_request_id")
		a := s.get("requests/"+url.PathEscape(id), nil)
		if !a.good(f, s.f, http.StatusOK) {
			return
		}
		got := a.listed(f, s.f, "service_requests", "request")
		if len(got) != 1 {
			f.fault("%s: %d requests, want 1", a.what, len(got))
			return
		}
		for _, name := range slices.Sorted(maps.Keys(want.fields)) {
			was, _ := want.text(name)
			if is, _ := got[0].text(name); is != was && name != "updated_datetime" && name != "status_notes" {
				f.fault("%s: %s is %.60q, in the list %.60q", a.what, name, is, was)
			}
		}
	})
}

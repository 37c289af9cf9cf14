package conform_test

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"linli/internal/georeport"
)

var now = time.Date(2026, 11, 23, 2, 20, 0, 0, time.UTC)

// honest is a small server that holds to the specification: what the suite
// passes, and what the faulty ones begin as.
type honest struct {
	mu   sync.Mutex
	list georeport.Requests
}

func newHonest() *honest {
	h := &honest{}
	for i := range 6 {
		r := georeport.Request{
			ID: georeport.Text("00" + strconv.Itoa(i+1)), Status: georeport.Open, ServiceCode: "001", ServiceName: "路灯", Description: "不亮 <了> & \"",
			Requested: georeport.Instant{Time: now.Add(-time.Duration(6-i) * 48 * time.Hour)}, Lat: georeport.At(30.5), Long: georeport.At(121.25),
		}
		r.Updated = georeport.Instant{Time: r.Requested.Add(time.Hour)}
		if i%2 == 1 {
			r.Status, r.ServiceCode, r.MediaURL = georeport.Closed, "002", "https://x.example/1.jpg"
		}
		h.list = append(h.list, r)
	}
	return h
}

func (h *honest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	path, f := strings.TrimPrefix(r.URL.Path, "/"), georeport.XML
	if rest, ok := strings.CutSuffix(path, ".json"); ok {
		path, f = rest, georeport.JSON
	}
	status, body := h.answer(r, strings.TrimSuffix(path, ".xml"))
	var b bytes.Buffer
	if err := georeport.Write(&b, f, body); err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", f.Type())
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

func fail(status int) (int, any) {
	return status, georeport.Errors{{Code: georeport.Text(strconv.Itoa(status)), Description: "no"}}
}

func (h *honest) answer(r *http.Request, path string) (int, any) {
	if j := r.FormValue("jurisdiction_id"); j != "" && j != "city.gov" {
		return fail(404)
	}
	head, id, _ := strings.Cut(path, "/")
	switch {
	case path == "discovery":
		return 200, georeport.Discovery{Changeset: "2026", Contact: "a", KeyService: "b", Endpoints: georeport.Endpoints{{
			Specification: georeport.Specification, URL: "https://x.example", Changeset: "2026", Type: "test", Formats: georeport.Formats{"text/xml", "application/json"}}}}
	case path == "services":
		return 200, georeport.Services{{Code: "001", Name: "路灯", Type: georeport.Realtime}, {Code: "002", Name: "井盖", Type: georeport.Batch}, {Code: "003", Name: "纠纷", Metadata: true, Type: georeport.Realtime}}
	case path == "services/003":
		return 200, georeport.Definition{Code: "003", Attributes: georeport.Attributes{
			{Variable: true, Code: "a", Datatype: georeport.SingleList, Order: 1, Values: georeport.Values{{Key: "1", Name: "x"}}},
			{Variable: true, Code: "b", Datatype: georeport.String, Required: true, Order: 2},
		}}
	case path == "requests" && r.Method == http.MethodPost:
		return h.post(r)
	case path == "requests":
		return h.requests(r)
	case head == "requests":
		for _, one := range h.list {
			if string(one.ID) == id {
				return 200, georeport.Requests{one}
			}
		}
	case head == "tokens" && strings.HasPrefix(id, "t"):
		return 200, georeport.Tokens{{ID: georeport.Text(id[1:]), Token: georeport.Text(id)}}
	}
	return fail(404)
}

func (h *honest) requests(r *http.Request) (int, any) {
	if ids := r.FormValue("service_request_id"); ids != "" {
		return 200, slices.DeleteFunc(slices.Clone(h.list), func(one georeport.Request) bool { return !slices.Contains(strings.Split(ids, ","), string(one.ID)) })
	}
	from, to := now.Add(-90*24*time.Hour), now.Add(time.Hour)
	for name, into := range map[string]*time.Time{"start_date": &from, "end_date": &to} {
		if s := r.FormValue(name); s != "" {
			at, err := georeport.ParseInstant(s)
			if err != nil {
				return fail(400)
			}
			*into = at
		}
	}
	status := r.FormValue("status")
	if to.Sub(from) > 91*24*time.Hour || status != "" && status != "open" && status != "closed" {
		return fail(400)
	}
	return 200, slices.DeleteFunc(slices.Clone(h.list), func(one georeport.Request) bool {
		code := r.FormValue("service_code")
		return status != "" && string(one.Status) != status || code != "" && string(one.ServiceCode) != code || one.Requested.Before(from) || one.Requested.After(to)
	})
}

func (h *honest) post(r *http.Request) (int, any) {
	code := r.FormValue("service_code")
	lat, err1 := strconv.ParseFloat(r.FormValue("lat"), 64)
	long, err2 := strconv.ParseFloat(r.FormValue("long"), 64)
	switch {
	case r.FormValue("api_key") != "good":
		return fail(403)
	case code == "":
		return fail(400)
	case code != "001" && code != "002":
		return fail(404)
	case err1 != nil || err2 != nil:
		return fail(400)
	}
	id := georeport.Text("1" + strconv.Itoa(len(h.list)))
	h.list = append(h.list, georeport.Request{ID: id, Status: georeport.Open, ServiceCode: georeport.Text(code), Requested: georeport.Instant{Time: now}, Lat: georeport.At(lat), Long: georeport.At(long)})
	if code == "002" {
		return 200, georeport.Receipts{{Token: "t" + id}}
	}
	return 200, georeport.Receipts{{ID: id}}
}

package conform

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"linli/internal/georeport"
	"linli/internal/outbound"
)

// bodyMost bounds an answer.
const bodyMost = 32 << 20

// answer is what the server said.
type answer struct {
	what   string // the call, for what was seen
	status int
	kind   string
	body   []byte
	err    error
}

// get asks for a path below the endpoint, with the format's ending.
func (s *suite) get(path string, v url.Values) answer {
	q := url.Values{}
	for name, values := range v {
		q[name] = values
	}
	if s.t.Jurisdiction != "" && !q.Has("jurisdiction_id") {
		q.Set("jurisdiction_id", s.t.Jurisdiction)
	}
	return s.ask(http.MethodGet, s.t.Base+"/"+path+"."+string(s.f), q, nil)
}

// ask does one call. What was seen never holds the key.
func (s *suite) ask(method, address string, q, form url.Values) answer {
	a := answer{what: method + " " + strings.TrimPrefix(address, s.t.Base+"/")}
	if len(q) > 0 {
		address += "?" + q.Encode()
		a.what += "?" + q.Encode()
	}
	request, err := http.NewRequestWithContext(s.ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		a.err = err
		return a
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	response, err := s.t.HTTP.Do(request)
	if err != nil {
		if u, ok := err.(*url.Error); ok { //nolint:errorlint // http.Client returns it unwrapped
			err = u.Err
		}
		a.err = err
		return a
	}
	a.status, a.kind = response.StatusCode, response.Header.Get("Content-Type")
	a.body, a.err = outbound.Read(response, bodyMost)
	return a
}

// good holds an answer to its status, its type and its encoding.
func (a answer) good(f *finding, format georeport.Format, status int) bool {
	if a.err != nil {
		f.fault("%s: %v", a.what, a.err)
		return false
	}
	if a.status != status {
		f.fault("%s: status %d, want %d", a.what, a.status, status)
	}
	kind, params, err := mime.ParseMediaType(a.kind)
	want := map[georeport.Format]string{georeport.JSON: "application/json", georeport.XML: "text/xml"}[format]
	if err != nil || kind != want {
		f.fault("%s: Content-Type %q, want %s; charset=utf-8", a.what, a.kind, want)
	} else if !strings.EqualFold(params["charset"], "utf-8") {
		f.fault("%s: Content-Type %q names no charset=utf-8", a.what, a.kind)
	}
	if !utf8.Valid(a.body) {
		f.fault("%s: the body is not UTF-8", a.what)
	}
	if format == georeport.XML && !declared(a.body) {
		f.fault("%s: no XML declaration with encoding=\"UTF-8\"", a.what)
	}
	return a.status == status
}

// declared reports whether a body begins with the declaration that the
// specification asks for.
func declared(body []byte) bool {
	head, _, ok := strings.Cut(strings.ToLower(string(body[:min(len(body), 200)])), "?>")
	head = strings.TrimPrefix(head, "\ufeff")
	return ok && strings.HasPrefix(head, "<?xml") && (strings.Contains(head, `encoding="utf-8"`) || strings.Contains(head, `encoding='utf-8'`))
}

// listed reads an answer as a list of objects.
func (a answer) listed(f *finding, format georeport.Format, root, member string) []node {
	n, err := parse(a.body, format, root)
	if err != nil {
		f.fault("%s: %v", a.what, err)
		return nil
	}
	items, err := n.items(format, member)
	if err != nil {
		f.fault("%s: %v", a.what, err)
		return nil
	}
	var all []node
	for i, one := range items {
		if one.kind != object {
			f.fault("%s: [%d] is %s and not an object", a.what, i, one.kind)
			continue
		}
		all = append(all, one)
	}
	return all
}

// failed holds an answer to the form of errors.
func (s *suite) failed(f *finding, a answer, status int) {
	if !a.good(f, s.f, status) {
		return
	}
	all := a.listed(f, s.f, "errors", "error")
	if len(all) == 0 {
		f.fault("%s: the list of errors is empty", a.what)
	}
	for _, e := range all {
		if _, ok := e.text("code"); !ok {
			f.fault("%s: an error has no code", a.what)
		}
		if _, ok := e.text("description"); !ok {
			f.fault("%s: an error has no description", a.what)
		}
	}
}

// oneOf reports whether a value is among those allowed.
func oneOf(value string, allowed ...georeport.Text) bool {
	for _, a := range allowed {
		if value == string(a) {
			return true
		}
	}
	return false
}

func at(list string, i int, field string) string { return fmt.Sprintf("%s[%d].%s", list, i, field) }

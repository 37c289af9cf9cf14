package open311

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// FuzzAttributes: whatever is posted is read as answers by code, or refused.
func FuzzAttributes(f *testing.F) {
	f.Add("attribute[a]=1&attribute[b][]=2&attribute[b][]=3")
	f.Add("attribute[[]=1&attribute[]=2")
	f.Fuzz(func(t *testing.T, query string) {
		form, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		given, err := attributes(form)
		if err != nil {
			return
		}
		for code, values := range given {
			if code == "" || strings.Contains(code, "]") || len(values) == 0 {
				t.Errorf("%q gives %q: %q", query, code, values)
			}
		}
	})
}

// FuzzFind: an address leads to an operation or is a failure, never both.
func FuzzFind(f *testing.F) {
	f.Add("v2/services/1.json")
	f.Add("v2//.xml")
	f.Fuzz(func(t *testing.T, path string) {
		path, _ = formatOf(path, "")
		for _, method := range []string{http.MethodGet, http.MethodPost, "BREW"} {
			if op, id, err := find(method, path); (op == nil) == (err == nil) || err != nil && id != "" {
				t.Errorf("%s %q: %v %q %v", method, path, op != nil, id, err)
			}
		}
	})
}

// FuzzPoint: a point that is taken lies on the earth and is not the one that
// stands for none.
func FuzzPoint(f *testing.F) {
	f.Add("30.1", "121")
	f.Add("0", "0")
	f.Fuzz(func(t *testing.T, lat, long string) {
		if p, err := pointOf(lat, long); err == nil && (p.Check() != nil || p.Lon == 0 && p.Lat == 0) {
			t.Errorf("%q %q is %v", lat, long, p)
		}
	})
}

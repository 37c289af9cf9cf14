package open311

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/lang"
	"linli/internal/web/page"
)

// root is where everything lies, and base the one version there is.
const (
	root = "/open311/"
	base = root + "v2"
)

// door is what the operations stand on.
type door struct {
	house *page.House
	keys  *access.Keyring
}

// call is one request: who asks, what, when, and in which format and language.
type call struct {
	r        *http.Request
	q        url.Values // of the address; a form is read by whoever needs it
	District *district.District
	Format   georeport.Format
	Lang     lang.Lang
	Now      time.Time
	Key      access.Key // zero where none was shown
	id       string     // what the address names
}

// operation answers a call with a body that package georeport writes.
type operation func(d *door, c *call) (any, error)

// Routes adds the door.
func Routes(mux *http.ServeMux, h *page.House) {
	d := &door{house: h, keys: access.NewKeyring()}
	mux.HandleFunc(root, d.serve)
}

// find is the operation of an address below root, without its ending, and what
// of it is a name. The method decides between reading and posting.
func find(method, path string) (op operation, id string, err error) {
	parts := strings.Split(path, "/")
	if len(parts) > 1 && parts[0] == "v2" {
		parts = parts[1:]
	}
	posts := method == http.MethodPost
	one := len(parts) == 2 && parts[1] != ""
	switch name := parts[0]; {
	case name == "discovery" && len(parts) == 1:
		op = (*door).discovery
	case strings.TrimPrefix(path, "v2/") == path: // only discovery has two addresses
	case name == "services" && len(parts) == 1:
		op = (*door).services
	case name == "services" && one:
		op = (*door).definition
	case name == "requests" && len(parts) == 1 && posts:
		return (*door).post, "", nil
	case name == "requests" && len(parts) == 1:
		op = (*door).requests
	case name == "requests" && one:
		op = (*door).request
	case name == "tokens" && one:
		op = (*door).token
	}
	switch {
	case op == nil:
		return nil, "", errs.New(errs.NotFound, "没有这个地址。从 %[1]s/discovery.xml 看起。", "There is no such address. Begin at %[1]s/discovery.xml.", base)
	case method != http.MethodGet && method != http.MethodHead:
		return nil, "", errs.New(errs.Invalid, "这里只能读。", "This is only for reading.").At("method")
	}
	if one {
		id = parts[1]
	}
	return op, id, nil
}

// formatOf takes the ending off a path. Without one the header decides.
func formatOf(path, accept string) (string, georeport.Format) {
	for _, f := range []georeport.Format{georeport.XML, georeport.JSON} {
		if rest, ok := strings.CutSuffix(path, "."+string(f)); ok {
			return rest, f
		}
	}
	if strings.Contains(accept, "json") {
		return path, georeport.JSON
	}
	return path, georeport.XML
}

// language is the one a call asks for: locale, as some servers have it, or the
// header.
func language(q url.Values, header string) lang.Lang {
	if l := q.Get("locale"); l != "" {
		return lang.Parse(l)
	}
	first, _, _ := strings.Cut(header, ",")
	return lang.Parse(strings.TrimSpace(first))
}

// serve answers everything below root.
func (d *door) serve(w http.ResponseWriter, r *http.Request) {
	path, format := formatOf(strings.TrimPrefix(r.URL.Path, root), r.Header.Get("Accept"))
	q := r.URL.Query()
	c := &call{r: r, q: q, Format: format, Lang: language(q, r.Header.Get("Accept-Language")), Now: d.house.DB.Now()}
	body, err := d.do(w, c, path)
	status := http.StatusOK
	if err != nil {
		page.RetryAfter(w, err)
		status, body = statusOf(err), d.errorsOf(c, err)
	}
	var b bytes.Buffer
	if err := georeport.Write(&b, format, body); err != nil {
		d.house.Log.Error("open311 body not written", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	head := w.Header()
	head.Set("Content-Type", format.Type())
	head.Set("Access-Control-Allow-Origin", "*") // what is given without a cookie may be read by any page
	head.Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // whoever asked has gone
	}
}

// do finds who asks and what, and does it.
func (d *door) do(w http.ResponseWriter, c *call, path string) (body any, err error) {
	op, id, err := find(c.r.Method, path)
	if err != nil {
		return nil, err
	}
	if err := d.admit(w, c); err != nil {
		return nil, err
	}
	if c.District, err = d.house.Districts.Get(c.r.Context(), d.house.District); err != nil {
		return nil, err
	}
	if err := c.jurisdiction(c.q); err != nil {
		return nil, err
	}
	c.id = id
	return op(d, c)
}

// jurisdiction refuses another district than ours. It may be left out, since
// there is only this one.
func (c *call) jurisdiction(v url.Values) error {
	for _, value := range v["jurisdiction_id"] {
		if value != "" && value != c.District.Code {
			return errs.New(errs.NotFound, "没有这个 jurisdiction_id，这里是 %[1]s。", "There is no such jurisdiction_id; this one is %[1]s.", c.District.Code).At("jurisdiction_id")
		}
	}
	return nil
}

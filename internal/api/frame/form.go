package frame

import (
	"encoding/json"
	"mime"
	"net/http"

	"linli/internal/rights"
)

// FormType is how a form that may hold files is sent.
const FormType = "multipart/form-data"

func isForm(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == FormType
}

// Form lets what is sent to the operation of a path come as a form too, of which
// files need not be held whole. It shares its address with the JSON, so it is
// told apart before the body is read. fn reads the request of its caller and
// gives the status and the body of the answer.
func (d *Door) Form(path string, needs rights.Right, fn func(c *Caller) (status int, body any, err error)) {
	what := "POST " + Base + path + ", a form"
	d.forms[path] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isForm(r) {
			d.inner.ServeHTTP(w, r)
			return
		}
		c, err := d.caller(w, r, needs)
		if err != nil {
			d.problem(r.Context(), what, c.Lang, "header", err).write(w)
			return
		}
		status, body, err := fn(c)
		if err != nil {
			d.problem(r.Context(), what, c.Lang, "body", err).write(w)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body) // whoever asked has gone
	})
}

package frame

import (
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"linli/internal/access"
	"linli/internal/errs"
	"linli/internal/repeat"
	"linli/internal/web/page"
)

// Base is the address all operations lie under. What is there stays as it is;
// another shape gets another number.
const Base = "/api/v1"

// bodyMost bounds a JSON body, which is held whole: photos beyond it come as a
// form. bodyTime is how long a slow line may take to send it.
const (
	bodyMost = 16 << 20
	bodyTime = 2 * time.Minute
)

// Door is what the operations are added to, and what stands around them.
type Door struct {
	house     *page.House
	api       huma.API
	inner     *http.ServeMux
	forms     map[string]http.Handler // by path
	keys      *access.Keyring
	repeats   *repeat.Book
	cursorKey []byte
	examples  map[string]Exchange
}

// New makes a door without operations. about is what the document says of the
// interface as a whole; examples are by the ids of operations.
func New(h *page.House, about huma.Config, examples map[string]Exchange) *Door {
	about.DocsPath, about.SchemasPath = "", ""
	about.CreateHooks = nil // no $schema links in the answers
	about.RejectUnknownQueryParameters = true
	about.Transformers = []huma.Transformer{translated}
	inner := http.NewServeMux()
	d := &Door{
		house: h, api: humago.New(inner, about), inner: inner, forms: map[string]http.Handler{}, keys: access.NewKeyring(),
		repeats: &repeat.Book{DB: h.DB, Vault: h.Vault}, cursorKey: h.Vault.Derive("api cursors"), examples: examples,
	}
	d.api.UseMiddleware(d.admit, d.framed)
	return d
}

// Serve opens the door, with the operations that were registered, the document,
// and the document as people read it.
func (d *Door) Serve(mux *http.ServeMux) {
	schemas := d.api.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel") // huma's own failures, which [translated] makes ours
	delete(schemas, "ErrorDetail")
	d.inner.HandleFunc("/", d.nowhere)
	mux.Handle("GET /openapi.json", d.inner)
	mux.Handle("GET /openapi.yaml", d.inner)
	mux.Handle("/api/", d.limited(d.inner))
	for path, form := range d.forms {
		mux.Handle("POST "+Base+path, d.limited(form))
	}
	d.referenceRoutes(mux)
}

// Schema is a type of ours in the document, by its name.
func (d *Door) Schema(t reflect.Type) *huma.Schema {
	return d.api.OpenAPI().Components.Schemas.Schema(t, true, t.Name())
}

// nowhere answers for an address below /api/ that is none.
func (d *Door) nowhere(w http.ResponseWriter, r *http.Request) {
	d.problem(r.Context(), r.URL.Path, language(r.Header.Get("Accept-Language")), "path",
		errs.New(errs.NotFound, "没有这个接口：%[1]s %[2]s。全部接口见 /openapi.json。", "There is no such operation: %[1]s %[2]s. All of them are in /openapi.json.", r.Method, Short(r.URL.Path))).write(w)
}

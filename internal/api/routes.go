package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"linli/internal/access"
	"linli/internal/errs"
	"linli/internal/repeat"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// base is the address all operations lie under. What is there stays as it is;
// another shape gets another number.
const base = "/api/v1"

// bodyMost bounds a JSON body, which is held whole: photos beyond it come as a
// form. bodyTime is how long a slow line may take to send it.
const (
	bodyMost = 16 << 20
	bodyTime = 2 * time.Minute
)

// anyKey is the right of an operation that every valid key may call.
const anyKey rights.Right = ""

// door is what the operations stand on.
type door struct {
	house     *page.House
	api       huma.API
	keys      *access.Keyring
	repeats   *repeat.Book
	cursorKey []byte
}

// Routes adds the machine interface.
func Routes(mux *http.ServeMux, h *page.House) {
	inner := http.NewServeMux()
	d := &door{
		house: h, api: humago.New(inner, config()), keys: access.NewKeyring(),
		repeats: &repeat.Book{DB: h.DB, Vault: h.Vault}, cursorKey: h.Vault.Derive("api cursors"),
	}
	d.api.UseMiddleware(d.admit, d.framed)
	d.operations()
	schemas := d.api.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel") // huma's own failures, which [translated] makes ours
	delete(schemas, "ErrorDetail")
	inner.HandleFunc("/", d.nowhere)
	mux.Handle("GET /openapi.json", inner)
	mux.Handle("GET /openapi.yaml", inner)
	mux.Handle("/api/", d.limited(inner))
	d.referenceRoutes(mux)
	// A report as a form shares its address with the JSON one, so it is told
	// apart before the body is read.
	mux.Handle("POST "+base+"/reports", d.limited(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isForm(r) {
			d.reportForm(w, r)
			return
		}
		inner.ServeHTTP(w, r)
	})))
}

// operations lists everything there is.
func (d *door) operations() {
	d.reportOperations()
	d.caseOperations()
	d.tableOperations()
	d.eventOperations()
	d.hookOperations()
	d.findOperations()
	d.seeOperations()
	d.actOperations()
	d.askOperations()
	d.ruleOperations()
	d.seerOperations()
	d.revealOperations()
	d.taskOperations()
	d.noticeOperations()
	d.trackOperations()
	d.lookOperations()
	d.tableReadOperations()
	d.scoreOperations()
	d.scoreKeepOperations()
	d.orderOperations()
	d.accountabilityOperations()
	d.bounceOperations()
	d.meetingOperations()
	d.meetingKeepOperations()
	d.dutyOperations()
	d.admissionOperations()
	d.peopleOperations()
	d.standInOperations()
	d.keyOperations()
	d.auditOperations()
	d.letterOperations()
	d.setupOperations()
	register(d, huma.Operation{
		OperationID: "locate", Method: http.MethodGet, Path: base + "/locate", Tags: []string{"district"},
		Summary:     "一个点在哪个网格 · The grid of a point",
		Description: "边界上的点总归同一边。不在任何网格内的，给出最近的网格。 · A point on a border always belongs to the same side. Outside every grid the nearest one is given.",
	}, anyKey, d.locate)
}

// config describes the interface as a whole.
func config() huma.Config {
	c := huma.DefaultConfig("邻里 Linli", "1.0.0")
	c.DocsPath, c.SchemasPath = "", ""
	c.CreateHooks = nil // no $schema links in the answers
	c.RejectUnknownQueryParameters = true
	c.Transformers = []huma.Transformer{translated}
	c.Info.Description = "上报、查案件、取区里的表。密钥放在 Authorization: Bearer 里。出错时回 problem+json，code 不变，文字有中英文。" +
		" · Send reports, read cases and the district's tables. The key goes into Authorization: Bearer. Failures are problem+json with a stable code and words in both languages."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "linli_…，由区管理员发 · given out by the district's administrator"},
	}
	c.Security = []map[string][]string{{"key": {}}}
	c.Tags = []*huma.Tag{
		{Name: "reports", Description: "来件 · What people send"},
		{Name: "cases", Description: "案件 · Cases, without personal data"},
		{Name: "acts", Description: "办件 · What is done to cases, by keys that act"},
		{Name: "tasks", Description: "待办和提醒 · Tasks and notices"},
		{Name: "supervision", Description: "督办、协调会、看板 · Supervision, meetings, the board"},
		{Name: "scores", Description: "考核 · Scorecards"},
		{Name: "events", Description: "变更流和推送 · The change feed and webhooks"},
		{Name: "district", Description: "区里的表 · The district's tables"},
		{Name: "administration", Description: "设置和权限 · Set-up and rights"},
	}
	return c
}

// register adds an operation that a key with a right may call. fn gets who
// calls; what it returns as an error becomes a problem.
func register[I, O any](d *door, op huma.Operation, needs rights.Right, fn func(context.Context, *caller, *I) (*O, error)) {
	if op.Metadata == nil {
		op.Metadata = map[string]any{}
	}
	op.Metadata[rightKey] = needs
	if needs != anyKey {
		op.Description += "\n\n密钥要有 · The key needs: `" + string(needs) + "`"
	}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["default"] = &huma.Response{
		Description: "没办成 · Not done",
		Content:     map[string]*huma.MediaType{problemType: {Schema: d.schema(typeOf[Problem]())}},
	}
	part := "query"
	if op.Method != http.MethodGet {
		part = "body"
	}
	declare(&op)
	huma.Register(d.api, op, func(ctx context.Context, in *I) (*O, error) {
		c, f := callerOf(ctx), frameOf(ctx)
		err := d.enter(f, in)
		var out *O
		if err == nil {
			out, err = fn(ctx, c, in)
		}
		if err != nil {
			return nil, d.problem(ctx, op.Method+" "+op.Path, c.Lang, part, d.failure(ctx, c, f, err))
		}
		d.leave(f, out)
		return out, nil
	})
	d.describe(op)
}

// schema is a type of ours in the document, by its name.
func (d *door) schema(t reflect.Type) *huma.Schema {
	return d.api.OpenAPI().Components.Schemas.Schema(t, true, t.Name())
}

// nowhere answers for an address below /api/ that is none.
func (d *door) nowhere(w http.ResponseWriter, r *http.Request) {
	d.problem(r.Context(), r.URL.Path, language(r.Header.Get("Accept-Language")), "path",
		errs.New(errs.NotFound, "没有这个接口：%[1]s %[2]s。全部接口见 /openapi.json。", "There is no such operation: %[1]s %[2]s. All of them are in /openapi.json.", r.Method, short(r.URL.Path))).write(w)
}

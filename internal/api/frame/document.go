package frame

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// declare says of an operation, in the OpenAPI document, what the frame adds to
// it: parameters that no operation reads itself.
func declare(op *huma.Operation) {
	say := func(in, name, text string, schema *huma.Schema) {
		for _, p := range op.Parameters {
			if p.Name == name && p.In == in {
				return
			}
		}
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: in, Description: text, Schema: schema})
	}
	text := func(most int) *huma.Schema { return &huma.Schema{Type: huma.TypeString, MaxLength: &most} }
	if op.Method == http.MethodGet {
		say("header", "If-None-Match", "手里那份的 ETag；没变就回 304 · The ETag of what you have; 304 where it has not changed", text(200))
		return
	}
	if op.Metadata[unkeptKey] == nil {
		say("header", repeatHeader, "这次请求的名字；同名同内容再发，回第一次的结果，不办第二遍 · A name for this request; the same again by that name gets the first answer and does nothing", text(repeatMost))
	}
	if op.Metadata[matchKey] != nil {
		say("header", "If-Match", "您看到的那一版案件的 ETag；变过了就回 412，不办 · The ETag of the case as you saw it; 412, and nothing done, where it has changed", text(200))
	}
}

// describe adds to a registered operation what depends on what it answers.
func (d *Door) describe(op huma.Operation) {
	item := d.api.OpenAPI().Paths[op.Path]
	if item == nil {
		return
	}
	for _, known := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
		if known != nil && known.Method == op.Method {
			d.exemplify(known)
		}
	}
	if op.Method != http.MethodGet || item.Get == nil {
		return
	}
	if schema, _ := d.answerOf(item.Get); schema == nil {
		return
	}
	most := fieldsMost
	item.Get.Parameters = append(item.Get.Parameters, &huma.Param{
		Name: "fields", In: "query", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &most},
		Description: "只要这几项，逗号隔开，里层用点：id,place.street · Only these, separated by commas, dots leading inward: id,place.street",
	})
	if ok := item.Get.Responses["200"]; ok != nil {
		ok.Headers = map[string]*huma.Param{"ETag": {Description: "内容变了它就变 · Changes with the content", Schema: &huma.Schema{Type: huma.TypeString}}}
		item.Get.Responses["304"] = &huma.Response{Description: "没变 · Not changed"}
	}
}

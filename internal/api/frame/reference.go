package frame

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/errs"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// The reference is the OpenAPI document as people read it: the same words, half
// of them in the reader's language.

// chapter is a tag with its operations.
type chapter struct {
	Name, Title string
	Operations  []entry
}

// entry is an operation.
type entry struct {
	ID, Method, Path string
	Summary, Text    string
	Needs            string
	Deprecated       bool
	Asks, Body, Says []line // parameters, members of the body, members of the answer
	Sent, Got        string // the example
}

// line is a parameter or a member.
type line struct{ Name, Kind, Text string }

// half is what of a text in both languages a reader sees: they stand apart by a
// dot between blanks.
func half(v *page.View, text string) string {
	zh, en, ok := strings.Cut(text, " · ")
	if !ok {
		return text
	}
	return v.Say("%[1]s", "%[2]s", zh, en)
}

// need is half of what a key needs. The names of rights are the same in both
// languages and stand once, at the end.
func need(v *page.View, text string) string {
	_, names, named := strings.Cut(text, ": ")
	said := half(v, text)
	if !named || strings.HasSuffix(said, names) {
		return said
	}
	return said + " " + names
}

// referenceRoutes adds the pages.
func (d *Door) referenceRoutes(mux *http.ServeMux) {
	mux.Handle("GET /api/{$}", d.house.Handle(d.showReference))
	mux.Handle("GET /api/v1", d.house.Handle(d.showReference))
	mux.Handle("GET /api/reference/{tag}", d.house.Handle(d.showChapter))
}

func (d *Door) showReference(v *page.View) error {
	return v.Show(http.StatusOK, referencePage(v, d.chapters(v)))
}

func (d *Door) showChapter(v *page.View) error {
	for _, c := range d.chapters(v) {
		if c.Name == v.R.PathValue("tag") {
			return v.Show(http.StatusOK, chapterPage(v, c))
		}
	}
	return errs.New(errs.NotFound, "没有这一章。", "There is no such chapter.")
}

// chapters are all operations by their tags, in the order of the document.
func (d *Door) chapters(v *page.View) (all []chapter) {
	doc := d.api.OpenAPI()
	for _, tag := range doc.Tags {
		all = append(all, chapter{Name: tag.Name, Title: half(v, tag.Description)})
	}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		item := doc.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil || len(op.Tags) == 0 {
				continue
			}
			i := slices.IndexFunc(all, func(c chapter) bool { return c.Name == op.Tags[0] })
			if i < 0 {
				i, all = len(all), append(all, chapter{Name: op.Tags[0], Title: op.Tags[0]})
			}
			all[i].Operations = append(all[i].Operations, d.entryOf(v, op))
		}
	}
	return slices.DeleteFunc(all, func(c chapter) bool { return len(c.Operations) == 0 })
}

func (d *Door) entryOf(v *page.View, op *huma.Operation) entry {
	text, needs, _ := strings.Cut(op.Description, "\n\n")
	out := entry{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: half(v, op.Summary), Text: half(v, text), Deprecated: op.Deprecated}
	var more []string
	for part := range strings.SplitSeq(needs, "\n\n") {
		if part != "" {
			more = append(more, strings.TrimRight(need(v, strings.ReplaceAll(part, "`", "")), "。."))
		}
	}
	out.Needs = strings.Join(more, v.Say("；", "; "))
	for _, p := range op.Parameters {
		kind := map[string]string{"path": v.Say("地址里", "in the address"), "query": v.Say("参数", "parameter"), "header": v.Say("头", "header")}[p.In]
		out.Asks = append(out.Asks, line{p.Name, kind + v.Say("，", ", ") + d.kindOf(v, p.Schema, p.Required), half(v, p.Description)})
	}
	if op.RequestBody != nil {
		if j := op.RequestBody.Content["application/json"]; j != nil {
			out.Body, out.Sent = d.members(v, d.resolved(j.Schema)), example(j.Example)
		}
	}
	for _, status := range []string{"200", "201"} {
		if r := op.Responses[status]; r != nil && r.Content["application/json"] != nil && out.Says == nil {
			j := r.Content["application/json"]
			out.Says, out.Got = d.members(v, d.resolved(j.Schema)), example(j.Example)
		}
	}
	return out
}

// members lists what an object has, as far as two levels.
func (d *Door) members(v *page.View, s *huma.Schema) (all []line) {
	if s == nil {
		return nil
	}
	for _, name := range namesOf(s) {
		p := s.Properties[name]
		all = append(all, line{name, d.kindOf(v, p, slices.Contains(s.Required, name)), half(v, p.Description)})
		if inner := d.resolved(p); inner != nil && name == "items" {
			for _, l := range d.members(v, inner) {
				l.Name = name + "[]." + l.Name
				all = append(all, l)
			}
		}
	}
	return all
}

// kindOf says what a value may be.
func (d *Door) kindOf(v *page.View, s *huma.Schema, required bool) string {
	if s == nil {
		return ""
	}
	kind := s.Type
	if inner := d.resolved(s); s.Ref != "" && inner != nil {
		kind = inner.Type
	}
	words := map[string]string{
		huma.TypeString: v.Say("文字", "text"), huma.TypeInteger: v.Say("整数", "whole number"), huma.TypeNumber: v.Say("数", "number"),
		huma.TypeBoolean: "true / false", huma.TypeArray: v.Say("列表", "list"), huma.TypeObject: v.Say("对象", "object"),
	}
	said := words[kind]
	if s.Format == "date-time" {
		said = v.Say("时间", "time")
	}
	if len(s.Enum) > 0 {
		var each []string
		for _, e := range s.Enum {
			each = append(each, fmt.Sprint(e))
		}
		said = strings.Join(each, " | ")
	}
	if required {
		said += v.Say("，必有", ", always there")
	}
	return said
}

// example is JSON as people read it.
func example(of any) string {
	if of == nil {
		return ""
	}
	data, err := json.Marshal(of)
	if err != nil {
		return ""
	}
	var b bytes.Buffer
	if json.Indent(&b, data, "", "  ") != nil {
		return ""
	}
	return b.String()
}

// meaning is a code of a problem and what to do about it.
type meaning struct{ Code, Status, Text string }

func meanings(v *page.View) []meaning {
	return []meaning{
		{"invalid", "422, 400", v.Say("内容不对，errors 里写明在哪；改了再发", "What was sent is not right; errors says where. Change it and send again")},
		{"not-found", "404", v.Say("没有，或者不归您看", "There is none, or it is not for you to see")},
		{"conflict", "409", v.Say("和现在的情况对不上；重新取一次再看", "It does not fit how things stand; read again and look")},
		{"changed", "412", v.Say("If-Match 那一版以后有人动过；没有办", "Somebody has changed it since the version of If-Match; nothing was done")},
		{"running", "409", v.Say("同一个 Idempotency-Key 的请求正在办；等 Retry-After 再来", "The request of this Idempotency-Key is under way; come again after Retry-After")},
		{"unfinished", "409", v.Say("上次办到一半停了；先查，没办成再换一个名字发", "It was stopped half-way; look first, and if it was not done send it under another name")},
		{"reused", "422", v.Say("这个 Idempotency-Key 用过了，内容却不同", "This Idempotency-Key was used with other content")},
		{"forbidden", "403", v.Say("密钥没有这项权限", "The key does not have this right")},
		{"sign-in", "401", v.Say("没有密钥，或者不对、已到期", "There is no key, or it is wrong or has expired")},
		{"too-large", "413", v.Say("超过写明的大小", "Larger than is said here")},
		{"often", "429", v.Say("来得太多；等 Retry-After 再来", "Too many; come again after Retry-After")},
		{"busy", "503, 408", v.Say("正忙；过一会儿再来", "Busy; come again in a while")},
		{"internal", "500", v.Say("我们这边出错；带着 reference 来问", "Something broke on our side; ask with its reference")},
	}
}

// referenceBar is the top and the bottom of these pages.
func referenceBar(v *page.View, back ui.Link) ui.ResidentBar {
	return ui.ResidentBar{Back: back, Home: "/", Foot: []ui.Link{{Text: "OpenAPI 3.1", Href: "/openapi.json"}, {Text: v.Say("接口说明", "Reference"), Href: "/api/"}}}
}

package conform

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"linli/internal/georeport"
)

// discovery checks the one document that says where everything is.
func (s *suite) discovery() {
	s.check("discovery", secDiscovery, "有发现文件，写明接口地址、格式和联系方式", "the discovery document names endpoints, formats and contacts", func(f *finding) {
		a := s.ask(http.MethodGet, s.t.Discovery+"."+string(s.f), nil, nil)
		if !a.good(f, s.f, http.StatusOK) {
			return
		}
		n, err := parse(a.body, s.f, "discovery")
		if err != nil {
			f.fault("%s: %v", a.what, err)
			return
		}
		for _, name := range []string{"changeset", "contact", "key_service"} {
			if _, ok := n.text(name); !ok {
				f.fault("%s is missing", name)
			}
		}
		s.endpoints(f, n)
	})
}

func (s *suite) endpoints(f *finding, n node) {
	all, err := n.fields["endpoints"].items(s.f, "endpoint")
	if err != nil {
		f.fault("endpoints: %v", err)
	}
	ours := false
	for i, e := range all {
		for _, name := range []string{"specification", "url", "changeset"} {
			if _, ok := e.text(name); !ok {
				f.fault("%s is missing", at("endpoints", i, name))
			}
		}
		if kind, _ := e.text("type"); !oneOf(kind, "production", "test") {
			f.fault("%s is %q", at("endpoints", i, "type"), kind)
		}
		if formats, err := e.fields["formats"].items(s.f, "format"); err != nil || len(formats) == 0 {
			f.fault("%s is no list of formats", at("endpoints", i, "formats"))
		}
		spec, _ := e.text("specification")
		ours = ours || spec == georeport.Specification
	}
	if !ours {
		f.fault("no endpoint has the specification %s", georeport.Specification)
	}
}

// services checks the list of what can be reported.
func (s *suite) services() {
	var list []node
	s.check("services", secServices, "服务清单回 200，类型和编码都对，是一个清单", "the list of services answers 200 in the right type and encoding, as a list", func(f *finding) {
		a := s.get("services", nil)
		if a.good(f, s.f, http.StatusOK) {
			list = a.listed(f, s.f, "services", "service")
		}
		if len(list) == 0 && len(f.faults) == 0 {
			f.advise("there is no service")
		}
	})
	s.asks = nil
	s.check("service-fields", secServices, "每个服务有代码、名称、metadata 和类型", "every service has its code, name, metadata and type", func(f *finding) {
		if len(list) == 0 {
			f.skip("no services")
		}
		for i, one := range list {
			s.service(f, i, one)
		}
	})
	s.check("service-codes", secServices, "service_code 不重复", "no service_code is there twice", func(f *finding) {
		seen := map[string]bool{}
		for _, code := range s.codes[s.f] {
			if seen[code] {
				f.fault("%q is there twice", code)
			}
			seen[code] = true
		}
	})
}

func (s *suite) service(f *finding, i int, one node) {
	for _, name := range []string{"service_code", "service_name"} {
		if _, ok := one.text(name); !ok {
			f.fault("%s is missing", at("services", i, name))
		}
	}
	for _, name := range []string{"service_code", "service_name", "description", "keywords", "group"} {
		if !one.isText(name) {
			f.fault("%s is no text", at("services", i, name))
		}
	}
	code, _ := one.text("service_code")
	s.codes[s.f] = append(s.codes[s.f], code)
	if s.truth(f, one, at("services", i, "metadata"), "metadata") == "true" {
		s.asks = append(s.asks, code)
	}
	if kind, _ := one.text("type"); !oneOf(kind, georeport.Realtime, georeport.Batch, georeport.Blackbox) {
		f.fault("%s is %q", at("services", i, "type"), kind)
	}
}

// truth is a field that is true or false: in JSON a boolean, in XML the word.
func (s *suite) truth(f *finding, n node, where, name string) string {
	value := n.fields[name].value
	if s.f == georeport.JSON {
		if b, ok := value.(bool); ok {
			return strconv.FormatBool(b)
		}
	} else if text, _ := value.(string); text == "true" || text == "false" {
		return text
	}
	f.fault("%s is %v and not true or false", where, value)
	return ""
}

// definition checks what a service asks for.
func (s *suite) definition() {
	s.check("definition", secDefinition, "metadata 为 true 的服务有定义，写明每一项", "a service with metadata has a definition with its attributes", func(f *finding) {
		if len(s.asks) == 0 {
			f.skip("no service has metadata")
			return
		}
		for _, code := range s.asks[:min(len(s.asks), 3)] {
			s.define(f, code)
		}
	})
}

func (s *suite) define(f *finding, code string) {
	a := s.get("services/"+url.PathEscape(code), nil)
	if !a.good(f, s.f, http.StatusOK) {
		return
	}
	n, err := parse(a.body, s.f, "service_definition")
	if err != nil || n.kind != object {
		f.fault("%s: no definition: %v", a.what, err)
		return
	}
	if got, _ := n.text("service_code"); got != code || !n.isText("service_code") {
		f.fault("%s: service_code is %q", a.what, got)
	}
	all, err := n.fields["attributes"].items(s.f, "attribute")
	if err != nil || len(all) == 0 {
		f.fault("%s: attributes: a list of one or more is wanted (%v)", a.what, err)
	}
	orders := map[string]bool{}
	for i, one := range all {
		s.attribute(f, i, one)
		order, ok := one.text("order")
		if n, err := strconv.Atoi(order); ok && (err != nil || n < 1 || orders[order]) {
			f.fault("%s is %q", at("attributes", i, "order"), order)
		}
		orders[order] = true
	}
}

func (s *suite) attribute(f *finding, i int, one node) {
	s.truth(f, one, at("attributes", i, "variable"), "variable")
	s.truth(f, one, at("attributes", i, "required"), "required")
	if _, ok := one.text("code"); !ok || !one.isText("code") {
		f.fault("%s is no text", at("attributes", i, "code"))
	}
	if _, number := one.fields["order"].value.(json.Number); s.f == georeport.JSON && one.fields["order"].value != nil && !number {
		f.fault("%s is no number", at("attributes", i, "order"))
	}
	kind, _ := one.text("datatype")
	if !oneOf(kind, georeport.String, georeport.Number, georeport.Datetime, georeport.Lines, georeport.SingleList, georeport.MultiList) {
		f.fault("%s is %q", at("attributes", i, "datatype"), kind)
	}
	if !oneOf(kind, georeport.SingleList, georeport.MultiList) {
		return
	}
	values, err := one.fields["values"].items(s.f, "value")
	if err != nil || len(values) == 0 {
		f.fault("%s: a list of one or more is wanted (%v)", at("attributes", i, "values"), err)
	}
	for _, v := range values {
		if _, ok := v.text("key"); !ok || !v.isText("key") || !v.isText("name") {
			f.fault("%s: a value has no key or name", at("attributes", i, "values"))
		}
	}
}

package ogc

import (
	"linli/internal/area"
)

// node is a piece of the OpenAPI document.
type node = map[string]any

// definition is the interface as OpenAPI 3.0, which OGC API – Features names.
func definition(c *call) (answer, error) {
	name := c.District.Areas.Name(area.Code(c.District.Code))
	out := node{
		"openapi": "3.0.3",
		"info":    node{"title": c.Say("%[1]s的区域", "The areas of %[2]s", name.ZH, name.EN), "version": "1.0.0"},
		"servers": []node{{"url": c.base}},
		"paths":   c.paths(),
		"components": node{"schemas": node{
			"exception": node{"type": "object", "required": []string{"code"}, "properties": node{"code": node{"type": "string"}, "description": node{"type": "string"}}},
			"feature":   featureSchema(),
		}},
	}
	return answer{typeOpenAPI, out, func(c *call) error { return c.showDefinition() }}, nil
}

// featureSchema is the shape of a feature.
func featureSchema() node {
	text := node{"type": "string"}
	props := node{}
	for _, name := range []string{"code", "name", "name_en", "tier", "kind", "parent", "valid_from", "valid_to"} {
		props[name] = text
	}
	return node{"type": "object", "required": []string{"type", "id", "geometry", "properties"}, "properties": node{
		"type": node{"type": "string", "enum": []string{"Feature"}}, "id": text,
		"geometry":   node{"type": "object", "nullable": true},
		"properties": node{"type": "object", "properties": props},
		"links":      node{"type": "array", "items": node{"type": "object"}},
	}}
}

func (c *call) paths() node {
	id, feature := pathParameter("collection"), pathParameter("feature")
	names := []string{}
	for _, col := range collections() {
		names = append(names, col.id)
	}
	id["schema"] = node{"type": "string", "enum": names}
	narrow := []node{
		id,
		{"name": "bbox", "in": "query", "style": "form", "explode": false, "schema": node{"type": "array", "minItems": 4, "maxItems": 6, "items": node{"type": "number"}}, "description": c.Say("西,南,东,北", "west,south,east,north")},
		{"name": "datetime", "in": "query", "schema": node{"type": "string"}, "description": c.Say("某一天，或用 / 隔开的一段；不写就是今天", "A day, or a span with / between; today where it is left out")},
		{"name": "limit", "in": "query", "style": "form", "explode": false, "schema": node{"type": "integer", "minimum": 1, "maximum": limitMost, "default": limitUnasked}},
		{"name": "offset", "in": "query", "schema": node{"type": "integer", "minimum": 0, "default": 0}},
	}
	return node{
		"/":                               c.operation("landing", typeJSON),
		"/api":                            c.operation("definition", typeOpenAPI),
		"/conformance":                    c.operation("conformance", typeJSON),
		"/collections":                    c.operation("collections", typeJSON),
		"/collections/{collection}":       c.operation("collection", typeJSON, id),
		"/collections/{collection}/items": c.operation("items", typeGeoJSON, narrow...),
		"/collections/{collection}/items/{feature}": c.operation("item", typeGeoJSON, id, feature),
	}
}

func pathParameter(name string) node {
	return node{"name": name, "in": "path", "required": true, "schema": node{"type": "string"}}
}

// operation is reading one resource, in either form.
func (c *call) operation(id, kind string, parameters ...node) node {
	parameters = append(parameters,
		node{"name": "f", "in": "query", "schema": node{"type": "string", "enum": []string{formJSON, formHTML}}},
		node{"name": "lang", "in": "query", "schema": node{"type": "string", "enum": []string{"zh", "en"}}})
	failure := node{"description": c.Say("没办成", "Not done"), "content": node{typeJSON: node{"schema": node{"$ref": "#/components/schemas/exception"}}}}
	schema := node{"type": "object"}
	if id == "item" {
		schema = node{"$ref": "#/components/schemas/feature"}
	}
	return node{"get": node{
		"operationId": id, "parameters": parameters,
		"responses": node{
			"200": node{"description": c.Say("办好了", "Done"), "content": node{kind: node{"schema": schema}, typeHTML: node{"schema": node{"type": "string"}}}},
			"400": failure, "404": failure,
		},
	}}
}

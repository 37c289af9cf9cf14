package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// document is as much of OpenAPI as ours uses.
type document struct {
	Paths      map[string]map[string]*operation `json:"paths"`
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	ID          string              `json:"operationId"`
	Summary     string              `json:"summary"`
	Description string              `json:"description"`
	Deprecated  bool                `json:"deprecated"`
	Parameters  []parameter         `json:"parameters"`
	Body        *content            `json:"requestBody"`
	Responses   map[string]*content `json:"responses"`

	method, path string
}

type parameter struct {
	Name        string  `json:"name"`
	In          string  `json:"in"`
	Description string  `json:"description"`
	Schema      *schema `json:"schema"`
}

type content struct {
	Content map[string]struct {
		Schema *schema `json:"schema"`
	} `json:"content"`
}

type schema struct {
	Ref         string             `json:"$ref"`
	Type        kinds              `json:"type"`
	Format      string             `json:"format"`
	Encoding    string             `json:"contentEncoding"`
	Description string             `json:"description"`
	Enum        []any              `json:"enum"`
	Items       *schema            `json:"items"`
	Properties  map[string]*schema `json:"properties"`
	Required    []string           `json:"required"`
	Additional  json.RawMessage    `json:"additionalProperties"`
}

// kinds is a type, or a list of types.
type kinds []string

// UnmarshalJSON reads both forms.
func (k *kinds) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*k = kinds{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(k))
}

// main is the type that is not null.
func (k kinds) main() string {
	for _, one := range k {
		if one != "null" {
			return one
		}
	}
	return ""
}

// operations lists all of them by their ids.
func (d *document) operations() (all []*operation) {
	for path, methods := range d.Paths {
		for method, op := range methods {
			op.method, op.path = strings.ToUpper(method), path
			all = append(all, op)
		}
	}
	slices.SortFunc(all, func(a, b *operation) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// answer is the schema of what an operation answers; nil where it is nothing or
// no JSON.
func (o *operation) answer() (s *schema, kind string) {
	for _, status := range []string{"200", "201", "202"} {
		r := o.Responses[status]
		if r == nil {
			continue
		}
		if j, ok := r.Content["application/json"]; ok {
			return j.Schema, "json"
		}
		if len(r.Content) > 0 {
			return nil, "bytes"
		}
	}
	return nil, ""
}

// goName makes a Go name of one in the document: list-cases, opened_at.
func goName(s string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if upper := strings.ToUpper(word); slices.Contains([]string{"ID", "URL", "ZH", "EN", "API"}, upper) {
			b.WriteString(upper)
			continue
		}
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// argument is a Go name for a parameter of a method.
func argument(s string) string {
	name := goName(s)
	if name == strings.ToUpper(name) {
		return strings.ToLower(name)
	}
	name = strings.ToLower(name[:1]) + name[1:]
	if slices.Contains([]string{"case", "type", "func", "range", "ctx", "body", "c", "q", "opts"}, name) {
		return "the" + goName(s)
	}
	return name
}

// english is the English half of a text in both languages.
func english(s string) string {
	s, _, _ = strings.Cut(s, "\n\n")
	if _, en, ok := strings.Cut(s, " · "); ok {
		return en
	}
	return s
}

func unknown(what string, args ...any) error { return fmt.Errorf("the document has "+what, args...) }

package casework

import (
	"encoding/json"
	"fmt"
	"strings"
)

// listOf scans a column that holds names between commas; no name holds one.
func listOf(into *[]string) any { return list{into} }

type list struct{ into *[]string }

func (l list) Scan(v any) error {
	s, err := asText(v)
	if err != nil || s == "" {
		*l.into = nil
		return err
	}
	*l.into = strings.Split(s, ",")
	return nil
}

func joined(names []string) string { return strings.Join(names, ",") }

// jsonOf scans a column that holds JSON; empty is the zero value.
func jsonOf[T any](into *T) any { return document[T]{into} }

type document[T any] struct{ into *T }

func (d document[T]) Scan(v any) error {
	s, err := asText(v)
	var zero T
	*d.into = zero
	if err != nil || s == "" {
		return err
	}
	return json.Unmarshal([]byte(s), d.into)
}

func encoded(v any) (string, error) {
	data, err := json.Marshal(v)
	return string(data), err
}

func asText(v any) (string, error) {
	switch s := v.(type) {
	case string:
		return s, nil
	case []byte:
		return string(s), nil
	}
	return "", fmt.Errorf("a text column holds %T", v)
}

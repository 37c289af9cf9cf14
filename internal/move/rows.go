package move

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"linli/internal/db"
)

// cell is one value on its way between a row and a line. A column has one of
// four types.
type cell struct {
	text  string
	whole int64
	yes   bool
	real  float64
}

// dest is where a column of a type is scanned to.
func (c *cell) dest(kind string) any {
	switch kind {
	case "bigint":
		return &c.whole
	case "boolean":
		return &c.yes
	case "double precision":
		return &c.real
	}
	return &c.text
}

// value is what is written to a column of a type.
func (c *cell) value(kind string) any {
	switch kind {
	case "bigint":
		return c.whole
	case "boolean":
		return c.yes
	case "double precision":
		return c.real
	}
	return c.text
}

// append writes the value as JSON, always the same way.
func (c *cell) append(b []byte, kind string) ([]byte, error) {
	switch kind {
	case "bigint":
		return strconv.AppendInt(b, c.whole, 10), nil
	case "boolean":
		return strconv.AppendBool(b, c.yes), nil
	case "double precision":
		if math.IsNaN(c.real) || math.IsInf(c.real, 0) {
			return nil, errors.New("a number that is none")
		}
		if c.real == 0 {
			return append(b, '0'), nil // SQLite keeps no sign of nothing
		}
		return strconv.AppendFloat(b, c.real, 'g', -1, 64), nil
	}
	return appendText(b, c.text)
}

// appendText writes a JSON text. Only what must be escaped is.
func appendText(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, errors.New("a text that is not UTF-8")
	}
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"'), nil
}

// appendRow writes one row as a line. Which row it is is told by its key where
// it cannot be written.
func appendRow(b []byte, columns []db.Column, cells []cell) ([]byte, error) {
	b = append(b, '{')
	for i := range columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), columns[i].Name...), '"', ':')
		var err error
		if b, err = cells[i].append(b, columns[i].Type); err != nil {
			return nil, fmt.Errorf("%s of the row %s: %w", columns[i].Name, keyOf(columns, cells), err)
		}
	}
	return append(b, '}', '\n'), nil
}

// keyOf names a row by its primary key after the district.
func keyOf(columns []db.Column, cells []cell) (key string) {
	for i, c := range columns {
		if c.Key > 1 {
			key += fmt.Sprint(" ", cells[i].value(c.Type))
		}
	}
	return key
}

// parseRow reads a line into cells: every column, each once, and nothing else.
func parseRow(line []byte, columns []db.Column, number map[string]int, cells []cell) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(line, &members); err != nil {
		return errors.New("it is no JSON object")
	}
	if len(members) != len(columns) {
		return fmt.Errorf("it has %d members, not %d", len(members), len(columns))
	}
	for name, raw := range members {
		i, ok := number[name]
		if !ok {
			return fmt.Errorf("there is no column %q", name)
		}
		if err := cells[i].parse(raw, columns[i].Type); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (c *cell) parse(raw json.RawMessage, kind string) (err error) {
	switch kind {
	case "bigint":
		c.whole, err = strconv.ParseInt(string(raw), 10, 64)
	case "boolean":
		c.yes = string(raw) == "true"
		if !c.yes && string(raw) != "false" {
			err = errors.New("neither true nor false")
		}
	case "double precision":
		if c.real, err = strconv.ParseFloat(string(raw), 64); err == nil && (math.IsNaN(c.real) || math.IsInf(c.real, 0)) {
			err = errors.New("not a number")
		}
	default:
		c.text = ""
		if len(raw) == 0 || raw[0] != '"' {
			return errors.New("not a text")
		}
		if err = json.Unmarshal(raw, &c.text); err == nil && containsNUL(c.text) {
			err = errors.New("a text with a zero byte")
		}
	}
	return err
}

func containsNUL(s string) bool {
	for i := range len(s) {
		if s[i] == 0 {
			return true
		}
	}
	return false
}

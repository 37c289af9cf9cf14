package georeport

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Text is a text or a code. Empty is null in JSON and an empty element in XML.
// Numbers and truth values are read as they are written.
type Text string

// MarshalJSON writes null for the empty text.
func (t Text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

// UnmarshalJSON takes whatever single value there is.
func (t *Text) UnmarshalJSON(data []byte) error {
	s, err := single(data)
	*t = Text(s)
	return err
}

// UnmarshalXML takes the text of an element, without the white space around it.
func (t *Text) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	s, err := written(d, start)
	*t = Text(s)
	return err
}

// Flag is true or false.
type Flag bool

// UnmarshalJSON takes true, "true", 1 and "1" as true.
func (f *Flag) UnmarshalJSON(data []byte) error {
	s, err := single(data)
	*f = truth(s)
	return err
}

// UnmarshalXML does the same.
func (f *Flag) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	s, err := written(d, start)
	*f = truth(s)
	return err
}

func truth(s string) Flag { return Flag(strings.EqualFold(s, "true") || s == "1") }

// Whole is a whole number; zero is one that is not known.
type Whole int

// UnmarshalJSON takes a number, or text that is one.
func (n *Whole) UnmarshalJSON(data []byte) error {
	s, err := single(data)
	*n = whole(s)
	return err
}

// UnmarshalXML does the same.
func (n *Whole) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	s, err := written(d, start)
	*n = whole(s)
	return err
}

func whole(s string) Whole {
	n, _ := strconv.Atoi(s) // what is none is not known
	return Whole(n)
}

// Degrees is one coordinate, in WGS84. Known is false where there is none: zero
// degrees are a place.
type Degrees struct {
	Value float64
	Known bool
}

// At is a coordinate that is known.
func At(value float64) Degrees { return Degrees{value, true} }

func (c Degrees) text() string {
	if !c.Known {
		return ""
	}
	return strconv.FormatFloat(c.Value, 'f', -1, 64)
}

// MarshalJSON writes a number or null.
func (c Degrees) MarshalJSON() ([]byte, error) {
	if !c.Known {
		return []byte("null"), nil
	}
	return []byte(c.text()), nil
}

// UnmarshalJSON takes a number, text that is one, or nothing.
func (c *Degrees) UnmarshalJSON(data []byte) error {
	s, err := single(data)
	if err != nil {
		return err
	}
	return c.parse(s)
}

// MarshalXML writes a number or an empty element.
func (c Degrees) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(c.text(), start)
}

// UnmarshalXML takes a number or nothing.
func (c *Degrees) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	s, err := written(d, start)
	if err != nil {
		return err
	}
	return c.parse(s)
}

func (c *Degrees) parse(s string) error {
	*c = Degrees{}
	if s == "" {
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != f || f < -360 || f > 360 {
		return fmt.Errorf("%.40q is no coordinate", s)
	}
	*c = At(f)
	return nil
}

// Instant is a moment. The zero time is one that is not known.
type Instant struct{ time.Time }

// W3C is how an instant is written: to the second, with its zone.
const W3C = "2006-01-02T15:04:05Z07:00"

func (i Instant) text() string {
	if i.IsZero() {
		return ""
	}
	return i.Format(W3C)
}

// MarshalJSON writes null for the zero time.
func (i Instant) MarshalJSON() ([]byte, error) { return Text(i.text()).MarshalJSON() }

// UnmarshalJSON reads what [ParseInstant] does.
func (i *Instant) UnmarshalJSON(data []byte) error {
	s, err := single(data)
	if err != nil || s == "" {
		*i = Instant{}
		return err
	}
	i.Time, err = ParseInstant(s)
	return err
}

// MarshalXML writes an empty element for the zero time.
func (i Instant) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(i.text(), start)
}

// UnmarshalXML reads what [ParseInstant] does.
func (i *Instant) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	s, err := written(d, start)
	if err != nil || s == "" {
		*i = Instant{}
		return err
	}
	i.Time, err = ParseInstant(s)
	return err
}

// ParseInstant reads an instant as the W3C note has it. A zone is needed; the
// zone without a colon, which some servers write, is taken too.
func ParseInstant(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999999999Z0700"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 && t.Year() < 3000 {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is no instant with its zone", s)
}

// single reads one JSON value as text; null is empty.
func single(data []byte) (string, error) {
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0 || string(data) == "null":
		return "", nil
	case data[0] == '"':
		var s string
		err := json.Unmarshal(data, &s)
		return strings.TrimSpace(s), err
	case data[0] == '{' || data[0] == '[':
		return "", fmt.Errorf("a single value was expected")
	}
	return string(data), nil
}

// written reads the text of an element.
func written(d *xml.Decoder, start xml.StartElement) (string, error) {
	var s string
	err := d.DecodeElement(&s, &start)
	return strings.TrimSpace(s), err
}

package georeport

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
)

// The lists. In JSON each is an array, also where it holds one or none; in XML
// it is an element that holds one element for each.
type (
	Services   []Service
	Attributes []Attribute
	Values     []Value
	Requests   []Request
	Notes      []Note
	Receipts   []Receipt
	Tokens     []Numbered
	Errors     []Error
	Endpoints  []Endpoint
	Formats    []Text
)

// member is what the elements of a list are called in XML.
const (
	inServices   = "service"
	inAttributes = "attribute"
	inValues     = "value"
	inRequests   = "request"
	inNotes      = "note"
	inErrors     = "error"
	inEndpoints  = "endpoint"
	inFormats    = "format"
)

// encodeList writes the elements of a list inside start.
func encodeList[T any](e *xml.Encoder, start xml.StartElement, member string, list []T) error {
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for i := range list {
		if err := e.EncodeElement(&list[i], xml.StartElement{Name: xml.Name{Local: member}}); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

// decodeList reads the elements of a list up to the end of its own element, and
// passes over what it does not know.
func decodeList[T any](d *xml.Decoder, member string, list *[]T) error {
	for {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if t.Name.Local != member {
				if err := d.Skip(); err != nil {
					return err
				}
				continue
			}
			var one T
			if err := d.DecodeElement(&one, &t); err != nil {
				return err
			}
			*list = append(*list, one)
		}
	}
}

// listOf reads a JSON array, or the one object that careless servers send in
// place of an array of one.
func listOf[T any](data []byte, list *[]T) error {
	data = bytes.TrimSpace(data)
	if len(data) > 0 && data[0] == '{' {
		var one T
		if err := json.Unmarshal(data, &one); err != nil {
			return err
		}
		*list = []T{one}
		return nil
	}
	return json.Unmarshal(data, list)
}

// arrayOf writes a list as an array, never as null.
func arrayOf[T any](list []T) ([]byte, error) {
	if list == nil {
		list = []T{}
	}
	return json.Marshal(list)
}

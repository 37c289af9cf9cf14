package georeport

import "encoding/xml"

// Each list is written and read by the same four rules of lists.go; the standard
// library asks for them as methods.

// MarshalJSON writes an array.
func (l Services) MarshalJSON() ([]byte, error) { return arrayOf([]Service(l)) }

// UnmarshalJSON reads an array.
func (l *Services) UnmarshalJSON(data []byte) error { return listOf(data, (*[]Service)(l)) }

// MarshalXML writes one element for each.
func (l Services) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return encodeList(e, start, inServices, l)
}

// UnmarshalXML reads one element for each.
func (l *Services) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	return decodeList(d, inServices, (*[]Service)(l))
}

// MarshalJSON writes an array.
func (l Attributes) MarshalJSON() ([]byte, error) { return arrayOf([]Attribute(l)) }

// UnmarshalJSON reads an array.
func (l *Attributes) UnmarshalJSON(data []byte) error { return listOf(data, (*[]Attribute)(l)) }

// MarshalXML writes one element for each.
func (l Attributes) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return encodeList(e, start, inAttributes, l)
}

// UnmarshalXML reads one element for each.
func (l *Attributes) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	return decodeList(d, inAttributes, (*[]Attribute)(l))
}

// MarshalJSON writes an array.
func (l Values) MarshalJSON() ([]byte, error) { return arrayOf([]Value(l)) }

// UnmarshalJSON reads an array.
func (l *Values) UnmarshalJSON(data []byte) error { return listOf(data, (*[]Value)(l)) }

// MarshalXML writes one element for each.
func (l Values) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return encodeList(e, start, inValues, l)
}

// UnmarshalXML reads one element for each.
func (l *Values) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	return decodeList(d, inValues, (*[]Value)(l))
}

// MarshalJSON writes an array.
func (l Requests) MarshalJSON() ([]byte, error) { return arrayOf([]Request(l)) }

// UnmarshalJSON reads an array.
func (l *Requests) UnmarshalJSON(data []byte) error { return listOf(data, (*[]Request)(l)) }

// MarshalXML writes one element for each.
func (l Requests) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return encodeList(e, start, inRequests, l)
}

// UnmarshalXML reads one element for each.
func (l *Requests) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	return decodeList(d, inRequests, (*[]Request)(l))
}

// MarshalJSON writes an array.
func (l Notes) MarshalJSON() ([]byte, error) { return arrayOf([]Note(l)) }

// UnmarshalJSON reads an array.
func (l *Notes) UnmarshalJSON(data []byte) error { return listOf(data, (*[]Note)(l)) }

// MarshalXML writes one element for each.
func (l Notes) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return encodeList(e, start, inNotes, l)
}

// UnmarshalXML reads one element for each.
func (l *Notes) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	return decodeList(d, inNotes, (*[]Note)(l))
}

// MarshalJSON writes an array.
func (l Receipts) MarshalJSON() ([]byte, error) { return arrayOf([]Receipt(l)) }

// UnmarshalJSON reads an array.
func (l *Receipts) UnmarshalJSON(data []byte) error { return listOf(data, (*[]Receipt)(l)) }

// MarshalXML writes one element for each.
func (l Receipts) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return encodeList(e, start, inRequests, l)
}

// UnmarshalXML reads one element for each.
func (l *Receipts) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	return decodeList(d, inRequests, (*[]Receipt)(l))
}

// MarshalJSON writes an array.
func (l Tokens) MarshalJSON() ([]byte, error) { return arrayOf([]Numbered(l)) }

// UnmarshalJSON reads an array.
func (l *Tokens) UnmarshalJSON(data []byte) error { return listOf(data, (*[]Numbered)(l)) }

// MarshalXML writes one element for each.
func (l Tokens) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return encodeList(e, start, inRequests, l)
}

// UnmarshalXML reads one element for each.
func (l *Tokens) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	return decodeList(d, inRequests, (*[]Numbered)(l))
}

// MarshalJSON writes an array.
func (l Errors) MarshalJSON() ([]byte, error) { return arrayOf([]Error(l)) }

// UnmarshalJSON reads an array.
func (l *Errors) UnmarshalJSON(data []byte) error { return listOf(data, (*[]Error)(l)) }

// MarshalXML writes one element for each.
func (l Errors) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return encodeList(e, start, inErrors, l)
}

// UnmarshalXML reads one element for each.
func (l *Errors) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	return decodeList(d, inErrors, (*[]Error)(l))
}

// MarshalJSON writes an array.
func (l Endpoints) MarshalJSON() ([]byte, error) { return arrayOf([]Endpoint(l)) }

// UnmarshalJSON reads an array.
func (l *Endpoints) UnmarshalJSON(data []byte) error { return listOf(data, (*[]Endpoint)(l)) }

// MarshalXML writes one element for each.
func (l Endpoints) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return encodeList(e, start, inEndpoints, l)
}

// UnmarshalXML reads one element for each.
func (l *Endpoints) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	return decodeList(d, inEndpoints, (*[]Endpoint)(l))
}

// MarshalJSON writes an array.
func (l Formats) MarshalJSON() ([]byte, error) { return arrayOf([]Text(l)) }

// UnmarshalJSON reads an array.
func (l *Formats) UnmarshalJSON(data []byte) error { return listOf(data, (*[]Text)(l)) }

// MarshalXML writes one element for each.
func (l Formats) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return encodeList(e, start, inFormats, l)
}

// UnmarshalXML reads one element for each.
func (l *Formats) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	return decodeList(d, inFormats, (*[]Text)(l))
}

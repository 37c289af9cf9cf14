package georeport

// Specification names the standard in a discovery document.
const Specification = "http://wiki.open311.org/GeoReport_v2"

// Service is one thing that can be reported.
type Service struct {
	Code        Text `json:"service_code" xml:"service_code"`
	Name        Text `json:"service_name" xml:"service_name"`
	Description Text `json:"description" xml:"description"`
	Metadata    Flag `json:"metadata" xml:"metadata"` // it has a definition that asks for more
	Type        Text `json:"type" xml:"type"`
	Keywords    Text `json:"keywords" xml:"keywords"`
	Group       Text `json:"group" xml:"group"`
}

// The types of a service: its number is told at once, later by a token, or never.
const (
	Realtime Text = "realtime"
	Batch    Text = "batch"
	Blackbox Text = "blackbox"
)

// Definition is what a service asks for beyond words and place.
type Definition struct {
	Code       Text       `json:"service_code" xml:"service_code"`
	Attributes Attributes `json:"attributes" xml:"attributes"`
}

// Attribute is one question of a definition.
type Attribute struct {
	Variable            Flag   `json:"variable" xml:"variable"` // false: only text to show
	Code                Text   `json:"code" xml:"code"`
	Datatype            Text   `json:"datatype" xml:"datatype"`
	Required            Flag   `json:"required" xml:"required"`
	DatatypeDescription Text   `json:"datatype_description" xml:"datatype_description"`
	Order               Whole  `json:"order" xml:"order"`
	Description         Text   `json:"description" xml:"description"`
	Values              Values `json:"values,omitempty" xml:"values,omitempty"`
}

// The types of an attribute.
const (
	String     Text = "string"
	Number     Text = "number"
	Datetime   Text = "datetime"
	Lines      Text = "text"
	SingleList Text = "singlevaluelist"
	MultiList  Text = "multivaluelist"
)

// Value is one answer that a list offers.
type Value struct {
	Key  Text `json:"key" xml:"key"`
	Name Text `json:"name" xml:"name"`
}

// The states of a request.
const (
	Open   Text = "open"
	Closed Text = "closed"
)

// Request is a request as anybody may read it.
type Request struct {
	ID          Text      `json:"service_request_id" xml:"service_request_id"`
	Status      Text      `json:"status" xml:"status"`
	StatusNotes Text      `json:"status_notes" xml:"status_notes"`
	ServiceName Text      `json:"service_name" xml:"service_name"`
	ServiceCode Text      `json:"service_code" xml:"service_code"`
	Description Text      `json:"description" xml:"description"`
	Agency      Text      `json:"agency_responsible" xml:"agency_responsible"`
	Notice      Text      `json:"service_notice" xml:"service_notice"`
	Requested   Instant   `json:"requested_datetime" xml:"requested_datetime"`
	Updated     Instant   `json:"updated_datetime" xml:"updated_datetime"`
	Expected    Instant   `json:"expected_datetime" xml:"expected_datetime"`
	Address     Text      `json:"address" xml:"address"`
	AddressID   Text      `json:"address_id" xml:"address_id"`
	Zipcode     Text      `json:"zipcode" xml:"zipcode"`
	Lat         Degrees   `json:"lat" xml:"lat"`
	Long        Degrees   `json:"long" xml:"long"`
	MediaURL    Text      `json:"media_url" xml:"media_url"`
	Extended    *Extended `json:"extended_attributes,omitempty" xml:"extended_attributes,omitempty"`
	Notes       Notes     `json:"notes,omitempty" xml:"notes,omitempty"`
}

// FromPeer is the channel of a request that its server fetched from another one:
// whoever fetches it again sends it round in a ring.
const FromPeer Text = "peer"

// Extended is what servers tell beyond the specification when they are asked
// with extensions=true.
type Extended struct {
	Channel    Text  `json:"channel" xml:"channel"`
	Step       Text  `json:"step" xml:"step"`
	StepName   Text  `json:"step_name" xml:"step_name"`
	State      Text  `json:"state" xml:"state"`
	Area       Text  `json:"area" xml:"area"`
	Unit       Text  `json:"unit" xml:"unit"`
	Reports    Whole `json:"reports" xml:"reports"`
	MergedInto Text  `json:"merged_into" xml:"merged_into"`
}

// Note is one event in the life of a request.
type Note struct {
	At          Instant `json:"datetime" xml:"datetime"`
	Description Text    `json:"description" xml:"description"`
	Type        Text    `json:"type" xml:"type"`
}

// Receipt is what whoever posts a request gets: a number, or a token for it.
type Receipt struct {
	ID      Text `json:"service_request_id,omitempty" xml:"service_request_id,omitempty"`
	Token   Text `json:"token,omitempty" xml:"token,omitempty"`
	Notice  Text `json:"service_notice" xml:"service_notice"`
	Account Text `json:"account_id" xml:"account_id"`
}

// Numbered says which request a token became; its number is empty until it is
// known.
type Numbered struct {
	ID    Text `json:"service_request_id" xml:"service_request_id"`
	Token Text `json:"token" xml:"token"`
}

// Error is one thing that went wrong.
type Error struct {
	Code        Text `json:"code" xml:"code"`
	Description Text `json:"description" xml:"description"`
}

// Discovery says where a server's interfaces are.
type Discovery struct {
	Changeset  Text      `json:"changeset" xml:"changeset"`
	Contact    Text      `json:"contact" xml:"contact"`
	KeyService Text      `json:"key_service" xml:"key_service"`
	Endpoints  Endpoints `json:"endpoints" xml:"endpoints"`
}

// Endpoint is one interface of a server.
type Endpoint struct {
	Specification Text    `json:"specification" xml:"specification"`
	URL           Text    `json:"url" xml:"url"`
	Changeset     Text    `json:"changeset" xml:"changeset"`
	Type          Text    `json:"type" xml:"type"` // production or test
	Formats       Formats `json:"formats" xml:"formats"`
}

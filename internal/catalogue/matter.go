package catalogue

import (
	"linli/internal/clock"
	"linli/internal/lang"
)

// Matter is an entry of the catalogue. In a [Catalogue] what it left empty has
// been taken from above it.
type Matter struct {
	Code      string
	Parent    string // empty at the top
	Title     lang.Text
	Kind      Kind
	Urgency   Urgency
	Limit     clock.Limit // zero: none
	Limits    Limits      // of cases of a class of urgency, in place of Limit
	Procedure string
	Form      string
	Filing    lang.Text // when it is taken
	Closing   lang.Text // when it counts as done
	Basis     []string  // laws and standards, as cited
	Words     []string  // how residents call it
	Secret    bool      // who reported it is kept from the unit
	ValidFrom clock.Date
	ValidTo   clock.Date // last day
}

// Kind says what sort of thing a matter is.
type Kind string

// The kinds of matter. A group only gathers others; no case is about it.
const (
	Component Kind = "component"
	Event     Kind = "event"
	Consult   Kind = "consult"
	Help      Kind = "help"
	Complaint Kind = "complaint"
	Report    Kind = "report"
	Suggest   Kind = "suggest"
	Hazard    Kind = "hazard"
	Dispute   Kind = "dispute"
	Group     Kind = "group"
)

var kindTitles = map[Kind]lang.Text{
	Component: {ZH: "部件", EN: "component"},
	Event:     {ZH: "事件", EN: "event"},
	Consult:   {ZH: "咨询", EN: "question"},
	Help:      {ZH: "求助", EN: "request for help"},
	Complaint: {ZH: "投诉", EN: "complaint"},
	Report:    {ZH: "举报", EN: "report of wrongdoing"},
	Suggest:   {ZH: "建议", EN: "suggestion"},
	Hazard:    {ZH: "隐患", EN: "hazard"},
	Dispute:   {ZH: "纠纷", EN: "dispute"},
	Group:     {ZH: "分类", EN: "group"},
}

// Title names the kind for a person.
func (k Kind) Title() lang.Text { return kindTitles[k] }

// Urgency is a class from A, danger to life or traffic, to F, a project.
type Urgency string

var urgencyTitles = map[Urgency]lang.Text{
	"A": {ZH: "危及安全", EN: "danger"},
	"B": {ZH: "影响秩序", EN: "disorder"},
	"C": {ZH: "设施维修", EN: "repair"},
	"D": {ZH: "绿化道路养护", EN: "upkeep of green and roads"},
	"E": {ZH: "执法查处", EN: "enforcement"},
	"F": {ZH: "工程改造", EN: "project"},
}

// Title names the class for a person.
func (u Urgency) Title() lang.Text { return urgencyTitles[u] }

// ValidOn reports whether the matter is in force on a day.
func (m Matter) ValidOn(day clock.Date) bool {
	return (m.ValidFrom == "" || m.ValidFrom <= day) && (m.ValidTo == "" || day <= m.ValidTo)
}

// inherit takes from above what m leaves empty.
func (m *Matter) inherit(above *Matter) {
	if m.Urgency == "" {
		m.Urgency = above.Urgency
	}
	if m.Limit.IsZero() {
		m.Limit = above.Limit
		if m.Limits == nil { // a limit of its own stands for every class
			m.Limits = above.Limits
		}
	}
	if m.Procedure == "" {
		m.Procedure = above.Procedure
	}
	if m.Form == "" {
		m.Form = above.Form
	}
	m.Secret = m.Secret || above.Secret
}

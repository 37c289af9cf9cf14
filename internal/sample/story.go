package sample

import (
	"time"

	"linli/internal/geo"
)

// Story is one case, as it came in and as it went on. The app tells it through
// the same verbs as everybody: intake receives the reports, casework acts.
type Story struct {
	Matter    string
	Procedure string // the procedure the moves were made for
	Danger    bool
	Secret    bool // the reporter asked to be kept secret, or the matter does
	Place     Place
	Grid      string // code of the grid the point lies in; empty where it lies in none
	Reports   []Report
	Moves     []Move
	Asks      []Ask
}

// At is when the story began.
func (s *Story) At() time.Time { return s.Reports[0].At }

// Place says how well a story knows where it happened.
type Place string

// How a place is known.
const (
	Located     Place = "located"     // a point in a grid
	AddressOnly Place = "address"     // no point, an address in words
	Outside     Place = "outside"     // a point beyond the district's edge
	Placeholder Place = "placeholder" // (0,0) or the Centre, which say nothing
)

// Report is what one person sent. The second and later reports of a story are
// neighbours who tell of the same thing; they belong attached to the first.
type Report struct {
	Sender  string // the channel's own reference, unlike any other
	At      time.Time
	Channel string // portal, hotline, counter, grid-worker or machine
	Login   string // who of the staff took it down; empty for portal and machine
	Lang    string // zh or en
	Text    string
	Address string
	Point   geo.Point // zero: none
	Name    string    // empty: anonymous, or a machine
	Phone   string    // empty: cannot be reached
	Photos  []string  // keys for Photo
}

// Move is one thing that somebody did with the case, at the task of that step.
type Move struct {
	At       time.Time
	Step     string
	Action   string
	Unit     string   // the unit it names; empty: the one proposed
	Co       []string // and those that help it
	By       string   // the unit that acts, where it is a helper of the step; empty: the lead
	Reason   string
	Answer   string
	Photos   []string // keys for Photo: after, or for a return the evidence
	Rating   int      // 1 very discontent to 5 very content
	Pick     int      // which of the people who may, counted round
	Optional bool     // to be left out where the procedure has no such task open
}

// Due gives the deadline that a case about the matter, opened at that instant,
// would be promised. The stories need it to be late as often as they say.
type Due func(matter string, opened time.Time) time.Time

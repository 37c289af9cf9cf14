package measure

// Over says what one countable thing of an indicator is.
type Over string

// The grains. Every item of a period belongs to one of them.
const (
	Promises  Over = "promises"  // a task whose promise was kept or broken in the period, once
	Tasks     Over = "tasks"     // a task closed in the period
	Cases     Over = "cases"     // a case opened, filed or ended in the period
	Ratings   Over = "ratings"   // a rating given in the period
	Callbacks Over = "callbacks" // a check of finished work, or a call to ask the reporter about it; it counts for whose work it was
	Orders    Over = "orders"    // what supervision decided about a unit in the period
)

// overs lists the grains in the order documents name them.
var overs = []Over{Promises, Tasks, Cases, Ratings, Callbacks, Orders}

// Item is one countable thing, folded from the trail by whoever reads it. A
// field that says nothing about the item's grain stays zero; docs/writing-indicators.md
// says for each field from which entry it comes.
//
// Case, Number and Seq say which it is, so that a figure can be followed to the
// entries behind it. Post says whose it is where posts are assessed. Conditions
// cannot read these four: a formula is never about one person or one case.
type Item struct {
	Case   string
	Number string
	Seq    int // of the entry that judged it
	Post   string

	// What it is about.
	Kind, Matter, Major, Channel string
	Area                         string // the smallest known, 15 to 6 digits
	Street, Community, Grid      string
	Urgency                      string // A to F
	Unit                         string // code of the unit it counts for
	Level                        string // grid, community, street or district: who did it, or solved it

	// Of a task or its promise.
	Step         string
	Role         string
	State        string // done, returned, refused, expired; of a case running, closed, answered, rejected, merged; of an order upheld, dropped
	Work         bool   // the step is one where the matter itself is dealt with
	Verify       bool   // the step checks what others did
	Dispatch     bool   // the step hands the case to a unit
	Kept, Late   bool
	Returned     bool
	Refused      bool // by right, as not on the admission list: never a fault
	Redispatched bool // what this task handed out came back
	Round        int  // from 1
	Minutes      int  // of working time used; -1 where not known

	// Of a case.
	SelfFound bool // found by staff on their rounds, not by a resident
	Received  bool // opened in the period
	Filed     bool // filed in the period
	Voided    bool // filed, and ended rejected or merged all the same
	Ended     bool // ended before the period was over
	Closed    bool // ended as closed or answered
	Promised  bool // it had a due instant
	OnTime    bool // it ended in time
	FirstTime bool // closed without return, rework or reopening
	Reopened  bool
	OnAccount bool // it was paused on account; also of its promises
	Answered  bool // it ended with a text for the reporter
	Rated     bool // its reporter rated it

	// Of a rating or a call-back.
	Grade     int // 1 to 5; 0 none
	Contacted bool
	Solved    bool

	// Of an order.
	Order  string // remind, urge, order, leader, accountability
	Fault  string
	Upheld bool

	Marks []Given // the worths of marks given, at most one of each name
}

// Given is a mark somebody gave, with what it is worth.
type Given struct {
	Mark  string
	Worth float64 // 0 to 1
}

// worth is what the mark is worth on this item, -1 where it was not given.
func (it *Item) worth(mark string) float64 {
	for _, g := range it.Marks {
		if g.Mark == mark {
			return g.Worth
		}
	}
	return -1
}

// Package watch is where a district keeps its eye on what does not move: what
// units were urged, ordered and held to account for and what they answered,
// cases that are stuck, who passes cases on, the coordination meetings that
// settle them, what a meeting gave to whom, the list of duties that grids and
// communities take, who is on duty, and the rule that all of it follows.
//
// Everybody who works on cases may open it and sees what concerns their units;
// those who keep meetings or the list get the buttons. Whether a button is
// shown is asked of the function that guards its verb (supervise.Order.MayReply,
// MayLift and MayDecide, supervise.Meeting.May, supervise.MeetingItem.May,
// supervise.Admission.May).
//
// It owns nothing. It parses, calls one verb and shows one component.
package watch

// Package supervise sees to it that what was promised is done: it watches
// every open task against its true clock, and does something when it is late.
//
// # Rungs
//
// A [Sweep] runs each minute in each district. It finds the tasks whose next
// instant has come and gives each a job of its own, so that one that fails
// holds up none of the others. [Climb] then takes the rungs of the district's
// ladder (package ladder) that have come, each once, in their order: remind the
// owner, urge, order with a written answer due, tell the leader on duty. It
// looks at the task as it is at that moment: a stopped clock, a closed task and
// a merged case climb nothing, a moved date takes along what is still to come,
// and an edit that changes no date resets nothing.
//
// # Orders
//
// An [Order] is what a unit was asked: by a rung, or by a supervisor's hand
// ([Urge], [GiveOrder]). The unit answers ([Reply]), the supervisor lifts it
// ([Lift]). An accountability case (问责) is an order too: opened from entries
// of the trail ([HoldToAccount]), answered, and decided by a leader who did not
// open it ([DecideAccountability]).
//
// # Duties, boards, meetings
//
// [OnDuty] says which leader is on duty for a street. [ReadBoard] gives every
// unit, street and grid its signal and why, and a [Watcher] keeps the answer
// for pages that many read. Coordination meetings settle what is stuck, and the
// admission list says which duties grids and communities take.
//
// # What it owns
//
// The tables orders, order_evidence, duties, admissions, meetings and
// meeting_items. Tasks and cases are casework's: it takes rungs and adds to
// trails through casework's verbs.
//
// # What it does not do
//
// It rates units and never residents, and ranks no grid worker by name. Scores
// are package evaluate's.
package supervise

// Package oversight has the operations of whoever keeps watch over the work: the
// board, urging and orders, what units are held to account for, how cases were
// passed on, coordination meetings with their decisions, leaders on duty, the
// admission list, and scorecards with reviews and appeals.
//
// Who sees every case sees all of it, others what concerns their units. A figure
// shows the cases behind it, with numbers of those alone that may be seen. How one
// worker did is no business of other systems.
package oversight

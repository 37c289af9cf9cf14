// Package desk is where the people of the district's units work: the queue of
// what waits for the reader's posts, the list of all cases, the page of one
// case, what nobody owns, and what one is told.
//
// One address is one list: [read] turns its query into a casework.Filter, and
// the list, its count, the counts in the side menu, a saved filter and the
// tables for download all go through it. So what is counted is what is listed.
//
// It owns nothing. It parses, calls one verb and shows one component; which
// actions there are is the procedure's to say (page.View.Offers), whose cases
// one sees is page.View.Scope's.
package desk

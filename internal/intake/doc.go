// Package intake takes in what people send, from any channel, and makes a case
// of it or adds it to one: it cleans the words, locates the place, suggests a
// matter, looks for what may be the same nearby, and calls casework.
//
// [Desk.Receive] is the one way in. The portal, the hotline desk, the counter,
// the grid worker's page and machines all fill in a [Sending]; the channel's own
// reference makes a sending that comes twice one report.
//
// [Desk.Look] is what a person is shown before sending: the grid the place lies
// in, the matters the text may mean, and open cases close by.
//
// What is reported in secret, by wish or by the matter, comes into its case with
// whatever says who sent it hidden: the unit that handles it reads, searches and
// takes away the case, and only those who take reports in read the report.
//
// It owns no tables and knows no page.
package intake

// Package reports has the operations on what people send: a system sends a report,
// as JSON or as a form with its photos as files, looks before it sends, and follows
// what it sent; and it follows a case for a resident, and says what the resident
// may say, by the number and the word of the receipt.
//
// A report that a system sends carries the system's own reference: sent again it
// makes nothing new. References of different systems do not meet.
package reports

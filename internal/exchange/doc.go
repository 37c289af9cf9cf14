// Package exchange writes what the district knows in forms that others agreed on:
// calendars as iCalendar (RFC 5545), tables as a data package of Frictionless
// (CSV with a Table Schema).
//
// It holds the forms and no more: what is told is read by others and handed in,
// and nothing here names a person.
package exchange

// Package exchange writes what the district knows in forms that others agreed on:
// calendars as iCalendar (RFC 5545), tables as a data package of Frictionless
// (CSV with a Table Schema), and matters and cases as records of government
// service by the field names of GB/T 39046-2020.
//
// Calendars and tables are forms and no more: what is told is read by others and
// handed in. The service records are read here, case after case, since a district
// has more of them than memory (ServiceRecords). A record is a struct whose tags
// say name, form and code list of each field, so that CSV, JSON Lines and the
// description of both are of one source.
//
// Nothing here names a person: names and numbers leave masked, words that somebody
// wrote stay, and what was told in secret is not there.
package exchange

// Package calendar reads what an office writes about its days, and turns it
// into what [clock] counts by.
//
// There are two kinds of file. A calendar file (YAML, [ParseSpec]) says when a
// unit works: its week, its make-up hours, its own half days and closed days,
// and which calendar it begins with:
//
//	calendar: hall
//	title: {zh: 政务大厅, en: Service hall}
//	base: standard
//	hours: {mon-fri: [09:00-17:30], sat: [09:00-12:00]}
//	make-up: [09:00-12:00, 13:30-17:30]
//	days:
//	  2026-12-31: {hours: [09:00-12:00], title: {zh: 年末盘点, en: Stocktaking}}
//	  2026-03-08: {off: true, title: {zh: 设备检修, en: Maintenance}}
//
// A notice (放假安排; JSON, CSV, TSV or ICS, [ParseNotice]) says which days of a
// year are off for everybody and which weekend days are worked instead.
//
// Both are refused whole where they contradict themselves, each fault with file,
// line and reason, all faults at once: a deadline counted on half a notice is
// worse than none. The package is pure; the district keeps what it reads.
package calendar

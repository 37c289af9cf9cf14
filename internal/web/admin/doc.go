// Package admin is where a district's administrator sees what linli knows of
// the district and brings its tables in: areas, units, matters, procedures and
// the routing table, each as it is in force today.
//
// An import is tried first, always: the report names file, line, column and
// what is wrong, and nothing is kept until the administrator says so. What was
// brought in, by whom and with which rows left out stays in the trail, in the
// book of set-up. Posts come in through whoever gives rights, and nobody else.
//
// The pages of people, posts, stand-ins and roles are for who gives rights and who
// may see them; those of the audit list what stands in the books of the trail. Each
// of the three administrators sees the own part only.
//
// It parses, calls one verb and shows; it holds no rules and no SQL. Files are
// named after their page.
package admin

// Package fields says what every stored field is: whose data it holds, how
// sensitive it is, for what purpose and on which legal basis it is kept, and for
// how long.
//
// Two sources, both data. The register, fields.yaml beside this file, is the
// program's own: it names every table and column there is, and a test compares
// it with the schema, so that no column arrives without a purpose ([Register],
// [Of]). The rules, the file privacy.yaml of a pack, are the district's: what a
// masked field may be shown for, how much looking is too much, how long each
// sort of data is kept, what people are told when data are collected and what
// asks for their consent ([ParseRules]). A rule may ask for more than the law,
// never for less: [ParseRules] refuses a log kept under six months.
//
// It takes values and returns values. Showing a field is package look, removing
// what is past its time is package retain, sealing is package vault.
package fields

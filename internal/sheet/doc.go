// Package sheet reads the tables a district already has. A table is a CSV or
// TSV file, a workbook, a GeoJSON collection or a JSON list; each becomes a
// stream of Rows that know their file and line. A Mapping, written in YAML by
// whoever knows the table, turns those rows into Records of the shape a verb
// asks for (a Schema). Whatever is wrong becomes a Finding with file, line,
// column and a text in both languages, gathered in a Report, and the Report
// alone decides by its Policy whether anything may be written.
//
//	file, err := sheet.Load("areas.csv", r, sheet.Limits{})
//	report := sheet.NewReport(sheet.Policy{SkipBad: true})
//	records := area.Columns().Map(mapping, file, report)
//	err = d.Write(ctx, func(tx *db.Tx) error {
//		settled := report.Clone() // a transaction may run twice
//		... check and write the records ...
//		return settled.Settle() // nil commits; anything else rolls back
//	})
//
// Positions: Line counts from 1 in the file as an editor shows it (for a
// workbook, the row number). Column is the number of the table column, from 1;
// in JSON and YAML, which have no table columns, it is the character in the
// line.
//
// The package is pure: it knows no database, no area and no unit. It guesses
// an encoding, because files do not say theirs, but never a value: a word that
// a lookup does not hold is refused.
package sheet

// Package move takes a whole district out of an installation and brings it into
// another, and makes and puts back copies of an installation that runs.
//
// # Moving out
//
// [Export] writes every table of a district as JSON Lines, its pictures and the
// public log of its trail to a [Place], a folder or a zip file, with a
// datapackage.json that says what every column is and the SHA-256 of every file:
// a Frictionless data package, which other programs read too. The tables are of
// one instant, read in one transaction while the program goes on; rows are
// written as they come, so the memory needed does not grow with the district.
//
// Which tables go and which stay behind is one register, tables.go, each that
// stays with its reason.
//
// # Sealed fields and keys
//
// Sealed fields stay sealed. The key file is no part of the export: it goes to
// the other installation by another way. Where that has keys of its own, Export
// adds what is sealed in clear, encrypted with age to somebody there, and [Load]
// seals it under the keys of the place and makes the blind indexes anew. The
// secret that signs the log comes along in the same way, so that the log goes on
// under its name and key, and who kept a checkpoint can check what follows.
//
// # Moving in
//
// [Check] looks over an export, file by file, and names the one that is missing
// or is not as it was written. [Load] does so first; then it writes into a
// database without this district, all in one transaction, rebuilds the full-text
// index, and looks over the trail before it commits. What was loaded gives the
// same export again, byte for byte except for the instant in the manifest.
//
// # Backup
//
// [Backup] copies a running SQLite database and the folder of files into one
// file, [Restore] puts that back. PostgreSQL has its own tools; see
// docs/moving-and-backup.md.
//
// It owns no tables. It is the one package that reads and writes those of all
// others, and only whole: a row goes as it is and comes as it was.
package move

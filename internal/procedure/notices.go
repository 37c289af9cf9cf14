package procedure

import "slices"

// notices are what an action may announce with notify: a word that the package
// notice has texts for. The first are for procedures, the last two the engine's
// own.
var notices = []string{"sent", "made-safe", "solved", "back-to-work", "answered", "rejected", "closed", "more-needed", "co-done", "co-returned"}

const forProcedures = 8

// Notices lists what an action may announce.
func Notices() []string { return slices.Clone(notices) }

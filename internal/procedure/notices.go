package procedure

import "slices"

// notices are what an action may announce with notify: a word that the package
// notice has texts for. The first seven are for procedures, the last two the
// engine's own.
var notices = []string{"sent", "made-safe", "solved", "back-to-work", "answered", "rejected", "closed", "co-done", "co-returned"}

// Notices lists what an action may announce.
func Notices() []string { return slices.Clone(notices) }

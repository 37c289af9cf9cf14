// Package ladder is the rule of supervision: what happens as a task nears its
// due instant and passes it, and when a unit is green, blue or red.
//
// A [Ladder] is data, the file supervision.yaml of a pack, so that a district
// says itself whom it reminds, whom it urges and which leader it tells.
// [Parse] refuses a file whose rungs do not rise, whose orders ask for no
// answer by no date, or whose green is below its blue, each with its line.
//
// The ladder asks the true clock each time: [Ladder.Climb] takes the instants
// near and due as they are now, not a count of its own, so that an edit resets
// nothing, a stopped clock climbs nothing, and a moved date moves what is still
// to come. [Ladder.Judge] turns a tally of tasks into a signal and says why.
//
// The signals are green, blue and red, of a promise. They are not the red,
// orange, yellow and blue of emergencies (突发事件), which rate a danger and
// have no place here.
//
// It keeps nothing and tells nobody: that is package supervise.
package ladder

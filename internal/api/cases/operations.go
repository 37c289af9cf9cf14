package cases

import "linli/internal/api/frame"

// The tags of the document that they stand under: what is read, what is done, and
// what waits.
const (
	tag      = "cases"
	tagActs  = "acts"
	tagTasks = "tasks"
)

// Operations adds all that is read of cases and done to them.
func Operations(d *frame.Door) {
	caseOperations(d)
	findOperations(d)
	seeOperations(d)
	seerOperations(d)
	actOperations(d)
	askOperations(d)
	ruleOperations(d)
	observedOperations(d)
	revealOperations(d)
	taskOperations(d)
	noticeOperations(d)
}

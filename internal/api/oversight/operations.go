package oversight

import "linli/internal/api/frame"

// The tags of the document that they stand under.
const (
	tag       = "supervision"
	tagScores = "scores"
)

// Operations adds what keeps watch over the work.
func Operations(d *frame.Door) {
	orderOperations(d)
	accountabilityOperations(d)
	bounceOperations(d)
	meetingOperations(d)
	meetingKeepOperations(d)
	dutyOperations(d)
	admissionOperations(d)
	scoreOperations(d)
	scoreKeepOperations(d)
}

package admin

import "linli/internal/api/frame"

// The tag of all of them but one.
const tag = "administration"

// Operations adds what administrators do.
func Operations(d *frame.Door) {
	keyOperations(d)
	peopleOperations(d)
	standInOperations(d)
	setupOperations(d)
	auditOperations(d)
	letterOperations(d)
}

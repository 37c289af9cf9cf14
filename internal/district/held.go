package district

import (
	"time"

	"linli/internal/org"
)

// HeldAt gives the posts whose rights a person has at an instant; see
// [org.Directory.HeldAt].
func (d *District) HeldAt(person org.PersonID, now time.Time) []org.Post {
	return d.Org.HeldAt(person, now, d.Calendar.Zone())
}

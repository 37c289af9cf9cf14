package district

import (
	"slices"
	"time"

	"linli/internal/org"
	"linli/internal/procedure"
)

// HeldAt gives the posts whose rights a person has at an instant; see
// [org.Directory.HeldAt].
func (d *District) HeldAt(person org.PersonID, now time.Time) []org.Post {
	return d.Org.HeldAt(person, now, d.Calendar.Zone())
}

// HoldersOf gives the posts with a role that are held for an area at an instant:
// for that very area, not for one around it.
func (d *District) HoldersOf(role procedure.Role, area string, now time.Time) []org.Post {
	return slices.DeleteFunc(d.Org.Held(now, d.Calendar.Zone()), func(p org.Post) bool {
		return p.Area != area || string(p.Role) != string(role)
	})
}

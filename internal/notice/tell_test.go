package notice

import (
	"testing"

	"linli/internal/casework"
	"linli/internal/procedure"
)

// A procedure may announce what its check lets through; each must have somebody
// who is told, or be known to tell nobody, or its job would fail for ever.
func TestEveryAnnouncementIsKnown(t *testing.T) {
	t.Parallel()
	known := map[Template]bool{"": true}
	for _, name := range Templates() {
		known[name] = true
	}
	for _, announced := range procedure.Notices() {
		unit, reporters, err := templates(casework.Notice{Template: announced})
		if err != nil {
			t.Errorf("%s: %v", announced, err)
		}
		if !known[unit] || !known[reporters] {
			t.Errorf("%s is told as %q and %q, which not every book has", announced, unit, reporters)
		}
	}
	if _, _, err := templates(casework.Notice{Template: "no-such"}); err == nil {
		t.Error("an unknown announcement passed")
	}
}

package desk

import (
	"linli/internal/casework"
	"linli/internal/web/page"
)

// tallyText is a count in words: exact, or over what was counted.
func tallyText(v *page.View, t casework.Tally) string {
	if t.Over {
		return v.Say("超过 %d 件", "over %d", t.N)
	}
	return v.Say("%d 件", "%d", t.N)
}

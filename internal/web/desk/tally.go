package desk

import (
	"fmt"

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

// number is a bare count.
func number(t casework.Tally) string {
	if t.Over {
		return fmt.Sprintf("%d+", t.N)
	}
	return fmt.Sprint(t.N)
}

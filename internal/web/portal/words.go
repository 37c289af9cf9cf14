package portal

import (
	"time"

	"linli/internal/casework"
	"linli/internal/lang"
)

// neighbours says how many people reported one thing.
func neighbours(n int) lang.Text {
	if n <= 1 {
		return lang.T("1 位邻居上报", "reported by a neighbour")
	}
	return lang.T("%d 位邻居上报", "reported by %d neighbours", n)
}

// took is how long a case ran, as neighbours would say it.
func took(c casework.Case) lang.Text { return about(c.ClosedAt.Sub(c.OpenedAt)) }

func about(d time.Duration) lang.Text {
	plural := func(n int, zh, en string) lang.Text {
		if n != 1 {
			en += "s"
		}
		return lang.T(zh, en, n)
	}
	switch {
	case d < time.Hour:
		return plural(max(1, int(d.Minutes())), "%d 分钟", "%d minute")
	case d < 24*time.Hour:
		return plural(int(d.Hours()), "%d 小时", "%d hour")
	}
	return plural(int(d.Hours()/24), "%d 天", "%d day")
}

package portal

import (
	"time"
	"unicode"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/web/page"
	"linli/internal/web/ui"
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

// clip shortens a text that is only quoted.
func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func kindOf(c casework.Case) catalogue.Kind { return catalogue.Kind(c.Kind) }

// whereQuestion is asked differently where there may be no place at all.
func whereQuestion(v *page.View, s whereView) string {
	if s.Asks {
		return v.Say("问题在哪里？", "Where is it?")
	}
	return v.Say("和哪个地方有关？", "Is it about a place?")
}

// addressNote says that a place may be left out, where it may.
func addressNote(v *page.View, s whereView) string {
	if s.Asks && s.Lon == "" {
		return ""
	}
	return ui.W(v.Lang).Optional
}

// promiseText is the one date, or why there is none.
func promiseText(v *page.View, s sentView) string {
	if s.Case.Due.IsZero() {
		return v.Say("这类事不限时，有进展会写在进度页上。", "There is no fixed limit for this; news stands on the progress page.")
	}
	return v.Say("答应您 %[1]s 办好", "Promised: done %[1]s", v.DueText(s.Case.Due))
}

// casePlace is the address the reader wrote, or what everybody may read.
func casePlace(v *page.View, s caseView) string {
	if s.Report.Address != "" {
		return s.Report.Address
	}
	return publicPlace(v, s.Case.Place)
}

// sameNumber compares a number as written in an address with a case's own.
func sameNumber(written, number string) bool {
	n, err := ident.ParseNumber(written)
	return err == nil && string(n) == number
}

// capital begins a word as a label does; Chinese stays as it is.
func capital(s string) string {
	if r := []rune(s); len(r) > 0 {
		return string(unicode.ToUpper(r[0])) + string(r[1:])
	}
	return s
}

package ui

import "strings"

// Tone is the colour family of a signal, a note or a tile. It never stands
// without an icon and words.
type Tone string

// The four signals, and two grounds that are no signal.
const (
	OK      Tone = "ok"
	Near    Tone = "near"
	Late    Tone = "late"
	Hold    Tone = "hold"
	Warm    Tone = "warm"
	Untoned Tone = ""
)

// icon is the outline that belongs to a tone, each of its own shape.
func (t Tone) icon() string {
	switch t {
	case OK:
		return "circle-check"
	case Near:
		return "hourglass"
	case Late:
		return "alert-triangle"
	case Hold:
		return "player-pause"
	default:
		return "info-circle"
	}
}

// text is the class that colours words or an icon in the tone.
func (t Tone) text() string {
	if t == Untoned || t == Warm {
		return ""
	}
	return "t-" + string(t)
}

// class joins the class names that are not empty.
func class(names ...string) string {
	var kept []string
	for _, n := range names {
		if n != "" {
			kept = append(kept, n)
		}
	}
	return strings.Join(kept, " ")
}

// when returns name if it holds, for use in class.
func when(holds bool, name string) string {
	if holds {
		return name
	}
	return ""
}

// described lists the ids of a control's hint and error for aria-describedby.
func described(id, hint, err string) string {
	return class(when(hint != "", id+"-hint"), when(err != "", id+"-err"))
}

// Link is a place to go. Now marks the one the reader is at.
type Link struct {
	Text string
	Href string
	Icon string
	Now  bool
}

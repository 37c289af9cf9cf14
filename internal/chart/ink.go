package chart

import (
	"fmt"
	"image/color"

	"linli/internal/clock"
)

// Ink is a colour by its use. The names are those of the style sheet's
// properties, and a test holds the values against it.
type Ink string

// The inks.
const (
	Ground Ink = "surface"
	Strong Ink = "ink"
	Plain  Ink = "ink-2"
	Faint  Ink = "ink-3"
	Rule   Ink = "line"
	Axis   Ink = "line-2"
	Main   Ink = "brand"
	Soft   Ink = "brand-tint"
	OnMain Ink = "on-brand"
	OnTime Ink = "ok"
	Near   Ink = "near"
	Late   Ink = "late"
	Held   Ink = "hold"
)

// Theme chooses the values of the inks.
type Theme string

// The themes. Page is for an SVG within a page: it follows the page's own
// theme, and is light where there is no page.
const (
	Page  Theme = ""
	Light Theme = "light"
	Dark  Theme = "dark"
)

// values are light and dark, as 0xRRGGBB.
var values = map[Ink][2]uint32{
	Ground: {0xFFFFFF, 0x19211F},
	Strong: {0x1A2421, 0xECEFEA},
	Plain:  {0x46524E, 0xBAC3BE},
	Faint:  {0x5C6763, 0x9AA49F},
	Rule:   {0xDFDBD0, 0x2F3936},
	Axis:   {0x7F857F, 0x7B8681},
	Main:   {0x0E5A5B, 0x63C4BD},
	Soft:   {0xE2EFED, 0x15312F},
	OnMain: {0xFFFFFF, 0x06201F},
	OnTime: {0x176B34, 0x74CF8E},
	Near:   {0x1B56AC, 0x8FBAF7},
	Late:   {0xAE231B, 0xFFA197},
	Held:   {0x4F5A56, 0xB0B9B4},
}

// Color is the value of an ink in a theme.
func (i Ink) Color(t Theme) color.RGBA {
	v := values[i][0]
	if t == Dark {
		v = values[i][1]
	}
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xFF}
}

// paint is how an SVG attribute names the ink. The property of the page comes
// first, so that a drawing follows a reader who turns the page dark.
func (i Ink) paint(t Theme) string {
	c := i.Color(t)
	hex := fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B)
	if t == Page {
		return "var(--" + string(i) + "," + hex + ")"
	}
	return hex
}

// inkOf is the colour of a signal; no signal is the main colour.
func inkOf(s clock.Signal) Ink {
	switch s {
	case clock.OK:
		return OnTime
	case clock.Near:
		return Near
	case clock.Late:
		return Late
	case clock.Hold:
		return Held
	}
	return Main
}

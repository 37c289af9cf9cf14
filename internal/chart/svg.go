package chart

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// family is the page's own list of types, then the one drawings are measured with.
const family = "PingFang SC,HarmonyOS Sans SC,MiSans,Microsoft YaHei,Noto Sans CJK SC,Source Han Sans SC,WenQuanYi Micro Hei,system-ui,sans-serif"

// SVG writes the picture for a page or, in a fixed theme, as a file of its own.
// It holds no script, no style and no address, so it works under a strict
// content policy; its colours are attributes. It scales down with its box.
func (p *Picture) SVG(theme Theme) []byte {
	w := svg{theme: theme}
	w.raw(`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" lang="` + p.Lang.Tag() + `" viewBox="0 0 `)
	w.raw(short(p.Width) + " " + short(p.Height) + `"`)
	w.number("width", p.Width)
	w.number("height", p.Height)
	w.raw(` font-family="` + family + `"><title>`)
	w.text(p.Title)
	w.raw("</title><desc>")
	w.text(p.Desc)
	w.raw("</desc>")
	if theme != Page {
		w.raw("<rect")
		w.number("width", p.Width)
		w.number("height", p.Height)
		w.ink("fill", Ground, 0)
		w.raw("/>")
	}
	for _, s := range p.Shapes {
		w.shape(s)
	}
	w.raw("</svg>\n")
	return []byte(w.String())
}

// svg is an SVG being written.
type svg struct {
	strings.Builder
	theme Theme
}

func (w *svg) raw(s string) { w.WriteString(s) }

// text writes what people wrote. EscapeText fails only where its writer does, and a
// Builder never does.
func (w *svg) text(s string) { _ = xml.EscapeText(&w.Builder, []byte(s)) }

func (w *svg) number(name string, v float64) { w.raw(" " + name + `="` + short(v) + `"`) }

func (w *svg) ink(name string, i Ink, tone float64) {
	w.raw(" " + name + `="` + i.paint(w.theme) + `"`)
	if tone > 0 && tone < 1 {
		w.number("fill-opacity", tone)
	}
}

func (w *svg) shape(s Shape) {
	switch s.Kind {
	case Box:
		w.raw("<rect")
		w.number("x", s.X)
		w.number("y", s.Y)
		w.number("width", s.W)
		w.number("height", s.H)
		w.ink("fill", s.Ink, s.Tone)
		w.raw("/>")
	case Dot:
		w.raw("<circle")
		w.number("cx", s.X)
		w.number("cy", s.Y)
		w.number("r", s.W)
		w.ink("fill", s.Ink, s.Tone)
		w.raw("/>")
	case Area:
		w.points("polygon", s.Points)
		w.ink("fill", s.Ink, s.Tone)
		w.raw("/>")
	case Path:
		w.points("polyline", s.Points)
		w.raw(` fill="none" stroke-linejoin="round"`)
		w.ink("stroke", s.Ink, 0)
		w.number("stroke-width", s.Stroke)
		if s.Dash > 0 {
			w.number("stroke-dasharray", s.Dash)
		}
		w.raw("/>")
	case Text:
		w.raw("<text")
		w.number("x", s.X)
		w.number("y", s.Y)
		w.number("font-size", s.Size)
		if s.Anchor != Start {
			w.raw(` text-anchor="` + string(s.Anchor) + `"`)
		}
		w.ink("fill", s.Ink, 0)
		w.raw(">")
		w.text(s.Text)
		w.raw("</text>")
	}
}

func (w *svg) points(tag string, points []Point) {
	w.raw("<" + tag + ` points="`)
	for i, p := range points {
		if i > 0 {
			w.raw(" ")
		}
		w.raw(short(p.X) + "," + short(p.Y))
	}
	w.raw(`"`)
}

// short writes hundredths of a pixel at most.
func short(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

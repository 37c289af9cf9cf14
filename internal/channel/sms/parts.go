package sms

import (
	"strings"
	"unicode/utf16"

	"github.com/linxGnu/gosmpp/data"

	"linli/internal/channel"
)

// How many units fit into one text, and into each of several, by 3GPP TS 23.038
// and 23.040: a header of six octets says which part of how many it is.
const (
	gsmOne, gsmPart = 160, 153
	ucsOne, ucsPart = 70, 67
)

// partsMost bounds a text; the longest that linli writes is five parts.
const partsMost = 10

// gsm reports whether every character is of the GSM alphabet, and how many units
// each one takes there: those of the extension table take two.
func gsm(text string) (ok bool) { return len(data.ValidateGSM7String(text)) == 0 }

func units(r rune, seven bool) int {
	if seven {
		if data.IsEscapeChar(r) {
			return 2
		}
		return 1
	}
	return utf16.RuneLen(r)
}

// Parts cuts a text into what is sent one by one. No part ends within a
// character: a surrogate pair or an escape that is torn shows as two wrong ones.
func Parts(text string) []string {
	seven := gsm(text)
	one, part := ucsOne, ucsPart
	if seven {
		one, part = gsmOne, gsmPart
	}
	whole := 0
	for _, r := range text {
		whole += units(r, seven)
	}
	if whole <= one {
		return []string{text}
	}
	var parts []string
	var b strings.Builder
	left := part
	for _, r := range text {
		n := units(r, seven)
		if n > left {
			parts = append(parts, b.String())
			b.Reset()
			left = part
		}
		b.WriteRune(r)
		left -= n
	}
	return append(parts, b.String())
}

// words are what a letter says as a text: signed, with the link at its end, cut
// where it would take too many parts. The link is never cut.
func words(l channel.Letter, signed string) string {
	text, end := clean(signed+l.Words()), ""
	if l.Link != "" && !strings.Contains(text, l.Link) {
		end = " " + l.Link
	}
	if len(Parts(text+end)) <= partsMost {
		return text + end
	}
	short := []rune(text)
	short = short[:min(len(short), gsmPart*partsMost)]
	for len(short) > 0 && len(Parts(string(short)+"…"+end)) > partsMost {
		short = short[:len(short)-1]
	}
	return string(short) + "…" + end
}

// clean leaves out what is no text: control characters, and bytes that are none.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

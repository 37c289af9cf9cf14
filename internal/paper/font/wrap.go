package font

import (
	"strings"
	"unicode"

	"golang.org/x/image/font/sfnt"
)

// What may not begin and what may not end a line (避头尾), as GB/T 15834 has it
// for punctuation, with the signs that belong to the number before them.
const (
	notFirst = "、。，．：；？！）〕］｝〉》」』】〗’”…—～·％‰℃,.:;?!)]}%°"
	notLast  = "（〔［｛〈《「『【〖‘“([{￥$＃#"
	// counted stand with the figure before them: 28日, 40件.
	counted = "年月日时分秒件个位号次条户人万亿"
)

// Wrap breaks s into lines no longer than width. Line feeds begin a new line;
// all else becomes one line first, as [Shown] does. Chinese breaks between any two
// characters, Latin words and figures between words; punctuation neither
// begins nor ends a line it should not. A word longer than a line is cut. An empty
// text is one empty line.
func Wrap(s string, size, width float64) []string {
	var lines []string
	for part := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		lines = append(lines, fill([]rune(Shown(part)), size, width)...)
	}
	return lines
}

// fill breaks one paragraph. It remembers the last place where a break may be
// and goes back to it when the line is full.
func fill(text []rune, size, width float64) []string {
	if len(text) == 0 {
		return []string{""}
	}
	var buf sfnt.Buffer
	scale := size / float64(face().UnitsPerEm())
	var lines []string
	start, may := 0, 0
	used, upTo := 0.0, 0.0 // the line so far; the part of it before may
	for i := 0; i < len(text); i++ {
		w := float64(advance(&buf, text[i])) * scale
		if i > start && breaks(text[i-1], text[i]) {
			may, upTo = i, used
		}
		for used+w > width && i > start && text[i] != ' ' {
			if may <= start {
				may, upTo = i, used
			}
			lines = append(lines, strings.TrimRight(string(text[start:may]), " "))
			start, used = may, used-upTo
		}
		used += w
	}
	return append(lines, strings.TrimRight(string(text[start:]), " "))
}

// breaks tells whether a line may end after a and the next begin with b.
func breaks(a, b rune) bool {
	switch {
	case b == ' ', strings.ContainsRune(notFirst, b), strings.ContainsRune(notLast, a):
		return false
	case a == ' ':
		return true
	case a >= '0' && a <= '9' && strings.ContainsRune(counted, b):
		return false
	}
	return !worded(a) || !worded(b)
}

// worded are the characters that make words and figures which stay together:
// all that is not Chinese, and neither full-width nor a sign of its own.
func worded(r rune) bool {
	return r < 0x2E80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./:@&'+#%=~", r))
}

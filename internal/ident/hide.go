package ident

import "regexp"

// figures are runs of digits as long as a telephone or an identity number, and
// the groups that a telephone number is written in. A date is neither.
var figures = regexp.MustCompile(`\p{Nd}{7,}[xXｘＸ]?|1[3-9]\p{Nd}(?:[ \-－—]?\p{Nd}{4}){2}|0\p{Nd}{2,3}[ \-－—]\p{Nd}{3,4}[ \-－—]?\p{Nd}{4}`)

// HideNumbers hides telephone and identity numbers that people wrote into a
// text.
func HideNumbers(text string) string { return figures.ReplaceAllString(text, "***") }

package sheet

import "strings"

// Inert is a text as a cell of a table that is sent out: whoever opens it must
// not have it taken for a formula.
func Inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

package document

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// nameMost is how many letters of a name are kept, its ending not counted.
const nameMost = 60

// cleanName makes a name that can be shown, stored and offered for download:
// no folders, no control or direction marks, nothing a file system takes
// amiss, not over-long, and the ending of what it now is.
func cleanName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			return -1 // Cf holds the direction marks and the zero-width joiners
		case strings.ContainsRune(`<>:"|?*&;`+"`", r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFC.String(name))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = strings.Trim(name, " .")
	if letters := []rune(name); len(letters) > nameMost {
		name = strings.Trim(string(letters[:nameMost]), " .")
	}
	if name == "" {
		name = "照片"
	}
	return name + ".jpg"
}

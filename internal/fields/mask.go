package fields

import (
	"regexp"
	"strings"

	"linli/internal/ident"
)

// hidden stands for what a mask takes away.
const hidden = "***"

// inside begins where an address goes into a house: a building, a stair, a floor
// or a room with its number, as people write it.
var inside = regexp.MustCompile(`(?i)(\d+|[一二三四五六七八九十百零两甲乙丙丁]+|[a-z]\d*)\s*(号楼|号院|幢|栋|座|单元|层|楼|室|房|户|弄)|#?\d+\s*[-—–－]\s*\d+|\b(room|rm|flat|apt|apartment|unit|building|bldg|floor)\b\.?\s*\w*\d`)

// wide brings full-width digits to the plain ones.
var wide = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9")

// Mask shows of a personal field what every page may show: 张*, 138****0013, an
// address without house and room. What it does not know it hides whole.
func Mask(field, value string) string {
	switch {
	case value == "":
		return ""
	case field == Name:
		return ident.MaskName(value)
	case field == Phone:
		return ident.Phone(value).Mask()
	case field == Address:
		return maskAddress(value)
	}
	return hidden
}

// maskAddress keeps the street and its number and takes the rest away: where the
// matter is, but not who lives there.
func maskAddress(address string) string {
	plain := wide.Replace(address)
	at := inside.FindStringIndex(plain)
	if at == nil {
		return address
	}
	return strings.TrimRight(plain[:at[0]], " 　,，、") + hidden
}

// Package ident reads, checks and masks the numbers that people, bodies, places
// and cases go by: resident identity numbers (GB 11643), credit codes
// (GB 32100), organisation codes (GB 11714), area and grid codes, component and
// matter codes (GB/T 47678.5), telephone numbers, and linli's own case numbers.
//
// Each kind is a named type that only its parser makes, in one canonical
// spelling, so that equal numbers are equal strings however they were typed:
// full-width digits, spaces and dashes are taken off first. What a check digit
// can tell is told; whether a number was ever given to anybody is not known
// here.
//
// The package is pure. It masks, but it does not decide who may see what.
package ident

import (
	"strings"
	"time"

	"linli/internal/errs"
)

// maxInput is longer than any number with its decoration.
const maxInput = 200

// fold turns what was typed into plain capitals: full-width letters and digits
// become narrow, spaces and dashes go.
func fold(s string) string {
	if len(s) > maxInput {
		s = s[:maxInput]
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r = r - '！' + '!'
		case r == '　' || r == '\u00a0' || r == '\u200b' || r == '\ufeff':
			return -1
		}
		switch {
		case r == ' ' || r == '\t' || isDash(r):
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

func isDash(r rune) bool {
	return r == '-' || (r >= '\u2010' && r <= '\u2015') || r == '\u2212' || r == '－' || r == '﹣' || r == '─'
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// clip keeps a message short whatever was sent.
func clip(s string) string {
	r := []rune(strings.ToValidUTF8(s, "?"))
	if len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return string(r)
}

func invalid(field, zh, en string, args ...any) error {
	return errs.New(errs.Invalid, zh, en, args...).At(field)
}

// ResidentID is an identity number of GB 11643, eighteen characters.
type ResidentID string

// ParseResidentID reads an identity number and checks its date and its last
// character. Messages never repeat the number: they end up in logs.
func ParseResidentID(s string) (ResidentID, error) {
	n := fold(s)
	if len(n) != 18 || !digits(n[:17]) || !(digits(n[17:]) || n[17] == 'X') {
		return "", invalid("resident-id", "身份证号应为 18 位，前 17 位是数字，末位是数字或 X", "An identity number has 18 characters: 17 digits, then a digit or X")
	}
	birth, err := time.Parse("20060102", n[6:14])
	if err != nil || birth.Year() < 1800 {
		return "", invalid("resident-id", "身份证号第 7 到 14 位不是日期，请核对", "Digits 7 to 14 of the identity number are no date; please check")
	}
	if n[0] == '0' || residentCheck(n) != n[17] {
		return "", invalid("resident-id", "身份证号末位校验不对，请逐位核对", "The last character of the identity number does not fit the others; please check each")
	}
	return ResidentID(n), nil
}

func residentCheck(n string) byte {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(n[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// Division is the six digits of where the number was given out.
func (id ResidentID) Division() string { return string(id[:6]) }

// Birth is the date of birth, YYYY-MM-DD.
func (id ResidentID) Birth() string {
	return string(id[6:10] + "-" + id[10:12] + "-" + id[12:14])
}

// Male reports the sex the number says.
func (id ResidentID) Male() bool { return (id[16]-'0')%2 == 1 }

// Mask keeps the first three and the last four characters, as forms print it.
func (id ResidentID) Mask() string { return maskMiddle(string(id), 3, 4) }

// CreditCode is a unified social credit code of GB 32100, eighteen characters.
type CreditCode string

// creditAlphabet leaves out the letters that look like digits.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ParseCreditCode reads a credit code and checks its last character.
func ParseCreditCode(s string) (CreditCode, error) {
	n := fold(s)
	if len(n) != 18 || strings.Trim(n, creditAlphabet) != "" || !digits(n[2:8]) {
		return "", invalid("credit-code", "统一社会信用代码应为 18 位数字和大写字母（没有 I、O、S、V、Z）", "A credit code has 18 digits and capitals (no I, O, S, V, Z)")
	}
	sum, weight := 0, 1
	for i := range 17 {
		sum += strings.IndexByte(creditAlphabet, n[i]) * weight
		weight = weight * 3 % 31
	}
	if creditAlphabet[(31-sum%31)%31] != n[17] {
		return "", invalid("credit-code", "统一社会信用代码 %s 末位校验不对，请核对", "The last character of the credit code %s does not fit the others; please check", n)
	}
	return CreditCode(n), nil
}

// Division is the six digits of the registering authority's place.
func (c CreditCode) Division() string { return string(c[2:8]) }

// Organisation is the organisation code within.
func (c CreditCode) Organisation() OrgCode { return OrgCode(c[8:17]) }

// OrgCode is an organisation code of GB 11714, nine characters.
type OrgCode string

// ParseOrgCode reads an organisation code and checks its last character.
func ParseOrgCode(s string) (OrgCode, error) {
	n := fold(s)
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if len(n) != 9 || strings.Trim(n, alphabet) != "" {
		return "", invalid("org-code", "组织机构代码应为 9 位数字和大写字母", "An organisation code has 9 digits and capitals")
	}
	sum := 0
	for i, w := range [8]int{3, 7, 9, 10, 5, 8, 4, 2} {
		sum += strings.IndexByte(alphabet, n[i]) * w
	}
	if "0X987654321"[sum%11] != n[8] {
		return "", invalid("org-code", "组织机构代码 %s 末位校验不对，请核对", "The last character of the organisation code %s does not fit the others; please check", n)
	}
	return OrgCode(n), nil
}

package ident

import (
	"regexp"
	"strings"
)

// Phone is a telephone number in one spelling: a mobile number is 11 digits, a
// landline 0551-65550123 or, within the district, 65550123; an extension
// follows after a second dash; a service number is its digits.
type Phone string

var (
	mobile   = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	landline = regexp.MustCompile(`^(0(?:10|2[0-9]|[3-9][0-9]{2}))?([2-8][0-9]{6,7})(?:转|X|,|#)?([0-9]{1,6})?$`)
	service  = regexp.MustCompile(`^(?:1[0-2][0-9]|12[0-9]{3}|9[5-6][0-9]{3,4}|1[0-1][0-9]{3}|[48]00[0-9]{7})$`)
	dashed   = regexp.MustCompile(`^(?:\(?(0[0-9]{2,3})\)?-?)?([2-8][0-9]{6,7})-([0-9]{1,6})$`)
)

// ParsePhone reads a number as people write it: with +86, full-width digits,
// spaces, dashes and brackets. Messages never repeat the number.
func ParsePhone(s string) (Phone, error) {
	bad := invalid("phone", "电话号码不对：手机 11 位，如 13800000013；座机带区号，如 0551-65550123", "Not a telephone number: a mobile has 11 digits, such as 13800000013; a landline has its area code, such as 0551-65550123")
	if len(s) > maxInput {
		return "", bad
	}
	if p, ok := withExtension(s); ok {
		return p, nil
	}
	n := strings.NewReplacer("(", "", ")", "", ".", "", "·", "").Replace(fold(s))
	n = strings.TrimPrefix(n, "+")
	if rest, ok := strings.CutPrefix(strings.TrimPrefix(n, "00"), "86"); ok && len(rest) >= 9 {
		if !mobile.MatchString(rest) && rest[0] != '0' {
			rest = "0" + rest // abroad an area code is dialled without its zero
		}
		n = rest
	}
	switch {
	case mobile.MatchString(n), service.MatchString(n):
		return Phone(n), nil
	case landline.MatchString(n):
		m := landline.FindStringSubmatch(n)
		if m[3] != "" && !strings.ContainsAny(n, "转X,#") {
			return "", bad // the digits run on: nobody can tell where the extension begins
		}
		return joinPhone(m[1], m[2], m[3]), nil
	}
	return "", bad
}

// withExtension reads 0551-65550123-8012, where the dashes carry meaning.
func withExtension(s string) (Phone, bool) {
	s = strings.Map(func(r rune) rune {
		switch {
		case isDash(r):
			return '-'
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == ' ' || r == '　':
			return -1
		}
		return r
	}, s)
	m := dashed.FindStringSubmatch(s)
	if m == nil || !landline.MatchString(m[1]+m[2]) {
		return "", false
	}
	return joinPhone(m[1], m[2], m[3]), true
}

func joinPhone(parts ...string) Phone {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return Phone(strings.Join(out, "-"))
}

// Mobile reports whether the number can take a text message.
func (p Phone) Mobile() bool { return mobile.MatchString(string(p)) }

// Mask hides the middle: 138****0013, 0551-****0123. Short service numbers are
// no secret.
func (p Phone) Mask() string {
	s := string(p)
	switch {
	case p.Mobile():
		return maskMiddle(s, 3, 4)
	case service.MatchString(s):
		return s
	}
	parts := strings.Split(s, "-")
	for i, part := range parts {
		if len(part) >= 7 {
			parts[i] = maskMiddle(part, 0, 4)
			return strings.Join(parts[:i+1], "-")
		}
	}
	return strings.Repeat("*", len(s))
}

// MaskName hides a name but leaves it recognisable to those who know the
// person: 张*, 赵*民, 欧阳**. A name of other letters keeps the first of each
// word.
func MaskName(name string) string {
	words := strings.Fields(name)
	if len(words) == 1 {
		return maskWord([]rune(words[0]))
	}
	for i, w := range words {
		if r := []rune(w); i == 0 || len(r) > 1 {
			words[i] = string(r[:1]) + stars(len(r)-1)
		} else {
			words[i] = "*"
		}
	}
	return strings.Join(words, " ")
}

func maskWord(r []rune) string {
	keep := 1
	if len(r) > 2 && strings.Contains(compound, string(r[:2])) {
		keep = 2
	}
	switch {
	case len(r) == 1:
		return "*"
	case len(r) == 3 && keep == 1:
		return string(r[:1]) + "*" + string(r[2:])
	}
	return string(r[:keep]) + stars(len(r)-keep)
}

// compound are the surnames of two characters still met today.
const compound = "欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 东方 独孤 南宫 端木 轩辕 呼延 淳于 申屠 太史 公冶 西门"

func stars(n int) string { return strings.Repeat("*", max(0, n)) }

func maskMiddle(s string, first, last int) string {
	if len(s) <= first+last {
		return stars(len(s))
	}
	return s[:first] + stars(len(s)-first-last) + s[len(s)-last:]
}

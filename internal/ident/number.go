package ident

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Number is a case number, fit to be read over the phone: the day, a serial of
// that day in the district, and a check digit, printed 261123-01478. The last
// digit is the check.
type Number string

// maxSerial bounds a day's serial; a district has not so many residents.
const maxSerial = 999_999

// NewNumber makes the number of a day's serial, which counts from 1. The day is
// that of t in its own zone.
func NewNumber(t time.Time, serial int) (Number, error) {
	if serial < 1 || serial > maxSerial {
		return "", invalid("serial", "当天的序号 %d 不在 1 到 %d 之间", "The serial %d of the day is not between 1 and %d", serial, maxSerial)
	}
	if y := t.Year(); y < 2000 || y > 2099 {
		return "", invalid("day", "案件编号只用于 2000 到 2099 年，不是 %d 年", "Case numbers serve the years 2000 to 2099, not %d", y)
	}
	body := fmt.Sprintf("%s%04d", t.Format("060102"), serial)
	return spell(body + string('0'+damm(body))), nil
}

func spell(all string) Number { return Number(all[:6] + "-" + all[6:]) }

// ParseNumber reads a number as it is written or spoken: with or without the
// dash, with spaces, in full-width or Chinese digits (二六一一二三 零一四七八, 幺
// for 一, 洞拐勾 as radio operators say). Every wrong digit and every swap of
// two neighbours is caught.
func ParseNumber(s string) (Number, error) {
	n, ok := spoken(s)
	if !ok || len(n) < 11 || len(n) > 13 {
		return "", invalid("number", "案件编号 %q 不对，应像 261123-01478", "%q is no case number; it looks like 261123-01478", clip(s))
	}
	if damm(n) != 0 {
		return "", invalid("number", "编号 %s 有一位不对，请再念一遍", "One digit of the number %s is wrong; please read it out again", spell(n))
	}
	serial := n[6 : len(n)-1]
	_, err := time.Parse("060102", n[:6])
	if err != nil || strings.Trim(serial, "0") == "" || (len(serial) > 4 && serial[0] == '0') {
		return "", invalid("number", "没有编号 %s，请核对", "There is no number %s; please check", spell(n))
	}
	return spell(n), nil
}

// Day is the date in the number, YYYY-MM-DD.
func (n Number) Day() string { return "20" + string(n[:2]+"-"+n[2:4]+"-"+n[4:6]) }

// Serial is the serial of the day.
func (n Number) Serial() int {
	serial, _ := strconv.Atoi(string(n[7 : len(n)-1])) // digits, as ParseNumber and NewNumber see to
	return serial
}

// spoken gives the digits of what was written or said; ok is false where
// something else stands between them.
func spoken(s string) (string, bool) {
	if len(s) > maxInput {
		return "", false
	}
	var b strings.Builder
	for _, r := range fold(s) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune("、，,。.·/\n\r", r):
		default:
			d := chineseDigit(r)
			if d < 0 {
				return "", false
			}
			b.WriteByte(byte('0' + d))
		}
	}
	return b.String(), true
}

func chineseDigit(r rune) int {
	for d, said := range [10]string{"〇零○洞", "一幺么壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒拐", "八捌", "九玖勾"} {
		if strings.ContainsRune(said, r) {
			return d
		}
	}
	return -1
}

// damm is the interim digit of the Damm algorithm: of a body it is the check
// digit, of a body with its check digit it is zero. The table is a totally
// anti-symmetric quasigroup of order ten (H. M. Damm, 2004).
func damm(digits string) byte {
	table := [10]string{
		"0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
		"3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
	}
	at := byte(0)
	for i := range len(digits) {
		at = table[at][digits[i]-'0'] - '0'
	}
	return at
}

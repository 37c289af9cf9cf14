package ident

import (
	"errors"
	"strings"
	"testing"
	"time"

	"linli/internal/errs"
)

// row is one spelling of a number: what it reads as, or "" where it is refused.
type row struct{ why, in, want string }

func check[T ~string](t *testing.T, parse func(string) (T, error), rows []row) {
	t.Helper()
	for _, r := range rows {
		got, err := parse(r.in)
		if string(got) != r.want || (err == nil) != (r.want != "") {
			t.Errorf("%s: %q reads as %q, %v; want %q", r.why, r.in, got, err, r.want)
		}
		if err != nil && (!errors.Is(err, errs.Invalid) || strings.Contains(err.Error(), "%!")) {
			t.Errorf("%s: the error is %v", r.why, err)
		}
	}
}

func TestParseResidentID(t *testing.T) {
	t.Parallel()
	check(t, ParseResidentID, []row{
		{"the standard's own example", "11010519491231002X", "11010519491231002X"},
		{"a small x", "11010519491231002x", "11010519491231002X"},
		{"full-width with spaces", "１１０１０５ １９４９１２３１ ００２Ｘ", "11010519491231002X"},
		{"a wrong last digit", "110105194912310021", ""},
		{"two digits swapped", "11010519491213002X", ""},
		{"no such date", "11010519490231002X", ""},
		{"fifteen digits, out of use", "110105491231002", ""},
		{"letters inside", "1101051949123100XX", ""},
		{"nothing", "", ""},
		{"very long", strings.Repeat("1", 5000), ""},
	})
	id := ResidentID("11010519491231002X")
	if id.Birth() != "1949-12-31" || id.Male() || id.Division() != "110105" || id.Mask() != "110***********002X" {
		t.Errorf("%s %v %s %s", id.Birth(), id.Male(), id.Division(), id.Mask())
	}
	if _, err := ParseResidentID("110105194912310021"); strings.Contains(err.Error(), "1949") {
		t.Errorf("the message repeats the number: %v", err)
	}
}

// The check of GB 11643 tells every single wrong digit.
func TestResidentIDSingleErrors(t *testing.T) {
	t.Parallel()
	const good = "11010519491231002X"
	for i := range 17 {
		for d := byte('0'); d <= '9'; d++ {
			if bad := good[:i] + string(d) + good[i+1:]; bad != good {
				if _, err := ParseResidentID(bad); err == nil {
					t.Errorf("%s was taken", bad)
				}
			}
		}
	}
}

func TestParseCreditAndOrgCode(t *testing.T) {
	t.Parallel()
	check(t, ParseCreditCode, []row{
		{"a good one", "91350100M000100Y43", "91350100M000100Y43"},
		{"small letters and a dash", "91350100-m000100y43", "91350100M000100Y43"},
		{"a wrong check", "91350100M000100Y44", ""},
		{"a letter that is not used", "91350100I000100Y43", ""},
		{"too short", "91350100M000100Y4", ""},
	})
	check(t, ParseOrgCode, []row{
		{"a good one", "M000100Y4", "M000100Y4"},
		{"as it is printed", "M000100Y-4", "M000100Y4"},
		{"a wrong check", "M000100Y5", ""},
		{"too long", "M000100Y44", ""},
	})
	if c := CreditCode("91350100M000100Y43"); c.Organisation() != "M000100Y4" || c.Division() != "350100" {
		t.Errorf("%s %s", c.Organisation(), c.Division())
	}
}

func TestParseAreaCode(t *testing.T) {
	t.Parallel()
	check(t, ParseAreaCode, []row{
		{"a district", "990101", "990101"},
		{"a street", "990101001", "990101001"},
		{"a community", "990101001002", "990101001002"},
		{"a grid", "990101001002007", "990101001002007"},
		{"a padded district", "990101000000", "990101"},
		{"a padded street", "990101001000", "990101001"},
		{"full-width with spaces", "９９０１０１ 001", "990101001"},
		{"a city without districts is a top area", "441900", "441900"},
		{"a province is not", "990000", ""},
		{"a grid must hang on a community", "990101001000007", ""},
		{"a community must hang on a street", "990101000007", ""},
		{"grids count from 001", "990101001002000", ""},
		{"a length between tiers", "99010100", ""},
		{"a micro-grid is not known yet", "99010100100200701", ""},
		{"letters", "99010A", ""},
		{"nothing", "", ""},
	})
	g, err := ParseGridCode("990101001002901")
	if err != nil || !g.Exclusive() || g.Parent() != "990101001002" || g.At(Street) != "990101001" || g.District() != "990101" {
		t.Errorf("%s: %v %v %s %s", g, err, g.Exclusive(), g.Parent(), g.At(Street))
	}
	if AreaCode("990101001002900").Exclusive() || AreaCode("990101").Parent() != "" || AreaCode("990101").At(Grid) != "" {
		t.Error("900 is no exclusive grid; nothing is above a district; a district lies in no grid")
	}
	if !g.Within("990101001") || g.Within("990101002") || g.Within("") || AreaCode("990101001").Padded() != "990101001000" {
		t.Error("within and padding")
	}
	check(t, ParseGridCode, []row{{"a community is no grid", "990101001002", ""}, {"a grid", "990101001002007", "990101001002007"}})
}

func TestParseCodes(t *testing.T) {
	t.Parallel()
	check(t, ParseComponentCode, []row{
		{"a sewer cover", "99010101002000123", "99010101002000123"},
		{"grouped", "990101 01002 000123", "99010101002000123"},
		{"a serial of nothing", "99010101002000000", ""},
		{"no class", "99010100002000123", ""},
		{"no division", "99000001002000123", ""},
		{"short", "9901010100200012", ""},
	})
	check(t, ParseMatterCode, []row{{"exposed waste", "99010106010", "99010106010"}, {"no minor class", "99010106000", ""}, {"long", "990101060100", ""}})
	check(t, ParseClassCode, []row{{"exposed waste", "06010", "06010"}, {"no major class", "00010", ""}, {"letters", "m0601", ""}})
	if c, err := NewComponentCode("990101", "01002", 123); err != nil || c.Class() != "01002" || c.Division() != "990101" || c.Class().Major() != "01" {
		t.Errorf("%s, %v", c, err)
	}
	if _, err := NewComponentCode("990101", "01002", 1_000_000); err == nil {
		t.Error("a serial of seven digits was taken")
	}
	if m := MatterCode("99010106010"); m.Class() != "06010" || m.Division() != "990101" {
		t.Error("parts of a matter code")
	}
}

// ASVS 2.2.1
func TestParsePhone(t *testing.T) {
	t.Parallel()
	check(t, ParsePhone, []row{
		{"a mobile", "13800000013", "13800000013"},
		{"grouped", "138 0000 0013", "13800000013"},
		{"with dashes", "138-0000-0013", "13800000013"},
		{"from abroad", "+86 138 0000 0013", "13800000013"},
		{"from abroad with zeros", "0086-13800000013", "13800000013"},
		{"full-width", "１３８００００００１３", "13800000013"},
		{"twelve digits", "138000000130", ""},
		{"ten digits", "1380000001", ""},
		{"no such mobile", "12800000013", ""},
		{"a landline", "0551-65550123", "0551-65550123"},
		{"a landline run together", "055165550123", "0551-65550123"},
		{"a landline in brackets", "（0551）6555 0123", "0551-65550123"},
		{"a capital's area code has three digits", "01065550123", "010-65550123"},
		{"from abroad without its zero", "+86 551 6555 0123", "0551-65550123"},
		{"with an extension", "0551-65550123-8012", "0551-65550123-8012"},
		{"with an extension in words", "0551-65550123转8012", "0551-65550123-8012"},
		{"an extension that runs on cannot be told", "05516555012380123", ""},
		{"within the district", "6555-0123", "65550123"},
		{"the hotline", "12345", "12345"},
		{"the police", "110", "110"},
		{"a bank", "95599", "95599"},
		{"a free number", "400-000-0123", "4000000123"},
		{"text", "没有电话", ""},
		{"two numbers", "13800000013 13800000014", ""},
		{"nothing", "", ""},
		{"very long", strings.Repeat("1", 5000), ""},
	})
	for in, want := range map[Phone]string{
		"13800000013": "138****0013", "0551-65550123": "0551-****0123", "0551-6555012": "0551-***5012",
		"0551-65550123-8012": "0551-****0123", "65550123": "****0123", "12345": "12345",
	} {
		if got := in.Mask(); got != want {
			t.Errorf("mask of %s is %s, want %s", in, got, want)
		}
	}
	if !Phone("13800000013").Mobile() || Phone("0551-65550123").Mobile() {
		t.Error("mobile")
	}
}

func TestMaskName(t *testing.T) {
	t.Parallel()
	for _, r := range []row{
		{"two characters", "张三", "张*"},
		{"three keep the first and last", "赵建民", "赵*民"},
		{"a compound surname is kept whole", "欧阳明月", "欧阳**"},
		{"a compound surname with one name", "司马光", "司马*"},
		{"a compound surname is all there is", "欧阳", "欧*"},
		{"four without a compound surname", "王李明月", "王***"},
		{"one character", "张", "*"},
		{"other letters", "Ann Example", "A** E******"},
		{"initials", "A B Example", "A * E******"},
		{"a long name", "阿卜杜拉", "阿***"},
		{"spaces around", " 张三 ", "张*"},
		{"nothing", "", ""},
	} {
		if got := MaskName(r.in); got != r.want {
			t.Errorf("%s: %q is masked %q, want %q", r.why, r.in, got, r.want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	t.Parallel()
	n, err := NewNumber(time.Date(2026, 11, 23, 9, 52, 0, 0, time.UTC), 147)
	if err != nil {
		t.Fatal(err)
	}
	want := string(n)
	if want[:11] != "261123-0147" || len(want) != 12 {
		t.Fatalf("the number is %s", want)
	}
	last := string("零一二三四五六七八九")
	check1 := string([]rune(last)[want[11]-'0'])
	check(t, ParseNumber, []row{
		{"as printed", want, want},
		{"without the dash", strings.ReplaceAll(want, "-", ""), want},
		{"with spaces and another dash", "26 11 23 — 0147 " + want[11:], want},
		{"full-width", "２６１１２３－０１４７" + want[11:], want},
		{"spoken", "二六一一二三零一四七" + check1, want},
		{"spoken as on the radio", "两六幺幺二三，洞幺四拐" + check1, want},
		{"text around", "编号" + want, ""},
		{"too short", "261123-017", ""},
		{"no such day", must(t, "2613010147"), ""},
		{"no serial", must(t, "2611230000"), ""},
		{"a serial with a nought before", must(t, "26112300147"), ""},
		{"nothing", "", ""},
	})
	if n.Day() != "2026-11-23" || n.Serial() != 147 {
		t.Errorf("%s is of %s, serial %d", n, n.Day(), n.Serial())
	}
	for _, serial := range []int{0, -1, 1_000_000} {
		if _, err := NewNumber(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), serial); err == nil {
			t.Errorf("serial %d was taken", serial)
		}
	}
	big, err := NewNumber(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 123456)
	if back, err2 := ParseNumber(string(big)); err != nil || err2 != nil || back.Serial() != 123456 {
		t.Errorf("%s: %v, %v", big, err, err2)
	}
	if damm("572") != 4 {
		t.Errorf("the published check of 572 is 4, not %d", damm("572"))
	}
}

// must adds the right check digit to a body, so that only the body is wrong.
func must(t *testing.T, body string) string {
	t.Helper()
	return body + string('0'+damm(body))
}

// Over the phone a digit is misheard or two are swapped: every such slip in
// every place of many numbers is caught.
func TestNumberCatchesEverySlip(t *testing.T) {
	t.Parallel()
	for day := range 60 {
		for _, serial := range []int{1, 9, 147, 1234, 9999, 10000, 98765} {
			n, err := NewNumber(time.Date(2026, 11, 1+day, 0, 0, 0, 0, time.UTC), serial)
			if err != nil {
				t.Fatal(err)
			}
			all := strings.ReplaceAll(string(n), "-", "")
			for i := range all {
				for d := byte('0'); d <= '9'; d++ {
					if wrong := all[:i] + string(d) + all[i+1:]; wrong != all && damm(wrong) == 0 {
						t.Fatalf("%s for %s is not caught", wrong, n)
					}
				}
				if i > 0 && all[i] != all[i-1] {
					swapped := all[:i-1] + string(all[i]) + string(all[i-1]) + all[i+1:]
					if got, err := ParseNumber(swapped); err == nil {
						t.Fatalf("%s for %s reads as %s", swapped, n, got)
					}
				}
			}
		}
	}
}

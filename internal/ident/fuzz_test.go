package ident

import (
	"strings"
	"testing"
)

// fuzz holds what is true of every parser here: what it returns reads back as
// itself.
func fuzz[T ~string](f *testing.F, parse func(string) (T, error), seeds ...string) {
	f.Helper()
	for _, s := range append(seeds, "", "\xff", "９９０１０１", "—-－") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := parse(s)
		if err != nil {
			if v != "" {
				t.Errorf("%q is refused and yet reads as %q", s, v)
			}
			return
		}
		if again, err := parse(string(v)); err != nil || again != v {
			t.Errorf("%q reads as %q, back as %q, %v", s, v, again, err)
		}
	})
}

func FuzzParseResidentID(f *testing.F)    { fuzz(f, ParseResidentID, "11010519491231002X") }
func FuzzParseCreditCode(f *testing.F)    { fuzz(f, ParseCreditCode, "91350100M000100Y43") }
func FuzzParseOrgCode(f *testing.F)       { fuzz(f, ParseOrgCode, "M000100Y-4") }
func FuzzParseAreaCode(f *testing.F)      { fuzz(f, ParseAreaCode, "990101001000", "990101001002901") }
func FuzzParseGridCode(f *testing.F)      { fuzz(f, ParseGridCode, "990101001002901") }
func FuzzParseClassCode(f *testing.F)     { fuzz(f, ParseClassCode, "01002") }
func FuzzParseMatterCode(f *testing.F)    { fuzz(f, ParseMatterCode, "99010106010") }
func FuzzParseComponentCode(f *testing.F) { fuzz(f, ParseComponentCode, "99010101002000123") }

// ASVS 1.3.3
func FuzzParseNumber(f *testing.F) {
	fuzz(f, ParseNumber, "261123-01478", "两六幺幺二三洞幺四拐八")
}

// ASVS 1.1.1
func FuzzParsePhone(f *testing.F) {
	fuzz(f, ParsePhone, "+86 138 0000 0013", "0551-65550123-8012", "6555012-3", "400-000-0123")
}

func FuzzMaskName(f *testing.F) {
	f.Add("欧阳明月")
	f.Add(" \xff a")
	f.Fuzz(func(t *testing.T, s string) {
		if m := MaskName(s); strings.TrimSpace(s) != "" && !strings.Contains(m, "*") {
			t.Errorf("%q is masked as %q", s, m)
		}
	})
}

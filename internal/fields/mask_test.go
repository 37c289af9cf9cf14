package fields

import (
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ why, field, value, want string }{
		{"a name as ident masks it", Name, "张小民", "张*民"},
		{"three first and four last digits", Phone, "13800000013", "138****0013"},
		{"building and room go, street and number stay", Address, "桂香路 18 号 2 幢 301 室", "桂香路 18 号***"},
		{"without spaces", Address, "桂香路18号2幢301室", "桂香路18号***"},
		{"full-width digits", Address, "桂香路１８号２幢３０１室", "桂香路18号***"},
		{"a building by its letter", Address, "柳荫小区B座1203", "柳荫小区***"},
		{"in Chinese numerals", Address, "柳荫小区三单元四层", "柳荫小区***"},
		{"a room by hyphens", Address, "荷塘苑 3-2-501", "荷塘苑***"},
		{"a numbered building is one house", Address, "荷塘苑 12 号楼旁边", "荷塘苑***"},
		{"in English", Address, "18 Guixiang Road, Room 301", "18 Guixiang Road***"},
		{"a place in the street has nothing to hide", Address, "桂香路与柳荫路路口", "桂香路与柳荫路路口"},
		{"a street number alone is a place", Address, "桂香路 18 号门口", "桂香路 18 号门口"},
		{"nothing stays nothing", Address, "", ""},
		{"what is not known is hidden whole", "salary", "3000", "***"},
	} {
		if got := Mask(row.field, row.value); got != row.want {
			t.Errorf("%s: got %q, want %q", row.why, got, row.want)
		}
	}
}

func FuzzMaskAddress(f *testing.F) {
	f.Add("桂香路 18 号 2 幢 301 室")
	f.Add("a1室\xff")
	f.Fuzz(func(t *testing.T, address string) {
		got := Mask(Address, address)
		if head, cut := strings.CutSuffix(got, hidden); cut && inside.MatchString(head) {
			t.Errorf("%q still shows a room: %q", address, got)
		}
	})
}

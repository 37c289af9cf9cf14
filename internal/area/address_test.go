package area_test

import (
	"path/filepath"
	"testing"

	"linli/internal/area"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/sheet"
)

func TestFromAddress(t *testing.T) {
	t.Parallel()
	tests := []struct {
		why, text string
		want      area.Code // first candidate, "" for none
		found     string
	}{
		{"a grid's own name", "桂香02网格南门", "990101001001002", "桂香02网格"},
		{"a grid as people say it", "桂香社区第2网格", "990101001001002", "桂香社区第2网格"},
		{"full-width digits and spaces", "桂香 ０２ 网格", "990101001001002", "桂香02网格"},
		{"street and community together beat either alone", "槐树街道桂香社区活动室门口", "990101001001", "桂香社区"},
		{"a short name", "桂香小学对面井盖坏了", "990101001001", "桂香"},
		{"a road of the same name counts less than the community named", "书院社区桂香路口", "990101001002", "书院社区"},
		{"a road's name alone is still better than nothing", "桂香路12号", "990101001001", "桂香"},
		{"of two short names the one that is no road's", "书院门口桂香路", "990101001002", "书院"},
		{"街道 is no road", "槐树街道办门前", "990101001", "槐树街道"},
		{"an exclusive grid by its name", "槐树农贸市场二楼", "990101001002901", "槐树农贸市场"},
		{"an exclusive grid by a member", "老张豆腐坊门口污水", "990101001002901", "老张豆腐坊"},
		{"a number within another number is not it", "18号摊位", "", ""},
		{"but alone it is", "卖鱼的8号摊位", "990101001002901", "8号摊位"},
		{"a house number on the odd side", "槐安路37号3单元", "990101001001001", "槐安路37号"},
		{"and on the even one", "槐安路38号", "990101001001002", "槐安路38号"},
		{"a number beyond the last house", "槐安路200号", "", ""},
		{"English", "streetlight out in Guixiang community", "990101001001", "guixiang community"},
		{"nothing known", "某处有人", "", ""},
		{"nothing at all", "", "", ""},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		imported(t, d)
		m := open(t, d, today)
		for _, tt := range tests {
			got := m.FromAddress(tt.text)
			if len(got) == 0 {
				if tt.want != "" {
					t.Errorf("%s: nothing found in %q, want %s", tt.why, tt.text, tt.want)
				}
				continue
			}
			if got[0].Code != tt.want || got[0].Found != tt.found || got[0].Why.ZH == "" || got[0].Why.EN == "" {
				t.Errorf("%s: %q gives %+v, want %s by %q", tt.why, tt.text, got, tt.want, tt.found)
			}
		}
	})
}

func TestParseCode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		why, in string
		want    area.Code
		tier    area.Tier
	}{
		{"a district", "990101", "990101", area.District},
		{"a padded district", "990101000000", "990101", area.District},
		{"a padded street", "990101001000", "990101001", area.Street},
		{"a community", "990101001002", "990101001002", area.Community},
		{"a grid", "990101001002003", "990101001002003", area.Grid},
		{"no grid is number 000", "990101001002000", "", ""},
		{"no street is number 000", "990101000", "", ""},
		{"a community of no street", "990101000001", "", ""},
		{"letters", "99010A", "", ""},
		{"other digits than ours", "９９０１０１", "", ""},
		{"nothing", "", "", ""},
	}
	for _, tt := range tests {
		got, err := area.ParseCode(tt.in)
		if got != tt.want || got.Tier() != tt.tier || (err != nil) != (tt.want == "") {
			t.Errorf("%s: got %q, %v, want %q", tt.why, got, err, tt.want)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("990101000000")
	f.Add("990101001002003")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := area.ParseCode(s)
		if err != nil {
			return
		}
		if again, err := area.ParseCode(string(c)); err != nil || again != c {
			t.Errorf("%q gives %q, which gives %q, %v", s, c, again, err)
		}
		for up := c; up != ""; up = up.Parent() {
			if !c.In(up) || c.At(up.Tier()) != up {
				t.Errorf("%s is not in %s", c, up)
			}
		}
	})
}

func FuzzFromAddress(f *testing.F) {
	for _, s := range []string{"桂香02网格", "槐安路37号", "guixiang community", "桂香\xff路", "第第第网格0号"} {
		f.Add(s)
	}
	d, err := db.Open(f.Context(), db.Config{URL: "sqlite:" + filepath.Join(f.TempDir(), "linli.db")})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = d.Close() })
	if got, err := run(f.Context(), d, sheet.Policy{}, areasCSV, outlines); err != nil {
		f.Fatal(got, err)
	}
	m, err := area.Open(f.Context(), d, district, today)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for i, c := range m.FromAddress(text) {
			if !m.Known(string(c.Code)) || c.Score <= 0 || i >= 10 || c.Found == "" {
				t.Errorf("%q gives %+v", text, c)
			}
		}
	})
}

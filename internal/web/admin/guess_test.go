package admin

import "testing"

func TestGuess(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ why, name, data, mapping, want string }{
		{"our own names", "a.csv", "code,name,tier\n1,2,3\n", "", "areas"},
		{"the titles of a form that people fill in", "a.csv", "区域代码,区域名称\n1,2\n", "", "areas"},
		{"units share code and name with areas, and have more", "a.csv", "code,name,kind,parent,areas,phone\n1,2,3,4,5,6\n", "", "units"},
		{"posts name unit and area as routes do", "a.csv", "login,role,unit,area\n1,2,3,4\n", "", "posts"},
		{"routes", "a.csv", "matter,area,hours,unit,co,reason\n1,2,3,4,5,6\n", "", "routes"},
		{"people", "a.csv", "login,name,phone\n1,2,3\n", "", "people"},
		{"tabs", "a.tsv", "login\tname\tphone\n1\t2\t3\n", "", "people"},
		{"a mapping knows best", "a.csv", "x\n1\n", "to: matters\ncolumns: {code: x}\n", "matters"},
		{"polygons with a code", "a.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1"},"geometry":{"type":"Polygon","coordinates":[]}}]}`, "", "outlines"},
		{"lines", "a.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"LineString","coordinates":[]}}]}`, "", "roads"},
		{"other drawings", "a.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kind":"park"},"geometry":{"type":"Polygon","coordinates":[]}}]}`, "", "ground"},
		{"nothing we know", "a.csv", "a,b\n1,2\n", "", ""},
		{"nothing at all", "a.csv", "", "", ""},
	} {
		u := upload{Name: one.name, Data: []byte(one.data), Mapping: []byte(one.mapping)}
		if got := u.guess(); got != one.want {
			t.Errorf("%s: %q, want %q", one.why, got, one.want)
		}
	}
}

// ASVS 5.4.1
func TestFileName(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"units.csv": "units.csv", `C:\temp\单位.xlsx`: "单位.xlsx", "../../etc/passwd": "passwd", "": "table.csv", "/": "table.csv", "a\x00b\u202e.csv": "ab.csv", "\xff": "table.csv",
	} {
		if got := fileName(sent); got != want {
			t.Errorf("%q is shown as %q, want %q", sent, got, want)
		}
	}
}

// FuzzUpload holds that no file makes the guess or the folder fail.
func FuzzUpload(f *testing.F) {
	f.Add("a.csv", []byte("code,name\n1,2\n"), []byte("to: areas\ncolumns: {code: x}\n"))
	f.Add("a.xlsx", []byte("PK\x03\x04"), []byte(""))
	f.Add("../a.geojson", []byte(`{"type":"FeatureCollection","features":[{}]}`), []byte("{"))
	f.Fuzz(func(t *testing.T, name string, data, mapping []byte) {
		u := upload{Table: "units", Name: fileName(name), Data: data, Mapping: mapping}
		u.guess()
		if _, err := u.files(); err != nil {
			t.Error(err)
		}
		if _, err := u.mappings(); err != nil {
			t.Error(err)
		}
	})
}

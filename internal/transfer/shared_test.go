package transfer_test

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/lang"
	"linli/internal/sheet"
	"linli/internal/transfer"
	"linli/packs"
)

// shared is the folder of real data beside the checkout, and mappings the
// mapping files of the project.
const (
	shared   = "../../../shared/data"
	mappings = "../../mappings"
)

// needShared gives the folders of a real district, or skips.
func needShared(t testing.TB, set string) (files, maps fs.FS) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(shared, set)); err != nil {
		t.Skipf("the real data of %s is not beside this checkout (../shared/data/%s): skipped", set, set)
	}
	return os.DirFS(filepath.Join(shared, set)), os.DirFS(filepath.Join(mappings, set))
}

func base(t testing.TB) *catalogue.Pack {
	t.Helper()
	pack, findings := catalogue.Load(packs.Base())
	if pack == nil {
		t.Fatalf("the base pack does not load: %v", findings)
	}
	return pack
}

// founded is a district made from its folders, with nothing found wrong.
func founded(t testing.TB, d *db.DB, files, maps fs.FS) *district.District {
	t.Helper()
	code, report, err := transfer.Folder(t.Context(), d, files, maps, transfer.FolderOptions{Pack: base(t)})
	if err != nil {
		if report != nil {
			logged(t, report)
		}
		t.Fatal(err)
	}
	if n := report.Number(sheet.Error) + report.Number(sheet.Fatal); n != 0 {
		logged(t, report)
		t.Fatalf("got %d rows refused, want none", n)
	}
	return opened(t, d, code)
}

func opened(t testing.TB, d *db.DB, code string) *district.District {
	t.Helper()
	one, err := district.Open(t.Context(), d, code, d.Now())
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func logged(t testing.TB, report *sheet.Report) {
	t.Helper()
	for i, f := range report.Findings() {
		if i == 20 {
			break
		}
		t.Log(f.In(lang.EN))
	}
}

func loaded(t testing.TB, name, text string) sheet.File {
	t.Helper()
	f, err := sheet.Load(name, strings.NewReader(text), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// mapping reads the one mapping of a file.
func mapping(t testing.TB, maps fs.FS, name string) *sheet.Mapping {
	t.Helper()
	report := sheet.NewReport(sheet.Policy{})
	all := sheet.ParseMappings(maps, name, report)
	if len(all) != 1 {
		logged(t, report)
		t.Fatalf("%s: got %d mappings, want 1", name, len(all))
	}
	return all[0]
}

// table is a CSV file of the real data, read without linli's own reader.
type table struct {
	head []string
	rows [][]string
}

func readTable(t testing.TB, files fs.FS, name string) table {
	t.Helper()
	f, err := files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return table{all[0], all[1:]}
}

func (c table) column(name string) int {
	for i, h := range c.head {
		if h == name {
			return i
		}
	}
	return -1
}

// text is some rows of the table as a file again.
func (c table) text(t testing.TB, rows [][]string) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append([][]string{c.head}, rows...)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func count(t testing.TB, d *db.DB, sql string, args ...any) int {
	t.Helper()
	n, err := db.Value[int](t.Context(), d, sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

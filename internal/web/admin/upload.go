package admin

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"io/fs"
	"mime/multipart"
	"path"
	"strings"
	"unicode"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/sheet"
	"linli/internal/transfer"
	"linli/internal/web/page"
)

// What a file may hold, and up to which size the report page carries it along,
// so that it need not be chosen a second time. The form states the first.
const (
	fileMost    = 20 << 20
	longMost    = 80 << 20 // of cases, which come in in the background
	carriedMost = 6 << 20
	mappingMost = 1 << 20
)

// upload is a table that was sent, with how it is to be taken.
type upload struct {
	Table, Name   string
	Data          []byte
	Mapping       []byte // YAML; none where the columns are named as ours
	Datum         string
	SkipBad, Real bool
}

// readUpload takes a posted form: the files just chosen, or those that the
// report page carried along.
func readUpload(v *page.View) (u upload, err error) {
	form := v.R.PostForm
	u = upload{Table: form.Get("table"), Datum: form.Get("datum"), SkipBad: form.Get("skip") == "yes", Real: form.Get("go") == "import"}
	if u.Data, u.Name, err = posted(v, "file", "data", longMost); err != nil {
		return u, err
	}
	if u.Name == "" {
		u.Name = fileName(form.Get("name"))
	}
	if len(u.Data) == 0 {
		return u, errs.New(errs.Invalid, "请选一个文件。", "Please choose a file.").At("file")
	}
	u.Mapping, _, err = posted(v, "mapping", "mapping_data", mappingMost)
	return u, err
}

// posted is the file of a field, or what another field carries in its place;
// nothing where there is neither.
func posted(v *page.View, field, carried string, most int) (data []byte, name string, err error) {
	if v.R.MultipartForm != nil && len(v.R.MultipartForm.File[field]) > 0 {
		file := v.R.MultipartForm.File[field][0]
		if file.Size > int64(most) {
			return nil, "", errs.New(errs.TooLarge, "文件超过 %d MB。", "The file is over %d MB.", most>>20).At(field)
		}
		if data, err = readFile(file); err == nil && len(data) > 0 {
			return data, fileName(file.Filename), nil
		}
		if err != nil {
			return nil, "", err
		}
	}
	data, err = base64.StdEncoding.DecodeString(v.R.PostForm.Get(carried))
	if err != nil || len(data) > most {
		return nil, "", errs.New(errs.Invalid, "文件没有带过来，请再选一次。", "The file did not come along; please choose it again.").At(field)
	}
	return data, "", nil
}

func readFile(file *multipart.FileHeader) ([]byte, error) {
	f, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// fileName is the last part of a sent name, in characters a person can see.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), "\\", "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return -1
	}, name)
	if r := []rune(name); len(r) > 80 {
		name = string(r[len(r)-80:])
	}
	if name == "." || name == "/" || name == "" {
		return "table.csv"
	}
	return name
}

// Carried is the file as the report page takes it along; empty where it is
// too large for that.
func (u upload) Carried() string {
	if len(u.Data) > carriedMost {
		return ""
	}
	return base64.StdEncoding.EncodeToString(u.Data)
}

// CarriedMapping is the mapping as the report page takes it along.
func (u upload) CarriedMapping() string { return base64.StdEncoding.EncodeToString(u.Mapping) }

// ending is the one by which setup tells how the file is laid out.
func (u upload) ending() string {
	switch e := strings.ToLower(path.Ext(u.Name)); {
	case e == ".tsv", e == ".xlsx", e == ".geojson", e == ".json":
		return e
	case bytes.HasPrefix(u.Data, []byte("PK\x03\x04")):
		return ".xlsx"
	}
	return ".csv"
}

// files is the folder that setup reads: the file under its table's name, and
// under its own, which a mapping may name. It is an archive in memory, since
// the standard library reads those as file systems.
func (u upload) files() (fs.FS, error) {
	files := map[string][]byte{u.Table + u.ending(): u.Data}
	if fs.ValidPath(u.Name) {
		files[u.Name] = u.Data
	}
	return folder(files)
}

// mappings is the folder of the mapping; nil without one.
func (u upload) mappings() (fs.FS, error) {
	if len(u.Mapping) == 0 {
		return nil, nil
	}
	return folder(map[string][]byte{u.Table + ".yaml": u.Mapping})
}

func folder(files map[string][]byte) (fs.FS, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
}

// schemas are the shapes of the tables that can be told by their columns.
func schemas() map[string]sheet.Schema {
	return map[string]sheet.Schema{
		"areas": area.Columns(), "units": org.UnitColumns(), "people": org.PersonColumns(), "posts": org.PostColumns(),
		"matters": catalogue.MatterColumns(), "routes": catalogue.RouteColumns(),
		transfer.CasesRun: transfer.CaseColumns(), transfer.PastRun: transfer.PastColumns(),
	}
}

// guess says which table a file is: what its mapping says, else by its
// columns, or by what a collection draws; "" where it is none we know.
func (u upload) guess() string {
	if len(u.Mapping) > 0 {
		files, err := folder(map[string][]byte{"mapping.yaml": u.Mapping})
		if err == nil {
			for _, m := range sheet.ParseMappings(files, "mapping.yaml", sheet.NewReport(sheet.Policy{})) {
				return m.To
			}
		}
		return ""
	}
	file, err := u.file("table" + u.ending())
	if err != nil {
		return ""
	}
	for row := range file.Rows(sheet.From{}, sheet.NewReport(sheet.Policy{})) {
		if row.Geometry != nil {
			return drawn(row)
		}
		return byColumns(row.Columns())
	}
	return ""
}

// file is the table under a name.
func (u upload) file(name string) (sheet.File, error) {
	return sheet.At(name, bytes.NewReader(u.Data), int64(len(u.Data)), sheet.Limits{Bytes: longMost})
}

// drawn tells outlines, roads and ground apart by the first feature.
func drawn(row sheet.Row) string {
	var geometry struct{ Type string }
	if json.Unmarshal(row.Geometry, &geometry) != nil {
		return ""
	}
	if _, has := row.Get("code"); has {
		return "outlines"
	}
	if strings.HasSuffix(geometry.Type, "LineString") {
		return "roads"
	}
	return "ground"
}

// byColumns is the table that knows the largest part of the columns and misses
// none that it requires.
func byColumns(columns []string) (best string) {
	most := 0
	for name, schema := range schemas() {
		known, missing := 0, false
		for _, f := range schema {
			has := called(f, columns)
			if has {
				known++
			}
			missing = missing || f.Required && !has
		}
		if !missing && (known > most || known == most && name < best) {
			best, most = name, known
		}
	}
	return best
}

func called(f sheet.Field, columns []string) bool {
	for _, c := range columns {
		if strings.EqualFold(c, f.Name) || c == f.Title.ZH || strings.EqualFold(c, f.Title.EN) {
			return true
		}
	}
	return false
}

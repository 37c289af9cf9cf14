package sheet

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"path"
	"strings"

	"linli/internal/errs"
)

// Limits bound what a file may cost. A zero field means the default beside it.
type Limits struct {
	Bytes    int64 // of the file as sent: 64 MB
	Unzipped int64 // of a workbook's parts together: 128 MB
	Rows     int   // 1,000,000; of a workbook 200,000, which already take a minute
	Columns  int   // 500
	Field    int   // bytes in one field: 64 KB
	Element  int   // bytes in one object or feature of JSON, which is held whole: 64 MB
}

func (l Limits) orDefault() Limits {
	def := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	num := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	def(&l.Bytes, 64<<20)
	def(&l.Unzipped, 128<<20)
	num(&l.Rows, 1_000_000)
	num(&l.Columns, 500)
	num(&l.Field, 64<<10)
	num(&l.Element, 64<<20)
	return l
}

// File is a table as it was sent. Its bytes stay where they are: each reading
// goes over them from the beginning, a piece at a time.
type File struct {
	Name   string
	src    io.ReaderAt
	size   int64
	limits Limits
}

// Load reads r to its end and holds it. More than limits.Bytes is TooLarge.
func Load(name string, r io.Reader, limits Limits) (File, error) {
	limits = limits.orDefault()
	data, err := io.ReadAll(io.LimitReader(r, limits.Bytes+1))
	if err != nil {
		return File{}, errs.New(errs.Invalid, "文件 %s 没有读完。", "The file %s could not be read to its end.", name).Because(err)
	}
	return At(name, bytes.NewReader(data), int64(len(data)), limits)
}

// At is a table that lies somewhere, such as in a file on disk, and is read where
// it lies: its rows may be more than memory holds. It must not change, nor be
// closed, while it is read. More than limits.Bytes is TooLarge.
func At(name string, src io.ReaderAt, size int64, limits Limits) (File, error) {
	limits = limits.orDefault()
	if size > limits.Bytes {
		return File{}, errs.New(errs.TooLarge, "文件 %s 超过 %d MB。", "The file %s is over %d MB.", name, limits.Bytes>>20)
	}
	return File{Name: name, src: src, size: size, limits: limits}, nil
}

// first is the beginning of the file, at most n bytes of it.
func (f File) first(n int) []byte {
	head := make([]byte, min(int64(n), f.size))
	got, _ := f.src.ReadAt(head, 0) // what cannot be read is met again, and told, by who reads on
	return head[:got]
}

// Format is how a file is laid out.
type Format string

// The formats. Auto goes by the file's name and first bytes.
const (
	Auto    Format = ""
	CSV     Format = "csv"
	TSV     Format = "tsv"
	XLSX    Format = "xlsx"
	GeoJSON Format = "geojson"
	JSON    Format = "json" // a list of objects
)

var extensions = map[string]Format{
	".csv": CSV, ".tsv": TSV, ".tab": TSV, ".txt": CSV, ".xlsx": XLSX, ".geojson": GeoJSON, ".json": JSON,
}

// From says how to read a source. The zero value works for an ordinary file.
type From struct {
	File      string   // the file this mapping is for; informative
	Format    Format   // csv, tsv, xlsx, geojson, json
	Encoding  Encoding // utf-8, gb18030, utf-16; empty or auto looks at the bytes
	Delimiter string   // one character, where it is neither comma nor tab
	Sheet     string   // of a workbook; the first where empty
	Header    int      // line of the column names; 1 where 0, more where titles stand above
	Missing   []string // values that mean nothing is known, such as "-"
}

// Row is one line of a table, or one feature or object.
type Row struct {
	Place
	Geometry json.RawMessage // of a GeoJSON feature, as it stood
	head     *head
	values   []string
}

// head holds the column names that the rows of a table share.
type head struct {
	names  []string
	number map[string]int // position from 0
}

func newHead(names []string) *head {
	h := &head{names: names, number: make(map[string]int, len(names))}
	for i, n := range names {
		if _, twice := h.number[n]; !twice && n != "" {
			h.number[n] = i
		}
	}
	return h
}

// Get returns the value of a column as it stood, and whether the row has it.
func (r Row) Get(column string) (string, bool) {
	i, ok := r.head.number[column]
	if !ok || i >= len(r.values) {
		return "", false
	}
	return r.values[i], true
}

// Columns gives the column names in their order.
func (r Row) Columns() []string { return r.head.names }

// At is the place of a column in the row.
func (r Row) At(column string) Place {
	p := r.Place
	if i, ok := r.head.number[column]; ok && p.Column == 0 {
		p.Column = i + 1
	}
	return p
}

// format settles Auto by the extension, and a JSON list against a collection
// by its first byte.
func (f File) format(from From) Format {
	got := from.Format
	if got == Auto {
		got = extensions[strings.ToLower(path.Ext(f.Name))]
	}
	if got == Auto && string(f.first(4)) == "PK\x03\x04" {
		return XLSX
	}
	if got == JSON && from.Format == Auto && strings.HasPrefix(strings.TrimLeft(string(f.first(64)), "\ufeff \t\r\n"), "{") {
		return GeoJSON
	}
	if got == Auto {
		return CSV
	}
	return got
}

// Rows streams the rows of the file. What is wrong goes into report; a row
// with a finding of its own is left out.
func (f File) Rows(from From, report *Report) iter.Seq[Row] {
	f.limits = f.limits.orDefault()
	return func(yield func(Row) bool) {
		if f.size == 0 {
			report.add(Fatal, Place{File: f.Name}, "", "文件是空的。", "The file is empty.")
			return
		}
		format := f.format(from)
		if format == XLSX {
			f.workbook(from, report, yield)
			return
		}
		enc, ok := f.settle(from, report)
		if !ok {
			return
		}
		switch format {
		case GeoJSON:
			f.features(f.text(enc), report, yield)
		case JSON:
			f.objects(f.text(enc), report, yield)
		default:
			f.delimited(f.text(enc), format, from, report, yield)
		}
	}
}

// tooMany notes the row limit and says whether to stop.
func (f File) tooMany(n, limit, line int, report *Report) bool {
	if n <= limit {
		return false
	}
	report.add(Fatal, Place{File: f.Name, Line: line}, "", "超过 %d 行，请分成几个文件。", "More than %d rows; split the file.", limit)
	return true
}

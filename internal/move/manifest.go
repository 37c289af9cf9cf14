package move

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"

	"linli/internal/errs"
	"linli/internal/vault"
)

// The files of an export beside its tables.
const (
	manifestName = "datapackage.json"
	readmeName   = "README.md"
	listName     = "files.jsonl"
	handedName   = "clear/handed-over.json.age"

	tableFolder = "tables/"
	clearFolder = "clear/"
	logFolder   = "log/"
	photoFolder = "photos/"
)

// form is the form of an export. One that is read has this one.
const form = 1

// Manifest is what datapackage.json says: a Frictionless data package, with what
// linli needs to know in a member of its own.
type Manifest struct {
	Schema    string     `json:"$schema"`
	Name      string     `json:"name"`
	Title     string     `json:"title"`
	Created   time.Time  `json:"created"`
	Linli     About      `json:"linli"`
	Resources []Resource `json:"resources"`
}

// About is what an export is of.
type About struct {
	Form     int    `json:"form"`
	District string `json:"district"`
	Version  int64  `json:"schema"` // the last migration of the database it came from
	Keys     string `json:"keys"`   // a mark of the key file, which tells nothing of the keys
	Clear    bool   `json:"clear"`  // what is sealed is there in clear too, encrypted to somebody
	Log      Log    `json:"log"`
	Photos   int    `json:"photos"`
	Absent   int    `json:"absent"` // pictures whose file was not there
}

// Log is the public log of the trail as it was.
type Log struct {
	Origin string `json:"origin"`
	Key    string `json:"key"`
	Size   int64  `json:"size"`
}

// Resource is one file of the package.
type Resource struct {
	Name      string  `json:"name"`
	Path      string  `json:"path"`
	Format    string  `json:"format"`
	MediaType string  `json:"mediatype"`
	Encoding  string  `json:"encoding,omitempty"`
	Bytes     int64   `json:"bytes"`
	Hash      string  `json:"hash"` // sha256:HEX
	Rows      int64   `json:"rows"`
	Schema    *Schema `json:"schema,omitempty"`
}

// Schema says what the columns of a table are.
type Schema struct {
	Fields     []Field  `json:"fields"`
	PrimaryKey []string `json:"primaryKey,omitempty"`
}

// Field is one column.
type Field struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // string, integer, boolean, number
	Description string `json:"description,omitempty"`
	Class       string `json:"linli:class,omitempty"`
	Sealed      bool   `json:"linli:sealed,omitempty"`
}

// types are the names that Frictionless has for the four types of columns.
var types = map[string]string{"text": "string", "bigint": "integer", "boolean": "boolean", "double precision": "number"}

// markOf is the mark of a key file: two installations with the same have the
// same keys.
func markOf(v *vault.Vault) string { return hex.EncodeToString(v.Derive("move mark")[:16]) }

// write puts the manifest down as people can read it.
func (m *Manifest) write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(m)
}

// mostOfManifest bounds what is read of a manifest.
const mostOfManifest = 16 << 20

// ParseManifest reads a datapackage.json that Export wrote; errs.Invalid for
// another.
func ParseManifest(data []byte) (m *Manifest, err error) {
	defer errs.Wrap(&err, "move.ParseManifest")
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	m = &Manifest{}
	if err := dec.Decode(m); err != nil {
		return nil, errs.New(errs.Invalid, "datapackage.json 读不懂。", "datapackage.json cannot be understood.").Because(err)
	}
	if m.Linli.Form != form {
		return nil, errs.New(errs.Invalid, "datapackage.json 说这份导出的格式是第 %d 版，这里只认第 %d 版。", "The datapackage.json has form %d; this linli knows form %d.", m.Linli.Form, form)
	}
	if !districtShape.MatchString(m.Linli.District) {
		return nil, errs.New(errs.Invalid, "datapackage.json 里没有区的代码。", "datapackage.json names no district.")
	}
	seen := map[string]bool{}
	for _, r := range m.Resources {
		if err := r.check(); err != nil {
			return nil, err
		}
		if seen[r.Path] {
			return nil, errs.New(errs.Invalid, "datapackage.json 里 %s 写了两次。", "datapackage.json has %s twice.", r.Path)
		}
		seen[r.Path] = true
	}
	if !seen[listName] {
		return nil, errs.New(errs.Invalid, "datapackage.json 里没有 %s。", "datapackage.json does not have %s.", listName)
	}
	return m, nil
}

// resource finds a resource by its path.
func (m *Manifest) resource(path string) (Resource, bool) {
	for _, r := range m.Resources {
		if r.Path == path {
			return r, true
		}
	}
	return Resource{}, false
}

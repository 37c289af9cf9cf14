package move

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"filippo.io/age"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/trail"
	"linli/internal/vault"
)

// Out says what goes and how.
type Out struct {
	District string
	Keys     *vault.Vault
	Store    *document.Store
	Signer   *trail.Signer   // of the district's log
	ClearTo  []age.Recipient // who may read what is sealed; nobody where empty
	Told     func(what string, done int64)
}

// exporter writes one export.
type exporter struct {
	ctx   context.Context
	out   Out
	place Place
	m     Manifest
	list  *spool // files beside the tables; there may be millions
}

// Export writes a district to a place, which it closes. Nothing of the district
// changes. It is errs.NotFound for a district that is not there.
func Export(ctx context.Context, d *db.DB, place Place, out Out) (m *Manifest, err error) {
	defer errs.Wrap(&err, "move.Export(%s)", out.District)
	e := &exporter{ctx: ctx, out: out, place: place}
	if e.out.Told == nil {
		e.out.Told = func(string, int64) {}
	}
	if e.list, err = newSpool(); err != nil {
		return nil, errors.Join(err, place.Drop())
	}
	if err := errors.Join(e.run(d), e.list.drop()); err != nil {
		return nil, errors.Join(err, place.Drop())
	}
	return &e.m, place.Close()
}

func (e *exporter) run(d *db.DB) error {
	var photos [][sha256.Size]byte
	err := d.Snapshot(e.ctx, func(r db.Reader) (err error) {
		codes, err := district.Codes(e.ctx, r)
		if err != nil {
			return err
		}
		if !slices.Contains(codes, e.out.District) {
			return errs.New(errs.NotFound, "库里没有区 %s。", "There is no district %s in the database.", e.out.District)
		}
		if err := e.begin(r, d); err != nil {
			return err
		}
		if err := e.tables(r); err != nil {
			return err
		}
		if err := e.log(r); err != nil {
			return err
		}
		// Pictures are copied after the transaction: there may be many, and a file
		// never changes. One that goes meanwhile is said to be absent.
		photos, err = document.Sums(e.ctx, r, e.out.District)
		return err
	})
	if err != nil {
		return err
	}
	if err := e.photos(photos); err != nil {
		return err
	}
	return e.end()
}

func (e *exporter) begin(r db.Reader, d *db.DB) error {
	version, err := db.Version(e.ctx, r)
	if err != nil {
		return err
	}
	code := e.out.District
	e.m = Manifest{
		Schema: "https://datapackage.org/profiles/2.0/datapackage.json",
		Name:   "linli-" + code, Title: "linli " + code, Created: d.Now(),
		Linli: About{Form: form, District: code, Version: version, Keys: markOf(e.out.Keys), Clear: len(e.out.ClearTo) > 0,
			Log: Log{Origin: e.out.Signer.Origin(), Key: e.out.Signer.Key()}},
	}
	return e.file(readmeName, func(w io.Writer) error {
		_, err := io.WriteString(w, readme(code, e.m.Linli.Clear))
		return err
	})
}

// tables writes every table, and what is sealed in it in clear where it is
// asked for.
func (e *exporter) tables(r db.Reader) error {
	sealed := sealedTables()
	for _, name := range Carried() {
		t, err := openTable(e.ctx, r, name)
		if err != nil {
			return err
		}
		if err := e.table(r, t); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if s, ok := sealed[name]; ok && len(e.out.ClearTo) > 0 {
			if err := e.clear(r, t, s); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if len(e.out.ClearTo) == 0 {
		return nil
	}
	return e.handOver()
}

// log copies the public log, which anybody can look over with its key alone.
func (e *exporter) log(r db.Reader) (err error) {
	size, err := trail.Export(e.ctx, r, e.out.District, e.out.Signer.Key(), func(path string, data []byte) error {
		return e.file(logFolder+path, func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		})
	})
	if errors.Is(err, errs.NotFound) { // nothing has come into it yet
		return nil
	}
	e.m.Linli.Log.Size = size
	return err
}

// photos copies the pictures with their small copies.
func (e *exporter) photos(sums [][sha256.Size]byte) error {
	for i, sum := range sums {
		if err := e.ctx.Err(); err != nil {
			return err
		}
		for _, small := range []bool{false, true} {
			if err := e.photo(sum, small); err != nil {
				return err
			}
		}
		e.out.Told("photos", int64(i+1))
	}
	e.m.Linli.Photos = len(sums)
	return nil
}

// photoName is where a picture lies in an export.
func photoName(sum [sha256.Size]byte, small bool) string {
	name, ending := hex.EncodeToString(sum[:]), ".jpg"
	if small {
		ending = "-small.jpg"
	}
	return photoFolder + name[:2] + "/" + name + ending
}

func (e *exporter) photo(sum [sha256.Size]byte, small bool) error {
	name := photoName(sum, small)
	from, err := e.out.Store.Fetch(sum, small)
	if errors.Is(err, errs.NotFound) {
		e.m.Linli.Absent++
		return e.list.add(listed{Path: name, Absent: true})
	}
	if err != nil {
		return err
	}
	err = e.file(name, func(w io.Writer) error {
		_, err := io.Copy(w, from)
		return err
	})
	return errors.Join(err, from.Close())
}

// end writes the list of files and, last, the manifest.
func (e *exporter) end() error {
	r := Resource{Name: "files", Path: listName, Format: "jsonl", MediaType: "application/jsonl", Encoding: "utf-8", Rows: e.list.n,
		Schema: &Schema{Fields: []Field{{Name: "path", Type: "string"}, {Name: "bytes", Type: "integer"}, {Name: "sha256", Type: "string"}, {Name: "absent", Type: "boolean"}}, PrimaryKey: []string{"path"}}}
	if err := e.resource(r, e.list.copy); err != nil {
		return err
	}
	w, err := e.place.Create(manifestName)
	if err != nil {
		return err
	}
	return e.m.write(w)
}

// file writes a file that is named in the list.
func (e *exporter) file(path string, fill func(w io.Writer) error) error {
	n, sum, err := e.put(path, fill)
	if err != nil {
		return err
	}
	return e.list.add(listed{Path: path, Bytes: n, SHA256: sum})
}

// resource writes a file that is named in the manifest.
func (e *exporter) resource(r Resource, fill func(w io.Writer) error) error {
	at := len(e.m.Resources)
	e.m.Resources = append(e.m.Resources, r)
	n, sum, err := e.put(r.Path, fill)
	e.m.Resources[at].Bytes, e.m.Resources[at].Hash = n, "sha256:"+sum
	return err
}

func (e *exporter) put(path string, fill func(w io.Writer) error) (n int64, sum string, err error) {
	w, err := e.place.Create(path)
	if err != nil {
		return 0, "", err
	}
	c := &counted{w: w, sum: sha256.New()}
	if err := fill(c); err != nil {
		return 0, "", err
	}
	return c.n, hex.EncodeToString(c.sum.Sum(nil)), nil
}

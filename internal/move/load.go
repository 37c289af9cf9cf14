package move

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"filippo.io/age"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/trail"
	"linli/internal/vault"
)

// In says where an export goes.
type In struct {
	Keys       *vault.Vault
	KeyFile    string // of Keys; what is handed over is written to it
	Store      *document.Store
	Identities []age.Identity // that open what was encrypted to this place
	Told       func(what string, done int64)
}

// Loaded says what came in.
type Loaded struct {
	District string
	Log      Log
	Tables   map[string]int64 // rows
	Photos   int
	Absent   int  // pictures that the export did not have
	Resealed bool // under the keys of this place
}

// loader brings one export in.
type loader struct {
	ctx    context.Context
	in     In
	files  fs.FS
	m      *Manifest
	seed   []byte // signs the log
	anew   bool   // seal under the keys of this place
	loaded Loaded
}

// Load checks an export and brings its district into a database that does not
// have it. Every row comes in or none does; pictures that came in before are
// found there by the next try. It fails with errs.Conflict where the district is
// there, and errs.Invalid where the export is not whole, is of another schema, or
// cannot be opened with the keys that are here.
func Load(ctx context.Context, d *db.DB, files fs.FS, in In) (loaded Loaded, err error) {
	defer errs.Wrap(&err, "move.Load")
	l := &loader{ctx: ctx, in: in, files: files}
	if l.in.Told == nil {
		l.in.Told = func(string, int64) {}
	}
	n := int64(0)
	if l.m, err = Check(ctx, files, func(string) { n++; l.in.Told("check", n) }); err != nil {
		return Loaded{}, err
	}
	for _, step := range []func(*db.DB) error{l.fits, l.keys, l.photos} {
		if err := step(d); err != nil {
			return Loaded{}, err
		}
	}
	if err := d.Write(ctx, l.write); err != nil {
		return Loaded{}, err
	}
	return l.loaded, nil
}

// fits compares the export with the database it goes to.
func (l *loader) fits(d *db.DB) error {
	code := l.m.Linli.District
	version, err := db.Version(l.ctx, d)
	if err != nil {
		return err
	}
	if version != l.m.Linli.Version {
		return errs.New(errs.Invalid, "导出时的表结构是 %d，这里是 %d：两边先升到同一版 linli，再导出。",
			"The export has the schema %d, this database %d: bring both to the same linli, then export.", l.m.Linli.Version, version)
	}
	known := Carried()
	for _, name := range l.m.sortedTables() {
		if !slices.Contains(known, name) {
			return errs.New(errs.Invalid, "导出里有一张这里不认得的表：%s。", "The export has a table that is not known here: %s.", name)
		}
	}
	for _, name := range known {
		if _, ok := l.m.resource(tableFolder + name + ".jsonl"); !ok {
			return errs.New(errs.Invalid, "导出里缺一张表：%s。", "The export lacks a table: %s.", name)
		}
	}
	codes, err := district.Codes(l.ctx, d)
	if err != nil {
		return err
	}
	if slices.Contains(codes, code) {
		return errs.New(errs.Conflict, "区 %s 这里已经有了；只能装到没有它的库里。", "The district %s is here already; it can only go where it is not.", code)
	}
	return nil
}

// keys settles how what is sealed can be read here, and what will sign the log.
func (l *loader) keys(*db.DB) error {
	code := l.m.Linli.District
	switch {
	case l.m.Linli.Keys == markOf(l.in.Keys):
		l.seed = l.in.Keys.Derive(trail.Purpose(code))
	case !l.m.Linli.Clear:
		return errs.New(errs.Invalid, "这里的密钥文件不是导出那里的那一份，姓名和电话打不开。把原来的 linli.key 先放进 --files 文件夹；或者在那边用 --clear-to 再导出一次。",
			"The key file here is not that of where the export was made, so names and phone numbers cannot be read. Put the former linli.key into the folder --files first, or export once more there with --clear-to.")
	case len(l.in.Identities) == 0:
		return errs.New(errs.Invalid, "这份导出加了密，请用 --identity 给出 age 的私钥文件。", "The export is encrypted; give the file of the age identity with --identity.")
	default:
		l.anew = true
		var h handed
		err := l.encrypted(handedName, func(r io.Reader) error {
			return json.NewDecoder(io.LimitReader(r, 1<<20)).Decode(&h)
		})
		if err != nil {
			return err
		}
		l.seed = h.LogSeed
	}
	// The log must go on under its key: whoever kept that checks what follows.
	s, err := trail.NewSigner(l.m.Linli.Log.Origin, l.seed)
	if err != nil || s.Key() != l.m.Linli.Log.Key {
		return errs.New(errs.Invalid, "清单里日志的公钥和交来的密钥对不上。", "The key of the log in the manifest is not that of the secret that came with it.").Because(err)
	}
	if l.anew {
		return vault.Adopt(l.in.KeyFile, trail.Purpose(code), l.seed)
	}
	return nil
}

// encrypted lets read look at a file that was encrypted to this place.
func (l *loader) encrypted(path string, read func(r io.Reader) error) error {
	f, err := open(l.files, path)
	if err != nil {
		return err
	}
	r, err := decrypted(f, l.in.Identities, path)
	if err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(read(r), f.Close())
}

func decrypted(r io.Reader, with []age.Identity, path string) (io.Reader, error) {
	plain, err := age.Decrypt(r, with...)
	if err != nil {
		return nil, errs.New(errs.Invalid, "%s 不是加密给这把私钥的。", "%s is not encrypted to this identity.", path).Because(err)
	}
	return plain, nil
}

// photos puts the pictures on disk before any row speaks of them.
func (l *loader) photos(*db.DB) error {
	return eachListed(l.files, func(one listed) error {
		if !photoPath(one.Path) {
			return nil
		}
		if one.Absent {
			l.loaded.Absent++
			return nil
		}
		if strings.HasSuffix(one.Path, "-small.jpg") {
			return nil // comes with the picture
		}
		if err := l.photo(one.Path); err != nil {
			return err
		}
		l.loaded.Photos++
		l.in.Told("photos", int64(l.loaded.Photos))
		return l.ctx.Err()
	})
}

// mostOfPhoto bounds a stored picture, which is far smaller.
const mostOfPhoto = document.MaxBytes * 2

func (l *loader) photo(path string) error {
	var sum [sha256.Size]byte
	if _, err := hex.Decode(sum[:], []byte(photoShape.FindStringSubmatch(path)[2])); err != nil {
		return err
	}
	if l.in.Store.Has(sum) {
		return nil
	}
	full, err := readMost(l.files, path, mostOfPhoto)
	if err != nil {
		return err
	}
	small, err := readMost(l.files, photoName(sum, true), mostOfPhoto)
	if err != nil {
		return err
	}
	return l.in.Store.Bring(sum, full, small)
}

// write brings the rows in, and looks over what came before it is kept.
func (l *loader) write(tx *db.Tx) error {
	l.loaded.District, l.loaded.Log, l.loaded.Resealed = l.m.Linli.District, l.m.Linli.Log, l.anew
	l.loaded.Tables = map[string]int64{}
	for _, name := range Carried() {
		if err := l.empty(tx, name); err != nil {
			return err
		}
	}
	renewed, err := l.newRenewal()
	if err != nil {
		return err
	}
	for _, name := range l.m.sortedTables() {
		if err := l.table(tx, name, renewed); err != nil {
			return err
		}
	}
	if err := casework.MakeFindable(l.ctx, tx, l.m.Linli.District, func(n int) { l.in.Told("search", int64(n)) }); err != nil {
		return err
	}
	if err := l.analyse(tx); err != nil {
		return err
	}
	tx.Wake(district.Topic)
	tx.Wake(casework.Topic)
	return l.verify(tx)
}

// empty refuses a table that has rows of the district, such as a trail that was
// left behind.
func (l *loader) empty(tx *db.Tx, name string) error {
	some, err := db.All(l.ctx, tx, func(n *int) []any { return []any{n} }, "select 1 from "+quoted(name)+" where district = $1 limit 1", l.m.Linli.District)
	if err == nil && len(some) > 0 {
		return errs.New(errs.Conflict, "表 %s 里已经有区 %s 的行。", "The table %s has rows of the district %s already.", name, l.m.Linli.District)
	}
	return err
}

// analyse tells PostgreSQL what the tables hold now; else it guesses by what they
// held, and guesses badly, until it looks by itself.
//
// Differs because SQLite plans these queries well without.
func (l *loader) analyse(tx *db.Tx) error {
	if tx.Engine() != db.Postgres {
		return nil
	}
	return tx.Exec(l.ctx, "analyze")
}

// verify looks over the trail as it has come in: hashes, chains, log and
// signatures. An export whose rows were changed together with its manifest
// stops here.
func (l *loader) verify(tx *db.Tx) error {
	report, err := trail.Audit(l.ctx, tx, trail.Auditing{District: l.m.Linli.District, Key: l.m.Linli.Log.Key,
		Progress: func(n int64) { l.in.Told("trail check", n) }})
	if err != nil {
		return err
	}
	if len(report.Findings) > 0 {
		f := report.Findings[0]
		return errs.New(errs.Invalid, "导出里的痕迹对不上，没有导入任何东西：%[1]s。共 %[3]d 处。", "The trail in the export does not add up, and nothing was brought in: %[2]s. %[3]d findings.",
			f.Text.ZH, f.Text.EN, int64(len(report.Findings))+report.More)
	}
	if size := l.m.Linli.Log.Size; size > 0 && report.Leaves < size {
		return fmt.Errorf("the log has %d leaves, and the manifest says %d", report.Leaves, size)
	}
	return nil
}

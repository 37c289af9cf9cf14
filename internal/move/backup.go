package move

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/vault"
)

// The files of a backup. The rest lies under filesFolder.
const (
	backupName  = "backup.json"
	databaseIn  = "linli.db"
	filesFolder = "files/"
)

// Copied says what a backup is of, in its backup.json.
type Copied struct {
	Form    int       `json:"form"`
	Created time.Time `json:"created"` // the copy has all that was acknowledged before
	Version int64     `json:"schema"`
	Keys    string    `json:"keys"` // a mark of the key file, which is not in the backup
	Files   int64     `json:"files"`
	List    string    `json:"list"` // SHA-256 of the list of files
}

// Installation is what is backed up, or where a backup is put back.
type Installation struct {
	Database string // of SQLite, such as sqlite:linli.db
	Files    string // folder of pictures and of the key file
	KeyFile  string // its name there; it and what was put aside of it stay out
}

// Backup copies an installation that may be running into one zip file: the
// database as of one instant, then the pictures, so that every picture that the
// database speaks of is there. The key file stays out: whoever has both reads
// everything. It is errs.Invalid for PostgreSQL, which brings its own tools.
func Backup(ctx context.Context, of Installation, to string, now func() time.Time, told func(what string, done int64)) (c *Copied, err error) {
	defer errs.Wrap(&err, "move.Backup(%s)", to)
	path, ok := db.SQLitePath(of.Database)
	if !ok {
		return nil, errs.New(errs.Invalid, "PostgreSQL 用它自己的工具备份：pg_dump -Fc，再复制 --files 文件夹；见 docs/moving-and-backup.md。",
			"PostgreSQL is backed up by its own tools: pg_dump -Fc, and a copy of the folder --files; see docs/moving-and-backup.md.")
	}
	if !strings.EqualFold(filepath.Ext(to), ".zip") {
		return nil, errs.New(errs.Invalid, "备份文件的名字要以 .zip 结尾。", "The name of a backup ends in .zip.")
	}
	place, err := newArchive(to)
	if err != nil {
		return nil, err
	}
	list, err := newSpool()
	if err != nil {
		return nil, errors.Join(err, place.Drop())
	}
	b := &backup{ctx: ctx, of: of, e: &exporter{ctx: ctx, place: place, list: list, out: Out{Told: told}}, c: Copied{Form: form, Created: now().UTC()}, beside: filepath.Dir(to)}
	if err := errors.Join(b.run(path), list.drop()); err != nil {
		return nil, errors.Join(err, place.Drop())
	}
	return &b.c, place.Close()
}

type backup struct {
	ctx    context.Context
	of     Installation
	e      *exporter
	c      Copied
	beside string // folder with room for the database
}

func (b *backup) run(database string) error {
	keys := filepath.Join(b.of.Files, b.of.KeyFile)
	if _, err := os.Stat(keys); err != nil {
		return errs.New(errs.NotFound, "没有密钥文件 %s。", "There is no key file %s.", keys).Because(err)
	}
	v, err := vault.Open(keys)
	if err != nil {
		return err
	}
	b.c.Keys = markOf(v)
	if err := b.database(database); err != nil {
		return err
	}
	if err := b.files(); err != nil {
		return err
	}
	b.c.Files = b.e.list.n
	if _, b.c.List, err = b.e.put(listName, b.e.list.copy); err != nil {
		return err
	}
	w, err := b.e.place.Create(backupName)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	return enc.Encode(b.c)
}

// database copies the database to a file beside the backup, and that into it.
func (b *backup) database(path string) (err error) {
	dir, err := os.MkdirTemp(b.beside, ".linli-backup-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	copied := filepath.Join(dir, databaseIn)
	b.e.out.Told("database", 0)
	if err := db.CopySQLite(b.ctx, path, copied); err != nil {
		return err
	}
	r, err := db.OpenToRead(b.ctx, "sqlite:"+copied)
	if err != nil {
		return err
	}
	b.c.Version, err = db.Version(b.ctx, r)
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	b.e.out.Told("database", 1)
	return b.add(databaseIn, copied)
}

// files copies the folder, less the keys and what is being written.
func (b *backup) files() error {
	n := int64(0)
	return filepath.WalkDir(b.of.Files, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.Contains(d.Name(), asideMark) {
			return fs.SkipDir // put aside when a backup was put back
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name := d.Name()
		if strings.HasPrefix(name, b.of.KeyFile) || strings.HasPrefix(name, ".") || strings.Contains(name, asideMark) {
			return nil
		}
		rel, err := filepath.Rel(b.of.Files, path)
		if err != nil {
			return err
		}
		err = b.add(filesFolder+filepath.ToSlash(rel), path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile, as its time was over
		}
		n++
		b.e.out.Told("files", n)
		return err
	})
}

func (b *backup) add(name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = b.e.file(name, func(w io.Writer) error {
		_, err := io.Copy(w, &canceled{b.ctx, f})
		return err
	})
	return errors.Join(err, f.Close())
}

// CheckBackup looks over a backup: every file is there and as it was written, and
// no other is.
func CheckBackup(ctx context.Context, files fs.FS, told func(what string, done int64)) (c *Copied, err error) {
	defer errs.Wrap(&err, "move.CheckBackup")
	data, err := readMost(files, backupName, 1<<20)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	c = &Copied{}
	if err := dec.Decode(c); err != nil || c.Form != form {
		return nil, errs.New(errs.Invalid, "backup.json 读不懂，这不是 linli 的备份。", "backup.json cannot be understood: this is no backup of linli.").Because(err)
	}
	info, err := fs.Stat(files, listName)
	if err != nil {
		return nil, errs.New(errs.Invalid, "备份里缺 %s。", "The backup lacks %s.", listName).Because(err)
	}
	if err := sumOf(ctx, files, listName, info.Size(), c.List); err != nil {
		return nil, err
	}
	known := map[string]bool{backupName: true, listName: true}
	n := int64(0)
	err = eachListed(files, func(l listed) error {
		if !fs.ValidPath(l.Path) || l.Path != databaseIn && !strings.HasPrefix(l.Path, filesFolder) {
			return errs.New(errs.Invalid, "%s 里的 %q 看不懂。", "%s has %q, which cannot be understood.", listName, l.Path)
		}
		known[l.Path] = true
		n++
		told("check", n)
		return sumOf(ctx, files, l.Path, l.Bytes, l.SHA256)
	})
	if err != nil {
		return nil, err
	}
	if !known[databaseIn] {
		return nil, errs.New(errs.Invalid, "备份里缺 %s。", "The backup lacks %s.", databaseIn)
	}
	return c, nothingElse(files, known)
}

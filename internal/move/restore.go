package move

import (
	"context"
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

// Restored says what was put back.
type Restored struct {
	Copied
	Aside string // where what stood there before lies now; '' for nothing
	// Keys tells whether the key file is there: without it names and phone numbers
	// cannot be read.
	HasKeys bool
}

// Restore puts a backup back. The sums are looked at first. Where a database or
// pictures are already, it is errs.Conflict unless forced; then those are put
// aside, not removed. A key file that is there stays, and must be the one of the
// backup. No program may use the place meanwhile.
func Restore(ctx context.Context, files fs.FS, to Installation, force bool, now time.Time, told func(what string, done int64)) (r *Restored, err error) {
	defer errs.Wrap(&err, "move.Restore(%s)", to.Database)
	path, ok := db.SQLitePath(to.Database)
	if !ok {
		return nil, errs.New(errs.Invalid, "PostgreSQL 用 pg_restore 恢复；见 docs/moving-and-backup.md。", "PostgreSQL is restored with pg_restore; see docs/moving-and-backup.md.")
	}
	c, err := CheckBackup(ctx, files, told)
	if err != nil {
		return nil, err
	}
	r = &Restored{Copied: *c}
	if err := r.keys(to, force); err != nil {
		return nil, err
	}
	in := &restorer{ctx: ctx, files: files, to: to, path: path, told: told, mark: asideMark + now.UTC().Format("20060102T150405")}
	if err := in.free(force, r); err != nil {
		return nil, err
	}
	return r, in.run()
}

// keys compares the key file that is there with the one of the backup.
func (r *Restored) keys(to Installation, force bool) error {
	name := filepath.Join(to.Files, to.KeyFile)
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	v, err := vault.Open(name)
	if err != nil {
		return err
	}
	r.HasKeys = markOf(v) == r.Copied.Keys
	if !r.HasKeys && !force {
		return errs.New(errs.Conflict, "%s 不是备份时的那一份密钥，姓名和电话会打不开。换回原来的，或者加 --force。", "%s is not the key file of the backup: names and phone numbers could not be read. Put the former one there, or add --force.", name)
	}
	return nil
}

// asideMark stands in the names of what was put aside.
const asideMark = ".before-"

type restorer struct {
	ctx   context.Context
	files fs.FS
	to    Installation
	path  string // of the database
	mark  string
	told  func(what string, done int64)
}

// beside are the files that SQLite keeps beside a database. One of another
// database must not stay: its pages would be taken for those of this.
var beside = []string{"", "-wal", "-shm"}

// free sees that nothing is written over.
func (in *restorer) free(force bool, r *Restored) error {
	var there []string
	for _, more := range beside {
		if _, err := os.Stat(in.path + more); err == nil {
			there = append(there, in.path+more)
		}
	}
	entries, err := os.ReadDir(in.to.Files)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if name := e.Name(); !strings.HasPrefix(name, in.to.KeyFile) && !strings.HasPrefix(name, ".") && !strings.Contains(name, asideMark) {
			some, err := holds(filepath.Join(in.to.Files, name))
			if err != nil {
				return err
			}
			if some {
				there = append(there, filepath.Join(in.to.Files, name))
			}
		}
	}
	if len(there) == 0 {
		return nil
	}
	if !force {
		return errs.New(errs.Conflict, "那里已经有东西：%s。确实要换掉，加 --force，原来的会放到一边。", "Something is there already: %s. To put the backup in its place add --force; what is there is put aside.", there[0])
	}
	for _, name := range there {
		if err := os.Rename(name, name+in.mark); err != nil {
			return err
		}
	}
	r.Aside = "*" + in.mark
	return nil
}

// holds reports whether a file, or anything in a folder, is there.
func holds(name string) (some bool, err error) {
	err = filepath.WalkDir(name, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			some = true
			return fs.SkipAll
		}
		return err
	})
	return some, err
}

// run puts the files in place, and the database last: before that nothing
// speaks of them.
func (in *restorer) run() error {
	n := int64(0)
	err := eachListed(in.files, func(l listed) error {
		rel, ok := strings.CutPrefix(l.Path, filesFolder)
		if !ok {
			return nil
		}
		n++
		in.told("files", n)
		return in.put(l.Path, filepath.Join(in.to.Files, filepath.FromSlash(rel)))
	})
	if err != nil {
		return err
	}
	temp := in.path + ".restoring"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := in.put(databaseIn, temp); err != nil {
		return err
	}
	if err := db.CheckSQLite(in.ctx, temp); err != nil {
		return err
	}
	if err := os.Rename(temp, in.path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(in.path))
}

func (in *restorer) put(name, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return err
	}
	from, err := open(in.files, name)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return errors.Join(err, from.Close())
	}
	_, err = io.Copy(f, &canceled{in.ctx, from})
	return errors.Join(err, from.Close(), f.Sync(), f.Close())
}

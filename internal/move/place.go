package move

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"linli/internal/errs"
)

// Place is where an export or a backup is written, file after file. Nothing
// there is whole before Close returns nil; Drop gives up what was begun.
type Place interface {
	// Create begins the next file and ends the one before.
	Create(name string) (io.Writer, error)
	Close() error
	Drop() error
}

// NewPlace makes a zip file where the name ends in .zip, and else a folder. A
// file that is there, or a folder that holds something, is errs.Conflict.
func NewPlace(name string) (p Place, err error) {
	defer errs.Wrap(&err, "move.NewPlace(%s)", name)
	if strings.EqualFold(filepath.Ext(name), ".zip") {
		return newArchive(name)
	}
	entries, err := os.ReadDir(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, errs.New(errs.Conflict, "文件夹 %s 里已经有东西，换一个空的。", "The folder %s holds something already; name an empty one.", name)
	}
	return &folder{root: name}, os.MkdirAll(name, 0o700)
}

// folder is a place of plain files, readable by their owner alone: what
// residents wrote is in them.
type folder struct {
	root string
	file *os.File
	buf  *bufio.Writer
}

const bufferSize = 256 << 10

func (f *folder) Create(name string) (io.Writer, error) {
	if err := f.end(); err != nil {
		return nil, err
	}
	at := filepath.Join(f.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	f.file, f.buf = file, bufio.NewWriterSize(file, bufferSize)
	return f.buf, nil
}

func (f *folder) end() error {
	if f.file == nil {
		return nil
	}
	err := errors.Join(f.buf.Flush(), f.file.Sync(), f.file.Close())
	f.file = nil
	return err
}

func (f *folder) Close() error { return f.end() }

// Drop leaves what was written: without its manifest it is no export.
func (f *folder) Drop() error { return f.end() }

// archive is a place that is one zip file. It has its name once it is whole.
type archive struct {
	name string
	temp *os.File
	buf  *bufio.Writer
	zip  *zip.Writer
}

func newArchive(name string) (*archive, error) {
	if _, err := os.Stat(name); err == nil {
		return nil, errs.New(errs.Conflict, "文件 %s 已经有了。", "The file %s is there already.", name)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".linli-*") // 0600 by itself
	if err != nil {
		return nil, err
	}
	a := &archive{name: name, temp: temp, buf: bufio.NewWriterSize(temp, bufferSize)}
	a.zip = zip.NewWriter(a.buf)
	a.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	return a, nil
}

// Create does not press what is pressed already. Files carry no time, so that
// the same content makes the same bytes.
func (a *archive) Create(name string) (io.Writer, error) {
	method := zip.Deflate
	if e := path.Ext(name); e == ".jpg" || e == ".age" {
		method = zip.Store
	}
	return a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method})
}

func (a *archive) Close() error {
	err := errors.Join(a.zip.Close(), a.buf.Flush(), a.temp.Sync(), a.temp.Close())
	if err == nil {
		err = os.Rename(a.temp.Name(), a.name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(a.temp.Name()))
	}
	return syncFolder(filepath.Dir(a.name))
}

func (a *archive) Drop() error { return errors.Join(a.temp.Close(), os.Remove(a.temp.Name())) }

func syncFolder(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// OpenPlace opens what was written: a folder, or a zip file of any name.
func OpenPlace(name string) (files fs.FS, done func() error, err error) {
	defer errs.Wrap(&err, "move.OpenPlace(%s)", name)
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, errs.New(errs.NotFound, "没有 %s。", "There is no %s.", name).Because(err)
	}
	if info.IsDir() {
		return os.DirFS(name), func() error { return nil }, nil
	}
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, nil, errs.New(errs.Invalid, "%s 不是文件夹，也不是完整的 zip 文件。", "%s is neither a folder nor a whole zip file.", name).Because(err)
	}
	return z, z.Close, nil
}

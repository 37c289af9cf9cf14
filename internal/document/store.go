package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sync/semaphore"

	"linli/internal/errs"
)

// Store is a folder of pictures, each named by the hash of its bytes, in
// subfolders of the hash's first two letters. Its small copy lies beside it.
// Any number of programs may share a folder.
type Store struct {
	root string
	turn *semaphore.Weighted // pixels being decoded at once
}

// NewStore uses folder dir, and makes it where it is not there.
func NewStore(dir string) (s *Store, err error) {
	defer errs.Wrap(&err, "document.NewStore(%s)", dir)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	return &Store{root: dir, turn: semaphore.NewWeighted(MaxPixels)}, nil
}

// Kept is a picture that is on disk and may be written into a transaction.
type Kept struct {
	name                string
	size, width, height int
	sha256              string
}

// Nameless is the picture without the name its file had, which may say whose it
// is, where or when it was taken.
func (k Kept) Nameless() Kept {
	k.name = cleanName("")
	return k
}

// Take checks a picture from outside and keeps it. Large pictures wait for
// each other, so that many at once do not exhaust the memory.
func (s *Store) Take(ctx context.Context, name string, data []byte) (k Kept, err error) {
	defer errs.Wrap(&err, "document.Take")
	a, err := admit(name, data)
	if err != nil {
		return Kept{}, err
	}
	if err := s.turn.Acquire(ctx, a.cost); err != nil {
		return Kept{}, errs.New(errs.Busy, "照片正在排队处理，请稍后再传", "photos are queueing, please send it again in a moment").Because(err)
	}
	c, err := func() (Checked, error) {
		defer s.turn.Release(a.cost) // also where a decoder panics
		return a.draw()
	}()
	if err != nil {
		return Kept{}, err
	}
	return s.Keep(c)
}

// Keep puts a picture and its small copy on disk. When it returns nil, both
// survive a power cut.
func (s *Store) Keep(c Checked) (k Kept, err error) {
	defer errs.Wrap(&err, "document.Keep(%s)", c.Name)
	if len(c.full) == 0 {
		return Kept{}, errors.New("nothing was checked")
	}
	sum := sha256.Sum256(c.full)
	k = Kept{name: c.Name, size: len(c.full), width: c.Width, height: c.Height, sha256: hex.EncodeToString(sum[:])}
	// The small copy first: where the picture is, its copy is too.
	if err := s.put(s.thumb(k.sha256), c.thumb); err != nil {
		return Kept{}, err
	}
	return k, s.put(s.full(k.sha256), c.full)
}

func (s *Store) full(sum string) string  { return filepath.Join(s.root, sum[:2], sum+".jpg") }
func (s *Store) thumb(sum string) string { return filepath.Join(s.root, sum[:2], sum+"-small.jpg") }

// put writes a file whole or not at all. One that is there is the same one.
func (s *Store) put(path string, data []byte) error {
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(data)) {
		return nil
	}
	dir := filepath.Dir(path)
	if err := os.Mkdir(dir, 0o750); err == nil {
		if err := syncDir(s.root); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	temp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open reads a stored picture. The caller closes it.
func (s *Store) Open(d Document) (io.ReadSeekCloser, error) { return s.open(d, s.full) }

// OpenThumb reads the small copy of a stored picture. The caller closes it.
func (s *Store) OpenThumb(d Document) (io.ReadSeekCloser, error) { return s.open(d, s.thumb) }

func (s *Store) open(d Document, path func(string) string) (io.ReadSeekCloser, error) {
	// The hash becomes a path, so it is looked at though it is our own.
	if !isHash(d.SHA256) {
		return nil, fmt.Errorf("document %s: %q is no hash", d.ID, d.SHA256)
	}
	file, err := os.Open(path(d.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.NotFound, "照片不在文件库里", "the photo is missing from the file store").Because(err)
	}
	return file, err
}

// isHash reports whether a text is the hash of a file and nothing else.
func isHash(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == sha256.Size
}

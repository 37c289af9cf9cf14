package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"linli/internal/db"
	"linli/internal/errs"
)

// Sums lists the hashes of a district's pictures, each once, in order.
func Sums(ctx context.Context, r db.Reader, district string) (sums [][sha256.Size]byte, err error) {
	defer errs.Wrap(&err, "document.Sums(%s)", district)
	return sums, db.Scan(ctx, r, func(rows db.Rows) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		var sum [sha256.Size]byte
		if n, err := hex.Decode(sum[:], []byte(text)); err != nil || n != len(sum) {
			return errors.New("a document without the hash of a file")
		}
		sums = append(sums, sum)
		return nil
	}, "select distinct sha256 from documents where district = $1 order by sha256", district)
}

// Fetch reads a picture, or its small copy, by its hash; errs.NotFound where the
// store has none. The caller closes it.
func (s *Store) Fetch(sum [sha256.Size]byte, small bool) (io.ReadSeekCloser, error) {
	d := Document{SHA256: hex.EncodeToString(sum[:])}
	if small {
		return s.OpenThumb(d)
	}
	return s.Open(d)
}

// Has reports whether the store holds a picture with its small copy.
func (s *Store) Has(sum [sha256.Size]byte) bool {
	name := hex.EncodeToString(sum[:])
	for _, path := range []string{s.full(name), s.thumb(name)} {
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			return false
		}
	}
	return true
}

// Bring puts a picture on disk that another store held, with its small copy.
// The picture's bytes must have the hash it is named by; they were checked when
// they first came. When it returns nil, both survive a power cut.
func (s *Store) Bring(sum [sha256.Size]byte, full, small []byte) (err error) {
	name := hex.EncodeToString(sum[:])
	defer errs.Wrap(&err, "document.Bring(%s)", name)
	if sha256.Sum256(full) != sum {
		return errs.New(errs.Invalid, "照片 %s 的内容和它的名字对不上。", "The picture %s is not what its name says.", name)
	}
	if err := s.put(s.thumb(name), small); err != nil {
		return err
	}
	return s.put(s.full(name), full)
}

// Root is the folder of the pictures, for whoever copies the whole of it.
func (s *Store) Root() string { return filepath.Clean(s.root) }

// Sum is the hash of a kept picture, by which it is known again.
func (k Kept) Sum() string { return k.sha256 }

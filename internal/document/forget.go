package document

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
)

// FileJob removes the file of a picture that no document names any more.
const FileJob = "document-file"

type fileArgs struct {
	SHA256 string `json:"sha256"`
}

// Forget removes documents, and asks for their files to go once that is on disk.
func Forget(ctx context.Context, tx *db.Tx, district string, ids []string) (err error) {
	defer errs.Wrap(&err, "document.Forget(%s, %d)", district, len(ids))
	for _, id := range ids {
		d, err := Find(ctx, tx, district, ID(id))
		if errs.KindOf(err) == errs.NotFound {
			continue // another copy was faster
		}
		if err != nil {
			return err
		}
		if err := tx.Exec(ctx, "delete from documents where district = $1 and id = $2", district, id); err != nil {
			return err
		}
		if err := job.Add(ctx, tx, district, FileJob, d.SHA256, fileArgs{d.SHA256}, tx.Now); err != nil {
			return err
		}
	}
	return nil
}

// RemoveFile is the handler of FileJob. Files are named by what is in them, so
// one that another document of any district names stays.
func (s *Store) RemoveFile(ctx context.Context, tx *db.Tx, j job.Job) (err error) {
	defer errs.Wrap(&err, "document.RemoveFile(%s)", j.Key)
	var args fileArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return err
	}
	if !isHash(args.SHA256) {
		return errors.New("not the hash of a file")
	}
	others, err := db.Value[int](ctx, tx, "select count(*) from documents where sha256 = $1", args.SHA256)
	if err != nil || others > 0 {
		return err
	}
	for _, path := range []string{s.full(args.SHA256), s.thumb(args.SHA256)} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

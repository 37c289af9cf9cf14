package document_test

import (
	"log/slog"
	"testing"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/job"
)

// A file goes with the last document that names it, and not before.
//
// GB/T 22239 8.1.4.10b
func TestForget(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, _ := setup(t)
		jobs := job.New(d, map[string]job.Handler{document.FileJob: s.RemoveFile}, slog.New(slog.DiscardHandler))
		var docs []document.Document
		add := func(district string, k document.Kept) {
			t.Helper()
			err := d.Write(ctx, func(tx *db.Tx) error {
				one, err := document.Add(ctx, tx, district, "c1", document.Before, "", k)
				docs = append(docs, one)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		forget := func(one document.Document) {
			t.Helper()
			if err := d.Write(ctx, func(tx *db.Tx) error {
				return document.Forget(ctx, tx, one.District, []string{string(one.ID), "no-such"})
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := jobs.Due(ctx); err != nil {
				t.Fatal(err)
			}
			if _, err := document.Find(ctx, d, one.District, one.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("it is still recorded: %v", err)
			}
		}
		there := func(one document.Document) bool {
			file, err := s.OpenThumb(one)
			if err == nil {
				err = file.Close()
			}
			return err == nil
		}
		same := take(t, s, "a.jpg", 10)
		add("990101", same)
		add("990102", same)
		add("990101", take(t, s, "b.jpg", 20))
		forget(docs[0])
		if !there(docs[1]) {
			t.Error("the file went while another district names it")
		}
		forget(docs[1])
		if there(docs[1]) {
			t.Error("nothing names the file, and it is still there")
		}
		if !there(docs[2]) {
			t.Error("another picture went with it")
		}
	})
}

// ASVS 5.3.2
func TestRemoveFileTakesOnlyHashes(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	for _, args := range []string{`{"sha256":"../../linli.key"}`, `{"sha256":""}`, `{}`, `[]`} {
		if err := s.RemoveFile(t.Context(), nil, job.Job{Args: []byte(args)}); err == nil {
			t.Errorf("%s is taken for a file", args)
		}
	}
}

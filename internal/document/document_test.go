package document_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/document"
	"linli/internal/errs"
)

// photo is a picture of its own for each shade.
func photo(t *testing.T, shade uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 1000, 500))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.SetGray(500, 250, color.Gray{255 - shade})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func setup(t *testing.T) (*document.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	s, err := document.NewStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func take(t *testing.T, s *document.Store, name string, shade uint8) document.Kept {
	t.Helper()
	k, err := s.Take(t.Context(), name, photo(t, shade))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func add(t *testing.T, d *db.DB, district, subject string, kind document.Kind, k document.Kept) (doc document.Document) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		doc, err = document.Add(t.Context(), tx, district, subject, kind, "p-1", k)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// files lists what is in the store, less its folders.
func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestDocumentIsKeptAddedAndOpened(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 52, 0, 0, time.UTC)
	dbtest.EachAt(t, func() time.Time { return now }, func(t *testing.T, d *db.DB) {
		s, _ := setup(t)
		doc := add(t, d, "990101", "case-1", document.Before, take(t, s, "../井盖.png", 40))
		want := document.Document{District: "990101", ID: doc.ID, Subject: "case-1", Kind: document.Before, Name: "井盖.jpg",
			Type: "image/jpeg", Size: doc.Size, Width: 1000, Height: 500, SHA256: doc.SHA256, At: now, Post: "p-1"}
		got, err := document.Find(t.Context(), d, "990101", doc.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" || got.Size == 0 {
			t.Errorf("found (-want +got):\n%s", diff)
		}
		for _, row := range []struct {
			open  func(document.Document) (io.ReadSeekCloser, error)
			width int
		}{{s.Open, 1000}, {s.OpenThumb, document.ThumbSide}} {
			file, err := row.open(got)
			if err != nil {
				t.Fatal(err)
			}
			config, err := jpeg.DecodeConfig(file)
			if err := errors.Join(err, file.Close()); err != nil || config.Width != row.width {
				t.Errorf("opened %d wide, %v; want %d", config.Width, err, row.width)
			}
		}
	})
}

func TestOfGivesTheSubjectsAskedForInOrder(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 52, 0, 0, time.UTC)
	var mu sync.Mutex
	tick := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
	dbtest.EachAt(t, tick, func(t *testing.T, d *db.DB) {
		s, _ := setup(t)
		one := add(t, d, "990101", "case-1", document.Before, take(t, s, "a", 1))
		two := add(t, d, "990101", "report-1", document.Evidence, take(t, s, "b", 2))
		add(t, d, "990101", "case-2", document.After, take(t, s, "c", 3))
		add(t, d, "990102", "case-1", document.After, take(t, s, "d", 4))
		three := add(t, d, "990101", "case-1", document.After, take(t, s, "e", 5))
		got, err := document.Of(t.Context(), d, "990101", "case-1", "report-1")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]document.Document{one, two, three}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if none, err := document.Of(t.Context(), d, "990101"); err != nil || len(none) != 0 {
			t.Errorf("of nothing: %v, %v", none, err)
		}
		if _, err := document.Find(t.Context(), d, "990102", one.ID); !errors.Is(err, errs.NotFound) {
			t.Errorf("another district's document: got %v, want not found", err)
		}
	})
}

func TestAddRefusesWhatWasNotKept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := setup(t)
		good := take(t, s, "a", 1)
		for _, row := range []struct {
			why, subject string
			kind         document.Kind
			kept         document.Kept
		}{
			{"nothing on disk", "case-1", document.Before, document.Kept{}},
			{"unknown kind", "case-1", "selfie", good},
			{"no subject", "", document.Before, good},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := document.Add(t.Context(), tx, "990101", row.subject, row.kind, "", row.kept)
				return err
			})
			if err == nil {
				t.Errorf("%s was added", row.why)
			}
		}
	})
}

// The same picture sent again, also at the same time, lies in the store once.
func TestSamePictureIsStoredOnce(t *testing.T) {
	t.Parallel()
	s, dir := setup(t)
	data := photo(t, 7)
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			if _, err := s.Take(t.Context(), fmt.Sprint(i), data); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := files(t, dir); len(got) != 2 {
		t.Errorf("got %v, want the picture and its small copy", got)
	}
}

func TestRefusedPictureLeavesNothing(t *testing.T) {
	t.Parallel()
	s, dir := setup(t)
	data := photo(t, 7)
	if _, err := s.Take(t.Context(), "a", data[:len(data)/2]); !errors.Is(err, errs.Invalid) {
		t.Errorf("got %v, want invalid", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Take(gone, "a", data); err != nil && !errors.Is(err, errs.Busy) {
		t.Errorf("a sender who left: got %v, want busy", err)
	}
	for _, path := range files(t, dir) {
		if strings.Contains(filepath.Base(path), ".new-") {
			t.Errorf("left behind: %s", path)
		}
	}
}

// A file cut short by a full disk is written again, not taken for whole.
func TestCutFileIsWrittenAgain(t *testing.T) {
	t.Parallel()
	s, dir := setup(t)
	take(t, s, "a", 7)
	for _, path := range files(t, dir) {
		if err := os.Truncate(path, 3); err != nil {
			t.Fatal(err)
		}
	}
	take(t, s, "a", 7)
	for _, path := range files(t, dir) {
		if info, err := os.Stat(path); err != nil || info.Size() == 3 {
			t.Errorf("%s is still cut, %v", path, err)
		}
	}
}

func TestOpenTellsWhatIsMissing(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	if _, err := s.Open(document.Document{SHA256: strings.Repeat("0", 64)}); !errors.Is(err, errs.NotFound) {
		t.Errorf("got %v, want not found", err)
	}
	for _, sum := range []string{"", "..", "../../../../etc/passwd", strings.Repeat("z", 64)} {
		if file, err := s.Open(document.Document{SHA256: sum}); err == nil {
			t.Errorf("opened %q: %v", sum, file)
		}
	}
}

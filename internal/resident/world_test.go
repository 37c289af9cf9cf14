package resident_test

import (
	"context"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/resident"
	"linli/internal/vault"
)

const (
	code   = "990101" // the district
	wang   = ident.Phone("13800000101")
	father = ident.Phone("13800000102")
)

var zone = time.FixedZone("CST", 8*3600)

// world is a district whose carrier keeps what it was given.
type world struct {
	t     *testing.T
	db    *db.DB
	book  *resident.Book
	clock *clock.Manual
	mu    sync.Mutex
	texts map[ident.Phone][]string
	fails error
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := &world{t: t, clock: clock.NewManual(time.Date(2026, 11, 23, 10, 0, 0, 0, zone)), texts: map[ident.Phone][]string{}}
		var err error
		if w.db, err = db.Open(t.Context(), db.Config{URL: address, Now: w.clock.Now}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := w.db.Close(); err != nil {
				t.Error(err)
			}
		})
		v, err := vault.Open(filepath.Join(t.TempDir(), "keys"))
		if err != nil {
			t.Fatal(err)
		}
		w.book = &resident.Book{Vault: v, Index: func(phone string) string { return v.Index("report.phone", phone) }, Send: w.send}
		fn(t, w)
	})
}

func (w *world) send(_ context.Context, phone ident.Phone, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fails != nil {
		return w.fails
	}
	w.texts[phone] = append(w.texts[phone], text)
	return nil
}

func (w *world) write(fn func(tx *db.Tx) error) error { return w.db.Write(w.t.Context(), fn) }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// due runs the jobs that take codes to phones.
func (w *world) due() {
	w.t.Helper()
	jobs, err := db.All(w.t.Context(), w.db, func(j *job.Job) []any { return []any{&j.Key, (*text)(&j.Args)} },
		`select key, args from jobs where district = $1 and kind = $2 and run_at <= $3`, code, resident.SendJob, db.At(w.clock.Now()))
	w.must(err)
	for _, j := range jobs {
		j.District, j.Kind = code, resident.SendJob
		do, err := w.book.PrepareSend(w.t.Context(), w.db, w.clock.Now(), j)
		if err != nil {
			continue // tried again later
		}
		w.must(w.write(func(tx *db.Tx) error {
			if err := do(w.t.Context(), tx, j); err != nil {
				return err
			}
			return job.Drop(w.t.Context(), tx, code, j.Kind, j.Key)
		}))
	}
}

type text []byte

func (t *text) Scan(v any) error {
	switch s := v.(type) {
	case string:
		*t = []byte(s)
	case []byte:
		*t = append([]byte(nil), s...)
	}
	return nil
}

// ask asks for a code.
func (w *world) ask(phone ident.Phone) error {
	return w.write(func(tx *db.Tx) error {
		_, err := w.book.Ask(w.t.Context(), tx, code, phone, lang.ZH)
		return err
	})
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// told is the last code that went to a phone.
func (w *world) told(phone ident.Phone) string {
	w.t.Helper()
	w.due()
	all := w.texts[phone]
	if len(all) == 0 {
		w.t.Fatalf("nothing was sent to %s", phone.Mask())
	}
	return sixDigits.FindString(all[len(all)-1])
}

func (w *world) try(phone ident.Phone, given string) (resident.Resident, error) {
	return w.book.SignIn(w.t.Context(), w.db, code, phone, given, "sign-in 1", lang.ZH)
}

// in signs a phone in, as anybody would.
func (w *world) in(phone ident.Phone) resident.Resident {
	w.t.Helper()
	w.must(w.ask(phone))
	r, err := w.try(phone, w.told(phone))
	w.must(err)
	return r
}

func want(t *testing.T, err error, kind errs.Kind, what string) {
	t.Helper()
	if errs.KindOf(err) != kind || err == nil {
		t.Errorf("%s: got %v, want %s", what, err, kind)
	}
}

package move_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/channel/sms"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/move"
)

const (
	phone    = "13800001234"
	halfText = "长短信的上半段"
)

// lived is a district in which something happened: reports with names, a photo,
// a resident with an account, a hold on that person, and a log of it all.
func lived(t *testing.T, address string) *apptest.World {
	t.Helper()
	w := apptest.At(t, address)
	d := w.District()
	var photo bytes.Buffer
	picture := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 {
		picture.Set(i, i%30, color.RGBA{uint8(i * 6), 90, 200, 255})
	}
	if err := jpeg.Encode(&photo, picture, nil); err != nil {
		t.Fatal(err)
	}
	kept, err := w.Documents.Take(t.Context(), "a.jpg", photo.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		s := intake.Sending{Channel: intake.Hotline, Sender: fmt.Sprint("s", i), Matter: "c01002", Text: "井盖响 \"<&>\"\n第二行\t\u2028" + fmt.Sprint(i), Name: "张三", Phone: phone}
		if i == 0 {
			s.Photos = []document.Kept{kept}
		}
		if i == 4 {
			s.Name, s.Phone = "", ""
		}
		if _, err := w.Desk.Receive(t.Context(), d, s); err != nil {
			t.Fatal(err)
		}
	}
	half := sms.Heard{Parts: []sms.Part{{From: phone, Series: "7", Part: 1, Parts: 2, Text: halfText}}} // acknowledged, and not taken in yet
	if err := w.Inbox.Hear(t.Context(), d, half); err != nil {
		t.Fatal(err)
	}
	account(t, w)
	err = w.DB.Write(t.Context(), func(tx *db.Tx) error {
		return tx.Exec(t.Context(), `insert into holds (district, id, kind, ref, why, basis, from_at, until_at, by_person, by_post, lifted_at, lifted_person, lifted_post, lifted_why)
			values ('990101', 'h1', 'person', $1, '诉讼', '民事诉讼法', 1, 9, '', '', 0, '', '', '')`, w.Desk.PhoneIndex(phone))
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Due()
	logged(t, w.App)
	return w
}

func account(t *testing.T, w *apptest.World) {
	t.Helper()
	w.Residents.Demo = true
	var code string
	err := w.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		code, err = w.Residents.Ask(t.Context(), tx, "990101", ident.Phone(phone), lang.ZH)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Residents.SignIn(t.Context(), w.DB, "990101", ident.Phone(phone), code, "", lang.ZH); err != nil {
		t.Fatal(err)
	}
}

// logged takes everything into the public log.
func logged(t *testing.T, a *app.App) {
	t.Helper()
	if _, err := a.Trail.TakeIn(t.Context(), a.DB, "990101"); err != nil {
		t.Fatal(err)
	}
}

// bare opens an installation that has no district yet; keys is the key file that
// it gets, "" for one of its own.
func bare(t *testing.T, address, keys string) (a *app.App, files string) {
	t.Helper()
	files = t.TempDir()
	if keys != "" {
		data, err := os.ReadFile(keys)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(files, app.KeyFile), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := app.New(t.Context(), app.Config{Database: address, Files: files, Now: func() time.Time { return apptest.Start }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a, files
}

// out exports a district to a folder and opens that.
func out(t *testing.T, a *app.App, to ...age.Recipient) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "export")
	place, err := move.NewPlace(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.MoveOut(t.Context(), place, "990101", to, false, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

func in(ctx context.Context, a *app.App, dir string, with ...age.Identity) (move.Loaded, error) {
	return a.MoveIn(ctx, os.DirFS(dir), with, false, nil)
}

// same compares two exports byte for byte, but for the instant in the manifest.
func same(t *testing.T, a, b string) {
	t.Helper()
	first, second := contents(t, a), contents(t, b)
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s differs:\n%s", name, cmp.Diff(string(first[name]), string(second[name])))
		}
		delete(second, name)
	}
	for name := range second {
		t.Errorf("%s is new", name)
	}
}

func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		if path == "datapackage.json" {
			m, err := move.ParseManifest(data)
			if err != nil {
				return err
			}
			data = bytes.Replace(data, []byte(m.Created.Format(time.RFC3339Nano)), []byte("…"), 1)
		}
		all[path] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sending(sender string) intake.Sending {
	return intake.Sending{Channel: intake.Hotline, Sender: sender, Matter: "c01002", Text: "井盖响"}
}

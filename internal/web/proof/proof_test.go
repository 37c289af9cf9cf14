package proof_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/trail"
)

// reported is a world with one report, taken into the log, and what the sender was given.
func reported(t *testing.T) (w *apptest.World, number, word string) {
	t.Helper()
	w = apptest.New(t)
	got, err := w.Desk.Receive(t.Context(), w.District(), intake.Sending{
		Channel: intake.Portal, Matter: "c01002", Text: "门口污水井盖碎了", Address: "桂香路 12 号", Name: "钱桂香", Phone: "13800001234",
	})
	if err != nil {
		t.Fatal(err)
	}
	return w, got.Case.Number, got.Word
}

// source reads a running log as anyone can.
func source(t *testing.T, base string) trail.Source {
	return func(_ context.Context, path string) ([]byte, error) {
		got, err := http.Get(base + "/" + path)
		if err != nil {
			return nil, err
		}
		defer got.Body.Close()
		if got.StatusCode != http.StatusOK {
			return nil, errs.New(errs.NotFound, "没有", "none")
		}
		want := "application/octet-stream"
		if !strings.HasPrefix(path, "tile/") {
			want = "text/plain; charset=utf-8"
		}
		if kind := got.Header.Get("Content-Type"); kind != want {
			t.Errorf("%s is %s, want %s", path, kind, want)
		}
		if strings.HasPrefix(path, "tile/") != strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is kept %s", path, got.Header.Get("Cache-Control"))
		}
		return io.ReadAll(got.Body)
	}
}

func TestThePublicLogHoldsAndNamesNobody(t *testing.T) {
	t.Parallel()
	w, number, word := reported(t)
	base := w.URL + "/trail/" + w.House.District
	b := w.Browser()
	if got := b.Get("/trail/"); got.Status != http.StatusOK || !strings.Contains(got.Text(), "日志里还没有东西") {
		t.Errorf("before the first checkpoint: %d %s", got.Status, got.Text())
	}
	if got := b.Get("/track/" + number + "?word=" + word); !strings.Contains(got.Text(), "回执几秒钟后就有") {
		t.Errorf("a report that waits for the log: %s", got.Text())
	}
	w.Due()
	from := source(t, base)
	key, err := from(t.Context(), "key")
	if err != nil {
		t.Fatal(err)
	}
	report, err := trail.AuditTiles(t.Context(), from, string(key), nil, nil)
	if err != nil || len(report.Findings) > 0 || report.Leaves == 0 {
		t.Fatalf("the log from outside: %+v, %v", report, err)
	}
	page := b.Get("/trail/")
	if !strings.Contains(page.Body, strings.TrimSpace(string(key))) && !strings.Contains(page.Text(), strings.TrimSpace(string(key))) {
		t.Errorf("the page does not give the key: %s", page.Text())
	}
	receipt := b.Get("/track/" + number + "/receipt?word=" + word)
	rec, err := trail.CheckProof(receipt.Body, string(key))
	if err != nil || rec.Facts["number"] != number || rec.Act != "opened" || rec.Facts["due"] == "" {
		t.Errorf("the receipt: %+v, %v", rec, err)
	}
	for _, secret := range []string{"钱桂香", "13800001234", "井盖碎", "12 号"} {
		for what, body := range map[string]string{"the page": page.Body, "the receipt": receipt.Body, "its facts": strings.Join(rec.Lines(), " ")} {
			if strings.Contains(body, secret) {
				t.Errorf("%s holds %s", what, secret)
			}
		}
	}
	if got := w.Browser().Get("/track/" + number + "/receipt"); strings.Contains(got.Body, "tlog-proof") {
		t.Error("a receipt was given to somebody who did not show the word")
	}
}

func TestWhatTheLogDoesNotHave(t *testing.T) {
	t.Parallel()
	w, _, _ := reported(t)
	w.Due()
	base := w.URL + "/trail/" + w.House.District
	for path, why := range map[string]string{
		base + "/tile/0/999":                  "beyond the end",
		base + "/tile/3/000":                  "higher than the log",
		base + "/tile/0/0":                    "not a path",
		base + "/tile/entries/x999/x999/999":  "far beyond",
		w.URL + "/trail/110101/checkpoint":    "another district",
		w.URL + "/trail/110101/key":           "a key for what is not here",
		base + "/tile/../../../../etc/passwd": "not a file",
	} {
		got, err := http.Get(path)
		if err != nil {
			t.Fatal(err)
		}
		got.Body.Close()
		if got.StatusCode != http.StatusNotFound {
			t.Errorf("%s (%s): %d, want not found", path, why, got.StatusCode)
		}
	}
}

package inlet_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"linli/internal/db"
	"linli/internal/intake"
)

// subscription is what a browser writes.
func subscription(t *testing.T) string {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	return fmt.Sprintf(`{"endpoint":"https://push.example.com/x","keys":{"p256dh":"%s","auth":"%s"}}`, enc(key.PublicKey().Bytes()), enc(make([]byte, 16)))
}

// A browser is told of the case whose word its reader knows, and of no other.
func TestSubscribeOnTheProgressPage(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	got, err := w.Desk.Receive(t.Context(), w.District(), intake.Sending{Channel: intake.Portal, Matter: "c01002", Text: "井盖碎了", Address: "桂香路 12 号"})
	if err != nil {
		t.Fatal(err)
	}
	b := w.Browser()
	path := "/track/" + got.Case.Number
	form := url.Values{"subscription": {subscription(t)}}
	b.Post(path+"/push", form)
	if n := w.pushWays(); n != 0 {
		t.Fatalf("a stranger's browser is told: %d", n)
	}
	a := b.Post("/track", url.Values{"number": {got.Case.Number}, "word": {got.Word}})
	if !strings.Contains(a.Body, `data-push="`+w.House.Push.PublicKey()) || !strings.Contains(a.Body, "push.js") || !strings.Contains(a.Body, `action="`+path+`/push`) {
		t.Fatalf("the page has no button for it: %d at %s", a.Status, a.Path)
	}
	if a := b.Post(path+"/push", url.Values{"subscription": {`{"endpoint":"http://169.254.169.254/"}`}}); a.Status != 422 || w.pushWays() != 0 {
		t.Errorf("an address that is none: got %d", a.Status)
	}
	for range 2 {
		if a := b.Post(path+"/push", form); a.Status != 200 || !strings.Contains(a.Text(), "通知这台设备") {
			t.Errorf("got %d %.200s", a.Status, a.Text())
		}
	}
	if n := w.pushWays(); n != 1 {
		t.Errorf("there are %d ways, want one", n)
	}
}

func (w *town) pushWays() int {
	w.t.Helper()
	n, err := db.Value[int](w.t.Context(), w.DB, "select count(*) from ways where district = $1 and channel = 'push' and ended_at = 0", w.House.District)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

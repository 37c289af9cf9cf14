package admin_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/inbox"
)

// full is a mailbox that takes nothing any more.
type full struct{}

func (full) Carry(_ context.Context, l channel.Letter) (channel.Receipt, error) {
	return channel.Receipt{State: channel.Failed, Why: "552 5.2.2"}, nil
}

func TestMessagesAndWordings(t *testing.T) {
	t.Parallel()
	w := apptest.At(t, "sqlite:"+t.TempDir()+"/linli.db", func(c *app.Config) { c.Carriers = map[channel.Name]channel.Carrier{channel.Mail: full{}} })
	if _, err := w.Inbox.Take(t.Context(), w.District(), inbox.Letter{Came: channel.Came{Channel: channel.Mail, Ref: "1", From: "wang@example.cn", Text: "路灯不亮"}}); err != nil {
		t.Fatal(err)
	}
	w.Due()
	b := w.As("suming")
	list := b.Get("/desk/admin/messages?channel=mail&state=failed").Text()
	for _, want := range []string{"w***@example.cn", "552 5.2.2", "再发一次"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if strings.Contains(list, "wang@") {
		t.Error("the list shows an address")
	}
	if refused := b.Post("/desk/admin/notices/closed", url.Values{"version": {"0"}, "do": {"keep"}, "text-zh": {"{name}"}, "text-en": {"{name}"}}); refused.Status != 422 {
		t.Errorf("an unknown fact: %d", refused.Status)
	}
	if kept := b.Post("/desk/admin/notices/closed", url.Values{"version": {"0"}, "do": {"keep"}, "text-zh": {"办完 {number}"}, "text-en": {"done {number}"}}); !strings.Contains(kept.Text(), "办完") {
		t.Errorf("kept: %d", kept.Status)
	}
}

// Nobody finds on this page who reported a secret case: neither the moment nor the
// channel stands beside it, and no address, however masked.
func TestMessagesOfSecretCases(t *testing.T) {
	t.Parallel()
	w := apptest.At(t, "sqlite:"+t.TempDir()+"/linli.db", func(c *app.Config) { c.Carriers = map[channel.Name]channel.Carrier{channel.Mail: full{}} })
	took, err := w.Inbox.Take(t.Context(), w.District(), inbox.Letter{Came: channel.Came{Channel: channel.Mail, Ref: "1", From: "wang@example.cn", Text: "路灯不亮",
		Pictures: []channel.Picture{{Name: "bad.jpg", Data: []byte("none")}}}})
	if err != nil {
		t.Fatal(err)
	}
	w.Due()
	secret := func(tx *db.Tx) error {
		return tx.Exec(t.Context(), "update cases set secret = true where id = $1", string(took.Case))
	}
	if err := w.DB.Write(t.Context(), secret); err != nil { // found out to be secret after it came
		t.Fatal(err)
	}
	c, err := casework.ByID(t.Context(), w.DB, w.District().Code, took.Case)
	if err != nil {
		t.Fatal(err)
	}
	b := w.As("suming")
	list := b.Get("/desk/admin/messages").Text()
	if !strings.Contains(list, c.Number) || !strings.Contains(list, "保密") {
		t.Error("the messages are not listed at all")
	}
	for _, not := range []string{"w***@", "552 5.2.2", clock.MomentText(w.Clock.Now(), w.Clock.Now(), w.District().Calendar.Zone()).ZH} {
		if strings.Contains(list, not) {
			t.Errorf("the list says %q of a secret case", not)
		}
	}
	if found := b.Get("/desk/admin/messages?channel=mail").Text(); strings.Contains(found, c.Number) || strings.Contains(found, "记为新件") {
		t.Error("by channel the list says how it came")
	}
}

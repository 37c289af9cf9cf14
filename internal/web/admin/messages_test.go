package admin_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/channel"
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

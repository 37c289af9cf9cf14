package app_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/channel"
	"linli/internal/web/ui/uitest"
)

// refuses is a carrier whose other side takes nothing, so that the page of
// messages has something that failed.
type refuses struct{}

func (refuses) Carry(_ context.Context, l channel.Letter) (channel.Receipt, error) {
	return channel.Receipt{Ref: l.ID, State: channel.Failed, Why: "no such mailbox"}, nil
}

// newOpenTown is a town that also tells and hears by text message, mail and the
// browser.
func newOpenTown(t *testing.T, browser *uitest.Browser, g glance, more ...func(*app.Config)) *town {
	settings := filepath.Join(t.TempDir(), app.ChannelsFile)
	if err := os.WriteFile(settings, []byte(`site: https://linli.example.cn
mail:
  address: shi@linli.example.cn
  name: {zh: 邻里区, en: Linli District}
  in: {host: 127.0.0.1, port: 1, tls: none, user: shi, password: invented}
push: {contact: "https://linli.example.cn"}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	world := apptest.At(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"), func(c *app.Config) {
		c.Channels, c.Carriers = settings, map[channel.Name]channel.Carrier{channel.SMS: refuses{}, channel.Mail: refuses{}}
		for _, change := range more {
			change(c)
		}
	})
	return &town{World: world, t: t, browser: browser, glance: g}
}

// outward visits where the district meets other systems: what it tells them, in
// which words it tells residents, and whether that arrived.
func (tn *town) outward(script bool, number string) {
	tn.t.Helper()
	tn.Due()
	p := tn.as("suming", script)
	p.see("admin-messages", "/desk/admin/messages", number)
	p.see("admin-messages-none", "/desk/admin/messages?state=delivered")
	p.see("admin-notices", "/desk/admin/notices")
	p.see("admin-notice", "/desk/admin/notices/received")
	p.Follow(tn.say("先看样子", "Preview"))
	p.look("admin-notice-preview")
	tn.hooks(p)
	tn.connects(p)
	p.see("account-keys", "/account/keys")
	p.Follow(tn.say("做密钥", "Make the key"), 422)
	p.refused("account-keys-wrong", 422)
}

// hooks adds a webhook, wrongly at first.
func (tn *town) hooks(p *person) {
	tn.t.Helper()
	p.see("admin-hooks", "/desk/admin/hooks")
	p.Fill(tn.say("推给哪个系统", "System"), "市政视频平台")
	p.Fill(tn.say("地址", "Address"), "https://127.0.0.1/linli")
	p.Follow(tn.say("加上", "Add"), 422)
	p.refused("admin-hooks-wrong", 422)
	p.Fill(tn.say("地址", "Address"), "https://hooks.example.org/linli")
	p.Follow(tn.say("加上", "Add"))
	p.Reads("市政视频平台")
	p.look("admin-hooks-added")
	p.Follow("市政视频平台")
	p.look("admin-hook")
}

// connects sets up another server of Open311.
func (tn *town) connects(p *person) {
	tn.t.Helper()
	p.see("admin-peers", "/desk/admin/peers")
	if got := uitest.Ask[string](p.Window, `document.querySelector('select[name=unit]').selectedOptions[0].text`); got != tn.say("都不送", "None") {
		tn.t.Errorf("whoever sends nothing reads %q", got)
	}
	p.Fill(tn.say("哪家的系统", "Whose system"), "桂阳市")
	p.Fill(tn.say("接口地址", "Address of the endpoint"), "https://open311.example.org/v2")
	p.Fill(tn.say("对方的服务对哪个事项", "Which of their services is which matter"), "001 = c01002")
	p.Follow(tn.say("接上", "Connect"))
	p.Reads("桂阳市")
	p.look("admin-peer") // it leads to the server's own page
}

// reads visits the reference of the interface, and a community with a mailbox.
func (tn *town) reads(p *person) {
	tn.t.Helper()
	p.see("api", "/api/")
	p.see("api-chapter", "/api/reference/cases", "case.see")
	p.visit("/area")
	p.Follow(tn.say("桂香社区", "Guixiang Community"))
	p.Reads("shi+990101001004@linli.example.cn")
	p.look("area-mailbox")
}

package me_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"linli/internal/web/ui/uitest"
)

// TestInABrowser signs in by code, adds a passkey and signs in with it, and looks
// at every page on the way, on a phone and a desk, in both languages.
//
// ASVS 6.6.1
func TestInABrowser(t *testing.T) {
	t.Parallel()
	chromium := uitest.Start(t)
	for _, row := range []struct {
		lang  string
		width int64
	}{{"zh", 390}, {"en", 1440}} {
		t.Run(row.lang, func(t *testing.T) {
			w, c := set(t)
			reported(t, w, wang, "c01014")
			base := strings.Replace(w.URL, "127.0.0.1", "localhost", 1) // a browser makes no passkey at a bare address
			say := func(zh, en string) string {
				if row.lang == "en" {
					return en
				}
				return zh
			}
			p := chromium.Window(t, row.width)
			p.Fingers()
			look := func(name string) { t.Helper(); p.Look(fmt.Sprintf("me-%s-%d-%s", row.lang, row.width, name)) }
			p.Open(base + "/choose?lang=" + row.lang + "&next=" + url.QueryEscape("/me/sign-in"))
			look("sign-in")
			p.Fill(say("手机号", "Mobile number"), wang)
			p.Follow(say("发验证码", "Send the code"))
			w.Due()
			look("code")
			p.Fill(say("6 位验证码", "Code of 6 digits"), c.last(wang))
			p.Follow(say("登录", "Sign in"))
			p.Reads(say("我的事项", "My matters"), "138****2201")
			look("matters")
			p.Open(base + "/me/settings")
			look("settings")
			p.Fill(say("给它起个名字", "A name for it"), "我的手机")
			p.Follow(say("添加通行密钥", "Add a passkey"))
			p.Reads("我的手机")
			p.Open(base + "/me/ways")
			look("ways")
			p.Open(base + "/me/notice")
			look("notice")
			p.Open(base + "/me/proxies/new")
			look("new-proxy")
			p.Open(base + "/me/proxies")
			look("proxies")
			p.Open(base + "/me/settings")
			p.Leave("sign out", chromedp.Submit(`form[action="/me/sign-out"]`))
			w.Clock.Advance(time.Minute)
			p.Open(base + "/me/sign-in")
			p.Follow(say("用通行密钥登录", "Sign in with a passkey"))
			p.Reads("138****2201")
		})
	}
}

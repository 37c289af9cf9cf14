package app_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/lang"
	"linli/internal/web/ui/uitest"
)

// TestPasskeyInBrowser has a real browser with an authenticator make a passkey,
// sign in with it alone and as the second step, and looks at every page on the
// way in.
func TestPasskeyInBrowser(t *testing.T) {
	t.Parallel()
	browser := uitest.Start(t)
	t.Run("ways", func(t *testing.T) {
		for _, g := range []glance{{lang.ZH, 390}, {lang.ZH, 1440}, {lang.EN, 390}, {lang.EN, 1440}} {
			t.Run(g.String(), func(t *testing.T) {
				t.Parallel()
				newTown(t, browser, g).passkeys()
			})
		}
	})
}

func (tn *town) passkeys() {
	// A browser makes passkeys for names, not for bare addresses.
	tn.URL = strings.Replace(tn.URL, "127.0.0.1", "localhost", 1)
	p := tn.staff("chenli")
	p.Fingers()
	p.see("account", "/account", "chenli")
	p.see("account-calendar", "/account/calendar")
	p.Follow(tn.say("做地址", "Make the address"))
	p.look("account-calendar-made")
	p.Follow(tn.say("复制好了", "I have it"))
	p.look("account-with-calendar")
	p.visit("/account/passkey")
	p.look("account-passkey")
	p.Fill(tn.say("叫它什么", "What to call it"), "办公室的电脑")
	p.Follow(tn.say("加上", "Add it"))
	// The recovery codes come with the first factor that somebody adds by hand.
	p.Follow(tn.say("抄好了，继续", "Written down, go on"))
	p.Reads("办公室的电脑")

	tn.leave(p)
	p.see("sign-in-with-passkey", "/sign-in?next=/desk/cases")
	p.Follow(tn.say("用通行密钥登录", "Sign in with a passkey"))
	tn.at(p, "/desk/cases")

	tn.leave(p)
	p.visit("/sign-in")
	p.Fill(tn.say("登录名", "Login"), "chenli")
	p.Fill(tn.say("密码", "Password"), app.DemoPassword)
	p.Follow(tn.say("登录", "Sign in"))
	p.look("second-step")
	p.Follow(tn.say("用通行密钥", "Use a passkey"))
	tn.at(p, "/desk")

	tn.setUp()
}

// setUp signs somebody in who has no second step yet.
func (tn *town) setUp() {
	tn.t.Helper()
	if err := tn.DB.Write(context.Background(), func(tx *db.Tx) error {
		return access.ResetFactors(context.Background(), tx, tn.House.District, "zhouhui", access.By{})
	}); err != nil {
		tn.t.Fatal(err)
	}
	p := tn.resident()
	p.Fingers()
	p.visit("/sign-in")
	p.Fill(tn.say("登录名", "Login"), "zhouhui")
	p.Fill(tn.say("密码", "Password"), app.DemoPassword)
	p.Follow(tn.say("登录", "Sign in"))
	tn.at(p, "/sign-in/set-up")
	p.look("set-up")
	p.Follow(tn.say("加一把通行密钥", "Add a passkey"))
	p.look("recovery-codes")
	p.Follow(tn.say("抄好了，继续", "Written down, go on"))
	tn.at(p, "/desk")
}

// leave signs out by the form behind the reader's name.
func (tn *town) leave(p *person) {
	tn.t.Helper()
	p.Leave("sign out", chromedp.Submit(`form[action="/sign-out"]`))
	tn.at(p, "/sign-in?out=yes")
}

func (tn *town) at(p *person, path string) {
	tn.t.Helper()
	if got := strings.TrimPrefix(p.Address(), tn.URL); got != path {
		tn.t.Errorf("ended at %s, want %s: %.300s", got, path, p.Text())
	}
}

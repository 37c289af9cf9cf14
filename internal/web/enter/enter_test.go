package enter_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/net/html"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/db"
	"linli/internal/web/page"
)

const dispatcher = "chenli"

// password sends the first step.
func password(b *apptest.Browser, login, word, next string) apptest.Answer {
	return b.Post("/sign-in", url.Values{"login": {login}, "password": {word}, "next": {next}})
}

// wants fails where a page is not at an address, or lacks words.
func wants(t *testing.T, got apptest.Answer, path string, words ...string) {
	t.Helper()
	if !strings.HasPrefix(got.Path, path) {
		t.Fatalf("ended at %s (%d), want %s: %.300s", got.Path, got.Status, path, got.Text())
	}
	for _, w := range words {
		if !strings.Contains(got.Text(), w) {
			t.Errorf("%s does not say %q: %.400s", got.Path, w, got.Text())
		}
	}
}

func write(t *testing.T, w *apptest.World, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := w.DB.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// ASVS 2.3.1, 6.3.3
func TestThePasswordAloneOpensNothing(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	wants(t, password(b, dispatcher, app.DemoPassword, "/desk/cases"), "/sign-in/second", "还差一步")
	for _, path := range []string{"/desk", "/account", "/desk/cases.csv"} {
		wants(t, b.Get(path), "/sign-in?next=")
	}
	got := b.Post("/sign-in/second", url.Values{"code": {"000000"}})
	if got.Status != http.StatusUnauthorized {
		t.Errorf("a wrong code: %d", got.Status)
	}
	wants(t, got, "/sign-in/second", "验证码不对")
	wants(t, b.Post("/sign-in/second", url.Values{"code": {w.Code(dispatcher)}}), "/desk/cases")
	if got := b.Post("/sign-in/second", url.Values{"code": {w.Code(dispatcher)}}); !strings.HasPrefix(got.Path, "/sign-in?late") {
		t.Errorf("the step once more leads to %s", got.Path)
	}
}

func TestTheSecondStepRunsOut(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	wants(t, password(b, dispatcher, app.DemoPassword, ""), "/sign-in/second")
	w.Clock.Advance(11 * time.Minute)
	wants(t, b.Post("/sign-in/second", url.Values{"code": {w.Code(dispatcher)}}), "/sign-in?late", "从头再来")
	wants(t, w.Browser().Get("/sign-in/second"), "/sign-in?late")
	wants(t, w.Browser().Get("/sign-in/set-up"), "/sign-in?late")
}

// A code is good once, also in another browser that is on the way at the time.
//
// ASVS 6.5.1
func TestACodeIsGoodOnce(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	one, two := w.Browser(), w.Browser()
	password(one, dispatcher, app.DemoPassword, "")
	password(two, dispatcher, app.DemoPassword, "")
	code := w.Code(dispatcher)
	wants(t, one.Post("/sign-in/second", url.Values{"code": {code}}), "/desk")
	wants(t, two.Post("/sign-in/second", url.Values{"code": {code}}), "/sign-in/second", "已经用过")
}

// Each rise of rights has a new token: one that was planted before, or seen on
// the way, opens nothing.
//
// ASVS 7.2.2, 7.2.4
func TestTokensAreNewAtEachStep(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	seen := map[string]bool{}
	step := func(what string) {
		t.Helper()
		c := b.Cookie("/", "linli")
		if c == nil || seen[c.Value] {
			t.Fatalf("%s: the token is the one of before: %v", what, c)
		}
		seen[c.Value] = true
	}
	password(b, dispatcher, app.DemoPassword, "")
	step("after the password")
	planted := b.Cookie("/", "linli")
	b.Post("/sign-in/second", url.Values{"code": {w.Code(dispatcher)}})
	step("after the code")
	thief := w.Browser()
	thief.Keep("/", planted)
	wants(t, thief.Get("/desk"), "/sign-in?next=")
	wants(t, thief.Get("/sign-in/second"), "/sign-in?late")
}

var secretText = regexp.MustCompile(`^[A-Z2-7 ]+$`)

// byID is the text of an element.
func byID(t *testing.T, got apptest.Answer, id string) *html.Node {
	t.Helper()
	found := got.Find(func(n *html.Node) bool { return apptest.Attr(n, "id") == id })
	if len(found) != 1 {
		t.Fatalf("%s has %d elements #%s: %.300s", got.Path, len(found), id, got.Text())
	}
	return found[0]
}

// codeOf is the present code of the secret that a page shows.
func codeOf(t *testing.T, w *apptest.World, got apptest.Answer) string {
	t.Helper()
	secret := apptest.Text(byID(t, got, "secret"))
	if !secretText.MatchString(secret) {
		t.Fatalf("the secret reads %q", secret)
	}
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), w.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// ASVS 6.3.3
// GB/T 22239 8.1.4.1d
func TestWhoeverNeedsASecondStepSetsOneUpFirst(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	write(t, w, func(ctx context.Context, tx *db.Tx) error {
		return access.ResetFactors(ctx, tx, w.House.District, dispatcher, access.By{})
	})
	b := w.Browser()
	got := password(b, dispatcher, app.DemoPassword, "/desk/cases")
	wants(t, got, "/sign-in/set-up", "先设好第二步验证")
	if qr := got.Find(func(n *html.Node) bool { return n.Data == "svg" && apptest.Attr(n, "class") == "qr" }); len(qr) != 1 {
		t.Errorf("%d code pictures", len(qr))
	}
	wants(t, b.Get("/desk"), "/sign-in?next=")
	wants(t, b.Post("/sign-in/set-up", url.Values{"code": {"123456"}}), "/sign-in/set-up", "验证码不对")
	got = b.Post("/sign-in/set-up", url.Values{"code": {codeOf(t, w, b.Get("/sign-in/set-up"))}})
	codes := strings.Fields(apptest.Text(byID(t, got, "codes")))
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes: %v", len(codes), codes)
	}
	wants(t, b.Get("/desk/cases"), "/desk/cases")

	// The next time, a recovery code stands in for the phone, once.
	for _, row := range []struct{ why, path string }{{"the first time", "/desk"}, {"a second time", "/sign-in/second"}} {
		other := w.Browser()
		wants(t, password(other, dispatcher, app.DemoPassword, ""), "/sign-in/second", "手机不在身边")
		if got := other.Post("/sign-in/second", url.Values{"recovery": {codes[3]}}); !strings.HasPrefix(got.Path, row.path) {
			t.Errorf("%s: a recovery code leads to %s", row.why, got.Path)
		}
	}
	wants(t, b.Get("/account"), "/account", "恢复码还剩 9 个")
}

// Whoever has found a password adds no second step of his own beside the one
// that is there.
func TestSetUpIsClosedWhereThereIsAFactor(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	password(b, dispatcher, app.DemoPassword, "")
	wants(t, b.Get("/sign-in/set-up"), "/sign-in?late")
	wants(t, b.Post("/sign-in/set-up", url.Values{"code": {"123456"}}), "/sign-in?late")
}

// ASVS 1.2.2, 3.7.2
func TestNextStaysInTheHouse(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	for why, next := range map[string]string{"elsewhere": "https://example.com/", "hidden": "//example.com", "script": "javascript:alert(1)"} {
		b := w.Browser()
		password(b, dispatcher, app.DemoPassword, next)
		if got := b.Post("/sign-in/second", url.Values{"code": {w.Code(dispatcher)}}); got.Path != "/desk" {
			t.Errorf("%s: led to %s", why, got.Path)
		}
	}
}

// ASVS 7.4.1, 7.4.2, 7.4.5, 7.5.2
func TestSessionsEndByHandAndWithTheAccount(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	office, phone := w.As(dispatcher), w.As(dispatcher)
	page := office.Get("/account")
	ids := page.Find(func(n *html.Node) bool {
		return apptest.Attr(n, "name") == "id" && strings.Contains(apptest.Attr(n.Parent, "action"), "sessions")
	})
	if len(ids) != 1 {
		t.Fatalf("%d sessions can be ended, want the other one", len(ids))
	}
	wants(t, office.Post("/account/sessions", url.Values{"id": {apptest.Attr(ids[0], "value")}}), "/account", "结束了")
	wants(t, phone.Get("/desk"), "/sign-in?next=")
	wants(t, office.Get("/desk"), "/desk")

	stranger := w.As("zhouhui")
	if got := stranger.Post("/account/sessions", url.Values{"id": {apptest.Attr(ids[0], "value")}}); got.Status != http.StatusNotFound {
		t.Errorf("somebody else's session: %d", got.Status)
	}
	phone = w.As(dispatcher)
	wants(t, office.Post("/account/sessions", nil), "/account")
	wants(t, phone.Get("/desk"), "/sign-in?next=")
	write(t, w, func(ctx context.Context, tx *db.Tx) error {
		return access.Close(ctx, tx, w.House.District, dispatcher, access.By{})
	})
	wants(t, office.Get("/desk"), "/sign-in?next=")
	wants(t, password(w.Browser(), dispatcher, app.DemoPassword, ""), "/sign-in", "登录名或密码不对")
}

// ASVS 6.1.2, 6.2.2, 6.2.3, 6.2.11, 7.4.3
func TestAnotherPassword(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b, elsewhere := w.As(dispatcher), w.As(dispatcher)
	const better = "plum rain over bridges"
	for _, row := range []struct{ why, old, password, words string }{
		{"the old one is wrong", "not it at all", better, "原来的密码不对"},
		{"too short", app.DemoPassword, "short", "至少 8 位"},
		{"everybody's first", app.DemoPassword, "woaini1314", "太常见"},
		{"the district's name", app.DemoPassword, "linlidistrict", "太常见"},
	} {
		got := b.Post("/account/password", url.Values{"old": {row.old}, "password": {row.password}})
		if !strings.Contains(got.Text(), row.words) || got.Status < 400 {
			t.Errorf("%s: %d %.300s", row.why, got.Status, got.Text())
		}
	}
	wants(t, b.Post("/account/password", url.Values{"old": {app.DemoPassword}, "password": {better}}), "/account", "密码改好了")
	wants(t, b.Get("/desk"), "/desk")
	wants(t, elsewhere.Get("/desk"), "/sign-in?next=")
	wants(t, password(w.Browser(), dispatcher, app.DemoPassword, ""), "/sign-in", "不对")
	wants(t, password(w.Browser(), dispatcher, better, ""), "/sign-in/second")
}

// A screen left open is not enough to take an account over.
//
// ASVS 7.5.1
func TestTheWayInChangesOnlyAfterAFreshSignIn(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(dispatcher)
	w.Clock.Advance(16 * time.Minute)
	for _, path := range []string{"/account/password", "/account/app", "/account/passkey"} {
		wants(t, b.Get(path), "/sign-in?again", "再登录一次")
	}
	for _, path := range []string{"/account/recovery", "/account/app/remove", "/account/passkey/remove"} {
		wants(t, b.Post(path, nil), "/sign-in?again")
	}
	b.Get("/account/password")
	password(b, dispatcher, app.DemoPassword, "")
	wants(t, b.Post("/sign-in/second", url.Values{"code": {w.Code(dispatcher)}}), "/account/password")
}

func TestTheLastFactorStays(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(dispatcher)
	got := b.Post("/account/app/remove", nil)
	if got.Status != http.StatusConflict {
		t.Errorf("got %d: %.200s", got.Status, got.Text())
	}
	wants(t, b.Get("/account"), "/account", "手机验证码应用")
	if got := b.Get("/account/app"); got.Status != http.StatusConflict {
		t.Errorf("a second app over the first: %d", got.Status)
	}
	got = b.Post("/account/recovery", nil)
	if codes := strings.Fields(apptest.Text(byID(t, got, "codes"))); len(codes) != 10 {
		t.Errorf("%d new recovery codes", len(codes))
	}
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	person, _ := w.District().Org.PersonByLogin(dispatcher)
	var link string
	write(t, w, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := access.ResetFactors(ctx, tx, w.House.District, dispatcher, access.By{}); err != nil {
			return err
		}
		_, link, err = access.Invite(ctx, tx, w.House.District, dispatcher, string(person.ID), access.By{})
		return err
	})
	b := w.Browser()
	wants(t, b.Get("/sign-in/invited/"+link), "/sign-in/invited", dispatcher, person.Name)
	wants(t, b.Post("/sign-in/invited/"+link, url.Values{"password": {"12345678"}}), "/sign-in/invited", "太常见")
	wants(t, b.Post("/sign-in/invited/"+link, url.Values{"password": {"plum rain over bridges"}}), "/sign-in/set-up")
	for _, path := range []string{link, "made-up"} {
		if got := w.Browser().Get("/sign-in/invited/" + path); got.Status != http.StatusNotFound || !strings.Contains(got.Text(), "再要一个") {
			t.Errorf("%s: %d %.200s", path, got.Status, got.Text())
		}
	}
	wants(t, password(w.Browser(), dispatcher, app.DemoPassword, ""), "/sign-in", "不对")
}

// The person sees what happened to the account, in words, and is told of a
// browser that is new.
//
// ASVS 16.3.1
// GB/T 22239 8.1.4.3a
func TestThePersonSeesSignIns(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	w.As(dispatcher)
	password(w.Browser(), dispatcher, "a guess of somebody", "")
	thief := w.Browser()
	password(thief, dispatcher, app.DemoPassword, "")
	thief.Post("/sign-in/second", url.Values{"code": {w.Code(dispatcher)}})
	w.Due()
	b := w.As(dispatcher)
	wants(t, b.Get("/account"), "/account", "密码不对", "登录了（密码、手机验证码）", "没用过的设备", "127.0.0.0/24")
	wants(t, b.Get("/desk/notices"), "/desk/notices", "一台没用过的设备")
	b.Lang = "en"
	wants(t, b.Get("/account"), "/account", "wrong password", "Signed in (password, code app)", "a new device")
	if text := w.As("zhouhui").Get("/account").Text(); strings.Contains(text, "密码不对") {
		t.Error("somebody else sees it")
	}
}

// GB/T 22239 8.1.4.2a
func TestWhoeverHoldsNoPostIsOut(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	h, err := w.Guard.Hash(t.Context(), "gone", "plum rain over bridges")
	if err != nil {
		t.Fatal(err)
	}
	write(t, w, func(ctx context.Context, tx *db.Tx) error {
		_, err := access.AddAccount(ctx, tx, w.House.District, "gone", "p-gone", h, access.By{})
		return err
	})
	got := password(w.Browser(), "gone", "plum rain over bridges", "")
	if got.Status != http.StatusForbidden {
		t.Errorf("got %d", got.Status)
	}
	wants(t, got, "/sign-in", "没有岗位")
}

// Nothing but the demo shows a code.
//
// ASVS 6.3.4
func TestOnlyTheDemoShowsCodes(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	if got := password(b, dispatcher, app.DemoPassword, ""); strings.Contains(got.Text(), "演示") {
		t.Errorf("a house that is no demo: %.300s", got.Text())
	}
	w.House.Demo = []page.Login{{Login: dispatcher}}
	got := b.Get("/sign-in/second")
	code := apptest.Text(byID(t, got, "demo-code"))
	if filled, _ := got.Field("code"); filled != code || len(code) != 6 {
		t.Errorf("shows %q and fills in %q", code, filled)
	}
	wants(t, b.Post("/sign-in/second", url.Values{"code": {code}}), "/desk")
}

// ASVS 6.3.2, 13.2.3
// GB/T 22239 8.1.4.2b
func TestAHouseWithoutAccountsSaysHowToMakeOne(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	if text := w.Browser().Get("/sign-in").Text(); strings.Contains(text, "account invite") {
		t.Errorf("there are accounts: %.300s", text)
	}
	write(t, w, func(ctx context.Context, tx *db.Tx) error { return tx.Exec(ctx, "delete from accounts") })
	wants(t, w.Browser().Get("/sign-in"), "/sign-in", "linli account invite")
}

package app_test

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/channel/push"
	"linli/internal/db"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/org"
	"linli/internal/web/ui/uitest"
)

// mailbag is a carrier that keeps letters.
type mailbag struct {
	mu  sync.Mutex
	all []channel.Letter
}

func (k *mailbag) Carry(_ context.Context, l channel.Letter) (channel.Receipt, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, l)
	return channel.Receipt{State: channel.Sent}, nil
}

// to is the one letter that went to a browser.
func (k *mailbag) to(t *testing.T, endpoint string) channel.Letter {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.all, func(l channel.Letter) bool { return strings.Contains(l.Address, endpoint) })
	if i < 0 {
		t.Fatalf("nothing went to %s; there are %d letters", endpoint, len(k.all))
	}
	return k.all[i]
}

// TestBrowserIsTold presses the buttons for notifications in a real browser, for
// a resident on the page of a case and for a grid worker in the field, and sees on
// the screen what linli sends them. No service of a browser's maker can be reached
// here: the subscription, which such a service makes, is made by the test, and the
// message that it would bring is handed to the browser.
func TestBrowserIsTold(t *testing.T) {
	t.Parallel()
	browser, out := uitest.Start(t), &mailbag{}
	tn := newOpenTown(t, browser, glance{lang.ZH, 390}, func(c *app.Config) { c.Carriers[channel.Push] = out })
	r, err := tn.Desk.Receive(t.Context(), tn.District(), intake.Sending{Channel: intake.Portal, Matter: "c01002", Text: "井盖碎了，赵丽看见的", Area: "990101001001001", Address: "桂香路 12 号"})
	if err != nil {
		t.Fatal(err)
	}
	here := tn.byNumber(r.Case.Number)
	resident := tn.resident()
	resident.visit("/track")
	resident.Fill("编号", here.Number)
	resident.Fill("取件码", r.Word)
	resident.Follow("查进度")
	atHome := resident.subscribes("有进展通知这台设备", "resident")
	resident.look("track-push")

	worker := tn.staff(tn.walkerOf(here))
	worker.visit("/field/me")
	inField := worker.subscribes("通知这台设备", "worker")
	worker.Reads("提醒", "去掉")
	worker.look("field-me-push")
	elsewhere := tn.staff(tn.walkerElsewhere(here.Place.Grid))
	elsewhere.visit("/field/me")
	elsewhere.subscribes("通知这台设备", "elsewhere")

	tn.reminds(here) // whoever walks there reads it; the other has the same unit, or not, and does not see the case
	tn.Due()         // and the sender is told that the report has arrived
	if n := len(out.all); n != 2 {
		t.Errorf("%d browsers were told, want the resident's and that of the worker of the grid", n)
	}
	for _, one := range []struct {
		by             *uitest.Postman
		to             string
		title, body    string
		link, mentions string
	}{
		{atHome, "resident", "您反映的事，编号 " + here.Number, "收到", "https://linli.example.cn/track/" + here.Number, here.Number},
		{inField, "worker", "邻里：工作提醒", "新任务", "https://linli.example.cn/field", here.Number},
	} {
		text, err := json.Marshal(push.ShownOf(out.to(t, one.to)))
		if err != nil {
			t.Fatal(err)
		}
		got := one.by.Bring(string(text))
		if got.Title != one.title || !strings.Contains(got.Body, one.body) || !strings.Contains(got.Body, one.mentions) || got.Link != one.link || got.Lang != "zh-CN" {
			t.Errorf("%s sees %+v", one.to, got)
		}
		if strings.Contains(got.Body, "赵丽") {
			t.Errorf("%s: the screen shows what was written: %q", one.to, got.Body)
		}
	}
	if got := atHome.Bring("no JSON"); got.Title != "邻里" {
		t.Errorf("what cannot be read is shown as %+v; a browser that is woken has to show something", got)
	}
	worker.Follow("去掉")
	worker.Reads("去掉了")
}

// reminds has the units of all grid workers told of a case.
func (tn *town) reminds(c casework.Case) {
	tn.t.Helper()
	d, ctx := tn.District(), tn.t.Context()
	err := tn.DB.Write(ctx, func(tx *db.Tx) error {
		told := map[org.UnitID]bool{}
		for _, p := range d.Org.Held(tx.Now, d.Calendar.Zone()) {
			if p.Role != org.GridWorker || told[p.Unit] {
				continue
			}
			told[p.Unit] = true
			n := notice.Notice{District: d.Code, Case: string(c.ID), To: notice.Unit(string(p.Unit)), Template: notice.NewTask, Facts: notice.FactsOf(d, c)}
			if _, err := tn.Notices.Queue(ctx, tx, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tn.t.Fatal(err)
	}
}

// walkerElsewhere is a grid worker who does not see to a grid.
func (tn *town) walkerElsewhere(grid string) string {
	tn.t.Helper()
	d := tn.District()
	for _, p := range d.Org.People() {
		posts := d.Org.PostsOf(p.ID, d.Day)
		walks := slices.ContainsFunc(posts, func(post org.Post) bool { return post.Role == org.GridWorker })
		if walks && !slices.ContainsFunc(posts, func(post org.Post) bool { return strings.HasPrefix(grid, post.Area) }) {
			return p.Login
		}
	}
	tn.t.Fatal("nobody walks another grid")
	return ""
}

// subscribes presses the button for notifications, which asks the browser and its
// maker's service, and then sends the form with a subscription as that makes one.
func (p *person) subscribes(button, name string) *uitest.Postman {
	t := p.town.t
	t.Helper()
	post := p.Postman()
	const form = `document.querySelector('form[data-push]')`
	p.Until(form + ` && !` + form + `.hidden`)
	p.Press(button)
	p.Until(form + `.querySelector('[role=status]').textContent === ` + form + `.dataset.failed`)
	for _, said := range p.Complaints() { // whoever browses in private has no service either
		if !strings.Contains(said, "Push API in incognito mode") {
			t.Errorf("%s: the browser complains: %s", p.Address(), said)
		}
	}
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	sub, err := json.Marshal(fmt.Sprintf(`{"endpoint":"https://push.example.com/%s","keys":{"p256dh":"%s","auth":"%s"}}`, name, enc(key.PublicKey().Bytes()), enc(make([]byte, 16))))
	if err != nil {
		t.Fatal(err)
	}
	uitest.Ask[bool](p.Window, `(`+form+`.elements.subscription.value = `+string(sub)+`, true)`)
	p.Follow(button)
	p.Reads("记下了")
	return post
}

package uitest

import (
	"context"
	"net/url"
	"sync"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"
)

// Postman brings push messages to a window without the service of a browser's
// maker, which no test can reach: the browser hands them to the page's worker as
// it hands over what its maker brings.
type Postman struct {
	w  *Window
	mu sync.Mutex
	at map[string]serviceworker.RegistrationID // by scope
}

// Postman allows the site of the open page to notify, and waits for its workers.
func (w *Window) Postman() *Postman {
	w.t.Helper()
	p := &Postman{w: w, at: map[string]serviceworker.RegistrationID{}}
	if err := chromedp.Listen(w.ctx, p.hear); err != nil {
		w.t.Fatal(err)
	}
	site := w.site()
	w.do(chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		c := chromedp.FromContext(ctx)
		_, err := cdp.Call(ctx, c.Browser, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: "notifications"}, Setting: browser.PermissionSettingGranted, Origin: site, BrowserContextID: c.BrowserContextID,
		})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, page, serviceworker.Enable, cdp.Empty{})
		return err
	}))
	return p
}

func (w *Window) site() string {
	w.t.Helper()
	at, err := url.Parse(w.Address())
	if err != nil {
		w.t.Fatal(err)
	}
	return at.Scheme + "://" + at.Host
}

func (p *Postman) hear(ev any) {
	updated, ok := ev.(*serviceworker.EventWorkerRegistrationUpdated)
	if !ok {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range updated.Registrations {
		if !r.IsDeleted {
			p.at[r.ScopeURL] = r.RegistrationID
		}
	}
}

// worker is the registration of the site's worker, waited for.
func (p *Postman) worker() (id serviceworker.RegistrationID) {
	p.w.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		p.mu.Lock()
		for _, one := range p.at {
			id = one
		}
		p.mu.Unlock()
		if id != "" {
			return id
		}
	}
	p.w.t.Fatalf("%s has no worker", p.w.Address())
	return ""
}

// Notification is what stands on the screen.
type Notification struct{ Title, Body, Lang, Tag, Link string }

// Bring hands the worker a message and gives the notification that it shows,
// which is put away.
func (p *Postman) Bring(data string) Notification {
	p.w.t.Helper()
	id, site := p.worker(), p.w.site()
	p.w.do(chromedp.Func(func(ctx context.Context, page *chromedp.Target) error {
		_, err := cdp.Call(ctx, page, serviceworker.DeliverPushMessage, serviceworker.DeliverPushMessageParams{Origin: site, RegistrationID: id, Data: data})
		return err
	}))
	ctx, cancel := context.WithTimeout(p.w.ctx, patience)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[Notification](`new Promise((done) => {
		const look = async () => {
			const [r] = await navigator.serviceWorker.getRegistrations();
			const [n] = r ? await r.getNotifications() : [];
			if (!n) return setTimeout(look, 20);
			n.close();
			done({ Title: n.title, Body: n.body, Lang: n.lang, Tag: n.tag, Link: n.data });
		};
		look();
	})`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.w.t.Fatalf("%s shows no notification: %v", p.w.Address(), err)
	}
	return got
}

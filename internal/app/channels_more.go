package app

import (
	"context"

	"linli/internal/channel"
	"linli/internal/channel/push"
	"linli/internal/channel/sms"
	"linli/internal/channel/wechat"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/inbox"
	"linli/internal/job"
	"linli/internal/outbound"
	"linli/internal/web/page"
)

// smsSet are the settings of text messages: one of the two ways.
type smsSet struct {
	Gateway *sms.Settings `yaml:"gateway"`
	SMPP    *sms.SMPP     `yaml:"smpp"`
}

// pushSet are the settings of notifications in browsers.
type pushSet struct {
	Contact string `yaml:"contact"` // a mailbox or page of ours, for the makers of browsers
}

// lines are the channels that also hear, once connected; nil is not.
type lines struct {
	gateway *sms.Gateway
	smsc    *sms.SMSC
	wechat  *wechat.Account
	push    *push.Sender
}

// connectLines makes the carriers of text messages, WeChat and notifications.
func (a *App) connectLines(c channels, carriers map[channel.Name]channel.Carrier) (err error) {
	defer errs.Wrap(&err, "app.connectLines")
	if c.SMS != nil && c.SMS.Gateway != nil && c.SMS.SMPP != nil {
		return errs.New(errs.Invalid, "短信只能接一家：gateway 或 smpp。", "Text messages go one way: gateway or smpp.")
	}
	if c.SMS != nil && c.SMS.Gateway != nil {
		if a.lines.gateway, err = sms.New(*c.SMS.Gateway, a.Outbound, a.DB.Now); err != nil {
			return err
		}
		carriers[channel.SMS] = a.lines.gateway
	}
	if c.SMS != nil && c.SMS.SMPP != nil {
		if a.lines.smsc, err = sms.NewSMSC(*c.SMS.SMPP, outbound.Dialer(outbound.Config{Allow: a.cfg.Outside}), a.DB.Now, a.Log); err != nil {
			return err
		}
		carriers[channel.SMS] = a.lines.smsc
	}
	if c.WeChat != nil {
		if a.lines.wechat, err = wechat.New(*c.WeChat, a.Outbound, a.DB.Now); err != nil {
			return err
		}
		carriers[channel.WeChat] = a.lines.wechat
	}
	if c.Push != nil {
		contact := c.Push.Contact
		if contact == "" {
			contact = c.Site
		}
		if a.lines.push, err = push.New(a.Vault.Derive("web push"), contact, a.Outbound, a.DB.Now); err != nil {
			return err
		}
		carriers[channel.Push] = a.lines.push
	}
	return nil
}

// openLines gives a house what its doors need of the channels.
func (a *App) openLines(h *page.House) {
	h.Inbox, h.Gateway, h.WeChat, h.Push = a.Inbox, a.lines.gateway, a.lines.wechat, a.lines.push
}

// prepareLines adds the jobs of the channels that hear.
func (a *App) prepareLines() {
	a.Jobs.Outside(inbox.PartsJob, func(ctx context.Context, _ db.Reader, j job.Job) (job.Handler, error) {
		d, err := a.picture(ctx, j.District)
		if err != nil {
			return nil, err
		}
		return a.Inbox.PrepareParts(ctx, d, j)
	})
	if a.lines.wechat == nil {
		return // what waits is left for a copy that is connected
	}
	report := a.Inbox.PrepareWeChat(a.lines.wechat)
	a.Jobs.Outside(inbox.WeChatJob, func(ctx context.Context, r db.Reader, j job.Job) (job.Handler, error) {
		d, err := a.picture(ctx, j.District)
		if err != nil {
			return nil, err
		}
		return report(ctx, r, d, j)
	})
}

// hearTexts keeps the bind to the message centre until ctx ends.
func (a *App) hearTexts(ctx context.Context, code string) error {
	a.lines.smsc.Run(ctx, func(ctx context.Context, h sms.Heard) error {
		d, err := a.Districts.Get(ctx, code)
		if err != nil {
			return err
		}
		return a.Inbox.Hear(ctx, d, h)
	})
	return nil
}

package page

import (
	"strings"

	"linli/internal/channel"
	"linli/internal/channel/push"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/notice"
)

// PushKey is what a browser subscribes with; empty where browsers are not told.
func (v *View) PushKey() string {
	if v.House.Push == nil || v.House.Notices == nil || !v.House.Notices.Has(channel.Push) {
		return ""
	}
	return v.House.Push.PublicKey()
}

// PushScript is what the pages with the button for it load.
func (v *View) PushScript() []string {
	path := v.R.URL.Path
	if v.PushKey() == "" || !strings.HasPrefix(path, "/me/ways") && !strings.HasPrefix(path, "/track/") && path != "/field/me" {
		return nil
	}
	return []string{"push.js"}
}

// Subscribe keeps the reader's browser as a way to be told, by what it sent in
// the field subscription.
func (v *View) Subscribe(of notice.Holder) error {
	if v.PushKey() == "" {
		return errs.New(errs.NotFound, "这里还不能发浏览器通知。", "Browsers are not told here yet.")
	}
	if err := v.Form(); err != nil {
		return err
	}
	address, err := push.Parse(v.R.PostForm.Get("subscription"))
	if err != nil {
		return err
	}
	shown := agent(v.R.UserAgent())
	return v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := v.House.Notices.Choose(v.Context(), tx, v.District.Code,
			notice.Choice{Holder: of, Channel: channel.Push, Address: address, Shown: shown, Lang: v.Lang, Known: true})
		return err
	})
}

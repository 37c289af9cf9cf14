// Package wechat speaks with the platform of WeChat official accounts: it reads
// what followers send ([Account.Hear]), answers them at once ([Account.Reply]),
// tells them later by template message ([Account.Carry]) and fetches pictures
// they sent ([Account.Picture]).
//
// Whoever calls must have signed with the account's token; in safe mode, which a
// configured key turns on, the message itself is encrypted and signed, and one
// that is not is refused. The plain mode's signature does not cover the message,
// so it is for trying out.
//
// The key to the platform's interface is asked for as a stable one: several
// copies of the program are given the same and do not end each other's.
//
// There is no account of the platform to test with: the tests talk to a stand-in
// written from the platform's public documentation (package standin), which says
// so. It knows no district and no case, and keeps nothing.
package wechat

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"linli/internal/errs"
)

// Settings are one official account.
type Settings struct {
	AppID  string `yaml:"app-id"`
	Secret string `yaml:"secret"`
	Token  string `yaml:"token"`   // that the platform signs its calls with
	AESKey string `yaml:"aes-key"` // 43 characters; empty is plain mode
	API    string `yaml:"api"`     // empty is https://api.weixin.qq.com
	// Templates are the account's templates by linli's wording. A wording without
	// one is told as a plain message, which the platform lets through for two
	// days after somebody wrote.
	Templates map[string]Template `yaml:"templates"`
}

// Template is a template of the account and what its places are filled with:
// {number}, {title}, {due} and the other facts, or {text} for the whole.
type Template struct {
	ID   string            `yaml:"id"`
	Data map[string]string `yaml:"data"`
}

// Account is an official account. It may be used by many goroutines.
type Account struct {
	set    Settings
	key    []byte // nil in plain mode
	client *http.Client
	now    func() time.Time

	mu    sync.Mutex
	token string
	until time.Time
}

// New makes an account of its settings.
func New(s Settings, client *http.Client, now func() time.Time) (_ *Account, err error) {
	defer errs.Wrap(&err, "wechat.New")
	a := &Account{set: s, client: client, now: now}
	var all []error
	for at, text := range map[string]string{"app-id": s.AppID, "secret": s.Secret, "token": s.Token} {
		if text == "" {
			all = append(all, errs.New(errs.Invalid, "公众号的 %s 没有写。", "The account's %s is not said.", at).At(at))
		}
	}
	if s.AESKey != "" {
		if a.key, err = base64.StdEncoding.DecodeString(s.AESKey + "="); err != nil || len(a.key) != keySize {
			all = append(all, errs.New(errs.Invalid, "aes-key 是 43 个字符，从公众号后台抄。", "The aes-key has 43 characters; copy it from the account's page.").At("aes-key"))
		}
	}
	if a.set.API == "" {
		a.set.API = "https://api.weixin.qq.com"
	}
	a.set.API = strings.TrimSuffix(a.set.API, "/")
	if u, err := url.Parse(a.set.API); err != nil || u.Host == "" {
		all = append(all, errs.New(errs.Invalid, "接口的地址不对。", "The interface's address is wrong.").At("api"))
	}
	for name, t := range s.Templates {
		if t.ID == "" || len(t.Data) == 0 {
			all = append(all, errs.New(errs.Invalid, "模板 %s 要写 id 和 data。", "Template %s needs id and data.", name).At("templates."+name))
		}
	}
	return a, errors.Join(all...)
}

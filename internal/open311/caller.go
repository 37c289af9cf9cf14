package open311

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// admit reads a posted form, counts the call, and checks the key where one is
// shown. A key stands in api_key, of the address or of the form.
func (d *door) admit(w http.ResponseWriter, c *call) error {
	limits, from := d.house.Limits, page.Network(c.r.RemoteAddr)
	if _, err := limits.Take(page.LimitOpen311, from, c.Now); err != nil {
		return err
	}
	if c.r.Method == http.MethodPost {
		if err := c.form(w); err != nil {
			return err
		}
	}
	text := strings.TrimSpace(c.value("api_key"))
	if text == "" {
		if c.r.Method == http.MethodPost {
			return errs.New(errs.Forbidden, "请带上密钥 api_key。", "Please send a key in api_key.").At("api_key")
		}
		return nil
	}
	return d.identify(c, text, from)
}

// identify finds whose key it is. Wrong ones are counted by where they come from.
func (d *door) identify(c *call, text, from string) error {
	limits := d.house.Limits
	if _, err := limits.Take(page.LimitKeys, from, c.Now); err != nil {
		return err
	}
	key, err := d.keys.Check(c.r.Context(), d.house.DB, text, c.Now)
	wrong := errs.New(errs.Forbidden, "密钥不对或已到期。", "The key is not right or has expired.").At("api_key")
	switch {
	case errs.KindOf(err) == errs.SignIn, err == nil && key.District != d.house.District:
		return wrong
	case err != nil:
		return err
	}
	limits.Return(page.LimitKeys, from, c.Now)
	limits.Return(page.LimitOpen311, from, c.Now) // a key has a limit of its own
	sum := sha256.Sum256([]byte(text))
	if _, err := limits.Take(page.LimitKey, hex.EncodeToString(sum[:16]), c.Now); err != nil {
		return err
	}
	if !key.Can(rights.ReportReceive) {
		return errs.New(errs.Forbidden, "这个密钥没有“%[1]s”的权限。", "This key does not have the right “%[2]s”.", rights.ReportReceive.Title().ZH, rights.ReportReceive.Title().EN).At("api_key")
	}
	c.Key = key
	return nil
}

// value is a parameter, of the form or of the address.
func (c *call) value(name string) string {
	if v := c.r.PostForm.Get(name); v != "" {
		return v
	}
	return c.q.Get(name)
}

// prefix keeps the references of one system apart from those of others. It is
// the name of the system and not its key, so that a new key goes on with them;
// what was fetched from a peer begins otherwise.
func (c *call) prefix() string {
	if c.Key.ID == "" {
		return ""
	}
	name := []rune("key:" + strings.ReplaceAll(c.Key.Name, "/", "_"))
	return string(name[:min(len(name), 40)]) + "/"
}

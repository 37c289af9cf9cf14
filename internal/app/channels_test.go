package app

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/channel/mail"
	"linli/internal/errs"
)

func TestChannelsFile(t *testing.T) {
	t.Setenv("LINLI_TEST_SMTP", "a: b # c")
	whole := "site: https://linli.example.cn/\nmail:\n  address: shi@linli.example.cn\n  name: {zh: 邻里, en: Linli}\n  out: {host: mail.example.cn, tls: tls, user: u, password: $LINLI_TEST_SMTP}\n  in: {host: imap.example.cn, user: u, password: x, every: 2m}\n"
	for _, row := range []struct {
		why, text string
		bad       bool
	}{
		{"all of it", whole, false},
		{"nothing", "", false},
		{"a setting that is not known", whole + "fax: {}\n", true},
		{"an environment that is not there", strings.Replace(whole, "$LINLI_TEST_SMTP", "$LINLI_TEST_NONE", 1), true},
		{"no YAML", "mail: [", true},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ChannelsFile), []byte(row.text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := readChannels("", dir)
		if (errs.KindOf(err) == errs.Invalid) != row.bad {
			t.Errorf("%s: %v", row.why, err)
		}
		if row.text == whole && (c.Site != "https://linli.example.cn" || c.Mail.Out.Password != "a: b # c" || c.Mail.In.Host != "imap.example.cn" || c.Mail.In.Every.Minutes() != 2 || c.Mail.Out.TLS != mail.TLS) {
			t.Errorf("%s: got %+v %+v", row.why, c, c.Mail)
		}
	}
	if c, err := readChannels("", t.TempDir()); err != nil || c.Mail != nil {
		t.Errorf("no file: %+v, %v", c, err)
	}
	if _, err := readChannels("nowhere.yaml", t.TempDir()); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a file that was named and is not there: %v", err)
	}
}

// A mail server inside the house is called only where its network is allowed.
func TestMailServersInsideAreNotCalled(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a := &App{}
	if c, err := a.dial(t.Context(), "tcp", l.Addr().String()); err == nil {
		t.Errorf("it was called: %v", c.Close())
	}
}

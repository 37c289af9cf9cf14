package app_test

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"linli/internal/app"
	"linli/internal/inbox"
)

// Mail is handed in over STARTTLS where there is a certificate: that of the
// pages, or one of its own. Who does not know STARTTLS is heard all the same.
func TestMailInOffersTLS(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why, own, want string // the file that the settings name, and whose certificate is shown; none: no TLS
		pages          bool
	}{
		{"that of the pages", "", "linli.example", true},
		{"one of its own", "mx", "mx.linli.example", true},
		{"one of its own, pages behind a proxy", "mx", "mx.linli.example", false},
		{"none", "", "", false},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			dir, root := t.TempDir(), newIssuer(t)
			at := func(name string) string { return filepath.Join(dir, name) }
			root.write(at("pages.crt"), at("pages.key"), 2, "linli.example")
			root.write(at("mx.crt"), at("mx.key"), 3, "mx.linli.example")
			settings := "mail:\n  address: shi@linli.example\n"
			if test.own != "" {
				settings += fmt.Sprintf("  receive: {cert: %q, key: %q}\n", at(test.own+".crt"), at(test.own+".key"))
			}
			if err := os.WriteFile(at("channels.yaml"), []byte(settings), 0o600); err != nil {
				t.Fatal(err)
			}
			in, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			cfg := app.Config{Channels: at("channels.yaml"), MailIn: in}
			if test.pages {
				cfg.TLS = app.TLS{Cert: at("pages.crt"), Key: at("pages.key")}
			}
			house := serving(t, cfg)
			handIn(t, root, in.Addr().String(), test.want)
			if test.want != "" {
				handIn(t, root, in.Addr().String(), "")
			}
			came, err := inbox.Arrivals(t.Context(), house.app.DB, "990101", "mail", house.app.DB.Now().AddDate(0, 0, -1), house.app.DB.Now().AddDate(0, 0, 1), 10)
			if want := map[bool]int{true: 2, false: 1}[test.want != ""]; err != nil || len(came) != want {
				t.Errorf("%d letters were taken in, want %d: %v", len(came), want, err)
			}
		})
	}
}

// handIn hands a mail in as a mail server does, over TLS with whom it wants to
// reach, or, where that is empty, in clear.
func handIn(t *testing.T, root *issuer, address, name string) {
	t.Helper()
	c, err := smtp.Dial(address)
	if name != "" {
		c, err = smtp.DialStartTLS(address, &tls.Config{RootCAs: root.pool, ServerName: name, MinVersion: tls.VersionTLS12})
	}
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	mail := "From: wang@example.cn\r\nMessage-ID: <" + name + "x@example.cn>\r\nSubject: lamp\r\n\r\nThe lamp is dark.\r\n"
	if err := c.SendMail("wang@example.cn", []string{"shi@linli.example"}, strings.NewReader(mail)); err != nil {
		t.Error(err)
	}
	if state, over := c.TLSConnectionState(); over != (name != "") || over && state.Version < tls.VersionTLS12 {
		t.Errorf("over TLS: %t, %x", over, state.Version)
	}
}

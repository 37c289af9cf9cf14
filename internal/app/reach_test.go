package app_test

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/hook"
	"linli/internal/sample"
)

// closedPort is an address at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// installed is an installation with everything that can be tried: others live at
// an address, or are gone from it.
func installed(t *testing.T, address, relay string) app.Config {
	t.Helper()
	cfg := app.Config{
		Database: "sqlite:" + filepath.Join(t.TempDir(), "linli.db"), Files: t.TempDir(), District: sample.DistrictCode, Log: slog.New(slog.DiscardHandler),
		Password: access.Config{Cost: access.Cost{MemoryKiB: 64, Passes: 1}}, OIDC: access.OIDC{Issuer: "http://" + address}, Outside: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}
	if err := app.Seed(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Config{Database: cfg.Database, Files: cfg.Files, District: cfg.District, Log: cfg.Log})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	sealed := a.Vault.Seal(sample.DistrictCode, hook.URLField, "http://"+address+"/in?key=unseen")
	err = a.DB.Write(t.Context(), func(tx *db.Tx) error {
		const add = `insert into hooks (district, id, name, host, former_until, kinds, area, unit, state, place, failures, rests, created, url, secret, former)
			values ($1, $2, '应急局', 'x', 0, '', '', '', 'on', 0, 0, 0, 0, $3, '', '')`
		return errors.Join(
			tx.Exec(t.Context(), add, sample.DistrictCode, "h1", sealed), tx.Exec(t.Context(), add, sample.DistrictCode, "h2", sealed),
			tx.Exec(t.Context(), `insert into peers (district, id, name, address, jurisdiction, api_key, format, services, area, minutes, fetches, unit, beyond, words, runs, made_at, fetched_to, round_at, came, went, why)
				values ($1, 'p1', '隔壁区', $2, '', '', 'json', '{}', '', 5, true, '', false, false, true, 0, 0, 0, 0, 0, '')`, sample.DistrictCode, "http://"+address+"/open311/v2"),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	settings := "site: https://linli.example.cn\nmail:\n  address: a@linli.example.cn\n  out: {" + relay + "}\n  in: {host: 127.98.7.6, user: u, password: p}\n" +
		"sms:\n  gateway: {url: \"http://" + address + "/send\", body: \"{}\"}\n" +
		"wechat: {app-id: wx1, secret: s, token: t, api: \"http://" + address + "\"}\npush: {contact: \"mailto:a@linli.example.cn\"}\n"
	if err := os.WriteFile(filepath.Join(cfg.Files, app.ChannelsFile), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// greeter is a mail server that greets, knows no TLS, and to which nobody may say
// more.
func greeter(t *testing.T) (settings string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("220 mail\r\n"))
			in := bufio.NewScanner(c)
			for in.Scan() {
				switch verb, _, _ := strings.Cut(in.Text(), " "); verb {
				case "QUIT":
					_, _ = c.Write([]byte("221 bye\r\n"))
				case "STARTTLS":
					_, _ = c.Write([]byte("502 no\r\n"))
				case "AUTH", "MAIL", "RCPT", "DATA":
					t.Errorf("the mail server was sent %q", in.Text())
				default:
					_, _ = c.Write([]byte("250 mail\r\n"))
				}
			}
			_ = c.Close()
		}
	}()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return "host: 127.0.0.1, port: " + port
}

// TestReach tries everything that an installation talks to, there and gone.
func TestReach(t *testing.T) {
	t.Parallel()
	var url string
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			_, _ = w.Write([]byte(`{"issuer":"` + url + `","authorization_endpoint":"` + url + `/a","token_endpoint":"` + url + `/t","jwks_uri":"` + url + `/k"}`))
		case "/cgi-bin/stable_token":
			_, _ = w.Write([]byte(`{"access_token":"k","expires_in":7200}`))
		default:
			t.Errorf("%s %s was sent", r.Method, r.URL)
		}
	}))
	defer there.Close()
	url = there.URL
	names := []string{"channel mail in", "channel mail out", "channel push", "channel sms", "channel wechat", "hook 应急局 (h1)", "hook 应急局 (h2)", "peer 隔壁区 (p1)", "sign-in"}
	mail := greeter(t)
	for _, row := range []struct {
		why, address string
		relay        string
		change       func(*app.Config)
		fail         []string
	}{
		{"all of them answer, but nobody keeps mailboxes there", there.Listener.Addr().String(), mail + ", tls: none", func(*app.Config) {}, []string{"channel mail in"}},
		{"a mail server without the TLS that the service asks for", there.Listener.Addr().String(), mail, func(*app.Config) {}, []string{"channel mail in", "channel mail out"}},
		{"one that does not speak TLS from the start", there.Listener.Addr().String(), mail + ", tls: tls", func(*app.Config) {}, []string{"channel mail in", "channel mail out"}},
		{"nobody listens, and a mail server without a port has its usual one", closedPort(t), "host: 127.98.7.6", func(*app.Config) {}, slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "channel push" })},
		{"addresses inside are not called unless allowed", there.Listener.Addr().String(), mail + ", tls: none", func(c *app.Config) { c.Outside = nil },
			[]string{"channel mail in", "channel mail out", "channel sms", "channel wechat", "hook 应急局 (h1)", "hook 应急局 (h2)", "peer 隔壁区 (p1)"}},
	} {
		cfg := installed(t, row.address, row.relay)
		row.change(&cfg)
		reach, err := app.Reach(t.Context(), cfg)
		if err != nil {
			t.Fatal(row.why, err)
		}
		if got := slices.Sorted(maps.Keys(reach)); !slices.Equal(got, names) {
			t.Errorf("%s: %q can be tried, want %q", row.why, got, names)
		}
		var failed []string
		for _, name := range names {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			err := reach[name](ctx)
			cancel()
			if err != nil {
				failed = append(failed, name)
				if text, ok := errs.TextOf(err); ok && (text.ZH == "" || text.EN == "") {
					t.Errorf("%s: %v lacks a language", name, err)
				}
			}
		}
		if diff := cmp.Diff(row.fail, failed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.why, diff)
		}
	}
	if reach, err := app.Reach(t.Context(), app.Config{Files: t.TempDir(), Database: "sqlite:none"}); err != nil || len(reach) != 0 {
		t.Errorf("where nothing is set up: %d, %v", len(reach), err)
	}
}

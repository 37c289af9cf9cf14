package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/errs"
)

// serving is what the flags of serve say.
type serving struct {
	listen, plain         string
	acme, proxies, strong string
	secretFile, roots     string
	outside, mailIn       string
	metrics, log          string
	cfg                   app.Config
}

// flags declares them all.
func (s *serving) flags(f *flag.FlagSet) {
	f.StringVar(&s.listen, "listen", "127.0.0.1:8080", "address to listen on")
	f.StringVar(&s.cfg.Database, "database", "sqlite:linli.db", "sqlite:PATH or postgres://…")
	f.StringVar(&s.cfg.Files, "files", "files", "folder of pictures and of the key file")
	f.StringVar(&s.cfg.District, "district", "", "code of the district to serve; the first of the database unless named")
	f.BoolVar(&s.cfg.Secure, "secure", false, "readers come over TLS, ended by a proxy before this program: cookies over TLS only, HSTS")
	f.StringVar(&s.cfg.TLS.Cert, "tls-cert", "", "certificate in PEM, with those that vouch for it; read again when it changes")
	f.StringVar(&s.cfg.TLS.Key, "tls-key", "", "its private key in PEM")
	f.StringVar(&s.acme, "acme", "", "names, with commas between, to get certificates for by ACME; you agree to the terms of the directory")
	f.StringVar(&s.cfg.TLS.Cache, "acme-cache", "", "folder to keep those certificates in; needed with --acme")
	f.StringVar(&s.cfg.TLS.Directory, "acme-directory", "", "address of the ACME directory; Let's Encrypt's unless named")
	f.StringVar(&s.cfg.TLS.Roots, "acme-roots", "", "certificates in PEM that vouch for the directory, in a closed network")
	f.StringVar(&s.plain, "redirect", "", "address to listen on without TLS, such as :80: it answers ACME and leads everything else to TLS")
	f.StringVar(&s.proxies, "proxy", "", "networks of proxies before this program, such as 10.0.0.0/24, with commas between: their X-Forwarded-For is believed")
	f.StringVar(&s.cfg.Channels, "channels", "", "file of the settings of e-mail, text messages and other channels; channels.yaml in the folder of files unless named")
	f.StringVar(&s.mailIn, "mail-in", "", "address to listen on for mail that the district's mail server hands in over SMTP, such as 127.0.0.1:2525; nowhere unless named")
	f.StringVar(&s.outside, "allow-outside", "", "private networks or addresses that may be called, with commas between: gateways, mail servers and receivers of webhooks in the same house; all others must be public")
	f.StringVar(&s.cfg.OIDC.Issuer, "oidc-issuer", "", "address of an OpenID provider at which staff may sign in, too")
	f.StringVar(&s.cfg.OIDC.Client, "oidc-client", "", "what it knows this program by")
	f.StringVar(&s.cfg.OIDC.Secret, "oidc-secret", "", "and what this program shows it; better in LINLI_OIDC_SECRET or in a file, since others on the machine can read flags")
	f.StringVar(&s.secretFile, "oidc-secret-file", "", "file that holds it")
	f.StringVar(&s.cfg.OIDC.Name.ZH, "oidc-name", "", "what its button is called, in Chinese")
	f.StringVar(&s.cfg.OIDC.Name.EN, "oidc-name-en", "", "and in English")
	f.StringVar(&s.cfg.OIDC.Claim, "oidc-claim", "", "claim whose value is the login of an account that is there, such as preferred_username; without it people bind their account themselves")
	f.StringVar(&s.strong, "oidc-strong", "", "values of amr or acr, with commas between, that stand for a second factor asked for there")
	f.StringVar(&s.roots, "oidc-roots", "", "certificates in PEM that vouch for it, in a closed network")
	f.StringVar(&s.cfg.LogAddress, "log-address", "", "where others read the public log of the trail, without https:// and the district, such as linli.example.cn/trail; it names the log, so choose it once")
	f.StringVar(&s.metrics, "metrics", "", "address to serve metrics for Prometheus on, such as 127.0.0.1:9464: not one that others reach; nowhere unless named")
	f.StringVar(&s.cfg.OTLP, "otlp", os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), "address to send OpenTelemetry traces to over HTTP, such as http://127.0.0.1:4318; nowhere unless named")
	f.DurationVar(&s.cfg.Drain, "drain", drainOf(os.Stderr), "how long to go on answering after being told to end, while /readyz answers 503, such as 5s: longer than the proxy before this program takes to look twice; not at all unless named where its log goes to a terminal, so that Ctrl-C ends it at once")
	f.StringVar(&s.log, "log", "text", "how the log is written: text or json")
	f.BoolVar(&s.cfg.Requests, "requests", true, "note every request in the log, without personal data")
}

// usualDrain is long enough for a proxy that looks every two seconds.
const usualDrain = 5 * time.Second

// drainOf is how long the program goes on after it was told to end, unless that is
// said: where its log goes to a terminal a person waits for the prompt, and else a
// proxy has to see that it is not ready any more.
func drainOf(log *os.File) time.Duration {
	about, err := log.Stat()
	null, bad := os.Stat(os.DevNull)
	if err == nil && about.Mode()&os.ModeCharDevice != 0 && (bad != nil || !os.SameFile(about, null)) {
		return 0
	}
	return usualDrain
}

// config reads what a flag holds more than a word of.
func (s *serving) config() (app.Config, error) {
	s.cfg.TLS.Hosts, s.cfg.OIDC.Strong = list(s.acme), list(s.strong)
	var err error
	if s.cfg.Proxies, err = networks("--proxy", s.proxies); err != nil {
		return s.cfg, err
	}
	if s.cfg.Outside, err = networks("--allow-outside", s.outside); err != nil {
		return s.cfg, err
	}
	if s.secretFile != "" {
		data, err := os.ReadFile(s.secretFile)
		if err != nil {
			return s.cfg, err
		}
		s.cfg.OIDC.Secret = strings.TrimSpace(string(data))
	}
	if s.roots != "" {
		if s.cfg.OIDC.HTTP, err = app.Trusting(s.roots); err != nil {
			return s.cfg, err
		}
	}
	return s.cfg, nil
}

// list reads words with commas between.
func list(s string) (all []string) {
	for word := range strings.SplitSeq(s, ",") {
		if word = strings.TrimSpace(word); word != "" {
			all = append(all, word)
		}
	}
	return all
}

// networks reads what a flag names with commas between.
func networks(flag, text string) (all []netip.Prefix, err error) {
	for _, one := range list(text) {
		p, err := network(one)
		if err != nil {
			return nil, errs.New(errs.Invalid, "%[1]s 认不出：%[2]s。例如 10.0.0.0/24。", "%[1]s cannot be read: %[2]s. It is written as 10.0.0.0/24.", flag, one).Because(err)
		}
		all = append(all, p)
	}
	return all, nil
}

// network reads a network, or one address as a network of its own.
func network(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Prefix(a.BitLen())
	}
	return netip.ParsePrefix(s)
}

func serve(ctx context.Context, args []string, out io.Writer) error {
	f, s := flags("serve", out), &serving{}
	s.flags(f)
	if err := parse(f, args); err != nil {
		return err
	}
	cfg, err := s.config()
	if err != nil {
		return err
	}
	if s.mailIn != "" {
		if cfg.MailIn, err = net.Listen("tcp", s.mailIn); err != nil {
			return err
		}
		defer cfg.MailIn.Close()
	}
	if cfg.Log, err = logTo(os.Stderr, s.log); err != nil {
		return err
	}
	slog.SetDefault(cfg.Log)
	if s.metrics != "" {
		if cfg.Metrics, err = net.Listen("tcp", s.metrics); err != nil {
			return err
		}
		defer cfg.Metrics.Close()
	}
	a, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	h, err := a.House(ctx)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	var plain net.Listener
	if s.plain != "" {
		if plain, err = net.Listen("tcp", s.plain); err != nil {
			return err
		}
		defer plain.Close()
	}
	scheme := "http"
	if cfg.TLS.On() {
		scheme = "https"
	}
	fmt.Fprintf(out, "linli: %s://%s\n", scheme, listener.Addr())
	if some, err := access.Any(ctx, a.DB, h.District); err != nil {
		return err
	} else if !some {
		fmt.Fprintf(out, "还没有账号：用 linli account invite 登录名 --district %[1]s 给第一位管理员一个链接 · nobody has an account yet: linli account invite LOGIN --district %[1]s gives the first administrator a link\n", h.District)
	}
	if scheme == "http" && !cfg.Secure && loopback(s.listen) != nil {
		slog.Warn("pages are sent without TLS: give --tls-cert and --tls-key or --acme, or --secure behind a proxy that speaks TLS")
	}
	return a.ServeWith(ctx, listener, plain, h)
}

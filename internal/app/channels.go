package app

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"linli/internal/channel"
	"linli/internal/channel/mail"
	"linli/internal/channel/wechat"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/inbox"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/outbound"
	"linli/internal/resident"
)

// ChannelsFile is the name of the settings of channels in the folder of files.
const ChannelsFile = "channels.yaml"

// channels are those settings. A value that begins with $ is that of the
// environment variable of the name, so that passwords may stay out of the file.
type channels struct {
	Site   string           `yaml:"site"` // https://…: where residents read on
	Mail   *mailSet         `yaml:"mail"`
	SMS    *smsSet          `yaml:"sms"`
	WeChat *wechat.Settings `yaml:"wechat"`
	Push   *pushSet         `yaml:"push"`
}

// mailSet are the settings of e-mail.
type mailSet struct {
	Address string    `yaml:"address"` // ours: letters come from it, and to it
	Name    lang.Text `yaml:"name"`
	Out     *server   `yaml:"out"`
	In      *struct {
		server `yaml:",inline"`
		Folder string        `yaml:"folder"`
		Every  time.Duration `yaml:"every"`
	} `yaml:"in"`
	Receive *struct { // how --mail-in speaks TLS; without it by the certificate of the pages
		Cert string `yaml:"cert"`
		Key  string `yaml:"key"`
	} `yaml:"receive"`
}

// server is a mail server.
type server struct {
	Host     string        `yaml:"host"`
	Port     int           `yaml:"port"`
	TLS      mail.Security `yaml:"tls"`
	User     string        `yaml:"user"`
	Password string        `yaml:"password"`
}

// often is how often a mailbox is looked into, unless the settings say.
const often = time.Minute

// readChannels reads the settings; a file that is not there, where none was
// named, is no channel at all. What is wrong is errs.Invalid.
func readChannels(path, files string) (c channels, err error) {
	defer errs.Wrap(&err, "app.readChannels(%s)", path)
	named := path != ""
	if !named {
		path = filepath.Join(files, ChannelsFile)
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) && !named {
		return c, nil
	}
	if err != nil {
		return c, errs.New(errs.Invalid, "读不了渠道设置 %s。", "The settings of channels, %s, cannot be read.", path).Because(err)
	}
	var tree yaml.Node
	if err := yaml.Unmarshal(data, &tree); err != nil {
		return c, errs.New(errs.Invalid, "%s 不是 YAML。", "%s is not YAML.", filepath.Base(path)).Because(err)
	}
	if err := fromEnvironment(&tree); err != nil {
		return c, err
	}
	plain, err := yaml.Marshal(&tree)
	if err != nil {
		return c, err
	}
	dec := yaml.NewDecoder(strings.NewReader(string(plain)))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return c, errs.New(errs.Invalid, "%[1]s 里有不认识的设置，见 docs/channels.md。", "%[1]s has a setting that is not known; see docs/channels.md.", filepath.Base(path)).Because(err)
	}
	c.Site = strings.TrimSuffix(c.Site, "/")
	return c, nil
}

// fromEnvironment puts the values of the environment in place of $NAMES.
func fromEnvironment(n *yaml.Node) error {
	if name, ok := strings.CutPrefix(n.Value, "$"); ok && n.Kind == yaml.ScalarNode {
		value, set := os.LookupEnv(name)
		if !set {
			return errs.New(errs.Invalid, "渠道设置要的环境变量 %s 没有设。", "The settings of channels name the environment variable %s, which is not set.", name)
		}
		n.SetString(value)
	}
	for _, under := range n.Content {
		if err := fromEnvironment(under); err != nil {
			return err
		}
	}
	return nil
}

// connect makes the carriers of the settings.
func (a *App) connect(c channels) (carriers map[channel.Name]channel.Carrier, err error) {
	carriers = map[channel.Name]channel.Carrier{}
	if m := c.Mail; m != nil && m.Out != nil {
		out := mail.Out{Host: m.Out.Host, Port: m.Out.Port, Security: m.Out.TLS, User: m.Out.User, Password: m.Out.Password, From: m.Address, Name: m.Name}
		if m.In != nil || a.cfg.MailIn != nil {
			out.Box = m.Address
		}
		if carriers[channel.Mail], err = mail.NewRelay(out, a.dial); err != nil {
			return nil, err
		}
	}
	if err := a.connectLines(c, carriers); err != nil {
		return nil, err
	}
	for name, carrier := range a.cfg.Carriers {
		carriers[name] = carrier
	}
	return carriers, nil
}

// dial connects to what is not HTTP, within what may be called.
func (a *App) dial(ctx context.Context, network, address string) (net.Conn, error) {
	return outbound.Dialer(outbound.Config{Allow: a.cfg.Outside}).DialContext(ctx, network, address)
}

// openChannels reads the settings and connects what tells people and what hears
// from them.
func (a *App) openChannels() error {
	c, err := readChannels(a.cfg.Channels, a.cfg.Files)
	if err != nil {
		return err
	}
	carriers, err := a.connect(c)
	if err != nil {
		return err
	}
	a.channels = c
	a.Notices = a.Notices.Connected(notice.Out{Carriers: carriers, Vault: a.Vault, Site: c.Site,
		Owner: func(ctx context.Context, r db.Reader, district, index string, at time.Time) (string, error) {
			id, err := resident.HeldBy(ctx, r, district, index, at)
			return string(id), err
		}, Reads: a.reads})
	a.Inbox = &inbox.Box{Desk: a.Desk, Notices: a.Notices, Documents: a.Documents, Mailbox: a.mailbox()}
	a.Residents.Carrier, a.Residents.Kept = carriers[channel.SMS], keepCode
	return nil
}

// keepCode records that a code to sign in was sent.
func keepCode(ctx context.Context, tx *db.Tx, district string, phone ident.Phone, r channel.Receipt) error {
	return notice.Keep(ctx, tx, district, notice.SignInCode, channel.SMS, phone.Mask(), r)
}

// mailbox is the address that mail comes to; empty where none does.
func (a *App) mailbox() string {
	if m := a.channels.Mail; m != nil && (m.In != nil || a.cfg.MailIn != nil) {
		return m.Address
	}
	return ""
}

// fetchJob looks into the mailbox; mailKey names it among outside jobs.
const (
	fetchJob = "mail-fetch"
	mailKey  = "imap"
)

// fetch is the outside job that looks into the mailbox and asks for the next
// look. A mailbox that does not answer is asked again later, for ever: somebody
// may write to it.
func (a *App) fetch(ctx context.Context, _ db.Reader, j job.Job) (job.Handler, error) {
	in := a.channels.Mail.In
	every := in.Every
	if every < time.Second {
		every = often
	}
	again := func(after time.Duration) job.Handler {
		return func(ctx context.Context, tx *db.Tx, _ job.Job) error {
			return job.Add(ctx, tx, j.District, fetchJob, mailKey, struct{}{}, tx.Now.Add(after))
		}
	}
	d, err := a.picture(ctx, j.District)
	if err != nil {
		return nil, err
	}
	box := mail.Mailbox{Host: in.Host, Port: in.Port, Security: in.TLS, User: in.User, Password: in.Password, Folder: in.Folder, Dial: a.dial}
	_, err = box.Fetch(ctx, func(ctx context.Context, raw []byte) error { return a.takeMail(ctx, d, raw, mail.Envelope{From: "?"}) })
	if err != nil {
		a.Log.Warn("the mailbox could not be read, will be tried again", "error", err)
		return again(5 * every), nil
	}
	return again(every), nil
}

// takeMail takes in one mail. An empty return path says that no answer is
// wanted.
func (a *App) takeMail(ctx context.Context, d *district.District, raw []byte, e mail.Envelope) error {
	r, err := mail.Read(raw)
	if err != nil {
		return err
	}
	if e.From == "" && r.Auto == "" {
		r.Auto = "Return-Path"
	}
	for _, to := range e.To {
		if _, tag := mail.Untag(to); tag != "" {
			r.Tags = append(r.Tags, tag)
		}
	}
	_, err = a.Inbox.Take(ctx, d, inbox.FromMail(d, r))
	return err
}

// receiveMail takes mail over SMTP until ctx ends, with STARTTLS by secure; nil is
// without.
func (a *App) receiveMail(ctx context.Context, l net.Listener, code string, secure *tls.Config) error {
	ours := strings.ToLower(a.mailbox())
	_, domain, _ := strings.Cut(ours, "@")
	r := &mail.Receiver{Domain: domain, Knows: func(address string) bool { return ours != "" && address == ours }, TLS: secure, Log: a.Log,
		Take: func(ctx context.Context, e mail.Envelope) error {
			d, err := a.Districts.Get(ctx, code)
			if err != nil {
				return err
			}
			return a.takeMail(ctx, d, e.Raw, e)
		}}
	return r.Serve(ctx, l)
}

// kept is the carrier of the demo: what would have gone out is recorded, and
// that it did not.
type kept struct{}

func (kept) Carry(_ context.Context, l channel.Letter) (channel.Receipt, error) {
	return channel.Receipt{Ref: l.ID, State: channel.Sent, Why: "演示：只记下，没有真的发出 · demo: recorded, not sent"}, nil
}

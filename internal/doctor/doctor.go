// Package doctor looks an installation over and tells whoever runs it what is
// wrong and what to do about it, in words for a person. It changes nothing: the
// database is opened for reading alone, so it may be asked of one that serves,
// and of one that a newer program has not brought up to date yet.
//
// A finding names places, settings, kinds of jobs and logins, never residents.
// It owns no tables.
package doctor

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
)

// Severity says how much a finding matters.
type Severity string

// The severities, the gravest first.
const (
	Broken  Severity = "broken"  // does not work, or loses something
	Warning Severity = "warning" // will not work for long, or is not safe
	Note    Severity = "note"    // worth knowing
	Fine    Severity = "fine"    // was looked at
)

var severities = []Severity{Broken, Warning, Note, Fine}

// Finding is what one look found.
type Finding struct {
	Check    string    `json:"check"`
	Severity Severity  `json:"severity"`
	What     lang.Text `json:"what"`
	Do       lang.Text `json:"do,omitzero"`
}

// Place is the installation, as the flags of linli serve name it.
type Place struct {
	Database string
	Files    string   // folder of files
	KeyFile  string   // its path
	Certs    []string // certificates in PEM
	Backups  string   // folder of backups; empty: not known
	Now      func() time.Time
	// Free tells how many bytes are left where a path lies, and of how many;
	// nil asks the system.
	Free func(path string) (left, all uint64, err error)
	// Reach tries what the installation talks to, by names: "channel" and which,
	// "hook" or "peer" and what people call it, "sign-in".
	Reach map[string]func(context.Context) error
}

// reachTime bounds every look at something outside.
const reachTime = 10 * time.Second

// Examine looks at everything and lists what it found, the gravest first. It has
// no error of its own: what cannot be looked at is a finding.
func Examine(ctx context.Context, p Place) []Finding {
	if p.Free == nil {
		p.Free = free
	}
	x := &examination{Place: p, now: p.Now()}
	x.folder()
	x.space()
	x.keys()
	x.certificates()
	x.backups()
	x.database(ctx)
	x.reach(ctx)
	slices.SortStableFunc(x.found, func(a, b Finding) int {
		return cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity))
	})
	return x.found
}

// Worst is the gravest severity of findings.
func Worst(all []Finding) Severity {
	worst := Fine
	for _, f := range all {
		if slices.Index(severities, f.Severity) < slices.Index(severities, worst) {
			worst = f.Severity
		}
	}
	return worst
}

// examination is one look at a place.
type examination struct {
	Place
	now   time.Time
	found []Finding
}

func (x *examination) tell(check string, s Severity, what, do lang.Text) {
	x.found = append(x.found, Finding{check, s, what, do})
}

func (x *examination) fine(check string, what lang.Text) { x.tell(check, Fine, what, lang.Text{}) }

// failed tells that something could not be looked at. The error's own words for
// people are shown where it has some, and else the error.
func (x *examination) failed(check string, err error, do lang.Text) {
	what := lang.T("看不了：%s", "cannot be looked at: %s", err.Error())
	if said, ok := errs.TextOf(err); ok {
		what = said
	}
	x.tell(check, Broken, what, do)
}

// away says what to do where something cannot be reached, by the first word of
// its name.
var away = map[string]lang.Text{
	"channel": {ZH: "看 channels.yaml 里的地址和密码、防火墙、--allow-outside。发不出的消息会自动再试。", EN: "Look at its address and password in channels.yaml, at the firewall and at --allow-outside. What could not be sent is tried again by itself."},
	"hook":    {ZH: "问对方的系统在不在；地址换了，在管理页的“推送”里改。没送到的会自动再试，放弃了的在那里再送。", EN: "Ask whether the other system runs; where its address is another now, change it under Webhooks in the administration. What did not arrive is tried again by itself, and what was given up is sent again there."},
	"peer":    {ZH: "问对方的 Open311 接口在不在；地址和密钥在管理页的“Open311 对接”里。下一轮会再来。", EN: "Ask whether the other Open311 server runs; address and key are under Open311 servers in the administration. The next round tries again."},
	"sign-in": {ZH: "看 --oidc-issuer、--oidc-roots 和防火墙。这段时间大家可以用登录名和密码登录。", EN: "Look at --oidc-issuer, --oidc-roots and the firewall. Meanwhile people can sign in with login and password."},
}

// called are the words for what can be tried: those that have one of their own,
// and those that people named.
var (
	called = map[string]lang.Text{
		"channel mail out": {ZH: "渠道“邮件，发”", EN: "The channel “mail, going out”"},
		"channel mail in":  {ZH: "渠道“邮件，收”", EN: "The channel “mail, coming in”"},
		"channel sms":      {ZH: "渠道“短信”", EN: "The channel “text messages”"},
		"channel wechat":   {ZH: "渠道“微信”", EN: "The channel “WeChat”"},
		"channel push":     {ZH: "渠道“浏览器通知”", EN: "The channel “browser notifications”"},
		"sign-in":          {ZH: "统一登录", EN: "The sign-in provider"},
	}
	kinds = map[string]lang.Text{
		"channel": {ZH: "渠道“%s”", EN: "The channel “%s”"},
		"hook":    {ZH: "推送“%s”", EN: "The webhook “%s”"},
		"peer":    {ZH: "Open311 对接“%s”", EN: "The Open311 server “%s”"},
	}
)

// callOf is what people call one that can be tried.
func callOf(name string) lang.Text {
	if t, ok := called[name]; ok {
		return t
	}
	kind, of, _ := strings.Cut(name, " ")
	if t, ok := kinds[kind]; ok {
		return lang.T(t.ZH, t.EN, of)
	}
	return lang.Text{ZH: name, EN: name}
}

// reach tries what the installation talks to.
func (x *examination) reach(ctx context.Context) {
	for _, name := range slices.Sorted(maps.Keys(x.Reach)) {
		bounded, cancel := context.WithTimeout(ctx, reachTime)
		err := x.Reach[name](bounded)
		cancel()
		it := callOf(name)
		if err != nil {
			why := lang.Text{ZH: err.Error(), EN: err.Error()}
			if said, ok := errs.TextOf(err); ok {
				why = lang.Text{ZH: strings.TrimSuffix(said.ZH, "。"), EN: strings.TrimSuffix(said.EN, ".")}
			}
			kind, _, _ := strings.Cut(name, " ")
			x.tell(name, Warning, lang.T("%[1]s连不上：%[2]s。", "%[3]s cannot be reached: %[4]s.", it.ZH, why.ZH, it.EN, why.EN), away[kind])
			continue
		}
		x.fine(name, lang.T("%[1]s连得上。", "%[2]s can be reached.", it.ZH, it.EN))
	}
}

// open opens the database for reading.
func (x *examination) open(ctx context.Context) (*db.ReadOnly, error) {
	bounded, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	r, err := db.OpenToRead(bounded, x.Database)
	if err != nil {
		return nil, err
	}
	if _, err := db.Value[int](bounded, r, "select 1"); err != nil {
		_ = r.Close() // it did not answer
		return nil, err
	}
	return r, nil
}

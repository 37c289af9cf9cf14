package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/netip"
	"net/smtp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/channel/mail"
	"linli/internal/channel/wechat/standin"
	"linli/internal/geo"
)

// lines are what lies around a district whose story has a channels.yaml: the
// residents' mail server, an operator's gateway, and what stands in for WeChat.
// In the file MAIL-PORT, GATEWAY and PLATFORM are where they are.
type lines struct {
	mu       sync.Mutex
	mails    []mail.Envelope // at the residents' mail server
	texts    []sentText      // at the gateway
	inbox    net.Listener    // where the district's own mail server hands mail in
	mailbox  bool            // whether it does
	platform *standin.Platform
	said     []string // what the account answered at once
	next     int      // of mails, texts and what followers say
}

type sentText struct{ To, Text string }

// loopback is where the servers of a story are.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// laid starts what the story in dir has around it and gives the settings that
// lead there.
func laid(tb testing.TB, dir string) (l *lines, set func(*app.Config)) {
	tb.Helper()
	l = &lines{}
	data, err := os.ReadFile(filepath.Join(dir, app.ChannelsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return l, func(c *app.Config) { c.Outside = loopback }
	}
	if err != nil {
		tb.Fatal(err)
	}
	residents := listens(tb)
	l.inbox = listens(tb)
	l.platform = standin.New()
	gateway := httptest.NewServer(http.HandlerFunc(l.takeText))
	tb.Cleanup(l.platform.Close)
	tb.Cleanup(gateway.Close)
	runs(tb, func(ctx context.Context) error {
		knows := func(address string) bool { return strings.HasSuffix(address, "@example.cn") }
		return (&mail.Receiver{Domain: "example.cn", Knows: knows, Take: l.takeMail, Log: slog.New(slog.DiscardHandler)}).Serve(ctx, residents)
	})
	text := strings.NewReplacer("MAIL-PORT", numberOf(residents), "GATEWAY", gateway.URL, "PLATFORM", l.platform.URL).Replace(string(data))
	file := filepath.Join(tb.TempDir(), app.ChannelsFile)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return l, func(c *app.Config) {
		c.Outside, c.Channels = loopback, file
		if strings.Contains(text, "mail:") {
			c.MailIn, l.mailbox = l.inbox, true
		}
	}
}

func listens(tb testing.TB) net.Listener {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func numberOf(l net.Listener) string { return strconv.Itoa(l.Addr().(*net.TCPAddr).Port) }

// hearMail has the district take mail in where it has a mailbox.
func (s *story) hearMail(tb testing.TB) {
	if s.lines.mailbox {
		runs(tb, func(ctx context.Context) error { return s.ReceiveMail(ctx, s.lines.inbox, s.code()) })
	}
}

// runs has something go on until the story is told.
func runs(tb testing.TB, do func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- do(ctx) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Error(err)
		}
	})
}

func (l *lines) takeMail(_ context.Context, e mail.Envelope) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mails = append(l.mails, e)
	return nil
}

func (l *lines) takeText(w http.ResponseWriter, r *http.Request) {
	var t sentText
	if err := json.NewDecoder(r.Body).Decode(&t); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.texts = append(l.texts, t)
	fmt.Fprintf(w, `{"code":"0","id":"r%d"}`, len(l.texts))
}

// mails is: mail from ADDRESS as A: subject='…' text='…' answers photo. One that
// answers is sent to where the last letter to ADDRESS asked for answers. A is a
// case that the mail made, or is added to.
func mails(s *story, w words) error {
	from, l := w.word(1), s.lines
	to, thread := "shi@linli.example.cn", ""
	if w.has("answers") {
		last, err := l.lastMail(from)
		if err != nil {
			return err
		}
		reply, err := netmail.ParseAddress(last.Header.Get("Reply-To"))
		if err != nil {
			return fmt.Errorf("the letter asks for no answer: %w", err)
		}
		to, thread = reply.Address, "In-Reply-To: "+last.Header.Get("Message-Id")+"\r\n"
	}
	header := w.named["header"]
	if header != "" {
		header += "\r\n"
	}
	l.next++
	raw := fmt.Sprintf("From: <%s>\r\nTo: <%s>\r\nMessage-ID: <m%d@example.cn>\r\n%sSubject: %s\r\nContent-Type: text/plain; charset=utf-8\r\n%s\r\n%s\r\n",
		from, to, l.next, thread, w.named["subject"], header, w.named["text"])
	if err := smtp.SendMail(l.inbox.Addr().String(), nil, from, []string{to}, []byte(raw)); err != nil {
		return err
	}
	return s.came("mail", w)
}

// lastMail is the last letter to a mailbox.
func (l *lines) lastMail(address string) (*netmail.Message, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range slices.Backward(l.mails) {
		if slices.Contains(e.To, address) {
			return netmail.ReadMessage(bytes.NewReader(e.Raw))
		}
	}
	return nil, fmt.Errorf("no letter came to %s", address)
}

// texts is: text from PHONE as A: '…', handed in by the gateway.
func texts(s *story, w words) error {
	s.lines.next++
	body, err := json.Marshal(map[string]any{"texts": []map[string]string{{"id": strconv.Itoa(s.lines.next), "from": w.word(1), "text": w.named["text"]}}})
	if err != nil {
		return err
	}
	if _, err := s.sends(http.MethodPost, s.URL+"/in/sms/gateway-0123456789abcdef", "application/json", string(body)); err != nil {
		return err
	}
	return s.came("sms", w)
}

// follower is: follower F as A: text='…' | at=… address='…'
func follower(s *story, w words) error {
	l, now := s.lines, s.now()
	l.next++
	id, from := strconv.Itoa(l.next), "oStandin_"+w.word(0)
	message := standin.Text(from, id, w.named["text"], now)
	if at := w.named["at"]; at != "" {
		p, err := place(s.District(), at)
		if err != nil {
			return err
		}
		p = geo.Convert(p, geo.CGCS2000, geo.GCJ02) // as phones give it
		message = standin.Location(from, id, p.Lat, p.Lon, w.named["address"], now)
	}
	q, body := standin.Call(now, message)
	answer, err := s.sends(http.MethodPost, s.URL+"/in/wechat?"+q.Encode(), "text/xml", body)
	if err != nil {
		return err
	}
	l.said = append(l.said, standin.Answered(answer))
	return s.came("wechat", w)
}

// came names the newest case of a channel, where the line does.
func (s *story) came(channel string, w words) error {
	s.Due()
	at := slices.Index(w.plain, "as")
	if at < 0 {
		return nil
	}
	p, err := casework.List(context.Background(), s.DB, s.District(), casework.Filter{Channel: channel, Newest: true}, s.now(), "", 1)
	if err != nil {
		return err
	}
	if len(p.Rows) == 0 {
		return fmt.Errorf("no case came by %s", channel)
	}
	s.cases[w.word(at+1)] = p.Rows[0].ID
	return nil
}

// sends sends what a program outside sends, and gives the answer.
func (s *story) sends(method, to, kind, body string) (string, error) {
	r, err := http.NewRequestWithContext(context.Background(), method, to, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", kind)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer got.Body.Close()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(got.Body); err != nil {
		return "", err
	}
	if got.StatusCode != http.StatusOK {
		return "", fmt.Errorf("answered %d %s", got.StatusCode, answer.String())
	}
	return answer.String(), nil
}

// letter ADDRESS | PHONE | FOLLOWER holds 'regexp' times=1: what went out to them.
func letter(s *story, w words) error {
	want, err := regexp.Compile(w.word(2))
	if err != nil {
		return err
	}
	said, err := s.lines.to(w.word(0))
	if err != nil {
		return err
	}
	n := 0
	for _, one := range said {
		if want.MatchString(one) {
			n++
		}
	}
	times, err := w.number("times")
	if err != nil {
		return err
	}
	if n == 0 || times > 0 && n != times {
		return no("%d letters hold %s:\n%s", n, want, strings.Join(said, "\n---\n"))
	}
	return nil
}

// to are the words of everything that went to somebody.
func (l *lines) to(address string) (said []string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.mails {
		r, err := mail.Read(e.Raw)
		if err != nil {
			return nil, err
		}
		if slices.Contains(e.To, address) {
			said = append(said, r.Subject+"\n"+r.Text)
		}
	}
	for _, t := range l.texts {
		if t.To == address {
			said = append(said, t.Text)
		}
	}
	if l.platform == nil {
		return said, nil
	}
	sent, _ := l.platform.All()
	for _, one := range sent {
		if one.Body["touser"] == "oStandin_"+address {
			said = append(said, fmt.Sprint(one.Body))
		}
	}
	return append(said, l.said...), nil
}

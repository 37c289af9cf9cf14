package sms

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fiorix/go-smpp/smpp/pdu"
	"github.com/fiorix/go-smpp/smpp/pdu/pdufield"
	"github.com/fiorix/go-smpp/smpp/smpptest"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"linli/internal/channel"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/outbound"
)

// centre is a message centre of another hand: what we send is read by its
// library, what it sends is read by ours.
type centre struct {
	*smpptest.Server
	mu     sync.Mutex
	taken  []pdu.Body
	conn   smpptest.Conn
	status uint32
	heard  chan pdu.Body // what is neither a text nor a sign of life
}

func newCentre(t *testing.T) *centre {
	t.Helper()
	c := &centre{Server: smpptest.NewUnstartedServer(), heard: make(chan pdu.Body, 16)}
	c.Handler = func(conn smpptest.Conn, m pdu.Body) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.conn = conn
		switch m.Header().ID {
		case pdu.SubmitSMID:
			c.taken = append(c.taken, m)
			resp := pdu.NewSubmitSMResp()
			resp.Header().Seq = m.Header().Seq
			resp.Header().Status = pdu.Status(c.status)
			_ = resp.Fields().Set(pdufield.MessageID, "1A"+string(rune('0'+len(c.taken))))
			_ = conn.Write(resp)
		case pdu.EnquireLinkID:
			_ = conn.Write(pdu.NewEnquireLinkRespSeq(m.Header().Seq))
		default:
			c.heard <- m
		}
	}
	c.Start()
	t.Cleanup(c.Close)
	return c
}

// bound is a bind to the centre that runs until the test ends.
func (c *centre) bound(t *testing.T, set SMPP, hear func(context.Context, Heard) error) *SMSC {
	t.Helper()
	set.Address, set.SystemID, set.Password = c.Addr(), smpptest.DefaultUser, smpptest.DefaultPasswd
	s := smsc(t, set)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); s.Run(ctx, hear) }()
	t.Cleanup(func() { cancel(); <-done })
	return s
}

func smsc(t *testing.T, set SMPP) *SMSC {
	t.Helper()
	s, err := NewSMSC(set, outbound.Dialer(outbound.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}), clock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.rebind, s.bindTime, s.answerTime = 10*time.Millisecond, time.Second, 2*time.Second
	return s
}

// carry tries until the bind stands.
func carry(t *testing.T, s *SMSC, l channel.Letter) channel.Receipt {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); ; {
		r, err := s.Carry(t.Context(), l)
		if err == nil {
			return r
		}
		if !errors.Is(err, errs.Busy) || time.Now().After(end) {
			t.Fatal(err)
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-t.Context().Done():
		}
	}
}

func deaf(context.Context, Heard) error { return nil }

func TestSMPPCarry(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	s := c.bound(t, SMPP{From: "10690001", Prefix: "86", Hex: true, Signed: "【桂香】"}, deaf)
	l := letter()
	l.Text = lang.T(strings.Repeat("路灯不亮𠮷", 20), "")
	r := carry(t, s, l)
	if want := (channel.Receipt{State: channel.Sent, Ref: "418", Parts: []string{"417", "418"}}); !cmp.Equal(r, want) {
		t.Errorf("got %+v, want %+v: the ids of the parts, in decimal", r, want)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.taken) != 2 {
		t.Fatalf("the centre took %d parts, want 2", len(c.taken))
	}
	whole := ""
	for i, m := range c.taken {
		f := m.Fields()
		body, ok := f[pdufield.ShortMessage].Raw().([]byte)
		if !ok {
			t.Fatal("no message")
		}
		// The library tells header and text apart where the class says there is one.
		if f[pdufield.GSMUserData] != nil {
			head := f[pdufield.GSMUserData].Bytes()
			if want := []byte{0, 3, s.series, 2, byte(i + 1)}; !cmp.Equal(head, want) {
				t.Errorf("part %d has header %v, want %v", i, head, want)
			}
		}
		text, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder().Bytes(body)
		if err != nil {
			t.Error(err)
		}
		whole += string(text)
		if got := f[pdufield.DestinationAddr].String(); got != "8613800001234" {
			t.Errorf("it went to %s", got)
		}
		if got, want := f[pdufield.RegisteredDelivery].Raw(), uint8(1); got != want {
			t.Errorf("part %d asks for a report: %v, want %v", i, got, want)
		}
		if got := f[pdufield.DataCoding].Raw(); got != uint8(8) {
			t.Errorf("the coding is %v, want 8", got)
		}
	}
	if want := "【桂香】" + l.Words(); !strings.HasSuffix(whole, want[len(want)-60:]) || !strings.Contains(whole, "【桂香】") {
		t.Errorf("the parts are not the text: %q", whole)
	}
}

func TestSMPPVerdicts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why    string
		status uint32
		want   channel.Receipt
		again  bool
	}{
		{"throttled goes later", 0x58, channel.Receipt{}, true},
		{"a full queue goes later", 0x14, channel.Receipt{}, true},
		{"a number that is none is gone", 0x0b, channel.Receipt{State: channel.Failed, Why: "smpp 0xb", Gone: true}, false},
		{"refused has failed", 0x45, channel.Receipt{State: channel.Failed, Why: "smpp 0x45"}, false},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			c := newCentre(t)
			s := c.bound(t, SMPP{}, deaf)
			carry(t, s, letter())
			c.mu.Lock()
			c.status = test.status
			c.mu.Unlock()
			got, err := s.Carry(t.Context(), letter())
			if (err != nil) != test.again || !cmp.Equal(got, test.want) {
				t.Errorf("got %+v, %v; want %+v, again: %t", got, err, test.want, test.again)
			}
		})
	}
}

// What is heard is acknowledged once it is stored, and sent again until then.
func TestSMPPHears(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	got := make(chan Heard, 16)
	refuse := true
	s := c.bound(t, SMPP{}, func(_ context.Context, h Heard) error {
		if refuse {
			refuse = false
			return errors.New("the disk is full")
		}
		got <- h
		return nil
	})
	carry(t, s, letter())
	c.mu.Lock()
	conn := c.conn
	c.mu.Unlock()
	report := deliver(4, 0, "", "id:417 sub:001 dlvrd:001 submit date:2611220000 done date:2611220001 stat:DELIVRD err:000 text:")
	for _, want := range []pdu.Status{0x64, 0} { // refused, then sent again and taken
		if err := conn.Write(report); err != nil {
			t.Fatal(err)
		}
		if m := next(t, c.heard); m.Header().Status != want {
			t.Errorf("the centre was answered %#x, want %#x", uint32(m.Header().Status), uint32(want))
		}
	}
	if diff := cmp.Diff(Heard{Reports: []Report{{Ref: "417", State: channel.Delivered}}}, next(t, got)); diff != "" {
		t.Error(diff)
	}
	wide := func(text string) string {
		b, _ := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(text)
		return b
	}
	// A long text whose second part comes first: each part is heard by itself, and
	// kept by whoever hears it.
	for _, m := range []pdu.Body{
		deliver(0x40, 8, "8613800001234", "\x05\x00\x03\x07\x02\x02"+wide("在修鞋铺门口")),
		deliver(0x40, 8, "8613800001234", "\x05\x00\x03\x07\x02\x01"+wide("路灯不亮，")),
		deliver(0x40, 8, "8613800001234", "\x05\x00\x03\x07\x02\x09"+wide("没有这一段")),
		deliver(0, 8, "10086", wide("话费优惠")),
		deliver(0, 15, "13800001235", "\xc2\xfa\xd2\xe2"), // GBK
	} {
		if err := conn.Write(m); err != nil {
			t.Fatal(err)
		}
		next(t, c.heard)
	}
	part := Part{From: "13800001234", To: "10690001", Series: "7", Part: 2, Parts: 2, Text: "在修鞋铺门口"}
	first := part
	first.Part, first.Text = 1, "路灯不亮，"
	for _, want := range []Part{part, first} {
		if diff := cmp.Diff(Heard{Parts: []Part{want}}, next(t, got)); diff != "" {
			t.Error(diff)
		}
	}
	for _, want := range []struct{ from, text string }{{"13800001234", "没有这一段"}, {"13800001235", "满意"}} {
		h := next(t, got)
		if len(h.Came) != 1 || h.Came[0].From != want.from || h.Came[0].Text != want.text || h.Came[0].Ref == "" {
			t.Errorf("got %+v, want %+v", h.Came, want)
		}
	}
}

// raw is a message byte by byte: the other library writes a deliver_sm with a
// byte that the standard does not have.
type raw struct {
	pdu.Body
	bytes []byte
}

func (r raw) SerializeTo(w io.Writer) error {
	_, err := w.Write(r.bytes)
	return err
}

// deliver is a deliver_sm by section 4.6.1 of SMPP 3.4.
func deliver(class, coding uint8, from, text string) pdu.Body {
	body := "\x00\x01\x01" + from + "\x00\x01\x01" + "10690001\x00" + string([]byte{class, 0, 0, 0, 0, 0, 0, coding, 0, byte(len(text))}) + text
	var b []byte
	for _, field := range []uint32{uint32(16 + len(body)), uint32(pdu.DeliverSMID), 0, 7} {
		b = binary.BigEndian.AppendUint32(b, field)
	}
	return raw{bytes: append(b, body...)}
}

// next waits for something, not for ever.
func next[T any](t *testing.T, from chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(5 * time.Second):
		t.Fatal("nothing came")
	}
	return v
}

// The bind comes back after the centre has dropped it.
func TestSMPPBindsAgain(t *testing.T) {
	t.Parallel()
	c := newCentre(t)
	s := c.bound(t, SMPP{}, deaf)
	carry(t, s, letter())
	c.mu.Lock()
	first := c.conn
	c.mu.Unlock()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if r := carry(t, s, letter()); r.State != channel.Sent {
		t.Errorf("got %+v", r)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn == first {
		t.Error("the second text went by the connection that was closed")
	}
}

// A centre that takes the connection and says nothing does not hold the program.
func TestSMPPSilentCentre(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := smsc(t, SMPP{Address: l.Addr().String(), SystemID: "a"})
	s.bindTime = 30 * time.Millisecond
	if bound, err := s.once(t.Context()); bound || err == nil {
		t.Errorf("got %t, %v, want no bind", bound, err)
	}
	if _, err := s.Carry(t.Context(), letter()); !errors.Is(err, errs.Busy) {
		t.Errorf("got %v, want busy", err)
	}
}

func TestReadReceipt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why, text string
		want      Report
		ok        bool
	}{
		{"delivered", "id:1 sub:001 stat:DELIVRD err:000", Report{Ref: "1", State: channel.Delivered}, true},
		{"lower case", "ID:ab stat:delivrd ERR:000", Report{Ref: "ab", State: channel.Delivered}, true},
		{"switched off", "id:1 stat:UNDELIV err:027", Report{Ref: "1", State: channel.Failed, Why: "undeliv 027"}, true},
		{"no such number, as this operator counts", "id:1 stat:UNDELIV err:001", Report{Ref: "1", State: channel.Failed, Why: "undeliv 001", Gone: true}, true},
		{"on its way says nothing", "id:1 stat:ENROUTE err:000", Report{}, false},
		{"no id", "stat:DELIVRD", Report{State: channel.Delivered}, false},
		{"nothing", "", Report{}, false},
	} {
		if got, ok := (SMPP{Gone: []string{"001"}}).readReceipt(test.text, nil); ok != test.ok || ok && got != test.want {
			t.Errorf("%s: got %+v, %t", test.why, got, ok)
		}
	}
}

func FuzzReceipt(f *testing.F) {
	f.Add("id:1 sub:001 dlvrd:001 stat:DELIVRD err:000 text:")
	f.Fuzz(func(t *testing.T, text string) {
		if r, ok := (SMPP{}).readReceipt(text, nil); ok && (r.Ref == "" || r.State == "") {
			t.Fatalf("half a report: %+v", r)
		}
	})
}

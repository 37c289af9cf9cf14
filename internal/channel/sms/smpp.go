package sms

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/linxGnu/gosmpp"
	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"linli/internal/errs"
)

// SMPP are the settings of an operator's message centre.
type SMPP struct {
	Address    string  `yaml:"address"` // host:port
	TLS        bool    `yaml:"tls"`
	SystemID   string  `yaml:"system-id"`
	Password   string  `yaml:"password"`
	SystemType string  `yaml:"system-type"`
	From       string  `yaml:"from"`   // the number that texts come from
	Prefix     string  `yaml:"prefix"` // before a national number, such as 86
	Signed     string  `yaml:"signed"` // put before every text
	PerSecond  float64 `yaml:"per-second"`
	// Hex tells that the centre gives ids in hexadecimal and reports on them in
	// decimal, as some do.
	Hex bool `yaml:"hex"`
	// Gone are the states or errors of a report that mean that there is no such
	// number. Every operator counts its own.
	Gone []string `yaml:"gone"`
}

func (s SMPP) check() error {
	var all []error
	if host, port, err := net.SplitHostPort(s.Address); err != nil || host == "" || port == "" {
		all = append(all, errs.New(errs.Invalid, "短信中心的地址要写成 主机:端口。", "The centre's address is host:port.").At("address"))
	}
	if s.SystemID == "" {
		all = append(all, errs.New(errs.Invalid, "没写短信中心的账号。", "The account at the centre is not said.").At("system-id"))
	}
	return errors.Join(all...)
}

// SMSC is a bind to a message centre, as transceiver: texts go out and come in by
// one connection, which [SMSC.Run] keeps.
type SMSC struct {
	set  SMPP
	dial *net.Dialer
	hear func(context.Context, Heard) error
	now  func() time.Time
	log  *slog.Logger
	pace *pace
	// Timings, which tests shorten.
	bindTime, answerTime, enquire, rebind time.Duration

	mu      sync.Mutex
	session *gosmpp.Session
	waiting map[int32]chan pdu.PDU
	series  byte // tells the parts of one long text from those of another
}

// NewSMSC makes a bind of its settings.
func NewSMSC(s SMPP, dial *net.Dialer, now func() time.Time, log *slog.Logger) (_ *SMSC, err error) {
	defer errs.Wrap(&err, "sms.NewSMSC")
	if err := s.check(); err != nil {
		return nil, err
	}
	return &SMSC{
		set: s, dial: dial, now: now, log: log, pace: newPace(s.PerSecond, now),
		bindTime: 10 * time.Second, answerTime: 15 * time.Second, enquire: 60 * time.Second, rebind: 5 * time.Second,
		waiting: map[int32]chan pdu.PDU{}, series: rand.Text()[0], // differs from the other copy's
	}, nil
}

// rebindMost is the longest pause before another try.
const rebindMost = 5 * time.Minute

// Run binds, and binds again whenever the connection is lost, until ctx ends.
// Hear is told what comes in; the centre is only told that it arrived once hear
// has returned without error.
func (c *SMSC) Run(ctx context.Context, hear func(context.Context, Heard) error) {
	c.hear = hear
	pause := c.rebind
	for ctx.Err() == nil {
		bound, err := c.once(ctx)
		if bound {
			pause = c.rebind
		}
		if err != nil {
			c.log.Warn("smpp", "error", err, "again in", pause)
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
		pause = min(2*pause, rebindMost)
	}
}

// once binds and stays until the connection or ctx ends.
func (c *SMSC) once(ctx context.Context) (bound bool, err error) {
	closed := make(chan struct{})
	var end sync.Once
	stay, cancel := context.WithCancel(ctx)
	defer cancel()
	settings := gosmpp.Settings{
		ReadTimeout: 2*c.enquire + c.bindTime, WriteTimeout: c.bindTime, EnquireLink: c.enquire,
		OnAllPDU: func(p pdu.PDU) (pdu.PDU, bool) { return c.received(stay, p) },
		OnClosed: func(gosmpp.State) { end.Do(func() { close(closed) }) },
	}
	session, err := c.bind(ctx, settings)
	if err != nil {
		return false, err
	}
	c.use(session)
	select {
	case <-closed:
		err = errors.New("the centre has closed the connection")
	case <-ctx.Done():
	}
	c.use(nil)
	return true, errors.Join(err, session.Close())
}

// bind connects. The library waits for the answer without a bound, so the
// connection is closed under it when time is up.
func (c *SMSC) bind(ctx context.Context, settings gosmpp.Settings) (*gosmpp.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, c.bindTime)
	defer cancel()
	stop := func() bool { return true }
	dialer := func(address string) (net.Conn, error) {
		conn, err := c.connect(ctx, address)
		if err == nil {
			stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
		}
		return conn, err
	}
	auth := gosmpp.Auth{SMSC: c.set.Address, SystemID: c.set.SystemID, Password: c.set.Password, SystemType: c.set.SystemType}
	session, err := gosmpp.NewSession(gosmpp.TRXConnector(dialer, auth), settings, 0)
	if err == nil && !stop() {
		err = errors.Join(context.DeadlineExceeded, session.Close())
	}
	return session, err
}

func (c *SMSC) connect(ctx context.Context, address string) (net.Conn, error) {
	if !c.set.TLS {
		return c.dial.DialContext(ctx, "tcp", address)
	}
	secure := tls.Dialer{NetDialer: c.dial, Config: &tls.Config{MinVersion: tls.VersionTLS12}}
	return secure.DialContext(ctx, "tcp", address)
}

// use is the session that is used from now on; whoever waits for an answer from
// the one before waits for nothing.
func (c *SMSC) use(session *gosmpp.Session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session = session
	for seq, ch := range c.waiting {
		delete(c.waiting, seq)
		close(ch)
	}
}

// received answers what the centre sends. It runs in the library's reader, one
// after the other.
func (c *SMSC) received(ctx context.Context, p pdu.PDU) (answer pdu.PDU, unbind bool) {
	switch p := p.(type) {
	case *pdu.SubmitSMResp, *pdu.GenericNack:
		c.answered(p)
		return nil, false
	case *pdu.DeliverSM:
		resp, ok := p.GetResponse().(*pdu.DeliverSMResp)
		if !ok {
			return nil, true
		}
		if err := c.delivered(ctx, p); err != nil {
			c.log.Warn("smpp deliver", "error", err)
			resp.CommandStatus = data.ESME_RX_T_APPN // it is sent again
		}
		return resp, false
	case *pdu.Unbind:
		return p.GetResponse(), true
	}
	if p.CanResponse() {
		return p.GetResponse(), false
	}
	return nil, false
}

func (c *SMSC) answered(p pdu.PDU) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ch, ok := c.waiting[p.GetSequenceNumber()]; ok {
		delete(c.waiting, p.GetSequenceNumber())
		ch <- p // has room for one
	}
}

// national is a number as the centre wants it.
func (s SMPP) national(phone string) string { return s.Prefix + strings.TrimPrefix(phone, "+") }

package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"linli/internal/errs"
)

// fetchMost and fetchTime bound what one look into a mailbox takes.
const (
	fetchMost = 20
	fetchTime = 25 * time.Second
)

// Mailbox is a mailbox that is read over IMAP.
type Mailbox struct {
	Host      string
	Port      int      // zero: 993, 143 with starttls and none
	Security  Security // empty: tls
	User      string
	Password  string
	Folder    string // empty: INBOX
	TLSConfig *tls.Config
	Dial      func(ctx context.Context, network, address string) (net.Conn, error)
}

// Settled is the mailbox with its defaults: tls, and the usual port.
func (m Mailbox) Settled() Mailbox {
	if m.Security == "" {
		m.Security = TLS
	}
	if m.Port == 0 {
		m.Port = map[Security]int{TLS: 993, StartTLS: 143, None: 143}[m.Security]
	}
	return m
}

// Fetch hands each mail that nobody has seen to take, oldest first, and marks it
// as seen once that returns nil; what is errs.Invalid or errs.TooLarge is marked
// too, since it will not become better. Other errors end it, and the mail is
// fetched again next time.
func (m *Mailbox) Fetch(ctx context.Context, take func(ctx context.Context, raw []byte) error) (n int, err error) {
	defer errs.Wrap(&err, "mail.Fetch(%s)", m.Host)
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	c, err := m.open(ctx)
	if err != nil {
		return 0, err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.Close() }) // whoever waits for an answer gets the error
	defer stop()
	defer func() {
		if bye := c.Logout().Wait(); bye != nil && err == nil && n == 0 && ctx.Err() == nil {
			err = bye
		}
		_ = c.Close() // it may be closed already
	}()
	if err := c.Login(m.User, m.Password).Wait(); err != nil {
		return 0, errors.New("the mailbox does not let us in") // what the server says may repeat the name
	}
	folder := m.Folder
	if folder == "" {
		folder = "INBOX"
	}
	if _, err := c.Select(folder, nil).Wait(); err != nil {
		return 0, err
	}
	found, err := c.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen, imap.FlagDeleted}}, nil).Wait()
	if err != nil {
		return 0, err
	}
	uids := found.AllUIDs()
	slices.Sort(uids)
	for _, uid := range uids[:min(len(uids), fetchMost)] {
		if ctx.Err() != nil {
			return n, nil
		}
		if err := m.one(ctx, c, uid, take); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (m *Mailbox) one(ctx context.Context, c *imapclient.Client, uid imap.UID, take func(ctx context.Context, raw []byte) error) error {
	set := imap.UIDSetNum(uid)
	sized, err := c.Fetch(set, &imap.FetchOptions{UID: true, RFC822Size: true}).Collect()
	if err != nil {
		return err
	}
	if len(sized) == 1 && sized[0].RFC822Size <= BytesMost {
		whole := &imap.FetchItemBodySection{Peek: true}
		got, err := c.Fetch(set, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{whole}}).Collect()
		if err != nil {
			return err
		}
		if len(got) == 1 {
			switch err := take(ctx, got[0].FindBodySection(whole)); errs.KindOf(err) {
			case errs.Invalid, errs.TooLarge:
			default:
				if err != nil {
					return err
				}
			}
		}
	}
	return c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close()
}

// open connects, within what may be called.
func (m *Mailbox) open(ctx context.Context) (*imapclient.Client, error) {
	set := m.Settled()
	if set.Security == None && !loopback(m.Host) {
		return nil, errs.New(errs.Invalid, "只有本机的邮箱可以不加密（tls: none）。", "Only a mailbox on this machine may go without encryption (tls: none).")
	}
	dial := m.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: timeout}).DialContext
	}
	conn, err := dial(ctx, "tcp", net.JoinHostPort(m.Host, strconv.Itoa(set.Port)))
	if err != nil {
		return nil, err
	}
	cfg := &tls.Config{ServerName: m.Host, MinVersion: tls.VersionTLS12}
	if m.TLSConfig != nil {
		cfg = m.TLSConfig.Clone()
		cfg.ServerName = m.Host
	}
	switch set.Security {
	case StartTLS:
		return imapclient.NewStartTLS(conn, &imapclient.Options{TLSConfig: cfg})
	case TLS:
		over := tls.Client(conn, cfg)
		if err := over.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return imapclient.New(over, nil), nil
	}
	return imapclient.New(conn, nil), nil
}

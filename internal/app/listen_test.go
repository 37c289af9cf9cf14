package app

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// An address may hold so many connections and no more; another address, and a
// proxy that speaks for everybody, are not kept out by it.
//
// ASVS 1.4.3
func TestConnectionsOfOneAddressAreBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why     string
		proxies []netip.Prefix
		most    int
		want    int // of five dials
	}{
		{"one address has three", nil, 100, 3},
		{"a proxy is everybody", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, 100, 5},
		{"all together have two", nil, 2, 2},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		b := bound(l, c.proxies)
		b.address, b.most = 3, c.most
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }), ReadHeaderTimeout: time.Minute}
		go func() { _ = server.Serve(b) }() // it ends with the listener
		var open []net.Conn
		got := 0
		for range 5 {
			conn, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			open = append(open, conn)
			if answered(conn) {
				got++
			}
		}
		if got != c.want {
			t.Errorf("%s: %d of five connections were served, want %d", c.why, got, c.want)
		}
		_ = open[0].Close()
		deadline := time.Now().Add(5 * time.Second)
		for again := false; !again; {
			conn, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			again = answered(conn)
			_ = conn.Close()
			if time.Now().After(deadline) {
				t.Fatalf("%s: a place that was given up is not given again", c.why)
			}
		}
		for _, conn := range open {
			_ = conn.Close()
		}
		_ = server.Close()
	}
}

func answered(c net.Conn) bool {
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return false
	}
	got, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, got.Body)
	return got.Body.Close() == nil
}

// What a log must not hold is taken out of it, and what a search for a fault
// needs stays.
//
// ASVS 16.2.5
func TestCarefulLog(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, in, want string }{
		{"who a database lets in", "dial postgres://linli:geheim@db/linli?sslmode=off&x=1", "dial postgres://…@db/linli?…"},
		{"a DSN of words", "cannot connect: host=db user=linli password='ge heim' dbname=x", "cannot connect: host=db user=… password=… dbname=x"},
		{"what a database quotes", `invalid input syntax for type integer: "Zhang San" (SQLSTATE 22P02)`, `invalid input syntax for type integer: "…" (SQLSTATE 22P02)`},
		{"a name in an error", "no row for 欧阳明月 in persons", "no row for … in persons"},
		{"a telephone, however written", "call 13800000013 or +86 138-0000-0013", "call … or …"},
		{"an ID number", "id 11010519491231002X refused", "id … refused"},
		{"a key of a system", "key linli_990101_0190a0b0-1111-7222-8333-444455556666_ABCDEFGHIJKLMNOPQRSTUVWXYZ", "key linli_…"},
		{"a bearer", "Authorization: Bearer abc.def", "Authorization: Bearer …"},
		{"a token of ours", "session ABCDEFGHIJKLMNOPQRSTUVWX23", "session …"},
		{"a secret word", "word of report KMNPQRSTUV", "word of report …"},
		{"a hash", "sum 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", "sum …"},
		{"an electronic address", "to zhang@example.com", "to …@…"},
		{"an address asked for", "GET /track/261123-01478?word=KMNPQRSTUV", "GET /track/261123-01478?…"},
		{"who came", "TLS handshake error from 203.0.113.77:5123: EOF", "TLS handshake error from 203.0.113…: EOF"},
		{"the id of a case stays", "casework.Act(01934a5b-1111-7222-8333-444455556666): busy", "casework.Act(01934a5b-1111-7222-8333-444455556666): busy"},
		{"a trace stays", "linli/internal/web/portal.(*guesses).track(0xc000123456)", "linli/internal/web/portal.(*guesses).track(0xc000123456)"},
	} {
		if got := scrub(c.in); got != c.want {
			t.Errorf("%s: %q became %q, want %q", c.why, c.in, got, c.want)
		}
	}
	var b bytes.Buffer
	log := slog.New(Careful(slog.NewTextHandler(&b, nil)))
	log.With("phone", "13800000013").WithGroup("in").Error("failed", "login", "zhangsan", "error", errors.New(`x "y"`), slog.Group("g", "name", "zhang"), "n", 3)
	if got := b.String(); strings.Contains(got, "138") || strings.Contains(got, "zhang") || !strings.Contains(got, "n=3") || !strings.Contains(got, "failed") {
		t.Errorf("logged %s", got)
	}
}

// FuzzCarefulLog: no telephone and no Chinese word gets through, whatever
// stands around it.
func FuzzCarefulLog(f *testing.F) {
	f.Add(`"`, "?a=")
	f.Add("password=", "\\")
	f.Fuzz(func(t *testing.T, before, after string) {
		const phone, name = "13800000013", "欧阳明月"
		got := scrub(before + " " + phone + " " + name + " " + after)
		if strings.Contains(got, phone) && !strings.Contains(before+after, phone) || strings.Contains(got, name) {
			t.Errorf("%q, %q: logged %q", before, after, got)
		}
	})
}

package app

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A request ends where it says, and one that says it twice is not taken: what a
// proxy and this program read differently would be two requests to one of them.
//
// ASVS 4.2.1
func TestMessageBoundaries(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan string, 10)
	server := serverOf(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "the body breaks off", http.StatusBadRequest)
		}
		asked <- r.URL.Path + " " + string(body)
	}), slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(l) }() // it ends with the server
	t.Cleanup(func() { _ = server.Close() })
	const hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, c := range []struct{ why, head, body string }{
		{"two lengths", "Content-Length: 3\r\nContent-Length: 40", "abc" + hidden},
		{"a length that is a list", "Content-Length: 3, 40", "abc" + hidden},
		{"a length with a sign", "Content-Length: +3", "abc" + hidden},
		{"a length below nothing", "Content-Length: -3", hidden},
		{"an encoding nobody knows", "Transfer-Encoding: xchunked", "0\r\n\r\n" + hidden},
		{"an encoding that is a list", "Transfer-Encoding: chunked, identity", "0\r\n\r\n" + hidden},
		{"an encoding twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + hidden},
		{"a space before the colon", "Content-Length : 3", "abc" + hidden},
		{"two hosts", "Host: y", ""},
		{"no number as a chunk's length", "Transfer-Encoding: chunked", "zz\r\nabc\r\n0\r\n\r\n" + hidden},
	} {
		said := speak(t, l.Addr().String(), "POST /report HTTP/1.1\r\nHost: x\r\n"+c.head+"\r\n\r\n"+c.body)
		if !strings.HasPrefix(said, "HTTP/1.1 4") && !strings.HasPrefix(said, "HTTP/1.1 501") {
			t.Errorf("%s: answered %.60q", c.why, said)
		}
		for len(asked) > 0 {
			if got := <-asked; strings.HasPrefix(got, "/hidden") {
				t.Errorf("%s: a second request was read out of the first: %s", c.why, got)
			}
		}
	}
}

// speak sends bytes and gives the whole answer.
func speak(t *testing.T, address, bytes string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, bytes); err != nil {
		t.Fatal(err)
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.CloseWrite() // so that the server ends, too
	}
	said, _ := io.ReadAll(bufio.NewReader(c)) // whatever came until it was closed
	return string(said)
}

// What somebody sends cannot write a line of the log, and a line has its
// instant with the zone.
//
// ASVS 16.2.2, 16.2.4, 16.4.1
func TestLogLinesCannotBeForged(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	log := slog.New(Careful(slog.NewTextHandler(&b, nil)))
	const forged = "x\ntime=2026-11-23T10:20:00Z level=INFO msg=request status=200\r\u2028\x1b[31m"
	log.Error("failed "+forged, "route", forged, "error", fmt.Errorf("in: %s", forged), slog.Group("g", "k", forged))
	line := regexp.MustCompile(`^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d) level=ERROR msg=".*\n$`)
	if got := b.String(); strings.Count(got, "\n") != 1 || strings.ContainsAny(got, "\r\x1b\u2028") || !line.MatchString(got) {
		t.Errorf("one record became %q", got)
	}
}

// The suites are those that keep what was said secret though the key be stolen,
// and that nobody can change; what the library calls insecure is not among them.
//
// ASVS 12.1.2
func TestSuitesAreStrong(t *testing.T) {
	t.Parallel()
	for _, id := range ciphers {
		i := slices.IndexFunc(tls.CipherSuites(), func(s *tls.CipherSuite) bool { return s.ID == id })
		name := tls.CipherSuiteName(id)
		if i < 0 || !strings.HasPrefix(name, "TLS_ECDHE_") || !strings.Contains(name, "GCM") && !strings.Contains(name, "POLY1305") {
			t.Errorf("%s is spoken", name)
		}
	}
	if len(ciphers) == 0 {
		t.Error("the library chooses the suites")
	}
}

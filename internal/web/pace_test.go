package web

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// piped is a listener whose connections are pipes, so that a test's time may be
// a bubble's.
type piped chan net.Conn

func (p piped) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (p piped) Close() error { return nil }

func (p piped) Addr() net.Addr { return &net.TCPAddr{} }

// dial serves a handler behind the pace and opens a connection to it.
func dial(t *testing.T, handler http.HandlerFunc) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	l := make(piped, 1)
	l <- theirs
	server := &http.Server{Handler: paced(handler), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }() // it ends with the listener
	t.Cleanup(func() {
		close(l)
		_ = ours.Close()
		_ = server.Close()
	})
	return ours
}

// slowly sends a form of size bytes, so many each second, and gives after how
// long the handler was done with it, and how.
func slowly(t *testing.T, size, each int) (took time.Duration, err error) {
	t.Helper()
	done := make(chan error, 1)
	c := dial(t, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		done <- err
	})
	began := time.Now()
	var all sync.WaitGroup // time stands once the test's own goroutine has ended
	all.Go(func() {
		_, _ = io.WriteString(c, "POST /report HTTP/1.1\r\nHost: x\r\nContent-Length: "+strconv.Itoa(size)+"\r\n\r\n")
		for sent := 0; sent < size; sent += each {
			if _, err := io.WriteString(c, strings.Repeat("x", min(each, size-sent))); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	})
	all.Go(func() { _, _ = io.Copy(io.Discard, c) })
	err = <-done
	took = time.Since(began)
	_ = c.Close() // it may be closed already
	all.Wait()
	return took, err
}

// A photo over a slow phone line arrives; who sends a byte a second does not
// keep the connection.
func TestSlowSenders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why        string
		size, each int
		ok         bool
		most       time.Duration
	}{
		{"a photo of five megabytes, at eight thousand bytes a second", 5 << 20, 8 << 10, true, 15 * time.Minute},
		{"a short form at once", 100, 100, true, 2 * time.Second},
		{"a byte a second", 1 << 20, 1, false, 40 * time.Second},
		{"half of what any line does", 5 << 20, 2 << 10, false, 2 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			took, err := slowly(t, c.size, c.each)
			if (err == nil) != c.ok || !c.ok && !errors.Is(err, os.ErrDeadlineExceeded) || took > c.most {
				t.Errorf("%s: %v after %v, want ok %v within %v", c.why, err, took, c.ok, c.most)
			}
		})
	}
}

// A live page goes on for hours; a reader that takes nothing is let go.
func TestSlowReaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const each, hours = 25 * time.Second, 3 * time.Hour
		done := make(chan error, 1)
		c := dial(t, func(w http.ResponseWriter, _ *http.Request) {
			for began := time.Now(); time.Since(began) < hours; time.Sleep(each) {
				_, err := io.WriteString(w, ": quiet\n\n")
				if err = errors.Join(err, http.NewResponseController(w).Flush()); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		})
		go func() {
			_, _ = io.WriteString(c, "GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
			_, _ = io.Copy(io.Discard, c)
		}()
		err := <-done
		_ = c.Close()
		if err != nil {
			t.Errorf("a live page ended: %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		done := make(chan error, 1)
		c := dial(t, func(w http.ResponseWriter, _ *http.Request) {
			_, err := w.Write(make([]byte, 1<<20))
			done <- err
		})
		began := time.Now()
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		if err := <-done; err == nil || time.Since(began) > 6*time.Minute {
			t.Errorf("a reader that takes nothing: %v after %v", err, time.Since(began))
		}
	})
}

// A body over what its page takes is not read to its end.
//
// ASVS 5.2.1
func TestBodiesAreBoundedByWhatAPageIsFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, path string
		size      int64
		ok        bool
	}{
		{"a login and a password", "/sign-in", 1000, true},
		{"a book as a password", "/sign-in", 100 << 10, false},
		{"words of a form", "/area", 100 << 10, true},
		{"a film where words are asked", "/area", 2 << 20, false},
		{"nine photos", "/report", 80 << 20, true},
		{"more than nine photos", "/report", 100 << 20, false},
	} {
		r, err := http.NewRequest(http.MethodPost, c.path, io.LimitReader(zeros{}, c.size))
		if err != nil {
			t.Fatal(err)
		}
		var got error
		paced(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, got = io.Copy(io.Discard, r.Body) })).ServeHTTP(discard{}, r)
		var large *http.MaxBytesError
		if errors.As(got, &large) == c.ok {
			t.Errorf("%s: %v", c.why, got)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

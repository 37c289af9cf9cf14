package web

import (
	"io"
	"net/http"
	"strings"
	"time"

	"linli/internal/clock"
	"linli/internal/document"
)

// How slow a line may be. Four thousand bytes a second is a phone in a stair
// well; below it, somebody holds connections open to use them up.
const (
	graceTime = 30 * time.Second
	paceSlow  = 4 << 10 // bytes a second
)

// How large a body may be, by what the page is for.
const (
	plainMost  = 1 << 20                                     // a form with words alone
	signInMost = 64 << 10                                    // a login and a password; a passkey's answer
	filesMost  = document.MaxFiles*document.MaxBytes + 2<<20 // photos, and tables of an import
)

// withFiles are where forms bring files; any other page takes words alone.
var withFiles = []string{"/report", "/track/", "/desk/", "/field", "/api/"}

// bodyMost is how much a request may bring.
func bodyMost(r *http.Request) int64 {
	if r.URL.Path == "/sign-in" || strings.HasPrefix(r.URL.Path, "/sign-in/") || strings.HasPrefix(r.URL.Path, "/me/sign-in") {
		return signInMost
	}
	for _, path := range withFiles {
		if strings.HasPrefix(r.URL.Path, path) {
			return filesMost
		}
	}
	return plainMost
}

// paced bounds bodies, and ends readers and writers that are slower than any
// line. Live pages and long tables pass: what counts is each piece, not the
// whole.
func paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := bodyMost(r)
		control := http.NewResponseController(w)
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &pacedBody{ReadCloser: http.MaxBytesReader(w, r.Body, most), control: control, began: clock.System().Now()}
		}
		slow := &pacedWriter{ResponseWriter: w, control: control}
		next.ServeHTTP(slow, r)
		slow.allow(paceSlow) // for what the server still holds
	})
}

// pacedBody gives a sender time by what has come so far.
type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	began   time.Time
	got     int64
}

func (b *pacedBody) Read(p []byte) (int, error) {
	// A recorder in a test has no deadlines; a connection that is gone fails in
	// the reading.
	_ = b.control.SetReadDeadline(b.began.Add(graceTime + time.Duration(b.got/paceSlow)*time.Second))
	n, err := b.ReadCloser.Read(p)
	b.got += int64(n)
	if err != nil {
		// Left standing, the deadline would end the request while it is worked on.
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// pacedWriter gives a reader time for each piece.
type pacedWriter struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (w *pacedWriter) Write(p []byte) (int, error) {
	w.allow(len(p))
	return w.ResponseWriter.Write(p)
}

// FlushError gives time for what lies ready, too.
func (w *pacedWriter) FlushError() error {
	w.allow(paceSlow)
	return w.control.Flush()
}

func (w *pacedWriter) allow(n int) {
	_ = w.control.SetWriteDeadline(clock.System().Now().Add(graceTime + time.Duration(n/paceSlow)*time.Second)) // as above
}

// Unwrap lets a stream set deadlines of its own.
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

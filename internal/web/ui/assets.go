package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

// CSP is the content security policy every page of linli is served with. A
// photo is shown from the same site, or from memory before it is sent (blob:).
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; " +
	"connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; " +
	"object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

//go:embed assets/*.css assets/*.js assets/*.svg
var embedded embed.FS

// shelf is the embedded files, hashed and compressed once, at first use. It is
// never written to afterwards.
var shelf = sync.OnceValue(stockShelf)

// asset is one file a browser loads.
type asset struct {
	body   []byte
	gzip   []byte
	mime   string
	digest string // the first 12 hex digits of its SHA-256
}

func stockShelf() map[string]asset {
	files := map[string]asset{}
	names, err := fs.Glob(embedded, "assets/*")
	if err != nil {
		panic(err) // the pattern is ours
	}
	for _, name := range names {
		body, err := embedded.ReadFile(name)
		if err != nil {
			panic(err) // the file was listed by the same file system
		}
		sum := sha256.Sum256(body)
		files[path.Base(name)] = asset{
			body:   body,
			gzip:   compress(body),
			mime:   mimeOf(name),
			digest: hex.EncodeToString(sum[:])[:12],
		}
	}
	return files
}

func compress(body []byte) []byte {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant of the same package
	}
	if _, err := w.Write(body); err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// mimeOf is a table of our own: the system's differs from machine to machine.
func mimeOf(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return "application/octet-stream"
	}
}

// Asset is the address of an embedded file with its content in the address, so
// that it may be cached for ever. A name that is not embedded is a mistake in
// a page and gives the bare address, which answers 404; a test holds that no
// page has one.
func Asset(name string) string {
	file, ok := shelf()[name]
	if !ok {
		return "/assets/" + name
	}
	return "/assets/" + name + "?v=" + file.digest
}

// Assets serves the embedded files below /assets/, compressed where the
// browser accepts it. An address with the right digest is cached for a year;
// any other is asked for again each time, against its ETag.
func Assets() http.Handler { return http.HandlerFunc(serveAsset) }

func serveAsset(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "GET or HEAD", http.StatusMethodNotAllowed)
		return
	}
	file, ok := shelf()[strings.TrimPrefix(r.URL.Path, "/assets/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	body, tag := file.body, `"`+file.digest+`"`
	head := w.Header()
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		body, tag = file.gzip, `"`+file.digest+`-gz"`
		head.Set("Content-Encoding", "gzip")
	}
	head.Set("Vary", "Accept-Encoding")
	head.Set("Content-Type", file.mime)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("ETag", tag)
	head.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == file.digest {
		head.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == tag {
		head.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if r.Method == http.MethodHead {
		return
	}
	// A reader who went away is no failure of ours.
	_, _ = w.Write(body)
}

// acceptsGzip reports whether an Accept-Encoding header allows gzip. "gzip;q=0"
// is a refusal.
func acceptsGzip(header string) bool {
	for _, part := range strings.Split(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) != "gzip" && strings.TrimSpace(coding) != "*" {
			continue
		}
		q := strings.TrimPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		return params == "" || strings.Trim(q, "0.") != ""
	}
	return false
}

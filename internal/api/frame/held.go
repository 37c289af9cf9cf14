package frame

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/errs"
)

// held is an answer that is held back until it is whole.
type held struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader keeps the first status.
func (h *held) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

// Write keeps the body.
func (h *held) Write(p []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(p)
}

// Unwrap lets operations set their own deadlines.
func (h *held) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// good reports whether the operation did what it was asked.
func (h *held) good() bool { return h.status >= 200 && h.status < 300 }

// finish leaves in the answer what was asked for and gives it its tag.
func (h *held) finish(f *frame, pick *choice) {
	if !h.good() || !isJSON(h.Header()) {
		return
	}
	if pick != nil {
		h.body = *bytes.NewBuffer(pick.of(h.body.Bytes()))
	}
	h.Header().Set("ETag", tag(f.version, h.body.Bytes()))
}

// tag is the strong ETag of an answer: equal where every byte is. Of a case it
// begins with the revision, which is what If-Match compares: the same revision
// may read differently as its deadline comes near.
func tag(version int, body []byte) string {
	sum := sha256.Sum256(body)
	text := base64.RawURLEncoding.EncodeToString(sum[:12])
	if version > 0 {
		text = fmt.Sprintf("r%d-%s", version, text)
	}
	return `"` + text + `"`
}

// send sends the answer, or says that the caller has it already.
func (h *held) send(r *http.Request, reading bool) {
	head := h.Header()
	if reading && h.status == http.StatusOK && has(r.Header.Values("If-None-Match"), head.Get("ETag")) {
		head.Del("Content-Type")
		h.ResponseWriter.WriteHeader(http.StatusNotModified)
		return
	}
	if h.status == 0 {
		h.status = http.StatusOK
	}
	if head.Get("ETag") != "" && reading {
		head.Set("Cache-Control", "private, no-cache") // it may be kept, and is asked for each time
	}
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // whoever asked has gone
}

// has reports whether a list of tags names one. Reading compares weakly.
func has(lines []string, tag string) bool {
	for _, line := range lines {
		for one := range strings.SplitSeq(line, ",") {
			one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
			if tag != "" && (one == tag || one == "*") {
				return true
			}
		}
	}
	return false
}

// ourTag is an ETag of a case, as [tag] makes it.
var ourTag = regexp.MustCompile(`^"r([1-9][0-9]{0,8})-[A-Za-z0-9_-]{16}"$`)

// matchOf is the revision that If-Match asks for; 0 where there is none, or any
// will do. What an operation cannot compare is refused rather than passed over.
func matchOf(op *huma.Operation, lines []string) (int, error) {
	if len(lines) == 0 || op.Method == http.MethodGet {
		return 0, nil
	}
	if op.Metadata[matchKey] == nil {
		return 0, errs.New(errs.Invalid, "这个接口不用 If-Match；它只用在改一件案件的接口上。", "If-Match is not for this operation, but for those that change one case.").At("If-Match")
	}
	text := strings.TrimSpace(lines[0])
	if text == "*" && len(lines) == 1 {
		return 0, nil
	}
	m := ourTag.FindStringSubmatch(text)
	if m == nil || len(lines) > 1 {
		return 0, errs.New(errs.Invalid, "If-Match 要写取案件时得到的一个 ETag。", "If-Match is one ETag, as reading the case gave it.").At("If-Match")
	}
	return strconv.Atoi(m[1])
}

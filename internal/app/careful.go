package app

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"linli/internal/errs"
	"linli/internal/meter"
)

// Careful is a log handler that writes nothing personal and nothing secret,
// whoever logs what. Messages are constants of the program and pass; of every
// value that comes with them only what a program wrote stays: words for
// people, quoted values, numbers that are somebody's, keys, tokens, what stands
// behind a question mark and who a database lets in are taken out. What is lost
// to whoever searches for a fault is in the trail, behind rights.
func Careful(h slog.Handler) slog.Handler {
	if c, ok := h.(careful); ok {
		return c
	}
	return careful{h}
}

type careful struct{ slog.Handler }

// secretNames are the names of values that are left out whole.
var secretNames = regexp.MustCompile(`(?i)^(name|phone|mobile|text|address|login|password|word|code|token|key|secret|email|body|query|cookie|authorization|dsn)$`)

// Handle writes a record without what it must not hold, and with the id of the
// request that it belongs to.
func (c careful) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, scrub(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(cleanAttr(a))
		return true
	})
	if id := meter.RequestOf(ctx); id != "" {
		clean.AddAttrs(slog.String("request", id)) // looked at where it came in
	}
	return c.Handler.Handle(ctx, clean)
}

// WithAttrs cleans what is added once for many records.
func (c careful) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = cleanAttr(a)
	}
	return careful{c.Handler.WithAttrs(clean)}
}

// WithGroup keeps being careful within a group.
func (c careful) WithGroup(name string) slog.Handler { return careful{c.Handler.WithGroup(name)} }

func cleanAttr(a slog.Attr) slog.Attr {
	if secretNames.MatchString(a.Key) {
		return slog.String(a.Key, "…")
	}
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, scrub(v.String()))
	case slog.KindGroup:
		var clean []any
		for _, inner := range v.Group() {
			clean = append(clean, cleanAttr(inner))
		}
		return slog.Group(a.Key, clean...)
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			return slog.String(a.Key, scrubError(err))
		}
		return slog.String(a.Key, scrub(fmt.Sprint(v.Any())))
	default: // numbers, instants and durations name nobody
		return slog.Attr{Key: a.Key, Value: v}
	}
}

// scrubError leaves the words for people out: what a person typed stands in
// them. The kind and the field stay.
func scrubError(err error) string {
	s := err.Error()
	for _, e := range errs.Each(err) {
		s = strings.ReplaceAll(s, e.Text.ZH, "…")
	}
	return scrub(s)
}

// What is taken out, in this order, and what stands there instead.
var scrubs = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*://)[^/\s@"]*@`), "$1…@"},                                                  // user:password@ of an address
	{regexp.MustCompile(`(?i)\b(password|passwd|pwd|secret|user|token|word|code)\s*[=:]\s*('[^']*'|[^\s&,;)]+)`), "$1=…"}, // of a DSN, a header, a form
	{regexp.MustCompile(`\?[^\s"')]*=[^\s"')]*`), "?…"},                                                                   // the query of an address
	{regexp.MustCompile(`"(?:[^"\\]|\\.)*"`), `"…"`},                                                                      // %q and what databases quote
	{regexp.MustCompile(`linli_[0-9]+_[0-9A-Za-z_-]+`), "linli_…"},                                                        // a key
	{regexp.MustCompile(`(?i)\b(bearer|basic|digest)\s+[^\s,;]+`), "$1 …"},                                                // any other credential
	{regexp.MustCompile(`\p{Han}+[\p{Han}·]*`), "…"},                                                                      // a program's errors are English
	{regexp.MustCompile(`\b[0-9]{15,17}[0-9Xx]\b`), "…"},                                                                  // a resident's ID number
	{regexp.MustCompile(`(?:\+?86[- ]?)?\b1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}\b`), "…"},                                 // a telephone
	{regexp.MustCompile(`[0-9A-Za-z._%+-]+@[0-9A-Za-z.-]+\.[A-Za-z]{2,}`), "…@…"},                                         // an electronic address
	{regexp.MustCompile(`\b[A-Z2-7]{10}\b|\b[A-Z2-7]{26,}\b`), "…"},                                                       // a secret word; a token as this program makes them
}

// from is how the standard library names who came: so much of it stays as
// shows where an attack comes from.
var from = regexp.MustCompile(`\bfrom (?:([0-9]+\.[0-9]+\.[0-9]+)\.[0-9]+|\[([0-9a-f]+:[0-9a-f]*:[0-9a-f]*):[^\]]*\]):[0-9]+`)

// long is what may be a token of somebody else's making, a hash or a sealed
// value.
var (
	long   = regexp.MustCompile(`[0-9A-Za-z_=-]{32,}`)
	uuid   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	digits = regexp.MustCompile(`[0-9]`)
)

// scrub takes out of a text what a log must not hold. The ids of cases and
// people stay: they say nothing to whoever may not look them up.
func scrub(s string) string {
	for _, one := range scrubs {
		s = one.what.ReplaceAllString(s, one.with)
	}
	s = from.ReplaceAllString(s, "from $1$2…")
	return long.ReplaceAllStringFunc(s, func(word string) string {
		if uuid.MatchString(word) || !digits.MatchString(word) {
			return word
		}
		return "…"
	})
}

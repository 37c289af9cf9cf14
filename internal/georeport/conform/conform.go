// Package conform checks whether a server holds to Open311 GeoReport v2. Point it
// at any server's endpoint: it asks, in JSON and in XML, what every client would
// ask, and holds each answer to the specification and to its published schemas.
//
// A check has a name, the section of the specification it is about, a verdict and
// what was seen. Reading changes nothing at the server; posting is done only
// where [Target.Post] says so, with a request that calls itself a test.
//
// It reads raw bodies, not those that package georeport has read: a client is
// lenient with what servers send, a check must not be.
package conform

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"linli/internal/georeport"
	"linli/internal/lang"
)

// Target is the server to be checked. HTTP and Base are needed.
type Target struct {
	HTTP         *http.Client
	Base         string // of the endpoint, such as https://api.example.org/open311/v2
	Discovery    string // address of its discovery without its ending; empty is Base and /discovery
	Jurisdiction string
	Key          string
	Post         bool               // also post a request, with Key
	Formats      []georeport.Format // empty is both
	Now          time.Time
}

// Verdict is what came of a check.
type Verdict string

// The verdicts. Advice is something the specification recommends, or that keeps
// clients from working well, and forbids in no words.
const (
	Pass    Verdict = "pass"
	Fail    Verdict = "fail"
	Advice  Verdict = "advice"
	Skipped Verdict = "skipped"
)

// Outcome is one check and what came of it.
type Outcome struct {
	Check   string           `json:"check"`
	Section string           `json:"section"` // of the specification
	Format  georeport.Format `json:"format"`
	Verdict Verdict          `json:"verdict"`
	About   lang.Text        `json:"about"`
	Saw     []string         `json:"saw,omitempty"`
}

// Report is everything that was checked.
type Report struct {
	Base     string    `json:"base"`
	Outcomes []Outcome `json:"checks"`
}

// Count is how many checks came to a verdict.
func (r Report) Count(v Verdict) (n int) {
	for _, o := range r.Outcomes {
		if o.Verdict == v {
			n++
		}
	}
	return n
}

// The sections of the specification.
const (
	secFormats    = "Format Support"
	secEncoding   = "Encoding"
	secDiscovery  = "Service Discovery"
	secServices   = "GET Service List"
	secDefinition = "GET Service Definition"
	secPost       = "POST Service Request"
	secToken      = "GET service_request_id from a token"
	secRequests   = "GET Service Requests"
	secRequest    = "GET Service Request"
	secErrors     = "Errors"
	secOptional   = "Optional Arguments"
)

// Run checks a server. It always gives a report: a server that is not there
// fails its checks.
func Run(ctx context.Context, t Target) Report {
	t.Base = strings.TrimRight(t.Base, "/")
	if t.Discovery == "" {
		t.Discovery = t.Base + "/discovery"
	}
	if len(t.Formats) == 0 {
		t.Formats = []georeport.Format{georeport.XML, georeport.JSON}
	}
	s := &suite{ctx: ctx, t: t, codes: map[georeport.Format][]string{}, ids: map[georeport.Format][]string{}}
	for _, f := range t.Formats {
		s.f = f
		s.discovery()
		s.services()
		s.definition()
		s.requests()
		s.filters()
		s.request()
		s.strangers()
		if t.Post && t.Key != "" {
			s.post()
		}
	}
	s.alike()
	return Report{Base: t.Base, Outcomes: s.out}
}

// suite is one run.
type suite struct {
	ctx   context.Context
	t     Target
	f     georeport.Format
	out   []Outcome
	codes map[georeport.Format][]string // service codes
	asks  []string                      // those with metadata
	list  []node                        // requests
	ids   map[georeport.Format][]string // their numbers
}

// finding is what a check sees.
type finding struct {
	faults, advice, skips []string
}

// seenMost is how many faults of one kind are told: a list of a thousand requests
// has them a thousand times.
const seenMost = 5

func (f *finding) fault(format string, args ...any) {
	f.faults = append(f.faults, fmt.Sprintf(format, args...))
}

func (f *finding) advise(format string, args ...any) {
	f.advice = append(f.advice, fmt.Sprintf(format, args...))
}

func (f *finding) skip(format string, args ...any) {
	f.skips = append(f.skips, fmt.Sprintf(format, args...))
}

// check runs one check.
func (s *suite) check(name, section, zh, en string, look func(f *finding)) {
	var f finding
	look(&f)
	o := Outcome{Check: name, Section: section, Format: s.f, Verdict: Pass, About: lang.Text{ZH: zh, EN: en}}
	switch {
	case len(f.faults) > 0:
		o.Verdict, o.Saw = Fail, f.faults
	case len(f.skips) > 0:
		o.Verdict, o.Saw = Skipped, f.skips
	case len(f.advice) > 0:
		o.Verdict, o.Saw = Advice, f.advice
	}
	if n := len(o.Saw); n > seenMost {
		o.Saw = append(o.Saw[:seenMost:seenMost], fmt.Sprintf("… %d more", n-seenMost))
	}
	s.out = append(s.out, o)
}

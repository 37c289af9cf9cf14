package fields

import (
	"slices"
	"time"

	"linli/internal/lang"
)

// The personal fields that can be shown for a purpose.
const (
	Name    = "name"
	Phone   = "phone"
	Address = "address" // with house number and room
)

// Shown lists the personal fields that can be shown for a purpose.
func Shown() []string { return []string{Name, Phone, Address} }

// Rules are what a district says about personal data, the file privacy.yaml of
// a pack. They are not changed once made.
type Rules struct {
	Purposes      []Purpose
	RevealsAnHour int // looks of one person
	AlarmADay     int // looks of one person from which the administrators are told
	Keep          []Keep
	Notices       []Notice
	Consents      []Consent
	Processors    []Processor
}

// Purpose is what a masked field may be shown for.
type Purpose struct {
	Name      string
	Title     lang.Text
	Basis     lang.Text // statute and article
	Fields    []string  // of Shown
	Always    bool      // also where the person objected to the use
	Delayable bool      // by law the person may be told later, once approved
}

// Shows reports whether the purpose allows a field.
func (p *Purpose) Shows(field string) bool { return slices.Contains(p.Fields, field) }

// Keep says how long one sort of data is kept. What it counts from is fixed by
// the rule's name: see From.
type Keep struct {
	Name  string
	Title lang.Text
	For   Span // zero: for good
	Basis lang.Text
}

// From is what the rule counts from, for people to read.
func (k *Keep) From() lang.Text { return kinds[k.Name].from }

// Notice is what people are told when data are collected (个人信息保护法 17, 35).
type Notice struct {
	Name    string
	Version int // a person who was shown an older one is shown this one
	Title   lang.Text
	Purpose lang.Text
	Kinds   lang.Text // of data
	Manner  lang.Text
	Basis   lang.Text
	Keep    []string // rules of Keep
	Rights  lang.Text
}

// Consent is something that asks for a person's own consent, and never stands
// in the way of dealing with a case.
type Consent struct {
	Name    string
	Version int
	Title   lang.Text
	Text    lang.Text // what the person says
	Basis   lang.Text
	Fields  []string // of Shown, that it is about
}

// Purpose finds a purpose by name.
func (r *Rules) Purpose(name string) (*Purpose, bool) {
	return find(r.Purposes, func(p *Purpose) string { return p.Name }, name)
}

// KeepOf finds a rule of keeping by name.
func (r *Rules) KeepOf(name string) (*Keep, bool) {
	return find(r.Keep, func(k *Keep) string { return k.Name }, name)
}

// Notice finds a notice by name.
func (r *Rules) Notice(name string) (*Notice, bool) {
	return find(r.Notices, func(n *Notice) string { return n.Name }, name)
}

// Consent finds a consent by name.
func (r *Rules) Consent(name string) (*Consent, bool) {
	return find(r.Consents, func(c *Consent) string { return c.Name }, name)
}

func find[T any](all []T, name func(*T) string, want string) (*T, bool) {
	for i := range all {
		if name(&all[i]) == want {
			return &all[i], true
		}
	}
	return nil, false
}

// Kept says how long what a notice names is kept, a line for each rule.
func (r *Rules) Kept(n *Notice) (lines []lang.Text) {
	for _, name := range n.Keep {
		k, ok := r.KeepOf(name)
		if !ok {
			continue // the parser has refused it
		}
		how := k.For.Text()
		if !k.For.IsZero() {
			how = lang.Text{ZH: k.From().ZH + " " + how.ZH, EN: how.EN + " " + k.From().EN}
		}
		lines = append(lines, lang.Text{ZH: k.Title.ZH + "：" + how.ZH, EN: k.Title.EN + ": " + how.EN})
	}
	return lines
}

// Span is a time on the calendar of years, months and days, such as “3 years”.
// The zero Span never ends.
type Span struct {
	N    int
	Unit Unit
}

// Unit is what a Span counts.
type Unit string

// The units.
const (
	Days   Unit = "days"
	Months Unit = "months"
	Years  Unit = "years"
)

// IsZero reports whether the span never ends.
func (s Span) IsZero() bool { return s.N == 0 }

// Before is the instant before which a thing must have happened for its time to
// be past: now, less the span, counted on the calendar of now's zone. ok is
// false for a span that never ends.
func (s Span) Before(now time.Time) (cut time.Time, ok bool) {
	switch {
	case s.N == 0:
		return time.Time{}, false
	case s.Unit == Days:
		return now.AddDate(0, 0, -s.N), true
	}
	months := s.N
	if s.Unit == Years {
		months *= 12
	}
	y, m, d := now.Date()
	first := time.Date(y, m-time.Month(months), 1, 0, 0, 0, 0, now.Location())
	// The 31st, a month back, is the 30th: rounding down keeps a little longer.
	last := first.AddDate(0, 1, -1).Day()
	h, mi, sec := now.Clock()
	return time.Date(first.Year(), first.Month(), min(d, last), h, mi, sec, now.Nanosecond(), now.Location()), true
}

// days is a lower bound of the span's length, by which spans are compared.
func (s Span) days() int {
	switch s.Unit {
	case Months:
		return s.N * 365 / 12
	case Years:
		return s.N * 365
	}
	return s.N
}

// Text says the span to a person.
func (s Span) Text() lang.Text {
	one := ""
	if s.N != 1 {
		one = "s"
	}
	switch s.Unit {
	case Days:
		return lang.T("%[1]d 天", "%[1]d day%[2]s", s.N, one)
	case Months:
		return lang.T("%[1]d 个月", "%[1]d month%[2]s", s.N, one)
	case Years:
		return lang.T("%[1]d 年", "%[1]d year%[2]s", s.N, one)
	}
	return lang.T("一直保存", "kept for good")
}

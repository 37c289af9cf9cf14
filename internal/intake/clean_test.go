package intake_test

import (
	"math"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/intake"
)

// anything is a sending as a fuzzer makes it: whatever a form can hold.
type anything struct {
	text, address, name, phone, sender, matter, area, channel string
	lon, lat                                                  float64
}

func (a anything) sending() intake.Sending {
	return intake.Sending{
		Channel: intake.Channel(a.channel), Sender: a.sender, Text: a.text, Matter: a.matter, Address: a.address, Area: a.area,
		Point: geo.Point{Lon: a.lon, Lat: a.lat}, Name: a.name, Phone: a.phone,
	}
}

// rows counts what a sending may add to.
func rows(t testing.TB, d *db.DB) (n int) {
	t.Helper()
	for _, table := range []string{"cases", "reports", "tasks", "trail", "jobs", "case_docs"} {
		one, err := db.Value[int](t.Context(), d, "select count(*) from "+table)
		if err != nil {
			t.Fatal(err)
		}
		n += one
	}
	return n
}

// FuzzClean sends anything at all. Either it is refused, in words for each
// field and without a trace, or it is kept, readable and within its bounds.
//
// ASVS 1.1.1, 1.3.3
func FuzzClean(f *testing.F) {
	w := apptest.New(f)
	d := w.District()
	for _, a := range []anything{
		{text: "井盖破了", address: "桂香路 18 号", name: "李女士", phone: "138 0000 0013", sender: "a-1", channel: "portal", lon: 121.0123, lat: 30.0123},
		{text: "<script>alert(1)</script>\x00\x1b[31m", address: "../../etc/passwd", name: "\u202egpj.exe", phone: "１３８００００００１３", channel: "machine"},
		{text: strings.Repeat("长", intake.TextMost+1), channel: "portal", matter: "c01002"},
		{text: "\xff\xfe\xc4\xe3\xba\xc3", channel: "hotline", area: "990101001001001"},
		{text: "a\r\nb\rc\u2028d\u200de\ufeff", channel: "counter", lon: math.NaN(), lat: math.Inf(1)},
		{matter: "no-such", channel: "grid-worker"},
		{text: "x", matter: "\xff\x00" + strings.Repeat("c", 10_000), channel: "portal"},
		{text: "x", channel: "\xff\x00" + strings.Repeat("c", 10_000)},
		{text: " \u3000\t\n", channel: "carrier pigeon", phone: "0"},
		{text: "x", channel: "portal", matter: "c01002", area: "99010100100100199999", lon: 181, lat: -91},
	} {
		f.Add(a.text, a.address, a.name, a.phone, a.sender, a.matter, a.area, a.channel, a.lon, a.lat)
	}
	f.Fuzz(func(t *testing.T, text, address, name, phone, sender, matter, area, channel string, lon, lat float64) {
		s := anything{text, address, name, phone, sender, matter, area, channel, lon, lat}.sending()
		before := rows(t, w.DB)
		if _, err := w.Desk.Look(t.Context(), d, s); err != nil {
			refused(t, err)
		}
		if after := rows(t, w.DB); after != before {
			t.Errorf("looking made %d rows", after-before)
		}
		r, err := w.Desk.Receive(t.Context(), d, s)
		switch after := rows(t, w.DB); {
		case err != nil && after != before:
			t.Errorf("refused with %v, and left %d rows", err, after-before)
		case err != nil:
			refused(t, err)
		case r.Again && after != before:
			t.Errorf("received again, and made %d rows", after-before)
		default:
			kept(t, r.Case, s)
		}
	})
}

// refused checks that an error says, in both languages, what is wrong with the
// sending and nothing else.
func refused(t *testing.T, err error) {
	t.Helper()
	all := errs.Each(err)
	if len(all) == 0 {
		t.Errorf("%v has no words for the sender", err)
	}
	for _, e := range all {
		if e.Kind != errs.Invalid || e.Text.ZH == "" || e.Text.EN == "" || !utf8.ValidString(e.Text.ZH) || len(e.Text.ZH) > 500 || e.Field == "" {
			t.Errorf("%#v: want an invalid field told in both languages", e)
		}
	}
}

// kept checks that what was taken can be shown, stored and found again.
func kept(t *testing.T, c casework.Case, s intake.Sending) {
	t.Helper()
	for field, v := range map[string]struct {
		text string
		most int
	}{"text": {c.Text, intake.TextMost}, "address": {c.Place.Address, intake.AddressMost}} {
		if !utf8.ValidString(v.text) || utf8.RuneCountInString(v.text) > v.most || v.text != strings.TrimSpace(v.text) {
			t.Errorf("%s %q of %q is not clean", field, v.text, s.Text)
		}
		for _, r := range v.text {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) && r != '\n' && r != '\u200d' {
				t.Errorf("%s holds %U, which nobody sees", field, r)
			}
		}
	}
	if c.Text == "" && s.Matter == "" || strings.Contains(c.Place.Address, "\n") {
		t.Errorf("kept without words, or with an address of several lines: %+v", c)
	}
	if p := c.Place.Point; !p.Valid() {
		t.Errorf("kept at %+v", p)
	}
}

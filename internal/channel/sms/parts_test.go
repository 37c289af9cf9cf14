package sms

import (
	"strings"
	"testing"
	"unicode/utf16"

	"linli/internal/channel"
	"linli/internal/lang"
)

func TestParts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why, text string
		want      int
	}{
		{"nothing is one text", "", 1},
		{"70 Chinese characters fit", strings.Repeat("修", 70), 1},
		{"71 need a header in each of two", strings.Repeat("修", 71), 2},
		{"two of 67 are the most of two", strings.Repeat("修", 134), 2},
		{"and one more is three", strings.Repeat("修", 135), 3},
		{"160 of the GSM alphabet fit", strings.Repeat("a", 160), 1},
		{"161 need two of 153", strings.Repeat("a", 161), 2},
		{"306 are the most of two", strings.Repeat("a", 306), 2},
		{"307 are three", strings.Repeat("a", 307), 3},
		{"a bracket takes two places", strings.Repeat("[", 80), 1},
		{"81 brackets are 162 places", strings.Repeat("[", 81), 2},
		{"one Chinese character makes all of them wide", strings.Repeat("a", 70) + "修", 2},
		{"a character beyond the first plane takes two places", strings.Repeat("𠮷", 35), 1},
		{"36 of them are 72 places", strings.Repeat("𠮷", 36), 2},
	} {
		got := Parts(test.text)
		if len(got) != test.want {
			t.Errorf("%s: got %d parts, want %d", test.why, len(got), test.want)
		}
		if strings.Join(got, "") != test.text {
			t.Errorf("%s: the parts are not the text", test.why)
		}
	}
}

// A pair that straddles the end of a part goes into the next one whole.
func TestPartsTearNothing(t *testing.T) {
	t.Parallel()
	parts := Parts(strings.Repeat("修", 66) + "𠮷" + strings.Repeat("修", 20))
	if got := len(utf16.Encode([]rune(parts[0]))); got != 66 {
		t.Errorf("the first part has %d units, want 66: the pair belongs to the second", got)
	}
	parts = Parts(strings.Repeat("a", 152) + "[" + strings.Repeat("a", 20))
	if len(parts[0]) != 152 {
		t.Errorf("the first part has %d characters, want 152: the bracket belongs to the second", len(parts[0]))
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("路灯不亮。", 400)
	l := channel.Letter{Text: lang.T(long, "lamp"), Link: "https://linli.example.cn/track/261122-0001"}
	got := words(l, "【桂香】")
	if n := len(Parts(got)); n != partsMost {
		t.Errorf("a long text makes %d parts, want %d", n, partsMost)
	}
	if !strings.HasPrefix(got, "【桂香】路灯") || !strings.HasSuffix(got, "… "+l.Link) {
		t.Errorf("signature or link is missing: %.20s … %.60s", got, got[len(got)-60:])
	}
	l.Text = lang.T("看 "+l.Link+"\x00\x1b", "see")
	if got := words(l, ""); got != "看 "+l.Link {
		t.Errorf("got %q, want the link once and no control characters", got)
	}
}

func FuzzParts(f *testing.F) {
	f.Add("路灯不亮 [3] 𠮷")
	f.Add(strings.Repeat("a[€", 90))
	f.Fuzz(func(t *testing.T, text string) {
		text = clean(text)
		parts := Parts(text)
		if strings.Join(parts, "") != text {
			t.Fatal("the parts are not the text")
		}
		one, most := ucsOne, ucsPart
		if gsm(text) {
			one, most = gsmOne, gsmPart
		}
		if len(parts) == 1 {
			most = one
		}
		for _, p := range parts {
			n := 0
			for _, r := range p {
				n += units(r, gsm(text))
			}
			if n > most {
				t.Fatalf("a part has %d units, want at most %d", n, most)
			}
		}
	})
}

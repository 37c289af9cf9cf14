package inbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/channel"
	"linli/internal/channel/wechat"
)

func TestWishOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		why, text string
		want      wish
	}{
		{"a question", "查 261123-00016", wish{do: look, number: "261123-00016"}},
		{"written together", "查261123-00016", wish{do: look, number: "261123-00016"}},
		{"with the secret word", "查 261123-00016 abcdefghjk", wish{do: look, number: "261123-00016", word: "abcdefghjk"}},
		{"the number alone", "261123-00016", wish{do: look, number: "261123-00016"}},
		{"in English", "Status 261123-00016", wish{do: look, number: "261123-00016"}},
		{"of one's newest", "查", wish{do: look}},
		{"what begins alike is a report", "查处一下门口的违建", wish{}},
		{"and so is a sentence with a number", "井盖又坏了，上次是 261123-00016", wish{}},
		{"content", "满意", wish{do: rate, grade: 4}},
		{"very", "非常满意。", wish{do: rate, grade: 5}},
		{"praise that goes on is a report", "满意度调查什么时候做", wish{}},
		{"not content, with why", "不满意，还在漏水 261123-00016", wish{do: rate, grade: 2, number: "261123-00016", rest: "还在漏水"}},
		{"not at all", "非常不满意", wish{do: rate, grade: 1}},
		{"no more messages", "TD", wish{do: stop}},
		{"a question mark", "？", wish{do: help}},
		{"off with it", "发", wish{do: send}},
		{"a sentence that begins so", "发现井盖碎了", wish{}},
		{"nothing", "", wish{}},
		{"long", strings.Repeat("查", 200), wish{}},
	} {
		if diff := cmp.Diff(test.want, wishOf(test.text), cmp.AllowUnexported(wish{})); diff != "" {
			t.Errorf("%s, %q:\n%s", test.why, test.text, diff)
		}
	}
}

// Pictures that a platform keeps back are no fault of who sent them, and have no
// names to be told by.
func TestLeftText(t *testing.T) {
	t.Parallel()
	got := leftText([]channel.Left{{Why: channel.NotFetched}, {Name: "a.pdf", Why: channel.NoPicture}, {Why: channel.NotFetched}})
	for _, want := range []struct{ text, part string }{
		{got.ZH, "有 2 张照片没能从平台取来"}, {got.EN, "did not give up 2 of your pictures"}, {got.EN, "a.pdf (no picture that can be taken)"},
	} {
		if !strings.Contains(want.text, want.part) {
			t.Errorf("%q lacks %q", want.text, want.part)
		}
	}
	if spoken(got.EN) != "en" || strings.Contains(got.EN, "()") {
		t.Errorf("the English words are %q", got.EN)
	}
	if alone := leftText([]channel.Left{{Why: channel.NotFetched}}); strings.Contains(alone.ZH, "只收照片") || strings.Contains(alone.EN, "Only photos") {
		t.Errorf("a picture that was not given up is told as none: %+v", alone)
	}
}

func FuzzWish(f *testing.F) {
	f.Add("不满意，还在漏水 261123-00016 abcdefghjk")
	f.Add("查")
	f.Fuzz(func(t *testing.T, text string) {
		w := wishOf(text)
		if w.do == rate && (w.grade < 1 || w.grade > 5) {
			t.Fatalf("a rating of %d", w.grade)
		}
		if w.do != rate && w.rest != "" {
			t.Fatalf("%q is %+v: words were lost", text, w)
		}
	})
}

// FuzzStep: whatever is said, a draft stays within its bounds.
func FuzzStep(f *testing.F) {
	f.Add("井盖碎了", uint8(0))
	f.Add("发", uint8(1))
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		kinds := []wechat.Kind{wechat.Text, wechat.Picture, wechat.Place}
		m := wechat.Message{Kind: kinds[int(kind)%3], Media: "m", Came: channel.Came{Text: text, Lon: 120, Lat: 30}}
		d := draft{}
		for range 20 {
			var drop bool
			if d, _, drop, _ = step(d, m, wishOf(text)); drop {
				d = draft{}
			}
		}
		if len([]rune(d.Words)) > 2000 || len([]rune(d.Place)) > 200 || len(d.Media) > 10 {
			t.Fatalf("a draft of %d words, %d places, %d pictures", len(d.Words), len(d.Place), len(d.Media))
		}
	})
}

package font

import (
	"crypto/sha256"
	"fmt"
	"image"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/vector"
)

func TestFileIsTheOneListed(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("FONT.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(data)); !strings.Contains(string(list), sum) {
		t.Errorf("microhei.ttf has the checksum %s, which FONT.md does not list", sum)
	}
	if len(data) > 3_500_000 {
		t.Errorf("the type takes %d bytes of the program, want at most 3.5 MB", len(data))
	}
	if _, err := os.Stat("LICENSE-Apache-2.0.txt"); err != nil {
		t.Errorf("its licence is not beside it: %v", err)
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	for r, want := range map[rune]bool{
		'中': true, 'a': true, '7': true, '%': true, '，': true, '“': true, '—': true, '…': true, '→': true, '①': true, '㎡': true, '℃': true, 'ü': true, 'ǚ': true,
		'龘': true, '镕': true, '喆': true, '堃': true, '旻': true, // rare in names, within GBK
		'𠮷': false, '鿏': false, '😀': false, 'ع': false, '한': false, '\u202e': false,
		Missing: true,
	} {
		if Has(r) != want {
			t.Errorf("Has(%q) = %v, want %v", r, !want, want)
		}
	}
	missing := 0
	for r := rune(0x4E00); r <= 0x9FA5; r++ {
		if !Has(r) {
			missing++
		}
	}
	if missing != 0 {
		t.Errorf("%d of GBK's Chinese characters are missing", missing)
	}
}

func TestDigitsAreOfOneWidth(t *testing.T) {
	t.Parallel()
	for d := '0'; d <= '9'; d++ {
		if Width(string(d), 100) != Width("0", 100) {
			t.Errorf("%c is not as wide as 0: columns of figures would not stand under each other", d)
		}
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, in, want string }{
		{"a name beyond the type gets the printer's mark", "𠮷女士", "〓女士"},
		{"a rare character within the type stays", "龘", "龘"},
		{"control characters cannot end the line early", "a\x00b\r\n\tc", "a b c"},
		{"a mark cannot turn what follows it", "张\u202e三\u2066x", "张三x"},
		{"invisible characters do not hide in a name", "李\u200b四\ufeff", "李四"},
		{"what is no text at all", "a\xff\xfeb", "a�b"},
		{"letters written from the right are not in the type", "سلام", "〓〓〓〓"},
		{"the wide space of Chinese type is kept", "10月　第1期", "10月　第1期"},
		{"a noncharacter, which XML forbids", "a\ufffeb\uffffc", "abc"},
		{"a picture with its joiners is one mark each", "👩\u200d🔧\ufe0f", "〓〓"},
		{"nothing", "", ""},
	} {
		if got := Shown(c.in); got != c.want {
			t.Errorf("%s: Shown(%q) = %q, want %q", c.why, c.in, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, in string
		ems     float64
		want    []string
	}{
		{"Chinese breaks anywhere", "一二三四五", 3, []string{"一二三", "四五"}},
		{"a comma does not begin a line: the character before goes with it", "一二三，四", 3, []string{"一二", "三，四"}},
		{"nor do two marks", "一二三”。四", 3, []string{"一二", "三”。", "四"}},
		{"a bracket does not end a line", "一二（三四）", 3, []string{"一二", "（三", "四）"}},
		{"words stay whole and lose the space at the break", "one two three", 4, []string{"one two", "three"}},
		{"a figure stays whole among Chinese", "共12345件", 4, []string{"共", "12345件"}},
		{"a figure keeps its unit", "到十28日止", 2.5, []string{"到十", "28日", "止"}},
		{"a word longer than a line is cut", "aaaaaaaaaaaaaaaa", 2, []string{"aaa", "aaa", "aaa", "aaa", "aaa", "a"}},
		{"line feeds are kept", "一\r\n\n二", 3, []string{"一", "", "二"}},
		{"nothing is one empty line", "", 3, []string{""}},
		{"less room than a character takes one each", "一二", 0.1, []string{"一", "二"}},
	} {
		if diff := cmp.Diff(c.want, Wrap(c.in, 10, c.ems*10)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.why, diff)
		}
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"一二三四": "一二…", "一二三": "一二三", "": ""} {
		if got := Clip(in, 10, 31); got != want {
			t.Errorf("Clip(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTraceCovers(t *testing.T) {
	t.Parallel()
	for _, r := range "中a𠮷" {
		raster, m := vector.NewRasterizer(20, 20), image.NewAlpha(image.Rect(0, 0, 20, 20))
		if far := Trace(raster, r, 16, 2, 16); far <= 0 {
			t.Errorf("Trace(%q) goes %v on", r, far)
		}
		raster.Draw(m, m.Bounds(), image.Opaque, image.Point{})
		sum := 0
		for _, v := range m.Pix {
			sum += int(v)
		}
		if sum < 20*255 {
			t.Errorf("%q covers only %d dots", r, sum/255)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("一二，三 four ‘五’", 30.0)
	f.Add(strings.Repeat("a", 10000), 1.0)
	f.Add("\u202e\x00\xff𠮷\n\n", -5.0)
	f.Fuzz(func(t *testing.T, s string, width float64) {
		var joined strings.Builder
		for _, line := range Wrap(s, 10, width) {
			if !utf8.ValidString(line) || Shown(line) != line && !strings.HasPrefix(line, " ") {
				t.Errorf("the line %q is not safe to draw", line)
			}
			joined.WriteString(strings.ReplaceAll(line, " ", ""))
		}
		var want strings.Builder
		for part := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
			want.WriteString(strings.ReplaceAll(Shown(part), " ", ""))
		}
		if joined.String() != want.String() {
			t.Errorf("Wrap(%q) lost or added characters: %q", s, joined.String())
		}
		Clip(s, 10, width)
	})
}

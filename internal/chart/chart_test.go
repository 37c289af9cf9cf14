package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/paper/font"
)

// The inks are the colours of the style sheet, in both themes.
func TestInksAreThoseOfThePage(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("../web/ui/assets/looks.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(css), "[data-theme=dark] {")
	if !ok {
		t.Fatal("looks.css has no dark theme where the test looks")
	}
	for theme, sheet := range map[Theme]string{Light: light, Dark: dark} {
		for ink := range values {
			found := regexp.MustCompile(`--` + string(ink) + `:(#[0-9A-F]{6});`).FindStringSubmatch(sheet)
			if found == nil || found[1] != ink.paint(theme) {
				t.Errorf("%s %s is %s, the page has %v", theme, ink, ink.paint(theme), found)
			}
		}
	}
}

func TestFigure(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, unit string
		digits    int
		v         float64
		want      string
	}{
		{"a rate", "%", 2, 94.9396, "94.94%"}, {"thousands have commas", "件", 0, 249947, "249,947 件"},
		{"a million", "", 0, 1234567, "1,234,567"}, {"no figure is a dash, not 0", "%", 1, math.NaN(), "—"},
		{"a rounded nothing has no sign", "", 1, -0.01, "0.0"}, {"below zero", "", 1, -1234.5, "-1,234.5"}, {"no end", "", 0, math.Inf(1), "—"},
	} {
		if got := (Frame{Unit: c.unit, Digits: c.digits}).figure(c.v); got != c.want {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

func TestTicksHoldTheFigures(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]float64{{0, 1}, {0, 100}, {88.1, 95.9}, {94.9, 94.91}, {5, 5}, {-3, 1e9}, {0, 0.0001}, {1e15 - 1, 1e15}, {-1e15, 1e15}} {
		all := ticks(c[0], c[1])
		if len(all) < 2 || len(all) > 9 || all[0] > c[0] || all[len(all)-1] < c[1]-1e-6 {
			t.Errorf("ticks(%v, %v) = %v", c[0], c[1], all)
		}
	}
}

// Every drawing is well formed, has its role, title and description, holds
// nothing that a strict policy stops, and is the same each time.
func TestSVG(t *testing.T) {
	t.Parallel()
	for name, d := range gallery() {
		p, err := d.Draw()
		if err != nil {
			t.Fatal(err)
		}
		got := p.SVG(Page)
		for dec := xml.NewDecoder(bytes.NewReader(got)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if !bytes.Contains(got, []byte(`role="img"`)) || !bytes.Contains(got, []byte("<title>"+p.Title+"</title><desc>")) || p.Desc == "" {
			t.Errorf("%s has no role, title or description: %.200s", name, got)
		}
		if bad := regexp.MustCompile(`style|<script|href|class="[^c]|NaN|Inf`).Find(got); bad != nil {
			t.Errorf("%s holds %s", name, bad)
		}
		again, _ := gallery()[name].Draw()
		if !bytes.Equal(got, again.SVG(Page)) {
			t.Errorf("%s is drawn differently the second time", name)
		}
		if dark := p.SVG(Dark); bytes.Contains(dark, []byte("var(")) || !bytes.Contains(dark, []byte("#19211F")) {
			t.Errorf("%s: a dark file of its own asks for a page's colours or has no ground", name)
		}
	}
}

// Nothing is drawn outside the picture, whatever its width: text would be cut off.
func TestAllStandsInside(t *testing.T) {
	t.Parallel()
	for name, d := range gallery() {
		for _, width := range []int{1, 240, 320, 720, 5000} {
			p, err := narrow(d, width).Draw()
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range p.Shapes {
				if l, top, r, b := bounds(s); l < -0.01 || top < -0.01 || r > p.Width+0.01 || b > p.Height+0.01 {
					t.Errorf("%s at %d: %s %q reaches %.1f %.1f %.1f %.1f of %v by %v", name, width, s.Kind, s.Text, l, top, r, b, p.Width, p.Height)
				}
			}
		}
	}
}

func narrow(d drawing, width int) drawing {
	switch d := d.(type) {
	case Line:
		d.Width = width
		return d
	case Bars:
		d.Width = width
		return d
	case Stack:
		d.Width = width
		return d
	}
	return d
}

func bounds(s Shape) (left, top, right, bottom float64) {
	switch s.Kind {
	case Box:
		return s.X, s.Y, s.X + s.W, s.Y + s.H
	case Dot:
		return s.X - s.W, s.Y - s.W, s.X + s.W, s.Y + s.W
	case Text:
		wide := font.Width(s.Text, s.Size)
		x := s.X - map[Anchor]float64{Middle: wide / 2, End: wide}[s.Anchor]
		return x, s.Y - s.Size*font.Ascent, x + wide, s.Y + s.Size*font.Descent
	}
	left, top, right, bottom = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range s.Points {
		left, top, right, bottom = min(left, p.X), min(top, p.Y), max(right, p.X), max(bottom, p.Y)
	}
	return left, top, right, bottom
}

// A late bar is told by a triangle and a word too, not by its colour alone.
func TestLateIsNotColourAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang  lang.Lang
		words map[clock.Signal]string
		want  string
	}{{lang.ZH, nil, "超期"}, {lang.EN, nil, "late"}, {lang.ZH, map[clock.Signal]string{clock.Late: "未达标"}, "未达标"}} {
		p, err := Bars{Frame: Frame{Title: "t", Lang: c.lang}, Rows: []Bar{{Label: "a", Value: 1, Signal: clock.Late}, {Label: "b", Value: 2}}, Words: c.words}.Draw()
		if err != nil {
			t.Fatal(err)
		}
		triangles, said := 0, false
		for _, s := range p.Shapes {
			if s.Kind == Area && len(s.Points) == 3 {
				triangles++
			}
			said = said || s.Text == c.want
		}
		if triangles != 2 || !said || !strings.Contains(p.Desc, c.want+" 1") {
			t.Errorf("%s: %d triangles, want one at the bar and one with the word %q (%v); %s", c.lang, triangles, c.want, said, p.Desc)
		}
	}
}

// Bars are as long as their figures, from zero: half is half.
func TestBarsBeginAtZero(t *testing.T) {
	t.Parallel()
	p, err := Bars{Rows: []Bar{{Value: 98}, {Value: 49}, {Value: 0}, {Value: -5}, {Value: math.NaN()}}}.Draw()
	if err != nil {
		t.Fatal(err)
	}
	var long []float64
	for _, s := range p.Shapes {
		if s.Kind == Box {
			long = append(long, s.W)
		}
	}
	if len(long) != 2 || math.Abs(long[0]-2*long[1]) > 1e-9 {
		t.Errorf("bars %v, want two, the first twice the second", long)
	}
}

// A missing month breaks the line; it is not drawn as zero.
func TestGapsAreNotZero(t *testing.T) {
	t.Parallel()
	p, err := Line{Periods: make([]string, 5), Series: []Series{{Values: []float64{90, 91, math.NaN(), 92, 93}}}, Frame: Frame{Unit: "%"}}.Draw()
	if err != nil {
		t.Fatal(err)
	}
	runs := 0
	for _, s := range p.Shapes {
		if s.Kind == Path && s.Ink == Main {
			runs++
		}
	}
	if runs != 2 {
		t.Errorf("%d pieces of line, want 2", runs)
	}
	for _, s := range p.Shapes {
		if s.Text == "0%" {
			t.Error("the scale goes down to zero for a month without figures")
		}
	}
}

// The shares of a row fill it, and are printed as what they are.
func TestStackFillsItsRow(t *testing.T) {
	t.Parallel()
	p, err := Stack{Frame: Frame{Unit: "件"}, Parts: []Part{{Name: "a"}, {Name: "b"}}, Rows: []Row{{"x", []float64{30, 10, 99}}, {"y", []float64{math.NaN(), -1}}}}.Draw()
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, s := range p.Shapes {
		if s.Kind == Text {
			said = append(said, s.Text)
		}
	}
	if got := strings.Join(said, " "); got != "a b x 40 件 75% 25% y 0 件" {
		t.Errorf("said %q", got)
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	for why, d := range map[string]drawing{
		"bars": Bars{Rows: make([]Bar, MostBars+1)}, "rows": Stack{Rows: make([]Row, MostBars+1)}, "parts": Stack{Rows: make([]Row, 1), Parts: make([]Part, MostParts+1)},
		"periods": Line{Periods: make([]string, MostPeriods+1)}, "series": Line{Series: make([]Series, MostSeries+1)}, "values": Spark{Values: make([]float64, MostPeriods+1)},
	} {
		if _, err := d.Draw(); !errors.Is(err, errs.TooLarge) {
			t.Errorf("too many %s: %v, want too large", why, err)
		}
	}
	if _, err := (Bars{Rows: make([]Bar, MostBars)}).Draw(); err != nil {
		t.Errorf("as many as may be: %v", err)
	}
}

func TestPNG(t *testing.T) {
	t.Parallel()
	p, err := Bars{Frame: Frame{Title: "桂香"}, Rows: []Bar{{Label: "𠮷", Value: 5, Signal: clock.Late}}}.Draw()
	if err != nil {
		t.Fatal(err)
	}
	for theme, ground := range map[Theme]color.RGBA{Light: {0xFF, 0xFF, 0xFF, 0xFF}, Dark: {0x19, 0x21, 0x1F, 0xFF}} {
		b, err := p.PNG(theme, 2)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := p.PNG(theme, 2)
		m, err := png.Decode(bytes.NewReader(b))
		if err != nil || !bytes.Equal(b, again) {
			t.Fatalf("%s: %v, or other bytes the second time", theme, err)
		}
		if got := m.Bounds().Size(); got != image.Pt(int(2*p.Width), int(2*p.Height)) {
			t.Errorf("%s: %v dots", theme, got)
		}
		counts := map[color.RGBA]int{}
		for y := range m.Bounds().Dy() {
			for x := range m.Bounds().Dx() {
				r, g, b, a := m.At(x, y).RGBA()
				counts[color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}]++
			}
		}
		late, title := counts[Late.Color(theme)], counts[Strong.Color(theme)]
		if counts[ground] < 10000 || late < 5000 || title < 100 {
			t.Errorf("%s: %d dots of ground, %d late, %d of the title", theme, counts[ground], late, title)
		}
	}
	if _, err := p.PNG(Light, math.NaN()); err != nil {
		t.Errorf("a scale that is no number: %v", err)
	}
}

func FuzzChart(f *testing.F) {
	f.Add("按时率\u202e<script>", "a\x00&\"'\xff", 3.5, -1.0, 12, 320)
	f.Add("", "", math.NaN(), math.Inf(1), 0, 0)
	f.Add(strings.Repeat("长", 10000), "𠮷سلام", 1e300, 1e15, 100, -7)
	f.Add(strings.Repeat("w", 10000), "\ufffe\ufffd", 5e-324, 0.0, 1, 1<<40)
	f.Fuzz(func(t *testing.T, title, label string, v, w float64, n, width int) {
		frame := Frame{Title: title, Unit: label, Width: width, Digits: n, Lang: lang.Lang(label)}
		n = min(max(n, 0), 60)
		line := Line{Frame: frame, Target: &w, Height: width, Series: []Series{{title, []float64{w, v, w}}, {label, nil}}}
		bars, stack := Bars{Frame: frame, Target: &v}, Stack{Frame: frame, Parts: []Part{{label, clock.Signal(label)}, {title, ""}, {"", clock.Late}}}
		for i := range n {
			line.Periods = append(line.Periods, label)
			line.Series[0].Values = append(line.Series[0].Values, v*float64(i))
			bars.Rows = append(bars.Rows, Bar{label, v / float64(i), title, clock.Signal([]string{"", "late", "near", "hold", label}[i%5])})
			stack.Rows = append(stack.Rows, Row{label, []float64{v, w, float64(i), v}})
		}
		for _, d := range []drawing{line, bars, stack, Spark{Frame: frame, Values: []float64{v, w, v}}} {
			p, err := d.Draw()
			if err != nil {
				t.Fatalf("%T: %v", d, err)
			}
			svg := p.SVG(Page)
			if err := xml.Unmarshal(svg, new(struct{})); err != nil || bytes.Contains(svg, []byte("NaN")) && !strings.Contains(title+label, "NaN") {
				t.Errorf("%T is not well formed: %v", d, err)
			}
			if _, err := p.PNG(Dark, 1); err != nil {
				t.Errorf("%T: %v", d, err)
			}
		}
	})
}

func ExampleBars() {
	p, err := Bars{Frame: Frame{Title: "按时办结率", Unit: "%", Digits: 1}, Rows: []Bar{{Label: "古桥街道", Value: 71.2, Signal: clock.Late}, {Label: "桂香街道", Value: 98.2}}}.Draw()
	if err != nil {
		panic(err)
	}
	fmt.Println(p.Desc)
	// Output: 共 2 行；最高：桂香街道 98.2%；最低：古桥街道 71.2%；超期 1
}

package paper

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/signintech/gopdf"

	"linli/internal/chart"
	"linli/internal/errs"
	"linli/internal/paper/font"
)

// Bytes is the file. Too long a paper is refused as TooLarge.
func (p *Paper) Bytes() (_ []byte, err error) {
	defer errs.Wrap(&err, "paper.Bytes(%s)", p.options.Title)
	if p.err != nil {
		return nil, p.err
	}
	g := &gopdf.GoPdf{}
	g.Start(gopdf.Config{PageSize: gopdf.Rect{W: pageWidth, H: pageHeight}})
	if err := g.AddTTFFontData("linli", font.Data()); err != nil {
		return nil, err
	}
	if err := g.SetFont("linli", "", bodySize); err != nil {
		return nil, err
	}
	for n, marks := range p.pages {
		g.AddPage()
		for _, m := range marks {
			if err := m(g); err != nil {
				return nil, err
			}
		}
		if err := p.footer(g, n+1); err != nil {
			return nil, err
		}
	}
	file, err := g.GetBytesPdfReturnErr()
	if err != nil {
		return nil, err
	}
	return p.named(file)
}

// footer says whose paper it is and which page.
func (p *Paper) footer(g *gopdf.GoPdf, n int) error {
	const y = pageHeight - 50
	c := chart.Rule.Color(chart.Light)
	g.SetStrokeColor(c.R, c.G, c.B)
	g.SetLineWidth(0.5)
	g.Line(side, y, side+width, y)
	said := fmt.Sprintf(p.options.Lang.Pick("第 %d 页，共 %d 页", "Page %d of %d"), n, len(p.pages))
	wide := font.Width(said, smallSize)
	whose := font.Clip(font.Shown(p.options.Footer), smallSize, width-wide-20)
	if err := set(g, side, y+16, smallSize, chart.Faint, whose); err != nil {
		return err
	}
	return set(g, side+width-wide, y+16, smallSize, chart.Faint, said)
}

// The parts of gopdf's file that are carried over: its catalogue, which is object
// 1, and the end.
var (
	catalogShape = regexp.MustCompile(`(?s)\n1 0 obj\n<<\n(.*?)>>\nendobj`)
	endShape     = regexp.MustCompile(`(?s)trailer\n<<\n/Size (\d+)\n.*startxref\n(\d+)\n%%EOF\n$`)
)

// named adds what gopdf cannot write: the language of the text and the wish that
// a reader's window shows the title. It does so as the standard has changes
// written, after the end: object 1 again, a new object with the facts of
// the file, and a list of both (ISO 32000-1, 7.5.6).
func (p *Paper) named(file []byte) ([]byte, error) {
	catalog, end := catalogShape.FindSubmatch(file), endShape.FindSubmatch(file)
	if catalog == nil || end == nil {
		return nil, fmt.Errorf("paper: gopdf's file is not made as expected")
	}
	size, err := strconv.Atoi(string(end[1]))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(file)
	out := bytes.NewBuffer(file)
	at := [2]int{}
	at[0] = out.Len()
	fmt.Fprintf(out, "1 0 obj\n<<\n%s  /Lang (%s)\n  /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n", catalog[1], p.options.Lang.Tag())
	at[1] = out.Len()
	fmt.Fprintf(out, "%d 0 obj\n<< /Title %s /Creator (linli)%s >>\nendobj\n", size, hex(font.Line(p.options.Title)), made(p.options.Made))
	list := out.Len()
	fmt.Fprintf(out, "xref\n1 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n", at[0], size, at[1])
	fmt.Fprintf(out, "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R /Prev %s /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n", size+1, size, end[2], sum[:16], sum[:16], list)
	return out.Bytes(), nil
}

// hex writes text as PDF wants it outside pages.
func hex(s string) string {
	var out strings.Builder
	out.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&out, "%04X", u)
	}
	out.WriteString(">")
	return out.String()
}

// made is the date of the file with its distance from Greenwich.
func made(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " /CreationDate (D:" + t.UTC().Format("20060102150405") + "Z)"
}

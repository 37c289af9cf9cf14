package ui_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"linli/internal/lang"
	"linli/internal/web/ui"
)

// draw renders a component by itself.
func draw(t *testing.T, c templ.Component) *html.Node {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// words is the text within a node.
func words(n *html.Node) (all string) {
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			all += d.Data
		}
	}
	return all
}

func TestRatingBeginsWithNone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why     string
		chosen  int
		checked []string
	}{
		{"a real form has no grade chosen", 0, nil},
		{"the best is 5", 5, []string{"5"}},
		{"the worst is 1", 1, []string{"1"}},
		{"a number that is no grade chooses none", 6, nil},
	} {
		doc := draw(t, ui.Rating(lang.ZH, "grade", "评价", c.chosen))
		var checked []string
		for _, n := range all(doc, "input[type=radio][checked]") {
			checked = append(checked, attr(n, "value"))
		}
		if diff := cmp.Diff(c.checked, checked); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.why, diff)
		}
		if got := len(all(doc, "input[type=radio]")); got != 5 {
			t.Errorf("%s: got %d grades, want the five official ones", c.why, got)
		}
	}
}

func TestFieldTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	doc := draw(t, ui.Input(ui.Field{Name: "addr", Label: "地址", Hint: "门牌号", Err: "请写到门牌号"}, "text"))
	input := all(doc, "input")[0]
	for _, c := range []struct{ why, name, want string }{
		{"hint and mistake are read out with the field", "aria-describedby", "addr-hint addr-err"},
		{"the field is known to be wrong", "aria-invalid", "true"},
		{"the label hangs on it", "id", "addr"},
	} {
		if got := attr(input, c.name); got != c.want {
			t.Errorf("%s: %s: got %q, want %q", c.why, c.name, got, c.want)
		}
	}
	for _, id := range strings.Fields(attr(input, "aria-describedby")) {
		if len(all(doc, "#"+id)) != 1 {
			t.Errorf("aria-describedby names %q, which is not there", id)
		}
	}
	if clean := draw(t, ui.Input(ui.Field{Name: "addr", Label: "地址"}, "text")); has(all(clean, "input")[0], "aria-invalid") {
		t.Error("a field without a mistake is called wrong")
	}
}

// TestErrorSummaryLandsOnTheField holds that every kind of control carries the
// id that the summary links to.
func TestErrorSummaryLandsOnTheField(t *testing.T) {
	t.Parallel()
	f := ui.Field{ID: "it", Name: "n", Label: "一", Err: "不对"}
	for name, c := range map[string]templ.Component{
		"Input": ui.Input(f, "text"), "Textarea": ui.Textarea(f, 2), "Select": ui.Select(f, "", nil),
		"Choices": ui.Choices(f, []ui.Option{{Value: "a"}, {Value: "b"}}), "Check": ui.Check(f, false),
		"File": ui.File(lang.ZH, ui.FileField{Field: f}),
	} {
		if got := len(all(draw(t, c), "#it")); got != 1 {
			t.Errorf("%s: got %d elements with the field's id, want 1", name, got)
		}
	}
	if got := len(all(draw(t, ui.ErrorSummary(lang.ZH, nil)), ".note")); got != 0 {
		t.Error("a form without mistakes has a summary")
	}
}

// TestErrorSummarySaysNoMoreThanItKnows holds that a mistake without a label or
// without a field is drawn without the mark or the link of one.
func TestErrorSummarySaysNoMoreThanItKnows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why  string
		l    lang.Lang
		one  ui.FieldError
		want string
		link int
	}{
		{"label and what to do", lang.ZH, ui.FieldError{ID: "a", Label: "地址", Text: "写全"}, "地址：写全", 1},
		{"English has its own mark", lang.EN, ui.FieldError{ID: "a", Label: "Address", Text: "In full"}, "Address: In full", 1},
		{"no label, no mark", lang.ZH, ui.FieldError{ID: "a", Text: "写全"}, "写全", 1},
		{"no field, no link", lang.ZH, ui.FieldError{Text: "写全"}, "写全", 0},
	} {
		doc := draw(t, ui.ErrorSummary(c.l, []ui.FieldError{c.one}))
		if got := strings.TrimSpace(words(all(doc, "li")[0])); got != c.want {
			t.Errorf("%s: got %q, want %q", c.why, got, c.want)
		}
		if got := len(all(doc, "a")); got != c.link {
			t.Errorf("%s: got %d links, want %d", c.why, got, c.link)
		}
	}
}

func TestNotesStandInTheirOwnBrackets(t *testing.T) {
	t.Parallel()
	for note, want := range map[string]string{"可不写": "电话 （可不写）", "optional": "电话  (optional)"} {
		if got := strings.TrimSpace(words(all(draw(t, ui.Input(ui.Field{Name: "n", Label: "电话", Note: note}, "text")), "label")[0])); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTextIsNeverMarkup(t *testing.T) {
	t.Parallel()
	const hostile = `"><script>alert(1)</script>`
	for name, c := range map[string]templ.Component{
		"Button": ui.Button(ui.Btn{Label: hostile, Value: hostile, Name: "n"}),
		"Signal": ui.Signal(ui.Late, hostile),
		"Input":  ui.Input(ui.Field{Name: "n", Label: hostile, Value: hostile, Err: hostile}, "text"),
		"Trail":  ui.Trail(true, ui.TrailEntry{Who: hostile, What: hostile, Detail: hostile}),
		"Lead":   ui.Lead(lang.ZH, ui.LeadView{Number: hostile, Title: hostile}),
		"Link":   ui.Crumbs(lang.ZH, ui.Link{Text: hostile, Href: "javascript:alert(1)"}),
		"Queue":  ui.Queue(lang.ZH, hostile, "#peek", []ui.QueueRow{{ID: hostile, Matter: hostile, Href: "javascript:alert(1)"}}),
	} {
		doc := draw(t, c)
		if len(all(doc, "script")) > 0 {
			t.Errorf("%s: text became a script", name)
		}
		for _, a := range all(doc, "a[href]") {
			if strings.HasPrefix(attr(a, "href"), "javascript:") {
				t.Errorf("%s: a link runs a script", name)
			}
		}
	}
}

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, got, want string }{
		{"thousands are marked", ui.Number(1284), "1,284"},
		{"a small number is not", ui.Number(284), "284"},
		{"two marks", ui.Number(1000000), "1,000,000"},
		{"a loss keeps its sign outside", ui.Number(-284), "-284"},
		{"an empty list says so", ui.ShownOf(lang.ZH, 0, 0, 0), "没有符合的"},
		{"rows are counted", ui.ShownOf(lang.ZH, 1, 50, 1284), "第 1–50 件，共 1,284 件"},
		{"one mistake is not several", ui.ToMend(lang.EN, 1), "One thing to correct"},
		{"several are counted", ui.ToMend(lang.ZH, 3), "有 3 处要改"},
		{"steps are counted from one", ui.StepOf(lang.ZH, 2, 4), "第 2 步，共 4 步"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.why, c.got, c.want)
		}
	}
	for _, l := range []lang.Lang{lang.ZH, lang.EN} {
		if missing := ui.MissingWords(l); len(missing) > 0 {
			t.Errorf("%s: no words for %v", l, missing)
		}
	}
}

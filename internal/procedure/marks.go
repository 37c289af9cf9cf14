package procedure

import (
	"maps"
	"slices"
	"strconv"

	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// Mark is a judgement of quality that whoever acts may note, such as whether
// the reporter was contacted. It can always be left out.
type Mark struct {
	Name    string
	Title   lang.Text
	Options []MarkOption // in the order of the file
}

// MarkOption is one answer to a mark.
type MarkOption struct {
	Name   string
	Title  lang.Text
	Worth  float64 // 0 to 1
	Counts bool    // false: noted, and left out of every count
}

// Option finds an answer by its name.
func (m Mark) Option(name string) (MarkOption, bool) {
	i := slices.IndexFunc(m.Options, func(o MarkOption) bool { return o.Name == name })
	if i < 0 {
		return MarkOption{}, false
	}
	return m.Options[i], true
}

// Marks are the marks of a district.
type Marks struct {
	All []Mark // in the order of the file
}

// Mark finds a mark by its name.
func (m *Marks) Mark(name string) (Mark, bool) {
	if m == nil {
		return Mark{}, false
	}
	i := slices.IndexFunc(m.All, func(k Mark) bool { return k.Name == name })
	if i < 0 {
		return Mark{}, false
	}
	return m.All[i], true
}

// Check refuses a mark that the action does not ask for, and an answer that
// the mark does not have. An empty answer is none.
func (m *Marks) Check(asked []string, given map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if given[name] == "" {
			continue
		}
		mark, ok := m.Mark(name)
		if !ok || !slices.Contains(asked, name) {
			return errs.New(errs.Invalid, "这里不评“%s”。", "“%s” is not asked here.", sheet.Clip(name)).At("mark." + name)
		}
		if _, ok := mark.Option(given[name]); !ok {
			return errs.New(errs.Invalid, "“%[1]s”没有“%[2]s”这一档。", "“%[3]s” has no answer “%[2]s”.", mark.Title.ZH, sheet.Clip(given[name]), mark.Title.EN).At("mark." + name)
		}
	}
	return nil
}

// ParseMarks reads and checks a file of marks. It returns everything it found
// fault with; the marks are nil unless all of that are warnings.
func ParseMarks(source []byte, file string) (*Marks, []sheet.Finding) {
	r := &reader{sheet.Tree{File: file}}
	m := &Marks{}
	r.book(source, "marks", func(at sheet.Pair) {
		k := Mark{Name: r.Name(at.Key, "marks")}
		f := r.Fields(at.Value, k.Name, "title", "options")
		k.Title = r.title(f["title"], at.Key, lang.Text{})
		if f["options"] != nil {
			for _, o := range r.Pairs(f["options"], "options") {
				k.Options = append(k.Options, r.option(o))
			}
		}
		if len(k.Options) < 2 {
			r.Bad(at.Key, "options", "“%s”至少要有两档。", "“%s” has fewer than two answers.", k.Name)
		}
		m.All = append(m.All, k)
	})
	if r.Failed() {
		return nil, r.Findings
	}
	return m, r.Findings
}

func (r *reader) option(at sheet.Pair) MarkOption {
	o := MarkOption{Name: r.Name(at.Key, "options")}
	f := r.Fields(at.Value, o.Name, "title", "worth")
	o.Title = r.title(f["title"], at.Key, lang.Text{})
	switch w := r.Word(f["worth"], "worth"); w {
	case "none":
	default:
		worth, err := strconv.ParseFloat(w, 64)
		if err != nil || !(worth >= 0 && worth <= 1) {
			r.Bad(cmpNode(f["worth"], at.Key), "worth", "worth 写 0 到 1 的数，或 none。", "worth is a number from 0 to 1, or none.")
		}
		o.Worth, o.Counts = worth, true
	}
	return o
}

package measure

import (
	"errors"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// maxNodes bounds a formula; the longest that ships has about thirty.
const maxNodes = 200

// condition turns a condition (asked for with expr.AsBool) or a worth (with
// expr.AsFloat64) over items of a grain into a function.
func condition(source string, over Over, marks []string, option expr.Option) (part[*Item], uses, *fault) {
	known := map[string]*field{}
	for _, f := range fields() {
		known[f.name] = &f
	}
	tree, bad := check(source, itemEnv(&Item{}), option, func(name string) (text lang.Text) { return unsuited(name, known, over) })
	if bad != nil {
		return part[*Item]{}, uses{}, bad
	}
	t := turner[*Item]{
		name: func(name string) (part[*Item], bool) {
			f := known[name]
			if f == nil {
				return part[*Item]{}, false
			}
			return f.read(), true
		},
		mark: func(name string) (part[*Item], bool) {
			return part[*Item]{number: func(it *Item) float64 { return it.worth(name) }}, slices.Contains(marks, name)
		},
		holds: func(name string) []string {
			if f := known[name]; f != nil {
				return f.holds(over)
			}
			return nil
		},
	}
	p := t.turn(tree)
	return p, t.uses, t.fault
}

// scoring turns a score over the one value of a figure into a function.
func scoring(source, value string) (part[float64], *fault) {
	tree, bad := check(source, map[string]any{value: 0.0}, expr.AsFloat64(), func(name string) (text lang.Text) {
		if name != value {
			text = lang.T("分数只能由 %[2]s 算出来，没有“%[1]s”。", "A score is made of %[2]s alone; there is no “%[1]s”.", sheet.Clip(name), value)
		}
		return text
	})
	if bad != nil {
		return part[float64]{}, bad
	}
	t := turner[float64]{
		name: func(name string) (part[float64], bool) {
			return part[float64]{number: func(v float64) float64 { return v }}, name == value
		},
		holds: func(string) []string { return nil },
	}
	return t.turn(tree), t.fault
}

// itemEnv is an item as expr sees it.
func itemEnv(it *Item) map[string]any {
	env := map[string]any{"mark": it.worth}
	for _, f := range fields() {
		switch {
		case f.text != nil:
			env[f.name] = *f.text(it)
		case f.truth != nil:
			env[f.name] = *f.truth(it)
		default:
			env[f.name] = *f.number(it)
		}
	}
	return env
}

// read is the field as a piece of a formula.
func (f *field) read() part[*Item] {
	switch {
	case f.text != nil:
		return part[*Item]{text: func(it *Item) string { return *f.text(it) }}
	case f.truth != nil:
		return part[*Item]{truth: func(it *Item) bool { return *f.truth(it) }}
	}
	return part[*Item]{number: func(it *Item) float64 { return float64(*f.number(it)) }}
}

// unsuited says what is wrong with a name in a condition, if anything is.
func unsuited(name string, known map[string]*field, over Over) lang.Text {
	f := known[name]
	if f != nil && f.suits(over) {
		return lang.Text{}
	}
	var may []string
	for _, f := range fields() {
		if f.suits(over) {
			may = append(may, f.name)
		}
	}
	list := strings.Join(may, ", ")
	if f == nil {
		return lang.T("没有“%s”这一项。%s 可以问：%s, mark(…)。", "There is no field “%s”. Of %s one may ask: %s, mark(…).", sheet.Clip(name), string(over), list)
	}
	return lang.T("“%s”对 %s 没有意义。可以问：%s, mark(…)。", "“%s” means nothing for %s. One may ask: %s, mark(…).", name, string(over), list)
}

// check parses a formula and checks its names and types. Names are looked at
// first, so that a wrong one is told in the author's language.
func check(source string, env map[string]any, option expr.Option, wrong func(string) lang.Text) (ast.Node, *fault) {
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, unread(err)
	}
	names := nameWalk{wrong: wrong}
	ast.Walk(&tree.Node, &names)
	if names.fault != nil {
		return nil, names.fault
	}
	program, err := expr.Compile(source, expr.Env(env), option, expr.MaxNodes(maxNodes), expr.Optimize(false),
		expr.DisableAllBuiltins(), expr.DisableIfOperator())
	if err != nil {
		return nil, unread(err)
	}
	return program.Node(), nil
}

// unread is a fault in expr's own English: it knows the place.
func unread(err error) *fault {
	var at *file.Error
	if errors.As(err, &at) {
		return &fault{at.Column, lang.T("公式写错了：%s", "The formula is wrong: %s", at.Message)}
	}
	return &fault{0, lang.T("公式写错了：%s", "The formula is wrong: %s", err.Error())}
}

// nameWalk finds the first name that may not stand in a formula.
type nameWalk struct {
	wrong func(string) lang.Text
	fault *fault
}

func (w *nameWalk) Visit(node *ast.Node) {
	n, ok := (*node).(*ast.IdentifierNode)
	if !ok || n.Value == "mark" || w.fault != nil {
		return
	}
	if text := w.wrong(n.Value); !text.IsZero() {
		w.fault = &fault{n.Location().From, text}
	}
}

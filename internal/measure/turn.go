package measure

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"linli/internal/lang"
	"linli/internal/sheet"
)

// part is a piece of a formula as a Go function of E, which is an *Item for a
// condition and the value for a score. One of the three is set. A formula is
// asked of every entry of a year, and a function answers tens of times faster
// than the machine of expr would.
type part[E any] struct {
	text   func(E) string
	number func(E) float64
	truth  func(E) bool
	fixed  bool // the same for every E
}

// fault is what is wrong with a formula, and where in its source.
type fault struct {
	column int
	text   lang.Text
}

// turner turns the checked tree of a formula into functions. It knows less
// than expr: what it does not know is refused, so nothing in a formula can
// loop, allocate or fail.
type turner[E any] struct {
	name  func(string) (part[E], bool)
	mark  func(string) (part[E], bool) // nil where formulas know no marks
	holds func(field string) []string  // all that a field can be; nil where anything
	uses  uses
	fault *fault
}

// uses is what a formula reads, and what it compares it with.
type uses struct {
	fields  []string
	marks   []string
	texts   map[string][]string  // by field
	numbers map[string][]float64 // by field, or mark() of a name
	loose   bool                 // it calculates with fields, so that the values above do not tell all
}

func (t *turner[E]) wrong(n ast.Node, zh, en string, args ...any) part[E] {
	if t.fault == nil {
		t.fault = &fault{n.Location().From, lang.T(zh, en, args...)}
	}
	return part[E]{fixed: true}
}

func (t *turner[E]) turn(n ast.Node) part[E] {
	switch n := n.(type) {
	case *ast.BoolNode:
		return part[E]{truth: func(E) bool { return n.Value }, fixed: true}
	case *ast.StringNode:
		return part[E]{text: func(E) string { return n.Value }, fixed: true}
	case *ast.IntegerNode:
		return t.constant(n, float64(n.Value))
	case *ast.FloatNode:
		return t.constant(n, n.Value)
	case *ast.IdentifierNode:
		t.uses.fields = add(t.uses.fields, n.Value)
		p, ok := t.name(n.Value)
		if !ok {
			return t.wrong(n, "公式里不能用这种写法。", "A formula may not use this.")
		}
		return p
	case *ast.UnaryNode:
		return t.unary(n)
	case *ast.BinaryNode:
		return t.binary(n)
	case *ast.ConditionalNode:
		return t.choice(n)
	case *ast.CallNode:
		return t.call(n)
	}
	return t.wrong(n, "公式里不能用这种写法。", "A formula may not use this.")
}

// maxNumber bounds the numbers in a formula, so that no sum of them overflows.
const maxNumber = 1_000_000

func (t *turner[E]) constant(n ast.Node, v float64) part[E] {
	if v > maxNumber || v != v {
		return t.wrong(n, "公式里的数不能超过 %d。", "A number in a formula may not be over %d.", maxNumber)
	}
	return part[E]{number: func(E) float64 { return v }, fixed: true}
}

func (t *turner[E]) unary(n *ast.UnaryNode) part[E] {
	p := t.turn(n.Node)
	switch n.Operator {
	case "not", "!":
		return part[E]{truth: func(e E) bool { return !p.truth(e) }, fixed: p.fixed}
	case "-":
		return part[E]{number: func(e E) float64 { return -p.number(e) }, fixed: p.fixed}
	case "+":
		return p
	}
	return t.wrong(n, "公式里不能用“%s”。", "A formula may not use “%s”.", n.Operator)
}

func (t *turner[E]) binary(n *ast.BinaryNode) part[E] {
	if n.Operator == "in" {
		return t.among(n)
	}
	a, b := t.turn(n.Left), t.turn(n.Right)
	t.compares(n)
	fixed := a.fixed && b.fixed
	switch n.Operator {
	case "and", "&&":
		return part[E]{truth: func(e E) bool { return a.truth(e) && b.truth(e) }, fixed: fixed}
	case "or", "||":
		return part[E]{truth: func(e E) bool { return a.truth(e) || b.truth(e) }, fixed: fixed}
	case "==":
		return equal(a, b, fixed)
	case "!=":
		same := equal(a, b, fixed)
		return part[E]{truth: func(e E) bool { return !same.truth(e) }, fixed: fixed}
	case "startsWith":
		return part[E]{truth: func(e E) bool { return strings.HasPrefix(a.text(e), b.text(e)) }, fixed: fixed}
	case "<", "<=", ">", ">=":
		if a.number == nil && t.fault == nil {
			return t.wrong(n, "只有数可以比大小。", "Only numbers can be less or more.")
		}
		return part[E]{truth: ordered(n.Operator, a.number, b.number), fixed: fixed}
	case "+", "-", "*", "/":
		return t.sum(n, a, b, fixed)
	}
	return t.wrong(n, "公式里不能用“%s”。", "A formula may not use “%s”.", n.Operator)
}

func equal[E any](a, b part[E], fixed bool) part[E] {
	p := part[E]{fixed: fixed}
	switch {
	case a.text != nil:
		p.truth = func(e E) bool { return a.text(e) == b.text(e) }
	case a.number != nil:
		p.truth = func(e E) bool { return a.number(e) == b.number(e) }
	default:
		p.truth = func(e E) bool { return a.truth(e) == b.truth(e) }
	}
	return p
}

func ordered[E any](operator string, a, b func(E) float64) func(E) bool {
	switch operator {
	case "<":
		return func(e E) bool { return a(e) < b(e) }
	case "<=":
		return func(e E) bool { return a(e) <= b(e) }
	case ">":
		return func(e E) bool { return a(e) > b(e) }
	}
	return func(e E) bool { return a(e) >= b(e) }
}

func (t *turner[E]) sum(n *ast.BinaryNode, a, b part[E], fixed bool) part[E] {
	if (a.number == nil || b.number == nil) && t.fault == nil {
		return t.wrong(n, "只有数可以加减乘除。", "Only numbers can be added or multiplied.")
	}
	p := part[E]{fixed: fixed}
	t.uses.loose = t.uses.loose || !fixed
	switch n.Operator {
	case "+":
		p.number = func(e E) float64 { return a.number(e) + b.number(e) }
	case "-":
		p.number = func(e E) float64 { return a.number(e) - b.number(e) }
	case "*":
		p.number = func(e E) float64 { return a.number(e) * b.number(e) }
	default:
		var zero E
		if !b.fixed || t.fault != nil || b.number(zero) == 0 {
			return t.wrong(n, "只能除以不是零的数：除数不能是零，也不能是会变成零的东西。", "Divide by a number that is not zero only: not by zero, nor by what may become it.")
		}
		p.number = func(e E) float64 { return a.number(e) / b.number(e) }
	}
	return p
}

// among is x in ["a", "b"].
func (t *turner[E]) among(n *ast.BinaryNode) part[E] {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok || len(list.Nodes) == 0 {
		return t.wrong(n, "in 后面写一串值，例如 [\"event\", \"component\"]。", "After in comes a list of values, such as [\"event\", \"component\"].")
	}
	a := t.turn(n.Left)
	var is []part[E]
	for _, c := range list.Nodes {
		b := t.turn(c)
		if !b.fixed || (a.text == nil) != (b.text == nil) || (a.number == nil) != (b.number == nil) {
			return t.wrong(c, "in 后面的值要和前面是一类。", "The values after in must be like what stands before it.")
		}
		t.compares(&ast.BinaryNode{Operator: "==", Left: n.Left, Right: c})
		is = append(is, equal(a, b, false))
	}
	return part[E]{truth: func(e E) bool {
		return slices.ContainsFunc(is, func(p part[E]) bool { return p.truth(e) })
	}, fixed: a.fixed}
}

// choice is c ? a : b.
func (t *turner[E]) choice(n *ast.ConditionalNode) part[E] {
	c, a, b := t.turn(n.Cond), t.turn(n.Exp1), t.turn(n.Exp2)
	p := part[E]{fixed: c.fixed && a.fixed && b.fixed}
	switch {
	case a.number != nil && b.number != nil:
		p.number = func(e E) float64 {
			if c.truth(e) {
				return a.number(e)
			}
			return b.number(e)
		}
	case a.truth != nil && b.truth != nil:
		p.truth = func(e E) bool {
			if c.truth(e) {
				return a.truth(e)
			}
			return b.truth(e)
		}
	default:
		return t.wrong(n, "问号后面的两个值要么都是数，要么都是真假。", "The two values after ? are both numbers, or both conditions.")
	}
	return p
}

// call is mark("answer-quality").
func (t *turner[E]) call(n *ast.CallNode) part[E] {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok || callee.Value != "mark" || t.mark == nil || len(n.Arguments) != 1 {
		return t.wrong(n, "公式里不能用这种写法。", "A formula may not use this.")
	}
	name, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		return t.wrong(n, "mark 后面写一个评语的名称，例如 mark(\"answer-quality\")。", "After mark comes the name of a mark, such as mark(\"answer-quality\").")
	}
	p, ok := t.mark(name.Value)
	if !ok {
		return t.wrong(n.Arguments[0], "没有“%s”这个评语。", "There is no mark “%s”.", sheet.Clip(name.Value))
	}
	t.uses.marks = add(t.uses.marks, name.Value)
	return p
}

// compares remembers what a field is compared with: the values between which
// an answer may change.
func (t *turner[E]) compares(n *ast.BinaryNode) {
	if !slices.Contains([]string{"==", "!=", "<", "<=", ">", ">=", "startsWith"}, n.Operator) {
		return
	}
	left, right := operand(n.Left), operand(n.Right)
	for _, side := range [][2]string{{left, right}, {right, left}} {
		if side[0] == "" {
			continue
		}
		for _, other := range []ast.Node{n.Left, n.Right} {
			switch v := other.(type) {
			case *ast.StringNode:
				t.uses.text(side[0], v.Value)
				if known := t.holds(side[0]); n.Operator != "startsWith" && len(known) > 0 && !slices.Contains(known, v.Value) {
					t.wrong(v, "%s 不会是“%s”。可以写：%s。", "%s is never “%s”. One may write: %s.", side[0], sheet.Clip(v.Value), strings.Join(known, ", "))
				}
			case *ast.IntegerNode:
				t.uses.number(side[0], float64(v.Value))
			case *ast.FloatNode:
				t.uses.number(side[0], v.Value)
			}
		}
	}
}

// operand names the field or mark that a side of a comparison is.
func operand(n ast.Node) string {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value
	case *ast.CallNode:
		if len(n.Arguments) == 1 {
			if s, ok := n.Arguments[0].(*ast.StringNode); ok {
				return markKey(s.Value)
			}
		}
	}
	return ""
}

func markKey(mark string) string { return "mark(" + mark + ")" }

func (u *uses) text(of, v string) {
	if u.texts == nil {
		u.texts = map[string][]string{}
	}
	u.texts[of] = add(u.texts[of], v)
}

func (u *uses) number(of string, v float64) {
	if u.numbers == nil {
		u.numbers = map[string][]float64{}
	}
	u.numbers[of] = add(u.numbers[of], v)
}

// join adds what another formula uses.
func (u *uses) join(o uses) {
	u.loose = u.loose || o.loose
	for _, f := range o.fields {
		u.fields = add(u.fields, f)
	}
	for _, m := range o.marks {
		u.marks = add(u.marks, m)
	}
	for of, all := range o.texts {
		for _, v := range all {
			u.text(of, v)
		}
	}
	for of, all := range o.numbers {
		for _, v := range all {
			u.number(of, v)
		}
	}
}

func add[T comparable](all []T, v T) []T {
	if slices.Contains(all, v) {
		return all
	}
	return append(all, v)
}

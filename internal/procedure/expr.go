package procedure

import (
	"errors"
	"maps"
	"slices"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// A condition is small by nature; these bounds stop one that is not.
const (
	maxNodes  = 200
	maxMemory = 10_000
)

// facts are what a condition may ask about a case, each with the value it has
// where nothing is known. Their types are what conditions are checked against.
func facts() map[string]any {
	return map[string]any{
		"matter":    "",    // code of the matter
		"kind":      "",    // component, event, consult, help, ...
		"urgency":   "",    // A to F
		"channel":   "",    // portal, hotline, counter, ...
		"area":      "",    // code of the area
		"secret":    false, // the reporter's name is kept from the unit
		"danger":    false, // the reporter said people may be hurt
		"reachable": false, // there is somebody to ask: a reporter who can be told
		"reports":   0,     // how many reports the case gathers
		"grade":     0,     // the last rating, 1 to 5; 0 for none
		"round":     1,     // 1 the first time through, 2 after the first rework
	}
}

// FactNames lists the names a condition may use, for those who write one.
func FactNames() []string {
	return slices.Sorted(maps.Keys(facts()))
}

// compile checks a condition against the known facts. On failure it says
// where in the source (0-based column), and what, in expr's English.
func compile(source string) (prog *vm.Program, column int, problem string) {
	prog, err := expr.Compile(source, expr.Env(facts()), expr.AsBool(), expr.MaxNodes(maxNodes),
		expr.DisableAllBuiltins(), expr.DisableIfOperator())
	if err == nil {
		return prog, 0, ""
	}
	var at *file.Error
	if errors.As(err, &at) {
		return nil, at.Column, at.Message
	}
	return nil, 0, err.Error()
}

// holds evaluates the action's condition; an action without one always holds.
// A condition that cannot be evaluated does not hold: a case then takes the
// careful way, or the action is not offered.
func (a *Action) holds(s State) bool {
	if a.cond == nil {
		return true
	}
	env := facts()
	for name, zero := range env {
		env[name] = like(zero, s.Facts[name])
	}
	env["round"] = s.Round()
	machine := vm.VM{MemoryBudget: maxMemory}
	out, err := machine.Run(a.cond, env)
	yes, _ := out.(bool)
	return err == nil && yes
}

// like gives v in the type of zero, or zero where it is of another. Numbers
// that went through JSON come back as float64.
func like(zero, v any) any {
	switch zero.(type) {
	case string:
		if s, ok := v.(string); ok {
			return s
		}
	case bool:
		if b, ok := v.(bool); ok {
			return b
		}
	case int:
		switch n := v.(type) {
		case int:
			return n
		case int64:
			return int(n)
		case float64:
			return int(n)
		}
	}
	return zero
}

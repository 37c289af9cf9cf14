package ladder

import (
	"go.yaml.in/yaml/v3"

	"linli/internal/clock"
	"linli/internal/sheet"
)

// reader reads a rulebook in which there are limits.
type reader struct{ sheet.Tree }

// limit reads a limit such as “1 working-days”; none is the zero one.
func (r *reader) limit(n *yaml.Node, field string) clock.Limit {
	w := r.Word(n, field)
	if n == nil || w == "" {
		return clock.Limit{}
	}
	l, err := clock.ParseLimit(w)
	if err != nil || l.N == 0 {
		r.Bad(n, field, "时限“%s”不行：要有数和单位，例如 1 working-days、30 minutes。", "The limit “%s” will not do: it has a number and a unit, for example 1 working-days, 30 minutes.", sheet.Clip(w))
		return clock.Limit{}
	}
	return l
}

package procedure

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"linli/internal/clock"
	"linli/internal/sheet"
)

// maxSteps bounds a procedure that people can still follow.
const maxSteps = 100

// reader reads a procedure, or the rules about pauses and marks.
type reader struct{ sheet.Tree }

// count reads a whole number from 0 to limit.
func (r *reader) count(n *yaml.Node, field string, limit int) int {
	w := r.Word(n, field)
	if w == "" {
		return 0
	}
	v, err := strconv.Atoi(w)
	if err != nil || v < 0 || v > limit {
		r.Bad(n, field, "要写 0 到 %d 的整数。", "A whole number from 0 to %d is expected.", limit)
		return 0
	}
	return v
}

// limit reads a limit such as “5 working-days”.
func (r *reader) limit(n *yaml.Node, field string) *clock.Limit {
	w := r.Word(n, field)
	if w == "" {
		return nil
	}
	l, err := clock.ParseLimit(w)
	if err != nil {
		r.Bad(n, field, "时限“%s”看不懂：要有数和单位，例如 5 working-days、30 minutes。", "The limit “%s” is not understood: it has a number and a unit, for example 5 working-days, 30 minutes.", sheet.Clip(w))
		return nil
	}
	return &l
}

// role reads the name of a known role.
func (r *reader) role(n *yaml.Node, field string) Role {
	role := Role(r.Name(n, field))
	if role != "" && role.Title().IsZero() {
		var all []string
		for _, k := range Roles() {
			all = append(all, string(k))
		}
		known := strings.Join(all, ", ")
		r.Bad(n, field, "没有“%s”这个角色。可以写：%s。", "There is no role “%s”. One may write: %s.", string(role), known)
	}
	return role
}

package rights

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"linli/internal/sheet"
)

// rolesMost bounds a table that an auditor still reads.
const rolesMost = 60

// reader reads roles.yaml.
type reader struct{ sheet.Tree }

// Parse reads and checks which roles there are. It returns everything it found
// fault with, in the order of the file; the book is nil unless all of that are
// warnings.
func Parse(source []byte, file string) (*Book, []sheet.Finding) {
	r := &reader{sheet.Tree{File: file}}
	b := r.book(r.Document(source))
	if r.Failed() {
		return nil, r.Sorted()
	}
	return b, r.Sorted()
}

func (r *reader) book(n *yaml.Node) *Book {
	if n == nil {
		return nil
	}
	b := &Book{byName: map[string]int{}, can: map[Right]map[string]bool{}}
	f := r.Fields(n, "", "roles", "exclusive")
	pairs := r.Pairs(f["roles"], "roles")
	if len(pairs) == 0 || len(pairs) > rolesMost {
		r.Bad(n, "roles", "角色要有 1 到 %d 个。", "There are 1 to %d roles.", rolesMost)
	}
	for _, p := range pairs {
		role := r.role(p)
		b.byName[role.Name] = len(b.roles)
		b.roles = append(b.roles, role)
		for _, right := range role.Rights {
			if b.can[right] == nil {
				b.can[right] = map[string]bool{}
			}
			b.can[right][role.Name] = true
		}
	}
	b.exclusive = r.exclusive(f["exclusive"], b)
	r.apart(n, b)
	return b
}

func (r *reader) role(p sheet.Pair) Role {
	f := r.Fields(p.Value, p.Key.Value, "title", "rights", "second-factor")
	role := Role{Name: r.Name(p.Key, "roles"), Title: r.Text(f["title"], p.Key, "title")}
	if n := f["rights"]; n == nil || n.Kind != yaml.SequenceNode {
		r.Bad(p.Key, "rights", "没写这个角色的权限（rights），没有就写 []。", "The rights of this role are missing; write [] for none.")
	} else {
		for _, c := range n.Content {
			right := Right(r.Word(c, "rights"))
			switch {
			case !right.Known():
				r.Bad(c, "rights", "没有“%s”这项权限。", "There is no right “%s”.", sheet.Clip(string(right)))
			case slices.Contains(role.Rights, right):
				r.Bad(c, "rights", "“%s”写了两次。", "“%s” is written twice.", string(right))
			default:
				role.Rights = append(role.Rights, right)
			}
		}
	}
	slices.Sort(role.Rights)
	role.Second = r.Yes(f["second-factor"], "second-factor", false)
	return role
}

// exclusive reads groups of roles of which nobody holds two.
func (r *reader) exclusive(n *yaml.Node, b *Book) (groups [][]string) {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.Bad(n, "exclusive", "这里要写成一组一组的角色。", "Groups of roles are expected here.")
		return nil
	}
	for _, c := range n.Content {
		group := r.Names(c, "exclusive")
		for _, name := range group {
			if _, ok := b.byName[name]; !ok {
				r.Bad(c, "exclusive", "没有“%s”这个角色。", "There is no role “%s”.", name)
			}
		}
		if len(group) < 2 {
			r.Bad(c, "exclusive", "一组至少两个角色。", "A group has two roles at least.")
		}
		groups = append(groups, group)
	}
	return groups
}

// administrations are the three that one person may never join: who sets up,
// who gives rights, who audits. No pack can lift this.
var administrations = []Right{SetupImport, PostKeep, AuditSee} // never changed

// apart refuses a book in which one role has two of the administrations, or in
// which two roles that have them are not exclusive.
func (r *reader) apart(n *yaml.Node, b *Book) {
	if r.Failed() {
		return
	}
	for i, one := range administrations {
		for _, other := range administrations[i+1:] {
			for _, role := range b.Holders(one) {
				if b.Can(other, role) {
					r.Bad(n, role, "“%[1]s”不能既%[2]s又%[3]s：系统、安全、审计三个管理员要分开。", "“%[1]s” cannot have both “%[4]s” and “%[5]s”: system, security and audit administration are three roles.",
						role, one.Title().ZH, other.Title().ZH, one.Title().EN, other.Title().EN)
				}
				for _, second := range b.Holders(other) {
					if role != second && !b.Exclusive(role, second) {
						r.Bad(n, role, "“%s”和“%s”要写进同一组 exclusive：一个人不能两样都当。", "“%s” and “%s” belong in one exclusive group: nobody is both.", role, second)
					}
				}
			}
		}
	}
}

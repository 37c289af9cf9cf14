package rights

import (
	"slices"

	"linli/internal/lang"
)

// Role is what a post is for, and what its holder may do.
type Role struct {
	Name   string
	Title  lang.Text
	Rights []Right // sorted
	// Second says that its holders sign in with a second factor.
	Second bool
}

// Book says which roles there are. It never changes.
type Book struct {
	roles     []Role // in reading order
	byName    map[string]int
	can       map[Right]map[string]bool
	exclusive [][]string
}

// Can reports whether one of the roles has the right. An unknown right is
// nobody's.
func (b *Book) Can(want Right, roles ...string) bool {
	having := b.can[want]
	for _, role := range roles {
		if having[role] {
			return true
		}
	}
	return false
}

// Second reports whether a holder of one of the roles needs a second factor.
func (b *Book) Second(roles ...string) bool {
	return slices.ContainsFunc(roles, func(name string) bool {
		i, ok := b.byName[name]
		return ok && b.roles[i].Second
	})
}

// Exclusive reports whether nobody may hold both roles at the same time.
func (b *Book) Exclusive(one, other string) bool {
	return one != other && slices.ContainsFunc(b.exclusive, func(group []string) bool {
		return slices.Contains(group, one) && slices.Contains(group, other)
	})
}

// Roles gives every role in reading order.
func (b *Book) Roles() []Role { return slices.Clone(b.roles) }

// Role finds a role.
func (b *Book) Role(name string) (Role, bool) {
	i, ok := b.byName[name]
	if !ok {
		return Role{}, false
	}
	return b.roles[i], true
}

// Holders lists the roles that have a right, in reading order.
func (b *Book) Holders(want Right) (names []string) {
	for _, r := range b.roles {
		if b.Can(want, r.Name) {
			names = append(names, r.Name)
		}
	}
	return names
}

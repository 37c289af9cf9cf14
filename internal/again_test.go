package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// A transaction that lost against another one, or that shared a commit with one
// that failed, is run again (package db). So what it sets outside itself it must
// not have read before: on the second run it would read what the first one left.
func TestTransactionsMayRunAgain(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, name := range leftOver(s.tree) {
			t.Errorf("%s: a transaction reads %s, which an earlier run of it has set: give what comes out a name of its own", s.name, name)
		}
	}
}

func TestLeftOver(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, body string
		want      []string
	}{
		{"what goes in comes out changed", "w(func(tx *db.Tx) (err error) { p, err = f(p); return err })", []string{"p"}},
		{"a list grows with each run", "w(func(tx *db.Tx) error { all = append(all, 1); return nil })", []string{"all"}},
		{"a count goes on", "w(func(tx *db.Tx) error { n++; return nil })", []string{"n"}},
		{"a sum goes on", "w(func(tx *db.Tx) error { n += 2; return nil })", []string{"n"}},
		{"a field is set that was read", "w(func(tx *db.Tx) error { f(p); p.x = 1; return nil })", []string{"p"}},
		{"begun anew", "w(func(tx *db.Tx) error { n = 0; n++; return nil })", nil},
		{"set first, read after", "w(func(tx *db.Tx) error { q = f(p); g(q); return nil })", nil},
		{"its own", "w(func(tx *db.Tx) error { n := 0; n++; return nil })", nil},
		{"its error", "w(func(tx *db.Tx) error { err = f(err); return err })", nil},
		{"no transaction", "w(func(x int) { n++ })", nil},
	} {
		tree, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc x() {"+c.body+"}", parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := leftOver(tree); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.why, got, c.want)
		}
	}
}

// leftOver are the names that the transactions of a file read before they set
// them, though they are not their own.
func leftOver(tree *ast.File) (names []string) {
	ast.Inspect(tree, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok && inTransaction(lit.Type) {
			own := ownNames(lit)
			for name, at := range firstSet(lit.Body) {
				if !own[name] && readBefore(lit.Body, name, at) {
					names = append(names, name)
				}
			}
		}
		return true
	})
	slices.Sort(names)
	return names
}

func inTransaction(f *ast.FuncType) bool {
	return slices.ContainsFunc(f.Params.List, func(p *ast.Field) bool {
		star, ok := p.Type.(*ast.StarExpr)
		if !ok {
			return false
		}
		sel, ok := star.X.(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "Tx"
	})
}

// ownNames are the names a function makes itself; err is always its own, since
// nothing goes on with an old one.
func ownNames(lit *ast.FuncLit) map[string]bool {
	own := map[string]bool{"err": true, "_": true}
	names := func(list ...ast.Expr) {
		for _, e := range list {
			if id, ok := e.(*ast.Ident); ok {
				own[id.Name] = true
			}
		}
	}
	ast.Inspect(lit, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, id := range n.Names {
				own[id.Name] = true
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				own[id.Name] = true
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				names(n.Lhs...)
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				names(n.Key, n.Value)
			}
		}
		return true
	})
	return own
}

// setting is the first statement that sets a name, and the places in it that
// only set it.
type setting struct {
	stmt ast.Stmt
	only []*ast.Ident
}

func firstSet(body *ast.BlockStmt) map[string]setting {
	first := map[string]setting{}
	set := func(s ast.Stmt, left ast.Expr, only bool) {
		id := rootOf(left)
		if id == nil {
			return
		}
		one, had := first[id.Name]
		if !had {
			one.stmt = s
		}
		if only && one.stmt == s {
			one.only = append(one.only, id)
		}
		first[id.Name] = one
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				set(n, left, n.Tok == token.ASSIGN)
			}
		case *ast.IncDecStmt:
			set(n, n.X, false)
		}
		return true
	})
	return first
}

// rootOf is the name that a place belongs to: p of p.x[1].
func rootOf(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return nil
		}
	}
}

func readBefore(body *ast.BlockStmt, name string, at setting) (found bool) {
	fields := map[*ast.Ident]bool{} // x of p.x is no name of its own
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			fields[n.Sel] = true
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok {
				fields[id] = true
			}
		case *ast.Ident:
			found = found || n.Name == name && !fields[n] && n.Pos() < at.stmt.End() && !slices.Contains(at.only, n)
		}
		return true
	})
	return found
}

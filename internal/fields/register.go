package fields

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"linli/internal/lang"
)

// Class is how far a field may go.
type Class string

// The classes.
const (
	Public    Class = "public"    // may be published
	Internal  Class = "internal"  // the district's own
	Personal  Class = "personal"  // says something of a person (个人信息)
	Sensitive Class = "sensitive" // 敏感个人信息, and whatever lets somebody in
)

// Title names the class for a person.
func (c Class) Title() lang.Text {
	switch c {
	case Public:
		return lang.T("可公开", "public")
	case Personal:
		return lang.T("个人信息", "personal")
	case Sensitive:
		return lang.T("敏感", "sensitive")
	}
	return lang.T("内部", "internal")
}

// Whose is whom a field is about.
type Whose string

// The ones a field may be about.
const (
	OfResident Whose = "resident"
	OfStaff    Whose = "staff"
	OfBoth     Whose = "both" // residents and staff
	OfUnit     Whose = "unit"
	OfNobody   Whose = "none"
)

// Title names whom a field is about.
func (w Whose) Title() lang.Text {
	switch w {
	case OfResident:
		return lang.T("居民", "residents")
	case OfStaff:
		return lang.T("工作人员", "staff")
	case OfBoth:
		return lang.T("居民和工作人员", "residents and staff")
	case OfUnit:
		return lang.T("单位", "units")
	}
	return lang.T("不关人", "nobody")
}

// Field is one stored column.
type Field struct {
	Table   string
	Column  string
	Class   Class
	Whose   Whose
	Purpose lang.Text
	Basis   lang.Text // statute and article
	Keep    string    // a rule of keeping
	Sealed  bool
	Why     lang.Text // why one that says something of a person is not sealed
	Engine  string    // sqlite or postgres where one alone has it; empty for both
}

//go:embed fields.yaml
var source []byte

// file is fields.yaml as it is written.
type file struct {
	Bases   map[string]lang.Text `yaml:"bases"`
	Reasons map[string]lang.Text `yaml:"reasons"`
	Tables  map[string]table     `yaml:"tables"`
}

type table struct {
	Purpose lang.Text `yaml:"purpose"`
	Basis   string    `yaml:"basis"`
	Keep    string    `yaml:"keep"`
	Columns []group   `yaml:"columns"`
}

// group is columns that share everything.
type group struct {
	Class  Class    `yaml:"class"`
	Whose  Whose    `yaml:"whose"`
	Keep   string   `yaml:"keep"` // empty: the table's
	Sealed bool     `yaml:"sealed"`
	Why    string   `yaml:"why"`
	Engine string   `yaml:"engine"`
	Of     []string `yaml:"of"`
}

// register is read once; the file is part of the program, and a test reads it.
var register = sync.OnceValue(func() []Field {
	all, err := parseRegister(source)
	if err != nil {
		panic("fields: " + err.Error())
	}
	return all
})

// Register lists every stored column, by table.
func Register() []Field { return slices.Clone(register()) }

// Of lists the columns of a table.
func Of(table string) []Field {
	return slices.DeleteFunc(Register(), func(f Field) bool { return f.Table != table })
}

// parseRegister reads the register and refuses a column that says too little.
func parseRegister(source []byte) (all []Field, err error) {
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true)
	var f file
	if err := dec.Decode(&f); err != nil {
		return nil, err
	}
	for name, t := range f.Tables {
		for _, g := range t.Columns {
			for _, column := range g.Of {
				one := Field{Table: name, Column: column, Class: g.Class, Whose: g.Whose, Purpose: t.Purpose, Basis: f.Bases[t.Basis],
					Keep: g.Keep, Sealed: g.Sealed, Why: f.Reasons[g.Why], Engine: g.Engine}
				if one.Keep == "" {
					one.Keep = t.Keep
				}
				if err := one.check(); err != nil {
					return nil, fmt.Errorf("%s.%s: %w", name, column, err)
				}
				all = append(all, one)
			}
		}
	}
	slices.SortFunc(all, func(a, b Field) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Column, b.Column))
	})
	for i := 1; i < len(all); i++ {
		if all[i].Table == all[i-1].Table && all[i].Column == all[i-1].Column {
			return nil, fmt.Errorf("%s.%s stands twice", all[i].Table, all[i].Column)
		}
	}
	return all, nil
}

// check refuses a column of which too little is said.
func (f *Field) check() error {
	_, kept := kinds[f.Keep]
	about := f.Whose == OfResident || f.Whose == OfStaff || f.Whose == OfBoth
	switch {
	case !slices.Contains([]Class{Public, Internal, Personal, Sensitive}, f.Class):
		return fmt.Errorf("class %q", f.Class)
	case !slices.Contains([]Whose{OfResident, OfStaff, OfBoth, OfUnit, OfNobody}, f.Whose):
		return fmt.Errorf("whose %q", f.Whose)
	case !whole(f.Purpose):
		return fmt.Errorf("no purpose")
	case !whole(f.Basis):
		return fmt.Errorf("no legal basis")
	case !kept:
		return fmt.Errorf("kept by the rule %q, which there is not", f.Keep)
	case f.Class == Personal && !about:
		return fmt.Errorf("personal, and nobody's")
	case (f.Class == Personal || f.Class == Sensitive) && !f.Sealed && !whole(f.Why):
		return fmt.Errorf("%s, not sealed, and no reason", f.Class)
	case f.Engine != "" && f.Engine != "sqlite" && f.Engine != "postgres":
		return fmt.Errorf("engine %q", f.Engine)
	}
	return nil
}

func whole(t lang.Text) bool { return t.ZH != "" && t.EN != "" }

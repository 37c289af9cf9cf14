package page

import (
	"slices"
	"strings"

	"linli/internal/fields"
	"linli/internal/lang"
	"linli/internal/web/ui"
)

// RegisterTable is one table of the register of stored fields.
type RegisterTable struct {
	Name    string
	Purpose lang.Text
	Basis   lang.Text
	Fields  []fields.Field
}

// RegisterOf lists the register's tables that hold a word, in any of their
// names, purposes and grounds; all of them for none.
func RegisterOf(word string) (all []RegisterTable) {
	word = strings.ToLower(strings.TrimSpace(word))
	for _, f := range fields.Register() {
		if n := len(all); n == 0 || all[n-1].Name != f.Table {
			all = append(all, RegisterTable{Name: f.Table, Purpose: f.Purpose, Basis: f.Basis})
		}
		last := &all[len(all)-1]
		last.Fields = append(last.Fields, f)
	}
	if word == "" {
		return all
	}
	return slices.DeleteFunc(all, func(t RegisterTable) bool { return !t.holds(word) })
}

func (t RegisterTable) holds(word string) bool {
	text := []string{t.Name, t.Purpose.ZH, t.Purpose.EN, t.Basis.ZH, t.Basis.EN}
	for _, f := range t.Fields {
		text = append(text, f.Column)
	}
	return strings.Contains(strings.ToLower(strings.Join(text, "\n")), word)
}

// keepText is how long a field is kept, from the district's own rulebook.
func keepText(v *View, rule string) string {
	k, ok := v.District.Catalogue.Privacy().KeepOf(rule)
	switch {
	case !ok:
		return rule
	case k.For.IsZero():
		return k.Title.In(v.Lang) + v.Say("：一直保存", ": for good")
	}
	return k.Title.In(v.Lang) + v.Say("：", ": ") + k.For.Text().In(v.Lang)
}

func registerColumns(v *View) []ui.Column {
	return []ui.Column{{Title: v.Say("列", "Columns")}, {Title: v.Say("级别", "Class")}, {Title: v.Say("谁的", "Whose")}, {Title: v.Say("保存", "Kept")}}
}

// registerRows gathers the columns that share a class, a person and a rule.
func (t RegisterTable) rows(v *View) (rows [][]ui.Cell) {
	type kind struct {
		class  fields.Class
		whose  fields.Whose
		keep   string
		sealed bool
	}
	names, order, why := map[kind][]string{}, []kind{}, map[kind]string{}
	for _, f := range t.Fields {
		k := kind{f.Class, f.Whose, f.Keep, f.Sealed}
		if names[k] == nil {
			order = append(order, k)
		}
		names[k] = append(names[k], f.Column)
		if !f.Why.IsZero() && !strings.Contains(why[k], f.Why.In(v.Lang)) {
			why[k] += f.Why.In(v.Lang) + " "
		}
	}
	for _, k := range order {
		class := k.class.Title().In(v.Lang)
		if k.sealed {
			class += v.Say("，加密", ", sealed")
		}
		rows = append(rows, []ui.Cell{{Text: strings.Join(names[k], ", "), Sub: why[k]}, {Text: class}, {Text: k.whose.Title().In(v.Lang)}, {Text: keepText(v, k.keep)}})
	}
	return rows
}

package move

// Blinds lists the blind indexes that are known, as table.column.
func Blinds() (all []string) {
	for _, b := range blinds {
		all = append(all, b.table+"."+b.column)
	}
	return all
}

// SealedColumns lists the columns that an export gives in clear when it is asked
// to, as table.column.
func SealedColumns() map[string]bool {
	all := map[string]bool{}
	for name, t := range sealedTables() {
		for _, c := range t.Columns {
			all[name+"."+c.Name] = true
		}
	}
	return all
}

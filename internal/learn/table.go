package learn

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
)

// Table is what a history taught: for every matter and area that had a case,
// up to Keep units in order. It does not change once learned, so any number of
// readers may share it.
type Table struct {
	cases int
	rows  map[Key][]Row
}

// Row is one learned rule. Share is between 0 and 1 and already leans on the
// wider counts: within one Key the greater share goes first, and a wider Key
// need only be asked where this one has no rows, or too few.
type Row struct {
	Key
	Unit  string
	Share float64
	Here  Evidence // what was counted at this key
	Best  Evidence // the narrowest count in which the unit appears; Here, mostly
}

// Evidence is a count that speaks for a unit: of the Of cases at Key, it dealt
// with Count. Above is how many levels of the matter tree lie between the key
// and the nearest case, 0 where cases are filed at the key itself.
type Evidence struct {
	Key
	Above     int
	Count, Of int
}

// Whole is the weight of a unit that dealt with everything.
const Whole = 10_000

// Weight is the share in ten-thousandths, the whole number that a rule
// carries. A row that is kept never weighs nothing.
func (r Row) Weight() int { return max(1, int(r.Share*Whole+0.5)) }

// Cases is how many examples the table was learned from.
func (t *Table) Cases() int { return t.cases }

// Rows returns every learned rule, by matter, area and then from the likeliest
// unit down, so that the same history always writes the same file.
func (t *Table) Rows() []Row {
	var all []Row
	for _, rows := range t.rows {
		all = append(all, rows...)
	}
	slices.SortFunc(all, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Matter, b.Matter), cmp.Compare(a.Area, b.Area),
			cmp.Compare(b.Share, a.Share), cmp.Compare(a.Unit, b.Unit))
	})
	return all
}

// WriteCSV writes the rules as a routing table that the catalogue imports:
// somebody reads it, strikes out what is wrong and adds what is missing.
func (t *Table) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	lines := [][]string{{"matter", "area", "unit", "reason", "reason_en", "weight"}}
	for _, r := range t.Rows() {
		why := r.Why()
		lines = append(lines, []string{r.Matter, r.Area, r.Unit, why.ZH, why.EN, strconv.Itoa(r.Weight())})
	}
	return out.WriteAll(lines) // flushes
}

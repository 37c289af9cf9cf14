package sheet

import "strings"

// tally counts the values that the rows of one distinct key bring, field by
// field.
type tally struct {
	rec    *Record
	counts []map[string]int
	values []map[string]value
	order  [][]string // values by first appearance, which breaks ties
}

// distinct lets the first record of each key through. Where the most frequent
// value is asked for, records are held back until all rows were seen.
func (w *mapper) distinct(rec *Record) (*Record, bool) {
	if w.mapping.distinct == "" {
		return rec, true
	}
	key := rec.Text(w.mapping.distinct)
	t := w.first[key]
	fresh := t == nil
	if fresh {
		t = &tally{rec: rec}
		w.first[key] = t
		w.order = append(w.order, t)
	}
	if w.mapping.most {
		t.count(rec)
		return nil, false
	}
	return rec, fresh
}

func (t *tally) count(rec *Record) {
	if t.counts == nil {
		t.counts = make([]map[string]int, len(rec.values))
		t.values = make([]map[string]value, len(rec.values))
		t.order = make([][]string, len(rec.values))
	}
	for i, v := range rec.values {
		if !v.set {
			continue
		}
		if t.counts[i] == nil {
			t.counts[i], t.values[i] = map[string]int{}, map[string]value{}
		}
		if t.counts[i][v.text] == 0 {
			t.values[i][v.text] = v
			t.order[i] = append(t.order[i], v.text)
		}
		t.counts[i][v.text]++
	}
}

// settleDistinct gives each held record its most frequent values, and notes
// where the source disagrees with itself.
func (w *mapper) settleDistinct() []*Record {
	if !w.mapping.most {
		return nil
	}
	all := make([]*Record, 0, len(w.order))
	for _, t := range w.order {
		for i := range t.order {
			best := ""
			for _, text := range t.order[i] {
				if best == "" || t.counts[i][text] > t.counts[i][best] {
					best = text
				}
			}
			if best == "" {
				continue
			}
			t.rec.values[i] = t.values[i][best]
			if len(t.order[i]) > 1 {
				w.report.add(Note, t.rec.At(w.schema[i].Name), w.schema[i].Name, "%s 有 %d 种写法，取最多的“%s”：%s", "%s has %d forms; the most frequent, “%s”, is taken: %s",
					t.rec.Text(w.mapping.distinct), len(t.order[i]), short(best), short(strings.Join(t.order[i], "；")))
			}
		}
		all = append(all, t.rec)
	}
	return all
}

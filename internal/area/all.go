package area

import "iter"

// All yields every area of the map, in no order.
func (m *Map) All() iter.Seq[Area] {
	return func(yield func(Area) bool) {
		for _, a := range m.areas {
			if !yield(a) {
				return
			}
		}
	}
}

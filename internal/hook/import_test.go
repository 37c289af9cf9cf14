package hook_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/feed"
	"linli/internal/hook"
	"linli/internal/trail"
)

// imported writes imports of so many areas as set-up does: many changes to an
// entry.
func (w *world) imported(many ...int) (ids []string) {
	w.t.Helper()
	var bundles []district.Bundle
	for _, n := range many {
		var all []district.Change
		for i := range n {
			all = append(all, district.Change{Code: fmt.Sprintf("990101001001%03d", i), How: district.Added, Facts: map[string]string{"name": "网格", "tier": "grid"}})
		}
		some, err := district.Bundles(all)
		w.must(err)
		bundles = append(bundles, some...)
	}
	w.do(func(tx *db.Tx) error {
		for i, b := range bundles {
			err := trail.Note(w.t.Context(), tx, code, trail.Setup, "areas", trail.Entry{Act: district.PublishedAct, Detail: map[string]string{"table": "areas", "changes": b.Text}})
			if err != nil {
				return err
			}
			for sub := range b.Many {
				ids = append(ids, fmt.Sprintf("setup-areas-%d-%03d", i+1, sub+1))
			}
		}
		return nil
	})
	w.change(0)
	return ids
}

// One entry of the trail that makes many events: each is a delivery of its own,
// in order and once, and one of them can be sent again by itself.
func TestAnImportArrives(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		to, other := newTarget(t), newTarget(t)
		h, secret := w.add(to.URL, feed.Area)
		w.add(other.URL, feed.Unit)
		want := w.imported(30, 620) // more than one transaction writes, and the bound lies within an entry
		w.run()
		if diff := cmp.Diff(want, to.ids()); diff != "" {
			t.Errorf("came (-want +got)\n%s", diff)
		}
		if err := to.verify(t, secret, 0); err != nil {
			t.Errorf("signature: %v", err)
		}
		if len(other.ids()) != 0 {
			t.Errorf("a hook for units heard %v", other.ids())
		}
		w.do(func(tx *db.Tx) error { return hook.Again(t.Context(), tx, code, h.ID, want[70], by) })
		w.run()
		if got := to.ids(); len(got) != len(want)+1 || got[len(want)] != want[70] {
			t.Errorf("sent again: %v, want %s", got[len(want):], want[70])
		}
	})
}

package privacy

import (
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/ident"
	"linli/internal/supervise"
	"linli/internal/trail"
)

// hiding hides names in what staff wrote, and leaves the rest of the sentence: it
// belongs to the record of the case.
func hiding(names []string) func(string) string {
	return func(text string) string { return ident.Without(text, names...) }
}

// staff takes the person out of what staff wrote about a case: of its ledger, of
// orders, meetings and appeals, where the name alone goes; and of the trails, where
// the words go whole, since an entry holds their hash.
func (w *work) staff(id casework.ID, names []string) error {
	code, hide := w.a.District.Code, hiding(names)
	if err := casework.Unname(w.ctx, w.tx, code, id, hide); err != nil {
		return err
	}
	watched, err := supervise.Unname(w.ctx, w.tx, code, id, hide)
	if err != nil {
		return err
	}
	scored, err := evaluate.Unname(w.ctx, w.tx, code, id, hide)
	if err != nil {
		return err
	}
	for _, subject := range append(append(watched, scored...), string(id)) {
		if err := w.words(subject, names); err != nil {
			return err
		}
	}
	return nil
}

// words erases from the trail of a subject what staff wrote and names the person.
// The entries stay and the trail still verifies: the words stood apart.
func (w *work) words(subject string, names []string) error {
	code := w.a.District.Code
	entries, err := trail.Of(w.ctx, w.tx, code, subject)
	if err != nil {
		return err
	}
	for _, e := range entries {
		for fact, text := range e.Detail {
			if !named(text, names) {
				continue
			}
			err := trail.Erase(w.ctx, w.tx, code, subject, e.Seq, fact, entryOf(w.a.By, "", map[string]string{"because": string(w.q.ID)}))
			switch {
			case err == nil:
				w.erased++
			case errs.KindOf(err) != errs.NotFound: // a fact of the act, which names nobody by its kind
				return err
			}
		}
	}
	return nil
}

package procedure

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"linli/internal/clock"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// Pauses are what a clock may be stopped for where a step of any procedure
// says "pause: approved".
type Pauses struct {
	Kinds []PauseKind // in the order of the file
}

// PauseKind is one reason to stop a clock.
type PauseKind struct {
	Name      string
	Title     lang.Text
	Most      clock.Limit // the longest it may be planned for, from when it was asked
	OnAccount bool        // counts neither for nor against being on time, and is listed openly
}

// Extension is the kind of a longer limit in the ledger; no pause has its name.
const Extension = "extension"

// Kind finds a kind of pause by its name.
func (p *Pauses) Kind(name string) (PauseKind, bool) {
	if p == nil {
		return PauseKind{}, false
	}
	i := slices.IndexFunc(p.Kinds, func(k PauseKind) bool { return k.Name == name })
	if i < 0 {
		return PauseKind{}, false
	}
	return p.Kinds[i], true
}

// All lists the kinds of pause, in the order of the file.
func (p *Pauses) All() []PauseKind {
	if p == nil {
		return nil
	}
	return slices.Clone(p.Kinds)
}

// ParsePauses reads and checks a file of kinds of pause. It returns everything
// it found fault with; the kinds are nil unless all of that are warnings.
func ParsePauses(source []byte, file string) (*Pauses, []sheet.Finding) {
	r := &reader{sheet.Tree{File: file}}
	p := &Pauses{}
	r.book(source, "pauses", func(at sheet.Pair) {
		k := PauseKind{Name: r.Name(at.Key, "pauses")}
		f := r.Fields(at.Value, k.Name, "title", "most", "on-account")
		k.Title = r.title(f["title"], at.Key, lang.Text{})
		if most := r.limit(f["most"], "most"); most != nil {
			k.Most = *most
		} else if f["most"] == nil {
			r.Bad(at.Key, "most", "“%s”没写最多停多久（most）。", "“%s” does not say how long it may be at most (most).", k.Name)
		}
		k.OnAccount = r.Yes(f["on-account"], "on-account", false)
		if k.Name == Extension {
			r.Bad(at.Key, "pauses", "“%s”是延期用的名字。", "“%s” is the name of longer limits.", k.Name)
		}
		p.Kinds = append(p.Kinds, k)
	})
	if r.Failed() {
		return nil, r.Findings
	}
	return p, r.Findings
}

// book reads a file whose one key holds named entries.
func (r *reader) book(source []byte, key string, each func(sheet.Pair)) {
	n := r.Document(source)
	if n == nil {
		return
	}
	var entries *yaml.Node
	if entries = r.Fields(n, "", key)[key]; entries == nil {
		r.Bad(n, key, "缺“%s”。", "“%s” is missing.", key)
		return
	}
	for _, one := range r.Pairs(entries, key) {
		each(one)
	}
}

package move

import (
	"encoding/json"
	"errors"

	"linli/internal/vault"
)

// renewal makes blind indexes anew under the keys of this place. Some stand
// beside the value they are made of; others were taken from such a one, and are
// found by what it was before.
type renewal struct {
	keys   *vault.Vault
	wanted map[string]string // of those that others took: before → now
	wrote  map[sent]string   // from where a report was sent, as its arrival has it
}

// newRenewal reads which indexes are borrowed. They are few: holds, and what
// people asked about their data.
func (l *loader) newRenewal() (*renewal, error) {
	re := &renewal{keys: l.in.Keys, wanted: map[string]string{}, wrote: map[sent]string{}}
	if !l.anew {
		return re, nil
	}
	for _, b := range blinds {
		if b.from != "" {
			continue
		}
		f, err := open(l.files, tableFolder+b.table+".jsonl")
		if err != nil {
			return nil, err
		}
		err = lines(f, func(n int, line []byte) error {
			var row map[string]json.RawMessage
			var value string
			if err := json.Unmarshal(line, &row); err != nil {
				return err
			}
			if err := json.Unmarshal(row[b.column], &value); err != nil {
				return err
			}
			if value != "" {
				re.wanted[value] = ""
			}
			if b.table == arrivals {
				return re.arrived(line)
			}
			return nil
		})
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
	}
	return re, nil
}

// row gives a row its indexes. One that was borrowed from a row that is gone
// stays as it was and finds nothing, as before.
func (re *renewal) row(t *table, cells []cell, plain map[string]string) {
	re.writer(t, cells, plain)
	for _, b := range blindsOf(t.name) {
		at := &cells[t.number[b.column]].text
		switch {
		case *at == "":
		case b.from == "":
			if now := re.wanted[*at]; now != "" {
				*at = now
			}
		default:
			now := b.make(re.keys, plain[b.from], func(column string) string { return cells[t.number[column]].text })
			if _, ok := re.wanted[*at]; ok && now != "" {
				re.wanted[*at] = now
			}
			*at = now
		}
	}
}

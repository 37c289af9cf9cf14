package move

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/vault"
)

// parametersMost bounds the values of one statement; SQLite takes 32,766.
const parametersMost = 8000

// table brings in the rows of one table.
func (l *loader) table(tx *db.Tx, name string, re *renewal) error {
	t, err := openTable(l.ctx, tx, name)
	if err != nil {
		return err
	}
	seal, err := l.sealing(t, re)
	if err != nil {
		return err
	}
	path := tableFolder + name + ".jsonl"
	f, err := open(l.files, path)
	if err != nil {
		return errors.Join(err, seal.close())
	}
	in := &inserter{tx: tx, t: t, most: max(1, parametersMost/len(t.columns))}
	cells := make([]cell, len(t.columns))
	rows := int64(0)
	err = lines(f, func(n int, line []byte) error {
		if err := parseRow(line, t.columns, t.number, cells); err != nil {
			return misread(path, n, err)
		}
		if got := cells[t.number["district"]].text; got != l.m.Linli.District {
			return misread(path, n, fmt.Errorf("it is of the district %q", got))
		}
		if err := seal.row(cells); err != nil {
			return misread(path, n, err)
		}
		if rows++; rows%often == 0 {
			l.in.Told(name, rows)
		}
		return in.add(l, cells)
	})
	if err = errors.Join(err, f.Close(), seal.close()); err != nil {
		return err
	}
	l.loaded.Tables[name] = rows
	if want, _ := l.m.resource(path); want.Rows != rows {
		return misread(path, int(rows), fmt.Errorf("the manifest says %d rows", want.Rows))
	}
	l.in.Told(name, rows)
	return in.flush(l)
}

// misread names the file and the line of what cannot be taken.
func misread(path string, line int, why error) error {
	if kind := errs.KindOf(why); kind != "" {
		return why
	}
	return errs.New(errs.Invalid, "%s 第 %d 行不对，没有导入任何东西。", "%s, line %d, is not right. Nothing was brought in.", path, line).Because(why)
}

// inserter writes rows many at a time.
type inserter struct {
	tx   *db.Tx
	t    *table
	most int
	args []any
	rows int
}

func (in *inserter) add(l *loader, cells []cell) error {
	for i, c := range in.t.columns {
		in.args = append(in.args, cells[i].value(c.Type))
	}
	if in.rows++; in.rows < in.most {
		return nil
	}
	return in.flush(l)
}

// flush sends what was gathered at once: a whole district must not wait in memory
// for the commit.
func (in *inserter) flush(l *loader) error {
	if in.rows == 0 {
		return nil
	}
	var names []string
	for _, c := range in.t.columns {
		names = append(names, quoted(c.Name))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "insert into %s (%s) values ", quoted(in.t.name), strings.Join(names, ", "))
	for r := range in.rows {
		if r > 0 {
			b.WriteByte(',')
		}
		for c := range names {
			if c == 0 {
				b.WriteByte('(')
			} else {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "$%d", r*len(names)+c+1)
		}
		b.WriteByte(')')
	}
	n, err := in.tx.Change(l.ctx, b.String(), in.args...)
	if err == nil && n != int64(in.rows) {
		err = fmt.Errorf("%d of %d rows were written to %s", n, in.rows, in.t.name)
	}
	in.args, in.rows = in.args[:0], 0
	return err
}

// sealing deals with what is sealed in the rows of a table.
type sealing struct {
	l     *loader
	t     *table
	of    vault.Table
	re    *renewal
	clear *follower // what the export has in clear; nil where sealed values stay
}

func (l *loader) sealing(t *table, re *renewal) (*sealing, error) {
	s := &sealing{l: l, t: t, of: sealedTables()[t.name], re: re}
	if !l.anew || len(s.of.Columns) == 0 {
		return s, nil
	}
	var err error
	s.clear, err = l.follow(clearFolder + t.name + ".jsonl.age")
	return s, err
}

func (s *sealing) close() error {
	if s.clear == nil {
		return nil
	}
	return s.clear.close()
}

// row sees that what is sealed opens here; under other keys it is sealed again
// and its blind indexes are made anew.
func (s *sealing) row(cells []cell) error {
	if !s.l.anew {
		for _, c := range s.of.Columns {
			if _, err := s.l.in.Keys.Reveal(s.l.m.Linli.District, c.Field, cells[s.t.number[c.Name]].text); err != nil {
				return err
			}
		}
		return nil
	}
	var plain map[string]string
	if s.clear != nil {
		var err error
		if plain, err = s.clear.next(); err != nil {
			return err
		}
	}
	for _, c := range s.of.Columns {
		value, ok := plain[c.Name]
		if !ok {
			return fmt.Errorf("%s is not there in clear", c.Name)
		}
		at := &cells[s.t.number[c.Name]].text
		if (*at == "") != (value == "") {
			return fmt.Errorf("%s: the row and what is there in clear differ", c.Name)
		}
		*at = s.l.in.Keys.Seal(s.l.m.Linli.District, c.Field, value)
	}
	s.re.row(s.t, cells, plain)
	return nil
}

// follower reads a file of clear values beside a table, line for line.
type follower struct {
	file io.Closer
	buf  *bufio.Reader
}

func (l *loader) follow(path string) (*follower, error) {
	f := &follower{}
	file, err := open(l.files, path)
	if err != nil {
		return nil, err
	}
	r, err := decrypted(file, l.in.Identities, path)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f.file, f.buf = file, bufio.NewReaderSize(r, bufferSize)
	return f, nil
}

func (f *follower) next() (plain map[string]string, err error) {
	line, err := f.buf.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("what is there in clear ends early: %w", err)
	}
	return plain, json.Unmarshal(line, &plain)
}

func (f *follower) close() error { return f.file.Close() }

package move

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"filippo.io/age"

	"linli/internal/db"
	"linli/internal/fields"
	"linli/internal/retain"
	"linli/internal/trail"
	"linli/internal/vault"
)

// counted is a writer that sums up what goes through it.
type counted struct {
	w   io.Writer
	n   int64
	sum hash.Hash
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	c.sum.Write(p[:n])
	return n, err
}

// table is a table as the database has it.
type table struct {
	name    string
	columns []db.Column
	number  map[string]int
}

func openTable(ctx context.Context, r db.Reader, name string) (*table, error) {
	columns, err := db.Columns(ctx, r, name)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		return nil, fmt.Errorf("there is no table %s", name)
	}
	t := &table{name, columns, map[string]int{}}
	for i, c := range columns {
		if types[c.Type] == "" {
			return nil, fmt.Errorf("%s.%s is of the type %s, which no export has", name, c.Name, c.Type)
		}
		t.number[c.Name] = i
	}
	return t, nil
}

// key are the columns of the primary key, in its order.
func (t *table) key() (key []db.Column) {
	for _, c := range t.columns {
		if c.Key > 0 {
			key = append(key, c)
		}
	}
	slices.SortFunc(key, func(a, b db.Column) int { return a.Key - b.Key })
	return key
}

// query reads the rows of a district in the order of the bytes of their key,
// which is the same on both engines.
//
// Differs because PostgreSQL sorts texts by the language of the database unless
// it is told not to.
func (t *table) query(engine db.Engine) string {
	var names, order []string
	for _, c := range t.columns {
		names = append(names, quoted(c.Name))
	}
	for _, c := range t.key() {
		by := quoted(c.Name)
		if engine == db.Postgres && c.Type == "text" {
			by += ` collate "C"`
		}
		order = append(order, by)
	}
	return "select " + strings.Join(names, ", ") + " from " + quoted(t.name) + " where district = $1 order by " + strings.Join(order, ", ")
}

// quoted is a name of ours in SQL.
func quoted(name string) string { return `"` + name + `"` }

// each reads every row of a district. The cells are used again for the next.
func (t *table) each(ctx context.Context, r db.Reader, district string, do func(cells []cell) error) error {
	cells := make([]cell, len(t.columns))
	dest := make([]any, len(t.columns))
	for i, c := range t.columns {
		dest[i] = cells[i].dest(c.Type)
	}
	return db.Scan(ctx, r, func(rows db.Rows) error {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		return do(cells)
	}, t.query(r.Engine()), district)
}

// schema says to others what the columns are.
func (t *table) schema() *Schema {
	s := &Schema{}
	of := map[string]fields.Field{}
	for _, f := range fields.Of(t.name) {
		of[f.Column] = f
	}
	for _, c := range t.columns {
		f := of[c.Name]
		s.Fields = append(s.Fields, Field{Name: c.Name, Type: types[c.Type], Description: f.Purpose.EN, Class: string(f.Class), Sealed: f.Sealed})
	}
	for _, c := range t.key() {
		s.PrimaryKey = append(s.PrimaryKey, c.Name)
	}
	return s
}

// often is after how many rows somebody is told.
const often = 10_000

func (e *exporter) table(r db.Reader, t *table) error {
	res := Resource{Name: strings.ReplaceAll(t.name, "_", "-"), Path: tableFolder + t.name + ".jsonl", Format: "jsonl", MediaType: "application/jsonl", Encoding: "utf-8", Schema: t.schema()}
	at := len(e.m.Resources)
	rows := int64(0)
	err := e.resource(res, func(w io.Writer) error {
		buf := bufio.NewWriterSize(w, bufferSize)
		var line []byte
		err := t.each(e.ctx, r, e.out.District, func(cells []cell) (err error) {
			if line, err = appendRow(line[:0], t.columns, cells); err != nil {
				return err
			}
			if rows++; rows%often == 0 {
				e.out.Told(t.name, rows)
			}
			_, err = buf.Write(line)
			return err
		})
		if err != nil {
			return err
		}
		return buf.Flush()
	})
	e.m.Resources[at].Rows = rows
	e.out.Told(t.name, rows)
	return err
}

// sealedTables are the tables with sealed columns, by name.
func sealedTables() map[string]vault.Table {
	all := map[string]vault.Table{}
	for _, t := range retain.Tables() {
		all[t.Name] = t
	}
	return all
}

// clear writes what is sealed in a table in clear, a line for each row of the
// table, encrypted to those who may read it.
func (e *exporter) clear(r db.Reader, t *table, s vault.Table) error {
	res := Resource{Name: "clear-" + strings.ReplaceAll(t.name, "_", "-"), Path: clearFolder + t.name + ".jsonl.age", Format: "age", MediaType: "application/octet-stream"}
	return e.resource(res, func(w io.Writer) error {
		return e.encrypted(w, func(w io.Writer) error {
			return t.each(e.ctx, r, e.out.District, func(cells []cell) error {
				plain := make(map[string]string, len(s.Columns))
				for _, c := range s.Columns {
					value, err := e.out.Keys.Reveal(e.out.District, c.Field, cells[t.number[c.Name]].text)
					if err != nil {
						return fmt.Errorf("the row%s: %w", keyOf(t.columns, cells), err)
					}
					plain[c.Name] = value
				}
				line, err := json.Marshal(plain)
				if err != nil {
					return err
				}
				_, err = w.Write(append(line, '\n'))
				return err
			})
		})
	})
}

// encrypted lets fill write to those who may read it.
func (e *exporter) encrypted(w io.Writer, fill func(w io.Writer) error) error {
	enc, err := age.Encrypt(w, e.out.ClearTo...)
	if err != nil {
		return err
	}
	buf := bufio.NewWriterSize(enc, bufferSize)
	if err := fill(buf); err != nil {
		return err
	}
	if err := buf.Flush(); err != nil {
		return err
	}
	return enc.Close()
}

// handed is what one installation hands to another beside the rows.
type handed struct {
	LogSeed []byte `json:"log_seed"` // signs the log of the trail
}

func (e *exporter) handOver() error {
	res := Resource{Name: "handed-over", Path: handedName, Format: "age", MediaType: "application/octet-stream"}
	return e.resource(res, func(w io.Writer) error {
		return e.encrypted(w, func(w io.Writer) error {
			return json.NewEncoder(w).Encode(handed{e.out.Keys.Derive(trail.Purpose(e.out.District))})
		})
	})
}

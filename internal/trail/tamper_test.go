package trail_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/trail"
)

// victim is the row that a tampering is about, by what a finding names it with.
type victim struct {
	subject string
	seq     int
	leaf    int64 // -1 for none
	size    int64
}

// named reports whether a finding says where it happened.
func (v victim) named(f trail.Finding) bool {
	switch {
	case v.subject != "":
		return f.Subject == v.subject && (f.Seq == v.seq || f.Seq == v.seq+1)
	case v.size > 0:
		return f.Kind == trail.Signed && f.Size == v.size || f.Kind == trail.Tree && f.Size == v.size
	}
	return f.Leaf <= v.leaf && v.leaf < max(f.Size, f.Leaf+1)
}

// tamperer changes a trail's tables behind linli's back.
type tamperer struct {
	*testing.T
	*rand.Rand
	tx     *db.Tx
	leaves int64
}

func (x *tamperer) exec(sql string, args ...any) {
	x.Helper()
	n, err := x.tx.Change(x.Context(), sql, args...)
	if err != nil {
		x.Fatalf("%s %v: %v", sql, args, err)
	}
	if n == 0 {
		x.Fatalf("%s %v met no row", sql, args)
	}
}

// entry picks an entry that is in the log.
func (x *tamperer) entry() victim {
	x.Helper()
	v, err := db.One(x.Context(), x.tx, func(v *victim) []any { return []any{&v.subject, &v.seq} },
		"select subject, seq from trail_leaves where district = $1 and leaf = $2", district, x.Int64N(x.leaves))
	if err != nil {
		x.Fatal(err)
	}
	return v
}

const ofEntry = " where district = $1 and subject = $2 and seq = $3"

// tamperings are the ways to change what is kept. Each does one and says to what.
var tamperings = []struct {
	name   string
	public bool // what others have must name the very leaf
	do     func(x *tamperer) victim
}{
	{"a text of an entry", false, func(x *tamperer) victim {
		v := x.entry()
		column := []string{"person", "post", "unit", "act", "step", "detail", "book", "salt", "hash", "before"}[x.IntN(10)]
		x.exec("update trail set "+column+" = "+column+" || 'x'"+ofEntry, district, v.subject, v.seq)
		return v
	}},
	{"an emptied text of an entry", false, func(x *tamperer) victim {
		v := x.entry()
		column := []string{"person", "post", "unit", "act", "step", "salt", "hash"}[x.IntN(7)]
		x.exec("update trail set "+column+" = ''"+ofEntry, district, v.subject, v.seq)
		return v
	}},
	{"the instant of an entry", false, func(x *tamperer) victim {
		v := x.entry()
		x.exec("update trail set at = at + $4"+ofEntry, district, v.subject, v.seq, []int64{1, -1, 3_600_000_000, -86_400_000_000}[x.IntN(4)])
		return v
	}},
	{"the number of the last entry", false, func(x *tamperer) victim {
		v := x.last()
		x.exec("update trail set seq = seq + $4"+ofEntry, district, v.subject, v.seq, 1+x.IntN(5))
		return v
	}},
	{"an entry moved to another subject", false, func(x *tamperer) victim {
		v := x.entry()
		x.exec("update trail set subject = $4"+ofEntry, district, v.subject, v.seq, fmt.Sprint("elsewhere", x.IntN(9)))
		return v
	}},
	{"an entry taken out", false, func(x *tamperer) victim {
		v := x.entry()
		x.exec("delete from trail"+ofEntry, district, v.subject, v.seq)
		return v
	}},
	{"the last entry taken out", false, func(x *tamperer) victim {
		v := x.last()
		x.exec("delete from trail"+ofEntry, district, v.subject, v.seq)
		return v
	}},
	{"a whole subject taken out", false, func(x *tamperer) victim {
		v := x.entry()
		x.exec("delete from trail where district = $1 and subject = $2", district, v.subject)
		return v
	}},
	{"an entry taken out and the rest moved up", false, func(x *tamperer) victim {
		v := x.entry()
		x.exec("delete from trail"+ofEntry, district, v.subject, v.seq)
		for seq := v.seq + 1; x.is(v.subject, seq); seq++ {
			x.exec("update trail set seq = seq - 1"+ofEntry, district, v.subject, seq)
		}
		return v
	}},
	{"an entry put in at the end, written long ago", false, func(x *tamperer) victim {
		v := x.last()
		v.seq++
		x.rehash(v, 0, func(e *trail.Row) { e.Act = "content" })
		return v
	}},
	{"two entries swapped", false, func(x *tamperer) victim {
		v := x.entry()
		for v.seq == 1 {
			v = x.entry()
		}
		x.exec("update trail set seq = -1"+ofEntry, district, v.subject, v.seq)
		x.exec("update trail set seq = $4"+ofEntry, district, v.subject, v.seq-1, v.seq)
		x.exec("update trail set seq = $3 where district = $1 and subject = $2 and seq = -1", district, v.subject, v.seq-1)
		return v
	}},
	{"an entry written anew, with the right hash", false, func(x *tamperer) victim {
		v := x.entry()
		x.rehash(v, v.seq, func(e *trail.Row) { e.Unit = "u-nobody" })
		return v
	}},
	{"a chain written anew, with the right hashes", false, func(x *tamperer) victim {
		v := x.entry()
		x.rehash(v, v.seq, func(e *trail.Row) { e.At += 60_000_000 })
		for seq := v.seq + 1; x.is(v.subject, seq); seq++ {
			x.rehash(victim{subject: v.subject, seq: seq}, seq, func(*trail.Row) {})
		}
		return v
	}},
	{"words", false, func(x *tamperer) victim {
		v, name := x.words()
		column := []string{"text", "salt"}[x.IntN(2)]
		x.exec("update trail_words set "+column+" = "+column+" || '。'"+ofEntry+" and name = $4", district, v.subject, v.seq, name)
		return v
	}},
	{"words taken out", false, func(x *tamperer) victim {
		v, name := x.words()
		x.exec("delete from trail_words"+ofEntry+" and name = $4", district, v.subject, v.seq, name)
		return v
	}},
	{"words under another name", false, func(x *tamperer) victim {
		v, name := x.words()
		x.exec("update trail_words set name = 'note'"+ofEntry+" and name = $4", district, v.subject, v.seq, name)
		return v
	}},
	{"words put in", false, func(x *tamperer) victim {
		v := x.entry()
		x.exec("insert into trail_words (district, subject, seq, name, salt, text) values ($1,$2,$3,'decision','salt','同意')", district, v.subject, v.seq)
		return v
	}},
	{"erased words put back", false, func(x *tamperer) victim {
		x.exec("insert into trail_words (district, subject, seq, name, salt, text) values ($1,'rights:s0',1,'reason','salt','桂香')", district)
		return victim{subject: "rights:s0", seq: 1}
	}},
	{"a leaf's entry", false, func(x *tamperer) victim {
		v := x.entry()
		column := []string{"subject = 'elsewhere'", "seq = seq + 1000", "salt = 'x'", "hash = 'ab' || substr(hash, 3)", "hash = 'short'"}[x.IntN(5)]
		if column[:4] == "hash" {
			x.exec("update trail_leaves set hash = '' "+ofEntry, district, v.subject, v.seq)
		}
		x.exec("update trail_leaves set "+column+ofEntry, district, v.subject, v.seq)
		return v
	}},
	{"a leaf taken out", false, func(x *tamperer) victim {
		n := x.Int64N(x.leaves)
		x.exec("delete from trail_leaves where district = $1 and leaf = $2", district, n)
		return victim{leaf: n}
	}},
	{"two leaves swapped", true, func(x *tamperer) victim {
		n := x.Int64N(x.leaves - 1)
		for _, step := range [][2]int64{{n, -1}, {n + 1, n}, {-1, n + 1}} {
			x.exec("update trail_leaves set leaf = $3 where district = $1 and leaf = $2", district, step[0], step[1])
		}
		return victim{leaf: n}
	}},
	{"a leaf and its entry written anew", true, func(x *tamperer) victim {
		v := x.last()
		x.rehash(v, v.seq, func(e *trail.Row) { e.Act = "content" })
		x.exec("update trail_leaves set hash = (select t.hash from trail t where t.district = $1 and t.subject = $2 and t.seq = $3)"+ofEntry, district, v.subject, v.seq)
		leaf, err := db.Value[int64](x.Context(), x.tx, "select leaf from trail_leaves"+ofEntry, district, v.subject, v.seq)
		if err != nil {
			x.Fatal(err)
		}
		return victim{leaf: leaf}
	}},
	{"a root", false, func(x *tamperer) victim {
		n := x.Int64N(x.leaves / 256)
		change := []string{"hash = 'x' || hash", "level = 2", "level = -1", "n = n + 100", "n = -5"}[x.IntN(5)]
		x.exec("update trail_roots set "+change+" where district = $1 and level = 1 and n = $2", district, n)
		return victim{leaf: n * 256}
	}},
	{"a root taken out", false, func(x *tamperer) victim {
		n := x.Int64N(x.leaves / 256)
		x.exec("delete from trail_roots where district = $1 and level = 1 and n = $2", district, n)
		return victim{leaf: n * 256}
	}},
	{"a root put in", false, func(x *tamperer) victim {
		n := x.leaves/256 + x.Int64N(3)
		x.exec("insert into trail_roots (district, level, n, hash) values ($1,1,$2,'47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')", district, n)
		return victim{leaf: n * 256}
	}},
	{"a checkpoint", false, func(x *tamperer) victim {
		c := x.checkpoint()
		text := []rune(x.text("select note from trail_checkpoints where district = $1 and size = $2", district, c))
		i := x.IntN(len(text))
		text[i] ^= 1
		x.exec("update trail_checkpoints set note = $3 where district = $1 and size = $2", district, c, string(text))
		return victim{size: c}
	}},
	{"a checkpoint taken out", false, func(x *tamperer) victim {
		c := x.checkpoint()
		before, err := db.Value[int64](x.Context(), x.tx, "select coalesce(max(size), 0) from trail_checkpoints where district = $1 and size < $2", district, c)
		if err != nil {
			x.Fatal(err)
		}
		x.exec("delete from trail_checkpoints where district = $1 and size = $2", district, c)
		if before == 0 {
			return victim{leaf: -1}
		}
		return victim{size: before}
	}},
	{"a checkpoint's size", false, func(x *tamperer) victim {
		c := x.checkpoint()
		x.exec("update trail_checkpoints set size = size - 1 where district = $1 and size = $2", district, c)
		return victim{size: c - 1}
	}},
	{"a checkpoint's number", false, func(x *tamperer) victim {
		before := x.checkpoint()
		x.exec("update trail_checkpoints set n = n + 500 where district = $1 and size = $2", district, before)
		return victim{leaf: -1}
	}},
}

// outside looks with what others have, which names the very leaf.
func (x *tamperer) outside(in trail.Auditing, folder trail.Source, v victim) {
	x.Helper()
	in.Tiles = folder
	report, err := trail.Audit(x.Context(), x.tx, in)
	if err != nil {
		x.Fatal(err)
	}
	for _, f := range report.Findings {
		if f.Kind == trail.Outside && f.Leaf == v.leaf {
			return
		}
	}
	x.Errorf("leaf %d against what others have: got %+v, want it named", v.leaf, report.Findings)
}

// last picks the last entry of a subject that is in the log.
func (x *tamperer) last() victim {
	x.Helper()
	v := x.entry()
	for x.is(v.subject, v.seq+1) {
		v.seq++
	}
	return v
}

func (x *tamperer) is(subject string, seq int) bool {
	x.Helper()
	n, err := db.Value[int](x.Context(), x.tx, "select count(*) from trail"+ofEntry, district, subject, seq)
	if err != nil {
		x.Fatal(err)
	}
	return n > 0
}

// rehash writes an entry as change leaves it, chained to the one before it, with
// the hash that is right for it. It is a new one where from is 0.
func (x *tamperer) rehash(v victim, from int, change func(*trail.Row)) {
	x.Helper()
	row, err := trail.ReadRow(x.Context(), x.tx, district, v.subject, max(from, 1))
	if err != nil {
		x.Fatal(err)
	}
	row.Seq, row.Before = v.seq, ""
	if v.seq > 1 {
		row.Before = x.text("select hash from trail"+ofEntry, district, v.subject, v.seq-1)
	}
	change(&row)
	if from > 0 {
		x.exec("delete from trail"+ofEntry, district, v.subject, v.seq)
	}
	if err := row.Write(x.Context(), x.tx); err != nil {
		x.Fatal(err)
	}
}

func (x *tamperer) text(sql string, args ...any) string {
	x.Helper()
	s, err := db.Value[string](x.Context(), x.tx, sql, args...)
	if err != nil {
		x.Fatal(err)
	}
	return s
}

// words picks words that are kept apart.
func (x *tamperer) words() (victim, string) {
	x.Helper()
	type found struct {
		victim
		name string
	}
	all, err := db.All(x.Context(), x.tx, func(f *found) []any { return []any{&f.subject, &f.seq, &f.name} },
		"select subject, seq, name from trail_words where district = $1 order by subject, seq", district)
	if err != nil {
		x.Fatal(err)
	}
	one := all[x.IntN(len(all))]
	return one.victim, one.name
}

// checkpoint picks one by its size.
func (x *tamperer) checkpoint() int64 {
	x.Helper()
	sizes, err := db.All(x.Context(), x.tx, func(n *int64) []any { return []any{n} }, "select size from trail_checkpoints where district = $1 order by size", district)
	if err != nil {
		x.Fatal(err)
	}
	return sizes[x.IntN(len(sizes))]
}

// TestEveryTamperingIsFound tampers at random, each time with a trail that is
// whole, and asks for the finding to name what was tampered with.
//
// ASVS 11.4.3
// GB/T 22239 8.1.4.3c, 8.1.4.7b
func TestEveryTamperingIsFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.fill(300)
		w.erase()
		folder := trail.FromFolder(w.outside())
		dbtest.Unguard(t, w.DB)
		rounds := 40 // of each kind
		if w.Engine() == db.Postgres || testing.Short() {
			rounds = 4
		}
		dice := rand.New(rand.NewPCG(4, 17))
		for _, one := range tamperings {
			for range rounds {
				x := &tamperer{T: t, Rand: dice, leaves: 301}
				var v victim
				var report *trail.AuditReport
				err := w.Write(t.Context(), func(tx *db.Tx) (err error) {
					x.tx = tx
					v = one.do(x)
					in := trail.Auditing{District: district, Key: key(t)}
					if report, err = trail.Audit(t.Context(), tx, in); err != nil {
						return err
					}
					if one.public {
						x.outside(in, folder, v)
					}
					return errUndo
				})
				if !errors.Is(err, errUndo) {
					t.Fatalf("%s: %v", one.name, err)
				}
				located := false
				for _, f := range report.Findings {
					located = located || v.named(f) || v == victim{leaf: -1}
				}
				if !located {
					t.Errorf("%s at %+v: got %+v, want it named", one.name, v, report.Findings)
				}
			}
		}
		if got := w.audit(trail.Auditing{}); len(got.Findings) > 0 {
			t.Errorf("after undoing: %+v", got.Findings)
		}
	})
}

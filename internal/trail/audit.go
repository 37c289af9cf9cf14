package trail

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
)

// Kind is what is wrong with a row.
type Kind string

// The kinds of findings.
const (
	Changed Kind = "changed" // it is not as it was written
	Removed Kind = "removed"
	PutIn   Kind = "put-in" // it was not written through linli, or not then
	Broken  Kind = "broken" // it does not follow the one before it
	Words   Kind = "words"  // words kept apart were changed, removed or put back
	Tree    Kind = "tree"   // the log does not add up
	Signed  Kind = "signed" // a checkpoint, or its signature
	Outside Kind = "outside"
)

// Finding is one thing that is wrong, and where.
type Finding struct {
	District string
	Kind     Kind
	Subject  string // '' where it is about the log itself
	Seq      int    // the entry's number within its subject; 0 for none
	Leaf     int64  // its place in the log; -1 for none
	Size     int64  // of the checkpoint that is at fault, or the first leaf after those that are; 0 for none
	Tile     string // the tile that is at fault
	Text     lang.Text
}

// AuditReport is what an audit found.
type AuditReport struct {
	Entries, Leaves, Checkpoints, Words, Erased int64
	Pending                                     int64 // entries that wait for the log
	Unsigned                                    bool  // no key was given, so signatures were not looked at
	Findings                                    []Finding
	More                                        int64 // findings beyond findingsMost
}

// findingsMost bounds a report: a table that is wrong from end to end needs no
// million lines to say so.
const findingsMost = 10_000

// Auditing says what to look over.
type Auditing struct {
	District string
	Key      string      // the public key; without it signatures are not looked at
	Kept     []string    // checkpoints that somebody kept: the log must continue them
	Tiles    Source      // what stands outside, to be compared leaf by leaf; may be nil
	Progress func(int64) // told now and then how many rows are done; may be nil
}

// Source gives a file of a log by its path: checkpoint, tile/0/000, key. It
// fails with errs.NotFound where there is none.
type Source func(ctx context.Context, path string) ([]byte, error)

// auditor is one audit under way.
type auditor struct {
	ctx    context.Context
	r      db.Reader
	in     Auditing
	check  note.Verifier
	kept   []Checkpoint
	report AuditReport
	h      hasher
	secret [sha256.Size]byte // makes the sums of this run, so that none can be prepared for
	rows   int64

	newest checkpointRow
	near   int64 // entries from here on may wait for the log
	logged sum   // of the leaves
	hashed sum   // of the entries that should be leaves
	covers int64 // leaves of entries of the first form
	plain  int64 // such entries
	marks  sum   // of what entries hold for words
	words  sum   // of the words that are there
}

// Audit looks over everything that a district's trail and log hold and names
// each row that is not as it should be. It reads only, so that it may look at a
// backup, and what is written meanwhile does it no harm. An error means that it
// could not look to the end.
func Audit(ctx context.Context, r db.Reader, in Auditing) (report *AuditReport, err error) {
	defer errs.Wrap(&err, "trail.Audit(%s)", in.District)
	a := &auditor{ctx: ctx, r: r, in: in}
	rand.Read(a.secret[:]) // never fails: the program ends instead
	if err := a.prepare(); err != nil {
		return nil, err
	}
	// What is read later holds at least what is read before: words after leaves,
	// entries last. So nothing seems to be missing because it is new.
	for _, step := range []func() error{a.log, a.sumWords, a.entries, a.compareLeaves, a.compareWords} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return &a.report, nil
}

func (a *auditor) prepare() (err error) {
	a.report.Unsigned = a.in.Key == ""
	if !a.report.Unsigned {
		if a.check, err = note.NewVerifier(strings.TrimSpace(a.in.Key)); err != nil {
			return errs.New(errs.Invalid, "公钥读不懂。", "The public key cannot be understood.").Because(err)
		}
	}
	kept := a.in.Kept
	if a.in.Tiles != nil {
		outside, err := a.in.Tiles(a.ctx, "checkpoint")
		if err != nil {
			return err
		}
		kept = append(kept[:len(kept):len(kept)], string(outside))
	}
	for _, text := range kept {
		c, err := a.open(text)
		if err != nil {
			return err
		}
		a.kept = append(a.kept, c)
	}
	if a.newest, err = lastCheckpoint(a.ctx, a.r, a.in.District); err != nil {
		return err
	}
	a.near, err = nearEdge(a.ctx, a.r, a.in.District, a.newest.size)
	return err
}

// open reads a checkpoint, and checks its signature where there is a key.
func (a *auditor) open(text string) (Checkpoint, error) {
	if a.check != nil {
		return openCheckpoint(text, a.check)
	}
	body, _, _ := strings.Cut(text, "\n\n")
	return parseCheckpoint(body + "\n")
}

// find adds a finding.
func (a *auditor) find(f Finding) {
	f.District = a.in.District
	if len(a.report.Findings) >= findingsMost {
		a.report.More++
		return
	}
	a.report.Findings = append(a.report.Findings, f)
}

// tick counts a row that was read.
func (a *auditor) tick() {
	const often = 100_000
	if a.rows++; a.rows%often == 0 && a.in.Progress != nil {
		a.in.Progress(a.rows)
	}
}

// sum adds things up so that their order does not matter. Two collections with
// the same sum are the same: the tokens hang on a secret of this run, so nobody
// can have chosen rows whose tokens make up for each other.
type sum [4]uint64

func (s *sum) add(token [sha256.Size]byte, times uint64) {
	for i := range s {
		s[i] += times * binary.LittleEndian.Uint64(token[8*i:])
	}
}

// token stands for a row's key and what it holds.
func (a *auditor) token(subject string, seq int, texts ...string) [sha256.Size]byte {
	a.h.buf = append(a.h.buf[:0], a.secret[:]...)
	a.h.field(subject)
	a.h.number(int64(seq))
	for _, text := range texts {
		a.h.field(text)
	}
	return sha256.Sum256(a.h.buf)
}

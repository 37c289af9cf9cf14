package trail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/db"
	"linli/internal/errs"
)

const (
	// logWindow is how far each look goes back: a transaction may be on disk this
	// long after the instant that its entries carry.
	logWindow = 10 * time.Minute
	// logMost bounds how long one transaction holds up the others.
	logMost = 2000
)

// Keeper keeps the logs of an installation's districts.
type Keeper struct {
	signer func(district string) (*Signer, error)
	log    *slog.Logger
}

// NewKeeper makes a keeper that signs with what signer gives.
func NewKeeper(signer func(district string) (*Signer, error), log *slog.Logger) *Keeper {
	return &Keeper{signer, log}
}

// Signer gives what signs a district's log, and its public key.
func (k *Keeper) Signer(district string) (*Signer, error) { return k.signer(district) }

// TakeIn takes every entry that is not in the log yet into it, and returns how
// many there were. It is for a log that lags far behind, and for tests; the
// program's jobs do the same bit by bit.
func (k *Keeper) TakeIn(ctx context.Context, d *db.DB, district string) (n int, err error) {
	defer errs.Wrap(&err, "trail.TakeIn(%s)", district)
	for whole := false; ; {
		batch, err := k.Gather(ctx, d, district, whole)
		if err != nil {
			return n, err
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return k.Take(ctx, tx, batch) }); err != nil {
			return n, err
		}
		n += len(batch.leaves)
		if batch.Full() {
			continue
		}
		if whole {
			return n, nil
		}
		whole = true // once over everything, when what is new is in
	}
}

// leaf is an entry on its way into the log.
type leaf struct {
	subject    string
	seq        int
	at         int64
	hash, salt string // of the entry; of the leaf
}

// Batch is what one transaction takes into a log.
type Batch struct {
	district string
	size     int64 // of the log when it was gathered
	edge     frontier
	late     int
	leaves   []leaf
}

// Full reports whether there may be more to take in than a batch holds.
func (b *Batch) Full() bool { return len(b.leaves) == logMost }

// Gather reads what is new, and the edge of the tree that it goes to; with whole
// it looks over everything for what was left out. It reads for long where there
// is much, so it is no part of the transaction that takes it in.
func (k *Keeper) Gather(ctx context.Context, r db.Reader, district string, whole bool) (b *Batch, err error) {
	defer errs.Wrap(&err, "trail.Gather(%s)", district)
	last, err := lastCheckpoint(ctx, r, district)
	if err != nil {
		return nil, err
	}
	near, err := nearEdge(ctx, r, district, last.size)
	if err != nil {
		return nil, err
	}
	since := near
	if whole {
		since = 0
	}
	b = &Batch{district: district, size: last.size}
	b.leaves, err = db.All(ctx, r, func(l *leaf) []any { return []any{&l.subject, &l.seq, &l.at, &l.hash, &l.salt} },
		`select t.subject, t.seq, t.at, t.hash, t.salt from trail t where t.district = $1 and t.at >= $2 and not exists
			(select 1 from trail_leaves l where l.district = t.district and l.subject = t.subject and l.seq = t.seq)
		order by t.at, t.subject, t.seq limit $3`, district, since, logMost)
	if err != nil || len(b.leaves) == 0 {
		return b, err
	}
	for i := range b.leaves {
		l := &b.leaves[i]
		if l.at < near {
			b.late++
		}
		l.cover()
	}
	b.edge, err = readEdge(ctx, r, district, b.size)
	return b, err
}

// cover gives a leaf whose entry has no salt one of its own: what stands in the
// open must not be something that can be tried out.
func (l *leaf) cover() {
	if l.salt != "" {
		l.salt = ""
		return
	}
	l.salt = newSalt()
	l.hash = covered(l.salt, l.hash)
}

// covered is what stands in the open for an entry of the first form.
func covered(salt, hash string) string {
	var h hasher
	for _, s := range [...]string{"linli trail leaf", salt, hash} {
		h.field(s)
	}
	sum := sha256.Sum256(h.buf)
	return hex.EncodeToString(sum[:])
}

// Take writes a batch: leaves, the roots that became full, the checkpoint. It
// fails with errs.Conflict where another was faster, and is tried again.
func (k *Keeper) Take(ctx context.Context, tx *db.Tx, b *Batch) (err error) {
	defer errs.Wrap(&err, "trail.Take(%s)", b.district)
	if len(b.leaves) == 0 {
		return nil
	}
	signer, err := k.signer(b.district)
	if err != nil {
		return err
	}
	last, err := lastCheckpoint(ctx, tx, b.district)
	if err != nil {
		return err
	}
	if last.size != b.size {
		return errs.New(errs.Conflict, "日志刚有人收过，再来一次。", "The log was added to just now; once more.")
	}
	tx.Wake(LogTopic)
	edge := b.edge
	edge.edge = append([]subtree(nil), b.edge.edge...) // the transaction may run again
	for _, l := range b.leaves {
		err := tx.Exec(ctx, "insert into trail_leaves (district, leaf, subject, seq, salt, hash) values ($1,$2,$3,$4,$5,$6)",
			b.district, edge.size, l.subject, l.seq, l.salt, l.hash)
		if err != nil {
			return err
		}
		for _, done := range edge.push(0, leafOf(l.hash)) {
			err := tx.Exec(ctx, "insert into trail_roots (district, level, n, hash) values ($1,$2,$3,$4)", b.district, done.level, done.n, done.hash.String())
			if err != nil {
				return err
			}
		}
	}
	signed, err := signer.sign(tlog.Tree{N: edge.size, Hash: edge.root()})
	if err != nil {
		return fmt.Errorf("sign the log of %s: %w", b.district, err)
	}
	if b.late > 0 {
		k.log.Warn("entries came into the log long after they were written", "district", b.district, "entries", b.late)
	}
	return tx.Exec(ctx, "insert into trail_checkpoints (district, n, size, note) values ($1,$2,$3,$4)", b.district, last.n+1, edge.size, signed)
}

// nearEdge is the instant from which entries may still come into a log of the
// given size without anybody wondering: some time before the newest that it has.
// Entries come in by their instants, so the newest of the last batch is the last.
func nearEdge(ctx context.Context, r db.Reader, district string, size int64) (int64, error) {
	at, err := db.All(ctx, r, func(at *int64) []any { return []any{at} },
		`select t.at from trail_leaves l join trail t on t.district = l.district and t.subject = l.subject and t.seq = l.seq
		where l.district = $1 and l.leaf < $2 order by l.leaf desc limit 1`, district, size)
	if err != nil || len(at) == 0 {
		return 0, err
	}
	return at[0] - logWindow.Microseconds(), nil
}

// checkpointRow is a checkpoint as it is kept.
type checkpointRow struct {
	n, size int64
	note    string
}

func (c *checkpointRow) columns() []any { return []any{&c.n, &c.size, &c.note} }

// lastCheckpoint is the newest; one of size 0 where there is none.
func lastCheckpoint(ctx context.Context, r db.Reader, district string) (checkpointRow, error) {
	rows, err := db.All(ctx, r, (*checkpointRow).columns,
		"select n, size, note from trail_checkpoints where district = $1 order by n desc limit 1", district)
	if err != nil || len(rows) == 0 {
		return checkpointRow{n: -1}, err
	}
	return rows[0], nil
}

// readEdge reads the right edge of a tree of the given size.
func readEdge(ctx context.Context, r db.Reader, district string, size int64) (frontier, error) {
	var f frontier
	levels := 0
	for size>>(height*(levels+1)) > 0 {
		levels++
	}
	for level := levels; level >= 0; level-- {
		n := size >> (height * level)
		hashes, err := readHashes(ctx, r, district, level, n-n%full, n)
		if err != nil {
			return f, err
		}
		for _, hash := range hashes {
			f.push(height*level, hash)
		}
	}
	return f, nil
}

// readHashes reads the hashes of a level from one place up to another.
func readHashes(ctx context.Context, r db.Reader, district string, level int, from, to int64) ([]tlog.Hash, error) {
	if from >= to {
		return nil, nil
	}
	query, parse := "select hash from trail_roots where district = $1 and n >= $2 and n < $3 and level = $4 order by n", tlog.ParseHash
	args := []any{district, from, to, level}
	if level == 0 {
		query, args = "select hash from trail_leaves where district = $1 and leaf >= $2 and leaf < $3 order by leaf", args[:3]
		parse = func(text string) (tlog.Hash, error) { return leafOf(text), nil }
	}
	hashes := make([]tlog.Hash, 0, to-from)
	err := db.Scan(ctx, r, func(rows db.Rows) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		hash, err := parse(text)
		hashes = append(hashes, hash)
		return err
	}, query, args...)
	if err == nil && int64(len(hashes)) != to-from {
		return nil, errs.New(errs.NotFound, "日志里没有这一片。", "The log has no such tile.")
	}
	return hashes, err
}

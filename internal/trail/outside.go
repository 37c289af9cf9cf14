package trail

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
)

// Districts are those that a database has a trail or a log of.
func Districts(ctx context.Context, r db.Reader) (codes []string, err error) {
	defer errs.Wrap(&err, "trail.Districts")
	return db.All(ctx, r, func(code *string) []any { return []any{code} },
		"select district from trail group by district union select district from trail_checkpoints group by district order by 1")
}

// FromFolder is a log that was copied to a folder.
func FromFolder(folder fs.FS) Source {
	return func(_ context.Context, path string) ([]byte, error) {
		data, err := fs.ReadFile(folder, path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errNoSuchTile(path)
		}
		return data, err
	}
}

// AuditTiles looks over a log from outside, by what is public alone: the
// signature, every entry, every tile above, and that the log continues the
// checkpoints that were kept.
func AuditTiles(ctx context.Context, tiles Source, key string, kept []string, progress func(int64)) (report *AuditReport, err error) {
	defer errs.Wrap(&err, "trail.AuditTiles")
	check, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		return nil, errs.New(errs.Invalid, "公钥读不懂。", "The public key cannot be understood.").Because(err)
	}
	o := &outsideAudit{auditor: &auditor{ctx: ctx, in: Auditing{District: check.Name(), Tiles: tiles, Progress: progress}, check: check}}
	newest, err := tiles(ctx, "checkpoint")
	if err != nil {
		return nil, err
	}
	signed, err := o.open(string(newest))
	if err != nil {
		o.find(Finding{Kind: Signed, Leaf: -1, Text: lang.T("检查点的签名不对，或者读不懂", "the signature of the checkpoint is not right, or it cannot be understood")})
		return &o.report, nil
	}
	o.report.Checkpoints = 1
	for _, text := range append(kept[:len(kept):len(kept)], string(newest)) {
		c, err := o.open(text)
		if err != nil {
			return nil, err
		}
		if c.N > signed.N {
			o.find(Finding{Kind: Outside, Leaf: signed.N, Size: c.N, Text: lang.T("留存的检查点有 %d 片，这里只剩 %d 片", "the checkpoint that was kept counts %d leaves; here are only %d", c.N, signed.N)})
		}
		o.kept = append(o.kept, c)
	}
	return &o.report, o.run(signed.N)
}

// outsideAudit is the going through public tiles.
type outsideAudit struct {
	*auditor
	tree   frontier
	levels [][]byte // the tile that is being made, at each level
}

func (o *outsideAudit) run(size int64) error {
	for from := int64(0); from < size; from += full {
		entries, err := entriesOf(o.ctx, o.in.Tiles, from/full, size)
		if errs.KindOf(err) != "" {
			o.findTile(tlog.Tile{H: height, L: entriesLevel, N: from / full, W: int(min(full, size-from))})
			return nil // nothing after it can be counted
		}
		if err != nil {
			return err
		}
		for _, entry := range entries {
			o.tick()
			o.report.Leaves++
			if err := o.push(0, leafOf(entry)); err != nil {
				return err
			}
		}
	}
	for level, data := range o.levels {
		if len(data) > 0 {
			t := tlog.Tile{H: height, L: level, N: size >> (height * (level + 1)), W: len(data) / tlog.HashSize}
			if err := o.compare(t, data); err != nil {
				return err
			}
		}
	}
	return nil
}

// push grows the tree, and compares each tile as it becomes full.
func (o *outsideAudit) push(level int, hash tlog.Hash) error {
	if level == len(o.levels) {
		o.levels = append(o.levels, nil)
	}
	o.levels[level] = append(o.levels[level], hash[:]...)
	if level == 0 {
		done := o.tree.push(0, hash)
		for _, one := range done {
			if err := o.push(int(one.level), one.hash); err != nil {
				return err
			}
		}
		o.atSize()
	}
	if len(o.levels[level]) < full*tlog.HashSize {
		return nil
	}
	data := o.levels[level]
	o.levels[level] = o.levels[level][:0]
	reached := o.tree.size >> (height * (level + 1))
	return o.compare(tlog.Tile{H: height, L: level, N: reached - 1, W: full}, data)
}

// atSize compares the tree with what was signed when it was this large.
func (o *outsideAudit) atSize() {
	for _, c := range o.kept {
		if c.N == o.tree.size && c.Hash != o.tree.root() {
			o.find(Finding{Kind: Tree, Leaf: -1, Size: c.N, Text: lang.T("%d 片的检查点和日志里的对不上", "the checkpoint over %d leaves does not hold for what is in the log", c.N)})
		}
	}
}

// compare checks a tile of hashes against those that were counted.
func (o *outsideAudit) compare(t tlog.Tile, counted []byte) error {
	data, err := o.in.Tiles(o.ctx, TilePath(t))
	if err != nil && errs.KindOf(err) == "" {
		return err
	}
	if err != nil || string(data) != string(counted) {
		o.findTile(t)
	}
	return nil
}

func (o *outsideAudit) findTile(t tlog.Tile) {
	path := TilePath(t)
	o.find(Finding{Kind: Tree, Leaf: t.N << (height * (max(t.L, 0) + 1)), Tile: path, Text: lang.T("%s 缺了，或者和日志里的对不上", "%s is missing, or does not go with what is in the log", path)})
}

// entriesOf reads the n-th bundle of a log of the given size, as the texts that
// the table has.
func entriesOf(ctx context.Context, tiles Source, n, size int64) ([]string, error) {
	t := tlog.Tile{H: height, L: entriesLevel, N: n, W: int(min(full, size-n*full))}
	data, err := tiles(ctx, TilePath(t))
	if errors.Is(err, errs.NotFound) && t.W < full {
		// A partial tile may go once the full one is there.
		if data, err = tiles(ctx, TilePath(tlog.Tile{H: height, L: entriesLevel, N: n, W: full})); err == nil {
			data = data[:min(len(data), t.W*(2+tlog.HashSize))]
		}
	}
	if err != nil {
		return nil, err
	}
	return parseEntries(data, t.W)
}

// parseEntries reads an entry bundle that is to have a number of entries.
func parseEntries(data []byte, count int) ([]string, error) {
	entries := make([]string, 0, count)
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, errs.New(errs.Invalid, "条目包读不懂。", "The bundle of entries cannot be understood.")
		}
		n := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, hex.EncodeToString(data[2:n]))
		data = data[n:]
	}
	if len(entries) != count {
		return nil, errs.New(errs.Invalid, "条目包里有 %d 条，应有 %d 条。", "The bundle has %d entries where there should be %d.", len(entries), count)
	}
	return entries, nil
}

// Export writes a whole log as files that anyone can serve or keep: the key, the
// tiles, and last the checkpoint, so that what it counts is there.
func Export(ctx context.Context, r db.Reader, district, key string, write func(path string, data []byte) error) (size int64, err error) {
	defer errs.Wrap(&err, "trail.Export(%s)", district)
	signed, size, err := NewestCheckpoint(ctx, r, district)
	if err != nil {
		return 0, err
	}
	for level := entriesLevel; level < 0 || size>>(height*level) > 0; level++ {
		count := size >> (height * max(level, 0))
		for from := int64(0); from < count; from += full {
			t := tlog.Tile{H: height, L: level, N: from / full, W: int(min(full, count-from))}
			data, err := TileData(ctx, r, district, t)
			if err != nil {
				return 0, err
			}
			if err := write(TilePath(t), data); err != nil {
				return 0, fmt.Errorf("write %s: %w", TilePath(t), err)
			}
		}
	}
	if err := write("key", []byte(key+"\n")); err != nil {
		return 0, err
	}
	return size, write("checkpoint", []byte(signed))
}

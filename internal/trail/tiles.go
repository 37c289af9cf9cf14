package trail

import (
	"context"
	"encoding/binary"
	"encoding/hex"

	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/db"
	"linli/internal/errs"
)

// NewestCheckpoint returns a district's newest checkpoint as it was signed, and
// how many leaves the log has; errs.NotFound before the first.
func NewestCheckpoint(ctx context.Context, r db.Reader, district string) (signed string, size int64, err error) {
	defer errs.Wrap(&err, "trail.NewestCheckpoint(%s)", district)
	last, err := lastCheckpoint(ctx, r, district)
	if err != nil {
		return "", 0, err
	}
	if last.size == 0 {
		return "", 0, errs.New(errs.NotFound, "日志里还没有东西。", "The log is empty as yet.")
	}
	return last.note, last.size, nil
}

// TileData returns the bytes of a tile of hashes or of entries; errs.NotFound
// where the log does not reach that far.
func TileData(ctx context.Context, r db.Reader, district string, t tlog.Tile) (data []byte, err error) {
	defer errs.Wrap(&err, "trail.TileData(%s, %s)", district, TilePath(t))
	last, err := lastCheckpoint(ctx, r, district)
	if err != nil {
		return nil, err
	}
	from := t.N * full
	if n := last.size >> (height * max(t.L, 0)); t.N > n/full || from+int64(t.W) > n {
		return nil, errs.New(errs.NotFound, "日志里没有这一片。", "The log has no such tile.")
	}
	if t.L == entriesLevel {
		return readEntries(ctx, r, district, from, from+int64(t.W))
	}
	return readTile(ctx, r, district, t)
}

func readTile(ctx context.Context, r db.Reader, district string, t tlog.Tile) ([]byte, error) {
	hashes, err := readHashes(ctx, r, district, t.L, t.N*full, t.N*full+int64(t.W))
	if err != nil {
		return nil, err
	}
	data := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, hash := range hashes {
		data = append(data, hash[:]...)
	}
	return data, nil
}

// readEntries makes an entry bundle: each entry after its length, in two bytes.
func readEntries(ctx context.Context, r db.Reader, district string, from, to int64) ([]byte, error) {
	data := make([]byte, 0, (to-from)*(2+tlog.HashSize))
	err := db.Scan(ctx, r, func(rows db.Rows) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		entry, err := hex.DecodeString(text)
		if err != nil {
			return err
		}
		data = binary.BigEndian.AppendUint16(data, uint16(len(entry)))
		data = append(data, entry...)
		return nil
	}, "select hash from trail_leaves where district = $1 and leaf >= $2 and leaf < $3 order by leaf", district, from, to)
	return data, err
}

// tiles reads a log's tiles from the database, for tlog, which checks each one
// against the tree that it is said to be of.
type tiles struct {
	ctx      context.Context
	r        db.Reader
	district string
}

// Height is part of tlog.TileReader.
func (t tiles) Height() int { return height }

// ReadTiles is part of tlog.TileReader.
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(wanted))
	var err error
	for i, tile := range wanted {
		if data[i], err = readTile(t.ctx, t.r, t.district, tile); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// SaveTiles is part of tlog.TileReader.
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

package trail

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// entriesLevel is the level of the entries themselves, below the tiles of hashes.
const entriesLevel = -1

// TilePath is where a tile stands below a log's address, as C2SP's tlog-tiles
// has it: tile/0/x001/x234/067.p/8; entries instead of the level for the entries.
func TilePath(t tlog.Tile) string {
	n := fmt.Sprintf("%03d", t.N%1000)
	for rest := t.N / 1000; rest > 0; rest /= 1000 {
		n = fmt.Sprintf("x%03d/%s", rest%1000, n)
	}
	level := "entries"
	if t.L != entriesLevel {
		level = strconv.Itoa(t.L)
	}
	if t.W != full {
		return fmt.Sprintf("tile/%s/%s.p/%d", level, n, t.W)
	}
	return fmt.Sprintf("tile/%s/%s", level, n)
}

// ParseTilePath reads what TilePath writes, and only that.
func ParseTilePath(path string) (t tlog.Tile, ok bool) {
	t = tlog.Tile{H: height, W: full}
	level, rest, found := strings.Cut(strings.TrimPrefix(path, "tile/"), "/")
	if level == "entries" {
		t.L = entriesLevel
	} else if l, err := strconv.Atoi(level); err == nil {
		t.L = l
	} else {
		return t, false
	}
	rest, width, partial := strings.Cut(rest, ".p/")
	if partial {
		w, err := strconv.Atoi(width)
		if err != nil {
			return t, false
		}
		t.W = w
	}
	for _, part := range strings.Split(rest, "/") {
		n, err := strconv.Atoi(strings.TrimPrefix(part, "x"))
		if err != nil || n < 0 || n > 999 || t.N > (1<<62)/1000 {
			return t, false
		}
		t.N = t.N*1000 + int64(n)
	}
	const levels = 64 / height
	return t, found && t.L >= entriesLevel && t.L < levels && t.W >= 1 && t.W <= full && partial == (t.W < full) && TilePath(t) == path
}

// parseSize reads a whole number as the forms write it: digits, no sign, no
// zeros before it.
func parseSize(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0 && strconv.FormatInt(n, 10) == s
}

package trail

import (
	"encoding/hex"

	"golang.org/x/mod/sumdb/tlog"
)

// height is how many levels of the tree a tile spans, and full how many hashes
// one holds, as C2SP's tlog-tiles has them.
const (
	height = 8
	full   = 1 << height
)

// frontier is the right edge of a tree: the roots of the full subtrees that its
// leaves make up, the largest first. Whole trees are counted through it without
// keeping more than a hash a level.
type frontier struct {
	size int64 // leaves
	edge []subtree
}

type subtree struct {
	height int
	hash   tlog.Hash
}

// root is a hash of the tree that is kept: over every full 256 of the level below.
type root struct {
	knot
	hash tlog.Hash
}

// knot is a place in the tree: the n-th root of a level.
type knot struct{ level, n int64 }

// push adds the next subtree, of a height that is no greater than the last one's,
// and returns the roots that became full by it.
func (f *frontier) push(h int, hash tlog.Hash) (done []root) {
	f.size += 1 << h
	for len(f.edge) > 0 && f.edge[len(f.edge)-1].height == h {
		hash = tlog.NodeHash(f.edge[len(f.edge)-1].hash, hash)
		f.edge = f.edge[:len(f.edge)-1]
		if h++; h%height == 0 {
			done = append(done, root{knot{int64(h / height), f.size>>h - 1}, hash})
		}
	}
	f.edge = append(f.edge, subtree{h, hash})
	return done
}

// root is the hash of the tree as it stands.
func (f *frontier) root() tlog.Hash {
	if len(f.edge) == 0 {
		hash, _ := tlog.TreeHash(0, nil) // of nothing, which needs no reading
		return hash
	}
	hash := f.edge[len(f.edge)-1].hash
	for i := len(f.edge) - 2; i >= 0; i-- {
		hash = tlog.NodeHash(f.edge[i].hash, hash)
	}
	return hash
}

// leafOf is the leaf's place in the tree for what stands in the log. A text that
// is no hash cannot come from the log, and counts as nothing.
func leafOf(text string) tlog.Hash {
	var data [tlog.HashSize]byte
	if len(text) != hex.EncodedLen(len(data)) {
		return tlog.Hash{}
	}
	if _, err := hex.Decode(data[:], []byte(text)); err != nil {
		return tlog.Hash{}
	}
	return tlog.RecordHash(data[:])
}

package trail

import (
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
)

// logAudit is the going through the log, leaf by leaf, growing the tree.
type logAudit struct {
	*auditor
	tree     frontier
	lost     bool // a leaf is missing, so that nothing after it can be counted
	roots    map[knot]tlog.Hash
	ahead    []knot              // kept for more leaves than there were when the audit began
	sizes    []int64             // of the checkpoints still to come, ascending
	hashes   map[int64]tlog.Hash // what the tree came to at each
	signed   int64               // size of the last checkpoint that held
	doubt    bool                // one did not: leaves since signed are not what was signed
	outside  []string            // a bundle of entries as it stands outside
	outsides int64               // leaves that stand outside
}

// log goes through leaves, the tree above them, and the checkpoints.
func (a *auditor) log() (err error) {
	l := &logAudit{auditor: a, roots: map[knot]tlog.Hash{}, hashes: map[int64]tlog.Hash{}}
	if err := l.readRoots(); err != nil {
		return err
	}
	l.sizes, err = db.All(a.ctx, a.r, func(size *int64) []any { return []any{size} },
		"select distinct size from trail_checkpoints where district = $1 and n <= $2 order by size", a.in.District, a.newest.n)
	if err != nil {
		return err
	}
	if len(a.kept) > 0 && a.in.Tiles != nil {
		l.outsides = a.kept[len(a.kept)-1].N
	}
	err = db.Scan(a.ctx, a.r, l.leaf, "select l.leaf, l.subject, l.seq, l.salt, l.hash from trail_leaves l where l.district = $1 and l.leaf < $2 order by l.leaf",
		a.in.District, a.newest.size)
	if err != nil {
		return err
	}
	if err := l.checkpoints(); err != nil {
		return err
	}
	return l.end()
}

// leaf takes the next leaf.
func (l *logAudit) leaf(rows db.Rows) error {
	var n int64
	var one leaf
	if err := rows.Scan(&n, &one.subject, &one.seq, &one.salt, &one.hash); err != nil {
		return err
	}
	l.tick()
	l.report.Leaves++
	if n != l.tree.size && !l.lost {
		l.lose(l.tree.size, n)
	}
	if one.salt == "" {
		l.logged.add(l.token(one.subject, one.seq, one.hash), 1)
	} else {
		l.covers++
	}
	if err := l.compareOutside(n, &one); err != nil || l.lost {
		return err
	}
	for _, done := range l.tree.push(0, leafOf(one.hash)) {
		if kept, here := l.roots[done.knot]; !here || kept != done.hash {
			l.findTree(done.knot)
		}
		delete(l.roots, done.knot)
	}
	l.atSize()
	return nil
}

// lose says that leaves from one to before another are gone.
func (l *logAudit) lose(from, to int64) {
	l.lost = true
	l.find(Finding{Kind: Tree, Leaf: from, Size: to, Text: lang.T("日志的第 %d 到第 %d 片没有了，后面的树无法再算", "leaves %d to %d of the log are gone; the tree after them cannot be counted", from, to-1)})
}

func (l *logAudit) findTree(k knot) {
	from, to := k.n<<(height*k.level), (k.n+1)<<(height*k.level)-1
	tile := tlog.Tile{H: height, L: int(k.level) - 1, N: k.n, W: full}
	l.find(Finding{Kind: Tree, Leaf: from, Size: to + 1, Tile: TilePath(tile), Text: lang.T("日志第 %d 到第 %d 片的散列和存下的不一样", "leaves %d to %d of the log do not give the hash that was kept", from, to)})
}

func (l *logAudit) readRoots() error {
	return db.Scan(l.ctx, l.r, func(rows db.Rows) error {
		var one knot
		var text string
		if err := rows.Scan(&one.level, &one.n, &text); err != nil {
			return err
		}
		hash, err := tlog.ParseHash(text)
		if err != nil || hash.String() != text {
			hash = tlog.Hash{} // it cannot be the right one, and is said where that is looked for
		}
		l.roots[one] = hash
		return nil
	}, "select level, n, hash from trail_roots where district = $1 order by level, n", l.in.District)
}

// checkpoints goes through every checkpoint, in the order in which they were signed.
func (l *logAudit) checkpoints() error {
	before := checkpointRow{n: -1}
	return db.Scan(l.ctx, l.r, func(rows db.Rows) error {
		var c checkpointRow
		if err := rows.Scan(c.columns()...); err != nil {
			return err
		}
		l.tick()
		l.report.Checkpoints++
		for n := before.n + 1; n < c.n; n++ {
			l.findSigned(before.size, lang.T("第 %d 份检查点没有了（在 %d 片之后）", "checkpoint %d is gone (after leaf %d)", n, before.size))
		}
		if c.size <= before.size || c.n < 0 {
			l.findSigned(c.size, lang.T("检查点不是越来越大：%d 片之后是 %d 片", "checkpoints do not grow: %d leaves, then %d", before.size, c.size))
		}
		before = c
		l.judge(c)
		return nil
	}, "select n, size, note from trail_checkpoints where district = $1 and n <= $2 order by n", l.in.District, l.newest.n)
}

func (l *logAudit) findSigned(size int64, text lang.Text) {
	l.find(Finding{Kind: Signed, Leaf: -1, Size: size, Text: text})
}

// atSize remembers what the tree came to where a checkpoint says something of it,
// and compares it with what others kept.
func (l *logAudit) atSize() {
	for _, c := range l.kept {
		if c.N == l.tree.size && c.Hash != l.tree.root() {
			l.find(Finding{Kind: Outside, Leaf: -1, Size: c.N, Text: lang.T("外面留存的 %d 片的检查点和这里对不上：这里的日志改写过", "a checkpoint over %d leaves that was kept outside does not hold here: this log was written anew", c.N)})
		}
	}
	for len(l.sizes) > 0 && l.sizes[0] <= l.tree.size {
		if l.sizes[0] == l.tree.size {
			l.hashes[l.tree.size] = l.tree.root()
		}
		l.sizes = l.sizes[1:]
	}
}

// judge checks one checkpoint against the tree.
func (l *logAudit) judge(c checkpointRow) {
	signed, err := l.open(c.note)
	if err == nil {
		err = spelled(c.note)
	}
	counted, known := l.hashes[c.size]
	switch {
	case err != nil:
		l.findSigned(c.size, lang.T("%d 片的检查点：签名不对，或者读不懂", "the checkpoint over %d leaves: its signature is not right, or it cannot be understood", c.size))
	case signed.N != c.size:
		l.findSigned(c.size, lang.T("记作 %d 片的检查点，签的是 %d 片", "the checkpoint kept for %d leaves is signed for %d", c.size, signed.N))
	case !known:
		// Leaves are missing before it, which is said there.
	case signed.Hash == counted:
		l.signed = c.size
	case !l.doubt:
		l.doubt = true // all after it differ too
		l.find(Finding{Kind: Tree, Leaf: l.signed, Size: c.size, Text: lang.T("签过名的检查点（%d 片）和日志对不上：第 %d 到第 %d 片里有改动", "the signed checkpoint over %d leaves does not hold: something among leaves %d to %d was changed", c.size, l.signed, c.size-1)})
	}
}

// spelled checks that a checkpoint is written as it was: one signature, in the
// only spelling that its bytes have.
func spelled(text string) error {
	body, signature, _ := strings.Cut(text, "\n\n")
	fields := strings.Split(strings.TrimSuffix(signature, "\n"), " ")
	c, err := parseCheckpoint(body + "\n")
	if err != nil {
		return err
	}
	if len(fields) != 3 || fields[0] != "—" || fields[1] != c.Origin || c.text() != body+"\n" {
		return fmt.Errorf("not written as linli writes it")
	}
	data, err := base64.StdEncoding.Strict().DecodeString(fields[2])
	if err == nil && text != body+"\n\n— "+c.Origin+" "+base64.StdEncoding.EncodeToString(data)+"\n" {
		return fmt.Errorf("not written as linli writes it")
	}
	return err
}

// compareOutside compares a leaf with the same one outside.
func (l *logAudit) compareOutside(n int64, one *leaf) error {
	if n >= l.outsides {
		return nil
	}
	if n%full == 0 || l.outside == nil {
		var err error
		if l.outside, err = entriesOf(l.ctx, l.in.Tiles, n/full, l.outsides); err != nil {
			return err
		}
	}
	if outside := l.outside[n%full]; outside != one.hash {
		l.find(Finding{Kind: Outside, Subject: one.subject, Seq: one.seq, Leaf: n, Text: lang.T("第 %d 条（日志第 %d 片）和外面留存的不一样", "entry %d (leaf %d of the log) is not what stands outside", one.seq, n)})
	}
	return nil
}

// end looks at what is left over: leaves that are gone at the end, roots that
// nothing gives, checkpoints of more than there is.
func (l *logAudit) end() error {
	if l.tree.size < l.newest.size && !l.lost {
		l.lose(l.tree.size, l.newest.size)
	}
	for one := range l.roots {
		switch end := one.n + 1; {
		case one.level < 1 || one.level > 7 || one.n < 0 || end > 1<<(62-height*one.level):
			l.find(Finding{Kind: Tree, Leaf: -1, Text: lang.T("树里没有第 %d 层第 %d 个，是后放的", "the tree has no number %[2]d at level %[1]d: it was put there", one.level, one.n)})
		case end<<(height*one.level) > l.newest.size:
			l.ahead = append(l.ahead, one)
		case !l.lost:
			l.findTree(one)
		}
	}
	for _, c := range l.kept {
		if c.N > l.newest.size {
			l.find(Finding{Kind: Outside, Leaf: l.newest.size, Size: c.N, Text: lang.T("外面留存的检查点有 %d 片，这里只剩 %d 片：后面的没有了", "a checkpoint kept outside counts %d leaves; here are only %d: what followed is gone", c.N, l.newest.size)})
		}
	}
	return l.beyond()
}

// beyond looks for leaves that no checkpoint covers. Leaves and checkpoint come
// in one transaction, so there are none unless the checkpoint was removed.
func (l *logAudit) beyond() error {
	type ends struct{ leaves, signed int64 }
	e, err := db.One(l.ctx, l.r, func(e *ends) []any { return []any{&e.leaves, &e.signed} },
		`select coalesce((select max(l.leaf) + 1 from trail_leaves l where l.district = $1), 0),
		coalesce((select c.size from trail_checkpoints c where c.district = $1 order by c.n desc limit 1), 0)`, l.in.District)
	for _, one := range l.ahead {
		if (one.n+1)<<(height*one.level) > e.leaves {
			l.findTree(one)
		}
	}
	if err == nil && e.leaves > e.signed {
		l.find(Finding{Kind: Signed, Leaf: e.signed, Size: e.signed, Text: lang.T("第 %d 片起没有检查点：有过，被删了", "there is no checkpoint from leaf %d on: there was one, and it was removed", e.signed)})
	}
	return err
}

// errNoSuchTile is what a Source says of a file that it does not have.
func errNoSuchTile(path string) error {
	return errs.New(errs.NotFound, "没有 %s。", "There is no %s.", path)
}

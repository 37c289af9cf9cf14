package trail

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"linli/internal/db"
	"linli/internal/lang"
)

// chain is how far the entries of one subject have been followed.
type chain struct {
	subject string
	head    Head
	marks   map[string]string // what entries hold for words, by place and name
}

// entries goes through every entry, subject by subject: each must be as it was
// hashed and follow the one before it. It adds up what the log should hold.
func (a *auditor) entries() error {
	var c chain
	var waiting []leaf
	err := db.Scan(a.ctx, a.r, func(rows db.Rows) error {
		r := row{district: a.in.District}
		err := rows.Scan(&r.book, &r.subject, &r.seq, &r.at, &r.person, &r.post, &r.unit, &r.act, &r.step, &r.detail, &r.salt, &r.before, &r.hash)
		if err != nil {
			return err
		}
		a.tick()
		a.report.Entries++
		if r.subject != c.subject {
			c = chain{subject: r.subject}
		}
		a.follow(&c, &r)
		a.weighWords(&c, &r)
		switch {
		case r.at >= a.near:
			waiting = append(waiting, leaf{subject: r.subject, seq: r.seq, hash: r.hash, salt: r.salt})
		case r.salt == "":
			a.plain++
		default:
			a.hashed.add(a.token(r.subject, r.seq, r.hash), 1)
		}
		return nil
	}, `select t.book, t.subject, t.seq, t.at, t.person, t.post, t.unit, t.act, t.step, t.detail, t.salt, t.before, t.hash
		from trail t where t.district = $1 order by t.subject, t.seq`, a.in.District)
	if err != nil {
		return err
	}
	return a.weighWaiting(waiting)
}

// follow checks one entry against its own hash and the one before it.
func (a *auditor) follow(c *chain, r *row) {
	fault := func(kind Kind, seq int, text lang.Text) {
		a.find(Finding{Kind: kind, Subject: r.subject, Seq: seq, Leaf: -1, Text: text})
	}
	const most = 100 // more missing in a row than this is said in one line
	for seq := c.head.Seq + 1; seq < r.seq; seq++ {
		if seq-c.head.Seq > most {
			fault(Removed, seq, lang.T("第 %d 到第 %d 条没有了", "entries %d to %d are gone", seq, r.seq-1))
			break
		}
		fault(Removed, seq, lang.T("第 %d 条没有了", "entry %d is gone", seq))
	}
	if hexHash(a.h.of(r)) != r.hash {
		fault(Changed, r.seq, lang.T("第 %d 条改过：内容和散列对不上", "entry %d was changed: what it says does not give its hash", r.seq))
	}
	if r.seq == c.head.Seq+1 && r.before != c.head.Hash {
		fault(Broken, r.seq, lang.T("第 %d 条接不上前一条：其中一条改过、换过位置或是后插的", "entry %d does not follow the one before it: one of the two was changed, moved or put in", r.seq))
	}
	if r.seq < 1 {
		fault(PutIn, r.seq, lang.T("第 %d 条：编号从 1 起", "entry %d: numbers begin with 1", r.seq))
	}
	c.head = Head{r.seq, r.hash}
}

// weighWords adds up what an entry holds for words that are kept apart, and
// takes away what an erased one held.
func (a *auditor) weighWords(c *chain, r *row) {
	if r.salt == "" || r.act != Erased && !strings.Contains(r.detail, `":"#`) {
		return
	}
	var detail map[string]string
	if json.Unmarshal([]byte(r.detail), &detail) != nil {
		a.find(Finding{Kind: Changed, Subject: r.subject, Seq: r.seq, Leaf: -1, Text: lang.T("第 %d 条的内容读不懂", "what entry %d says cannot be understood", r.seq)})
		return
	}
	for _, name := range free {
		if mark := detail[name]; mark != "" {
			a.marks.add(a.token(r.subject, r.seq, name, mark), 1)
			if c.marks == nil {
				c.marks = map[string]string{}
			}
			c.marks[fmt.Sprint(r.seq, " ", name)] = mark
		}
	}
	if seq, err := strconv.Atoi(detail["entry"]); r.act == Erased && err == nil {
		place := fmt.Sprint(seq, " ", detail["word"])
		if mark := c.marks[place]; mark != "" {
			a.marks.add(a.token(r.subject, seq, detail["word"], mark), ^uint64(0)) // take it away
			delete(c.marks, place)
			a.report.Erased++
		}
	}
}

// weighWaiting finds which of the newest entries are in the log already.
func (a *auditor) weighWaiting(waiting []leaf) error {
	for _, w := range waiting {
		in := 0
		if a.newest.size > 0 {
			var err error
			in, err = db.Value[int](a.ctx, a.r, "select count(*) from trail_leaves where district = $1 and subject = $2 and seq = $3 and leaf < $4", a.in.District, w.subject, w.seq, a.newest.size)
			if err != nil {
				return err
			}
		}
		switch {
		case in == 0:
			a.report.Pending++
		case w.salt == "":
			a.plain++
		default:
			a.hashed.add(a.token(w.subject, w.seq, w.hash), 1)
		}
	}
	return nil
}

// compareLeaves looks which entries and leaves do not go together. Only where
// the sums differ are they looked up one by one.
func (a *auditor) compareLeaves() error {
	which := ""
	switch {
	case a.logged != a.hashed || a.covers != a.plain:
	case a.covers > 0:
		which = " and l.salt <> ''"
	default:
		return nil
	}
	err := db.Scan(a.ctx, a.r, func(rows db.Rows) error {
		var l leaf
		var n int64
		var hash, salt string
		if err := rows.Scan(&n, &l.subject, &l.seq, &l.salt, &l.hash, &hash, &salt); err != nil {
			return err
		}
		a.tick()
		if hash == "" {
			a.find(Finding{Kind: Removed, Subject: l.subject, Seq: l.seq, Leaf: n, Text: lang.T("第 %d 条没有了，它是日志的第 %d 片", "entry %d is gone; it is leaf %d of the log", l.seq, n)})
		} else if want := l.open(hash, salt); want != l.hash {
			a.find(Finding{Kind: Changed, Subject: l.subject, Seq: l.seq, Leaf: n, Text: lang.T("第 %d 条和日志第 %d 片不一样", "entry %d is not what leaf %d of the log says", l.seq, n)})
		}
		return nil
	}, `select l.leaf, l.subject, l.seq, l.salt, l.hash, coalesce(t.hash, ''), coalesce(t.salt, '') from trail_leaves l
		left join trail t on t.district = l.district and t.subject = l.subject and t.seq = l.seq
		where l.district = $1 and l.leaf < $2`+which+" order by l.leaf", a.in.District, a.newest.size)
	if err != nil || which != "" {
		return err
	}
	return a.findUnlogged()
}

// open is what a leaf should show of an entry, by the leaf's salt or the entry's
// own. One that has both, or neither, is not as it was written.
func (l *leaf) open(hash, salt string) string {
	switch {
	case salt != "" && l.salt == "":
		return hash
	case salt == "" && l.salt != "":
		return covered(l.salt, hash)
	}
	return ""
}

// findUnlogged names the entries that are older than the log and not in it.
func (a *auditor) findUnlogged() error {
	return db.Scan(a.ctx, a.r, func(rows db.Rows) error {
		f := Finding{Kind: PutIn, Leaf: -1}
		if err := rows.Scan(&f.Subject, &f.Seq); err != nil {
			return err
		}
		a.tick()
		f.Text = lang.T("第 %d 条该在日志里，却不在：是后插的，或者日志里的那一片没有了", "entry %d should be in the log and is not: it was put in later, or its leaf is gone", f.Seq)
		a.find(f)
		return nil
	}, `select t.subject, t.seq from trail t where t.district = $1 and t.at < $2 and not exists
		(select 1 from trail_leaves l where l.district = t.district and l.subject = t.subject and l.seq = t.seq)
		order by t.subject, t.seq`, a.in.District, a.near)
}

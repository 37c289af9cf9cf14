package trail

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/db"
	"linli/internal/errs"
)

// proofHeader is the first line of a proof, as C2SP's tlog-proof has it.
const proofHeader = "c2sp.org/tlog-proof@v1"

// Receipt is what an entry says to whoever it is given to: enough to count the
// entry's hash again, without who did it.
type Receipt struct {
	District string            `json:"district"`
	Subject  string            `json:"subject"`
	Seq      int               `json:"entry"`
	At       time.Time         `json:"at"`
	Act      string            `json:"act"`
	Step     string            `json:"step,omitempty"`
	Book     string            `json:"book,omitempty"`
	Facts    map[string]string `json:"facts,omitempty"`
	Who      string            `json:"who"`  // a salted hash
	Salt     string            `json:"salt"` // of the whole
	Before   string            `json:"before,omitempty"`

	Leaf int64  `json:"-"` // its place in the log
	Size int64  `json:"-"` // of the log that it was found in
	Log  string `json:"-"` // the origin of that log
}

// Proof returns the receipt of an entry with the proof that it is in the log,
// as a text that CheckProof checks with the public key alone. It fails with
// errs.Busy while the entry waits to be taken in.
func Proof(ctx context.Context, r db.Reader, district, subject string, seq int) (text string, err error) {
	defer errs.Wrap(&err, "trail.Proof(%s, %d)", subject, seq)
	l, err := db.One(ctx, r, func(l *logged) []any {
		return append(l.row.columns(), &l.leaf, &l.cover)
	}, "select "+rowColumns+`, coalesce(l.leaf, -1), coalesce(l.salt, '') from trail t
		left join trail_leaves l on l.district = t.district and l.subject = t.subject and l.seq = t.seq
		where t.district = $1 and t.subject = $2 and t.seq = $3`, district, subject, seq)
	if err != nil {
		return "", err
	}
	if l.leaf < 0 {
		return "", errs.New(errs.Busy, "这一条刚写下，几秒钟后进公开日志，请稍后再取。", "This entry was just written and comes into the public log in some seconds; please come back then.")
	}
	if l.cover != "" {
		return "", errs.New(errs.NotFound, "这一条是公开日志开始之前写的，没有回执。", "This entry was written before the public log began and has no receipt.")
	}
	last, err := lastCheckpoint(ctx, r, district)
	if err != nil {
		return "", err
	}
	body, _, _ := strings.Cut(last.note, "\n\n")
	c, err := parseCheckpoint(body + "\n")
	if err != nil {
		return "", err
	}
	path, err := tlog.ProveRecord(c.N, l.leaf, tlog.TileHashReader(c.Tree, tiles{ctx, r, district}))
	if err != nil {
		return "", err
	}
	receipt, err := l.receipt()
	if err != nil {
		return "", err
	}
	return formatProof(receipt, l.leaf, path, last.note)
}

// logged is a row with its place in the log.
type logged struct {
	row
	leaf  int64
	cover string
}

// receipt is what a row says to others.
func (l *logged) receipt() (Receipt, error) {
	var h hasher
	rec := Receipt{
		District: l.district, Subject: l.subject, Seq: l.seq, At: time.UnixMicro(l.at).UTC(), Act: l.act, Step: l.step, Book: l.book,
		Who: h.who(&l.row), Salt: h.shown(l.salt), Before: l.before,
	}
	if l.detail == "" {
		return rec, nil
	}
	return rec, json.Unmarshal([]byte(l.detail), &rec.Facts)
}

// Lines are the facts of a receipt, one a line, in order.
func (rec *Receipt) Lines() (lines []string) {
	for _, name := range slices.Sorted(maps.Keys(rec.Facts)) {
		lines = append(lines, name+": "+rec.Facts[name])
	}
	return lines
}

// leafHash counts the hash that stands in the log from what a receipt says.
func (rec *Receipt) leafHash() (tlog.Hash, error) {
	detail, err := encode(rec.Facts)
	if err != nil {
		return tlog.Hash{}, err
	}
	var h hasher
	sum := h.outside(&row{
		district: rec.District, book: rec.Book, subject: rec.Subject, seq: rec.Seq, at: db.At(rec.At),
		act: rec.Act, step: rec.Step, detail: detail, before: rec.Before,
	}, rec.Salt, rec.Who)
	return tlog.RecordHash(sum[:]), nil
}

func formatProof(rec Receipt, leaf int64, path tlog.RecordProof, checkpoint string) (string, error) {
	extra, err := json.Marshal(rec)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(proofHeader + "\nextra " + base64.StdEncoding.EncodeToString(extra) + "\nindex " + strconv.FormatInt(leaf, 10) + "\n")
	for _, hash := range path {
		b.WriteString(hash.String() + "\n")
	}
	b.WriteString("\n" + checkpoint)
	return b.String(), nil
}

// CheckProof checks a receipt with the public key of the log: the entry says
// what it says, it stands at that place of the log, and the log is signed.
func CheckProof(text, key string) (rec Receipt, err error) {
	defer errs.Wrap(&err, "trail.CheckProof")
	check, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		return rec, errs.New(errs.Invalid, "公钥读不懂。", "The public key cannot be understood.").Because(err)
	}
	rec, leaf, path, checkpoint, err := parseProof(text)
	if err != nil {
		return rec, err
	}
	c, err := openCheckpoint(checkpoint, check)
	if err != nil {
		return rec, err
	}
	hash, err := rec.leafHash()
	if err != nil {
		return rec, err
	}
	if err := tlog.CheckRecord(path, c.N, c.Hash, leaf, hash); err != nil {
		return rec, errs.New(errs.Invalid, "回执对不上：写的内容被改过，或者不在这份日志里。",
			"The receipt does not hold: what it says was changed, or it is not in this log.").Because(err)
	}
	rec.Leaf, rec.Size, rec.Log = leaf, c.N, c.Origin
	return rec, nil
}

// parseProof reads what formatProof writes.
func parseProof(text string) (rec Receipt, leaf int64, path tlog.RecordProof, checkpoint string, err error) {
	bad := func(line int) error {
		return errs.New(errs.Invalid, "回执第 %d 行读不懂。", "Line %d of the receipt cannot be understood.", line)
	}
	head, checkpoint, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if len(lines) < 3 || lines[0] != proofHeader {
		return rec, 0, nil, "", bad(1)
	}
	extra, ok := strings.CutPrefix(lines[1], "extra ")
	data, err := base64.StdEncoding.Strict().DecodeString(extra)
	if !ok || err != nil || json.Unmarshal(data, &rec) != nil {
		return rec, 0, nil, "", bad(2)
	}
	index, found := strings.CutPrefix(lines[2], "index ")
	if leaf, ok = parseSize(index); !ok || !found {
		return rec, 0, nil, "", bad(3)
	}
	const deepest = 63 // no tree of numbered leaves is deeper
	for i, line := range lines[3:] {
		data, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(data) != tlog.HashSize || i >= deepest {
			return rec, 0, nil, "", bad(i + 4)
		}
		path = append(path, tlog.Hash(data))
	}
	return rec, leaf, path, checkpoint, nil
}

// rowColumns are a row's, in the order of columns, from trail t.
const rowColumns = "t.district, t.book, t.subject, t.seq, t.at, t.person, t.post, t.unit, t.act, t.step, t.detail, t.salt, t.before, t.hash"

func (r *row) columns() []any {
	return []any{&r.district, &r.book, &r.subject, &r.seq, &r.at, &r.person, &r.post, &r.unit, &r.act, &r.step, &r.detail, &r.salt, &r.before, &r.hash}
}

// hexHash is a hash as the table keeps it.
func hexHash(sum [32]byte) string { return hex.EncodeToString(sum[:]) }

// Standing is how far an entry has come into the log.
type Standing string

// The standings.
const (
	Waiting Standing = "waiting" // it comes in some seconds
	Logged  Standing = "logged"  // it has a receipt
	Before  Standing = "before"  // it was written before the log began, and has none
)

// StandingOf says whether an entry has a receipt; errs.NotFound where there is no
// such entry.
func StandingOf(ctx context.Context, r db.Reader, district, subject string, seq int) (s Standing, err error) {
	defer errs.Wrap(&err, "trail.StandingOf(%s, %d)", subject, seq)
	type found struct {
		salt string
		in   int
	}
	f, err := db.One(ctx, r, func(f *found) []any { return []any{&f.salt, &f.in} }, `select t.salt, (select count(*) from trail_leaves l
		where l.district = t.district and l.subject = t.subject and l.seq = t.seq) from trail t
		where t.district = $1 and t.subject = $2 and t.seq = $3`, district, subject, seq)
	switch {
	case err != nil:
		return "", err
	case f.salt == "":
		return Before, nil
	case f.in == 0:
		return Waiting, nil
	}
	return Logged, nil
}

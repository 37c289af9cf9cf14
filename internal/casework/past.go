package casework

import (
	"context"
	"strconv"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/trail"
)

// PastAct is the act of an entry that tells what a former system says was done.
const PastAct = "past"

// Past is one thing that a former system says was done with a case. It comes into
// the trail as what it is, something told later: the entry is of the instant of
// the import and names the other. Nothing is counted from it.
type Past struct {
	At     time.Time
	Did    string // in that system's words
	Unit   string // of this district; '' where it is not known
	Note   string // what was written down, kept apart as words
	Photos int    // that came with it
	File   string // where it was read
}

// AddPast adds to the trail of each case what it does not tell yet, in the order
// given, and says how much was new. What was told before is left as it is, so
// that an import can be run again.
func AddPast(ctx context.Context, tx *db.Tx, district string, cases []ID, past map[ID][]Past) (added int, err error) {
	defer errs.Wrap(&err, "casework.AddPast(%s, %d)", district, len(cases))
	subjects := make([]string, len(cases))
	for i, id := range cases {
		subjects[i] = string(id)
	}
	heads, err := trail.Heads(ctx, tx, district, subjects)
	if err != nil {
		return 0, err
	}
	for _, id := range cases {
		told, err := pastTold(ctx, tx, district, id, heads[string(id)])
		if err != nil {
			return 0, err
		}
		var entries []trail.Entry
		for _, p := range past[id] {
			e := p.entry()
			if key := pastKey(e); !told[key] {
				told[key] = true
				entries = append(entries, e)
			}
		}
		if _, err := trail.Add(ctx, tx, district, string(id), heads[string(id)], entries...); err != nil {
			return 0, err
		}
		added += len(entries)
	}
	return added, nil
}

func (p Past) entry() trail.Entry {
	detail := map[string]string{"was-at": p.At.UTC().Format(time.RFC3339), "was-done": p.Did, "file": p.File}
	for name, value := range map[string]string{"was-unit": p.Unit, "note": p.Note} {
		if value != "" {
			detail[name] = value
		}
	}
	if p.Photos > 0 {
		detail["photos"] = strconv.Itoa(p.Photos)
	}
	return trail.Entry{Act: PastAct, Detail: detail}
}

// pastKey is by what something told is known again.
func pastKey(e trail.Entry) string {
	return e.Detail["was-at"] + " " + e.Detail["was-done"] + " " + e.Detail["was-unit"] + " " + e.Detail["photos"]
}

// pastTold is what a trail tells already. One that is as short as an import leaves
// it tells nothing.
func pastTold(ctx context.Context, tx *db.Tx, district string, id ID, head trail.Head) (map[string]bool, error) {
	told := map[string]bool{}
	if head.Seq <= 1 {
		return told, nil
	}
	entries, err := trail.Of(ctx, tx, district, string(id))
	for _, e := range entries {
		if e.Act == PastAct {
			told[pastKey(e)] = true
		}
	}
	return told, err
}

// CasesOf finds the cases of reports that a channel sent under its own
// references, by reference; those that are not there are left out.
func CasesOf(ctx context.Context, r db.Reader, district, channel string, senders []string) (cases map[string]ID, err error) {
	defer errs.Wrap(&err, "casework.CasesOf(%s, %s, %d)", district, channel, len(senders))
	list, arg, err := db.FromList(r.Engine(), "$3", senders)
	if err != nil {
		return nil, err
	}
	cases = make(map[string]ID, len(senders))
	return cases, db.Scan(ctx, r, func(rows db.Rows) error {
		var sender string
		var id ID
		err := rows.Scan(&sender, &id)
		cases[sender] = id
		return err
	}, "select r.sender, r.case_id from "+list+" reports r on r.district = $1 and r.channel = $2 and r.sender = j.value where r.sender <> ''", district, channel, arg)
}

package trail

import (
	"encoding/json"
	"strconv"

	"linli/internal/db"
	"linli/internal/lang"
)

// sumWords adds up the words that are kept apart.
func (a *auditor) sumWords() error {
	return db.Scan(a.ctx, a.r, func(rows db.Rows) error {
		var subject string
		var seq int
		var w word
		if err := rows.Scan(&subject, &seq, &w.name, &w.salt, &w.text); err != nil {
			return err
		}
		a.tick()
		a.report.Words++
		mark := a.h.word(w.salt, w.name, w.text)
		a.words.add(a.token(subject, seq, w.name, mark), 1)
		return nil
	}, "select w.subject, w.seq, w.name, w.salt, w.text from trail_words w where w.district = $1", a.in.District)
}

// spot is where a word belongs.
type spot struct {
	subject string
	seq     int
	name    string
}

// compareWords finds, where the sums differ, which words are not those that
// their entries were written with.
func (a *auditor) compareWords() error {
	if a.words == a.marks {
		return nil
	}
	marks, gone, err := a.readMarks()
	if err != nil {
		return err
	}
	here := map[spot]bool{}
	err = db.Scan(a.ctx, a.r, func(rows db.Rows) error {
		var at spot
		var w word
		if err := rows.Scan(&at.subject, &at.seq, &at.name, &w.salt, &w.text); err != nil {
			return err
		}
		here[at] = true
		mark, known := marks[at]
		switch {
		case !known:
			a.findWords(at, lang.T("第 %d 条没有这样的话（%s），是后放的", "entry %d has no such words (%s): they were put there", at.seq, at.name))
		case gone[at]:
			a.findWords(at, lang.T("第 %d 条的话（%s）已经删了，又有了", "the words of entry %d (%s) were erased and are there again", at.seq, at.name))
		case a.h.word(w.salt, at.name, w.text) != mark:
			a.findWords(at, lang.T("第 %d 条的话（%s）改过", "the words of entry %d (%s) were changed", at.seq, at.name))
		}
		return nil
	}, "select w.subject, w.seq, w.name, w.salt, w.text from trail_words w where w.district = $1", a.in.District)
	for at := range marks {
		if !here[at] && !gone[at] {
			a.findWords(at, lang.T("第 %d 条的话（%s）没有了，也没有记下为什么删", "the words of entry %d (%s) are gone, and nothing says why", at.seq, at.name))
		}
	}
	return err
}

func (a *auditor) findWords(at spot, text lang.Text) {
	a.find(Finding{Kind: Words, Subject: at.subject, Seq: at.seq, Leaf: -1, Text: text})
}

// readMarks reads what entries hold for words, and which of them were erased.
func (a *auditor) readMarks() (marks map[spot]string, gone map[spot]bool, err error) {
	marks, gone = map[spot]string{}, map[spot]bool{}
	err = db.Scan(a.ctx, a.r, func(rows db.Rows) error {
		var at spot
		var act, text string
		if err := rows.Scan(&at.subject, &at.seq, &act, &text); err != nil {
			return err
		}
		var detail map[string]string
		if json.Unmarshal([]byte(text), &detail) != nil {
			return nil // said already, where the entry was looked at
		}
		for _, at.name = range free {
			if mark := detail[at.name]; mark != "" {
				marks[at] = mark
			}
		}
		if seq, err := strconv.Atoi(detail["entry"]); act == Erased && err == nil && seq < at.seq {
			gone[spot{at.subject, seq, detail["word"]}] = true
		}
		return nil
	}, `select t.subject, t.seq, t.act, t.detail from trail t where t.district = $1 and t.salt <> ''
		and (t.act = 'erased' or t.detail like '%":"#%') order by t.subject, t.seq`, a.in.District)
	return marks, gone, err
}

package inbox

import (
	"context"
	"errors"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/procedure"
)

// wish is what a short text asks for, beside reporting something.
type wish struct {
	do     deed
	number string // of the case it names
	word   string // the secret word it gives
	grade  int    // of a rating, 1 to 5
	rest   string // what it says beside
}

type deed string

const (
	tell   deed = ""       // something to report, or more of it
	look   deed = "look"   // how does it stand
	rate   deed = "rate"   // is it solved
	stop   deed = "stop"   // tell me no more
	help   deed = "help"   // how does this work
	send   deed = "send"   // what was begun is whole
	cancel deed = "cancel" // forget what was begun
)

// The outcomes of wishes.
const (
	Asked Outcome = "asked" // how a case stands
	Rated Outcome = "rated"
)

// said are the words that wishes begin with; grade is that of a rating. Longer
// ones come first: 不满意 also ends in 满意.
var said = []struct {
	words string
	do    deed
	grade int
}{
	{"非常不满意", rate, 1}, {"很不满意", rate, 1}, {"不满意", rate, 2}, {"没解决", rate, 2}, {"没有解决", rate, 2}, {"not solved", rate, 2},
	{"基本满意", rate, 3}, {"非常满意", rate, 5}, {"很满意", rate, 5}, {"满意", rate, 4}, {"解决了", rate, 4}, {"solved", rate, 4},
	{"查进展", look, 0}, {"查询", look, 0}, {"进展", look, 0}, {"查", look, 0}, {"status", look, 0},
	{"别发了", stop, 0}, {"退订", stop, 0}, {"stop", stop, 0}, {"td", stop, 0},
	{"帮助", help, 0}, {"help", help, 0}, {"？", help, 0}, {"?", help, 0},
	{"取消", cancel, 0}, {"cancel", cancel, 0}, {"发出", send, 0}, {"发", send, 0}, {"send", send, 0},
}

// wishMost is how long a wish is at most; what is longer is a report.
const wishMost = 120

// wishOf reads a text. Words that begin a sentence are no wish: only a rating may
// say more, the reason. 查违建 is something to report, 查 261122-0001 is not.
func wishOf(text string) wish {
	text = strings.TrimSpace(text)
	plain := strings.TrimSpace(text)
	if len([]rune(plain)) > wishMost {
		return wish{}
	}
	var w wish
	if found := numberForm.FindString(plain); found != "" {
		if n, err := ident.ParseNumber(found); err == nil {
			w.number, plain = string(n), strings.Replace(plain, found, " ", 1)
		}
	}
	if found := wordForm.FindString(strings.ToLower(plain)); found != "" && w.number != "" {
		w.word, plain = found, without(plain, found, found)
	}
	plain = strings.Trim(plain, " 　\t\r\n。，,.!！")
	for _, s := range said {
		rest, ok := strings.CutPrefix(strings.ToLower(plain), s.words)
		if !ok {
			continue
		}
		rest = strings.Trim(rest, " 　。，,.!！：:")
		if rest != "" && (s.do != rate || s.grade > 2) {
			break
		}
		w.do, w.grade, w.rest = s.do, s.grade, rest
		return w
	}
	if plain == "" && w.number != "" { // a number alone
		w.do = look
		return w
	}
	return wish{}
}

// own finds the report that a wish is about, if it is its writer's: one that came
// from the same address, one that was sent with the same number, or one whose
// secret word is given. Without a number it is the newest.
func (b *Box) own(ctx context.Context, rd db.Reader, d *district.District, l Letter, w wish) (c casework.Case, r casework.Report, err error) {
	mine, err := b.sentBy(ctx, rd, d, l)
	if err != nil {
		return c, r, err
	}
	if w.number == "" {
		if len(mine) == 0 {
			return c, r, none()
		}
		if r, err = casework.ReportByID(ctx, rd, d.Code, mine[0]); err != nil {
			return c, r, err
		}
		c, err = casework.ByID(ctx, rd, d.Code, r.Case)
		return c, r, err
	}
	if c, err = casework.ByNumber(ctx, rd, d.Code, w.number); err != nil {
		return c, r, err
	}
	reports, err := casework.Reports(ctx, rd, d.Code, c.ID)
	if err != nil {
		return c, r, err
	}
	phone := ""
	if l.Channel == channel.SMS {
		phone = b.Desk.PhoneIndex(l.From)
	}
	for _, one := range reports {
		if slices.Contains(mine, one.ID) || phone != "" && one.PhoneIndex == phone || w.word != "" && one.Word == intake.HashWord(w.word) {
			return c, one, nil
		}
	}
	return c, r, none()
}

// none says the same of a case that is somebody else's as of one that is not.
func none() error { return errs.New(errs.NotFound, "没有这件。", "There is none.") }

// sentBy are the reports that came from a letter's address, newest first.
func (b *Box) sentBy(ctx context.Context, rd db.Reader, d *district.District, l Letter) ([]string, error) {
	return db.All(ctx, rd, func(id *string) []any { return []any{id} },
		"select report_id from arrivals where district = $1 and from_index = $2 and channel = $3 and outcome = $4 order by at desc limit 20",
		d.Code, b.indexOf(l), string(l.Channel), string(Reported))
}

// standing is how a case stands, for its reporter to read: what the pages say to
// residents, and of a secret case not what it is about.
func (b *Box) standing(d *district.District, c casework.Case) lang.Text {
	head := lang.T("%s：", "%s: ", c.Number)
	if !c.Secret {
		title := d.Catalogue.Title(c.Matter)
		head = lang.Text{ZH: c.Number + " " + title.ZH + "：", EN: c.Number + " " + title.EN + ": "}
	}
	if p, ok := d.Catalogue.Procedure(c.Procedure, c.Version); ok {
		public := lang.Text{}
		if step := p.Step(c.Step); step != nil {
			public = step.Public
		} else if end := p.End(procedure.EndName(c.Step)); end != nil {
			public = end.Public
		}
		head.ZH, head.EN = head.ZH+public.ZH, head.EN+public.EN
	}
	if c.State == casework.Running && !c.Due.IsZero() {
		due := clock.DateText(c.Due, b.Desk.DB.Now(), d.Calendar.Zone())
		head.ZH, head.EN = head.ZH+" 答应您："+due.ZH+"。", head.EN+" Promised: "+due.EN+"."
	}
	return head
}

// errNoRating says that nothing waits for the writer's word.
var errNoRating = errors.New("nothing waits to be rated")

// rated gives the writer's word on a case, in the caller's transaction.
func (b *Box) rated(ctx context.Context, tx *db.Tx, d *district.District, c casework.Case, r casework.Report, w wish) error {
	a := casework.Acting{District: d, By: procedure.Actor{Reporter: true, Report: r.ID}}
	offers, err := casework.Available(ctx, tx, a, c, tx.Now)
	if err != nil {
		return err
	}
	for _, o := range offers {
		refuses := slices.Contains(o.Needs, procedure.NeedReason)
		if !o.Allowed || !slices.Contains(o.Needs, procedure.NeedRating) || refuses != (w.grade <= 2) {
			continue
		}
		reason := ""
		if refuses {
			if reason = w.rest; reason == "" {
				reason = "没解决"
			}
			if reason, err = b.Desk.Said(d.Code, c, r, reason); err != nil {
				return err
			}
		}
		_, err := casework.Act(ctx, tx, a, c.ID, procedure.Move{Task: o.Task, Action: o.Action, Rating: w.grade, Reason: reason})
		return err
	}
	return errNoRating
}

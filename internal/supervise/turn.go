package supervise

import (
	"context"
	"encoding/json"
	"slices"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// waitingMost bounds how many tasks are looked at for a post that nobody holds.
const waitingMost = 1000

// Turn is the handler of org.TurnJob: posts have changed hands, at a minute or
// as a day began. Tasks that somebody had taken up go on without them, and where
// nobody is left for what waits, those are told who can name somebody. A job
// that comes late, because nothing ran then, does the same.
func Turn(book *notice.Book) func(context.Context, *db.Tx, *district.District, job.Job) error {
	return func(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) (err error) {
		defer errs.Wrap(&err, "supervise.Turn(%s)", j.Key)
		var t org.Turn
		if err := json.Unmarshal(j.Args, &t); err != nil {
			return err
		}
		// Read here: the picture may be older than the act this job follows from.
		held, err := org.Open(ctx, tx, d.Code)
		if err != nil {
			return err
		}
		if _, err := casework.HandOver(ctx, tx, d, held); err != nil {
			return err
		}
		zone := d.Calendar.Zone()
		var ended []org.Post
		if p, ok := held.Post(t.Post); ok {
			ended = append(ended, p)
		}
		if t.Day != "" {
			ended = append(ended, held.EndedSince(t.Day.Add(-1), clock.DateOf(tx.Now, zone))...)
			if err := org.Daily(ctx, tx, d.Code, zone); err != nil {
				return err
			}
		}
		for _, p := range ended {
			if until := p.Until(zone); until.IsZero() || until.After(tx.Now) {
				continue // its holder is on leave, or back
			}
			if err := bare(ctx, tx, d, held, book, p); err != nil {
				return err
			}
		}
		return nil
	}
}

// bare tells who can name somebody that a post ended and nobody is left for the
// tasks that wait for its role.
func bare(ctx context.Context, tx *db.Tx, d *district.District, held *org.Directory, book *notice.Book, p org.Post) error {
	tasks, err := casework.Waiting(ctx, tx, d, casework.ActorOf(p), waitingMost)
	if err != nil || len(tasks) == 0 {
		return err
	}
	posts := held.Held(tx.Now, d.Calendar.Zone())
	tasks = slices.DeleteFunc(tasks, func(t casework.Task) bool {
		of := procedure.Task{Unit: t.Unit, Role: t.Role, Area: t.Area}
		return slices.ContainsFunc(posts, func(q org.Post) bool { return of.Concerns(casework.ActorOf(q)) })
	})
	if len(tasks) == 0 {
		return nil
	}
	role := roleTitle(d, p.Role)
	n := casework.Notice{Template: string(notice.PostBare), Unit: string(p.Unit),
		Subject: lang.T("%[1]s，%[3]d 件等着", "%[2]s, %[3]d waiting", role.ZH, role.EN, len(tasks))}
	return book.TellThem(ctx, tx, d, n, told(d, held, tx, audience{unit: string(p.Unit)}.heads(d), rights.PostKeep)...)
}

// told adds to readers every post that has a right, each reader once.
func told(d *district.District, held *org.Directory, tx *db.Tx, to []notice.To, right rights.Right) []notice.To {
	for _, p := range held.Held(tx.Now, d.Calendar.Zone()) {
		if one := notice.Post(string(p.ID)); d.Can(right, string(p.Role)) && !slices.Contains(to, one) {
			to = append(to, one)
		}
	}
	return to
}

// TellRights is the handler of org.ToldJob: every audit administrator is told
// that somebody's rights have changed. Whose, and by whom, the trail says.
func TellRights(book *notice.Book) func(context.Context, *db.Tx, *district.District, job.Job) error {
	return func(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) (err error) {
		defer errs.Wrap(&err, "supervise.TellRights(%s)", j.Key)
		var t org.Told
		if err := json.Unmarshal(j.Args, &t); err != nil {
			return err
		}
		held, err := org.Open(ctx, tx, d.Code)
		if err != nil {
			return err
		}
		what, role := ActText(t.Act), roleTitle(d, t.Role)
		subject := lang.T("%[1]s（%[3]d 个岗位）", "%[2]s (%[3]d posts)", what.ZH, what.EN, t.N)
		if t.Role != "" {
			unit := held.UnitName(t.Unit)
			subject = lang.T("%[1]s，%[3]s，%[5]s", "%[2]s: %[4]s, %[6]s", what.ZH, what.EN, role.ZH, role.EN, unit.ZH, unit.In(lang.EN))
		}
		n := casework.Notice{Template: string(notice.RightsChanged), Subject: subject}
		return book.TellThem(ctx, tx, d, n, told(d, held, tx, nil, rights.AuditSee)...)
	}
}

// ActText names what was done to somebody's rights.
func ActText(act string) lang.Text {
	switch act {
	case org.PostGiven:
		return lang.T("给了岗位", "a post was given")
	case org.PostEnded:
		return lang.T("收回了岗位", "a post was ended")
	case org.PostImported:
		return lang.T("导入了岗位", "posts were imported")
	case org.StandInGiven:
		return lang.T("定了代班", "a stand-in was named")
	case org.StandInEnded:
		return lang.T("结束了代班", "a stand-in was ended")
	}
	return lang.Text{ZH: act, EN: act}
}

func roleTitle(d *district.District, role org.Role) lang.Text {
	if r, ok := d.Catalogue.Roles().Role(string(role)); ok {
		return r.Title
	}
	return role.Text()
}

package feeds

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/lang"
	"linli/internal/privacy"
	"linli/internal/procedure"
	"linli/internal/web/page"
)

// A calendar holds no more deadlines than ownMost, the nearest first: whoever has
// more does not plan by a calendar.
const (
	ownMost = 500
	ownPage = 100
)

// ownCalendar sends the deadlines of whoever made a secret address: of the tasks
// that wait for the posts held at this moment, with what may stand in a calendar
// that somebody else's computer keeps. Posts that ended take theirs with them.
func ownCalendar(v *page.View, secret string) error {
	c, a, err := access.CheckCalendar(v.Context(), v.House.DB, v.District.Code, secret)
	if err != nil {
		return err
	}
	if err := access.UseCalendar(v.Context(), v.House.DB, c, v.Now); err != nil {
		return err
	}
	var posts []procedure.Actor
	if person, ok := v.District.Org.PersonByLogin(a.Login); ok {
		for _, p := range v.District.HeldAt(person.ID, v.Now) {
			posts = append(posts, casework.ActorOf(p))
		}
	}
	own := exchange.Deadlines{District: v.District.Code, Name: lang.T("邻里 · 我的期限", "linli · my deadlines")}
	if own.All, err = deadlines(v, posts); err != nil {
		return err
	}
	head := v.W.Header()
	head.Set("Content-Type", "text/calendar; charset=utf-8")
	head.Set("Content-Language", v.Lang.Tag())
	head.Set("Cache-Control", "private, no-store")
	head.Set("X-Robots-Tag", "noindex")
	http.ServeContent(v.W, v.R, "", time.Time{}, bytes.NewReader([]byte(own.ICalendar(v.Lang))))
	return nil
}

// deadlines are those of the tasks that some posts may do.
func deadlines(v *page.View, posts []procedure.Actor) (all []exchange.Deadline, err error) {
	f := casework.Filter{Queue: &casework.Queue{Posts: posts}}
	for after := ""; len(posts) > 0 && len(all) < ownMost; {
		p, err := casework.List(v.Context(), v.House.DB, v.District, f, v.Now, after, ownPage)
		if err != nil {
			return nil, err
		}
		for _, row := range p.Rows {
			if !row.Task.Due.IsZero() {
				all = append(all, deadline(v, row))
			}
		}
		if after = p.Next; after == "" {
			break
		}
	}
	return all[:min(len(all), ownMost)], nil
}

// deadline says no more of a case that was told in secret, or is about somebody's
// own data, than its number.
func deadline(v *page.View, row casework.Row) exchange.Deadline {
	d := exchange.Deadline{
		ID: uidOf(row.Task.ID), Number: row.Number, Began: row.Task.OpenedAt, Due: row.Task.Due, Held: !row.Task.HeldAt.IsZero(), Link: v.Origin() + "/desk/cases/" + row.Number,
	}
	if !row.Secret && row.Matter != privacy.Matter {
		d.Title = v.District.Catalogue.Title(row.Matter)
	}
	if row.Secret {
		d.Began = d.Due // the minute at which it came in would tell who brought it
	}
	return d
}

// uidOf names a task on somebody else's computer: always the same, and without the
// instant that an id begins with.
func uidOf(task string) string {
	sum := sha256.Sum256([]byte("calendar " + task))
	return hex.EncodeToString(sum[:16])
}

// missingCalendar is the answer to every address that leads nowhere.
func missingCalendar() error {
	return errs.New(errs.NotFound, "没有这个日历。", "There is no such calendar.")
}

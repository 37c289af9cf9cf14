package look

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/org"
	"linli/internal/rights"
)

// AlarmJob is the kind of job that tells the security and audit administrators
// of unusual reading.
const AlarmJob = "look-alarm"

// AlarmWords is the template of what they are told.
const AlarmWords = "look-alarm"

// alarmed is the arguments of an AlarmJob: whose day, and what was unusual
// when it was first seen.
type alarmed struct {
	Person string     `json:"person"`
	Day    clock.Date `json:"day"`
	Signs  []Sign     `json:"signs"`
}

// alarm notes what is unusual about a day, and has the administrators told of
// it once.
func (y *Day) alarm(ctx context.Context, tx *db.Tx, code string, signs []Sign) error {
	if len(signs) == 0 {
		return nil
	}
	first := y.AlarmAt.IsZero()
	for _, s := range signs {
		if !slices.Contains(y.Signs, s) {
			y.Signs = append(y.Signs, s)
		}
	}
	if first {
		y.AlarmAt = tx.Now
		if err := job.Add(ctx, tx, code, AlarmJob, y.Person+" "+string(y.Day), alarmed{y.Person, y.Day, signs}, tx.Now); err != nil {
			return err
		}
	}
	return y.save(ctx, tx, code)
}

// Alarm is the handler of [AlarmJob]. It decides whom to tell, and of what; tell
// writes a message to a post.
func Alarm(tell func(ctx context.Context, tx *db.Tx, d *district.District, n casework.Notice, post string) error) func(context.Context, *db.Tx, *district.District, job.Job) error {
	return func(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) (err error) {
		defer errs.Wrap(&err, "look.Alarm(%s)", j.Key)
		var a alarmed
		if err := json.Unmarshal(j.Args, &a); err != nil {
			return err
		}
		n := casework.Notice{Template: AlarmWords, Subject: SignsText(a.Signs)}
		if posts := d.Org.PostsOf(org.PersonID(a.Person), d.Day); len(posts) > 0 {
			n.Unit = string(posts[0].Unit)
		}
		for _, post := range administrators(d, a.Person) {
			if err := tell(ctx, tx, d, n, string(post.ID)); err != nil {
				return err
			}
		}
		return nil
	}
}

// administrators are the posts of those who look after security and of those
// who audit, but not the reader's own.
func administrators(d *district.District, but string) (all []org.Post) {
	for _, u := range d.Org.Units() {
		for _, p := range d.Org.PostsIn(u.ID, d.Day) {
			if string(p.Person) != but && (d.Can(rights.AuditSee, string(p.Role)) || d.Can(rights.PostKeep, string(p.Role))) {
				all = append(all, p)
			}
		}
	}
	return all
}

// Alarms lists the days with unusual reading since an instant, the newest first.
func Alarms(ctx context.Context, r db.Reader, district string, from time.Time) (all []Day, err error) {
	defer errs.Wrap(&err, "look.Alarms(%s)", district)
	return db.All(ctx, r, (*Day).dest, "select "+dayColumns+" from look_days y where y.district = $1 and y.alarm_at > 0 and y.alarm_at >= $2 order by y.alarm_at desc, y.person",
		district, db.At(from))
}

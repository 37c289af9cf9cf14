package app

import (
	"context"
	"time"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/hook"
	"linli/internal/inbox"
	"linli/internal/job"
	"linli/internal/look"
	"linli/internal/notice"
	"linli/internal/org"
	"linli/internal/peer"
	"linli/internal/privacy"
	"linli/internal/repeat"
	"linli/internal/resident"
	"linli/internal/retain"
	"linli/internal/supervise"
	"linli/internal/transfer"
)

// nightJob forgets what is over: expired sessions, old failures to sign in.
const nightJob = "night"

// nightAt is when in a district's night.
const nightAt = 3 * time.Hour

// handlers are what runs each kind of job.
func (a *App) handlers() map[string]job.Handler {
	of := func(do func(context.Context, *db.Tx, *district.District, job.Job) error) job.Handler {
		return func(ctx context.Context, tx *db.Tx, j job.Job) error {
			d, err := a.picture(ctx, j.District)
			if err != nil {
				return err
			}
			return do(ctx, tx, d, j)
		}
	}
	return map[string]job.Handler{
		casework.NoticeJob:  of(a.Notices.Tell),
		casework.ExpireJob:  of(casework.Expire),
		casework.LapseJob:   of(casework.Lapse),
		supervise.SweepJob:  of(supervise.Sweep),
		supervise.ClimbJob:  of(supervise.Climb),
		supervise.TellJob:   of(supervise.Tell(a.Notices)),
		org.TurnJob:         of(supervise.Turn(a.Notices)),
		org.ToldJob:         of(supervise.TellRights(a.Notices)),
		access.NewDeviceJob: of(a.Notices.TellNewDevice),
		access.GuessedJob:   of(a.Notices.TellGuessed),
		look.AlarmJob:       of(look.Alarm(a.tellPost)),
		document.FileJob:    a.Documents.RemoveFile,
		privacy.ExpireJob:   of(privacy.Expire),
		inbox.ReportJob:     a.Inbox.NoteReport,
		nightJob:            of(night),
	}
}

// tellPost writes to a post what look has to tell it.
func (a *App) tellPost(ctx context.Context, tx *db.Tx, d *district.District, n casework.Notice, post string) error {
	return a.Notices.TellThem(ctx, tx, d, n, notice.Post(post))
}

// picture is the district that a job works on: as it is now, or, while the
// demo's past is told, as it is at the end of it, since reading it again for
// each of ninety days would be most of the telling.
func (a *App) picture(ctx context.Context, code string) (*district.District, error) {
	if a.telling != nil {
		return a.telling, nil
	}
	return a.Districts.Get(ctx, code)
}

// prepare adds the kinds that read long before they write.
func (a *App) prepare() {
	a.prepareLines()
	of := func(do func(context.Context, db.Reader, *district.District, time.Time, job.Job) (job.Handler, error)) job.Preparer {
		return func(ctx context.Context, r db.Reader, j job.Job) (job.Handler, error) {
			d, err := a.picture(ctx, j.District)
			if err != nil {
				return nil, err
			}
			return do(ctx, r, d, a.DB.Now(), j)
		}
	}
	a.Jobs.Prepare(casework.ReckonJob, of(func(ctx context.Context, r db.Reader, d *district.District, _ time.Time, j job.Job) (job.Handler, error) {
		return casework.Reckon(ctx, r, d, j)
	}))
	a.Jobs.Outside(notice.CarryJob, func(ctx context.Context, r db.Reader, j job.Job) (job.Handler, error) {
		return a.Notices.PrepareCarry(ctx, r, j)
	})
	if m := a.channels.Mail; m != nil && m.In != nil {
		a.Jobs.Outside(fetchJob, a.fetch)
	}
	a.Jobs.Outside(resident.SendJob, of(func(ctx context.Context, r db.Reader, _ *district.District, now time.Time, j job.Job) (job.Handler, error) {
		return a.Residents.PrepareSend(ctx, r, now, j)
	}))
	a.Jobs.Prepare(retain.Job, of(retain.Prepare))
	a.Jobs.Prepare(retain.ResealJob, func(ctx context.Context, r db.Reader, j job.Job) (job.Handler, error) {
		return retain.PrepareReseal(ctx, r, a.Vault, j)
	})
	a.Jobs.Outside(peer.RoundJob, a.Peers.Round)
	a.Jobs.Outside(peer.MediaJob, a.Peers.Media)
	a.Jobs.Prepare(hook.SequenceJob, of(func(ctx context.Context, r db.Reader, d *district.District, _ time.Time, j job.Job) (job.Handler, error) {
		return hook.PrepareSequence(ctx, r, d, j)
	}))
	a.Jobs.Outside(hook.SendJob, a.Hooks.Send)
	a.Jobs.Prepare(logJob, a.prepareLog)
	a.Jobs.Prepare(wholeLogJob, a.prepareLog)
	a.Jobs.Prepare(evaluate.DaysJob, of(evaluate.PrepareDays))
	a.Jobs.Prepare(evaluate.MonthJob, of(func(ctx context.Context, r db.Reader, d *district.District, now time.Time, j job.Job) (job.Handler, error) {
		return evaluate.PrepareMonth(ctx, r, d, d.Catalogue.Measures(), now, j)
	}))
}

// Schedule sees to it that the jobs that come again and again are waiting, for
// every district of the database. Asking again changes nothing.
func (a *App) Schedule(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "app.Schedule")
	codes, err := district.Codes(ctx, a.DB)
	if err != nil {
		return err
	}
	for i, code := range codes {
		d, err := a.Districts.Get(ctx, code)
		if err != nil {
			return err
		}
		err = a.DB.Write(ctx, func(tx *db.Tx) error {
			if err := supervise.Schedule(ctx, tx, code); err != nil {
				return err
			}
			if err := org.Daily(ctx, tx, code, d.Calendar.Zone()); err != nil {
				return err
			}
			if err := evaluate.Schedule(ctx, tx, d); err != nil {
				return err
			}
			if err := scheduleLog(ctx, tx, code); err != nil {
				return err
			}
			if err := retain.Schedule(ctx, tx, d); err != nil {
				return err
			}
			if m := a.channels.Mail; m != nil && m.In != nil && (code == a.cfg.District || a.cfg.District == "" && i == 0) {
				if err := job.Add(ctx, tx, code, fetchJob, mailKey, struct{}{}, tx.Now); err != nil {
					return err
				}
			}
			return addNight(ctx, tx, d)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// night is the handler of nightJob.
func night(ctx context.Context, tx *db.Tx, d *district.District, _ job.Job) error {
	if err := access.Sweep(ctx, tx, d.Code); err != nil {
		return err
	}
	if err := resident.Sweep(ctx, tx, d.Code); err != nil {
		return err
	}
	if err := inbox.Sweep(ctx, tx, d.Code); err != nil {
		return err
	}
	if err := hook.Sweep(ctx, tx, d.Code); err != nil {
		return err
	}
	if err := repeat.Sweep(ctx, tx, d.Code); err != nil {
		return err
	}
	if err := transfer.Sweep(ctx, tx, d.Code); err != nil {
		return err
	}
	return addNight(ctx, tx, d)
}

// addNight asks for the next night's job.
func addNight(ctx context.Context, tx *db.Tx, d *district.District) error {
	zone := d.Calendar.Zone()
	at := clock.DateOf(tx.Now, zone).Start(zone).Add(nightAt)
	if !at.After(tx.Now) {
		at = clock.DateOf(tx.Now, zone).Add(1).Start(zone).Add(nightAt)
	}
	return job.Add(ctx, tx, d.Code, nightJob, nightJob, struct{}{}, at)
}

// promised tells the colour board how each unit keeps its promises. It is asked
// every second while cases move, so it does not add up the days each time.
func (a *App) promised(ctx context.Context, _ db.Reader, d *district.District, _ time.Time) (supervise.Promised, error) {
	lines, err := a.Scores.Lines(ctx, d)
	return func(unit string) (kept, broken int) { return lines[unit].Month.Kept, lines[unit].Month.Broken }, err
}

package app

import (
	"context"
	"hash/fnv"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/evaluate"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/supervise"
)

// twoDays is how long a decision of a meeting mostly takes.
var twoDays = clock.Limit{N: 2, Unit: clock.WorkingDays} // never changed

// months are the two months before this one: the first is frozen, the second
// preliminary and open to appeal.
func (t *teller) months() (all []event) {
	zone := t.d.Calendar.Zone()
	this := evaluate.MonthOf(t.end, zone)
	for back := 2; back >= 1; back-- {
		p := this.Add(-back)
		_, over := p.Span(zone)
		on := func(days int, hour time.Duration) time.Time { return over.AddDate(0, 0, days).Add(hour * time.Hour) }
		all = append(all,
			event{at: on(-1, 15), do: func(ctx context.Context) error { return t.reviewed(ctx, p) }},
			event{at: over.Add(30 * time.Minute), do: func(ctx context.Context) error { return t.count(ctx, p) }},
			event{at: on(3, 10), do: func(ctx context.Context) error { return t.appeal(ctx, p) }},
			event{at: on(7, 15), do: func(ctx context.Context) error { return t.decideAppeals(ctx, p, back == 1) }},
		)
		if back == 2 {
			all = append(all, event{at: on(11, 10), do: func(ctx context.Context) error {
				return t.by(ctx, "linwang", "leader", func(tx *db.Tx, a casework.Acting) error { return evaluate.Freeze(ctx, tx, a, p) })
			}})
		}
	}
	return all
}

// reviewed takes down what others say of departments and streets. The score of
// a body is always the same for the same unit and month.
func (t *teller) reviewed(ctx context.Context, p evaluate.Period) error {
	return t.by(ctx, "zhouhui", "supervisor", func(tx *db.Tx, a casework.Acting) error {
		for _, u := range t.d.Org.Units() {
			for _, body := range evaluate.Bodies() {
				small := u.Kind == org.CommunityStation || u.Kind == org.Company
				if u.Kind == org.Centre || small && body != evaluate.Inspectors {
					continue
				}
				h := fnv.New32a()
				_, _ = h.Write([]byte(string(p) + string(u.ID) + string(body))) // never fails
				in := evaluate.Review{Period: p, Unit: string(u.ID), Body: body, Score: 78 + float64(h.Sum32()%19)}
				if err := evaluate.EnterReview(ctx, tx, a, in); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// count is what the job of the first of the month does.
func (t *teller) count(ctx context.Context, p evaluate.Period) error {
	res, err := evaluate.Compute(ctx, t.app.DB, t.d, t.d.Catalogue.Measures(), p, t.clockNow())
	if err != nil {
		return err
	}
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		return evaluate.Store(ctx, tx, casework.Acting{District: t.d, By: procedure.Actor{System: true}}, res)
	})
}

// appeal has three units say of a case that it should not count against them.
func (t *teller) appeal(ctx context.Context, p evaluate.Period) error {
	scores, err := evaluate.NewKeeper(t.app.DB).Scores(ctx, t.d, t.d.Catalogue.Measures(), p)
	if err != nil {
		return err
	}
	heads := []struct{ login, unit, reason string }{
		{"luzhen", "u-shizheng", "停电三天，设备进不了场，附供电公司通知。"},
		{"shiqing", "u-chengguan", "现场在修路围挡内，进不去，附照片。"},
		{"jinhong", "u-huaishu", "已在期限内办完，拍照上传晚了半天。"},
	}
	for _, h := range heads {
		list, err := scores.Cases(ctx, evaluate.Unit(h.unit), "timely-work")
		if err != nil {
			return err
		}
		for _, c := range list {
			if c.In() {
				continue
			}
			in := evaluate.Appeal{Period: p, Subject: evaluate.Unit(h.unit), Indicator: "timely-work", Case: casework.ID(c.Case), Reason: h.reason}
			err := t.by(ctx, h.login, "unit-lead", func(tx *db.Tx, a casework.Acting) error {
				_, err := evaluate.LodgeAppeal(ctx, tx, a, in)
				return err
			})
			if err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// decideAppeals strikes the first and keeps the next; of the month that is not
// settled yet the last waits.
func (t *teller) decideAppeals(ctx context.Context, p evaluate.Period, leaveOne bool) error {
	all, err := evaluate.Appeals(ctx, t.app.DB, t.d.Code, p)
	if err != nil {
		return err
	}
	for i, one := range all {
		if leaveOne && i > 0 && i == len(all)-1 {
			return nil
		}
		err := t.by(ctx, "zhouhui", "supervisor", func(tx *db.Tx, a casework.Acting) error {
			decision := "期限内没有提暂停，维持。"
			if i == 0 {
				decision = "供电公司的通知属实，剔除。"
			}
			_, err := evaluate.DecideAppeal(ctx, tx, a, one.ID, i == 0, decision)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// meetings are two that were held, and one that is to come.
func (t *teller) meetings() (all []event) {
	days := t.workdays(14, 0, 45)
	for _, n := range []int{41, 18, -2} {
		called := days[min(max(n, 0)+2, len(days)-1)]
		if n < 0 {
			called = days[min(1, len(days)-1)]
		}
		all = append(all, event{at: called, do: func(ctx context.Context) error {
			at := t.d.Calendar.Deadline(called, twoDays, nil).At.Add(-210 * time.Minute)
			return t.meet(ctx, at)
		}})
	}
	return all
}

// meet calls a meeting for a later time, and holds it then.
func (t *teller) meet(ctx context.Context, at time.Time) error {
	var m supervise.Meeting
	chair := ""
	for _, p := range t.posts {
		if p.Role == "leader" {
			chair = p.Post
		}
	}
	err := t.by(ctx, "fanghua", "shift-leader", func(tx *db.Tx, a casework.Acting) (err error) {
		m, err = supervise.PlanMeeting(ctx, tx, a, supervise.Planning{
			Title: "疑难事项协调会", Place: "运行中心二楼会议室", StartsAt: at, Chair: chair, Units: []string{"u-shizheng", "u-chengguan", "u-zhujian", "u-huaishu"},
		})
		return err
	})
	if err != nil || m.ID == "" {
		return err
	}
	t.later(event{at: at, do: func(ctx context.Context) error { return t.settle(ctx, m.ID) }})
	return nil
}

// settle holds a meeting: what has no owner gets one, what was passed about is
// given to whom it was proposed for, the rest is to be done in time.
func (t *teller) settle(ctx context.Context, id supervise.MeetingID) error {
	items, err := supervise.Items(ctx, t.app.DB, t.d.Code, id)
	if err != nil {
		return err
	}
	fanghua := func(do func(*db.Tx, casework.Acting) error) error { return t.by(ctx, "fanghua", "shift-leader", do) }
	if err := fanghua(func(tx *db.Tx, a casework.Acting) error { _, err := supervise.HoldMeeting(ctx, tx, a, id); return err }); err != nil {
		return err
	}
	for n, item := range items {
		x, err := t.verdict(ctx, item, n)
		if err != nil {
			return err
		}
		if n > 7 {
			break // the afternoon is over; the next meeting has the rest
		}
		err = fanghua(func(tx *db.Tx, a casework.Acting) error {
			_, err := supervise.Decide(ctx, tx, a, id, item.ID, x)
			return err
		})
		if err != nil {
			return err
		}
		if x.Unit != "" && n%4 != 3 {
			t.later(event{at: t.clockNow().Add(44 * time.Hour), do: func(ctx context.Context) error { return t.carryOut(ctx, id, item.ID) }})
		}
	}
	return fanghua(func(tx *db.Tx, a casework.Acting) error {
		m, err := supervise.MeetingByID(ctx, tx, t.d.Code, id)
		if err != nil {
			return err
		}
		text := "会议由林望主持。逐件听取了承办单位的说明。没有归属的，按“先处置、后厘清”定了单位和期限；来回退的，定了主办，不再退。下次会先听这次各件的办理情况。"
		if _, err := supervise.SaveMinutes(ctx, tx, a, id, text, m.Revision); err != nil {
			return err
		}
		_, err = supervise.CloseMeeting(ctx, tx, a, id)
		return err
	})
}

// verdict is what the meeting says about a point.
func (t *teller) verdict(ctx context.Context, item supervise.MeetingItem, n int) (x supervise.Decision, err error) {
	c, err := casework.ByID(ctx, t.app.DB, t.d.Code, item.Case)
	if err != nil {
		return x, err
	}
	switch {
	case c.State != casework.Running:
		x.Text = "会前已经办结，听取了说明。"
	case c.NoOwner:
		x = supervise.Decision{Text: "先由属地处置，三天内查清产权再移交。", Unit: c.Proposed, Limit: twoDays}
	case item.Why == supervise.Bounced && c.Unit != "":
		x = supervise.Decision{Text: "由现在的单位主办，不再退。", Unit: c.Unit, Limit: twoDays}
	case c.Unit != "" && n%2 == 0:
		x = supervise.Decision{Text: "到现场一次，把卡在哪里写清楚。", Unit: c.Unit, Limit: twoDays}
	default:
		x.Text = "按原期限办，督办员盯住。"
	}
	return x, nil
}

// carryOut has the unit say that a decision is carried out.
func (t *teller) carryOut(ctx context.Context, id supervise.MeetingID, item string) error {
	all, err := supervise.Items(ctx, t.app.DB, t.d.Code, id)
	if err != nil {
		return err
	}
	for _, i := range all {
		for _, by := range t.posts {
			if i.ID != item || i.May(t.d, by) != nil {
				continue
			}
			return t.app.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := supervise.CarryOut(ctx, tx, casework.Acting{District: t.d, By: by}, id, item, "已到现场，按会上定的办完。")
				return err
			})
		}
	}
	return nil
}

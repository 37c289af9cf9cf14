package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/evaluate"
	"linli/internal/geo"
	"linli/internal/ladder"
	"linli/internal/procedure"
	"linli/internal/sample"
	"linli/internal/sheet"
	"linli/internal/supervise"
	"linli/internal/trail"
)

// What supervisors and units write to each other.
var (
	urgings = []string{"居民又打来电话，请今天给个说法", "已经催过一次，请说明卡在哪里", "快下雨了，请先围挡"}
	replies = []string{"人手抽去抢修，明天上午进场。", "配件刚到，今天装好。", "现场和台账对不上，已约产权单位一起看，三天内办完。"}
)

// opening is what there is before the first report: the admission list, the
// roster, and the totals of former years.
func (t *teller) opening(ctx context.Context) error {
	tables := []struct {
		schema sheet.Schema
		text   string
		take   func(*db.Tx, casework.Acting, []*sheet.Record, *sheet.Report) error
	}{
		{supervise.AdmissionColumns(), t.sample.Admissions(), func(tx *db.Tx, a casework.Acting, records []*sheet.Record, report *sheet.Report) error {
			return supervise.ImportAdmissions(ctx, tx, a, records, report)
		}},
		{supervise.DutyColumns(), t.sample.Roster(t.clockNow(), t.end.AddDate(0, 0, 21)), func(tx *db.Tx, _ casework.Acting, records []*sheet.Record, report *sheet.Report) error {
			return supervise.ImportDuties(ctx, tx, t.d, records, report)
		}},
		{evaluate.TotalColumns(), t.sample.Totals(), func(tx *db.Tx, _ casework.Acting, records []*sheet.Record, report *sheet.Report) error {
			return evaluate.ImportTotals(ctx, tx, t.d, records, report)
		}},
	}
	for i, table := range tables {
		file, err := sheet.Load(fmt.Sprintf("%d.csv", i), strings.NewReader(table.text), sheet.Limits{})
		if err != nil {
			return err
		}
		report := sheet.NewReport(sheet.Policy{})
		records := table.schema.Map(nil, file, report)
		err = t.by(ctx, "suming", "admin", func(tx *db.Tx, a casework.Acting) error { return table.take(tx, a, records, report) })
		if err != nil {
			return err
		}
		if !report.MayWrite() {
			return fmt.Errorf("table %d: %s", i, first(report))
		}
	}
	return t.app.DB.Write(ctx, func(tx *db.Tx) error { return supervise.Schedule(ctx, tx, t.d.Code) })
}

func (t *teller) clockNow() time.Time { return time.UnixMicro(t.clock.Load()).In(t.d.Calendar.Zone()) }

// rounds are what a supervisor looks at each working morning, and what the
// units then do about it.
func (t *teller) rounds() (all []event) {
	for n, at := range t.workdays(9, 40, 62) {
		all = append(all, event{at: at, do: func(ctx context.Context) error { return t.round(ctx, n) }})
	}
	return all
}

func (t *teller) round(ctx context.Context, n int) error {
	orders, err := supervise.Orders(ctx, t.app.DB, t.d, supervise.OrderFilter{Running: true, Kinds: []supervise.OrderKind{supervise.Supervision}}, 200)
	if err != nil {
		return err
	}
	for i, o := range orders {
		switch {
		case o.State == supervise.Asked && t.clockNow().Sub(o.At) > 3*time.Hour && (i+n)%7 != 0:
			err = t.reply(ctx, o, replies[(i+n)%len(replies)])
		case o.State == supervise.Replied:
			err = t.lift(ctx, o)
		}
		if err != nil {
			return err
		}
	}
	if n%3 == 0 {
		return t.urge(ctx, n)
	}
	return nil
}

// reply has the first of a unit's people who may answer an order.
func (t *teller) reply(ctx context.Context, o supervise.Order, text string) error {
	for _, by := range t.posts {
		if o.MayReply(t.d, by) != nil {
			continue
		}
		err := t.app.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := supervise.Reply(ctx, tx, casework.Acting{District: t.d, By: by}, o.ID, text)
			return err
		})
		if passed(err) {
			return nil
		}
		return err
	}
	return nil
}

// lift ends an answered order once the case is done.
func (t *teller) lift(ctx context.Context, o supervise.Order) error {
	c, err := casework.ByID(ctx, t.app.DB, t.d.Code, o.Case)
	if err != nil || c.State == casework.Running {
		return err
	}
	return t.by(ctx, "zhouhui", "supervisor", func(tx *db.Tx, a casework.Acting) error {
		_, err := supervise.Lift(ctx, tx, a, o.ID, "已经办结，解除。")
		return err
	})
}

// urge hurries the most urgent of what is late with a unit, by hand; now and
// then it is put under supervision.
func (t *teller) urge(ctx context.Context, n int) error {
	f := casework.Filter{States: []casework.State{casework.Running}, Step: "handle", Signal: clock.Late}
	p, err := casework.List(ctx, t.app.DB, t.d, f, t.clockNow(), "", 5)
	if err != nil || len(p.Rows) == 0 {
		return err
	}
	c := p.Rows[n%len(p.Rows)].Case
	return t.by(ctx, "zhouhui", "supervisor", func(tx *db.Tx, a casework.Acting) error {
		g := supervise.Giving{Reason: urgings[n%len(urgings)]}
		if n%9 == 0 {
			g.Form, g.Within = []string{"daily", "talk"}[n/9%2], clock.Limit{N: 2, Unit: clock.WorkingDays}
			_, err := supervise.GiveOrder(ctx, tx, a, c.ID, g)
			return err
		}
		_, err := supervise.Urge(ctx, tx, a, c.ID, g)
		return err
	})
}

// faults are what units are held to account for: one upheld last month, one
// dropped, one still to be answered.
func (t *teller) faults() []event {
	zone := t.d.Calendar.Zone()
	_, to := evaluate.MonthOf(t.end, zone).Add(-1).Span(zone)
	days := t.workdays(15, 10, 60)
	if len(days) < 40 {
		return nil
	}
	return []event{
		{at: to.AddDate(0, 0, -9).Add(10 * time.Hour), do: func(ctx context.Context) error {
			return t.account(ctx, "delay", "超期多日，督办以后仍没有进展", to.AddDate(0, 0, -4).Add(16*time.Hour), "circular")
		}},
		{at: days[38], do: func(ctx context.Context) error {
			return t.account(ctx, "pushing-off", "两次退回，居民来电三次", days[34], "")
		}},
		{at: days[2], do: func(ctx context.Context) error {
			return t.account(ctx, "inaction", "报到二级督办以后仍没有到场", time.Time{}, "")
		}},
	}
}

// account holds the unit to account that was last taken to the leader on duty,
// and lets it answer and a leader decide at a later time; zero: not yet.
func (t *teller) account(ctx context.Context, fault, reason string, decided time.Time, means string) error {
	o, evidence, err := t.culprit(ctx)
	if err != nil || o.ID == "" {
		return err
	}
	var opened supervise.Order
	err = t.by(ctx, "zhouhui", "supervisor", func(tx *db.Tx, a casework.Acting) (err error) {
		opened, err = supervise.HoldToAccount(ctx, tx, a, supervise.Accusation{
			Unit: o.Unit, Fault: fault, Reason: reason, Within: clock.Limit{N: 3, Unit: clock.WorkingDays}, Evidence: evidence,
		})
		return err
	})
	if err != nil || decided.IsZero() || opened.ID == "" {
		return err
	}
	t.later(event{at: decided.Add(-26 * time.Hour), do: func(ctx context.Context) error {
		return t.reply(ctx, opened, "情况属实。当时两条路同时抢修，没有报告，已补派人手。")
	}}, event{at: decided, do: func(ctx context.Context) error {
		v := supervise.Verdict{Upheld: means != "", Means: means, Reason: "依据清楚，通报全区。"}
		if means == "" {
			v.Reason = "产权确有争议，不予问责。"
		}
		return t.by(ctx, "linwang", "leader", func(tx *db.Tx, a casework.Acting) error {
			_, err := supervise.DecideAccountability(ctx, tx, a, opened.ID, v)
			return err
		})
	}})
	return nil
}

// culprit is the gravest order that the clock gave lately to a unit other than
// the centre, with the entries of its case that show it.
func (t *teller) culprit(ctx context.Context) (found supervise.Order, evidence []supervise.Evidence, err error) {
	for _, kind := range []supervise.OrderKind{supervise.ToLeader, supervise.Supervision, supervise.Urging} {
		all, err := supervise.Orders(ctx, t.app.DB, t.d, supervise.OrderFilter{Kinds: []supervise.OrderKind{kind}, To: t.clockNow()}, 50)
		if err != nil {
			return found, nil, err
		}
		for _, o := range all {
			if o.Unit == t.d.Centre() || t.accused[o.Unit] {
				continue
			}
			entries, err := trail.Of(ctx, t.app.DB, t.d.Code, string(o.Case))
			if err != nil {
				return found, nil, err
			}
			for _, e := range entries {
				if e.Detail["of"] == o.Unit && (e.Act == "overdue" || e.Act == string(ladder.OrderIt) || e.Act == string(ladder.ToLeader)) {
					evidence = append(evidence, supervise.Evidence{Case: o.Case, Seq: e.Seq})
				}
			}
			if len(evidence) > 0 {
				t.accused[o.Unit] = true
				return o, evidence, nil
			}
		}
	}
	return found, nil, nil
}

// refused are duties that stations refused, as beside the admission list: dirty
// roads are the cleaning's.
func (t *teller) refused() (all []event) {
	days := t.workdays(10, 5, 50)
	for i, n := range []int{5, 18, 33} {
		if n < len(days) {
			all = append(all, event{at: days[n], do: func(ctx context.Context) error { return t.refuse(ctx, i) }})
		}
	}
	return all
}

// refuse tells of one from its report to the ruling; the rest of it is told as
// days go by.
func (t *teller) refuse(ctx context.Context, n int) error {
	tl := &tale{}
	street := &sample.Story{Matter: "m06012", Reports: []sample.Report{{
		Channel: "hotline", Login: "hejing", Sender: fmt.Sprintf("sample-refused-%d", n), Text: "路边都是落叶和纸屑，好几天没人扫。",
		Phone: fmt.Sprintf("1380000%04d", 900+n), Lang: "zh", Address: "桂香路", Point: t.guixiang(),
	}}}
	if err := t.receive(ctx, street, tl, 0); err != nil {
		return err
	}
	moves := []struct {
		after time.Duration
		step  string
		move  procedure.Move
	}{
		{8 * time.Minute, "accept", procedure.Move{Action: "file"}},
		{25 * time.Minute, "dispatch", procedure.Move{Action: "send", Unit: "u-guixiang"}},
		{55 * time.Minute, "handle", procedure.Move{Action: procedure.Refuse, Reason: "道路清扫不在准入清单上。"}},
		{100 * time.Minute, "rule", procedure.Move{Action: "assign", Unit: "u-chengguan", Reason: "清扫保洁由环卫承担，归城管。"}},
		{150 * time.Minute, "handle", procedure.Move{Action: "done", Photos: 1, Answer: "已清扫。"}},
		{200 * time.Minute, "verify", procedure.Move{Action: "pass"}},
	}
	begin := t.clockNow()
	for _, m := range moves {
		t.later(event{at: begin.Add(m.after), do: func(ctx context.Context) error { return t.step(ctx, tl.id, m.step, m.move) }})
	}
	return nil
}

// guixiang is a place in the community that has a station of its own.
func (t *teller) guixiang() geo.Point {
	for a := range t.d.Areas.All() {
		if a.Name.ZH == "桂香07网格" {
			o, _ := t.d.Areas.Outline(a.Code)
			return o.Label()
		}
	}
	return geo.Point{}
}

// step takes an action at the step where a case stands, in the first post that
// may.
func (t *teller) step(ctx context.Context, id casework.ID, step string, m procedure.Move) error {
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := casework.ByID(ctx, tx, t.d.Code, id)
		if err != nil {
			return err
		}
		tasks, err := casework.Tasks(ctx, tx, t.d.Code, id)
		if err != nil {
			return err
		}
		task, ok := openTask(tasks, sample.Move{Step: step})
		if !ok {
			return fmt.Errorf("case %s stands at %s, not %s", c.Number, c.Step, step)
		}
		m.Task = task.ID
		return t.take(ctx, tx, c, task, m, 0)
	})
}

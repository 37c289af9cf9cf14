package app

import (
	"context"
	"slices"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/look"
	"linli/internal/privacy"
	"linli/internal/procedure"
	"linli/internal/resident"
	"linli/internal/sample"
)

// What staff wrote when they looked a resident up.
var (
	asksWhy   = []string{"登记的门牌找不到，问一下怎么走", "问清楚从什么时候开始的", ""}
	visitsWhy = []string{"约上门的时间", "", "敲门没人应，电话联系"}
)

// looked is what becomes of the number of a resident who reports often: staff
// call back about a report within the hour, and sometimes come by the day after.
func (t *teller) looked(r sample.Report, id casework.ID) {
	n := slices.IndexFunc(t.sample.Regulars(), func(p sample.Regular) bool { return p.Phone == r.Phone })
	if n < 0 || r.Phone == "" {
		return
	}
	t.known[n] = append(t.known[n], id)
	times := len(t.known[n])
	call := look.Asking{Fields: []string{"name", "phone"}, Purpose: look.Reaching, Kind: look.ToAsk, Reason: asksWhy[times%3]}
	visit := look.Asking{Fields: []string{"name", "phone", "address"}, Purpose: "visit", Kind: look.ToVisit, Reason: visitsWhy[times%3]}
	if times%3 != 2 {
		t.later(event{t.office(r.At.Add(40 * time.Minute)), func(ctx context.Context) error { return t.look(ctx, call, id, r.Phone, "acceptor") }})
	}
	if times%2 == 1 {
		t.later(event{t.office(r.At.Add(25 * time.Hour)), func(ctx context.Context) error { return t.look(ctx, visit, id, r.Phone, "handler") }})
	}
}

// office is an instant, or the next one at which offices are open.
func (t *teller) office(at time.Time) time.Time {
	for range 14 * 24 {
		if t.d.Calendar.Open(at) {
			break
		}
		at = at.Add(time.Hour)
	}
	return at
}

// look has the first of those in a role who may see who sent a report.
func (t *teller) look(ctx context.Context, a look.Asking, id casework.ID, phone string, role procedure.Role) error {
	c, err := casework.ByID(ctx, t.app.DB, t.d.Code, id)
	if err != nil {
		return err
	}
	tasks, err := casework.Tasks(ctx, t.app.DB, t.d.Code, id)
	if err != nil {
		return err
	}
	reports, err := casework.Reports(ctx, t.app.DB, t.d.Code, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(reports, func(r casework.Report) bool { return r.PhoneIndex == t.app.Desk.PhoneIndex(phone) })
	if i < 0 {
		return nil
	}
	a.District, a.Case, a.Report = t.d, id, reports[i].ID
	for _, by := range t.posts {
		if by.Role != role || look.May(t.d, t.app.Vault, c, tasks, reports[i], by) != nil {
			continue
		}
		a.By = by
		_, err := look.Reveal(ctx, t.app.DB, t.app.Vault, a)
		return err
	}
	return nil // nobody of that role has to do with it any more
}

// personal is what happens around the data of the residents whom the demo lets
// sign in: one acts for the other, and two looks are told later by law.
func (t *teller) personal() (all []event) {
	days := t.workdays(15, 20, 8)
	if len(days) < 8 {
		return nil
	}
	return []event{
		{days[7], t.signsIn},
		{days[5], func(ctx context.Context) error { return t.asksForCopy(ctx, t.office(days[5].Add(20*time.Hour))) }},
		{t.end.Add(-26 * time.Hour), t.asksWhy},
		{days[6], t.actsFor},
		{days[4], func(ctx context.Context) error { return t.investigate(ctx, 0, days[4].Add(50*time.Minute)) }},
		{t.end.Add(-95 * time.Minute), func(ctx context.Context) error { return t.investigate(ctx, 1, time.Time{}) }},
	}
}

// signsIn has the first of them sign in with a code.
func (t *teller) signsIn(ctx context.Context) error {
	phone, code := ident.Phone(t.sample.Regulars()[0].Phone), ""
	err := t.app.DB.Write(ctx, func(tx *db.Tx) (err error) {
		code, err = t.app.Residents.Ask(ctx, tx, t.d.Code, phone, lang.ZH)
		return err
	})
	if err != nil {
		return err
	}
	one, err := t.app.Residents.SignIn(ctx, t.app.DB, t.d.Code, phone, code, "sign-in 1", lang.ZH)
	if err != nil {
		return err
	}
	t.first = one
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		return t.app.Residents.Change(ctx, tx, t.d.Code, one.ID, resident.Settings{Name: t.sample.Regulars()[0].Name, Lang: lang.ZH})
	})
}

// actsFor has a clerk record that the first acts for the second, a neighbour.
func (t *teller) actsFor(ctx context.Context) error {
	clerk, err := t.actor("yaolan", "clerk")
	if err != nil {
		return err
	}
	who, zone := t.sample.Regulars(), t.d.Calendar.Zone()
	return t.app.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := t.app.Residents.Witness(ctx, tx, t.d.Code, resident.Witnessed{
			Terms: resident.Terms{Relation: resident.Neighbour, Deeds: []resident.Deed{resident.See, resident.Rate}, Until: clock.DateOf(tx.Now, zone).Add(180)},
			Agent: ident.Phone(who[0].Phone), Principal: ident.Phone(who[1].Phone), Name: who[1].Name, Paper: resident.IDCards, Person: clerk.Person, Post: clerk.Post,
		}, zone, lang.ZH)
		return err
	})
}

// investigate has a supervisor look for an investigation, and ask that the person
// is told later; a leader grants it at a time, zero: it still waits.
func (t *teller) investigate(ctx context.Context, who int, granted time.Time) error {
	if len(t.known[who]) == 0 {
		return nil
	}
	id := t.known[who][len(t.known[who])-1]
	a := look.Asking{Fields: []string{"name", "phone"}, Purpose: "investigation", Kind: look.ByLaw, Reason: "核查施工单位有没有打招呼让人不反映"}
	if err := t.look(ctx, a, id, t.sample.Regulars()[who].Phone, "supervisor"); err != nil {
		return err
	}
	looker := t.posts[slices.IndexFunc(t.posts, func(p procedure.Actor) bool { return p.Role == "supervisor" })]
	mine, err := look.MineDelayable(ctx, t.app.DB, t.d.Code, looker.Person, []string{a.Purpose}, t.clockNow())
	if err != nil || len(mine) == 0 {
		return err
	}
	var asked look.Delay
	err = t.app.DB.Write(ctx, func(tx *db.Tx) (err error) {
		asked, err = look.AskDelay(ctx, tx, look.DelayAsking{
			District: t.d, By: looker, Look: mine[0].ID, Law: "个人信息保护法第三十五条", Reason: "现在告诉，施工单位会知道在查", Until: t.clockNow().AddDate(0, 1, 0),
		})
		return err
	})
	if err != nil || granted.IsZero() {
		return err
	}
	t.later(event{granted, func(ctx context.Context) error {
		return t.by(ctx, "linwang", "leader", func(tx *db.Tx, by casework.Acting) error {
			_, err := look.DecideDelay(ctx, tx, t.d, by.By, asked.ID, true, "情况属实，推迟一个月，到期自动告知。")
			return err
		})
	}})
	return nil
}

// asksForCopy has the first resident ask for a copy of all that is kept of them,
// which a shift leader grants and carries out the day after.
func (t *teller) asksForCopy(ctx context.Context, granted time.Time) error {
	keep := privacy.Keeper{Desk: t.app.Desk, Residents: t.app.Residents}
	q, _, err := keep.Ask(ctx, t.d, privacy.Asking{Kind: privacy.Copy, Subject: privacy.Account(t.first), Channel: intake.Portal, Lang: lang.ZH})
	if err != nil {
		return err
	}
	leader, err := t.actor("fanghua", "shift-leader")
	if err != nil {
		return err
	}
	a := casework.Acting{District: t.d, By: leader}
	t.later(event{t.clockNow().Add(30 * time.Minute), func(ctx context.Context) error {
		return t.step(ctx, q.Case, "accept", procedure.Move{Action: "file"})
	}}, event{granted, func(ctx context.Context) error {
		_, err := keep.Decide(ctx, a, q.ID, privacy.Decision{Grant: true})
		return err
	}}, event{granted.Add(15 * time.Minute), func(ctx context.Context) error {
		_, err := keep.CarryOut(ctx, a, q.ID, "复制件在“我的事项”里，七天内可以取一次。")
		return err
	}})
	return nil
}

// asksWhy has them ask, a day before now, for an explanation that is still owed.
func (t *teller) asksWhy(ctx context.Context) error {
	keep := privacy.Keeper{Desk: t.app.Desk, Residents: t.app.Residents}
	q, _, err := keep.Ask(ctx, t.d, privacy.Asking{
		Kind: privacy.Explain, Subject: privacy.Account(t.first), Channel: intake.Portal, Lang: lang.ZH, Words: "上个月养护中心的人为什么要看我的地址？",
	})
	if err != nil {
		return err
	}
	t.later(event{t.office(t.clockNow().Add(50 * time.Minute)), func(ctx context.Context) error {
		return t.step(ctx, q.Case, "accept", procedure.Move{Action: "file"})
	}})
	return nil
}

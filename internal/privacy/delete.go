package privacy

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
	"linli/internal/look"
	"linli/internal/notice"
	"linli/internal/resident"
	"linli/internal/trail"
)

// delete takes what may go: who reported, what they wrote, their photos, what was
// told to them, and the words of staff that name them. Where nothing stays, the
// account goes too, with all that signs it in.
func (w *work) delete() error {
	plan, err := PlanOf(w.ctx, w.tx, w.a.District, w.q, w.tx.Now)
	if err != nil {
		return err
	}
	if len(plan.Goes) == 0 && len(plan.Stays) > 0 {
		return errs.New(errs.Conflict, "现在一件也不能删：%[1]s。请等到可以删的时候，或者不同意并说明。", "Nothing can go now: %[2]s. Wait until it can, or refuse and say why.",
			plan.Stays[0].Why.ZH, plan.Stays[0].Why.EN)
	}
	names, err := w.names(plan.Goes)
	if err != nil {
		return err
	}
	for _, o := range plan.Goes {
		if err := w.forget(o, names, false); err != nil {
			return err
		}
	}
	if err := w.own(names); err != nil {
		return err
	}
	if len(plan.Stays) == 0 {
		if err := w.account(); err != nil {
			return err
		}
	}
	w.detail["reports"], w.detail["stay"], w.detail["erased"] = strconv.Itoa(len(plan.Goes)), strconv.Itoa(len(plan.Stays)), strconv.Itoa(w.erased)
	w.told = lang.T("删了 %[1]d 件里的姓名、电话、原话、地址和照片。办理经过、日期和评价的等级不含您的信息，依档案法留存。", "Name, number, words, address and photos of %[1]d reports are deleted. Steps, dates and grades, which say nothing of you, stay under the Archives Law.", len(plan.Goes))
	if len(plan.Stays) > 0 {
		w.told.ZH += "\n这些现在还不能删，到时可以再提：" + plan.lines(lang.ZH)
		w.told.EN += "\nThese cannot go yet; you can ask again:" + plan.lines(lang.EN)
	}
	return nil
}

// shortest is how many letters a word must have to be looked for in what staff
// wrote: a single letter would be found everywhere.
const shortest = 2

// names are the words by which what staff wrote names the person.
func (w *work) names(goes []casework.Own) (names []string, err error) {
	code, v := w.a.District.Code, w.Desk.Vault
	seen := map[string]bool{}
	add := func(word string) {
		if utf8.RuneCountInString(word) >= shortest && !seen[word] {
			seen[word] = true
			names = append(names, word)
		}
	}
	for _, o := range goes {
		for field, sealed := range map[string]string{casework.NameField: o.Report.Name, casework.PhoneField: o.Report.Phone} {
			clear, err := v.Reveal(code, field, sealed)
			if err != nil {
				return nil, err
			}
			add(clear)
		}
		add(strings.TrimSpace(o.Report.Address))
	}
	if id := w.q.Subject.Resident; id != "" {
		one, err := w.Residents.ByID(w.ctx, w.tx, code, id)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return nil, err
		}
		add(one.Name)
		add(string(one.Phone))
	}
	return names, nil
}

// named reports whether a text names the person, however it is spaced or written.
func named(text string, names []string) bool { return ident.Tells(text, names...) }

// forget takes one report with all that hangs on it: on its case, and on those
// that were merged into that case, since nobody knows on which of them staff wrote.
func (w *work) forget(o casework.Own, names []string, keepWord bool) error {
	code := w.a.District.Code
	family, err := casework.Family(w.ctx, w.tx, code, o.Case.ID)
	if err != nil {
		return err
	}
	for _, c := range family { // while it is still known what was whose
		if err := w.photos(o, c); err != nil {
			return err
		}
	}
	if err := casework.ForgetReport(w.ctx, w.tx, code, o.Report.ID, keepWord); err != nil {
		return err
	}
	if err := w.looks(o, names); err != nil {
		return err
	}
	for _, c := range family {
		if err := w.messages(o, c.ID, names); err != nil {
			return err
		}
		if err := w.staff(c.ID, names); err != nil {
			return err
		}
	}
	return nil
}

// messages removes what was told to the person, and what was told to others that
// names them.
func (w *work) messages(o casework.Own, id casework.ID, names []string) error {
	code := w.a.District.Code
	all, err := notice.Of(w.ctx, w.tx, code, string(id), "")
	if err != nil {
		return err
	}
	var ids []string
	for _, m := range all {
		if m.Report == o.Report.ID && o.Case.ID != w.q.Case || named(m.Text.ZH+m.Text.EN, names) {
			ids = append(ids, string(m.ID))
		}
	}
	if o.Case.ID != w.q.Case { // by its own ways the person is still told what came of the request
		if err := notice.ForgetHolder(w.ctx, w.tx, code, notice.OfReport(o.Report.ID)); err != nil {
			return err
		}
	}
	return notice.Forget(w.ctx, w.tx, code, ids)
}

// looks removes records of looking whose reason names the person, with the words
// in the trail. Others stay: they say which post looked at which report, and the
// report says nothing any more.
func (w *work) looks(o casework.Own, names []string) error {
	code := w.a.District.Code
	all, err := look.OfReports(w.ctx, w.tx, code, o.Report.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, l := range all {
		if named(l.Reason, names) {
			ids = append(ids, string(l.ID))
		}
	}
	if err := look.Forget(w.ctx, w.tx, code, ids); err != nil {
		return err
	}
	if err := look.Unname(w.ctx, w.tx, code, o.Report.ID, hiding(names)); err != nil {
		return err
	}
	return w.words(trail.Chain(trail.Looks, o.Report.ID), names)
}

// photos removes the pictures that the person sent with a case. What came in one
// act has one instant. Pictures of which nobody knows whose they are go with the
// report that the case began with.
func (w *work) photos(o casework.Own, c casework.Member) error {
	code := w.a.District.Code
	mine, others, err := w.instants(o, c.ID)
	if err != nil {
		return err
	}
	all, err := document.Of(w.ctx, w.tx, code, string(c.ID), o.Report.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, p := range all {
		if p.Post != "" && p.Kind != document.Before {
			continue // the unit's own
		}
		at := p.At.UnixMicro()
		if p.Subject == o.Report.ID || mine[at] || c.Began(o.Report) && !others[at] {
			ids = append(ids, string(p.ID))
		}
	}
	return document.Forget(w.ctx, w.tx, code, ids)
}

// instants are those at which the person sent something to a case, and those at
// which others did.
func (w *work) instants(o casework.Own, id casework.ID) (mine, others map[int64]bool, err error) {
	code := w.a.District.Code
	mine, others = map[int64]bool{}, map[int64]bool{}
	sent := func(report string, at time.Time) {
		if report == o.Report.ID {
			mine[at.UnixMicro()] = true
		} else if report != "" {
			others[at.UnixMicro()] = true
		}
	}
	reports, err := casework.Reports(w.ctx, w.tx, code, o.Case.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range reports {
		sent(r.ID, r.At)
	}
	supplied, err := casework.Supplements(w.ctx, w.tx, code, id)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range supplied {
		sent(s.Report, s.At)
	}
	ratings, err := casework.Ratings(w.ctx, w.tx, code, id)
	for _, g := range ratings {
		sent(g.Report, g.At)
	}
	return mine, others, err
}

// own takes the person out of the requests themselves: this one, whose answer
// stays to be read by its number and secret word, and those that were made before.
func (w *work) own(names []string) error {
	code := w.a.District.Code
	all, err := requestsAbout(w.ctx, w.tx, code, w.q.Subject)
	if err != nil {
		return err
	}
	for _, q := range all {
		report, err := casework.ReportByID(w.ctx, w.tx, code, q.Report)
		if err != nil {
			return err
		}
		c, err := casework.ByID(w.ctx, w.tx, code, q.Case)
		if err != nil {
			return err
		}
		if q.ID != w.q.ID && c.State == casework.Running {
			continue // asked and not dealt with yet: its own answer has to reach somebody
		}
		if err := w.forget(casework.Own{Report: report, Case: c}, names, true); err != nil {
			return err
		}
		for _, sql := range []string{
			"update data_requests set phone_index = '', value = '' where district = $1 and id = $2",
			"update data_copies set body = '' where district = $1 and request = $2",
		} {
			if err := w.tx.Exec(w.ctx, sql, code, string(q.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// account closes the account, with sessions and passkeys.
func (w *work) account() error {
	id := w.q.Subject.Resident
	if id == "" {
		return nil
	}
	code := w.a.District.Code
	if err := access.Forget(w.ctx, w.tx, code, access.Resident(string(id))); err != nil {
		return err
	}
	if err := notice.ForgetHolder(w.ctx, w.tx, code, notice.OfResident(string(id))); err != nil {
		return err
	}
	return resident.Forget(w.ctx, w.tx, code, []string{string(id)})
}

package portal

import (
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/channel"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/notice"
	"linli/internal/resident"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// sendView is the last screen: how to reach the reader, and all of it once more.
type sendView struct {
	*wizard
	Photos []document.Kept
	Joins  *casework.Case // the case this joins
	Due    string         // what would be promised now; empty for nothing
	Place  string
	Acts   []resident.Principal // for whom the reader may report
}

// The boxes about a child under fourteen.
const (
	childField    = "child"
	guardianField = "guardian"
)

// takeSend sends the report. What is sent twice is received once.
func takeSend(v *page.View, w *wizard) error {
	s := w.sending(v)
	from, acting, err := w.sender(v)
	if err != nil {
		return err
	}
	if v.Resident != nil && !w.matter(v).Secret {
		s.Name, s.Phone = from.Name, string(from.Phone)
	}
	stands := page.Stands{For: acting}
	s.By.For = stands.Actor().For
	s.Photos = heldPhotos(v, w.Sender)
	if w.Follow != "" {
		c, err := w.followed(v)
		if err != nil {
			return err
		}
		s.Attach, s.Matter = c.ID, ""
		if s.Text == "" {
			s.Text = v.Say("是同一件，我来跟进。", "It is the same, I follow it.")
		}
	}
	child := v.R.PostForm.Get(childField) == "yes"
	if child && v.R.PostForm.Get(guardianField) != "yes" {
		w.wrong(v, guardianField, "不满十四周岁的孩子的事，要监护人同意。请监护人来报，或者打热线。", "What is about a child under fourteen needs a guardian's consent. Please have a guardian report it, or call the hotline.")
		return showSend(v, w)
	}
	if w.Mail != "" {
		if _, _, err := notice.ParseAddress(channel.Mail, w.Mail); err != nil && w.blame(v, err) {
			return showSend(v, w)
		}
	}
	s.Then = w.told(v, v.Noticed(child))
	r, err := v.House.Desk.Receive(v.Context(), v.District, s)
	if err != nil {
		if !w.blame(v, err) {
			return err
		}
		return showSend(v, w)
	}
	if !r.Again {
		err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error { return stands.Acts(v, tx, resident.Report, r.Case.ID) })
		if err != nil {
			return err
		}
		if err := keepReceipt(v, w.Sender, r); err != nil {
			return err
		}
	}
	return v.Go("/report/sent?ref=" + url.QueryEscape(w.Sender))
}

func showSend(v *page.View, w *wizard) error {
	acts, err := principals(v)
	if err != nil {
		return err
	}
	s := sendView{wizard: w, Photos: heldPhotos(v, w.Sender), Acts: acts}
	if w.Follow != "" {
		c, err := w.followed(v)
		if err != nil {
			return err
		}
		s.Joins, s.Due = &c, v.DueText(c.Due)
		return v.Show(w.status(), sendPage(v, s))
	}
	sight, err := v.House.Desk.Look(v.Context(), v.District, w.sending(v))
	if err != nil && !w.blame(v, err) {
		return err
	}
	if limit := limitOf(v, w.matter(v)); !limit.IsZero() {
		s.Due = v.DueText(v.District.Calendar.Deadline(v.Now, limit, nil).At)
	}
	s.Place = w.Address
	if sight.Place.Placed != casework.Nowhere && sight.Place.Placed != "" {
		where := v.District.Areas.Path(area.Code(sight.Place.Area(v.District.Code))).In(v.Lang)
		if s.Place != "" {
			s.Place += v.Say("，", ", ")
		}
		s.Place += where
	}
	return v.Show(w.status(), sendPage(v, s))
}

// limitOf is what the promise for a matter is counted from: its own limit, or
// that of its procedure.
func limitOf(v *page.View, m catalogue.Matter) clock.Limit {
	if p, ok := v.District.Catalogue.Procedure(m.Procedure, ""); ok && m.Limit.IsZero() && p.Limit != nil {
		return *p.Limit
	}
	return m.Limit
}

// receipt is what the session keeps of a report that was sent, so that the
// page that tells the secret word can be looked at again.
type receipt struct {
	Sender   string
	Case     casework.ID
	Word     string
	Attached bool
}

func keepReceipt(v *page.View, sender string, r intake.Receipt) error {
	data, err := json.Marshal(receipt{sender, r.Case.ID, r.Word, r.Attached})
	if err != nil {
		return err
	}
	v.House.Sessions.Put(v.Context(), "receipt", data)
	v.House.Sessions.Remove(v.Context(), photosKey(sender))
	v.Prove(string(r.Case.ID), r.Report)
	return nil
}

// sentView is what a resident takes away.
type sentView struct {
	Case     casework.Case
	Word     string // empty where it was told before, in another session
	Attached bool
	Why      string
}

// sent tells the number, the secret word and the promise.
func sent(v *page.View) error {
	ref := v.R.URL.Query().Get("ref")
	var kept receipt
	if data := v.House.Sessions.GetBytes(v.Context(), "receipt"); len(data) > 0 {
		if err := json.Unmarshal(data, &kept); err != nil {
			return err
		}
	}
	s := sentView{Word: kept.Word, Attached: kept.Attached}
	id := kept.Case
	if kept.Sender != ref || ref == "" {
		// Sent twice, or looked at from elsewhere: the reference is as secret as
		// the form it was in, so it tells the number, but never the word.
		report, err := casework.ReportOf(v.Context(), v.House.DB, v.District.Code, string(intake.Portal), ref)
		if err != nil {
			if errors.Is(err, errs.NotFound) {
				return v.Go("/track")
			}
			return err
		}
		id, s.Word = report.Case, ""
	}
	c, err := casework.ByID(v.Context(), v.House.DB, v.District.Code, id)
	if err != nil {
		return err
	}
	s.Case = c
	s.Why = whyDue(v, c, c.OpenedAt)
	return v.Show(200, sentPage(v, s))
}

// whyDue explains the date of a promise counted from an instant; empty where
// there is none.
func whyDue(v *page.View, c casework.Case, from time.Time) string {
	limit, err := clock.ParseLimit(c.Limit)
	if err != nil || limit.IsZero() {
		return ""
	}
	return v.District.CalendarNamed(c.Calendar).Explain(clock.Count{Start: from, Limit: limit}).Text.In(v.Lang)
}

// reviewFacts repeats what will be sent.
func reviewFacts(v *page.View, s sendView) []ui.Fact {
	facts := []ui.Fact{{Name: v.Say("事项", "Matter"), Value: s.matter(v).Title.In(v.Lang), Strong: true}}
	if s.Text != "" {
		facts = append(facts, ui.Fact{Name: v.Say("情况", "Details"), Value: clip(s.Text, 300)})
	}
	if s.Place != "" {
		facts = append(facts, ui.Fact{Name: v.Say("地点", "Place"), Value: s.Place})
	}
	switch s.Danger {
	case "yes":
		facts = append(facts, ui.Fact{Name: v.Say("危险", "Danger"), Value: v.Say("有，先派人去看住", "Yes, somebody goes first")})
	case "no":
		facts = append(facts, ui.Fact{Name: v.Say("危险", "Danger"), Value: v.Say("暂时没有", "Not at present")})
	}
	if s.Due != "" {
		facts = append(facts, ui.Fact{Name: v.Say("答应您", "Promise"), Value: s.Due, Strong: true, Sub: v.Say("现在报上来，就是这个日期", "if it is sent now")})
	}
	return facts
}

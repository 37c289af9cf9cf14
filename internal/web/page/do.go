package page

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/procedure"
)

// Do takes the action that a posted form names, with what it brings: task,
// action and revision, reason, answer, unit and co, marks, and the pictures under
// photos, all in one transaction. The form has been read with Form. The offer
// is the one taken up; it is zero where the form names none. Where the action
// is refused, the case comes back as it was handed in.
func (v *View) Do(c casework.Case) (casework.Case, Offer, error) {
	form := v.R.PostForm
	offer, err := v.Offered(c, form.Get("task"), procedure.ActionName(form.Get("action")))
	if err != nil {
		return c, offer, err
	}
	photos, err := v.Photos("photos")
	if err != nil {
		return c, offer, errors.Join(err, Long("reason", form.Get("reason")), Long("answer", form.Get("answer")))
	}
	revision, _ := strconv.Atoi(form.Get("revision")) // what is no number asks for no comparison
	after, err := v.Take(c, offer, Taking{
		Reason: form.Get("reason"), Answer: form.Get("answer"), Unit: form.Get("unit"), Co: form["co"], Marks: v.Marks(), Photos: photos, Revision: revision,
	})
	return after, offer, err
}

// Taking is what comes with an action: its words, the units it names, answers
// about quality, pictures, and the revision that was looked at.
type Taking struct {
	Reason, Answer string
	Unit           string
	Co             []string
	Marks          map[string]string
	Photos         []document.Kept
	Revision       int
}

// Take takes an action that was offered, all in one transaction. Where it is
// refused, the case comes back as it was handed in.
func (v *View) Take(c casework.Case, offer Offer, t Taking) (casework.Case, error) {
	if err := errors.Join(Long("reason", t.Reason), Long("answer", t.Answer)); err != nil {
		return c, err
	}
	if err := v.KeepsSecret(c, map[string]string{"reason": t.Reason, "answer": t.Answer}); err != nil {
		return c, err
	}
	m := procedure.Move{
		Task: offer.Task, Action: offer.Action, Reason: t.Reason, Answer: t.Answer,
		Unit: t.Unit, Co: t.Co, Photos: len(t.Photos), Evidence: len(t.Photos), Marks: t.Marks,
	}
	a := casework.Acting{District: v.District, By: offer.By, Revision: t.Revision}
	after := c
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		if after, err = casework.Act(v.Context(), tx, a, c.ID, m); err != nil {
			return err
		}
		for _, photo := range t.Photos {
			if _, err := document.Add(v.Context(), tx, v.District.Code, string(c.ID), shows(m.Action), a.By.Post, photo); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	return after, nil
}

// MarkField is the name of a mark's field in a form, by the mark's own name.
const MarkField = "mark."

// Marks are the answers of a posted form to the questions about quality that
// an action asks. What was not answered is left out; what is no question of the
// action is refused where the action is taken.
func (v *View) Marks() map[string]string {
	marks := map[string]string{}
	for name, values := range v.R.PostForm {
		if mark, ok := strings.CutPrefix(name, MarkField); ok && values[0] != "" {
			marks[mark] = values[0]
		}
	}
	return marks
}

// Questions are the marks that an offer asks, as choices that begin with none.
func (v *View) Questions(asks []string) (all []procedure.Mark) {
	for _, name := range asks {
		if m, ok := v.District.Catalogue.Marks().Mark(name); ok {
			all = append(all, m)
		}
	}
	return all
}

// Offered finds the offer that a form, or a program, takes up. Whether it may be
// taken is for Act to say again.
func (v *View) Offered(c casework.Case, task string, action procedure.ActionName) (Offer, error) {
	offers, err := v.Offers(c)
	if err != nil {
		return Offer{}, err
	}
	for _, o := range offers {
		if o.Task == task && o.Action == action {
			return o, nil
		}
	}
	return Offer{}, errs.New(errs.Conflict, "没办成：这一步刚被别人办了，或者不由您来办。", "Not done: somebody has just done this step, or it is not yours.")
}

// Long refuses words over what a field may hold.
func Long(field, text string) error {
	switch {
	case !utf8.ValidString(text):
		return errs.New(errs.Invalid, "这里有认不出的字符，请重新写。", "This holds characters that cannot be read; please write it again.").At(field)
	case utf8.RuneCountInString(text) > intake.TextMost:
		return errs.New(errs.Invalid, "最多写 %d 个字。", "Up to %d characters.", intake.TextMost).At(field)
	}
	return nil
}

// shows is what the pictures of an action show: the work done, or why it
// cannot be.
func shows(action procedure.ActionName) document.Kind {
	if action == procedure.Done || action == "pass" {
		return document.After
	}
	return document.Evidence
}

package take

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/procedure"
	"linli/internal/web/page"
)

// wordKey is where a session keeps the secret word of the last receipt, as
// "case word": it is told once and stored nowhere else.
const wordKey = "take word"

// issued is a receipt as it is read out.
type issued struct {
	Case    casework.Case
	Channel intake.Channel
	Word    string // empty where it has been told before
	Joined  bool   // it joined a case that was there
	Again   bool   // it had been taken down before
	Step    string // where the case stands, for the agent
	Public  string // and in the words for the person
	Next    []string
	Answer  *page.Offer // the reader may answer at once
	Pass    *page.Offer // or pass it on with one press
	Text    string      // an answer that could not be taken
	Err     string
	Grid    string // where it is, in words
}

// issue leads to the receipt of what was just taken down.
func issue(v *page.View, got intake.Receipt, ch intake.Channel) error {
	q := url.Values{"channel": {string(ch)}}
	if got.Attached {
		q.Set("as", "joined")
	}
	if got.Again {
		q.Set("as", "again")
	}
	if got.Word != "" {
		v.House.Sessions.Put(v.Context(), wordKey, string(got.Case.ID)+" "+got.Word)
	}
	return v.Go("/desk/take/receipt/" + url.PathEscape(string(got.Case.ID)) + "?" + q.Encode())
}

// receipt shows what to read out.
func receipt(v *page.View) error {
	r, err := issuedOf(v)
	if err != nil {
		return err
	}
	return showReceipt(v, http.StatusOK, r)
}

func issuedOf(v *page.View) (issued, error) {
	c, _, err := v.Case(v.Context(), casework.ID(v.R.PathValue("id")))
	if err != nil {
		return issued{}, err
	}
	q := v.R.URL.Query()
	r := issued{Case: c, Channel: channel(v, q.Get("channel")), Joined: q.Get("as") == "joined", Again: q.Get("as") == "again"}
	if id, word, ok := strings.Cut(v.House.Sessions.GetString(v.Context(), wordKey), " "); ok && id == string(c.ID) {
		r.Word = word
	}
	r.stands(v)
	return r, r.offers(v)
}

// stands tells where the case is and what comes next, from its procedure.
func (r *issued) stands(v *page.View) {
	c := r.Case
	if place := c.Place.Area(v.District.Code); place != v.District.Code {
		r.Grid = v.District.Areas.Path(area.Code(place)).In(v.Lang)
	}
	p, ok := v.District.Catalogue.Procedure(c.Procedure, c.Version)
	if !ok {
		return
	}
	if end := p.End(procedure.EndName(c.Step)); end != nil && c.State != casework.Running {
		r.Step, r.Public = end.Title.In(v.Lang), end.Public.In(v.Lang)
		return
	}
	step := p.Step(c.Step)
	if step == nil {
		return
	}
	r.Step, r.Public = step.Title.In(v.Lang), step.Public.In(v.Lang)
	// The first action of a step is the way a case goes when all is well, and
	// the last of its targets the one that a fork never leaves out.
	for len(r.Next) < len(p.Steps) && len(step.Actions) > 0 {
		to := step.Actions[0].To
		if step = p.Step(procedure.StepName(to[len(to)-1])); step == nil {
			break
		}
		r.Next = append(r.Next, step.Title.In(v.Lang))
	}
}

// offers finds what the reader may do on the spot: answer, or pass on.
func (r *issued) offers(v *page.View) error {
	offers, err := v.Offers(r.Case)
	for i, o := range offers {
		switch {
		case !o.Allowed:
		case len(o.Needs) == 1 && o.Needs[0] == procedure.NeedAnswer && r.Answer == nil:
			r.Answer = &offers[i]
		case len(o.Needs) == 0 && r.Pass == nil:
			r.Pass = &offers[i]
		}
	}
	return err
}

// answer files and answers in one go, while the person is still there.
func answer(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	r, err := issuedOf(v)
	if err != nil {
		return err
	}
	c, offer, err := v.Do(r.Case)
	if errors.Is(err, errs.Invalid) {
		said, _ := errs.TextOf(err)
		r.Text, r.Err = v.R.PostForm.Get("answer"), said.In(v.Lang)
		return showReceipt(v, http.StatusUnprocessableEntity, r)
	}
	if err != nil {
		return err
	}
	to := v.R.URL.RequestURI()
	if c.State != casework.Running {
		return v.GoSaying(to, "答好了，%[1]s 已办结。", "Answered; %[1]s is closed.", c.Number)
	}
	return v.GoSaying(to, "办好了：%[1]s。", "Done: %[2]s.", offer.Title.ZH, offer.Title.EN)
}

func showReceipt(v *page.View, status int, r issued) error {
	return v.Show(status, receiptPage(v, v.Page(v.Say("回执 %s", "Receipt %s", r.Case.Number)), r))
}

// spaced groups a number as it is said: 261 123 014 78.
func spaced(number string) []string {
	digits := strings.ReplaceAll(number, "-", "")
	var groups []string
	for len(digits) > 4 {
		groups, digits = append(groups, digits[:3]), digits[3:]
	}
	return append(groups, digits)
}

// said spells a number as agents read it out, 一 as 幺, which 七 does not drown.
func said(number string) string {
	names := []rune("零幺二三四五六七八九")
	var words []string
	for _, group := range spaced(number) {
		var b strings.Builder
		for _, d := range group {
			if d >= '0' && d <= '9' {
				b.WriteRune(names[d-'0'])
			}
		}
		words = append(words, b.String())
	}
	return strings.Join(words, "，")
}

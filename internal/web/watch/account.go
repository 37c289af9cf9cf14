package watch

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// accountCases is how many cases one accusation may rest on.
const accountCases = 5

// accountView is the form by which a unit is held to account: the trails to
// choose evidence from.
type accountView struct {
	Cases []accountCase
	Units []ui.Option // that had a part in one of them
	Again again
}

// accountCase is a case with its trail.
type accountCase struct {
	casework.Case
	Entries []ui.Option
}

// accountForm shows the form for the cases of its address (?case=, again for
// each), or asks for a number first.
func accountForm(v *page.View) error {
	q := v.R.URL.Query()
	ids := slices.Clone(q["case"])
	if n := strings.TrimSpace(q.Get("number")); n != "" {
		c, err := numbered(v, v.House.DB, n)
		if a, ok := back(v, "more", err); ok {
			a.Value = q.Get
			return showAccount(v, http.StatusUnprocessableEntity, ids, a)
		}
		if err != nil {
			return err
		}
		if !slices.Contains(ids, string(c.ID)) {
			ids = append(ids, string(c.ID))
		}
		return v.Go(accountHref(ids))
	}
	return showAccount(v, http.StatusOK, ids, again{})
}

// accountHref is the address of the form for some cases.
func accountHref(ids []string) string {
	return home + "/accounts/new?" + url.Values{"case": ids}.Encode()
}

func showAccount(v *page.View, status int, ids []string, a again) error {
	if err := supervise.MayOrder(v.District, acting(v, mayOrder(v), rights.Supervise).By); err != nil {
		return err
	}
	if len(ids) > accountCases {
		return errs.New(errs.Invalid, "一次问责最多用 %d 件案件作依据。", "One accountability case rests on at most %d cases.", accountCases)
	}
	s := accountView{Again: a}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			continue
		}
		if err := s.add(v, casework.ID(id)); err != nil {
			return err
		}
	}
	return show(v, status, head{
		Title: v.Say("问责", "Hold to account"), At: "/orders",
		Said: v.Say("从痕迹里选依据，单位先作说明，再由没提问责的领导来定。", "Choose evidence from the trail. The unit answers first; then a leader who did not open it decides."),
		Path: []ui.Link{{Text: v.Say("督办清单", "Orders"), Href: home + "/orders"}, {Text: v.Say("问责", "Hold to account")}},
	}, accountPage(v, s))
}

// add puts a case with its trail on the form.
func (s *accountView) add(v *page.View, id casework.ID) error {
	c, tasks, err := v.Case(v.Context(), id)
	if err != nil {
		return err
	}
	entries, err := trail.Of(v.Context(), v.House.DB, v.District.Code, string(id))
	if err != nil {
		return err
	}
	p, _ := v.District.Catalogue.Procedure(c.Procedure, c.Version)
	view := accountCase{Case: c}
	for _, e := range entries {
		when, who := v.Moment(c, e)
		view.Entries = append(view.Entries, ui.Option{Value: fmt.Sprintf("%s/%d", id, e.Seq), Label: when + " " + who + " " + v.Deed(p, e)})
	}
	s.Cases = append(s.Cases, view)
	for _, unit := range partUnits(v, c, tasks) {
		if !slices.ContainsFunc(s.Units, func(o ui.Option) bool { return o.Value == unit }) {
			s.Units = append(s.Units, ui.Option{Value: unit, Label: v.UnitName(unit)})
		}
	}
	return nil
}

// account opens an accountability case.
func account(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	form := v.R.PostForm
	ids := form["case"]
	x := supervise.Accusation{Unit: form.Get("unit"), Fault: form.Get("fault"), Reason: form.Get("reason")}
	err := func() (err error) {
		if x.Within, err = within(form.Get("within")); err != nil {
			return err
		}
		x.Evidence, err = chosenEvidence(form["evidence"])
		return err
	}()
	var o supervise.Order
	if err == nil {
		err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
			o, err = supervise.HoldToAccount(v.Context(), tx, acting(v, mayOrder(v), rights.Supervise), x)
			return err
		})
	}
	if a, ok := back(v, "account", err); ok {
		return showAccount(v, http.StatusUnprocessableEntity, ids, a)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(orderHref(o), "提出来了，等单位说明。", "Opened; the unit is to answer.")
}

// chosenEvidence reads the entries that were ticked, each a case's id and a
// number of its trail.
func chosenEvidence(ticked []string) (all []supervise.Evidence, err error) {
	for _, text := range ticked {
		id, seq, ok := strings.Cut(text, "/")
		n, err := strconv.Atoi(seq)
		if !ok || err != nil {
			return nil, errs.New(errs.Invalid, "请从痕迹里选依据。", "Please choose evidence from the trail.").At("evidence")
		}
		all = append(all, supervise.Evidence{Case: casework.ID(id), Seq: n})
	}
	return all, nil
}

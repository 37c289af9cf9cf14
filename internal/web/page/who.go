package page

import (
	"context"
	"slices"

	"linli/internal/casework"
	"linli/internal/fields"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/look"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// Scope is what of the cases the reader sees as one who works here.
func (v *View) Scope() casework.Scope {
	scope := casework.ScopeOf(v.District, v.Actors()...)
	if v.Reader == nil || v.Reader.Only == nil {
		return scope
	}
	return scope.Within(v.Reader.Only)
}

// Observed is what of the cases the reader sees as an observer: less of each.
func (v *View) Observed() casework.Scope {
	if !v.Can(rights.CaseObserve) {
		return casework.Scope{}
	}
	return casework.ObservedBy(v.District, v.Actors()...)
}

// Case returns a case the reader may see, with its tasks. One outside the
// scope is errs.NotFound, as one that does not exist.
func (v *View) Case(ctx context.Context, id casework.ID) (casework.Case, []casework.Task, error) {
	return casework.Seen(ctx, v.House.DB, v.District, v.Scope(), id, v.Now)
}

// Actor is the reader's post of an id.
func (v *View) Actor(post string) (procedure.Actor, bool) {
	for _, a := range v.Actors() {
		if a.Post == post {
			return a, true
		}
	}
	return procedure.Actor{}, false
}

// Acting is the reader acting with the post that has a right, or with the
// first one held.
func (v *View) Acting(right rights.Right, revision int) casework.Acting {
	a := casework.Acting{District: v.District, Revision: revision}
	for _, actor := range v.Actors() {
		may := v.Reader.allows(right) && v.District.Can(right, string(actor.Role))
		if a.By.Post == "" || may {
			a.By = actor
		}
		if may {
			break
		}
	}
	return a
}

// Offer is an action one of the reader's posts may take.
type Offer struct {
	procedure.Offer
	By procedure.Actor
}

// Offers lists what the reader may do with a case, each with the post that
// may. An action that one post may take and another may not is offered.
func (v *View) Offers(c casework.Case) ([]Offer, error) {
	var all []Offer
	at := map[string]int{}
	for _, actor := range v.Working() {
		offers, err := casework.Available(v.Context(), v.House.DB, casework.Acting{District: v.District, By: actor}, c, v.Now)
		if err != nil {
			return nil, err
		}
		for _, o := range offers {
			if slices.Contains(o.Needs, procedure.NeedDeed) {
				continue // a verb of its own page does it, and no form of actions
			}
			key := o.Task + " " + string(o.Action)
			i, seen := at[key]
			switch {
			case !seen:
				at[key] = len(all)
				all = append(all, Offer{o, actor})
			case o.Allowed && !all[i].Allowed:
				all[i] = Offer{o, actor}
			}
		}
	}
	return all, nil
}

// Working are the reader's posts that may take part in a procedure: all of them
// on pages, and for a key those of whose rights to work it was given one. Which
// step is whose the procedure says, by role.
func (v *View) Working() []procedure.Actor {
	if v.Reader == nil || v.Reader.Only == nil {
		return v.Actors()
	}
	return slices.DeleteFunc(v.Actors(), func(a procedure.Actor) bool {
		return !slices.ContainsFunc(workRights(), func(r rights.Right) bool { return v.Reader.allows(r) && v.District.Can(r, string(a.Role)) })
	})
}

// workRights are the rights by which a post moves cases along.
func workRights() []rights.Right {
	return []rights.Right{rights.CaseAccept, rights.CaseDispatch, rights.CaseHandle, rights.CaseVerify, rights.CaseRule}
}

// Reporter is who sent a report, as pages show it.
type Reporter struct {
	Report casework.Report
	Name   string           // masked
	Phone  string           // masked
	Hidden bool             // kept secret from this reader
	Held   []string         // the fields that the report holds, of fields.Shown
	By     *procedure.Actor // the reader's post that may look behind the masks; nil: none
}

// knowsReporters reports whether the reader may see even masks of who reported a
// case: whether one of the posts that see it may.
func (v *View) knowsReporters(c casework.Case) bool {
	return slices.ContainsFunc(v.Scope(), func(g casework.Grant) bool { return c.KnowsReporter(v.District, g.By) })
}

// Reporters masks who sent the reports of a case, and hides them from readers
// who may not see even that. A company is shown who consented to it, masked, and
// where they live is no part of that.
func (v *View) Reporters(c casework.Case, tasks []casework.Task, reports []casework.Report) ([]Reporter, error) {
	all, hidden := make([]Reporter, len(reports)), !v.knowsReporters(c)
	for i, r := range reports {
		all[i] = Reporter{Report: r}
		if hidden {
			if err := look.Passed(v.Context(), v.House.DB, v.District.Code, &r); err != nil {
				return nil, err
			}
			said, err := v.House.Desk.Said(v.District.Code, c, r, r.Text)
			if err != nil {
				return nil, err
			}
			all[i].Report = casework.Report{ID: r.ID, Case: r.Case, At: r.At, Channel: channelShown(c, r), Text: ident.HideNumbers(said)}
		}
		all[i].By = v.looks(c, tasks, r)
		if all[i].Hidden = hidden && all[i].By == nil; all[i].Hidden {
			continue
		}
		if err := all[i].mask(v, r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// mask fills in what every page may show of who sent a report.
func (o *Reporter) mask(v *View, r casework.Report) error {
	name, err := v.House.Vault.Reveal(v.District.Code, intake.NameField, r.Name)
	if err != nil {
		return err
	}
	phone, err := v.House.Vault.Reveal(v.District.Code, intake.PhoneField, r.Phone)
	if err != nil {
		return err
	}
	o.Name = ident.MaskName(name)
	if phone != "" {
		o.Phone = ident.Phone(phone).Mask()
	}
	o.Held = held(name, phone, o.Report.Address)
	return nil
}

// held names the fields that hold something.
func held(name, phone, address string) (all []string) {
	for i, value := range []string{name, phone, address} {
		if value != "" {
			all = append(all, []string{fields.Name, fields.Phone, fields.Address}[i])
		}
	}
	return all
}

// looks finds the reader's post that may look behind the masks of a report; nil
// where none may.
func (v *View) looks(c casework.Case, tasks []casework.Task, r casework.Report) *procedure.Actor {
	for _, by := range v.Actors() {
		if look.May(v.District, v.House.Vault, c, tasks, r, by) == nil {
			return &by
		}
	}
	return nil
}

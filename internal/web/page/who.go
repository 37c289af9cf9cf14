package page

import (
	"context"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/procedure"
)

// Scope is what of the cases the reader sees: all with the right to, else
// those of the posts' units and areas.
func (v *View) Scope() casework.Scope {
	if v.Can(access.CaseSeeAll) {
		return nil
	}
	return append(casework.Scope{}, v.Actors()...)
}

// Case returns a case the reader may see, with its tasks. One outside the
// scope is errs.NotFound, as one that does not exist.
func (v *View) Case(ctx context.Context, id casework.ID) (casework.Case, []casework.Task, error) {
	c, err := casework.ByID(ctx, v.House.DB, v.District.Code, id)
	if err != nil {
		return casework.Case{}, nil, err
	}
	tasks, err := casework.Tasks(ctx, v.House.DB, v.District.Code, id)
	if err != nil {
		return casework.Case{}, nil, err
	}
	if !v.Scope().Sees(c, tasks) {
		return casework.Case{}, nil, errs.New(errs.NotFound, "没有找到", "not found")
	}
	return c, tasks, nil
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
func (v *View) Acting(right access.Right, revision int) casework.Acting {
	a := casework.Acting{District: v.District, Revision: revision}
	for _, actor := range v.Actors() {
		post := access.Post{Role: string(actor.Role)}
		if a.By.Post == "" || access.Can([]access.Post{post}, right) {
			a.By = actor
			if access.Can([]access.Post{post}, right) {
				break
			}
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
	for _, actor := range v.Actors() {
		offers, err := casework.Available(v.Context(), v.House.DB, casework.Acting{District: v.District, By: actor}, c, v.Now)
		if err != nil {
			return nil, err
		}
		for _, o := range offers {
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

// Reporter is who sent a report, as pages show it.
type Reporter struct {
	Report casework.Report
	Name   string // masked
	Phone  string // masked
	Hidden bool   // kept secret from this reader
}

// Reporters masks who sent the reports of a case. Of a secret case only those
// who take reports in see even the masks.
func (v *View) Reporters(c casework.Case, reports []casework.Report) ([]Reporter, error) {
	all := make([]Reporter, len(reports))
	for i, r := range reports {
		all[i] = Reporter{Report: r}
		if c.Secret && !v.Can(access.CallerFind) {
			all[i].Hidden = true
			all[i].Report = casework.Report{ID: r.ID, Case: r.Case, At: r.At, Channel: r.Channel, Text: r.Text}
			continue
		}
		name, err := v.House.Vault.Reveal(v.District.Code, intake.NameField, r.Name)
		if err != nil {
			return nil, err
		}
		phone, err := v.House.Vault.Reveal(v.District.Code, intake.PhoneField, r.Phone)
		if err != nil {
			return nil, err
		}
		all[i].Name = ident.MaskName(name)
		if phone != "" {
			all[i].Phone = ident.Phone(phone).Mask()
		}
	}
	return all, nil
}

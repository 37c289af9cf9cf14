package page

import (
	"errors"
	"time"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/resident"
)

// ResidentKey is the name under which a session keeps which resident has signed
// in.
const ResidentKey = access.SessionResident

// SignInResident begins a new session for a resident, so that a session that
// somebody planted before is worth nothing. Whoever was signed in as staff is so
// no more: one session is one person's.
func (v *View) SignInResident(id resident.ID) error {
	s := v.House.Sessions
	if err := s.RenewToken(v.Context()); err != nil {
		return err
	}
	s.Remove(v.Context(), LoginKey)
	s.Put(v.Context(), ResidentKey, string(id))
	s.Put(v.Context(), access.SessionLife, string(access.ResidentLife))
	s.Put(v.Context(), access.SessionAgent, v.From().Agent)
	s.Put(v.Context(), sinceKey, v.Now.UnixMicro())
	s.RememberMe(v.Context(), true) // their own phone; staff's cookie goes with the browser
	return nil
}

// resident finds who has signed in. An account that is no more has signed
// nobody in.
func (v *View) resident() error {
	id := v.House.Sessions.GetString(v.Context(), ResidentKey)
	if id == "" || v.House.Residents == nil {
		return nil
	}
	r, err := v.House.Residents.ByID(v.Context(), v.House.DB, v.District.Code, resident.ID(id))
	if errors.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	v.Resident = &r
	return nil
}

// Stands is how the reader stands to a case as one of its reporters.
type Stands struct {
	Report string              // the report it is by; empty where it is none of the reader's
	For    *resident.Principal // whom the reader acts for; nil for oneself
}

// Stands tells through which report a case is the reader's: one that this
// browser has proved by number and word, one made from the number of the
// resident who has signed in, or one of somebody the resident acts for. A secret
// case is opened by number and word alone.
func (v *View) Stands(c casework.Case) (Stands, error) {
	if report := v.ProvedReport(string(c.ID)); report != "" {
		return Stands{Report: report}, nil
	}
	if v.Resident == nil || c.Secret {
		return Stands{}, nil
	}
	reports, err := casework.Reports(v.Context(), v.House.DB, v.District.Code, c.ID)
	if err != nil {
		return Stands{}, err
	}
	for _, r := range reports {
		if v.Resident.Holds(r.PhoneIndex, r.At) {
			return Stands{Report: r.ID}, nil
		}
	}
	principals, err := v.Principals()
	if err != nil {
		return Stands{}, err
	}
	for i, p := range principals {
		for _, r := range reports {
			if p.Allows(resident.See, v.Now) && p.Resident.Holds(r.PhoneIndex, r.At) {
				return Stands{Report: r.ID, For: &principals[i]}, nil
			}
		}
	}
	return Stands{}, nil
}

// Principals are the persons whom the resident who has signed in acts for now.
func (v *View) Principals() ([]resident.Principal, error) {
	if v.Resident == nil {
		return nil, nil
	}
	return v.House.Residents.Principals(v.Context(), v.House.DB, v.District.Code, v.Resident.ID, v.Now)
}

// Actor is who the reader is to the procedure of a case of their own.
func (s Stands) Actor() procedure.Actor {
	a := procedure.Actor{Reporter: true, Report: s.Report}
	if s.For != nil {
		a.For = string(s.For.ID)
	}
	return a
}

// Acts records, in the transaction that acts, what is done for another person,
// and refuses what the reader may not do for them. For oneself there is nothing
// to record beside the case's own trail.
func (s Stands) Acts(v *View, tx *db.Tx, what resident.Deed, caseID casework.ID) error {
	if s.For == nil {
		return nil
	}
	return resident.Acted(v.Context(), tx, v.District.Code, s.For.Proxy, what, string(caseID))
}

// May reports whether the reader may do something to the case: for oneself
// always, for another what the authority says.
func (s Stands) May(what resident.Deed, v *View) bool {
	return s.For == nil || s.For.Allows(what, v.Now)
}

// Awaits tells whether a case waits for its reporter: to rate the result, or to
// hand in something without which the work cannot go on.
func (v *View) Awaits(c casework.Case) (rating, supplement bool) {
	p, ok := v.District.Catalogue.Procedure(c.Procedure, c.Version)
	if !ok || c.State != casework.Running {
		return false, false
	}
	step := p.Step(c.Step)
	if step == nil || !step.By.Reporter {
		return false, false
	}
	return step.Kind == procedure.Rate, step.Kind != procedure.Rate
}

// Recent reports whether the resident has signed in within the last minutes,
// which is asked before a change to the way in itself.
func (v *View) Recent() bool {
	since := time.UnixMicro(v.House.Sessions.GetInt64(v.Context(), sinceKey))
	return v.Resident != nil && v.Now.Sub(since) < freshTime
}

package privacy

import (
	"linli/internal/access"
	"linli/internal/resident"
)

// ofAccount reads what there is of the account, where the person has one.
func (w *work) ofAccount(b *Bundle) error {
	id := w.q.Subject.Resident
	if id == "" {
		return nil
	}
	code := w.a.District.Code
	one, err := w.Residents.ByID(w.ctx, w.tx, code, id)
	if err != nil {
		return err
	}
	b.Account = &bundleAccount{Name: one.Name, Phone: string(one.Phone), Lang: string(one.Lang), Made: one.Made, Seen: one.Seen}
	acting, actedFor, err := resident.Proxies(w.ctx, w.tx, code, id)
	if err != nil {
		return err
	}
	for _, p := range acting {
		b.Proxies = append(b.Proxies, bundleProxy{"acts", string(p.Relation), p.From, p.Until, p.Ended})
	}
	for _, p := range actedFor {
		b.Proxies = append(b.Proxies, bundleProxy{"is-acted-for", string(p.Relation), p.From, p.Until, p.Ended})
	}
	sessions, err := access.SessionsOf(w.ctx, w.tx, code, access.Resident(string(id)), "", w.tx.Now)
	for _, s := range sessions {
		b.Sessions = append(b.Sessions, bundleSession{s.Began, s.Seen, s.Agent})
	}
	return err
}

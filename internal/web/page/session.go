package page

import "strings"

// provedPrefix begins the names under which a session keeps which cases a
// resident has shown the secret word or phone of, and through which report.
const provedPrefix = "proved "

// SignIn begins a new session for a login.
func (v *View) SignIn(login string) error {
	if err := v.House.Sessions.RenewToken(v.Context()); err != nil {
		return err
	}
	v.House.Sessions.Put(v.Context(), LoginKey, login)
	return nil
}

// Prove remembers that this browser has shown the word or phone of a report
// of a case.
func (v *View) Prove(caseID, report string) {
	v.House.Sessions.Put(v.Context(), provedPrefix+caseID, report)
}

// Proved reports whether this browser has.
func (v *View) Proved(caseID string) bool {
	return v.House.Sessions.GetString(v.Context(), provedPrefix+caseID) != ""
}

// ProvedReport is the report this browser has proved of a case.
func (v *View) ProvedReport(caseID string) string {
	return v.House.Sessions.GetString(v.Context(), provedPrefix+caseID)
}

// ProvedCases are the ids of all cases this browser has proved.
func (v *View) ProvedCases() []string {
	var all []string
	for _, key := range v.House.Sessions.Keys(v.Context()) {
		if id, ok := strings.CutPrefix(key, provedPrefix); ok {
			all = append(all, id)
		}
	}
	return all
}

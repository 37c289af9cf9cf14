package page

import (
	"slices"

	"linli/internal/district"
	"linli/internal/org"
	"linli/internal/rights"
)

// KeyRights are what a key of a system can be given: to send reports and to read
// cases, scorecards and nothing else; one that acts as a post all that the post's
// role has, but for what is shown to people only. A post that is not there has
// none.
func KeyRights(d *district.District, post string) []rights.Right {
	if post == "" {
		return []rights.Right{rights.ReportReceive, rights.CaseSee, rights.CaseSeeAll, rights.ScoreSee, rights.FeedRead, rights.HookKeep}
	}
	p, ok := d.Org.Post(org.PostID(post))
	if !ok {
		return nil
	}
	role, _ := d.Catalogue.Roles().Role(string(p.Role))
	return slices.DeleteFunc(slices.Clone(role.Rights), func(r rights.Right) bool { return r == rights.DataReveal })
}

// OwnRights are what the reader's posts give now, in reading order: what a key of
// the reader's own can be given.
func (v *View) OwnRights() (all []rights.Right) {
	for _, r := range rights.Rights() {
		if v.Can(r) {
			all = append(all, r)
		}
	}
	return all
}

package cases

import (
	"context"
	"net/http"

	"linli/internal/access"
	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/org"
	"linli/internal/rights"
)

// Seer is a post, or a key, that sees a case, and why.
type Seer struct {
	Person *frame.Named `json:"person,omitempty"`
	Post   string       `json:"post,omitempty"`
	Role   string       `json:"role,omitempty"`
	Unit   *frame.Named `json:"unit,omitempty"`
	Area   string       `json:"area,omitempty"`
	Key    string       `json:"key,omitempty" doc:"是密钥的，它的名称 · Of a key, its name"`
	Why    string       `json:"why" enum:"unit,task,area,all,disclosed,key" doc:"本单位的件、有过任务、在区域里、看全区、公开给观察员、密钥的范围 · Its unit has it, it had a task, it lies in its area, it sees all, it was disclosed, within the bounds of a key"`
}

func seerOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-seers", http.MethodGet, "/cases/{case}/seers", tag, "谁看得到这件 · Who sees a case",
		"看得到它的可以问；有 rights.see 的可以按编号问任何一件。 · For whoever sees the case; who has rights.see may ask of any, by its number."), frame.AnyKey, listSeers)
}

// whys are the words of the interface for why a case is seen.
var whys = map[casework.Reason]string{
	casework.SeesByUnit: "unit", casework.SeesByTask: "task", casework.SeesByArea: "area", casework.SeesAll: "all", casework.SeesDisclosed: "disclosed", casework.SeesByKey: "key",
}

func listSeers(ctx context.Context, c *frame.Caller, in *CaseName) (*frame.Output[frame.Whole[Seer]], error) {
	if err := c.Needs(rights.CaseSee, rights.RightsSee); err != nil {
		return nil, err
	}
	id, err := c.CaseID(ctx, in.Case)
	if err == nil && !c.Can(rights.RightsSee) {
		_, _, err = c.FindCase(ctx, in.Case)
	}
	keys, grants := map[string]access.Key{}, casework.Scope{}
	if err == nil {
		keys, grants, err = goodKeys(ctx, c)
	}
	if err != nil {
		return nil, frame.MissingCase(err)
	}
	found, err := casework.WhoSees(ctx, c.House.DB, c.District, id, casework.Everybody(c.District, c.Now), grants, c.Now)
	var all []Seer
	for _, s := range found {
		one := Seer{Post: s.By.Post, Role: string(s.By.Role), Unit: shape.UnitOf(c.District, s.By.Unit), Area: s.By.Area, Why: whys[s.Why]}
		if s.Why == casework.SeesByKey {
			one.Post, one.Key = "", keys[s.By.Post].Name
		}
		if p, ok := c.District.Org.Person(org.PersonID(s.By.Person)); ok {
			one.Person = new(shape.PersonOf(p))
		}
		all = append(all, one)
	}
	return frame.WholeOf(all, frame.MissingCase(err))
}

// goodKeys are the keys that are good now, and what they see.
func goodKeys(ctx context.Context, c *frame.Caller) (map[string]access.Key, casework.Scope, error) {
	all, err := access.Keys(ctx, c.House.DB, c.District.Code)
	keys, grants := map[string]access.Key{}, casework.Scope{}
	for _, k := range all {
		if k.Expires.After(c.Now) {
			keys[k.ID] = k
			grants = append(grants, casework.ScopeOfKey(k.ID, k.Scopes, k.Unit, k.Area)...)
		}
	}
	return keys, grants, err
}

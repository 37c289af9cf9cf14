package api

import (
	"context"
	"net/http"
	"time"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/trail"
)

// Seer is a post, or a key, that sees a case, and why.
type Seer struct {
	Person *Named `json:"person,omitempty"`
	Post   string `json:"post,omitempty"`
	Role   string `json:"role,omitempty"`
	Unit   *Named `json:"unit,omitempty"`
	Area   string `json:"area,omitempty"`
	Key    string `json:"key,omitempty" doc:"是密钥的，它的名称 · Of a key, its name"`
	Why    string `json:"why" enum:"unit,task,area,all,disclosed,key" doc:"本单位的件、有过任务、在区域里、看全区、公开给观察员、密钥的范围 · Its unit has it, it had a task, it lies in its area, it sees all, it was disclosed, within the bounds of a key"`
}

// ObservedFull is a case as an observer is shown it, with its steps in the
// procedure's own words: no name, and nothing that anybody wrote.
type ObservedFull struct {
	Observed
	Until time.Time      `json:"until" doc:"公开到什么时候 · Until when it is open"`
	Steps []ObservedStep `json:"steps"`
}

// ObservedStep is what was done, by which unit and when.
type ObservedStep struct {
	At   time.Time `json:"at"`
	Did  Text      `json:"did"`
	Unit *Named    `json:"unit,omitempty"`
}

func (d *door) seerOperations() {
	acting(d, told("list-seers", http.MethodGet, "/cases/{case}/seers", "cases", "谁看得到这件 · Who sees a case",
		"看得到它的可以问；有 rights.see 的可以按编号问任何一件。 · For whoever sees the case; who has rights.see may ask of any, by its number."), anyKey, d.listSeers)
	acting(d, told("read-observed", http.MethodGet, "/observed/{case}", "acts", "一件向我公开的案件 · A case that is open to me",
		"连同每一步，不含姓名和写的话。 · With its steps, without names and without what anybody wrote."), rights.CaseObserve, d.readObserved)
}

// whys are the words of the interface for why a case is seen.
var whys = map[casework.Reason]string{
	casework.SeesByUnit: "unit", casework.SeesByTask: "task", casework.SeesByArea: "area", casework.SeesAll: "all", casework.SeesDisclosed: "disclosed", casework.SeesByKey: "key",
}

func (d *door) listSeers(ctx context.Context, c *caller, in *CaseName) (*output[Whole[Seer]], error) {
	if err := c.needs(rights.CaseSee, rights.RightsSee); err != nil {
		return nil, err
	}
	id, err := d.idOf(ctx, c, in.Case)
	if err == nil && !c.Can(rights.RightsSee) {
		_, _, err = d.findCase(ctx, c, in.Case)
	}
	keys, grants := map[string]access.Key{}, casework.Scope{}
	if err == nil {
		keys, grants, err = d.grants(ctx, c)
	}
	if err != nil {
		return nil, missingCase(err)
	}
	found, err := casework.WhoSees(ctx, d.house.DB, c.District, id, casework.Everybody(c.District, c.Now), grants, c.Now)
	var all []Seer
	for _, s := range found {
		one := Seer{Post: s.By.Post, Role: string(s.By.Role), Unit: unitOf(c.District, s.By.Unit), Area: s.By.Area, Why: whys[s.Why]}
		if s.Why == casework.SeesByKey {
			one.Post, one.Key = "", keys[s.By.Post].Name
		}
		if p, ok := c.District.Org.Person(org.PersonID(s.By.Person)); ok {
			one.Person = &Named{string(p.ID), Text{p.Name, p.Name}}
		}
		all = append(all, one)
	}
	return wholeOf(all, missingCase(err))
}

// missingCase words that there is no case, whatever looked for it.
func missingCase(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return errs.New(errs.NotFound, "没有这件案件。", "There is no such case.")
	}
	return err
}

// grants are the keys that are good now, and what they see.
func (d *door) grants(ctx context.Context, c *caller) (map[string]access.Key, casework.Scope, error) {
	all, err := access.Keys(ctx, d.house.DB, c.District.Code)
	keys, grants := map[string]access.Key{}, casework.Scope{}
	for _, k := range all {
		if k.Expires.After(c.Now) {
			keys[k.ID] = k
			grants = append(grants, casework.ScopeOfKey(k.ID, k.Scopes, k.Unit, k.Area)...)
		}
	}
	return keys, grants, err
}

func (d *door) readObserved(ctx context.Context, c *caller, in *CaseName) (*output[ObservedFull], error) {
	id, err := d.idOf(ctx, c, in.Case)
	if err != nil {
		return nil, missingCase(err)
	}
	one, open, err := c.ObservedCase(id)
	if err != nil {
		return nil, missingCase(err)
	}
	out := ObservedFull{Observed: observedOf(c, one), Steps: []ObservedStep{}}
	for _, o := range open {
		if o.Until.After(out.Until) {
			out.Until = o.Until
		}
	}
	p, _ := c.District.Catalogue.Procedure(one.Procedure, one.Version)
	entries, err := trail.Of(ctx, d.house.DB, c.District.Code, string(one.ID))
	for _, e := range entries {
		if did, ok := observedDeed(p, e); ok {
			out.Steps = append(out.Steps, ObservedStep{e.At, did, unitOf(c.District, e.Unit)})
		}
	}
	return reply(out, err)
}

// observedDeed is what an observer is told of an entry: that it came in, that an
// observer said something, or the title of a procedure's action.
func observedDeed(p *procedure.Procedure, e trail.Entry) (Text, bool) {
	switch e.Act {
	case "opened":
		return Text{"收到了", "Received"}, true
	case "remarked":
		return Text{"观察员提了意见", "An observer made a remark"}, true
	}
	if p == nil {
		return Text{}, false
	}
	step := p.Step(procedure.StepName(e.Step))
	if step == nil || step.Action(procedure.ActionName(e.Act)) == nil {
		return Text{}, false
	}
	of, did := textOf(step.Title), textOf(step.Action(procedure.ActionName(e.Act)).Title)
	return Text{of.ZH + "：" + did.ZH, of.EN + ": " + did.EN}, true
}

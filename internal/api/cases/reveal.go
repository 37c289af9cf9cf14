package cases

import (
	"context"
	"net/http"
	"time"

	"linli/internal/api/frame"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/look"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/supervise"
)

// Purpose is what the reporters of a case may be looked up for.
type Purpose struct {
	Name   string     `json:"name"`
	Title  frame.Text `json:"title"`
	Basis  frame.Text `json:"basis" doc:"法条 · Statute and article"`
	Fields []string   `json:"fields" doc:"可看哪几项 · Which fields it shows"`
}

// Purposes are those of a case, with the kinds of reason.
type Purposes struct {
	Items []Purpose     `json:"items"`
	Kinds []frame.Named `json:"kinds" doc:"理由的种类 · The kinds of reason"`
}

// Revealing asks to look behind the masks of one report.
type Revealing struct {
	Report  string   `json:"report" maxLength:"60"`
	Fields  []string `json:"fields" minItems:"1" maxItems:"5" doc:"name、phone、address"`
	Purpose string   `json:"purpose" maxLength:"40"`
	Kind    string   `json:"kind" maxLength:"20" doc:"理由的种类 · The kind of reason"`
	Reason  string   `json:"reason,omitempty" maxLength:"500" doc:"写一句为什么，本人看不到这句 · In words; the person is not shown them"`
}

type revealInput struct {
	CaseName
	Body Revealing
}

// Revealed is what a look gave.
type Revealed struct {
	Look   string            `json:"look"`
	At     time.Time         `json:"at"`
	Values map[string]string `json:"values" doc:"按项；没有留的不在里面 · By field; what the report does not hold is not in it"`
}

func revealOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-purposes", http.MethodGet, "/cases/{case}/purposes", tagActs, "可以为什么查看 · What may be revealed for what", "这件案件能用的用途。 · The purposes that fit the case."), rights.DataReveal, listPurposes)
	one := frame.Unkept(frame.Told("reveal", http.MethodPost, "/cases/{case}/reveal", tagActs, "按用途查看被遮住的信息 · Reveal for a purpose",
		"先记下来才给看；本人看得到谁、什么时候、为什么看了哪几项。每人每小时有上限。 · It is on record before anything is shown; the person can see who looked at what, when and for what. There is a limit for each hour."))
	frame.Acting(d, one, rights.DataReveal, reveal)
}

func listPurposes(ctx context.Context, c *frame.Caller, in *CaseName) (*frame.Output[Purposes], error) {
	one, _, err := c.FindCase(ctx, in.Case)
	out := Purposes{Items: []Purpose{}, Kinds: []frame.Named{}}
	if err != nil {
		return nil, err
	}
	for _, p := range look.Purposes(c.District, one) {
		out.Items = append(out.Items, Purpose{p.Name, frame.TextOf(p.Title), frame.TextOf(p.Basis), p.Fields})
	}
	for _, k := range look.Kinds() {
		out.Kinds = append(out.Kinds, frame.Name(k, k.Text()))
	}
	return frame.Reply(out, nil)
}

// reveal shows fields of one report, once. A report that is not there, of another
// case, or kept secret from the caller is not found, alike.
func reveal(ctx context.Context, c *frame.Caller, in *revealInput) (*frame.Once[Revealed], error) {
	missing := errs.New(errs.NotFound, "没有这个来件。", "There is no such report.")
	one, tasks, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	r, err := casework.ReportByID(ctx, c.House.DB, c.District.Code, in.Body.Report)
	if errs.KindOf(err) == errs.NotFound || err == nil && r.Case != one.ID {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	all, err := c.Reporters(one, tasks, []casework.Report{r})
	if err != nil {
		return nil, err
	}
	if all[0].Hidden {
		return nil, missing
	}
	a := look.Asking{
		District: c.District, Case: one.ID, Report: r.ID, Fields: in.Body.Fields, Purpose: in.Body.Purpose,
		Kind: look.Kind(in.Body.Kind), Reason: in.Body.Reason, OnDuty: onDuty(ctx, c),
		By: c.ActingWhere(rights.DataReveal, func(by procedure.Actor) error {
			return look.May(c.District, c.House.Vault, one, tasks, r, by)
		}).By,
	}
	shown, err := look.Reveal(ctx, c.House.DB, c.House.Vault, a)
	if err != nil {
		return nil, err
	}
	return frame.ReplyOnce(Revealed{string(shown.Look.ID), shown.Look.At, shown.Values}, nil)
}

// onDuty reports whether a post of the caller, or its unit's desk, is on the
// roster now. A roster that cannot be read explains nothing.
func onDuty(ctx context.Context, c *frame.Caller) bool {
	on, err := supervise.OnDuty(ctx, c.House.DB, c.District, c.Now)
	if err != nil {
		c.House.Log.Warn("the roster cannot be read", "error", err)
	}
	for _, turn := range on {
		for _, a := range c.Actors() {
			if turn.Post == a.Post || turn.Post == "" && turn.Unit == a.Unit {
				return true
			}
		}
	}
	return false
}

package reports

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// Proof is what a resident shows: the number of the case and the word of the
// receipt. They stand in the body, since addresses are written into logs.
type Proof struct {
	Number string `json:"number" maxLength:"20"`
	Word   string `json:"word" minLength:"4" maxLength:"40" doc:"取件码 · The word of the receipt"`
}

// Tracked is a case as its reporter follows it.
type Tracked struct {
	Number   string        `json:"number"`
	Matter   frame.Named   `json:"matter"`
	State    string        `json:"state" enum:"open,closed,answered,rejected,merged"`
	Status   frame.Text    `json:"status"`
	Unit     *frame.Named  `json:"unit,omitempty"`
	OpenedAt time.Time     `json:"opened_at"`
	Due      *time.Time    `json:"due,omitempty"`
	ClosedAt *time.Time    `json:"closed_at,omitempty"`
	Offers   []shape.Offer `json:"offers" doc:"居民现在能说什么：评价、补充、再办 · What the resident may say now: rate, supply, open again"`
}

// Said is what the reporter says: a grade, what was asked for, or that it is not
// solved.
type Said struct {
	Proof
	Task   string            `json:"task,omitempty" maxLength:"60"`
	Action string            `json:"action" maxLength:"40" doc:"offers 给的 action · An action that offers gives"`
	Grade  int               `json:"grade,omitempty" minimum:"0" maximum:"5" doc:"5 非常满意 … 1 非常不满意 · 5 very content … 1 very discontent"`
	Reason string            `json:"reason,omitempty" maxLength:"500"`
	Answer string            `json:"answer,omitempty" maxLength:"2000" doc:"补充的内容 · What is supplied"`
	Marks  map[string]string `json:"marks,omitempty"`
	Photos []shape.Photo     `json:"photos,omitempty" maxItems:"9"`
}

type (
	proofInput struct{ Body Proof }
	saidInput  struct{ Body Said }
)

func trackOperations(d *frame.Door) {
	frame.Register(d, frame.Told("track", http.MethodPost, "/track", tag, "替居民查进度 · Follow a case for a resident",
		"要编号和取件码。编号没有，和取件码不对，回答一样。 · By number and word. A number that is not there and a wrong word are answered alike."), rights.ReportReceive, track)
	frame.Register(d, frame.Bodied(frame.Told("track-act", http.MethodPost, "/track/act", tag, "替居民评价、补充、再办 · Rate, supply or open again for a resident",
		"和居民自己在页面上做的一样。 · As residents do it on their own page.")), rights.ReportReceive, trackAct)
}

// proved finds the case of a number, or the one that goes on in its place, and
// the report that the word belongs to. Who shows wrong words is slowed down by
// the address that shows them.
func proved(ctx context.Context, c *frame.Caller, p Proof) (one casework.Case, report casework.Report, err error) {
	missing := errs.New(errs.NotFound, "没有查到。请核对编号和取件码。", "Nothing was found. Please check the number and the word.")
	from := page.Network(c.R.RemoteAddr)
	if c.House.Limits != nil {
		if _, err := c.House.Limits.Take(page.LimitTrack, from, c.Now); err != nil {
			return one, report, err
		}
	}
	number, err := ident.ParseNumber(p.Number)
	if err != nil {
		return one, report, missing
	}
	one, err = casework.ByNumber(ctx, c.House.DB, c.District.Code, string(number))
	for range mergersMost {
		if err != nil || one.State != casework.Merged {
			break
		}
		one, err = casework.ByID(ctx, c.House.DB, c.District.Code, one.MergedInto)
	}
	var reports []casework.Report
	if err == nil {
		reports, err = casework.Reports(ctx, c.House.DB, c.District.Code, one.ID)
	}
	if errs.KindOf(err) == errs.NotFound {
		return casework.Case{}, report, missing
	}
	if err != nil {
		return one, report, err
	}
	hash := intake.HashWord(strings.TrimSpace(p.Word))
	for _, r := range reports {
		if r.Word == hash {
			c.House.Limits.Return(page.LimitTrack, from, c.Now)
			return one, r, nil
		}
	}
	return casework.Case{}, report, missing
}

// mergersMost bounds how many mergers are followed.
const mergersMost = 10

func track(ctx context.Context, c *frame.Caller, in *proofInput) (*frame.Output[Tracked], error) {
	one, report, err := proved(ctx, c, in.Body)
	if err != nil {
		return nil, err
	}
	return tracked(ctx, c, one, report)
}

// tracked is a case as its reporter reads it, with what they may say now.
func tracked(ctx context.Context, c *frame.Caller, one casework.Case, report casework.Report) (*frame.Output[Tracked], error) {
	dist := c.District
	out := Tracked{
		Number: one.Number, Matter: frame.Name(one.Matter, dist.Catalogue.Title(one.Matter)), State: string(one.State), Status: shape.StatusOf(dist, one),
		Unit: shape.UnitOf(dist, one.Unit), OpenedAt: report.At, Due: frame.At(one.Due), ClosedAt: frame.At(one.ClosedAt), Offers: []shape.Offer{},
	}
	offers, err := casework.Available(ctx, c.House.DB, reporting(c, report), one, c.Now)
	for _, o := range offers {
		if !slices.Contains(o.Needs, procedure.NeedDeed) {
			shown := shape.OfferOf(c, page.Offer{Offer: o})
			shown.Step = frame.Name(o.Step, shape.StepTitle(dist, one, o.Step))
			out.Offers = append(out.Offers, shown)
		}
	}
	return frame.Reply(out, err)
}

// reporting acts as whoever sent a report.
func reporting(c *frame.Caller, report casework.Report) casework.Acting {
	return casework.Acting{District: c.District, By: page.Stands{Report: report.ID}.Actor()}
}

func trackAct(ctx context.Context, c *frame.Caller, in *saidInput) (*frame.Output[Tracked], error) {
	one, report, err := proved(ctx, c, in.Body.Proof)
	if err != nil {
		return nil, err
	}
	photos, err := shape.KeepPhotos(ctx, c, in.Body.Photos)
	if err != nil {
		return nil, err
	}
	m := procedure.Move{
		Task: in.Body.Task, Action: procedure.ActionName(in.Body.Action), Rating: in.Body.Grade, Marks: in.Body.Marks,
		Reason: strings.TrimSpace(in.Body.Reason), Answer: strings.TrimSpace(in.Body.Answer), Photos: len(photos),
	}
	for field, words := range map[string]*string{"reason": &m.Reason, "answer": &m.Answer} {
		if err := page.Long(field, *words); err != nil {
			return nil, err
		}
		if !one.Secret {
			continue
		}
		if *words, err = c.House.Desk.Said(c.District.Code, one, report, *words); err != nil { // what says who it is goes
			return nil, err
		}
	}
	one, err = frame.Written(ctx, c, func(tx *db.Tx) (casework.Case, error) {
		moved, err := casework.Act(ctx, tx, reporting(c, report), report.Case, m)
		if err != nil {
			return moved, err
		}
		for _, photo := range intake.Shown(moved, photos) {
			if _, err := document.Add(ctx, tx, c.District.Code, string(moved.ID), document.Evidence, "", photo); err != nil {
				return moved, err
			}
		}
		return moved, nil
	})
	if err != nil {
		return nil, err
	}
	return tracked(ctx, c, one, report)
}

package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// Merging names the case that goes on.
type Merging struct {
	Into string `json:"into" maxLength:"60" doc:"留下哪一件：id 或编号 · The case to keep: its id or number"`
}

type mergeInput struct {
	CaseName
	Body Merging
}

// Owning rules whose job a case is that no rule gives to anybody.
type Owning struct {
	Unit   string `json:"unit" minLength:"1" maxLength:"40"`
	Reason string `json:"reason" minLength:"1" maxLength:"2000"`
}

type ownerInput struct {
	CaseName
	Body Owning
}

// Disclosure makes a case open to an observer, for a time.
type Disclosure struct {
	ID      string     `json:"id"`
	Post    string     `json:"post,omitempty"`
	Unit    *Named     `json:"unit,omitempty"`
	Photos  bool       `json:"photos" doc:"办前的照片也给看 · Also the photos of before the work"`
	Reason  string     `json:"reason"`
	From    time.Time  `json:"from"`
	Until   time.Time  `json:"until"`
	EndedAt *time.Time `json:"ended_at,omitempty"`
}

// NewDisclosure opens a case to a post or to the observers of a unit.
type NewDisclosure struct {
	Post   string    `json:"post,omitempty" maxLength:"60"`
	Unit   string    `json:"unit,omitempty" maxLength:"40"`
	Photos bool      `json:"photos,omitempty"`
	Reason string    `json:"reason" minLength:"1" maxLength:"2000"`
	Until  time.Time `json:"until"`
}

type discloseInput struct {
	CaseName
	Body NewDisclosure
}

type endDisclosureInput struct {
	CaseName
	Disclosure string `path:"disclosure" maxLength:"60"`
}

// Remark is what an observer says of a case.
type Remark struct {
	Text string `json:"text" minLength:"1" maxLength:"2000"`
}

type remarkInput struct {
	CaseName
	Body Remark
}

// Observed is a case as an observer is shown it: less than to whoever works here.
type Observed struct {
	ID       string     `json:"id"`
	Number   string     `json:"number"`
	Matter   Named      `json:"matter"`
	State    string     `json:"state" enum:"open,closed,answered,rejected,merged"`
	Status   Text       `json:"status"`
	Area     Text       `json:"area" doc:"到社区为止 · As far as the community"`
	Unit     *Named     `json:"unit,omitempty"`
	OpenedAt time.Time  `json:"opened_at"`
	Due      *time.Time `json:"due,omitempty"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	Rating   int        `json:"rating,omitempty"`
}

type observedInput struct {
	Paging
}

func (d *door) ruleOperations() {
	acting(d, matched(told("merge-case", http.MethodPost, "/cases/{case}/merge", "acts", "并到另一件 · Join with another case",
		"来件都转过去，报的人会被告诉。 · Its reports go over, and their senders are told.")), rights.CaseMerge, d.mergeCase)
	acting(d, matched(told("name-owner", http.MethodPost, "/cases/{case}/owner", "acts", "给无主件定单位 · Name the owner",
		"没有规则说归谁管的件，由有权的人定。 · Of a case that no rule gives to anybody.")), rights.OwnerName, d.nameOwner)
	acting(d, matched(told("disclose-case", http.MethodPost, "/cases/{case}/disclosures", "acts", "公开给观察员 · Open a case to an observer",
		"最长一年；谁报的、确切地点和居民写的话都不给看。 · For a year at most; who reported it, the exact place and residents' words stay closed.")), rights.CaseOpenTo, d.disclose)
	acting(d, told("list-disclosures", http.MethodGet, "/cases/{case}/disclosures", "acts", "公开给了谁 · To whom a case is open", "新的在前。 · The newest first."), rights.CaseOpenTo, d.listDisclosures)
	acting(d, matched(told("end-disclosure", http.MethodDelete, "/cases/{case}/disclosures/{disclosure}", "acts", "不再公开 · Close it again", "提前结束。 · Before its time.")), rights.CaseOpenTo, d.endDisclosure)
	acting(d, told("list-observed", http.MethodGet, "/observed", "acts", "向我公开的案件 · Cases open to me", "给观察员看的，比办件的人看到的少。 · For observers, who are shown less."), rights.CaseObserve, d.listObserved)
	acting(d, told("remark", http.MethodPost, "/observed/{case}/remarks", "acts", "提督查意见 · Remark on a case",
		"观察员说的话进痕迹，经办单位会收到。 · An observer's words go into the trail and to the unit."), rights.CaseObserve, d.remark)
}

func (d *door) mergeCase(ctx context.Context, c *caller, in *mergeInput) (*changedOutput, error) {
	from, _, err := d.findCase(ctx, c, in.Case)
	if err != nil {
		return nil, err
	}
	into, _, err := d.findCase(ctx, c, in.Body.Into)
	if err != nil {
		return nil, err
	}
	err = d.house.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := casework.Merge(ctx, tx, c.Acting(rights.CaseMerge, revisionOf(ctx)), from.ID, into.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return d.changedCase(ctx, c, into.ID)
}

func (d *door) nameOwner(ctx context.Context, c *caller, in *ownerInput) (*changedOutput, error) {
	one, _, err := d.findCase(ctx, c, in.Case)
	if err == nil {
		err = page.Long("reason", in.Body.Reason)
	}
	if err == nil {
		err = c.KeepsSecret(one, map[string]string{"reason": in.Body.Reason})
	}
	if err == nil {
		err = d.house.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := casework.NameOwner(ctx, tx, c.Acting(rights.OwnerName, revisionOf(ctx)), one.ID, in.Body.Unit, in.Body.Reason)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	return d.changedCase(ctx, c, one.ID)
}

func (d *door) disclose(ctx context.Context, c *caller, in *discloseInput) (*output[Disclosure], error) {
	one, _, err := d.findCase(ctx, c, in.Case)
	if err == nil {
		err = page.Long("reason", in.Body.Reason)
	}
	if err != nil {
		return nil, err
	}
	o := casework.Disclosure{Post: in.Body.Post, Unit: in.Body.Unit, Photos: in.Body.Photos, Reason: strings.TrimSpace(in.Body.Reason), Until: in.Body.Until}
	made, err := written(ctx, d, func(tx *db.Tx) (casework.Disclosure, error) {
		return casework.Disclose(ctx, tx, c.Acting(rights.CaseOpenTo, revisionOf(ctx)), one.ID, o)
	})
	return reply(disclosureOf(c, made), err)
}

func disclosureOf(c *caller, o casework.Disclosure) Disclosure {
	return Disclosure{ID: o.ID, Post: o.Post, Unit: named(o.Unit, c.District.Org.UnitName(org.UnitID(o.Unit))), Photos: o.Photos, Reason: o.Reason, From: o.From, Until: o.Until, EndedAt: at(o.Ended)}
}

func (d *door) listDisclosures(ctx context.Context, c *caller, in *CaseName) (*output[Whole[Disclosure]], error) {
	one, _, err := d.findCase(ctx, c, in.Case)
	if err != nil {
		return nil, err
	}
	found, err := casework.Disclosures(ctx, d.house.DB, c.District.Code, one.ID)
	var all []Disclosure
	for _, o := range found {
		all = append(all, disclosureOf(c, o))
	}
	return wholeOf(all, err)
}

func (d *door) endDisclosure(ctx context.Context, c *caller, in *endDisclosureInput) (*struct{}, error) {
	one, _, err := d.findCase(ctx, c, in.Case)
	if err != nil {
		return nil, err
	}
	return &struct{}{}, d.house.DB.Write(ctx, func(tx *db.Tx) error {
		return casework.EndDisclosure(ctx, tx, c.Acting(rights.CaseOpenTo, revisionOf(ctx)), one.ID, in.Disclosure)
	})
}

func (d *door) listObserved(ctx context.Context, c *caller, in *observedInput) (*listOutput[Observed], error) {
	p, err := casework.List(ctx, d.house.DB, c.District, casework.Filter{Scope: c.Observed(), Newest: true}, c.Now, in.After, min(in.Limit, 200))
	if err != nil {
		return nil, err
	}
	out := &listOutput[Observed]{List[Observed]{Items: make([]Observed, len(p.Rows)), Next: p.Next}}
	for i, row := range p.Rows {
		out.Body.Items[i] = observedOf(c, row.Case)
	}
	return out, nil
}

// observedOf is a case as exactly as the public's pages say it: the community,
// and neither address nor point nor text.
func observedOf(c *caller, one casework.Case) Observed {
	d := c.District
	return Observed{
		ID: string(one.ID), Number: one.Number, Matter: Named{one.Matter, textOf(d.Catalogue.Title(one.Matter))}, State: string(one.State), Status: statusOf(d, one),
		Area: textOf(d.Areas.Path(communityOf(c, one))), Unit: unitOf(d, one.Unit), OpenedAt: one.OpenedAt, Due: at(one.Due), ClosedAt: at(one.ClosedAt), Rating: one.Rating,
	}
}

func (d *door) remark(ctx context.Context, c *caller, in *remarkInput) (*struct{}, error) {
	missing := errs.New(errs.NotFound, "没有这件案件。", "There is no such case.")
	id, err := d.idOf(ctx, c, in.Case)
	if err == nil {
		_, _, err = c.ObservedCase(id)
	}
	if errs.KindOf(err) == errs.NotFound {
		return nil, missing
	}
	if err == nil {
		err = page.Long("text", in.Body.Text)
	}
	if err != nil {
		return nil, err
	}
	return &struct{}{}, d.house.DB.Write(ctx, func(tx *db.Tx) error {
		return casework.Remark(ctx, tx, c.Acting(rights.CaseObserve, 0), id, in.Body.Text)
	})
}

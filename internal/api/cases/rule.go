package cases

import (
	"context"
	"net/http"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/db"
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
	ID      string       `json:"id"`
	Post    string       `json:"post,omitempty"`
	Unit    *frame.Named `json:"unit,omitempty"`
	Photos  bool         `json:"photos" doc:"办前的照片也给看 · Also the photos of before the work"`
	Reason  string       `json:"reason"`
	From    time.Time    `json:"from"`
	Until   time.Time    `json:"until"`
	EndedAt *time.Time   `json:"ended_at,omitempty"`
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

func ruleOperations(d *frame.Door) {
	frame.Acting(d, frame.Matched(frame.Told("merge-case", http.MethodPost, "/cases/{case}/merge", tagActs, "并到另一件 · Join with another case",
		"来件都转过去，报的人会被告诉。 · Its reports go over, and their senders are told.")), rights.CaseMerge, mergeCase)
	frame.Acting(d, frame.Matched(frame.Told("name-owner", http.MethodPost, "/cases/{case}/owner", tagActs, "给无主件定单位 · Name the owner",
		"没有规则说归谁管的件，由有权的人定。 · Of a case that no rule gives to anybody.")), rights.OwnerName, nameOwner)
	frame.Acting(d, frame.Matched(frame.Told("disclose-case", http.MethodPost, "/cases/{case}/disclosures", tagActs, "公开给观察员 · Open a case to an observer",
		"最长一年；谁报的、确切地点和居民写的话都不给看。 · For a year at most; who reported it, the exact place and residents' words stay closed.")), rights.CaseOpenTo, disclose)
	frame.Acting(d, frame.Told("list-disclosures", http.MethodGet, "/cases/{case}/disclosures", tagActs, "公开给了谁 · To whom a case is open", "新的在前。 · The newest first."), rights.CaseOpenTo, listDisclosures)
	frame.Acting(d, frame.Matched(frame.Told("end-disclosure", http.MethodDelete, "/cases/{case}/disclosures/{disclosure}", tagActs, "不再公开 · Close it again", "提前结束。 · Before its time.")), rights.CaseOpenTo, endDisclosure)
}

func mergeCase(ctx context.Context, c *frame.Caller, in *mergeInput) (*frame.Output[shape.Case], error) {
	from, _, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	into, _, err := c.FindCase(ctx, in.Body.Into)
	if err != nil {
		return nil, err
	}
	err = c.House.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := casework.Merge(ctx, tx, c.Acting(rights.CaseMerge, frame.RevisionOf(ctx)), from.ID, into.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return changedCase(ctx, c, into.ID)
}

func nameOwner(ctx context.Context, c *frame.Caller, in *ownerInput) (*frame.Output[shape.Case], error) {
	one, _, err := c.FindCase(ctx, in.Case)
	if err == nil {
		err = page.Long("reason", in.Body.Reason)
	}
	if err == nil {
		err = c.KeepsSecret(one, map[string]string{"reason": in.Body.Reason})
	}
	if err == nil {
		err = c.House.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := casework.NameOwner(ctx, tx, c.Acting(rights.OwnerName, frame.RevisionOf(ctx)), one.ID, in.Body.Unit, in.Body.Reason)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	return changedCase(ctx, c, one.ID)
}

func disclose(ctx context.Context, c *frame.Caller, in *discloseInput) (*frame.Output[Disclosure], error) {
	one, _, err := c.FindCase(ctx, in.Case)
	if err == nil {
		err = page.Long("reason", in.Body.Reason)
	}
	if err != nil {
		return nil, err
	}
	o := casework.Disclosure{Post: in.Body.Post, Unit: in.Body.Unit, Photos: in.Body.Photos, Reason: strings.TrimSpace(in.Body.Reason), Until: in.Body.Until}
	made, err := frame.Written(ctx, c, func(tx *db.Tx) (casework.Disclosure, error) {
		return casework.Disclose(ctx, tx, c.Acting(rights.CaseOpenTo, frame.RevisionOf(ctx)), one.ID, o)
	})
	return frame.Reply(disclosureOf(c, made), err)
}

func disclosureOf(c *frame.Caller, o casework.Disclosure) Disclosure {
	return Disclosure{ID: o.ID, Post: o.Post, Unit: frame.NameIf(o.Unit, c.District.Org.UnitName(org.UnitID(o.Unit))), Photos: o.Photos, Reason: o.Reason, From: o.From, Until: o.Until, EndedAt: frame.At(o.Ended)}
}

func listDisclosures(ctx context.Context, c *frame.Caller, in *CaseName) (*frame.Output[frame.Whole[Disclosure]], error) {
	one, _, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	found, err := casework.Disclosures(ctx, c.House.DB, c.District.Code, one.ID)
	var all []Disclosure
	for _, o := range found {
		all = append(all, disclosureOf(c, o))
	}
	return frame.WholeOf(all, err)
}

func endDisclosure(ctx context.Context, c *frame.Caller, in *endDisclosureInput) (*struct{}, error) {
	one, _, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	return frame.Done(ctx, c, func(tx *db.Tx) error {
		return casework.EndDisclosure(ctx, tx, c.Acting(rights.CaseOpenTo, frame.RevisionOf(ctx)), one.ID, in.Disclosure)
	})
}

package admin

import (
	"context"
	"net/http"
	"slices"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// StandIn is who does what a post is for while its holder is on leave.
type StandIn struct {
	ID      string      `json:"id"`
	Post    string      `json:"post"`
	Person  frame.Named `json:"person"`
	From    time.Time   `json:"from"`
	To      time.Time   `json:"to"`
	Keeps   bool        `json:"keeps" doc:"本人这段时间还留着权限 · The holder keeps the rights meanwhile"`
	Reason  string      `json:"reason"`
	EndedAt *time.Time  `json:"ended_at,omitempty"`
}

// NewStandIn names who stands in.
type NewStandIn struct {
	Person string    `json:"person" maxLength:"60" doc:"人员的 id · The id of the person"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Keeps  bool      `json:"keeps,omitempty" doc:"本人这段时间还留着权限 · The holder keeps the rights meanwhile"`
	Reason string    `json:"reason" minLength:"1" maxLength:"2000"`
}

type (
	postPathInput struct {
		Post string `path:"post" maxLength:"60"`
	}
	newStandInInput struct {
		Post string `path:"post" maxLength:"60"`
		Body NewStandIn
	}
	endStandInInput struct {
		Post    string `path:"post" maxLength:"60"`
		StandIn string `path:"standin" maxLength:"60"`
		Body    shape.Reason
	}
)

func standInOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-stand-ins", http.MethodGet, "/posts/{post}/stand-ins", tag, "谁代过班 · Who stands in for a post", "早的在前。 · The oldest first."), rights.RightsSee, listStandIns)
	frame.Acting(d, frame.Told("name-stand-in", http.MethodPost, "/posts/{post}/stand-ins", tag, "定代班 · Name a stand-in",
		"同一单位或上级单位的人，一次一个。到那一分钟权限就过去。 · Somebody of the same unit or one above it, one at a time. The rights go over at that minute."), rights.PostKeep, nameStandIn)
	frame.Acting(d, frame.Told("end-stand-in", http.MethodPost, "/posts/{post}/stand-ins/{standin}/end", tag, "提前结束代班 · End a stand-in at once", "权限马上回到本人。 · The rights go back at once."), rights.PostKeep, endStandIn)
}

// post is a post that the district has.
func post(c *frame.Caller, id string) (org.Post, error) {
	p, ok := c.District.Org.Post(org.PostID(id))
	if !ok {
		return p, errs.New(errs.NotFound, "没有这个岗位。", "There is no such post.")
	}
	return p, nil
}

// ruled is what posts of the district are checked by.
func ruled(c *frame.Caller) org.Rules {
	return org.Rules{Book: c.District.Catalogue.Roles(), Zone: c.Zone(), Areas: func(code string) bool { return c.District.Areas.Known(code) }}
}

func standInOf(c *frame.Caller, s org.StandIn) StandIn {
	person, _ := c.District.Org.Person(s.Person)
	return StandIn{string(s.ID), string(s.Post), frame.Name(s.Person, lang.Text{ZH: person.Name, EN: person.Name}), s.From, s.To, s.Keeps, s.Why, frame.At(s.Ended)}
}

func listStandIns(_ context.Context, c *frame.Caller, in *postPathInput) (*frame.Output[frame.Whole[StandIn]], error) {
	p, err := post(c, in.Post)
	if err != nil {
		return nil, err
	}
	var all []StandIn
	for _, s := range c.District.Org.StandInsOf(p.ID) {
		all = append(all, standInOf(c, s))
	}
	return frame.WholeOf(all, nil)
}

func nameStandIn(ctx context.Context, c *frame.Caller, in *newStandInInput) (*frame.Output[StandIn], error) {
	p, err := post(c, in.Post)
	if err == nil {
		err = page.Long("reason", in.Body.Reason)
	}
	if err != nil {
		return nil, err
	}
	b := in.Body
	asked := org.StandIn{Post: p.ID, Person: org.PersonID(b.Person), From: b.From, To: b.To, Keeps: b.Keeps, Why: b.Reason}
	s, err := frame.Written(ctx, c, func(tx *db.Tx) (org.StandIn, error) {
		return org.Stand(ctx, tx, c.District.Code, ruled(c), giver(c), asked)
	})
	if err != nil {
		return nil, err
	}
	return frame.Reply(standInOf(c, s), nil)
}

func endStandIn(ctx context.Context, c *frame.Caller, in *endStandInInput) (*frame.Output[StandIn], error) {
	p, err := post(c, in.Post)
	if err == nil && !slices.ContainsFunc(c.District.Org.StandInsOf(p.ID), func(s org.StandIn) bool { return string(s.ID) == in.StandIn }) {
		err = errs.New(errs.NotFound, "没有这次代班。", "There is no such stand-in.")
	}
	if err == nil {
		err = page.Long("reason", in.Body.Reason)
	}
	if err != nil {
		return nil, err
	}
	s, err := frame.Written(ctx, c, func(tx *db.Tx) (org.StandIn, error) {
		return org.EndStandIn(ctx, tx, c.District.Code, giver(c), org.StandInID(in.StandIn), in.Body.Reason)
	})
	if err != nil {
		return nil, err
	}
	return frame.Reply(standInOf(c, s), nil)
}

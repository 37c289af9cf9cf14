package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/web/page"
)

// Board is how every unit, street and grid stands, as far as the caller may see.
type Board struct {
	At      time.Time   `json:"at"`
	Tiers   []BoardTier `json:"tiers"`
	Streets []Tile      `json:"streets"`
	Grids   []Tile      `json:"grids"`
}

// BoardTier is units of like kind, the red ones first.
type BoardTier struct {
	Title Text   `json:"title"`
	Tiles []Tile `json:"tiles"`
}

// Tile is how one unit, street or grid stands.
type Tile struct {
	Subject Named  `json:"subject"`
	Signal  string `json:"signal" enum:"ok,near,late,hold"`
	Why     *Text  `json:"why,omitempty"`
	Level   int    `json:"level" doc:"最高的督办级别 · The highest level of supervision"`
	Open    int    `json:"open"`
	Near    int    `json:"near"`
	Late    int    `json:"late"`
	Held    int    `json:"held"`
	Kept    int    `json:"kept" doc:"本月按时的 · Promises of the month that were kept"`
	Broken  int    `json:"broken"`
}

// Order is what supervision asked of a unit.
type Order struct {
	ID       string     `json:"id"`
	Kind     Named      `json:"kind" doc:"提醒、催办、督办、报领导、问责 · Reminder, urging, order, to the leader, accountability"`
	State    Named      `json:"state"`
	Case     string     `json:"case"`
	Number   string     `json:"number"`
	Matter   Named      `json:"matter"`
	Unit     *Named     `json:"unit,omitempty"`
	Level    int        `json:"level"`
	Form     string     `json:"form,omitempty"`
	Fault    *Named     `json:"fault,omitempty" doc:"问责的情形 · What it is held to account for"`
	Means    *Named     `json:"means,omitempty" doc:"怎么处理的 · What followed"`
	Reason   string     `json:"reason,omitempty"`
	By       *Named     `json:"by,omitempty" doc:"哪家发的；没有就是系统按规则 · The unit that gave it; none: by rule"`
	At       time.Time  `json:"at"`
	ReplyDue *time.Time `json:"reply_due,omitempty"`
	Late     bool       `json:"late" doc:"答复晚了，或到期没答复 · Its answer came late, or is missing past its date"`
	Reply    string     `json:"reply,omitempty"`
	ReplyAt  *time.Time `json:"reply_at,omitempty"`
	Decision string     `json:"decision,omitempty"`
	EndedAt  *time.Time `json:"ended_at,omitempty"`
	May      []string   `json:"may" doc:"您现在能：reply、lift、decide · What you may do now: reply, lift, decide"`
	Evidence []Evidence `json:"evidence,omitempty" doc:"问责的依据，只在单独取一件时给 · What it rests on, where one is read"`
}

type ordersInput struct {
	Kind    string `query:"kind" enum:"remind,urge,order,leader,accountability"`
	State   string `query:"state" enum:"told,asked,answered,lifted,upheld,dropped"`
	Unit    string `query:"unit" maxLength:"40"`
	Running bool   `query:"running" doc:"只要没了结的 · Only those not settled"`
	Late    bool   `query:"late" doc:"只要答复超期的 · Only those whose answer is late"`
	After   string `query:"after" maxLength:"200" doc:"上一页的 next · next of the page before"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (in *ordersInput) cursor() *string { return &in.After }

// Orders is a page of orders, with how many there are.
type Orders struct {
	Items []Order `json:"items"`
	Next  string  `json:"next,omitempty" doc:"下一页的 after；没有就是最后一页 · after of the next page; missing on the last"`
	Count int     `json:"count"`
	Late  int     `json:"late" doc:"其中答复超期的 · Of these, with a late answer"`
}

type ordersOutput struct{ Body Orders }

func (o *ordersOutput) nextCursor() *string { return &o.Body.Next }

type OrderName struct {
	Order string `path:"order" maxLength:"60"`
}

// NewOrder urges a unit with a case, or puts the case under supervision.
type NewOrder struct {
	Case   string `json:"case" maxLength:"60" doc:"id 或编号 · The id or the number"`
	Kind   string `json:"kind" enum:"urge,order" doc:"催办不用答复，督办要 · Urging asks for no answer, an order does"`
	Unit   string `json:"unit,omitempty" maxLength:"40" doc:"不写就是现在办的单位 · The unit that has it now where empty"`
	Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	Form   string `json:"form,omitempty" maxLength:"40" doc:"督办的形式 · The form of an order"`
	Within int    `json:"within,omitempty" minimum:"0" maximum:"30" doc:"几个工作日以内答复 · Within how many working days to answer"`
}

// Words is a text that an act comes with.
type Words struct {
	Text string `json:"text" minLength:"1" maxLength:"2000"`
}

type (
	newOrderInput   struct{ Body NewOrder }
	orderWordsInput struct {
		OrderName
		Body Words
	}
)

func (d *door) orderOperations() {
	register(d, told("read-board", http.MethodGet, "/board", "supervision", "看板 · The board",
		"各单位、街镇、网格的颜色和原因，只列看得到的。 · The signal of units, streets and grids and why; those that may be seen."), rights.ScoreSee, d.readBoard)
	register(d, told("list-orders", http.MethodGet, "/orders", "supervision", "督办清单 · Orders",
		"新的在前；late 的按答复期限排。看全区案件的看全部，别的看本单位的。 · The latest first; with late, by the date of the answer. Who sees every case sees all, others those of their units."), rights.CaseSee, d.listOrders)
	register(d, told("read-order", http.MethodGet, "/orders/{order}", "supervision", "一件督办 · One order", "连同现在能做什么。 · With what may be done now."), rights.CaseSee, d.readOrder)
	acting(d, told("give-order", http.MethodPost, "/orders", "supervision", "催办、督办 · Urge or order", "期限不变。 · It moves no date."), rights.Supervise, d.giveOrder)
	acting(d, told("reply-order", http.MethodPost, "/orders/{order}/reply", "supervision", "答复督办 · Answer an order",
		"由单位负责人答复；没有负责人的，单位里的人答复。 · The head of the unit answers, or where nobody leads whoever works there."), rights.CaseSee, d.replyOrder)
	acting(d, told("lift-order", http.MethodPost, "/orders/{order}/lift", "supervision", "解除督办 · Lift an order", "单位不能解除自己的。 · A unit never lifts its own."), rights.Supervise, d.liftOrder)
}

func (d *door) readBoard(ctx context.Context, c *caller, _ *struct{}) (*output[Board], error) {
	b, err := d.house.Boards.Board(ctx, c.District)
	if err != nil {
		return nil, err
	}
	out := Board{At: b.At, Tiers: []BoardTier{}, Streets: c.tiles(b.Streets, evaluate.Area), Grids: c.tiles(b.Grids, evaluate.Area)}
	for _, tier := range b.Tiers {
		if tiles := c.tiles(tier.Tiles, evaluate.Unit); len(tiles) > 0 {
			out.Tiers = append(out.Tiers, BoardTier{textOf(tier.Title), tiles})
		}
	}
	return reply(out, nil)
}

// tiles are those that the caller may see.
func (c *caller) tiles(all []supervise.Tile, subject func(string) evaluate.Subject) []Tile {
	some := []Tile{}
	for _, t := range all {
		if c.seesScore(subject(t.Code)) {
			some = append(some, Tile{
				Named{t.Code, textOf(t.Name)}, string(t.Signal), textIf(t.Why), t.Level, t.Tally.Open, t.Tally.Near, t.Tally.Late, t.Tally.Held, t.Tally.Kept, t.Tally.Broken,
			})
		}
	}
	return some
}

func (d *door) listOrders(ctx context.Context, c *caller, in *ordersInput) (*ordersOutput, error) {
	f := supervise.OrderFilter{Units: c.bound(), Running: in.Running, After: supervise.OrderID(in.After)}
	if in.Kind != "" {
		f.Kinds = []supervise.OrderKind{supervise.OrderKind(in.Kind)}
	}
	if in.State != "" {
		f.States = []supervise.OrderState{supervise.OrderState(in.State)}
	}
	if in.Late {
		f.Missing = c.Now
	}
	if in.Unit != "" {
		if f.Units != nil && !slices.Contains(f.Units, in.Unit) {
			f.Units = []string{}
		} else {
			f.Units = []string{in.Unit}
		}
	}
	found, err := supervise.Orders(ctx, d.house.DB, c.District, f, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &ordersOutput{}
	found, out.Body.Next = cutAt(found, in.Limit, func(o supervise.Order) string { return string(o.ID) })
	out.Body.Items = make([]Order, len(found))
	for i, o := range found {
		out.Body.Items[i] = orderOf(c, o)
	}
	out.Body.Count, out.Body.Late, err = supervise.CountOrders(ctx, d.house.DB, c.District, f, c.Now)
	return out, err
}

func orderOf(c *caller, o supervise.Order) Order {
	out := Order{
		ID: string(o.ID), Kind: Named{string(o.Kind), textOf(o.Kind.Text())}, State: Named{string(o.State), textOf(o.State.Text())}, Case: string(o.Case), Number: o.Number,
		Matter: Named{o.Matter, textOf(c.District.Catalogue.Title(o.Matter))}, Unit: unitOf(c.District, o.Unit), Level: o.Level, Form: o.Form, Reason: o.Reason,
		By: unitOf(c.District, o.By.Unit), At: o.At, ReplyDue: at(o.ReplyDue), Late: o.LateReply(c.Now), Reply: o.Reply, ReplyAt: at(o.ReplyAt),
		Decision: o.Decision, EndedAt: at(o.EndAt), May: []string{},
	}
	words := c.District.Catalogue.Ladder()
	out.Fault, out.Means = wordOf(words.Faults, o.Fault), wordOf(words.Means, o.Means)
	for _, a := range c.Working() {
		if o.MayReply(c.District, a) == nil && !slices.Contains(out.May, "reply") {
			out.May = append(out.May, "reply")
		}
	}
	if c.Can(rights.Supervise) && slices.ContainsFunc(c.Actors(), func(a procedure.Actor) bool { return o.MayLift(c.District, a) == nil }) {
		out.May = append(out.May, "lift")
	}
	if c.Can(rights.Supervise) && slices.ContainsFunc(c.Actors(), func(a procedure.Actor) bool { return o.MayDecide(c.District, a, c.Now) == nil }) {
		out.May = append(out.May, "decide")
	}
	return out
}

// findOrder is an order for one of the caller's units, or about a case that the
// caller sees. Any other is as one that does not exist.
func (d *door) findOrder(ctx context.Context, c *caller, id string) (o supervise.Order, err error) {
	missing := errs.New(errs.NotFound, "没有这件督办。", "There is no such order.")
	o, err = supervise.OrderByID(ctx, d.house.DB, c.District.Code, supervise.OrderID(id))
	if errs.KindOf(err) == errs.NotFound {
		return o, missing
	}
	if err != nil {
		return o, err
	}
	_, _, err = casework.Seen(ctx, d.house.DB, c.District, c.scope(), o.Case, c.Now)
	mine := c.bound()
	if errs.KindOf(err) == errs.NotFound && (mine == nil || slices.Contains(mine, o.Unit)) {
		return o, nil
	}
	if errs.KindOf(err) == errs.NotFound {
		return supervise.Order{}, missing
	}
	return o, err
}

func (d *door) readOrder(ctx context.Context, c *caller, in *OrderName) (*output[Order], error) {
	o, err := d.findOrder(ctx, c, in.Order)
	if err != nil {
		return nil, err
	}
	return d.wholeOrder(ctx, c, o)
}

func (d *door) giveOrder(ctx context.Context, c *caller, in *newOrderInput) (*output[Order], error) {
	one, _, err := d.findCase(ctx, c, in.Body.Case)
	if err == nil {
		err = page.Long("reason", in.Body.Reason)
	}
	if err == nil {
		err = c.KeepsSecret(one, map[string]string{"reason": in.Body.Reason})
	}
	if err != nil {
		return nil, err
	}
	g := supervise.Giving{Unit: in.Body.Unit, Reason: strings.TrimSpace(in.Body.Reason), Form: in.Body.Form}
	do := supervise.Urge
	if in.Body.Kind == string(supervise.Supervision) {
		do, g.Within = supervise.GiveOrder, clock.Limit{N: in.Body.Within, Unit: clock.WorkingDays}
	}
	a := c.acting(rights.Supervise, func(by procedure.Actor) error { return supervise.MayOrder(c.District, by) })
	var o supervise.Order
	err = d.house.DB.Write(ctx, func(tx *db.Tx) error {
		o, err = do(ctx, tx, a, one.ID, g)
		return err
	})
	return reply(orderOf(c, o), err)
}

func (d *door) replyOrder(ctx context.Context, c *caller, in *orderWordsInput) (*output[Order], error) {
	o, err := d.findOrder(ctx, c, in.Order)
	if err == nil && len(c.Working()) == 0 {
		err = c.needs(rights.CaseHandle)
	}
	if err == nil {
		err = page.Long("text", in.Body.Text)
	}
	if err != nil {
		return nil, err
	}
	a := c.acting(rights.CaseHandle, func(by procedure.Actor) error { return o.MayReply(c.District, by) })
	o, err = written(ctx, d, func(tx *db.Tx) (supervise.Order, error) {
		return supervise.Reply(ctx, tx, a, supervise.OrderID(in.Order), strings.TrimSpace(in.Body.Text))
	})
	return reply(orderOf(c, o), err)
}

func (d *door) liftOrder(ctx context.Context, c *caller, in *orderWordsInput) (*output[Order], error) {
	o, err := d.findOrder(ctx, c, in.Order)
	if err == nil {
		err = page.Long("text", in.Body.Text)
	}
	if err != nil {
		return nil, err
	}
	a := c.acting(rights.Supervise, func(by procedure.Actor) error { return o.MayLift(c.District, by) })
	o, err = written(ctx, d, func(tx *db.Tx) (supervise.Order, error) {
		return supervise.Lift(ctx, tx, a, supervise.OrderID(in.Order), strings.TrimSpace(in.Body.Text))
	})
	return reply(orderOf(c, o), err)
}

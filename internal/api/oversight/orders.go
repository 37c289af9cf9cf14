package oversight

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
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
	Title frame.Text `json:"title"`
	Tiles []Tile     `json:"tiles"`
}

// Tile is how one unit, street or grid stands.
type Tile struct {
	Subject frame.Named `json:"subject"`
	Signal  string      `json:"signal" enum:"ok,near,late,hold"`
	Why     *frame.Text `json:"why,omitempty"`
	Level   int         `json:"level" doc:"最高的督办级别 · The highest level of supervision"`
	Open    int         `json:"open"`
	Near    int         `json:"near"`
	Late    int         `json:"late"`
	Held    int         `json:"held"`
	Kept    int         `json:"kept" doc:"本月按时的 · Promises of the month that were kept"`
	Broken  int         `json:"broken"`
}

// Order is what supervision asked of a unit.
type Order struct {
	ID       string       `json:"id"`
	Kind     frame.Named  `json:"kind" doc:"提醒、催办、督办、报领导、问责 · Reminder, urging, order, to the leader, accountability"`
	State    frame.Named  `json:"state"`
	Case     string       `json:"case"`
	Number   string       `json:"number"`
	Matter   frame.Named  `json:"matter"`
	Unit     *frame.Named `json:"unit,omitempty"`
	Level    int          `json:"level"`
	Form     string       `json:"form,omitempty"`
	Fault    *frame.Named `json:"fault,omitempty" doc:"问责的情形 · What it is held to account for"`
	Means    *frame.Named `json:"means,omitempty" doc:"怎么处理的 · What followed"`
	Reason   string       `json:"reason,omitempty"`
	By       *frame.Named `json:"by,omitempty" doc:"哪家发的；没有就是系统按规则 · The unit that gave it; none: by rule"`
	At       time.Time    `json:"at"`
	ReplyDue *time.Time   `json:"reply_due,omitempty"`
	Late     bool         `json:"late" doc:"答复晚了，或到期没答复 · Its answer came late, or is missing past its date"`
	Reply    string       `json:"reply,omitempty"`
	ReplyAt  *time.Time   `json:"reply_at,omitempty"`
	Decision string       `json:"decision,omitempty"`
	EndedAt  *time.Time   `json:"ended_at,omitempty"`
	May      []string     `json:"may" doc:"您现在能：reply、lift、decide · What you may do now: reply, lift, decide"`
	Evidence []Evidence   `json:"evidence,omitempty" doc:"问责的依据，只在单独取一件时给 · What it rests on, where one is read"`
}

type ordersInput struct {
	Kind    string `query:"kind" enum:"remind,urge,order,leader,accountability"`
	State   string `query:"state" enum:"told,asked,answered,lifted,upheld,dropped"`
	Unit    string `query:"unit" maxLength:"40"`
	Running bool   `query:"running" doc:"只要没了结的 · Only those not settled"`
	Late    bool   `query:"late" doc:"只要答复超期的 · Only those whose answer is late"`
	frame.ShortPaging
}

// Orders is a page of orders, with how many there are.
type Orders struct {
	Items []Order `json:"items"`
	Next  string  `json:"next,omitempty" doc:"下一页的 after；没有就是最后一页 · after of the next page; missing on the last"`
	Count int     `json:"count"`
	Late  int     `json:"late" doc:"其中答复超期的 · Of these, with a late answer"`
}

// NextCursor is where the next page begins.
func (p *Orders) NextCursor() *string { return &p.Next }

// OrderName is an order in an address.
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

func orderOperations(d *frame.Door) {
	frame.Register(d, frame.Told("read-board", http.MethodGet, "/board", tag, "看板 · The board",
		"各单位、街镇、网格的颜色和原因，只列看得到的。 · The signal of units, streets and grids and why; those that may be seen."), rights.ScoreSee, readBoard)
	frame.Register(d, frame.Told("list-orders", http.MethodGet, "/orders", tag, "督办清单 · Orders",
		"新的在前；late 的按答复期限排。看全区案件的看全部，别的看本单位的。 · The latest first; with late, by the date of the answer. Who sees every case sees all, others those of their units."), rights.CaseSee, listOrders)
	frame.Register(d, frame.Told("read-order", http.MethodGet, "/orders/{order}", tag, "一件督办 · One order", "连同现在能做什么。 · With what may be done now."), rights.CaseSee, readOrder)
	frame.Acting(d, frame.Told("give-order", http.MethodPost, "/orders", tag, "催办、督办 · Urge or order", "期限不变。 · It moves no date."), rights.Supervise, giveOrder)
	frame.Acting(d, frame.Told("reply-order", http.MethodPost, "/orders/{order}/reply", tag, "答复督办 · Answer an order",
		"由单位负责人答复；没有负责人的，单位里的人答复。 · The head of the unit answers, or where nobody leads whoever works there."), rights.CaseSee, replyOrder)
	frame.Acting(d, frame.Told("lift-order", http.MethodPost, "/orders/{order}/lift", tag, "解除督办 · Lift an order", "单位不能解除自己的。 · A unit never lifts its own."), rights.Supervise, liftOrder)
}

func readBoard(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[Board], error) {
	b, err := c.House.Boards.Board(ctx, c.District)
	if err != nil {
		return nil, err
	}
	out := Board{At: b.At, Tiers: []BoardTier{}, Streets: tiles(c, b.Streets, evaluate.Area), Grids: tiles(c, b.Grids, evaluate.Area)}
	for _, tier := range b.Tiers {
		if shown := tiles(c, tier.Tiles, evaluate.Unit); len(shown) > 0 {
			out.Tiers = append(out.Tiers, BoardTier{frame.TextOf(tier.Title), shown})
		}
	}
	return frame.Reply(out, nil)
}

// tiles are those that the caller may see.
func tiles(c *frame.Caller, all []supervise.Tile, subject func(string) evaluate.Subject) []Tile {
	some := []Tile{}
	for _, t := range all {
		if seesScore(c, subject(t.Code)) {
			some = append(some, Tile{
				frame.Name(t.Code, t.Name), string(t.Signal), frame.TextIf(t.Why), t.Level, t.Tally.Open, t.Tally.Near, t.Tally.Late, t.Tally.Held, t.Tally.Kept, t.Tally.Broken,
			})
		}
	}
	return some
}

func listOrders(ctx context.Context, c *frame.Caller, in *ordersInput) (*frame.Output[Orders], error) {
	f := supervise.OrderFilter{Units: bound(c), Running: in.Running, After: supervise.OrderID(in.After)}
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
	found, err := supervise.Orders(ctx, c.House.DB, c.District, f, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := Orders{}
	found, out.Next = frame.CutAt(found, in.Limit, func(o supervise.Order) string { return string(o.ID) })
	out.Items = make([]Order, len(found))
	for i, o := range found {
		out.Items[i] = orderOf(c, o)
	}
	out.Count, out.Late, err = supervise.CountOrders(ctx, c.House.DB, c.District, f, c.Now)
	return frame.Reply(out, err)
}

func orderOf(c *frame.Caller, o supervise.Order) Order {
	out := Order{
		ID: string(o.ID), Kind: frame.Name(o.Kind, o.Kind.Text()), State: frame.Name(o.State, o.State.Text()), Case: string(o.Case), Number: o.Number,
		Matter: frame.Name(o.Matter, c.District.Catalogue.Title(o.Matter)), Unit: shape.UnitOf(c.District, o.Unit), Level: o.Level, Form: o.Form, Reason: o.Reason,
		By: shape.UnitOf(c.District, o.By.Unit), At: o.At, ReplyDue: frame.At(o.ReplyDue), Late: o.LateReply(c.Now), Reply: o.Reply, ReplyAt: frame.At(o.ReplyAt),
		Decision: o.Decision, EndedAt: frame.At(o.EndAt), May: []string{},
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
func findOrder(ctx context.Context, c *frame.Caller, id string) (o supervise.Order, err error) {
	missing := errs.New(errs.NotFound, "没有这件督办。", "There is no such order.")
	o, err = supervise.OrderByID(ctx, c.House.DB, c.District.Code, supervise.OrderID(id))
	if errs.KindOf(err) == errs.NotFound {
		return o, missing
	}
	if err != nil {
		return o, err
	}
	_, _, err = c.Seen(ctx, o.Case)
	mine := bound(c)
	if errs.KindOf(err) == errs.NotFound && (mine == nil || slices.Contains(mine, o.Unit)) {
		return o, nil
	}
	if errs.KindOf(err) == errs.NotFound {
		return supervise.Order{}, missing
	}
	return o, err
}

func readOrder(ctx context.Context, c *frame.Caller, in *OrderName) (*frame.Output[Order], error) {
	o, err := findOrder(ctx, c, in.Order)
	if err != nil {
		return nil, err
	}
	return wholeOrder(ctx, c, o)
}

func giveOrder(ctx context.Context, c *frame.Caller, in *newOrderInput) (*frame.Output[Order], error) {
	one, _, err := c.FindCase(ctx, in.Body.Case)
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
	a := c.ActingWhere(rights.Supervise, func(by procedure.Actor) error { return supervise.MayOrder(c.District, by) })
	o, err := frame.Written(ctx, c, func(tx *db.Tx) (supervise.Order, error) { return do(ctx, tx, a, one.ID, g) })
	return frame.Reply(orderOf(c, o), err)
}

// mayStand refuses words about an order that are too long, or that would tell the
// unit who reported its case.
func mayStand(ctx context.Context, c *frame.Caller, o supervise.Order, text string) error {
	if err := page.Long("text", text); err != nil {
		return err
	}
	one, err := casework.ByID(ctx, c.House.DB, c.District.Code, o.Case)
	if err != nil {
		return err
	}
	return c.KeepsSecret(one, map[string]string{"text": text})
}

func replyOrder(ctx context.Context, c *frame.Caller, in *orderWordsInput) (*frame.Output[Order], error) {
	o, err := findOrder(ctx, c, in.Order)
	if err == nil && len(c.Working()) == 0 {
		err = c.Needs(rights.CaseHandle)
	}
	if err == nil {
		err = mayStand(ctx, c, o, in.Body.Text)
	}
	if err != nil {
		return nil, err
	}
	a := c.ActingWhere(rights.CaseHandle, func(by procedure.Actor) error { return o.MayReply(c.District, by) })
	o, err = frame.Written(ctx, c, func(tx *db.Tx) (supervise.Order, error) {
		return supervise.Reply(ctx, tx, a, supervise.OrderID(in.Order), strings.TrimSpace(in.Body.Text))
	})
	return frame.Reply(orderOf(c, o), err)
}

func liftOrder(ctx context.Context, c *frame.Caller, in *orderWordsInput) (*frame.Output[Order], error) {
	o, err := findOrder(ctx, c, in.Order)
	if err == nil {
		err = mayStand(ctx, c, o, in.Body.Text)
	}
	if err != nil {
		return nil, err
	}
	a := c.ActingWhere(rights.Supervise, func(by procedure.Actor) error { return o.MayLift(c.District, by) })
	o, err = frame.Written(ctx, c, func(tx *db.Tx) (supervise.Order, error) {
		return supervise.Lift(ctx, tx, a, supervise.OrderID(in.Order), strings.TrimSpace(in.Body.Text))
	})
	return frame.Reply(orderOf(c, o), err)
}

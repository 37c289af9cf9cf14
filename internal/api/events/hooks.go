package events

import (
	"context"
	"net/http"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/db"
	"linli/internal/feed"
	"linli/internal/hook"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// Hook is another system's address that is told of changes.
type Hook struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	URL       string         `json:"url"`
	Types     []string       `json:"types" doc:"空的就是每一种 · Empty is every type"`
	Area      string         `json:"area,omitempty"`
	Unit      string         `json:"unit,omitempty"`
	State     string         `json:"state" enum:"on,paused,gone" doc:"gone 是对方回了 410 · gone answered 410"`
	Place     string         `json:"place" doc:"推到了变更流的哪里 · How far along the feed it is"`
	Failures  int            `json:"failures" doc:"连着几次没推到 · Failures in a row"`
	RestsTill *time.Time     `json:"rests_until,omitempty"`
	CreatedAt time.Time      `json:"created_at"`
	Counts    map[string]int `json:"counts" doc:"每种状态的推送各有多少 · How many deliveries stand how"`
	Secret    string         `json:"secret,omitempty" doc:"签名密钥，只在新建和更换时给一次 · The signing secret, given once when it is made or changed"`
}

// NewHook is what makes one.
type NewHook struct {
	Name  string   `json:"name" minLength:"1" maxLength:"80" doc:"推给哪个系统 · The system it goes to"`
	URL   string   `json:"url" minLength:"1" maxLength:"500" doc:"https 地址 · An https address"`
	Types []string `json:"types,omitempty" maxItems:"40" doc:"只推这几种 · Only these types"`
	Area  string   `json:"area,omitempty" maxLength:"15" doc:"只推这个区域里的案件 · Only cases in this area"`
	Unit  string   `json:"unit,omitempty" maxLength:"40" doc:"只推这个单位的案件 · Only cases of this unit"`
	After string   `json:"after,omitempty" maxLength:"24" doc:"从变更流的哪里开始；不写从现在开始 · Where in the feed to begin; nothing is from now on"`
}

// Delivery is one event on its way to a hook.
type Delivery struct {
	Event    string      `json:"event" doc:"事件的 id，也是 webhook-id · The event's id, which is the webhook-id"`
	Type     string      `json:"type"`
	Subject  string      `json:"subject"`
	State    string      `json:"state" enum:"queued,sent,failed,parked"`
	Attempts int         `json:"attempts"`
	Status   int         `json:"status,omitempty" doc:"对方最后回的 HTTP 状态 · The last HTTP status"`
	Why      *frame.Text `json:"why,omitempty" doc:"最后一次为什么没推到 · Why it failed last"`
	QueuedAt time.Time   `json:"queued_at"`
	TriedAt  *time.Time  `json:"tried_at,omitempty"`
	NextAt   *time.Time  `json:"next_at,omitempty" doc:"什么时候再试 · When it is tried again"`
}

type newHookInput struct{ Body NewHook }

type hookInput struct {
	ID string `path:"hook" maxLength:"40"`
}

type hookActInput struct {
	ID   string `path:"hook" maxLength:"40"`
	Body struct {
		Action string `json:"action" enum:"pause,resume,rotate,test,resend,replay" doc:"暂停、恢复、换密钥、试推、重推没推到的、从 after 起再推一遍 · replay sends again everything after a place"`
		Event  string `json:"event,omitempty" maxLength:"80" doc:"resend：只重推这一条 · resend: only this one"`
		After  string `json:"after,omitempty" maxLength:"24" doc:"replay：从哪里起 · replay: after which place"`
	}
}

type deliveriesInput struct {
	ID    string `path:"hook" maxLength:"40"`
	State string `query:"state" enum:"queued,sent,failed,parked"`
	frame.ShortPaging
}

func hookOperations(d *frame.Door) {
	frame.Register(d, frame.Told("list-hooks", http.MethodGet, "/hooks", tag, "推送地址 · Webhooks", "推给哪些系统，推到了没有。 · Which systems are told of changes, and whether they were."), rights.HookKeep, listHooks)
	frame.Register(d, frame.Told("add-hook", http.MethodPost, "/hooks", tag, "加一个推送地址 · Add a webhook",
		"按 Standard Webhooks 签名。签名密钥只在这里给一次。内部地址要先在配置里允许。 · Signed as Standard Webhooks has it. The secret is given this once. An address inside has to be allowed in the configuration first."), rights.HookKeep, addHook)
	frame.Register(d, frame.Told("read-hook", http.MethodGet, "/hooks/{hook}", tag, "一个推送地址 · One webhook", "不含签名密钥。 · Without its secret."), rights.HookKeep, readHook)
	frame.Register(d, frame.Told("act-on-hook", http.MethodPost, "/hooks/{hook}/acts", tag, "暂停、恢复、换密钥、试推、重推 · Pause, resume, rotate, test, send again",
		"换密钥以后，一天之内新旧两个都签。 · After rotating, both secrets sign for a day."), rights.HookKeep, actOnHook)
	frame.Register(d, frame.Told("end-hook", http.MethodDelete, "/hooks/{hook}", tag, "删掉一个推送地址 · Remove a webhook", "连同推送记录一起。 · With its deliveries."), rights.HookKeep, endHook)
	frame.Register(d, frame.Told("list-deliveries", http.MethodGet, "/hooks/{hook}/deliveries", tag, "推送记录 · Deliveries", "新的在前。三十天后清掉。 · The newest first; gone after thirty days."), rights.HookKeep, listDeliveries)
}

// hookKeeper is who keeps hooks by a key.
func hookKeeper(c *frame.Caller) procedure.Actor {
	if c.Reader != nil {
		return c.Acting(rights.HookKeep, 0).By
	}
	return procedure.Actor{Person: "key:" + c.Key.ID, System: true}
}

func hookOf(c *frame.Caller, h hook.Hook, counts map[hook.Standing]int) (Hook, error) {
	address, err := c.House.Hooks.Address(c.District.Code, h)
	out := Hook{
		ID: h.ID, Name: h.Name, URL: address, Types: []string{}, Area: string(h.Area), Unit: h.Unit, State: string(h.State), Place: feed.Cursor{Place: h.Place}.String(),
		Failures: h.Failures, RestsTill: frame.At(h.Rests), CreatedAt: h.Created, Counts: map[string]int{},
	}
	for _, k := range h.Kinds {
		out.Types = append(out.Types, k.Type())
	}
	for _, s := range hook.Standings() {
		out.Counts[string(s)] = counts[s]
	}
	return out, err
}

func listHooks(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[Hook]], error) {
	all, err := hook.Hooks(ctx, c.House.DB, c.District.Code)
	if err != nil {
		return nil, err
	}
	counts, err := hook.Tally(ctx, c.House.DB, c.District.Code)
	if err != nil {
		return nil, err
	}
	out := make([]Hook, len(all))
	for i, h := range all {
		if out[i], err = hookOf(c, h, counts[h.ID]); err != nil {
			return nil, err
		}
	}
	return frame.WholeOf(out, nil)
}

func readHook(ctx context.Context, c *frame.Caller, in *hookInput) (*frame.Output[Hook], error) {
	h, err := hook.ByID(ctx, c.House.DB, c.District.Code, in.ID)
	if err != nil {
		return nil, err
	}
	counts, err := hook.Tally(ctx, c.House.DB, c.District.Code)
	if err != nil {
		return nil, err
	}
	return frame.Reply(hookOf(c, h, counts[h.ID]))
}

func addHook(ctx context.Context, c *frame.Caller, in *newHookInput) (*frame.Output[Hook], error) {
	asked := hook.Asked{Name: strings.TrimSpace(in.Body.Name), URL: in.Body.URL, Since: -1}
	var err error
	if asked.Kinds, err = feed.ParseKinds(strings.Join(in.Body.Types, ",")); err != nil {
		return nil, err
	}
	if asked.Area, asked.Unit, err = eventBounds(c, in.Body.Area, in.Body.Unit); err != nil {
		return nil, err
	}
	if in.Body.After != "" {
		after, err := begins(ctx, c, in.Body.After)
		if err != nil {
			return nil, err
		}
		asked.Since = after.Whole()
	}
	var h hook.Hook
	var secret string
	err = c.House.DB.Write(ctx, func(tx *db.Tx) (err error) {
		h, secret, err = c.House.Hooks.Add(ctx, tx, c.District, asked, hookKeeper(c))
		return err
	})
	if err != nil {
		return nil, err
	}
	out, err := hookOf(c, h, nil)
	out.Secret = secret
	return frame.Reply(out, err)
}

func actOnHook(ctx context.Context, c *frame.Caller, in *hookActInput) (*frame.Output[Hook], error) {
	code, by, secret := c.District.Code, hookKeeper(c), ""
	after, err := feed.ParseCursor(in.Body.After)
	if err != nil {
		return nil, err
	}
	err = c.House.DB.Write(ctx, func(tx *db.Tx) (err error) {
		switch in.Body.Action {
		case "pause":
			return hook.Pause(ctx, tx, code, in.ID, by)
		case "resume":
			return hook.Resume(ctx, tx, code, in.ID, by)
		case "rotate":
			secret, err = c.House.Hooks.Rotate(ctx, tx, code, in.ID, by)
			return err
		case "test":
			return hook.Try(ctx, tx, code, in.ID, by)
		case "replay":
			return hook.Replay(ctx, tx, code, in.ID, after.Whole(), by)
		}
		if in.Body.Event != "" {
			return hook.Again(ctx, tx, code, in.ID, in.Body.Event, by)
		}
		_, err = hook.AgainAll(ctx, tx, code, in.ID, by)
		return err
	})
	if err != nil {
		return nil, err
	}
	out, err := readHook(ctx, c, &hookInput{in.ID})
	if err == nil {
		out.Body.Secret = secret
	}
	return out, err
}

func endHook(ctx context.Context, c *frame.Caller, in *hookInput) (*struct{}, error) {
	return frame.Done(ctx, c, func(tx *db.Tx) error { return hook.End(ctx, tx, c.District.Code, in.ID, hookKeeper(c)) })
}

func listDeliveries(ctx context.Context, c *frame.Caller, in *deliveriesInput) (*frame.Output[frame.List[Delivery]], error) {
	if _, err := hook.ByID(ctx, c.House.DB, c.District.Code, in.ID); err != nil {
		return nil, err
	}
	all, next, err := hook.Deliveries(ctx, c.House.DB, c.District.Code, in.ID, hook.Standing(in.State), in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := frame.List[Delivery]{Items: make([]Delivery, len(all)), Next: next}
	for i, one := range all {
		out.Items[i] = Delivery{
			Event: one.Event, Type: one.Kind.Type(), Subject: one.Subject, State: string(one.State), Attempts: one.Attempts, Status: one.Status,
			Why: frame.TextIf(one.Why.Title()), QueuedAt: one.Queued, TriedAt: frame.At(one.Tried),
		}
		if one.State == hook.Queued || one.State == hook.Failed {
			out.Items[i].NextAt = frame.At(one.Next)
		}
	}
	return frame.Reply(out, nil)
}

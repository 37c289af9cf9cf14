package admin

import (
	"context"
	"net/http"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/rights"
)

// Letter is a message that went out beside the pages.
type Letter struct {
	ID       string     `json:"id"`
	Case     string     `json:"case,omitempty"`
	Channel  string     `json:"channel,omitempty" enum:"sms,mail,wechat,push"`
	Template string     `json:"template"`
	To       string     `json:"to,omitempty" doc:"发到哪里，遮住的 · Where it went, masked"`
	State    string     `json:"state" enum:"queued,sent,delivered,failed"`
	Why      string     `json:"why,omitempty" doc:"为什么没到 · Why it did not arrive"`
	At       time.Time  `json:"at" doc:"保密的件只到日 · Of a secret case the day alone"`
	SentAt   *time.Time `json:"sent_at,omitempty"`
	DoneAt   *time.Time `json:"done_at,omitempty" doc:"到了，或者知道到不了 · When it arrived, or was known not to"`
}

type lettersInput struct {
	Channel string    `query:"channel" enum:"sms,mail,wechat,push"`
	State   string    `query:"state" enum:"queued,sent,delivered,failed"`
	From    time.Time `query:"from"`
	To      time.Time `query:"to"`
	frame.ShortPaging
}

// WordingRow is a template as the district words it now.
type WordingRow struct {
	Template string     `json:"template"`
	Text     frame.Text `json:"text" doc:"花括号里是事实，方括号里的整段在事实不知道时不写 · Facts stand in { }; a part in [ ] is left out where a fact in it is not known"`
	Version  int        `json:"version" doc:"0 是配置包的 · 0: the pack's"`
	Own      bool       `json:"own" doc:"本区自己的措辞 · The district's own words"`
}

// Wording is how a template is to be worded from now on.
type Wording struct {
	ZH      string `json:"zh" maxLength:"2000"`
	EN      string `json:"en" maxLength:"2000" doc:"两个都空，就用配置包的 · Both empty: the pack's again"`
	Version int    `json:"version" minimum:"0" doc:"写的人看到的那一版；别人先写了就回 409 · The version that the writer saw; 409 where another came meanwhile"`
}

type (
	letterInput struct {
		Message string `path:"message" maxLength:"60"`
	}
	wordingInput struct {
		Template string `path:"template" maxLength:"60"`
		Body     Wording
	}
)

func letterOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-messages", http.MethodGet, "/messages", tag, "发出的消息 · Messages",
		"网页以外发给居民和工作人员的每一条：发到哪里（遮住）、到没到、为什么没到；新的在前，没有正文。保密的件只写哪一天、到没到，按渠道查时不列。密钥要有 setup.import 或 audit.see。"+
			" · Each message to residents and staff beside the pages: where it went, masked, whether it arrived, and why not; the newest first, without its words. Of a secret case it has the day and whether it arrived; by channel it is not listed. The key needs setup.import or audit.see."), frame.AnyKey, listLetters)
	frame.Acting(d, frame.Told("send-message-again", http.MethodPost, "/messages/{message}/again", tag, "再发一次 · Send a message again", "没到的，和还在等的。 · One that failed, or waits."), rights.SetupImport, letterAgain)
	frame.Acting(d, frame.Told("list-wordings", http.MethodGet, "/wordings", tag, "通知措辞 · Wordings", "告诉居民和单位的话，中文和英文。 · What residents and units are told, in both languages."), rights.SetupImport, listWordings)
	frame.Acting(d, frame.Told("reword", http.MethodPut, "/wordings/{template}", tag, "改措辞 · Reword", "写不通的，或者会说出不该说的，都不收，说明为什么。 · What cannot stand, or would tell too much, is refused with why."), rights.SetupImport, reword)
}

func listLetters(ctx context.Context, c *frame.Caller, in *lettersInput) (*frame.Output[frame.List[Letter]], error) {
	if err := c.Needs(rights.SetupImport, rights.AuditSee); err != nil {
		return nil, err
	}
	found, err := notice.Gone(ctx, c.House.DB, c.District.Code, notice.Sought{
		Channel: channel.Name(in.Channel), State: notice.State(in.State), From: in.From, To: in.To, Before: notice.ID(in.After),
	}, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := frame.List[Letter]{}
	found, out.Next = frame.CutAt(found, in.Limit, func(m notice.Message) string { return string(m.ID) })
	waits, err := notice.Why(ctx, c.House.DB, c.District.Code)
	if err != nil {
		return nil, err
	}
	secret, err := secretCases(ctx, c, found)
	out.Items = make([]Letter, len(found))
	for i, m := range found {
		one := Letter{ID: string(m.ID), Case: m.Case, Channel: string(m.Channel), Template: string(m.Template), To: m.Shown, State: string(m.State), Why: m.Error, At: m.At, SentAt: frame.At(m.SentAt), DoneAt: frame.At(m.DoneAt)}
		if m.State == notice.Queued {
			one.Why = waits[m.ID]
		}
		if secret[m.Case] { // the moment beside a masked address would say who reported it
			one.Channel, one.To, one.Why, one.SentAt, one.DoneAt = "", "", "", nil, nil
			one.At = shape.DayOf(c, m.At)
		}
		out.Items[i] = one
	}
	return frame.Reply(out, err)
}

// secretCases are those that messages are about and whose reporter is kept
// secret. Of a case that is gone nobody knows, so it counts as one.
func secretCases(ctx context.Context, c *frame.Caller, about []notice.Message) (map[string]bool, error) {
	secret, ids := map[string]bool{}, []string{}
	for _, m := range about {
		if m.Case != "" && !secret[m.Case] {
			secret[m.Case] = true
			ids = append(ids, m.Case)
		}
	}
	faces, err := casework.Faces(ctx, c.House.DB, c.District.Code, ids)
	for id, face := range faces {
		secret[string(id)] = face.Secret
	}
	return secret, err
}

func letterAgain(ctx context.Context, c *frame.Caller, in *letterInput) (*struct{}, error) {
	return frame.Done(ctx, c, func(tx *db.Tx) error {
		return c.House.Notices.Again(ctx, tx, c.District.Code, c.Acting(rights.SetupImport, 0).By, notice.ID(in.Message))
	})
}

func wordingOf(w notice.Wording) WordingRow {
	return WordingRow{string(w.Template), frame.TextOf(w.Text), w.Version, w.Own()}
}

func listWordings(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[WordingRow]], error) {
	found, err := c.House.Notices.Wordings(ctx, c.House.DB, c.District.Code)
	var all []WordingRow
	for _, w := range found {
		all = append(all, wordingOf(w))
	}
	return frame.WholeOf(all, err)
}

func reword(ctx context.Context, c *frame.Caller, in *wordingInput) (*frame.Output[WordingRow], error) {
	b, name := in.Body, notice.Template(in.Template)
	text := lang.Text{ZH: strings.TrimSpace(b.ZH), EN: strings.TrimSpace(b.EN)}
	_, err := frame.Done(ctx, c, func(tx *db.Tx) error {
		return c.House.Notices.Reword(ctx, tx, c.District.Code, c.Acting(rights.SetupImport, 0).By, name, text, b.Version)
	})
	if err != nil {
		return nil, frame.Renamed(err, map[string]string{"text-zh": "zh", "text-en": "en"})
	}
	all, err := c.House.Notices.Wordings(ctx, c.House.DB, c.District.Code)
	for _, w := range all {
		if w.Template == name {
			return frame.Reply(wordingOf(w), err)
		}
	}
	return nil, errs.New(errs.NotFound, "没有这个模板。", "There is no such template.")
}

package api

import (
	"context"
	"net/http"
	"time"

	"linli/internal/db"
	"linli/internal/notice"
)

// Notice is something that the caller's posts or units were told.
type Notice struct {
	ID       string    `json:"id"`
	Case     string    `json:"case,omitempty"`
	To       string    `json:"to" enum:"post,unit" doc:"给岗位，还是给单位 · To a post or to a unit"`
	Template string    `json:"template"`
	Text     Text      `json:"text"`
	At       time.Time `json:"at"`
}

type noticesInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"100"`
}

// Notices are those not read yet, the newest first.
type Notices struct {
	Items []Notice `json:"items"`
	Count int      `json:"count" doc:"没读的一共多少 · How many are unread in all"`
}

// Reading marks notices as read.
type Reading struct {
	IDs []string `json:"ids,omitempty" maxItems:"200" doc:"看过哪几条；不写就是全部 · Which ones; all of them where it is missing"`
}

type readingInput struct{ Body Reading }

func (d *door) noticeOperations() {
	acting(d, told("list-notices", http.MethodGet, "/notices", "tasks", "没读的提醒 · Unread notices", "新的在前。 · The newest first."), anyKey, d.listNotices)
	acting(d, told("read-notices", http.MethodPost, "/notices/read", "tasks", "记作看过 · Mark as read", "别人的提醒动不了。 · Those of others are left alone."), anyKey, d.readNotices)
}

func (d *door) listNotices(ctx context.Context, c *caller, in *noticesInput) (*output[Notices], error) {
	told := c.Told()
	unread, err := notice.Unread(ctx, d.house.DB, c.District.Code, in.Limit, told...)
	if err != nil {
		return nil, err
	}
	out := Notices{Items: make([]Notice, len(unread))}
	for i, m := range unread {
		out.Items[i] = Notice{string(m.ID), m.Case, m.To.Kind, string(m.Template), textOf(m.Text), m.At}
	}
	out.Count, err = notice.CountUnread(ctx, d.house.DB, c.District.Code, told...)
	return reply(out, err)
}

func (d *door) readNotices(ctx context.Context, c *caller, in *readingInput) (*struct{}, error) {
	told := c.Told()
	return &struct{}{}, d.house.DB.Write(ctx, func(tx *db.Tx) error {
		if len(in.Body.IDs) == 0 {
			return notice.MarkAllRead(ctx, tx, c.District.Code, told...)
		}
		for _, id := range in.Body.IDs {
			if err := notice.MarkRead(ctx, tx, c.District.Code, notice.ID(id), told...); err != nil {
				return err
			}
		}
		return nil
	})
}

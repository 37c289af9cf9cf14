package cases

import (
	"context"
	"net/http"
	"time"

	"linli/internal/api/frame"
	"linli/internal/db"
	"linli/internal/notice"
)

// Notice is something that the caller's posts or units were told.
type Notice struct {
	ID       string     `json:"id"`
	Case     string     `json:"case,omitempty"`
	To       string     `json:"to" enum:"post,unit" doc:"给岗位，还是给单位 · To a post or to a unit"`
	Template string     `json:"template"`
	Text     frame.Text `json:"text"`
	At       time.Time  `json:"at"`
}

type noticesInput struct {
	After string `query:"after" maxLength:"200" doc:"上一页的 next · next of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"100"`
}

// Cursor is where the page begins.
func (in *noticesInput) Cursor() *string { return &in.After }

// Notices is a page of those not read yet, the newest first.
type Notices struct {
	Items []Notice `json:"items"`
	Next  string   `json:"next,omitempty" doc:"下一页的 after；没有就是最后一页 · after of the next page; missing on the last"`
	Count int      `json:"count" doc:"没读的一共多少 · How many are unread in all"`
}

// NextCursor is where the next page begins.
func (p *Notices) NextCursor() *string { return &p.Next }

// Reading marks notices as read.
type Reading struct {
	IDs []string `json:"ids,omitempty" maxItems:"200" doc:"看过哪几条；不写就是全部 · Which ones; all of them where it is missing"`
}

type readingInput struct{ Body Reading }

func noticeOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-notices", http.MethodGet, "/notices", tagTasks, "没读的提醒 · Unread notices", "新的在前；读着读着记作看过，后面的页不会漏。 · The newest first. Marking some as read meanwhile leaves nothing out of later pages."), frame.AnyKey, listNotices)
	frame.Acting(d, frame.Told("read-notices", http.MethodPost, "/notices/read", tagTasks, "记作看过 · Mark as read", "别人的提醒动不了。 · Those of others are left alone."), frame.AnyKey, readNotices)
}

func listNotices(ctx context.Context, c *frame.Caller, in *noticesInput) (*frame.Output[Notices], error) {
	told := c.Told()
	unread, err := notice.UnreadBefore(ctx, c.House.DB, c.District.Code, notice.ID(in.After), in.Limit+1, told...)
	if err != nil {
		return nil, err
	}
	out := Notices{}
	unread, out.Next = frame.CutAt(unread, in.Limit, func(m notice.Message) string { return string(m.ID) })
	out.Items = make([]Notice, len(unread))
	for i, m := range unread {
		out.Items[i] = Notice{string(m.ID), m.Case, m.To.Kind, string(m.Template), frame.TextOf(m.Text), m.At}
	}
	out.Count, err = notice.CountUnread(ctx, c.House.DB, c.District.Code, told...)
	return frame.Reply(out, err)
}

func readNotices(ctx context.Context, c *frame.Caller, in *readingInput) (*struct{}, error) {
	told := c.Told()
	return frame.Done(ctx, c, func(tx *db.Tx) error {
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

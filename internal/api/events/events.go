package events

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/area"
	"linli/internal/errs"
	"linli/internal/feed"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/trail"
)

// Events is a page of the change feed.
type Events struct {
	Items []feed.Event `json:"items"`
	Next  string       `json:"next" doc:"记住它；下次放在 after 里，一件不漏，一件不重 · Keep it; given as after next time, nothing is missed and nothing comes twice"`
	End   bool         `json:"end" doc:"到现在为止没有更多了 · Nothing more has come until now"`
}

type eventsInput struct {
	After string `query:"after" maxLength:"24" doc:"上一页的 next，或者一条事件的 sequence；不写从头开始，end 从现在开始 · next of the page before, or the sequence of an event; nothing is from the beginning, end from now on"`
	Most  int    `query:"most" minimum:"1" maximum:"1000" default:"200"`
	Types string `query:"types" maxLength:"600" doc:"只要这几种，逗号隔开，例如 case.opened,setup.* · Only these types, with commas between"`
	Area  string `query:"area" maxLength:"15" doc:"只要这个区域里的案件 · Only cases in this area"`
	Unit  string `query:"unit" maxLength:"40" doc:"只要这个单位的案件，包括刚离开它的 · Only cases of this unit, with those that have just left it"`
	Wait  string `query:"wait" maxLength:"3" pattern:"^([0-9]|1[0-9]|2[0-5])s?$" doc:"没有新的就等，最多 25s · Where there is nothing new, wait that long, 25s at most"`
}

// eventBatch is the batch form of CloudEvents.
type eventBatch []feed.Event

// ContentType is that of the batch form, whatever the caller accepts.
func (eventBatch) ContentType(string) string { return feed.BatchType }

type batchOutput struct {
	Link string `header:"Link" doc:"rel=next 是下一页 · rel=next is the next page"`
	Body eventBatch
}

type schemaInput struct {
	Name string `path:"name" maxLength:"20" enum:"case,setup,area,unit,matter,calendar,ping"`
}

// The tag of the change feed and of webhooks.
const tag = "events"

// Operations adds all of both.
func Operations(d *frame.Door) {
	eventOperations(d)
	hookOperations(d)
}

func eventOperations(d *frame.Door) {
	const how = "每条痕迹进了日志就有位置，位置没有空缺，所以按 next 往下读一件不漏、一件不重，也可以从任何位置重读。只有公开信息；要保密的件一条也没有。" +
		" · Places in the log have no gaps: going on by next misses nothing and gets nothing twice, and reading may begin again anywhere. Public facts alone; nothing of cases whose reporter is kept secret."
	frame.Register(d, frame.Told("read-events", http.MethodGet, "/events", tag, "变更流 · The change feed", how), rights.FeedRead, readEvents)
	frame.Register(d, frame.Told("read-event-batch", http.MethodGet, "/events/batch", tag, "变更流，CloudEvents 的批量格式 · The change feed in the batch form of CloudEvents",
		"和 /events 一样，整页是一个数组；下一页在 Link 里。 · As /events, the whole page being one array; the next one is in Link."), rights.FeedRead, readBatch)
	frame.Register(d, frame.Told("read-event-schema", http.MethodGet, "/events/schemas/{name}", tag, "事件里 data 的结构 · The schema of the data of events",
		"dataschema 里 urn:linli:schema: 后面的名字。 · The name after urn:linli:schema: in dataschema."), frame.AnyKey, readSchema)
}

func readEvents(ctx context.Context, c *frame.Caller, in *eventsInput) (*frame.Output[Events], error) {
	p, err := follow(ctx, c, in)
	if err != nil {
		return nil, err
	}
	return frame.Reply(Events{p.Events, p.Next.String(), p.End}, nil)
}

func readBatch(ctx context.Context, c *frame.Caller, in *eventsInput) (*batchOutput, error) {
	p, err := follow(ctx, c, in)
	if err != nil {
		return nil, err
	}
	q := url.Values{"after": {p.Next.String()}}
	for name, value := range map[string]string{"types": in.Types, "area": in.Area, "unit": in.Unit, "wait": in.Wait, "most": strconv.Itoa(in.Most)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return &batchOutput{"<" + frame.Base + "/events/batch?" + q.Encode() + `>; rel="next"`, p.Events}, nil
}

// follow reads the feed, and waits where there is nothing new.
func follow(ctx context.Context, c *frame.Caller, in *eventsInput) (p feed.Page, err error) {
	f, err := in.filter(c)
	if err != nil {
		return p, err
	}
	after, err := begins(ctx, c, in.After)
	if err != nil {
		return p, err
	}
	seconds, _ := strconv.Atoi(strings.TrimSuffix(in.Wait, "s")) // its pattern was looked at; empty is none
	over := time.After(time.Duration(seconds) * time.Second)
	wake, stop := c.Woken(trail.LogTopic)
	defer stop()
	for {
		p, err = feed.Read(ctx, c.House.DB, c.District, after, in.Most, f)
		if p.Events == nil {
			p.Events = []feed.Event{}
		}
		if err != nil || len(p.Events) > 0 || !p.End || seconds == 0 {
			return p, err
		}
		after = p.Next
		select {
		case <-wake:
		case <-over:
			return p, nil
		case <-c.House.Stopping:
			return p, nil
		case <-ctx.Done():
			return p, nil
		}
	}
}

// begins is the cursor that a reading begins after.
func begins(ctx context.Context, c *frame.Caller, after string) (feed.Cursor, error) {
	if after == "end" {
		size, err := trail.Size(ctx, c.House.DB, c.District.Code)
		return feed.Cursor{Place: size}, err
	}
	return feed.ParseCursor(after)
}

// filter is what was asked for, within the bounds of the key.
func (in *eventsInput) filter(c *frame.Caller) (f feed.Filter, err error) {
	if f.Kinds, err = feed.ParseKinds(in.Types); err != nil {
		return f, err
	}
	if f.Area, f.Unit, err = eventBounds(c, in.Area, in.Unit); err != nil {
		return f, err
	}
	return f, nil
}

// eventBounds narrows the area and the unit that were asked for to those of the key.
// One that is outside is as if it were not there.
func eventBounds(c *frame.Caller, in, unit string) (area.Code, string, error) {
	code, bound := area.Code(in), area.Code(c.Key.Area)
	switch {
	case in != "" && (!c.District.Areas.Known(in) || bound != "" && !code.In(bound) && !bound.In(code)):
		return "", "", frame.MissingArea(in, "area")
	case bound != "" && (in == "" || bound.In(code)):
		code = bound
	}
	if _, ok := c.District.Org.Unit(org.UnitID(unit)); unit != "" && (!ok || c.Key.Unit != "" && c.Key.Unit != unit) {
		return "", "", errs.New(errs.NotFound, "没有这个单位：%s", "There is no such unit: %s", frame.Short(unit)).At("unit")
	}
	if unit == "" {
		unit = c.Key.Unit
	}
	return code, unit, nil
}

func readSchema(_ context.Context, _ *frame.Caller, in *schemaInput) (*frame.Output[map[string]any], error) {
	return frame.Reply(feed.SchemaDocument(in.Name))
}

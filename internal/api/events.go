package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

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

func (d *door) eventOperations() {
	const how = "每条痕迹进了日志就有位置，位置没有空缺，所以按 next 往下读一件不漏、一件不重，也可以从任何位置重读。只有公开信息；要保密的件一条也没有。" +
		" · Places in the log have no gaps: going on by next misses nothing and gets nothing twice, and reading may begin again anywhere. Public facts alone; nothing of cases whose reporter is kept secret."
	register(d, told("read-events", http.MethodGet, "/events", "events", "变更流 · The change feed", how), rights.FeedRead, d.readEvents)
	register(d, told("read-event-batch", http.MethodGet, "/events/batch", "events", "变更流，CloudEvents 的批量格式 · The change feed in the batch form of CloudEvents",
		"和 /events 一样，整页是一个数组；下一页在 Link 里。 · As /events, the whole page being one array; the next one is in Link."), rights.FeedRead, d.readBatch)
	register(d, told("read-event-schema", http.MethodGet, "/events/schemas/{name}", "events", "事件里 data 的结构 · The schema of the data of events",
		"dataschema 里 urn:linli:schema: 后面的名字。 · The name after urn:linli:schema: in dataschema."), anyKey, d.readSchema)
}

func (d *door) readEvents(ctx context.Context, c *caller, in *eventsInput) (*output[Events], error) {
	p, err := d.follow(ctx, c, in)
	if err != nil {
		return nil, err
	}
	if p.Events == nil {
		p.Events = []feed.Event{}
	}
	return &output[Events]{Events{p.Events, p.Next.String(), p.End}}, nil
}

func (d *door) readBatch(ctx context.Context, c *caller, in *eventsInput) (*batchOutput, error) {
	p, err := d.follow(ctx, c, in)
	if err != nil {
		return nil, err
	}
	if p.Events == nil {
		p.Events = []feed.Event{}
	}
	q := url.Values{"after": {p.Next.String()}}
	for name, value := range map[string]string{"types": in.Types, "area": in.Area, "unit": in.Unit, "wait": in.Wait, "most": strconv.Itoa(in.Most)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return &batchOutput{"<" + base + "/events/batch?" + q.Encode() + `>; rel="next"`, p.Events}, nil
}

// follow reads the feed, and waits where there is nothing new.
func (d *door) follow(ctx context.Context, c *caller, in *eventsInput) (p feed.Page, err error) {
	f, err := in.filter(c)
	if err != nil {
		return p, err
	}
	after, err := d.begins(ctx, c, in.After)
	if err != nil {
		return p, err
	}
	seconds, _ := strconv.Atoi(strings.TrimSuffix(in.Wait, "s")) // its pattern was looked at; empty is none
	over := time.After(time.Duration(seconds) * time.Second)
	wake := make(chan struct{}, 1)
	defer d.house.DB.Watch(func(topic string) {
		if topic == trail.LogTopic || topic == "" {
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	})()
	for {
		p, err = feed.Read(ctx, d.house.DB, c.District, after, in.Most, f)
		if err != nil || len(p.Events) > 0 || !p.End || seconds == 0 {
			return p, err
		}
		after = p.Next
		select {
		case <-wake:
		case <-over:
			return p, nil
		case <-d.house.Stopping:
			return p, nil
		case <-ctx.Done():
			return p, nil
		}
	}
}

// begins is the cursor that a reading begins after.
func (d *door) begins(ctx context.Context, c *caller, after string) (feed.Cursor, error) {
	if after == "end" {
		size, err := trail.Size(ctx, d.house.DB, c.District.Code)
		return feed.Cursor{Place: size}, err
	}
	return feed.ParseCursor(after)
}

// filter is what was asked for, within the bounds of the key.
func (in *eventsInput) filter(c *caller) (f feed.Filter, err error) {
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
func eventBounds(c *caller, in, unit string) (area.Code, string, error) {
	code, bound := area.Code(in), area.Code(c.Key.Area)
	switch {
	case in != "" && (!c.District.Areas.Known(in) || bound != "" && !code.In(bound) && !bound.In(code)):
		return "", "", errs.New(errs.NotFound, "没有这个区域：%s", "There is no such area: %s", short(in)).At("area")
	case bound != "" && (in == "" || bound.In(code)):
		code = bound
	}
	if _, ok := c.District.Org.Unit(org.UnitID(unit)); unit != "" && (!ok || c.Key.Unit != "" && c.Key.Unit != unit) {
		return "", "", errs.New(errs.NotFound, "没有这个单位：%s", "There is no such unit: %s", short(unit)).At("unit")
	}
	if unit == "" {
		unit = c.Key.Unit
	}
	return code, unit, nil
}

// schemaDocument is a JSON Schema as it is kept.
type schemaDocument struct {
	Body map[string]any
}

func (d *door) readSchema(_ context.Context, _ *caller, in *schemaInput) (*schemaDocument, error) {
	doc, err := feed.SchemaDocument(in.Name)
	if err != nil {
		return nil, err
	}
	return &schemaDocument{doc}, nil
}

package district

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
)

// Published is what a table of the district says to everybody: for each code its
// facts by name. Facts that are empty are left out. Posts and people are in no
// such table, and routing rules are the district's own affair.
type Published map[string]map[string]string

// PublishedAct is the act of an entry of the trail that holds such changes; it
// stands in the book of set-up, with the table as its subject.
const PublishedAct = "published"

// PublishedTables are the tables that are published, in reading order.
func PublishedTables() []string { return []string{"areas", "units", "matters"} }

// unsaid are facts of which is told that they changed, and not what they are:
// numbers that somebody may answer at home, members that may be house numbers,
// and outlines, which are fetched where maps are.
var unsaid = []string{"phone", "members", "outline"} // never changed

// Publish reads what a table says now.
func Publish(ctx context.Context, r db.Reader, code, table string) (p Published, err error) {
	defer errs.Wrap(&err, "district.Publish(%s, %s)", code, table)
	switch table {
	case "areas":
		all, err := area.List(ctx, r, area.Code(code))
		return publish(all, areaFacts), err
	case "units":
		o, err := org.Open(ctx, r, code)
		if err != nil {
			return nil, err
		}
		return publish(o.Units(), unitFacts), nil
	}
	c, err := catalogue.Open(ctx, r, code)
	if err != nil {
		return nil, err
	}
	return publish(c.Matters(), matterFacts), nil
}

func publish[T any](all []T, facts func(T) (string, map[string]string)) Published {
	p := make(Published, len(all))
	for _, one := range all {
		code, f := facts(one)
		maps.DeleteFunc(f, func(_, value string) bool { return value == "" })
		p[code] = f
	}
	return p
}

func areaFacts(a area.Listed) (string, map[string]string) {
	return string(a.Code), map[string]string{
		"name": a.Name.ZH, "name_en": a.Name.EN, "tier": string(a.Tier), "kind": string(a.Kind), "parent": string(a.Code.Parent()),
		"members": strings.Join(a.Members, "\n"), "outline": a.Drawn, "valid_from": string(a.From), "valid_to": string(a.To),
	}
}

func unitFacts(u org.Unit) (string, map[string]string) {
	return string(u.ID), map[string]string{
		"name": u.Name.ZH, "name_en": u.Name.EN, "kind": string(u.Kind), "parent": string(u.Parent), "areas": strings.Join(u.Areas, " "),
		"phone": u.Phone, "calendar": u.Calendar, "valid_from": string(u.From), "valid_to": string(u.To),
	}
}

// matterFacts are those that hold, also where they are taken from above.
func matterFacts(m catalogue.Matter) (string, map[string]string) {
	return m.Code, map[string]string{
		"name": m.Title.ZH, "name_en": m.Title.EN, "kind": string(m.Kind), "parent": m.Parent, "urgency": string(m.Urgency), "limit": m.Limit.String(),
		"limits": m.Limits.String(), "procedure": m.Procedure, "form": m.Form, "valid_from": string(m.ValidFrom), "valid_to": string(m.ValidTo),
	}
}

// How is what became of an entry of a table.
type How string

// What can become of one. Nothing is ever taken out of a table: what ends gets a
// last day.
const (
	Added   How = "added"
	Changed How = "changed"
	Ended   How = "ended" // it got a last day, or an earlier one
)

// Change is what became of one entry, with its facts afterwards.
type Change struct {
	Code   string            `json:"code"`
	How    How               `json:"how"`
	Fields []string          `json:"fields,omitempty"` // which facts are others; none where it was added
	Facts  map[string]string `json:"facts"`
}

// Changes are what is otherwise after than before, by code.
func Changes(before, after Published) (all []Change) {
	for _, code := range slices.Sorted(maps.Keys(after)) {
		now := after[code]
		was, there := before[code]
		switch {
		case !there:
			all = append(all, Change{Code: code, How: Added, Facts: said(now)})
		case !maps.Equal(was, now):
			c := Change{Code: code, How: Changed, Fields: others(was, now), Facts: said(now)}
			if last := now["valid_to"]; last != "" && (was["valid_to"] == "" || last < was["valid_to"]) {
				c.How = Ended
			}
			all = append(all, c)
		}
	}
	return all
}

// others names the facts that are not the same.
func others(was, now map[string]string) []string {
	names := maps.Clone(was)
	maps.Copy(names, now)
	maps.DeleteFunc(names, func(name, _ string) bool { return was[name] == now[name] })
	return slices.Sorted(maps.Keys(names))
}

// said is what may be told of the facts.
func said(facts map[string]string) map[string]string {
	f := maps.Clone(facts)
	if f["outline"] != "" {
		f["outlined"] = strconv.FormatBool(true)
	}
	for _, name := range unsaid {
		delete(f, name)
	}
	return f
}

// An entry of the trail holds no more than so many changes, and none beyond so
// many bytes unless one alone has more: whoever reads a single one of them does
// not read the whole import.
const (
	changesMost = 50
	changesRoom = 16 << 10
)

// Bundle is some changes as an entry of the trail holds them.
type Bundle struct {
	Many int
	Text string // that ParseChanges reads
}

// Bundles writes changes for as many entries as they need.
func Bundles(all []Change) (bundles []Bundle, err error) {
	for len(all) > 0 {
		n, room := 0, 0
		var parts []string
		for n < min(len(all), changesMost) {
			text, err := json.Marshal(all[n]) // facts come sorted
			if err != nil {
				return nil, err
			}
			if room += len(text); n > 0 && room > changesRoom {
				break
			}
			parts = append(parts, string(text))
			n++
		}
		bundles = append(bundles, Bundle{n, "[" + strings.Join(parts, ",") + "]"})
		all = all[n:]
	}
	return bundles, nil
}

// ParseChanges reads the text of a bundle. The order is that in which it was
// written, so that each change keeps its place.
func ParseChanges(text string) (all []Change, err error) {
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return nil, errs.New(errs.Invalid, "变更记录读不出来。", "The changes cannot be read.").Because(err)
	}
	return all, nil
}

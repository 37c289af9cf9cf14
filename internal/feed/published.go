package feed

import (
	"fmt"
	"strings"

	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/lang"
	"linli/internal/trail"
)

// Became is what became of an entry of a table, and which of its facts are
// others; of some of them is told only that.
type Became struct {
	Change string   `json:"change"`
	Fields []string `json:"fields,omitempty"`
	Code   string   `json:"code"`
	Name   Text     `json:"name"`
	Kind   string   `json:"kind,omitempty"`
	Parent string   `json:"parent,omitempty"`
	From   string   `json:"valid_from,omitempty"`
	To     string   `json:"valid_to,omitempty"`
}

// AreaNow is an area after a change.
type AreaNow struct {
	Became
	Tier     string `json:"tier"`
	Outlined bool   `json:"outlined"`
}

// UnitNow is a unit after a change.
type UnitNow struct {
	Became
	Areas    []string `json:"areas,omitempty"`
	Calendar string   `json:"calendar,omitempty"`
}

// MatterNow is a matter after a change, with what it takes from above it.
type MatterNow struct {
	Became
	Urgency   string            `json:"urgency,omitempty"`
	Limit     string            `json:"limit,omitempty"`
	Limits    map[string]string `json:"limits,omitempty"`
	Procedure string            `json:"procedure,omitempty"`
	Form      string            `json:"form,omitempty"`
}

// eventsOf makes the events of an entry: one, or none where the public is told
// nothing, and as many as an import changed entries of a table.
func eventsOf(d *district.District, l trail.Leaf, faces map[casework.ID]casework.Face) (all []Event, err error) {
	if l.Book == trail.Setup && l.Act == district.PublishedAct {
		return publishedEvents(d, l)
	}
	e, ok := eventOf(d, l, faces)
	if !ok {
		return nil, nil
	}
	return []Event{e}, nil
}

// publishedEvents are those of an entry that names what changed in a table. The
// entry never changes, and so neither do they nor their order.
func publishedEvents(d *district.District, l trail.Leaf) (all []Event, err error) {
	changes, err := district.ParseChanges(l.Detail["changes"])
	if err != nil {
		return nil, fmt.Errorf("entry %d of %s: %w", l.Seq, l.Subject, err)
	}
	for i, c := range changes {
		kind, schema, data := publishedData(l.Subject, c)
		if kind == "" {
			continue
		}
		cursor := Cursor{l.Place, i + 1}
		e := newEvent(d.Code, kind, fmt.Sprintf("%s-%s-%d-%03d", l.Book, l.Subject, l.Seq, cursor.Sub), c.Code, l.At, schema)
		e.Place, e.Sub, e.Sequence, e.Data = cursor.Place, cursor.Sub, cursor.sequence(), data
		all = append(all, e)
	}
	return all, nil
}

// publishedData is what is told of a change in a table.
func publishedData(table string, c district.Change) (kind Kind, schema string, data any) {
	f := c.Facts
	b := Became{
		Change: string(c.How), Fields: c.Fields, Code: c.Code, Name: textOf(lang.Text{ZH: f["name"], EN: f["name_en"]}),
		Kind: f["kind"], Parent: f["parent"], From: f["valid_from"], To: f["valid_to"],
	}
	switch table {
	case "areas":
		return Area, "area", AreaNow{b, f["tier"], f["outlined"] != ""}
	case "units":
		return Unit, "unit", UnitNow{b, strings.Fields(f["areas"]), f["calendar"]}
	case "matters":
		return Matter, "matter", MatterNow{b, f["urgency"], f["limit"], limitsOf(f["limits"]), f["procedure"], f["form"]}
	}
	return "", "", nil
}

// limitsOf reads limits by class of urgency: A=2 hours;B=4 working-hours.
func limitsOf(text string) map[string]string {
	if text == "" {
		return nil
	}
	all := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		class, limit, _ := strings.Cut(part, "=")
		all[class] = limit
	}
	return all
}

package catalogue

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/packs"
)

// basePack loads the base pack, which must be without fault.
func basePack(t testing.TB) *Pack {
	t.Helper()
	p, findings := Load(packs.Base())
	for _, f := range findings {
		t.Errorf("%s", f.In(lang.EN))
	}
	if p == nil {
		t.FailNow()
	}
	return p
}

func TestBasePack(t *testing.T) {
	t.Parallel()
	c := basePack(t).Catalogue()
	kinds := map[Kind]int{}
	words := 0
	for _, m := range c.open() {
		kinds[m.Kind]++
		if m.Title.EN == "" || m.Procedure == "" || m.Limit.IsZero() || m.Urgency == "" {
			t.Errorf("%s %s is not whole: %+v", m.Code, m.Title.ZH, *m)
		}
		if len(m.Words) > 0 {
			words++
		}
	}
	if kinds[Component] != 153 || kinds[Event] != 97 {
		t.Errorf("got %d component faults and %d events, want 153 and 97", kinds[Component], kinds[Event])
	}
	if got := len(basePack(t).Components); got != 153 {
		t.Errorf("got %d components, want 153", got)
	}
	if words < 80 {
		t.Errorf("got %d matters with residents' words, want 80 at least", words)
	}
	if got := len(c.Procedures()); got != 10 {
		t.Errorf("got %d procedures, want 10", got)
	}
	t.Logf("%d matters, %d with words, kinds %v", len(c.order), words, kinds)
}

func TestInheritance(t *testing.T) {
	t.Parallel()
	c := basePack(t).Catalogue()
	rows := []struct {
		why, code, procedure, limit string
		urgency                     Urgency
		secret                      bool
		major                       string
	}{
		{"a cover is danger: its own class and limit", "c01002", "component-fault", "24 hours", "A", false, "c01"},
		{"a bench takes the limit of green facilities", "c04007", "component-fault", "7 working-days", "D", false, "c04"},
		{"exposed rubbish takes the limit of all events", "m06010", "city-event", "4 working-hours", "B", false, "m06"},
		{"an unauthorised structure needs enforcement", "m06001", "city-event", "20 working-days", "E", false, "m06"},
		{"a lead on gambling is secret because its class is", "s0302", "report-of-wrongdoing", "15 working-days", "B", true, "s03"},
		{"a question is answered in a day", "d-consult", "consultation", "1 working-days", "C", false, "d-consult"},
	}
	for _, row := range rows {
		m, ok := c.Matter(row.code)
		if !ok || m.Procedure != row.procedure || m.Limit.String() != row.limit || m.Urgency != row.urgency || m.Secret != row.secret || c.Major(row.code) != row.major {
			t.Errorf("%s: got %+v, major %s", row.why, m, c.Major(row.code))
		}
	}
}

const goodProcedure = `procedure: plain
title: {zh: 简单, en: Plain}
start: handle
steps:
  handle: {by: {unit: routed}, actions: {done: closed}}
ends: [closed]
`

// pack is a small good pack; change spoils it.
func pack(matters, routes, form, procedures string) fs.FS {
	return fstest.MapFS{
		"pack.yaml":             {Data: []byte("name: small\ntitle: {zh: 小, en: Small}\nversion: \"1\"\n")},
		"procedures/plain.yaml": {Data: []byte(procedures)},
		"forms/ask.yaml":        {Data: []byte(form)},
		"matters/all.csv":       {Data: []byte("code,parent,kind,name,name_en,limit,procedure,form\n" + matters)},
		"routes.csv":            {Data: []byte("matter,area,hours,unit,co,reason\n" + routes)},
	}
}

const goodMatters = "m,,group,事件,Events,5 working-days,plain,\nm1,m,event,垃圾,Rubbish,,,ask\n"

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	rows := []struct {
		why, matters, routes, form, procedure string
		at, says                              string
	}{
		{"a parent that is not there", "m1,x,event,垃圾,Rubbish,,plain,\n", "", goodForm, goodProcedure, "matters/all.csv:2:2", "parent “x” does not exist"},
		{"a circle", "a,b,group,甲,A,,plain,\nb,a,group,乙,B,,plain,\n", "", goodForm, goodProcedure, "matters/all.csv:2:2", "form a circle"},
		{"the same code twice", "m,,event,甲,A,,plain,\nm,,event,乙,B,,plain,\n", "", goodForm, goodProcedure, "matters/all.csv:3:1", "is there twice"},
		{"a procedure nobody wrote", "m,,event,甲,A,,other,\n", "", goodForm, goodProcedure, "matters/all.csv:2:7", "no procedure “other”"},
		{"a form nobody wrote", "m,,event,甲,A,,plain,other\n", "", goodForm, goodProcedure, "matters/all.csv:2:8", "no form “other”"},
		{"no procedure at all", "m,,event,甲,A,,,\n", "", goodForm, goodProcedure, "matters/all.csv:2", "names a procedure"},
		{"a limit without unit", "m,,event,甲,A,5,plain,\n", "", goodForm, goodProcedure, "matters/all.csv:2:6", "a number from 1 to 10000 and a unit"},
		{"a limit out of range", "m,,event,甲,A,0 days,plain,\n", "", goodForm, goodProcedure, "matters/all.csv:2:6", "a number from 1"},
		{"no Chinese name", "m,,event,,A,,plain,\n", "", goodForm, goodProcedure, "matters/all.csv:2:4", ""},
		{"a kind that is none", "m,,happening,甲,A,,plain,\n", "", goodForm, goodProcedure, "matters/all.csv:2:3", "no kind"},
		{"hours that are none", goodMatters, "m1,,nights,u-a,,\n", goodForm, goodProcedure, "routes.csv:2:3", "not understood"},
		{"a rule for no matter", goodMatters, "x,,,u-a,,\n", goodForm, goodProcedure, "routes.csv:2:1", "No matter begins"},
		{"a rule without unit", goodMatters, "m1,,,,,\n", goodForm, goodProcedure, "routes.csv:2:4", ""},
		{"a form in one language", goodMatters, "", strings.Replace(goodForm, ", en: What", "", 1), goodProcedure, "forms/ask.yaml:5", "both languages"},
		{"a form that reaches out", goodMatters, "", goodForm + "$ref: file:///etc/passwd\n", goodProcedure, "forms/ask.yaml:1", "not a valid schema"},
		{"a procedure with a fault, in its own file", goodMatters, "", goodForm, strings.Replace(goodProcedure, "done: closed", "done: nowhere", 1), "procedures/plain.yaml:5", "neither a step nor an end"},
	}
	for _, row := range rows {
		t.Run(row.why, func(t *testing.T) {
			t.Parallel()
			p, findings := Load(pack(row.matters, row.routes, row.form, row.procedure))
			var all []string
			for _, f := range findings {
				s := f.In(lang.EN)
				if p == nil && strings.HasPrefix(s, row.at) && strings.Contains(s, row.says) && f.Text.ZH != "" {
					return
				}
				all = append(all, s)
			}
			t.Errorf("got pack %t and\n%s\nwant %s %q", p != nil, strings.Join(all, "\n"), row.at, row.says)
		})
	}
}

func TestLoadTakesTheGoodAndWarns(t *testing.T) {
	t.Parallel()
	p, findings := Load(pack(goodMatters, "m1,990101,office,u-a,u-b;u-c,照老规矩\n", goodForm, goodProcedure))
	if p == nil || len(findings) > 0 {
		t.Fatalf("got %v", findings)
	}
	if r := p.Rules[0]; r.Unit != "u-a" || fmt.Sprint(r.Co) != "[u-b u-c]" || r.From != "routes.csv:2" || r.Hours.Kind != InOffice {
		t.Errorf("got rule %+v", r)
	}
	p, findings = Load(pack("m,,event,甲,,5 days,plain,\n", "", goodForm, goodProcedure))
	warned := false
	for _, f := range findings {
		warned = warned || strings.Contains(f.Text.EN, "English name is missing")
	}
	if p == nil || !warned {
		t.Errorf("got %t, %v; want a warning only", p != nil, findings)
	}
	if m := p.Matters[0]; m.Limit != (clock.Limit{N: 5, Unit: clock.Days}) {
		t.Errorf("got limit %v", m.Limit)
	}
}

const goodForm = `title: {zh: 问, en: Ask}
type: object
required: [what]
properties:
  what: {type: string, maxLength: 5, title: {zh: 什么, en: What}}
  kind:
    type: string
    title: {zh: 哪种, en: Which}
    oneOf:
      - {const: a, title: {zh: 甲, en: First}}
      - {const: b, title: {zh: 乙, en: Second}}
  since: {type: string, format: date, title: {zh: 何时, en: When}}
  people: {type: integer, minimum: 0, title: {zh: 人数, en: People}}
`

// ASVS 2.2.1
func TestFormCheck(t *testing.T) {
	t.Parallel()
	f, findings := ParseForm([]byte(goodForm), "forms/ask.yaml")
	if f == nil {
		t.Fatal(findings)
	}
	if len(f.Fields) != 4 || f.Fields[0].Max != 5 || !f.Fields[0].Required || f.Fields[1].Choices[1].Title.EN != "Second" {
		t.Errorf("got fields %+v", f.Fields)
	}
	rows := []struct {
		why    string
		answer map[string]any
		field  string
		says   string
	}{
		{"good", map[string]any{"what": "井盖", "kind": "a", "since": "2026-11-23", "people": 3}, "", ""},
		{"what is required", map[string]any{}, "what", "fill in “What”"},
		{"too long, in characters", map[string]any{"what": "一二三四五六"}, "what", "At most 5"},
		{"not one of the choices", map[string]any{"what": "x", "kind": "c"}, "kind", "First, Second"},
		{"no such day", map[string]any{"what": "x", "since": "2026-02-30"}, "since", "a date"},
		{"not a number", map[string]any{"what": "x", "people": "many"}, "people", "whole number"},
		{"below zero", map[string]any{"what": "x", "people": -1}, "people", "out of range"},
		{"what nobody asked", map[string]any{"what": "x", "admin": true}, "admin", "no such field"},
	}
	for _, row := range rows {
		err := f.Check(row.answer)
		if row.field == "" {
			if err != nil {
				t.Errorf("%s: %v", row.why, err)
			}
			continue
		}
		all := errs.Each(err)
		if len(all) != 1 || all[0].Field != row.field || !strings.Contains(all[0].Text.EN, row.says) || all[0].Text.ZH == "" {
			t.Errorf("%s: got %v, want %s %q", row.why, err, row.field, row.says)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(goodMatters, "m1,990101,office,u-a,u-b,r\n", goodForm, goodProcedure)
	f.Fuzz(func(t *testing.T, matters, routes, form, procedure string) {
		p, findings := Load(pack(matters, routes, form, procedure))
		if p == nil && len(findings) == 0 {
			t.Fatal("refused without saying why")
		}
		if p != nil {
			c := p.Catalogue()
			for _, m := range p.Matters {
				c.Route(Query{Matter: m.Code, Area: "990101001001001"})
				c.Suggest(m.Title.ZH)
			}
		}
	})
}

// A district's own rulebook stands in place of the base pack's, one that does
// not pass its check is refused with its line, and what it leaves out the base
// pack gives: no clock without rules, no case unsupervised.
func TestRulebooks(t *testing.T) {
	t.Parallel()
	head := fstest.MapFS{"pack.yaml": {Data: []byte("name: own\ntitle: {zh: 自己的}\nversion: '1'\n")}}
	p, findings := Load(head)
	if p == nil {
		t.Fatalf("a pack without rulebooks: %v", findings)
	}
	if c := p.Catalogue(); len(c.Pauses().Kinds) < 4 || len(c.Marks().All) < 3 || len(c.Ladder().Rungs) < 4 || len(c.Measures().Indicators) < 20 {
		t.Error("a pack without rulebooks does not have the base pack's")
	}
	head["pauses.yaml"] = &fstest.MapFile{Data: []byte("pauses:\n  rain: {title: {zh: 下雨, en: Rain}, most: 3 days}\n")}
	if p, findings = Load(head); p == nil {
		t.Fatalf("a pack of its own pauses: %v", findings)
	}
	if kinds := p.Catalogue().Pauses().Kinds; len(kinds) != 1 || kinds[0].Name != "rain" {
		t.Errorf("got the pauses %v, want the pack's own", kinds)
	}
	head["pauses.yaml"] = &fstest.MapFile{Data: []byte("pauses:\n  rain:\n    title: {zh: 下雨, en: Rain}\n    most: 0 days\n")}
	if p, findings = Load(head); p != nil || len(findings) == 0 || findings[0].Place.File != "pauses.yaml" || findings[0].Place.Line != 4 {
		t.Errorf("a pause of nothing: got %v, want pauses.yaml line 4 refused", findings)
	}
}

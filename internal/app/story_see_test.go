package app_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/document"
	"linli/internal/ident"
	"linli/internal/notice"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// expect A step= unit= state= … compares the case with what a line says.
// A word alone is a fact that holds, or, after not-, one that does not.
func expect(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	shown, facts, err := s.shows(c)
	if err != nil {
		return err
	}
	for name, want := range w.named {
		got, ok := shown[name]
		switch {
		case !ok:
			return fmt.Errorf("a case shows no %q", name)
		case got != want:
			return no("case %s: %s is %q, want %q", w.word(0), name, got, want)
		}
	}
	for _, word := range w.plain[1:] {
		name, denied := strings.CutPrefix(word, "not-")
		got, ok := facts[name]
		switch {
		case !ok:
			return fmt.Errorf("a case has no fact %q", name)
		case got == denied:
			return no("case %s: %s is %t", w.word(0), name, got)
		}
	}
	return nil
}

// shows gives what can be expected of a case, by name.
func (s *story) shows(c casework.Case) (map[string]string, map[string]bool, error) {
	ctx, d := context.Background(), s.District()
	tasks, err := casework.Tasks(ctx, s.DB, d.Code, c.ID)
	if err != nil {
		return nil, nil, err
	}
	reports, err := casework.Reports(ctx, s.DB, d.Code, c.ID)
	if err != nil {
		return nil, nil, err
	}
	documents, err := document.Of(ctx, s.DB, d.Code, string(c.ID))
	if err != nil {
		return nil, nil, err
	}
	of := map[document.Kind]int{}
	for _, doc := range documents {
		of[doc.Kind]++
	}
	shown := map[string]string{
		"step": string(c.Step), "state": string(c.State), "unit": c.Unit, "proposed": c.Proposed, "co": strings.Join(c.Co, ","),
		"due": s.moment(c.Due), "closed-at": s.moment(c.ClosedAt), "signal": string(c.Judge(d, s.now()).Signal),
		"street": d.Areas.Name(area.Code(c.Place.Street)).ZH, "community": d.Areas.Name(area.Code(c.Place.Community)).ZH,
		"grid": d.Areas.Name(area.Code(c.Place.Grid)).ZH, "placed": string(c.Place.Placed), "matter": c.Matter,
		"reports": fmt.Sprint(c.Reports), "senders": fmt.Sprint(len(reports)), "returns": fmt.Sprint(c.Returns), "round": fmt.Sprint(c.Round),
		"rating": fmt.Sprint(c.Rating), "merged-into": s.name(c.MergedInto), "open": openTasks(tasks), "limit": c.Limit,
		"before": fmt.Sprint(of[document.Before]), "after": fmt.Sprint(of[document.After]), "evidence": fmt.Sprint(of[document.Evidence]),
		"why": "", "flag": "", "channel": c.Channel, "procedure": c.Procedure, "near": s.moment(c.NearAt), "held": s.moment(c.HeldAt),
		"bounces": fmt.Sprint(c.Bounces), "calendar": c.Calendar,
	}
	if len(c.Proposal) > 0 {
		shown["why"] = c.Proposal[0].ZH
	}
	if len(reports) > 0 {
		shown["flag"] = reports[0].Flag
	}
	return shown, map[string]bool{
		"no-owner": c.NoOwner, "on-time": c.OnTime, "secret": c.Secret, "danger": c.Danger, "provisional": c.Provisional, "reachable": c.Reachable,
		"on-account": c.OnAccount,
	}, nil
}

// openTasks are the steps that are open and whose they are, helpers in brackets.
func openTasks(tasks []casework.Task) string {
	var all []string
	for _, t := range tasks {
		if t.State != procedure.Open {
			continue
		}
		one := string(t.Step)
		if t.Unit != "" {
			one += ":" + t.Unit
		}
		if t.Part == procedure.CoHandle {
			one = "(" + one + ")"
		}
		all = append(all, one)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func (s *story) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(s.zone()).Format("2006-01-02 15:04")
}

// trailHolds is: trail A holds 'regexp'. The trail must be whole, too.
func trailHolds(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	entries, err := trail.Of(context.Background(), s.DB, s.code(), string(c.ID))
	if err != nil {
		return err
	}
	if err := trail.Verify(s.code(), string(c.ID), entries); err != nil {
		return err
	}
	var lines []string
	for _, e := range entries {
		line := fmt.Sprintf("%s %s %s", e.Act, e.Step, e.Unit)
		for name, value := range e.Detail {
			line += " " + name + "=" + value
		}
		lines = append(lines, line)
	}
	want, err := regexp.Compile(w.word(2))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(lines, want.MatchString) {
		return no("no entry holds %s:\n%s", want, strings.Join(lines, "\n"))
	}
	return nil
}

// told is: told A resident 'regexp' times=2 | told A unit u-shizheng 'regexp' |
// told A post linwang 'regexp' | told nothing unit u-shizheng 'regexp', of what is
// about no case.
// Every message must be whole, in both languages.
func told(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil && w.word(0) != "nothing" {
		return err
	}
	all, err := notice.Of(context.Background(), s.DB, s.code(), string(c.ID), "")
	if err != nil {
		return err
	}
	kind, refs, pattern, err := s.addressee(w)
	if err != nil {
		return err
	}
	want, err := regexp.Compile(pattern)
	if err != nil {
		return err
	}
	n := 0
	var said []string
	for _, m := range all {
		if m.To.Kind != kind || refs != nil && !slices.Contains(refs, m.To.Ref) {
			continue
		}
		if m.Text.EN == "" || strings.ContainsAny(m.Text.ZH+m.Text.EN, "{}[]") {
			return fmt.Errorf("a message is not whole: %+v", m.Text)
		}
		said = append(said, m.Text.ZH)
		if want.MatchString(m.Text.ZH) || want.MatchString(m.Text.EN) {
			n++
		}
	}
	times, err := w.number("times")
	if err != nil {
		return err
	}
	if n == 0 || times > 0 && n != times {
		return no("%d messages hold %s:\n%s", n, want, strings.Join(said, "\n"))
	}
	return nil
}

// addressee is whom a line is about: the resident, a unit, or anybody's posts.
func (s *story) addressee(w words) (kind string, refs []string, pattern string, err error) {
	switch w.word(1) {
	case "unit":
		return "unit", []string{w.word(2)}, w.word(3), nil
	case "post":
		posts, err := s.posts(w.word(2))
		for _, p := range posts {
			refs = append(refs, p.Post)
		}
		return "post", refs, w.word(3), err
	}
	return "reporter", nil, w.word(2), nil
}

// spell A: the number is found as it is written, without its dash, and as a
// person reads it out; any one digit wrong, or two neighbours swapped, and it is
// refused, never taken for another case.
func spell(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	plain := strings.ReplaceAll(c.Number, "-", "")
	spoken := strings.NewReplacer("0", "零", "1", "幺", "2", "二", "3", "三", "4", "四", "5", "五", "6", "六", "7", "七", "8", "八", "9", "九").Replace(plain)
	for _, as := range []string{c.Number, plain, spoken} {
		n, err := ident.ParseNumber(as)
		if err != nil {
			return err
		}
		if found, err := casework.ByNumber(context.Background(), s.DB, s.code(), string(n)); err != nil || found.ID != c.ID {
			return no("%s finds %s: %v", as, found.Number, err)
		}
	}
	for i := range plain {
		for digit := '0'; digit <= '9'; digit++ {
			wrong := plain[:i] + string(digit) + plain[i+1:]
			if n, err := ident.ParseNumber(wrong); wrong != plain && err == nil {
				return no("%s is taken for %s", wrong, n)
			}
		}
		if i > 0 && plain[i] != plain[i-1] {
			wrong := plain[:i-1] + string(plain[i]) + string(plain[i-1]) + plain[i+1:]
			if n, err := ident.ParseNumber(wrong); err == nil {
				return no("%s is taken for %s", wrong, n)
			}
		}
	}
	return nil
}

// route MATTER GRID is UNIT why='…': what the routing table says now.
func route(s *story, w words) error {
	d := s.District()
	code, err := gridCode(d, w.word(1))
	if err != nil {
		return err
	}
	got := d.Route(w.word(0), string(code), s.now())
	if len(got.Choices) == 0 || got.Choices[0].Unit != w.word(3) || !strings.Contains(got.Choices[0].Why.ZH, w.named["why"]) {
		return no("the routing table says %+v", got.Choices)
	}
	return nil
}

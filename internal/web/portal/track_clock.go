package portal

import (
	"slices"
	"strconv"
	"time"

	"linli/internal/casework"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// left is how a case that runs stands, for the resident it waits for or who
// waits for it.
func left(v *page.View, c casework.Case) (ui.Tone, string) {
	if p, ok := v.District.Catalogue.Procedure(c.Procedure, c.Version); ok && c.State == casework.Running {
		if step := p.Step(c.Step); step != nil && step.By.Reporter {
			if step.Kind == procedure.Rate {
				return ui.Hold, v.Say("等您评价", "Waiting for your rating")
			}
			return ui.Hold, v.Say("等您补充", "Waiting for you")
		}
	}
	return v.CaseSignal(c)
}

// clockLine is a sentence about the clock, with its icon.
type clockLine struct{ Icon, Text string }

// clock tells the resident why the clock stands or the date has moved: what is
// in the ledger, in public words.
func (s *caseView) clock(v *page.View) error {
	c := s.Case
	if c.State != casework.Running {
		return nil
	}
	rows, err := casework.Ledger(v.Context(), v.House.DB, v.District, c.ID)
	if err != nil {
		return err
	}
	for _, e := range rows {
		switch {
		case e.State == casework.PauseRuns && !c.HeldAt.IsZero():
			s.Clock = append(s.Clock, clockLine{"player-pause", paused(v, e)})
		case e.State == casework.Asked && e.IsPause() && !c.HeldAt.IsZero():
			kind := e.KindTitle(v.District)
			s.Clock = append(s.Clock, clockLine{"player-pause", v.Say("%[1]s起先停着：%[2]s，还没定下来。没有批准的话，答应您的日期不变。", "It has stood since %[1]s: %[3]s. That is not settled yet; if it is not granted, the promised date stays.",
				v.MomentText(e.FromAt), kind.ZH, kind.EN)})
		case e.State == casework.Granted:
			s.Clock = append(s.Clock, clockLine{"hourglass", v.Say("多给了一些时间，%[1]s定的。原因：%[2]s。现在的日期是 %[3]s。", "It was given more time, decided %[1]s. The reason: %[2]s. The date is now %[3]s.",
				v.MomentText(e.DecidedAt), sentence(e.Reason), v.DateText(c.Due))})
		}
	}
	return nil
}

// paused says why a case waits, since when, and what happens next.
func paused(v *page.View, e casework.Entry) string {
	kind := e.KindTitle(v.District)
	text := v.Say("%[1]s起停着：%[2]s。原因：%[4]s。停着的时间不算在答应您的期限里。最晚停到 %[5]s，接着办时告诉您新的日期。",
		"It has stood since %[1]s: %[3]s. The reason: %[4]s. The wait is not counted in what we promised. It goes on at %[5]s at the latest; then you get the new date.",
		v.MomentText(e.FromAt), kind.ZH, kind.EN, sentence(e.Reason), v.UntilText(e.Until))
	if e.OnAccount {
		text += v.Say("挂着账的件到期都要再看一次。", " What is put on account is looked at again when its time is up.")
	}
	return text
}

// sentence takes off the stop that people write at the end of a reason.
func sentence(text string) string {
	r := []rune(text)
	for len(r) > 0 && slices.Contains([]rune("。.；; "), r[len(r)-1]) {
		r = r[:len(r)-1]
	}
	return string(r)
}

// wanted is what the unit last asked the reporter for.
func wanted(entries []trail.Entry) string {
	for _, e := range slices.Backward(entries) {
		if e.Detail["state"] == string(procedure.Waits) && e.Detail["reason"] != "" {
			return e.Detail["reason"]
		}
	}
	return ""
}

// asksReporter reports whether an action leads to where the reporter has to
// supply something.
func asksReporter(p *procedure.Procedure, a *procedure.Action) bool {
	return slices.ContainsFunc(a.To, func(to procedure.Target) bool {
		step := p.Step(procedure.StepName(to))
		return step != nil && step.By.Reporter && step.Kind != procedure.Rate
	})
}

// clockStep puts into public words what stopped the clock or moved the date.
func clockStep(v *page.View, e trail.Entry) ui.TrailEntry {
	kind := casework.Entry{Kind: e.Detail["ask-kind"]}.KindTitle(v.District)
	moved := v.Say("日期是 %s", "the date is %s", instantOf(v, e.Detail["case-due"]))
	switch e.Act {
	case "approved":
		return ui.TrailEntry{Icon: "player-pause", What: v.Say("停一停：%[1]s", "Has to wait: %[2]s", kind.ZH, kind.EN), Detail: e.Detail["reason"]}
	case "extended":
		return ui.TrailEntry{Icon: "hourglass", What: v.Say("多给一些时间", "More time"), Detail: sentence(e.Detail["reason"]) + v.Say("；", "; ") + moved}
	case "resumed":
		return ui.TrailEntry{Icon: "player-play", What: v.Say("接着办了", "Goes on"), Detail: moved}
	}
	return ui.TrailEntry{Icon: "calendar", What: v.Say("日期重新算过", "The date was counted again"), Detail: v.Say("现在是 %s", "it is now %s", instantOf(v, e.Detail["after"]))}
}

// instantOf is a due instant of the trail, in microseconds, in words.
func instantOf(v *page.View, micros string) string {
	n, err := strconv.ParseInt(micros, 10, 64)
	if err != nil {
		return v.DateText(time.Time{})
	}
	return v.DateText(time.UnixMicro(n))
}

// questionText is a question about quality as the reporter is asked it.
func questionText(v *page.View, m procedure.Mark) string {
	if m.Name == "contacted" {
		return lang.T("办理单位联系过您吗？", "Did the unit get in touch with you?").In(v.Lang)
	}
	return m.Title.In(v.Lang)
}

// answers are those of a mark, to choose from.
func answers(v *page.View, m procedure.Mark) (all []ui.Option) {
	for _, o := range m.Options {
		all = append(all, ui.Option{Value: o.Name, Label: o.Title.In(v.Lang)})
	}
	return all
}

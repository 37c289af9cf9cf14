package sample

import (
	"slices"
	"strings"
	"time"
)

// Ask is what a unit asked for while it worked: that the clock stands, or a
// longer limit.
type Ask struct {
	At       time.Time
	Step     string
	Kind     string    // extension, or a kind of pause of the base pack
	More     int       // of an extension, in the unit of the limit
	Until    time.Time // the planned end of a pause
	Reason   string
	Decided  time.Time // zero: it still waits
	Granted  bool
	Decision string
	Resumed  time.Time // before the planned end; zero: at that
}

// reason is why a clock has to stand, by the kind of pause.
type reason struct{ kind, text string }

// What units write when they ask, and what is answered.
var (
	pauses = []reason{
		{"conditions", "连着下雨，沥青铺不了。"}, {"conditions", "气温太低，水泥养护不住。"}, {"special", "送检测机构鉴定，等报告。"},
		{"special", "要开听证会，已发通知。"}, {"applicant", "当事人在外地，回来才能进户。"},
	}
	extensions = []string{"涉及两家产权单位，还在核对台账。", "配件要从厂家调，预计三天到。", "要调取一个月的监控，工作量大。"}
	accounts   = []reason{{"planning", "整段要翻修，已列入明年计划。"}, {"funds", "大修经费列在下一季度。"}, {"ownership", "产权在两家之间，正在查档。"}}
	grants     = []string{"属实，同意。", "同意，请抓紧。"}
	refusals   = []string{"材料里看不出为什么办不完，按原期限办。", "可以先围挡再施工，不用停。"}
	missing    = []string{"还缺收入证明，请拍照传上来。", "户口本缺一页，请补。", "请写明门牌和方便的时间。"}
	supplied   = []string{"补上了，麻烦看一下。", "照片已传。", "下午三点以后都在家。"}
)

// asks lets units ask for time now and then. It draws from dice of its own and
// changes no move that is there, so that everything else is told as before.
func (t *teller) asks(stories []Story) {
	u := *t
	u.dice = roll("asks")
	for i := range stories {
		s := &stories[i]
		if s.Danger || slices.Contains([]string{"safety-hazard", "consultation", "suggestion", neighbourly}, s.Procedure) {
			continue
		}
		w, ok := workOf(s)
		w.due = u.due(s.Matter, s.At())
		switch {
		case !ok || w.due.Sub(w.sent) < 20*time.Hour:
		case w.done.IsZero():
			u.standing(s, w)
		case w.done.After(w.due):
			if u.chance(0.4) {
				u.longer(s, w)
			}
		case s.Procedure == "help-request" && w.done.Sub(w.sent) > 40*time.Hour && w.adjacent && reachable(s) && u.chance(0.4):
			u.supplement(s, w)
		case w.done.Sub(w.sent) > 60*time.Hour && u.chance(0.08):
			u.pause(s, w)
		}
	}
}

// stretch is the time a unit had a case.
type stretch struct {
	sent, done, due time.Time
	before          int  // the move after which it began
	adjacent        bool // nothing else happened in between
}

// workOf finds when a unit last got a case, and when it was first done with it;
// ok is false where no unit got so far.
func workOf(s *Story) (w stretch, ok bool) {
	for i, m := range s.Moves {
		switch {
		case m.Step == "dispatch" && m.Action == "send" || m.Step == "rule":
			w.sent, w.before, ok = m.At, i, true
		case m.Step == "handle" && m.Action == "return":
			ok = false // it stands at the ruling, until that
		case m.Step == "handle" && m.Action == "done" && m.By == "":
			w.done, w.adjacent = m.At, i == w.before+1
			return w, ok
		}
	}
	return w, ok
}

func reachable(s *Story) bool {
	return slices.ContainsFunc(s.Reports, func(r Report) bool { return r.Phone != "" })
}

// moment gives a moment of office hours within a stretch; ok is false where
// there is none.
func (t *teller) moment(from, to time.Time, share float64) (at time.Time, ok bool) {
	f := fate{teller: t, at: from.Add(time.Duration(share * float64(to.Sub(from))))}
	f.office()
	return f.at, f.at.After(from) && f.at.Before(to)
}

// longer asks for more time half a day before the date.
func (t *teller) longer(s *Story, w stretch) {
	at, ok := t.moment(w.sent, w.due, 0.85)
	if !ok {
		return
	}
	a := Ask{At: at, Step: "handle", Kind: "extension", More: t.from(3, 5), Reason: one(t.dice, extensions), Granted: t.chance(0.8)}
	a.Decided = at.Add(time.Duration(t.from(5, 25)) * time.Minute)
	a.Decision = one(t.dice, grants)
	if !a.Granted {
		a.Decision = one(t.dice, refusals)
	}
	s.Asks = append(s.Asks, a)
}

// pause stops the clock for a while and goes on before the work is done.
func (t *teller) pause(s *Story, w stretch) {
	at, ok := t.moment(w.sent, w.done, t.between(0.1, 0.3))
	if !ok || w.done.Sub(at) < 30*time.Hour {
		return
	}
	why := one(t.dice, pauses)
	a := Ask{At: at, Step: "handle", Kind: why.kind, Reason: why.text, Granted: true, Decision: one(t.dice, grants)}
	a.Decided = at.Add(time.Duration(t.from(10, 180)) * time.Minute)
	a.Until = w.done.Add(-time.Duration(t.from(2, 6)) * time.Hour)
	if t.chance(0.5) {
		a.Resumed = a.Until
		a.Until = w.done.AddDate(0, 0, 2)
	}
	s.Asks = append(s.Asks, a)
}

// standing asks about a case that is open now: some wait for a decision, some stand,
// a few are on account.
func (t *teller) standing(s *Story, w stretch) {
	if !w.due.After(t.now) || !t.chance(0.5) {
		return
	}
	at, ok := t.moment(w.sent, t.now, t.between(0.3, 0.8))
	if !ok {
		return
	}
	why := one(t.dice, pauses)
	a := Ask{At: at, Step: "handle", Kind: why.kind, Reason: why.text, Until: t.now.AddDate(0, 0, t.from(4, 12)), Decision: one(t.dice, grants)}
	switch t.weighted([]float64{4, 4, 2}) {
	case 0: // it waits
	case 1:
		a.Granted, a.Decided = true, at.Add(time.Duration(t.from(10, 90))*time.Minute)
	case 2:
		class := one(t.dice, accounts)
		a.Kind, a.Reason, a.Until = class.kind, class.text, t.now.AddDate(0, 0, t.from(40, 75))
		a.Granted, a.Decided = true, at.Add(time.Duration(t.from(10, 90))*time.Minute)
	}
	s.Asks = append(s.Asks, a)
}

// supplement has the unit ask the resident for something that was missing.
func (t *teller) supplement(s *Story, w stretch) {
	asked, ok := t.moment(w.sent, w.done, t.between(0.1, 0.3))
	if !ok {
		return
	}
	f := fate{teller: t, at: asked.Add(time.Duration(t.between(0.3, 0.7) * float64(w.done.Sub(asked))))}
	f.daytime()
	if !f.at.After(asked) || !f.at.Before(w.done) {
		return
	}
	n := t.IntN(len(missing))
	s.Moves = slices.Insert(s.Moves, w.before+1,
		Move{At: asked, Step: "handle", Action: "ask", Reason: strings.TrimSuffix(missing[n], "。"), Pick: t.IntN(1000)},
		Move{At: f.at, Step: "supplement", Action: "supply", Answer: supplied[n]})
}

package ladder

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"linli/internal/clock"
	"linli/internal/sheet"
)

// rungsMost bounds a ladder that anybody can still follow.
const rungsMost = 12

// Parse reads and checks a ladder. It returns everything it found fault with,
// in the order of the file; the ladder is nil unless all of that are warnings.
func Parse(source []byte, file string) (*Ladder, []sheet.Finding) {
	r := &reader{file: file}
	l := r.ladder(r.document(source))
	slices.SortStableFunc(r.findings, func(a, b sheet.Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if r.failed {
		return nil, r.findings
	}
	return l, r.findings
}

func (r *reader) ladder(n *yaml.Node) *Ladder {
	if n == nil {
		return nil
	}
	f := r.fields(n, "", "share", "units", "forms", "rungs", "faults", "means")
	l := &Ladder{
		Share: r.whole(f["share"], n, "share", 1, 99),
		Units: r.thresholds(f["units"], n),
		Forms: r.words(f["forms"], n, "forms"), Faults: r.words(f["faults"], n, "faults"), Means: r.words(f["means"], n, "means"),
	}
	if f["rungs"] == nil {
		r.bad(n, "rungs", "没写督办的级次（rungs）。", "The rungs are missing.")
		return l
	}
	nodes := r.pairs(f["rungs"], "rungs")
	if len(nodes) == 0 || len(nodes) > rungsMost {
		r.bad(f["rungs"], "rungs", "级次要有 1 到 %d 个。", "There are 1 to %d rungs.", rungsMost)
	}
	for _, p := range nodes {
		l.Rungs = append(l.Rungs, r.rung(p, l.Forms))
	}
	if !r.failed { // else their order is not known
		r.rising(l.Rungs, nodes)
	}
	return l
}

// thresholds reads when a unit is green and when it is blue.
func (r *reader) thresholds(n, at *yaml.Node) (th Thresholds) {
	if n == nil {
		r.bad(at, "units", "没写单位什么时候是绿的、蓝的（units）。", "When a unit is green or blue (units) is missing.")
		return th
	}
	f := map[string]*yaml.Node{}
	for _, p := range r.pairs(n, "units") {
		switch p.key.Value {
		case "green", "blue":
			f[p.key.Value] = p.value
		case "red":
			r.bad(p.key, "red", "红色不用写：够不上蓝的就是红的。", "Red is not written: what does not reach blue is red.")
		default:
			r.bad(p.key, clip(p.key.Value), "没有“%s”这种信号，只有 green、blue 和其余的红色；红橙黄蓝四级是突发事件的预警，不用在这里。",
				"There is no signal “%s”, only green, blue and red for the rest; the four colours of emergencies have no place here.", clip(p.key.Value))
		}
	}
	th.Green, th.Blue = r.bounds(f["green"], n, "green"), r.bounds(f["blue"], n, "blue")
	switch g, b := th.Green, th.Blue; {
	case r.failed:
	case g.OnTime <= b.OnTime:
		r.bad(f["green"], "on-time", "绿的按时率要高于蓝的：%d%% 不高于 %d%%。", "Green asks for a higher on-time rate than blue: %d%% is not above %d%%.", g.OnTime, b.OnTime)
	case g.Late > b.Late || g.Near > b.Near:
		r.bad(f["green"], "late", "绿的不能比蓝的更宽：超期 %d%% 对 %d%%，临期 %d%% 对 %d%%。", "Green cannot allow more than blue: late %d%% and %d%%, near %d%% and %d%%.", g.Late, b.Late, g.Near, b.Near)
	}
	return th
}

func (r *reader) bounds(n, at *yaml.Node, field string) Bounds {
	if n == nil {
		r.bad(at, field, "缺“%s”。", "“%s” is missing.", field)
		return Bounds{}
	}
	f := r.fields(n, field, "on-time", "late", "near")
	return Bounds{
		OnTime: r.whole(f["on-time"], n, "on-time", 1, 99),
		Late:   r.whole(f["late"], n, "late", 0, 99),
		Near:   r.whole(f["near"], n, "near", 0, 100),
	}
}

// words reads “name: {zh, en}” entries, each name once.
func (r *reader) words(n, at *yaml.Node, field string) (all []Word) {
	if n == nil {
		r.bad(at, field, "缺“%s”。", "“%s” is missing.", field)
		return nil
	}
	for _, p := range r.pairs(n, field) {
		all = append(all, Word{r.name(p.key, field), r.text(p.value, p.key, field)})
	}
	if len(all) == 0 {
		r.bad(n, field, "至少写一种。", "At least one is needed.")
	}
	return all
}

func (r *reader) rung(p pair, forms []Word) Rung {
	f := r.fields(p.value, clip(p.key.Value), "title", "when", "after", "tell", "level", "order", "steps", "kinds")
	rung := Rung{
		Name: r.name(p.key, "rungs"), Title: r.text(f["title"], p.key, "title"), When: When(r.word(f["when"], "when")),
		After: r.limit(f["after"], "after"), Steps: r.names(f["steps"], "steps"), Kinds: r.names(f["kinds"], "kinds"),
	}
	switch {
	case rung.When != Near && rung.When != Late:
		r.bad(cmp.Or(f["when"], p.key), "when", "when 要写 near（临期）或 late（超期）。", "when is near or late.")
	case rung.When == Near && !rung.After.IsZero():
		r.bad(f["after"], "after", "after 从超期算起，临期的一级不写。", "after counts from being late; a rung at near has none.")
	}
	for _, w := range r.names(f["tell"], "tell") {
		if !slices.Contains(tells(), Tell(w)) {
			r.bad(f["tell"], "tell", "没有“%s”可告知。可以写：%s。", "Nobody is called “%s”. One may write: %s.", w, join(tells()))
		}
		rung.Tell = append(rung.Tell, Tell(w))
	}
	if len(rung.Tell) == 0 {
		r.bad(cmp.Or(f["tell"], p.key), "tell", "没写告诉谁（tell）。", "Whom to tell (tell) is missing.")
	}
	if f["level"] != nil {
		rung.Level = r.whole(f["level"], p.key, "level", 1, 9)
	}
	if f["order"] != nil {
		rung.Order = r.order(f["order"], forms)
	}
	return rung
}

func (r *reader) order(n *yaml.Node, forms []Word) *Order {
	f := r.fields(n, "order", "form", "reply-within")
	o := &Order{Form: r.name(f["form"], "form"), ReplyWithin: r.limit(f["reply-within"], "reply-within")}
	if !Known(forms, o.Form) {
		r.bad(cmp.Or(f["form"], n), "form", "督办的形式要是 forms 里的一种：%s。", "The form of an order is one of forms: %s.", join(namesOf(forms)))
	}
	if o.ReplyWithin.IsZero() {
		r.bad(cmp.Or(f["reply-within"], n), "reply-within", "督办要写多久以内答复（reply-within）。", "An order says within what time it is answered (reply-within).")
	}
	return o
}

// rising refuses rungs that do not come one after another. Limits of different
// units are compared by counting them out, from a due instant on every day of a
// plain week.
func (r *reader) rising(rungs []Rung, nodes []pair) {
	week := clock.China()
	for i := 1; i < len(rungs); i++ {
		for day := range 7 {
			near := time.Date(2026, time.March, 2+day, 10, 0, 0, 0, week.Zone())
			due := near.Add(7*time.Hour + 30*time.Minute)
			if !rungs[i].at(week, near, due).After(rungs[i-1].at(week, near, due)) {
				r.bad(nodes[i].key, rungs[i].Name, "“%s”要晚于前一级“%s”。", "“%s” must come later than the rung before it, “%s”.", rungs[i].Name, rungs[i-1].Name)
				break
			}
		}
		if rungs[i].Level != 0 && rungs[i].Level < rungs[i-1].Level {
			r.bad(nodes[i].key, "level", "“%s”的级别低于前一级。", "“%s” is of a lower level than the rung before it.", rungs[i].Name)
		}
	}
}

func namesOf(words []Word) (all []string) {
	for _, w := range words {
		all = append(all, w.Name)
	}
	return all
}

func join[T ~string](all []T) string {
	s := make([]string, len(all))
	for i, w := range all {
		s[i] = string(w)
	}
	return strings.Join(s, ", ")
}

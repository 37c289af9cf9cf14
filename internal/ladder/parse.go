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
	r := &reader{sheet.Tree{File: file}}
	l := r.ladder(r.Document(source))
	if r.Failed() {
		return nil, r.Sorted()
	}
	return l, r.Sorted()
}

func (r *reader) ladder(n *yaml.Node) *Ladder {
	if n == nil {
		return nil
	}
	f := r.Fields(n, "", "share", "units", "forms", "rungs", "faults", "means")
	l := &Ladder{
		Share: r.Whole(f["share"], n, "share", 1, 99),
		Units: r.thresholds(f["units"], n),
		Forms: r.words(f["forms"], n, "forms"), Faults: r.words(f["faults"], n, "faults"), Means: r.words(f["means"], n, "means"),
	}
	if f["rungs"] == nil {
		r.Bad(n, "rungs", "没写督办的级次（rungs）。", "The rungs are missing.")
		return l
	}
	nodes := r.Pairs(f["rungs"], "rungs")
	if len(nodes) == 0 || len(nodes) > rungsMost {
		r.Bad(f["rungs"], "rungs", "级次要有 1 到 %d 个。", "There are 1 to %d rungs.", rungsMost)
	}
	for _, p := range nodes {
		l.Rungs = append(l.Rungs, r.rung(p, l.Forms))
	}
	if !r.Failed() { // else their order is not known
		r.rising(l.Rungs, nodes)
	}
	return l
}

// thresholds reads when a unit is green and when it is blue.
func (r *reader) thresholds(n, at *yaml.Node) (th Thresholds) {
	if n == nil {
		r.Bad(at, "units", "没写单位什么时候是绿的、蓝的（units）。", "When a unit is green or blue (units) is missing.")
		return th
	}
	f := map[string]*yaml.Node{}
	for _, p := range r.Pairs(n, "units") {
		switch p.Key.Value {
		case "green", "blue":
			f[p.Key.Value] = p.Value
		case "red":
			r.Bad(p.Key, "red", "红色不用写：够不上蓝的就是红的。", "Red is not written: what does not reach blue is red.")
		default:
			r.Bad(p.Key, sheet.Clip(p.Key.Value), "没有“%s”这种信号，只有 green、blue 和其余的红色；红橙黄蓝四级是突发事件的预警，不用在这里。",
				"There is no signal “%s”, only green, blue and red for the rest; the four colours of emergencies have no place here.", sheet.Clip(p.Key.Value))
		}
	}
	th.Green, th.Blue = r.bounds(f["green"], n, "green"), r.bounds(f["blue"], n, "blue")
	switch g, b := th.Green, th.Blue; {
	case r.Failed():
	case g.OnTime <= b.OnTime:
		r.Bad(f["green"], "on-time", "绿的按时率要高于蓝的：%d%% 不高于 %d%%。", "Green asks for a higher on-time rate than blue: %d%% is not above %d%%.", g.OnTime, b.OnTime)
	case g.Late > b.Late || g.Near > b.Near:
		r.Bad(f["green"], "late", "绿的不能比蓝的更宽：超期 %d%% 对 %d%%，临期 %d%% 对 %d%%。", "Green cannot allow more than blue: late %d%% and %d%%, near %d%% and %d%%.", g.Late, b.Late, g.Near, b.Near)
	}
	return th
}

func (r *reader) bounds(n, at *yaml.Node, field string) Bounds {
	if n == nil {
		r.Bad(at, field, "缺“%s”。", "“%s” is missing.", field)
		return Bounds{}
	}
	f := r.Fields(n, field, "on-time", "late", "near")
	return Bounds{
		OnTime: r.Whole(f["on-time"], n, "on-time", 1, 99),
		Late:   r.Whole(f["late"], n, "late", 0, 99),
		Near:   r.Whole(f["near"], n, "near", 0, 100),
	}
}

// words reads “name: {zh, en}” entries, each name once.
func (r *reader) words(n, at *yaml.Node, field string) (all []Word) {
	if n == nil {
		r.Bad(at, field, "缺“%s”。", "“%s” is missing.", field)
		return nil
	}
	for _, p := range r.Pairs(n, field) {
		all = append(all, Word{r.Name(p.Key, field), r.Text(p.Value, p.Key, field)})
	}
	if len(all) == 0 {
		r.Bad(n, field, "至少写一种。", "At least one is needed.")
	}
	return all
}

func (r *reader) rung(p sheet.Pair, forms []Word) Rung {
	f := r.Fields(p.Value, sheet.Clip(p.Key.Value), "title", "when", "after", "tell", "level", "order", "steps", "kinds")
	rung := Rung{
		Name: r.Name(p.Key, "rungs"), Title: r.Text(f["title"], p.Key, "title"), When: When(r.Word(f["when"], "when")),
		After: r.limit(f["after"], "after"), Steps: r.Names(f["steps"], "steps"), Kinds: r.Names(f["kinds"], "kinds"),
	}
	switch {
	case rung.When != Near && rung.When != Late:
		r.Bad(cmp.Or(f["when"], p.Key), "when", "when 要写 near（临期）或 late（超期）。", "when is near or late.")
	case rung.When == Near && !rung.After.IsZero():
		r.Bad(f["after"], "after", "after 从超期算起，临期的一级不写。", "after counts from being late; a rung at near has none.")
	}
	for _, w := range r.Names(f["tell"], "tell") {
		if !slices.Contains(tells(), Tell(w)) {
			r.Bad(f["tell"], "tell", "没有“%s”可告知。可以写：%s。", "Nobody is called “%s”. One may write: %s.", w, join(tells()))
		}
		rung.Tell = append(rung.Tell, Tell(w))
	}
	if len(rung.Tell) == 0 {
		r.Bad(cmp.Or(f["tell"], p.Key), "tell", "没写告诉谁（tell）。", "Whom to tell (tell) is missing.")
	}
	if f["level"] != nil {
		rung.Level = r.Whole(f["level"], p.Key, "level", 1, 9)
	}
	if f["order"] != nil {
		rung.Order = r.order(f["order"], forms)
	}
	return rung
}

func (r *reader) order(n *yaml.Node, forms []Word) *Order {
	f := r.Fields(n, "order", "form", "reply-within")
	o := &Order{Form: r.Name(f["form"], "form"), ReplyWithin: r.limit(f["reply-within"], "reply-within")}
	if !Known(forms, o.Form) {
		r.Bad(cmp.Or(f["form"], n), "form", "督办的形式要是 forms 里的一种：%s。", "The form of an order is one of forms: %s.", join(namesOf(forms)))
	}
	if o.ReplyWithin.IsZero() {
		r.Bad(cmp.Or(f["reply-within"], n), "reply-within", "督办要写多久以内答复（reply-within）。", "An order says within what time it is answered (reply-within).")
	}
	return o
}

// rising refuses rungs that do not come one after another. Limits of different
// units are compared by counting them out, from a due instant on every day of a
// plain week.
func (r *reader) rising(rungs []Rung, nodes []sheet.Pair) {
	week := clock.China()
	for i := 1; i < len(rungs); i++ {
		for day := range 7 {
			near := time.Date(2026, time.March, 2+day, 10, 0, 0, 0, week.Zone())
			due := near.Add(7*time.Hour + 30*time.Minute)
			if !rungs[i].at(week, near, due).After(rungs[i-1].at(week, near, due)) {
				r.Bad(nodes[i].Key, rungs[i].Name, "“%s”要晚于前一级“%s”。", "“%s” must come later than the rung before it, “%s”.", rungs[i].Name, rungs[i-1].Name)
				break
			}
		}
		if rungs[i].Level != 0 && rungs[i].Level < rungs[i-1].Level {
			r.Bad(nodes[i].Key, "level", "“%s”的级别低于前一级。", "“%s” is of a lower level than the rung before it.", rungs[i].Name)
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

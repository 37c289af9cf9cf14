package desk

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// The two lists that an address can mean.
const (
	queuePath = "/desk"
	casesPath = "/desk/cases"
)

// asked is what a list is asked for.
type asked struct {
	Path   string
	Query  url.Values // what was understood, and nothing else
	Filter casework.Filter
	Chosen []chosen
	Wrong  []ui.FieldError
}

// chosen is one condition in words, under the name it is sent by.
type chosen struct{ Name, Text string }

// condition reads one value of an address into a filter and says what it means.
type condition struct {
	name string
	read func(v *page.View, f *casework.Filter, value string) (string, error)
}

// conditions are all that an address can hold, in the order they are told.
func conditions() []condition {
	return []condition{
		{"q", readText}, {"state", readState}, {"step", readStep}, {"only", readOnly}, {"signal", readSignal},
		{"area", readArea}, {"grid", readGrid}, {"unit", readUnit}, {"kind", readKind}, {"matter", readMatter},
		{"channel", readChannel}, {"rated", readRated}, {"period", readPeriod}, {"from", readFrom}, {"to", readTo}, {"sort", readSort},
	}
}

// read understands the query of a list. What cannot be understood is told in
// Wrong, and the list is then not shown: it would be another than was meant.
func read(v *page.View, path string, query url.Values) asked {
	a := asked{Path: path, Query: url.Values{}, Filter: casework.Filter{Newest: path == casesPath}}
	if path == queuePath {
		a.Filter.Queue = &casework.Queue{Posts: v.Actors()}
	} else {
		a.Filter.Scope = v.Scope()
		if period := query.Get("period"); (period == "" || period == "dates") && query.Get("from") == "" && query.Get("to") == "" {
			a.Filter.From = daysAgo(v, usualDays)
		}
	}
	for _, c := range conditions() {
		value := strings.TrimSpace(query.Get(c.name))
		if value == "" {
			continue
		}
		text, err := "", tooLong(value)
		if err == nil {
			text, err = c.read(v, &a.Filter, value)
		}
		if err != nil {
			_, list, _ := v.FieldErrors(err)
			for _, wrong := range list {
				a.Wrong = append(a.Wrong, ui.FieldError{ID: "filter", Label: labelOf(v, c.name), Text: wrong.Text})
			}
			continue
		}
		if !usually(c.name, value) {
			a.Query.Set(c.name, value)
		}
		if text != "" {
			a.Chosen = append(a.Chosen, chosen{c.name, text})
		}
	}
	return a
}

// usually reports whether a value changes nothing, so that the same list has
// one address.
func usually(name, value string) bool {
	return name == "sort" && value == "newest" || name == "period" && (value == "90" || value == "dates")
}

// href is the address of the list, with some values changed; an empty one is
// taken away.
func (a asked) href(changes ...string) string {
	q := url.Values{}
	for name, values := range a.Query {
		q[name] = values
	}
	for i := 0; i+1 < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	if len(q) == 0 {
		return a.Path
	}
	return a.Path + "?" + q.Encode()
}

// unknown tells that a value is none of those there are.
func unknown() error {
	return errs.New(errs.Invalid, "没有这一项，请重新选。", "There is no such choice; please choose again.")
}

func tooLong(value string) error {
	if utf8.RuneCountInString(value) > 200 || !utf8.ValidString(value) {
		return errs.New(errs.Invalid, "最多写 200 个字。", "Up to 200 characters.")
	}
	return nil
}

func readText(v *page.View, f *casework.Filter, value string) (string, error) {
	f.Text = value
	return v.Say("文字：%s", "text: %s", value), nil
}

// stateTexts are the states of a case in the words of a filter; never changed.
var stateTexts = []struct {
	state casework.State
	text  lang.Text
}{
	{casework.Running, lang.Text{ZH: "在办", EN: "running"}},
	{casework.Closed, lang.Text{ZH: "已办结", EN: "closed"}},
	{casework.Answered, lang.Text{ZH: "已答复", EN: "answered"}},
	{casework.Rejected, lang.Text{ZH: "不受理", EN: "rejected"}},
	{casework.Merged, lang.Text{ZH: "已并入别的件", EN: "merged"}},
}

func readState(v *page.View, f *casework.Filter, value string) (string, error) {
	for _, s := range stateTexts {
		if string(s.state) == value {
			f.States = []casework.State{s.state}
			return s.text.In(v.Lang), nil
		}
	}
	return "", unknown()
}

func readStep(v *page.View, f *casework.Filter, value string) (string, error) {
	i := slices.IndexFunc(steps(v), func(o ui.Option) bool { return o.Value == value })
	if i < 0 {
		return "", unknown()
	}
	f.Step = value
	return v.Say("环节：%s", "step: %s", steps(v)[i].Label), nil
}

// onlyTexts are the conditions that are met or not; never changed.
var onlyTexts = map[string]lang.Text{
	"today":    {ZH: "今天到期", EN: "due today"},
	"unsure":   {ZH: "建议不确定", EN: "suggestion not certain"},
	"returned": {ZH: "单位退回过", EN: "returned by a unit"},
	"no-owner": {ZH: "无主件", EN: "no owner by rule"},

	"stuck":      {ZH: "卡住的", EN: "stuck"},
	"bounced":    {ZH: "推来推去的", EN: "passed around"},
	"untouched":  {ZH: "一个工作日没人动的", EN: "untouched for a working day"},
	"on-account": {ZH: "挂账中", EN: "on account"},
}

// onlyOrder is how they are offered.
func onlyOrder() []string {
	return []string{"today", "unsure", "returned", "no-owner", "stuck", "bounced", "untouched", "on-account"}
}

func readOnly(v *page.View, f *casework.Filter, value string) (string, error) {
	switch value {
	case "today":
		f.DueFrom, f.DueBefore = v.Now, daysAgo(v, -1)
	case "unsure":
		f.Unsure = true
	case "returned":
		f.Returned = true
	case "no-owner":
		f.NoOwner = true
	case "stuck":
		f.Stuck = casework.StuckAny
	case "bounced":
		f.Stuck = casework.Bounced
	case "untouched":
		f.Stuck = casework.Untouched
	case "on-account":
		f.OnAccount = true
	default:
		return "", unknown()
	}
	return onlyTexts[value].In(v.Lang), nil
}

func readSignal(v *page.View, f *casework.Filter, value string) (string, error) {
	words := ui.W(v.Lang)
	f.Signal = clock.Signal(value)
	switch f.Signal {
	case clock.OK:
		return words.OnTime, nil
	case clock.Near:
		return words.Nearing, nil
	case clock.Late:
		return words.Late, nil
	case clock.Hold:
		return words.Paused, nil
	}
	f.Signal = ""
	return "", unknown()
}

func readArea(v *page.View, f *casework.Filter, value string) (string, error) {
	code := area.Code(value)
	if _, ok := v.District.Areas.Area(code); !ok {
		return "", unknown()
	}
	switch code.Tier() {
	case area.Street:
		f.Street = value
	case area.Community:
		f.Community = value
	case area.Grid:
		f.Grid = value
	}
	return v.District.Areas.Name(code).In(v.Lang), nil
}

// readGrid takes a grid's code or its name.
func readGrid(v *page.View, f *casework.Filter, value string) (string, error) {
	for _, a := range v.District.Areas.Tier(area.Grid) {
		if string(a.Code) == value || strings.EqualFold(a.Name.ZH, value) || strings.EqualFold(a.Name.EN, value) {
			f.Grid = string(a.Code)
			return a.Name.In(v.Lang), nil
		}
	}
	return "", errs.New(errs.Invalid, "没有这个网格。请写全名或 15 位编码，例如“桂香07网格”。", "There is no such grid. Write its full name or its code of 15 digits.")
}

func readUnit(v *page.View, f *casework.Filter, value string) (string, error) {
	if _, ok := v.District.Org.Unit(org.UnitID(value)); !ok {
		return "", unknown()
	}
	f.Unit = value
	return v.UnitName(value), nil
}

func readKind(v *page.View, f *casework.Filter, value string) (string, error) {
	if !slices.Contains(kinds(), catalogue.Kind(value)) {
		return "", unknown()
	}
	f.Kind = value
	return catalogue.Kind(value).Title().In(v.Lang), nil
}

// readMatter takes the code or the name of a matter, or of a class of the
// second level, which stands for all in it.
func readMatter(v *page.View, f *casework.Filter, value string) (string, error) {
	for _, m := range v.District.Catalogue.Matters() {
		if m.Code != value && m.Title.ZH != value && !strings.EqualFold(m.Title.EN, value) {
			continue
		}
		switch {
		case v.District.Catalogue.Selectable(m.Code):
			f.Matter = m.Code
		case len(v.District.Catalogue.Path(m.Code)) == 2: // the level that cases are counted under
			f.Major = m.Code
		default:
			continue
		}
		return m.Title.In(v.Lang), nil
	}
	return "", errs.New(errs.Invalid, "没有叫这个名字的事项。请写全名或编码，例如“暴露垃圾”。", "There is no matter of this name. Write its full name or its code.")
}

func readChannel(v *page.View, f *casework.Filter, value string) (string, error) {
	if !slices.Contains(intake.Channels(), intake.Channel(value)) {
		return "", unknown()
	}
	f.Channel = value
	return channelText(v, value), nil
}

func readRated(v *page.View, f *casework.Filter, value string) (string, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 5 {
		return "", unknown()
	}
	f.Rated = n
	return ratedText(v, n), nil
}

func ratedText(v *page.View, n int) string {
	grade := ui.W(v.Lang).Grades[5-n]
	if n == 1 {
		return grade
	}
	return v.Say("%s或更差", "%s or worse", grade)
}

func readSort(v *page.View, f *casework.Filter, value string) (string, error) {
	switch value {
	case "due":
		f.Newest = false
		if len(f.States) == 0 && f.Queue == nil {
			f.States = []casework.State{casework.Running} // what has ended is not urgent
		}
	case "newest":
		f.Newest = true
	default:
		return "", unknown()
	}
	return "", nil
}

// daysAgo is when the reader's day of n days ago began.
func daysAgo(v *page.View, n int) time.Time {
	at := v.Now.In(v.Zone())
	return time.Date(at.Year(), at.Month(), at.Day()-n, 0, 0, 0, 0, at.Location())
}

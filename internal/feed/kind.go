package feed

import (
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// Kind is what happened, as an event's type says it after "cn.linli.".
type Kind string

// The kinds of events. There are no others.
const (
	Opened   Kind = "case.opened"
	Imported Kind = "case.imported"
	Attached Kind = "case.attached"
	Assigned Kind = "case.assigned"
	Moved    Kind = "case.moved"
	Returned Kind = "case.returned"
	Paused   Kind = "case.paused"
	Resumed  Kind = "case.resumed"
	Extended Kind = "case.extended"
	Redated  Kind = "case.redated"
	Closed   Kind = "case.closed"
	Answered Kind = "case.answered"
	Rejected Kind = "case.rejected"
	Merged   Kind = "case.merged"
	TookIn   Kind = "case.took-in"
	Reopened Kind = "case.reopened"
	Tables   Kind = "setup.changed"
	Area     Kind = "area.changed"
	Unit     Kind = "unit.changed"
	Matter   Kind = "matter.changed"
	Calendar Kind = "calendar.changed"
	// Ping is no change: a target that is tried out gets one.
	Ping Kind = "ping"
)

// kinds are in reading order, and never changed.
var kinds = []struct {
	name  Kind
	title lang.Text
}{
	{Opened, lang.T("立了一件", "a case was opened")},
	{Imported, lang.T("从别的系统搬来一件", "a case was brought in from another system")},
	{Attached, lang.T("同一件又有人上报", "one more report joined the case")},
	{Assigned, lang.T("派给了单位", "it was given to a unit")},
	{Moved, lang.T("进到下一环节", "it went on to another step")},
	{Returned, lang.T("单位退回", "a unit gave it back")},
	{Paused, lang.T("暂停计时", "its clock was stopped")},
	{Resumed, lang.T("恢复计时", "its clock goes on")},
	{Extended, lang.T("延期", "it was given more time")},
	{Redated, lang.T("期限重新算过", "its date was counted again and moved")},
	{Closed, lang.T("办结", "it was closed")},
	{Answered, lang.T("答复", "it was answered")},
	{Rejected, lang.T("不受理", "it was not taken up")},
	{Merged, lang.T("并入另一件", "it was joined with another case")},
	{TookIn, lang.T("并进来一件", "another case was joined with it")},
	{Reopened, lang.T("重新打开", "it was opened again")},
	{Tables, lang.T("区域、单位、事项等表有变动", "tables of the district changed: areas, units, matters")},
	{Area, lang.T("一个区域新增、变动或者到期", "an area was added, changed or ended")},
	{Unit, lang.T("一个单位新增、变动或者到期", "a unit was added, changed or ended")},
	{Matter, lang.T("一个事项新增、变动或者到期", "a matter was added, changed or ended")},
	{Calendar, lang.T("工作日历有变动", "a working calendar changed")},
}

// Kinds are all kinds of changes, in reading order.
func Kinds() []Kind {
	all := make([]Kind, len(kinds))
	for i, k := range kinds {
		all[i] = k.name
	}
	return all
}

// Title says in words what happened.
func (k Kind) Title() lang.Text {
	for _, one := range kinds {
		if one.name == k {
			return one.title
		}
	}
	if k == Ping {
		return lang.T("试一试", "a test")
	}
	return lang.Text{ZH: string(k), EN: string(k)}
}

// typePrefix begins every type, as CloudEvents asks for: a name turned round.
const typePrefix = "cn.linli."

// Type is the kind as the type of an event.
func (k Kind) Type() string { return typePrefix + string(k) }

// ParseKinds reads types separated by commas, with or without what all begin
// with. A name before ".*" stands for all below it. Empty is every kind.
func ParseKinds(text string) (all []Kind, err error) {
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimPrefix(strings.TrimSpace(word), typePrefix)
		if word == "" {
			continue
		}
		found := false
		group, some := strings.CutSuffix(word, "*")
		for _, k := range kinds {
			if string(k.name) == word || some && strings.HasSuffix(group, ".") && strings.HasPrefix(string(k.name), group) {
				all, found = append(all, k.name), true
			}
		}
		if !found {
			return nil, errs.New(errs.Invalid, "没有这种事件。", "There is no such type of event.").At("types")
		}
	}
	slices.SortFunc(all, func(a, b Kind) int { return order(a) - order(b) })
	return slices.Compact(all), nil
}

func order(k Kind) int { return slices.Index(Kinds(), k) }

// acts are the acts of a case that mean the same in every procedure.
var acts = map[string]Kind{
	"opened": Opened, "imported": Imported, "attached": Attached, "approved": Paused, "resumed": Resumed, "extended": Extended,
	"merged": Merged, "took-in": TookIn, string(procedure.Reopen): Reopened, "owner-named": Assigned,
}

// kindOf says what an entry of a case's trail tells the public; "" for nothing.
// What an action of a procedure is called is its pack's to say, so that it is
// known by what came of it.
func kindOf(e trail.Entry, p *procedure.Procedure) Kind {
	d := e.Detail
	switch kind := acts[e.Act]; {
	case e.Act == "owner-named" && d["to-unit"] == "": // nothing changed hands yet
		return ""
	case kind != "":
		return kind
	case e.Act == "reckoned" && d["before"] != d["after"]:
		return Redated
	}
	switch casework.State(d["ended"]) {
	case casework.Closed:
		return Closed
	case casework.Answered:
		return Answered
	case casework.Rejected:
		return Rejected
	}
	to, _, _ := strings.Cut(d["to"], ",")
	switch {
	case to == "" || p == nil || p.Step(procedure.StepName(to)) == nil:
		return ""
	case d["state"] == string(procedure.Returned) || d["state"] == string(procedure.Refused):
		return Returned
	case d["to-unit"] != "":
		return Assigned
	}
	return Moved
}

package page

import (
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/trail"
)

// Doer is who did an entry of a case's trail: the person with the unit, a
// resident, or time itself.
func (v *View) Doer(e trail.Entry) string {
	if e.Person == "" {
		switch {
		case e.Act == string(procedure.Expire):
			return v.Say("到期自动", "By itself, when time was up")
		case slices.Contains([]string{"overdue", "reckoned", "lapsed", "resumed", "remind", "urge", "order", "leader", "handed-over", "peer-posted", "media-missing"}, e.Act):
			return v.Say("系统按规则", "By rule")
		case e.Act == "peer-open", e.Act == "peer-closed":
			return e.Detail["peer"]
		case e.Act == "imported", e.Act == casework.PastAct:
			return v.Say("导入", "Import")
		case e.Act == "opened" && e.Detail["channel"] == string(intake.Machine), e.Act == "attached" && e.Detail["channel"] == string(intake.Machine), e.Act == "opened" && e.Detail["channel"] == string(intake.Open311):
			return v.Say("别的系统", "Another system")
		}
		return v.Say("居民", "A resident")
	}
	name := v.personName(e.Person)
	if e.Unit != "" {
		return v.UnitName(e.Unit) + " " + name
	}
	return name
}

// MachinePrefix begins the name under which a machine acts that comes with a key
// of a post: it is nobody of the people here, and what it did a person of the
// same post may verify.
const MachinePrefix = "key:"

// personName is what somebody who works here, or did, is called.
func (v *View) personName(id string) string {
	if strings.HasPrefix(id, MachinePrefix) {
		return v.Say("（单位的系统）", "(a system of the unit)")
	}
	if p, ok := v.District.Org.Person(org.PersonID(id)); ok {
		return p.Name
	}
	return v.Say("（已离任）", "(no longer here)")
}

// deeds are the words of what is done to a case beside its procedure, whose own
// words the rest are.
var deeds = map[string]lang.Text{
	"opened":      {ZH: "上报", EN: "reported it"},
	"imported":    {ZH: "从原系统带来", EN: "brought it from another system"},
	"past":        {ZH: "原系统的记录", EN: "told what another system had on it"},
	"attached":    {ZH: "也报了同一件", EN: "reported the same"},
	"merged":      {ZH: "并入另一件", EN: "merged it into another"},
	"took-in":     {ZH: "并进来一件", EN: "merged another into it"},
	"owner-named": {ZH: "裁定归谁管", EN: "ruled whose job it is"},
	"said-more":   {ZH: "又写来补充", EN: "wrote more about it"},
	"reopen":      {ZH: "说没解决，请再办", EN: "said it is not solved"},
	"expire":      {ZH: "进入下一步", EN: "moved on"},
	"taken-up":    {ZH: "接手", EN: "took it up"},
	"put-down":    {ZH: "放下", EN: "put it down"},
	"handed-over": {ZH: "领着的人岗位已停", EN: "who had taken it up has no post for it any more"},

	"asked":          {ZH: "申请", EN: "asked for"},
	"approved":       {ZH: "批准", EN: "granted"},
	"extended":       {ZH: "批准", EN: "granted"},
	"refused-ask":    {ZH: "没有批准", EN: "did not grant"},
	"withdrawn":      {ZH: "撤回申请", EN: "took back the request for"},
	"lapsed":         {ZH: "没有人批，申请作废", EN: "nobody decided; no longer asked"},
	"resumed":        {ZH: "恢复计时", EN: "let the clock go on"},
	"reckoned":       {ZH: "重新算了期限", EN: "counted the date again"},
	"overdue":        {ZH: "超期了", EN: "past its date"},
	"remind":         {ZH: "提醒", EN: "reminded"},
	"urge":           {ZH: "催办", EN: "urged"},
	"order":          {ZH: "督办", EN: "put it under supervision"},
	"leader":         {ZH: "报领导", EN: "told the leader"},
	"order-answered": {ZH: "答复督办", EN: "answered the order"},
	"order-lifted":   {ZH: "解除督办", EN: "lifted the order"},

	"peer-posted":   {ZH: "送给了别的系统", EN: "sent it to another system"},
	"peer-open":     {ZH: "别的系统回话：在办", EN: "another system says: open"},
	"peer-closed":   {ZH: "别的系统回话：办结了", EN: "another system says: closed"},
	"media-missing": {ZH: "附的照片地址取不到", EN: "the picture it named could not be fetched"},

	"disclosed":        {ZH: "公开给观察员", EN: "opened it to an observer"},
	"disclosure-ended": {ZH: "不再公开给观察员", EN: "closed it to an observer again"},
	"remarked":         {ZH: "提了督查意见", EN: "made a remark as an observer"},

	"meeting-agenda":      {ZH: "放上协调会议程", EN: "put it before a meeting"},
	"meeting-decided":     {ZH: "协调会定了", EN: "wrote down what the meeting decided"},
	"meeting-took-back":   {ZH: "收回协调会的决定", EN: "took back what the meeting decided"},
	"meeting-carried-out": {ZH: "办好了协调会定的事", EN: "carried out what the meeting decided"},
}

// taken are the words for a report that staff wrote down for somebody.
var taken = map[string]lang.Text{
	"opened":   {ZH: "记下一件来件", EN: "took down a report"},
	"attached": {ZH: "记下同一件的又一次来件", EN: "took down the same again"},
}

// Deed says what was done by an entry of a case's trail, with whom the case was
// given to. The procedure is the case's own.
func (v *View) Deed(p *procedure.Procedure, e trail.Entry) string {
	if text, ok := taken[e.Act]; ok && e.Person != "" && e.Detail["channel"] != string(intake.GridWorker) {
		return text.In(v.Lang)
	}
	if e.Detail["unit"] != "" && (e.Act == "owner-named" || e.Act == "assign") {
		return v.Say("裁定", "ruled whose job it is:") + v.given(e.Detail)
	}
	if text, ok := deeds[e.Act]; ok {
		return text.In(v.Lang) + v.ofWhat(e)
	}
	var step *procedure.Step
	if p != nil {
		step = p.Step(procedure.StepName(e.Step))
	}
	if step == nil {
		return e.Act
	}
	title := e.Act
	if a := step.Action(procedure.ActionName(e.Act)); a != nil {
		title = a.Title.In(v.Lang)
	}
	if e.Act == "send" && e.Detail["unit"] != "" {
		return v.Say("派", "sent it") + v.given(e.Detail)
	}
	return step.Title.In(v.Lang) + v.Say("：", ": ") + title + v.given(e.Detail)
}

// ofWhat names what an entry of the ledger asks for, and what a rung is called.
func (v *View) ofWhat(e trail.Entry) string {
	switch {
	case e.Detail["ask-kind"] != "":
		kind := casework.Entry{Kind: e.Detail["ask-kind"]}.KindTitle(v.District)
		return v.Say("：%[1]s", ": %[2]s", kind.ZH, kind.EN)
	case e.Act == "handed-over" && e.Detail["to"] == "":
		return v.Say("，回到单位的待办里", "; back with the unit")
	case e.Act == "handed-over":
		name := v.personName(e.Detail["to"])
		return v.Say("，交给代班的%s", "; given to %s, who stands in", name)
	case e.Detail["rung"] != "":
		if r, ok := v.District.Catalogue.Ladder().Rung(e.Detail["rung"]); ok {
			return v.Say("：%[1]s，给%[3]s", ": %[2]s, to %[4]s", r.Title.ZH, r.Title.EN, v.UnitName(e.Detail["of"]), v.UnitName(e.Detail["of"]))
		}
	}
	return ""
}

// given names the unit that an act gave the case to, and those that help it.
func (v *View) given(d map[string]string) string {
	if d["unit"] == "" {
		return ""
	}
	text := v.Say("给", " to ") + v.UnitName(d["unit"])
	if d["co"] == "" {
		return text
	}
	var names []string
	for unit := range strings.SplitSeq(d["co"], ",") {
		names = append(names, v.UnitName(unit))
	}
	return text + v.Say("，%s协办", ", with %s", strings.Join(names, v.Say("、", ", ")))
}

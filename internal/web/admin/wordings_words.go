package admin

import (
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/web/page"
)

// templateNames say what each template is for.
var templateNames = map[notice.Template]lang.Text{ // never changed
	notice.Received:       lang.T("收到了", "Received"),
	notice.ReceivedRepair: lang.T("收到了（要修的）", "Received, to be repaired"),
	notice.Followed:       lang.T("并到已有的件", "Joined a case"),
	notice.Filed:          lang.T("受理了", "Accepted"),
	notice.Rejected:       lang.T("不受理", "Not accepted"),
	notice.Dispatched:     lang.T("派给单位", "Given to a unit"),
	notice.Returned:       lang.T("换单位", "Needs another unit"),
	notice.Done:           lang.T("办好了", "Done"),
	notice.AskToRate:      lang.T("请评价", "Please rate"),
	notice.BackToWork:     lang.T("退回接着办", "Back to work"),
	notice.Reopened:       lang.T("重新办", "Opened again"),
	notice.MadeSafe:       lang.T("先排险", "Made safe"),
	notice.Answered:       lang.T("答复", "Answered"),
	notice.Closed:         lang.T("办结", "Closed"),
	notice.Merged:         lang.T("并案", "Merged"),
	notice.NewTask:        lang.T("单位：新任务", "To units: a new task"),
	notice.ReturnedTask:   lang.T("单位：任务退回", "To units: a task came back"),
	notice.Ruling:         lang.T("单位：裁定", "To units: a ruling"),
	notice.Remarked:       lang.T("单位：督查意见", "To units: an observer's remark"),
	notice.Paused:         lang.T("暂停", "Paused"),
	notice.Extended:       lang.T("延期", "Extended"),
	notice.Resumed:        lang.T("接着办", "Goes on"),
	notice.MoreNeeded:     lang.T("请补充", "Please supply more"),
	notice.DateMoved:      lang.T("日期变了", "The date moved"),
	notice.AskWaits:       lang.T("审批人：有申请", "To approvers: a request"),
	notice.AskRefused:     lang.T("单位：申请没批", "To units: a request was refused"),
	notice.MoreSaid:       lang.T("单位：来件人补充", "To units: the reporter wrote more"),
	notice.ReviewDue:      lang.T("单位：暂停到期", "To units: a pause ends"),
	notice.DatesMoved:     lang.T("单位：日期变了", "To units: dates moved"),
	notice.Reminded:       lang.T("单位：快到期", "To units: due soon"),
	notice.Urged:          lang.T("单位：催办", "To units: urged"),
	notice.UrgedByHand:    lang.T("单位：人工催办", "To units: urged by hand"),
	notice.Ordered:        lang.T("单位：督办", "To units: an order"),
	notice.OrderAnswered:  lang.T("督办员：已答复", "To supervisors: answered"),
	notice.OrderLifted:    lang.T("单位：解除督办", "To units: an order lifted"),
	notice.LeaderTold:     lang.T("领导：超期", "To leaders: overdue"),
	notice.Accused:        lang.T("单位：问责", "To units: held to account"),
	notice.AccountUpheld:  lang.T("单位：问责成立", "To units: upheld"),
	notice.AccountDropped: lang.T("单位：不予问责", "To units: dropped"),
	notice.MeetingCalled:  lang.T("单位：开协调会", "To units: a meeting"),
	notice.MeetingOff:     lang.T("单位：会不开了", "To units: a meeting is off"),
	notice.Decided:        lang.T("单位：会上定的", "To units: decided"),
	notice.DecidedHelp:    lang.T("单位：会上定的协办", "To units: decided, to help"),
	notice.HandedOver:     lang.T("单位：换人办", "To units: handed over"),
	notice.PostBare:       lang.T("单位：没人办", "To units: nobody is left"),
	notice.RightsChanged:  lang.T("审计员：权限变动", "To auditors: rights changed"),
	notice.CodesGuessed:   lang.T("本人：有人猜验证码", "To the person: codes guessed"),
	notice.NewDevice:      lang.T("本人：新设备登录", "To the person: a new device"),
	notice.LookAlarm:      lang.T("安全员：查看太多", "To security: too many looks"),
	notice.News:           lang.T("有新进展", "There is news"),
	notice.SignInCode:     lang.T("登录验证码", "Code to sign in"),
	"code":                lang.T("地址确认码", "Code for an address"),
	"reply":               lang.T("回复来信", "Answer to a letter"),
}

func templateName(v *page.View, name notice.Template) string {
	if text, ok := templateNames[name]; ok {
		return text.In(v.Lang)
	}
	return string(name)
}

// wordFacts say what may stand in { }.
var wordFacts = map[string]lang.Text{ // never changed
	"number": lang.T("编号", "number"), "title": lang.T("事项", "matter"), "place": lang.T("地点", "place"), "due": lang.T("答应的日期", "promised date"),
	"unit": lang.T("单位", "unit"), "reason": lang.T("原因", "reason"), "answer": lang.T("答复", "answer"), "link": lang.T("进度页地址", "address of the page"),
}

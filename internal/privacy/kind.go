package privacy

import (
	"slices"

	"linli/internal/lang"
)

// Kind is what a person asks about their data.
type Kind string

// The kinds, with their article of the 个人信息保护法.
const (
	Copy     Kind = "copy"     // 45
	Correct  Kind = "correct"  // 46
	Object   Kind = "object"   // 44
	Delete   Kind = "delete"   // 47
	Explain  Kind = "explain"  // 48
	Withdraw Kind = "withdraw" // 15
)

// Kinds are all of them, in the order in which a form offers them.
func Kinds() []Kind { return []Kind{Copy, Correct, Object, Delete, Explain, Withdraw} }

// Known reports whether there is such a kind.
func (k Kind) Known() bool { return slices.Contains(Kinds(), k) }

// Title says a kind to a person.
func (k Kind) Title() lang.Text {
	switch k {
	case Copy:
		return lang.T("要一份我的信息", "A copy of my data")
	case Correct:
		return lang.T("更正我的信息", "Correct my data")
	case Object:
		return lang.T("不同意这样用，要求限制", "Object to a use, and restrict it")
	case Delete:
		return lang.T("删除我的信息", "Delete my data")
	case Explain:
		return lang.T("说明怎么用的", "Explain how my data are used")
	case Withdraw:
		return lang.T("撤回全部同意", "Withdraw all consents")
	}
	return lang.Text{ZH: string(k), EN: string(k)}
}

// Hint says what comes of it.
func (k Kind) Hint() lang.Text {
	switch k {
	case Copy:
		return lang.T("办好后七天内下载一次。", "To be fetched once, within seven days.")
	case Correct:
		return lang.T("旧的不留。", "The old value is kept nowhere.")
	case Object:
		return lang.T("以后除法律规定的以外，谁也不能再看您的姓名和电话。", "From then on nobody sees your name and number, but where a law says so.")
	case Delete:
		return lang.T("办完并且过了申诉期的删，没办完的和法律要求保存的会说明。", "What has ended and can no longer be appealed goes; what is under way or kept by law is told.")
	case Explain:
		return lang.T("书面回答。", "You get a written answer.")
	case Withdraw:
		return lang.T("从办理那一刻起不再有效。", "They end at that moment.")
	}
	return lang.Text{}
}

// Law is why a request is refused.
type Law string

// The grounds of refusal.
const (
	UnderWay Law = "under-way"
	KeptLong Law = "kept-by-law"
	OnHold   Law = "hold"
	Secrecy  Law = "secrecy"
	Hinders  Law = "hinders"
	NotShown Law = "not-shown"
)

// Laws are all of them.
func Laws() []Law { return []Law{UnderWay, KeptLong, OnHold, Secrecy, Hinders, NotShown} }

// Known reports whether there is such a ground.
func (l Law) Known() bool { return slices.Contains(Laws(), l) }

// Text says a ground with its law.
func (l Law) Text() lang.Text {
	switch l {
	case UnderWay:
		return lang.T("事情还在办，办好它还用得着（个人信息保护法第十三条第一款第三项、第四十七条第一款第一项）", "The case is under way and needs the data (Personal Information Protection Law, arts. 13(1)(3) and 47(1)(1))")
	case KeptLong:
		return lang.T("法律规定的保存期限没有到（个人信息保护法第四十七条第二款）", "A law asks for keeping it for longer (Personal Information Protection Law, art. 47(2))")
	case OnHold:
		return lang.T("依法暂时不能清理（个人信息保护法第四十七条第二款）", "It is on hold by law (Personal Information Protection Law, art. 47(2))")
	case Secrecy:
		return lang.T("法律规定应当保密（个人信息保护法第十八条第一款、第四十五条第一款）", "A law asks for secrecy (Personal Information Protection Law, arts. 18(1) and 45(1))")
	case Hinders:
		return lang.T("会妨碍履行法定职责（个人信息保护法第三十五条、第四十五条第一款）", "It would hinder a statutory duty (Personal Information Protection Law, arts. 35 and 45(1))")
	case NotShown:
		return lang.T("没有核实到是本人或者有权代办的人（个人信息保护法第四十四条、第五十条）", "It was not shown that it is the person or somebody who may act for them (Personal Information Protection Law, arts. 44 and 50)")
	}
	return lang.Text{ZH: string(l), EN: string(l)}
}

// Complain says where to complain of a refusal.
func Complain() lang.Text {
	return lang.T("不服的，可以向网信部门投诉（第六十五条），可以申请行政复议，也可以向人民法院起诉（第五十条第二款）。", "You may complain to the cyberspace administration (art. 65), ask for administrative review, or go to court (art. 50(2)).")
}

// Proof is how the person who asks was known.
type Proof string

// The proofs.
const (
	ByAccount Proof = "account"
	ByWord    Proof = "word"
	AtCounter Proof = "counter"
	ByPhone   Proof = "phone"
)

// Title says a proof to a person.
func (p Proof) Title() lang.Text {
	switch p {
	case ByAccount:
		return lang.T("用手机号登录", "signed in by phone")
	case ByWord:
		return lang.T("凭编号和取件码", "by number and secret word")
	case AtCounter:
		return lang.T("在窗口看过证件", "at the counter, a paper was seen")
	case ByPhone:
		return lang.T("电话里说出编号和取件码", "by phone, with number and secret word")
	}
	return lang.Text{ZH: string(p), EN: string(p)}
}

// State is how far a request has come.
type State string

// The states.
const (
	Asked   State = "asked"
	Granted State = "granted"
	Refused State = "refused"
	Done    State = "done"
)

// Title says a state to a person.
func (s State) Title() lang.Text {
	switch s {
	case Asked:
		return lang.T("等决定", "waits for a decision")
	case Granted:
		return lang.T("同意了，正在办", "granted, being carried out")
	case Refused:
		return lang.T("没有同意", "refused")
	case Done:
		return lang.T("办好了", "done")
	}
	return lang.Text{ZH: string(s), EN: string(s)}
}

package rights

import (
	"slices"

	"linli/internal/lang"
)

// Right is one thing that may be done.
type Right string

// The rights. Which step of a case a post may take is the procedure's to say;
// these are what a page, a list or a verb asks before that.
const (
	ReportReceive Right = "report.receive" // take down a report for somebody
	CallerFind    Right = "caller.find"    // earlier cases of a phone number
	ProxyKeep     Right = "proxy.keep"     // record at the counter who acts for whom, having seen the papers
	CaseSee       Right = "case.see"       // cases of the own unit or area
	CaseSeeAll    Right = "case.see-all"   // cases of the whole district
	CaseObserve   Right = "case.observe"   // cases that were made open to the post
	CaseOpenTo    Right = "case.open-to"   // make a case open to an observer
	CaseAccept    Right = "case.accept"    // file, answer or reject
	CaseDispatch  Right = "case.dispatch"  // name the unit
	CaseHandle    Right = "case.handle"    // do the work and say so
	CaseVerify    Right = "case.verify"    // look whether it is done
	CaseRule      Right = "case.rule"      // end a dispute over whose it is
	CaseMerge     Right = "case.merge"     // say that two are one
	CaseExport    Right = "case.export"    // tables of cases
	OwnerName     Right = "owner.name"     // name an owner where no rule does
	Supervise     Right = "supervise"      // urge, order, hold to account
	DelayApprove  Right = "delay.approve"  // pauses and extensions, where the procedure says so
	MeetingKeep   Right = "meeting.keep"   // coordination meetings
	AdmissionKeep Right = "admission.keep" // the list of duties that grids and communities take
	ScoreSee      Right = "score.see"      // scorecards: of the own unit, or with case.see-all of every unit
	ScoreKeep     Right = "score.keep"     // freeze periods, decide appeals, enter reviews
	DataReveal    Right = "data.reveal"    // see a masked field, for a purpose and on record
	LookDelay     Right = "look.delay"     // approve that the person is told of a look later, where a law allows it
	DataKeep      Right = "data.keep"      // decide on what people ask about their data
	HoldKeep      Right = "hold.keep"      // keep data past their time where a law asks for it
	CalendarKeep  Right = "calendar.keep"  // office hours and days off
	FeedRead      Right = "feed.read"      // the change feed: what the public may know of every case
	HookKeep      Right = "hook.keep"      // addresses of other systems that are told of changes
	SetupImport   Right = "setup.import"   // areas, units, people, packs, routes
	AccountManage Right = "account.manage" // accounts and keys
	PostKeep      Right = "post.keep"      // give and end posts, name stand-ins
	RightsSee     Right = "rights.see"     // who may do what, and why
	AuditSee      Right = "audit.see"      // rights changes, sign-ins, looks, exports, set-up
)

// right says what a right is called.
type right struct {
	name  Right
	title lang.Text
}

var known = all() // never changed

func all() []right {
	return []right{
		{ReportReceive, lang.T("代居民登记来件", "take down a report")},
		{CallerFind, lang.T("凭来电查以前的件", "find earlier cases of a caller")},
		{ProxyKeep, lang.T("看过证件后登记代办", "record who acts for whom, having seen the papers")},
		{CaseSee, lang.T("看本单位、本区域的案件", "see cases of the own unit or area")},
		{CaseSeeAll, lang.T("看全区的案件", "see cases of the whole district")},
		{CaseObserve, lang.T("看对自己公开的案件", "see cases made open to the post")},
		{CaseOpenTo, lang.T("把案件公开给观察员", "make a case open to an observer")},
		{CaseAccept, lang.T("受理、答复、不受理", "file, answer or reject")},
		{CaseDispatch, lang.T("派遣", "dispatch")},
		{CaseHandle, lang.T("办理、退回", "handle and return")},
		{CaseVerify, lang.T("核查", "verify")},
		{CaseRule, lang.T("裁定由谁办", "rule whose job it is")},
		{CaseMerge, lang.T("并案", "merge cases")},
		{CaseExport, lang.T("导出案件表", "export tables of cases")},
		{OwnerName, lang.T("给无主件定单位", "name the owner where no rule does")},
		{Supervise, lang.T("催办、督办、问责", "urge, order, hold to account")},
		{DelayApprove, lang.T("批暂停和延期", "approve pauses and extensions")},
		{MeetingKeep, lang.T("开协调会", "keep coordination meetings")},
		{AdmissionKeep, lang.T("管准入清单", "keep the admission list")},
		{ScoreSee, lang.T("看考核", "see scorecards")},
		{ScoreKeep, lang.T("定考核：冻结、申诉、外部评价", "keep scorecards: freeze, appeals, reviews")},
		{DataReveal, lang.T("按用途查看被遮住的个人信息，留记录", "see masked personal data for a purpose, on record")},
		{LookDelay, lang.T("批准依法推迟告知查看", "approve that a look is told later, by law")},
		{DataKeep, lang.T("办理个人信息申请", "decide on requests about personal data")},
		{HoldKeep, lang.T("依法留存到期的信息", "keep data past their time, by law")},
		{CalendarKeep, lang.T("管工作日历", "keep working calendars")},
		{FeedRead, lang.T("读变更流（只有公开信息）", "read the change feed (public facts alone)")},
		{HookKeep, lang.T("管推送地址", "keep webhooks")},
		{SetupImport, lang.T("设置与导入", "set up and import")},
		{AccountManage, lang.T("管账号和密钥", "manage accounts and keys")},
		{PostKeep, lang.T("任免岗位、指定代班", "give and end posts, name stand-ins")},
		{RightsSee, lang.T("查谁能做什么", "see who may do what")},
		{AuditSee, lang.T("审计：权限变更、登录、查看、导出、设置", "audit: rights, sign-ins, looks, exports, set-up")},
	}
}

// Rights lists every right, for pages that show or give them.
func Rights() []Right {
	var names []Right
	for _, r := range known {
		names = append(names, r.name)
	}
	return names
}

// Known reports whether there is such a right.
func (r Right) Known() bool { return slices.Contains(Rights(), r) }

// Title names the right for a person; an unknown one by its own word.
func (r Right) Title() lang.Text {
	for _, one := range known {
		if one.name == r {
			return one.title
		}
	}
	return lang.Text{ZH: string(r), EN: string(r)}
}

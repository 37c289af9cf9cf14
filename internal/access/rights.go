package access

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
	CaseSee       Right = "case.see"       // cases of the own unit or area
	CaseSeeAll    Right = "case.see-all"   // cases of the whole district
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
	CalendarKeep  Right = "calendar.keep"  // office hours and days off
	SetupImport   Right = "setup.import"   // areas, units, people, packs, routes
	AccountManage Right = "account.manage" // accounts and keys
)

// right says what a right is called and which roles have it.
type right struct {
	name  Right
	title lang.Text
	roles []string
}

var rights = table() // never changed

// table is the whole of it, for an auditor to read. The administrator sets up
// and sees no case; who works on cases cannot give rights.
func table() []right {
	desk := []string{"acceptor", "shift-leader", "dispatcher", "agent", "clerk"}
	field := []string{"grid-worker", "grid-leader"}
	work := []string{"handler", "unit-lead"}
	above := []string{"supervisor", "leader"}
	return []right{
		{ReportReceive, lang.T("代居民登记来件", "take down a report"), slices.Concat(desk, field)},
		{CallerFind, lang.T("凭来电查以前的件", "find earlier cases of a caller"), desk},
		{CaseSee, lang.T("看本单位、本区域的案件", "see cases of the own unit or area"), slices.Concat(desk, field, work, above)},
		{CaseSeeAll, lang.T("看全区的案件", "see cases of the whole district"), slices.Concat(desk, above)},
		{CaseAccept, lang.T("受理、答复、不受理", "file, answer or reject"), []string{"acceptor", "shift-leader"}},
		{CaseDispatch, lang.T("派遣", "dispatch"), []string{"dispatcher", "shift-leader"}},
		{CaseHandle, lang.T("办理、退回", "handle and return"), slices.Concat(work, field)},
		{CaseVerify, lang.T("核查", "verify"), slices.Concat(field, []string{"supervisor"})},
		{CaseRule, lang.T("裁定由谁办", "rule whose job it is"), []string{"shift-leader", "leader"}},
		{CaseMerge, lang.T("并案", "merge cases"), []string{"acceptor", "dispatcher", "shift-leader"}},
		{CaseExport, lang.T("导出案件表", "export tables of cases"), slices.Concat([]string{"shift-leader", "unit-lead"}, above)},
		{OwnerName, lang.T("给无主件定单位", "name the owner where no rule does"), []string{"shift-leader", "leader"}},
		{Supervise, lang.T("催办、督办、问责", "urge, order, hold to account"), above},
		{DelayApprove, lang.T("批暂停和延期", "approve pauses and extensions"), slices.Concat([]string{"unit-lead", "shift-leader"}, above)},
		{MeetingKeep, lang.T("开协调会", "keep coordination meetings"), slices.Concat([]string{"shift-leader"}, above)},
		{AdmissionKeep, lang.T("管准入清单", "keep the admission list"), []string{"supervisor", "admin"}},
		{ScoreSee, lang.T("看考核", "see scorecards"), slices.Concat(desk, field, work, above)},
		{ScoreKeep, lang.T("定考核：冻结、申诉、外部评价", "keep scorecards: freeze, appeals, reviews"), above},
		{CalendarKeep, lang.T("管工作日历", "keep working calendars"), []string{"admin"}},
		{SetupImport, lang.T("设置与导入", "set up and import"), []string{"admin"}},
		{AccountManage, lang.T("管账号和密钥", "manage accounts and keys"), []string{"admin"}},
	}
}

// Post is a person holding a role in a unit, for an area, now: the caller has
// looked at the dates.
type Post struct {
	ID     string
	Person string
	Role   string
	Unit   string
	Area   string
}

// Can reports whether one of the posts has the right. An unknown right is
// nobody's.
func Can(posts []Post, want Right) bool {
	roles := rolesOf(want)
	return slices.ContainsFunc(posts, func(p Post) bool { return slices.Contains(roles, p.Role) })
}

// With gives those of the posts that have the right, whose units and areas
// bound what may be seen or done by it.
func With(posts []Post, want Right) (some []Post) {
	roles := rolesOf(want)
	for _, p := range posts {
		if slices.Contains(roles, p.Role) {
			some = append(some, p)
		}
	}
	return some
}

// Rights lists every right, for pages that show or give them.
func Rights() (all []Right) {
	for _, r := range rights {
		all = append(all, r.name)
	}
	return all
}

// Title names the right for a person; an unknown one by its own word.
func (r Right) Title() lang.Text {
	for _, known := range rights {
		if known.name == r {
			return known.title
		}
	}
	return lang.Text{ZH: string(r), EN: string(r)}
}

func rolesOf(want Right) []string {
	for _, r := range rights {
		if r.name == want {
			return r.roles
		}
	}
	return nil
}

package fields

import (
	"maps"
	"slices"

	"linli/internal/lang"
)

// The sorts of data that have a rule of keeping. Each is removed by the package
// that owns the tables; the last three never go.
const (
	Identity  = "identity"  // reports: name, phone and their indexes, the secret word
	Words     = "words"     // what a resident wrote
	Photos    = "photos"    // documents with their files
	Messages  = "messages"  // notices that were sent
	Codes     = "codes"     // one-time codes
	Sessions  = "sessions"  // of staff and residents
	SignIns   = "sign-ins"  // records of signing in
	Looks     = "looks"     // records of masked fields shown
	Residents = "residents" // accounts of residents
	Staff     = "staff"     // accounts and phone numbers of those who left
	Consents  = "consents"  // notices shown, consents given and withdrawn
	Cases     = "cases"     // what was done, without who reported
	Settings  = "settings"  // what the district says about itself
	Trail     = "trail"
)

// kind is what the program fixes about a sort of data, whatever a pack says.
type kind struct {
	from   lang.Text // what its time counts from
	least  Span      // the law asks for no less
	always bool      // never removed
	why    lang.Text // why that is so
}

// kinds are never changed.
var kinds = map[string]kind{
	Identity: {from: lang.T("办结以后", "after the case ended")},
	Words:    {from: lang.T("办结以后", "after the case ended")},
	Photos:   {from: lang.T("办结以后", "after the case ended")},
	Messages: {from: lang.T("发出以后", "after it was sent")},
	Codes:    {from: lang.T("发出以后", "after it was sent")},
	Sessions: {from: lang.T("到期以后", "after it expired")},
	SignIns: {from: lang.T("登录以后", "after signing in"), least: Span{6, Months},
		why: lang.T("网络安全法第二十一条，网络日志留存不少于六个月", "Cybersecurity Law, art. 21: logs are kept at least six months")},
	Looks: {from: lang.T("查看以后", "after the look"), least: Span{3, Years},
		why: lang.T("个人信息保护法第五十六条，处理情况记录至少保存三年", "Personal Information Protection Law, art. 56: records of processing are kept at least three years")},
	Residents: {from: lang.T("最后一次登录以后", "after the last sign-in")},
	Staff:     {from: lang.T("最后一个岗位结束以后", "after the last post ended")},
	Consents: {from: lang.T("撤回或换新以后", "after it was withdrawn or renewed"), least: Span{3, Years},
		why: lang.T("个人信息保护法第五十六条，处理情况记录至少保存三年", "Personal Information Protection Law, art. 56: records of processing are kept at least three years")},
	Cases:    {always: true, why: lang.T("办理经过是档案，考核和查证都要用", "what was done is a record, for scorecards and proof")},
	Settings: {always: true, why: lang.T("是区里自己的规则，新的代替旧的", "the district's own rules; new ones replace old ones")},
	Trail:    {always: true, why: lang.T("痕迹只增不改", "the trail is added to and never changed")},
}

func kindNames() []string { return slices.Sorted(maps.Keys(kinds)) }

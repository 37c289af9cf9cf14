package admin

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/lang"
	"linli/internal/look"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/supervise"
	"linli/internal/trail"
	"linli/internal/web/page"
)

func bookText(v *page.View, b trail.Book) string {
	switch b {
	case trail.Rights:
		return v.Say("权限", "rights")
	case trail.SignIns:
		return v.Say("登录", "sign-ins")
	case trail.Exports:
		return v.Say("导出", "exports")
	case trail.Setup:
		return v.Say("设置", "set-up")
	case trail.Looks:
		return v.Say("查看个人信息", "looks at personal data")
	case trail.Privacy:
		return v.Say("个人信息权利", "rights of persons")
	}
	return string(b)
}

// actNames are the acts of the books, beside those of posts.
var actNames = map[string]lang.Text{ // never changed
	"signed-in":              lang.T("登录", "signed in"),
	"sign-in-refused":        lang.T("登录没成", "a sign-in was refused"),
	"second-refused":         lang.T("第二步没通过", "the second step was refused"),
	"recovery-used":          lang.T("用了恢复码", "a recovery code was used"),
	"recovery-made":          lang.T("换了恢复码", "recovery codes were made"),
	"factor-added":           lang.T("加了登录凭证", "a factor was added"),
	"factor-removed":         lang.T("去掉了登录凭证", "a factor was removed"),
	"password-changed":       lang.T("改了密码", "the password was changed"),
	"session-ended":          lang.T("结束了一次登录", "a session was ended"),
	"account-added":          lang.T("开了账号", "an account was added"),
	"account-invited":        lang.T("发了邀请", "an invitation was made"),
	"account-closed":         lang.T("停了账号", "an account was closed"),
	"account-opened":         lang.T("恢复了账号", "an account was opened again"),
	"account-unlocked":       lang.T("解除了登录等待", "an account was unlocked"),
	"factors-reset":          lang.T("重置了登录凭证", "factors were reset"),
	"provider-bound":         lang.T("绑定了统一登录", "an account was bound to a provider"),
	"provider-unbound":       lang.T("解绑了统一登录", "an account was unbound from a provider"),
	"key-added":              lang.T("发了密钥", "a key was made"),
	"peer-added":             lang.T("接上了一个 Open311 接口", "an Open311 server was connected"),
	"peer-ended":             lang.T("停了一个 Open311 接口", "an Open311 server was ended"),
	"peer-resumed":           lang.T("恢复了一个 Open311 接口", "an Open311 server was resumed"),
	"worded":                 lang.T("改了通知措辞", "a wording of messages was changed"),
	"worded-back":            lang.T("恢复了通知的原措辞", "a wording was set back"),
	"message-again":          lang.T("重发了一条消息", "a message was sent again"),
	"key-ended":              lang.T("停了密钥", "a key was ended"),
	"exported":               lang.T("导出了表格", "a table was taken out"),
	"moved-out":              lang.T("把整个区导出了", "the whole district was taken out"),
	"moved-in":               lang.T("整个区从别处装了进来", "the whole district was brought in from elsewhere"),
	"published":              lang.T("区域、单位或事项有变动", "areas, units or matters changed"),
	"imported":               lang.T("导入了表格", "tables were brought in"),
	"import-begun":           lang.T("开始导入", "tables began to be brought in"),
	"import-stopped":         lang.T("导入中途停了", "bringing in tables was stopped"),
	"import-failed":          lang.T("导入没有做完", "bringing in tables failed"),
	"learned":                lang.T("学了派遣规则", "routing rules were learned"),
	"look":                   lang.T("查看了遮住的信息", "looked at masked data"),
	"hold-put":               lang.T("依法留存", "a legal hold was put"),
	"hold-lifted":            lang.T("解除留存", "a legal hold was lifted"),
	"removed":                lang.T("到期删除", "removed as their time was over"),
	"erased":                 lang.T("依法删除了文字", "words were erased by law"),
	"calendar-address-made":  lang.T("做了期限的日历地址", "a calendar address of deadlines was made"),
	"calendar-address-ended": lang.T("停了期限的日历地址", "a calendar address of deadlines was ended"),
	"calendar-set":           lang.T("设置了日历", "a calendar was set"),
	"calendar-dropped":       lang.T("去掉了日历", "a calendar was dropped"),
	"hook-added":             lang.T("加了推送地址", "a webhook was added"),
	"hook-rotated":           lang.T("换了推送的签名密钥", "the secret of a webhook was changed"),
	"hook-paused":            lang.T("停了推送", "a webhook was paused"),
	"hook-resumed":           lang.T("恢复了推送", "a webhook was resumed"),
	"hook-tried":             lang.T("试推了一条", "a webhook was tried"),
	"hook-resent":            lang.T("重推了没推到的", "deliveries of a webhook were sent again"),
	"hook-replayed":          lang.T("从早先的位置再推一遍", "a webhook was sent again what came before"),
	"hook-ended":             lang.T("删了推送地址", "a webhook was removed"),
	"delay-asked":            lang.T("申请推迟告知本人", "asked to tell the person later"),
	"delay-granted":          lang.T("批准推迟告知", "telling later was granted"),
	"delay-refused":          lang.T("没有批准推迟告知", "telling later was refused"),
	"asked":                  lang.T("本人提出个人信息请求", "a request about personal data"),
	"granted":                lang.T("同意了请求", "the request was granted"),
	"refused":                lang.T("没有同意请求", "the request was refused"),
	"carried-out":            lang.T("执行了请求", "the request was carried out"),
	"fetched":                lang.T("本人取走了复制件", "the copy was fetched"),
	"consented":              lang.T("本人同意", "consent was given"),
	"withdrew":               lang.T("本人撤回同意", "consent was withdrawn"),
	"proxy-made":             lang.T("登记了代办", "authority to act was given"),
	"proxy-ended":            lang.T("结束了代办", "authority to act ended"),
	"proxy-acted":            lang.T("代办人办了一件事", "something was done by authority"),
	"proxy-ended-at-counter": lang.T("窗口结束了代办", "authority to act was ended at the counter"),
	"account-deleted":        lang.T("居民注销了账号", "a resident's account was deleted"),
}

func actText(v *page.View, act string) string {
	if t, ok := actNames[act]; ok {
		return t.In(v.Lang)
	}
	return supervise.ActText(act).In(v.Lang)
}

// factorNames are the ways to show who one is.
var factorNames = map[string]lang.Text{ // never changed
	"password": lang.T("密码", "password"), "code": lang.T("手机验证码", "code app"), "recovery": lang.T("恢复码", "recovery code"),
	"passkey": lang.T("通行密钥", "passkey"), "provider": lang.T("统一登录", "another house"), "vouched": lang.T("统一登录的第二步", "its second step"),
}

// eachText names every word of a list; one without a name stays as it is.
func eachText(v *page.View, list string, name func(string) lang.Text) string {
	words := strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' })
	for i, one := range words {
		if t := name(one); !t.IsZero() {
			words[i] = t.In(v.Lang)
		}
	}
	return strings.Join(words, v.Say("、", ", "))
}

// whoText is who did it: a person, or by which way somebody without a name here.
func whoText(v *page.View, e trail.Entry) string {
	switch {
	case e.Person != "":
		return personName(v, org.PersonID(e.Person))
	case e.Detail["by"] == org.CommandLine:
		return v.Say("命令行", "command line")
	}
	return v.Say("系统或居民", "the program or a resident")
}

// postText is the post it was done in.
func postText(v *page.View, e trail.Entry) string {
	p, ok := v.District.Org.Post(org.PostID(e.Post))
	if !ok {
		return ""
	}
	return v.RoleName(string(p.Role)) + v.Say("，", ", ") + v.UnitName(string(p.Unit))
}

// factNames are the details that an entry may have, as people call them.
var factNames = map[string]lang.Text{ // never changed
	"person": lang.T("人员", "person"), "for": lang.T("代谁", "for"), "role": lang.T("角色", "role"), "unit": lang.T("单位", "unit"),
	"area": lang.T("区域", "area"), "from": lang.T("从", "from"), "to": lang.T("到", "to"), "at": lang.T("生效", "as of"), "keeps": lang.T("本人保留权限", "the holder keeps them"),
	"reason": lang.T("理由", "reason"), "note": lang.T("说明", "words"), "table": lang.T("表", "table"), "file": lang.T("文件", "file"), "added": lang.T("新增", "added"), "changed": lang.T("更新", "changed"),
	"same": lang.T("没变", "unchanged"), "skipped": lang.T("跳过", "left out"), "lines": lang.T("行号", "lines"), "pack": lang.T("配置包", "pack"), "settings": lang.T("基本设置", "settings"),
	"what": lang.T("什么", "what"), "filter": lang.T("条件", "filter"), "rows": lang.T("行数", "rows"), "login": lang.T("登录名", "login"),
	"name": lang.T("名称", "name"), "rights": lang.T("权限", "rights"), "expires": lang.T("到期", "expires"), "purpose": lang.T("目的", "purpose"), "fields": lang.T("字段", "fields"),
	"law": lang.T("依据", "by law"), "until": lang.T("到", "until"), "decision": lang.T("决定", "decision"), "relation": lang.T("关系", "relation"),
	"case": lang.T("案件", "case"), "how": lang.T("方式", "how"), "agent": lang.T("设备", "device"), "net": lang.T("网段", "network"), "device": lang.T("设备新旧", "device seen"), "rule": lang.T("规则", "rule"), "many": lang.T("条数", "how many"),
}

// detailText tells the details of an entry in words: names in place of ids,
// instants as people read them. What nobody needs to read is left out.
func detailText(v *page.View, e trail.Entry) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		title, known := factNames[name]
		if !known || e.Detail[name] == "" { // where there is nothing, nothing is said
			continue
		}
		parts = append(parts, title.In(v.Lang)+v.Say("：", ": ")+factText(v, name, e.Detail[name]))
	}
	for range e.Gone {
		parts = append(parts, v.Say("有文字已依法删除", "words were erased by law"))
	}
	return strings.Join(parts, v.Say("；", "; "))
}

func factText(v *page.View, name, value string) string {
	switch name {
	case "person", "for":
		return personName(v, org.PersonID(value))
	case "role":
		return v.RoleName(value)
	case "unit":
		return v.UnitName(value)
	case "area":
		return areaOf(v, value)
	case "purpose":
		if p, ok := v.District.Catalogue.Privacy().Purpose(value); ok {
			return p.Title.In(v.Lang)
		}
	case "fields":
		return look.FieldsText(strings.Split(value, ",")).In(v.Lang)
	case "rights":
		return eachText(v, value, func(one string) lang.Text { return rights.Right(one).Title() })
	case "how":
		return eachText(v, value, func(one string) lang.Text { return factorNames[one] })
	case "device":
		return v.Say("没用过的", "not seen before")
	case "expires":
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return v.MomentText(at)
		}
	case "from", "to", "at", "until":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return v.MomentText(time.UnixMicro(n))
		}
	case "keeps", "settings":
		if value == "yes" {
			return v.Say("是", "yes")
		}
		return v.Say("否", "no")
	}
	return value
}

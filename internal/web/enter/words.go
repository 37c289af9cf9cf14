package enter

import (
	"strings"

	"linli/internal/access"
	"linli/internal/lang"
	"linli/internal/web/page"
)

// when is text where a condition holds.
func when(holds bool, text string) string {
	if holds {
		return text
	}
	return ""
}

func usedText(v *page.View, k access.Passkey) string {
	if k.Used.IsZero() {
		return v.Say("%s 加的，还没用过", "added %s, not used yet", v.MomentText(k.Created))
	}
	return v.Say("%s 加的，最近用过 %s", "added %s, last used %s", v.MomentText(k.Created), v.MomentText(k.Used))
}

func deviceText(v *page.View, agent string) string {
	if agent == "" {
		return v.Say("认不出的设备", "a device we do not recognise")
	}
	return agent
}

// acts are the events of a person's sign-ins in plain words.
var acts = map[access.Act]lang.Text{
	access.SignedIn:        lang.T("登录了", "Signed in"),
	access.SignInRefused:   lang.T("有人用您的登录名试了一次，密码不对", "Somebody tried your login with a wrong password"),
	access.SecondRefused:   lang.T("密码对了，验证码不对：如果不是您，有人知道您的密码", "The password was right and the code was not: if that was not you, somebody knows your password"),
	access.RecoveryUsed:    lang.T("用掉了一个恢复码", "A recovery code was used"),
	access.RecoveryMade:    lang.T("换了新的恢复码", "New recovery codes were made"),
	access.FactorAdded:     lang.T("加了第二步验证", "A second step was added"),
	access.FactorRemoved:   lang.T("停用了第二步验证", "A second step was removed"),
	access.PasswordChanged: lang.T("改了密码", "The password was changed"),
	access.SessionEnded:    lang.T("结束了别处的登录", "A session elsewhere was ended"),
	access.KeyMade:         lang.T("给自己的程序做了一把密钥", "A key for a program of your own was made"),
	access.CalendarMade:    lang.T("做了一个期限的日历地址", "A calendar address of your deadlines was made"),
	access.CalendarEnded:   lang.T("停了一个期限的日历地址", "A calendar address of your deadlines was ended"),
	access.KeyEnded:        lang.T("停用了一把自己的密钥", "A key of your own was ended"),
}

// factors are the ways of showing who one is, in plain words.
var factors = map[access.Factor]lang.Text{
	access.ByPassword: lang.T("密码", "password"),
	access.ByCode:     lang.T("手机验证码", "code app"),
	access.ByRecovery: lang.T("恢复码", "recovery code"),
	access.ByPasskey:  lang.T("通行密钥", "passkey"),
	access.ByProvider: lang.T("统一身份认证", "single sign-on"),
	access.ByVouched:  lang.T("统一身份认证的第二步", "its second step"),
}

func eventText(v *page.View, e access.Event) string {
	said := acts[e.Act].In(v.Lang)
	var how []string
	for _, word := range strings.Fields(e.How) {
		if text, ok := factors[access.Factor(word)]; ok {
			how = append(how, text.In(v.Lang))
		}
	}
	if len(how) == 0 {
		return said
	}
	return said + v.Say("（", " (") + strings.Join(how, v.Say("、", ", ")) + v.Say("）", ")")
}

func whereText(v *page.View, e access.Event) string {
	parts := []string{v.MomentText(e.At), deviceText(v, e.From.Agent)}
	if e.From.Net != "" {
		parts = append(parts, v.Say("网络 %s", "network %s", e.From.Net))
	}
	return strings.Join(parts, v.Say("，", ", "))
}

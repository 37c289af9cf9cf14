package page

import (
	"strings"

	"linli/internal/access"
)

// From is where the request comes from, as far as it is kept.
func (v *View) From() access.From {
	return access.From{Agent: agent(v.R.UserAgent()), Net: access.Network(v.R.RemoteAddr)}
}

// named is a word in a browser's own name, and what people call it. The first
// that is found counts: Edge calls itself Chrome and Safari as well.
type named struct{ word, name string }

var browsers = []named{
	{"MicroMessenger", "WeChat"}, {"DingTalk", "DingTalk"}, {"Edg", "Edge"}, {"OPR", "Opera"}, {"QQBrowser", "QQ Browser"}, {"UCBrowser", "UC Browser"},
	{"HuaweiBrowser", "Huawei Browser"}, {"MiuiBrowser", "Xiaomi Browser"}, {"360", "360 Browser"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
	{"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
}

var systems = []named{
	{"HarmonyOS", "HarmonyOS"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"},
	{"UOS", "UOS"}, {"Kylin", "Kylin"}, {"Linux", "Linux"},
}

// agent is a browser and its system in plain words, such as Chrome · Windows:
// enough to know one's own again, and no version to tell people apart by.
func agent(header string) string {
	find := func(table []named) string {
		for _, one := range table {
			if strings.Contains(header, one.word) {
				return one.name
			}
		}
		return ""
	}
	switch browser, system := find(browsers), find(systems); {
	case browser == "":
		return system
	case system == "":
		return browser
	default:
		return browser + " · " + system
	}
}

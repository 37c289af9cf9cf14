package move

import (
	"slices"

	"linli/internal/channel"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/vault"
)

// carried are the tables that are the state of a district. Every table of the
// schema stands here or among left; a test holds that.
var carried = []string{
	"accounts", "admissions", "appeals", "areas", "arrival_parts", "arrivals", "calendar_addresses", "calendars", "cards", "case_serials", "cases", "consents",
	"data_copies", "data_requests", "deliveries", "devices", "disclosures", "documents", "duties", "figure_cases", "figures",
	"forms", "ground", "holds", "hooks", "jobs", "keys", "ledger", "look_days", "look_delays", "looks", "matters", "meeting_items",
	"meetings", "message_parts", "messages", "notice_texts", "notices_shown", "oidc_bindings", "order_evidence", "orders", "outlines", "packs",
	"passkeys", "peer_requests", "peers", "people", "period_cases", "periods", "posts", "procedures", "proxies", "ratings",
	"reckonings", "recovery_codes", "removals", "reports", "residents", "restrictions", "reviews", "routes", "rulebooks",
	"saved_filters", "settings", "standins", "supplements", "tasks", "totals", "totps", "trail", "trail_checkpoints",
	"trail_leaves", "trail_roots", "trail_words", "unit_areas", "unit_days", "units", "ways", "years",
}

// left are the tables that stay behind, and why.
var left = []struct {
	table string
	why   lang.Text
}{
	{"case_docs", lang.Text{ZH: "检索的行号，导入时重做", EN: "row numbers of the search index, which is made anew"}},
	{"case_text", lang.Text{ZH: "检索，导入时从案件重做", EN: "the search index, made anew from the cases"}},
	{"imports", lang.Text{ZH: "网页上的导入做到哪里，三十天删去；导进来的都在别的表里", EN: "how far imports from a page were, gone after thirty days; what they brought in is in the other tables"}},
	{"invitations", lang.Text{ZH: "一次性链接，指着原来的地址，几天就过期；另发", EN: "links good once, to the former address, over in days; given anew"}},
	{"repeats", lang.Text{ZH: "同一个请求的回答，记一天；密钥认的是原来的地址", EN: "answers to repeated requests, kept for a day, for keys used at the former address"}},
	{"resident_codes", lang.Text{ZH: "验证码，几分钟就过期", EN: "codes that are over in minutes"}},
	{"sessions", lang.Text{ZH: "会话只在原来的地址有效，各人重新登录", EN: "sessions are good at the former address only; people sign in again"}},
	{"wechat_drafts", lang.Text{ZH: "微信里还没写完的来件，一天内清；平台的回调指着原来的地址", EN: "reports not finished in WeChat, gone in a day; the platform calls the former address"}},
	{"wechat_talks", lang.Text{ZH: "平台重发时的同一句回答，几分钟就没用", EN: "answers given again to the platform, of no use after minutes"}},
	{"signin_failures", lang.Text{ZH: "猜错的次数，过一会就清", EN: "counts of failed sign-ins, which end by themselves"}},
}

// Left says which tables stay behind and why.
func Left() map[string]lang.Text {
	all := map[string]lang.Text{}
	for _, l := range left {
		all[l.table] = l.why
	}
	return all
}

// Carried lists the tables that go.
func Carried() []string { return slices.Sorted(slices.Values(carried)) }

// blind is a column that is the blind index of another, or of something that
// another table knows.
type blind struct {
	table, column string
	from          string // the sealed column of the same row; '' for elsewhere
	make          func(v *vault.Vault, plain string, of func(column string) string) string
}

// blinds are the blind indexes that go. Under other keys they are made anew. That
// of an arrival is borrowed from the way by which its writer was answered, or from
// its report. Those of the parts of a long text hold its parts together, which
// they do as they are; a part that comes here under other keys begins another text.
var blinds = []blind{
	{"reports", "phone_index", "phone", whole},
	{"reports", "tail_index", "phone", tail},
	{"residents", "phone_index", "phone", whole},
	{"ways", "address_index", "address", address},
	{"arrivals", "from_index", "", nil},
	{"arrival_parts", "id", "", nil},
	{"arrival_parts", "text", "", nil},
	{"data_requests", "phone_index", "", nil},
	{"holds", "ref", "", nil},
}

func whole(v *vault.Vault, plain string, _ func(string) string) string {
	return (&intake.Desk{Vault: v}).PhoneIndex(plain)
}

func tail(v *vault.Vault, plain string, _ func(string) string) string {
	return (&intake.Desk{Vault: v}).TailIndex(plain)
}

func address(v *vault.Vault, plain string, of func(string) string) string {
	return notice.IndexOf(v, channel.Name(of("channel")), plain)
}

// blindsOf are those of a table.
func blindsOf(table string) []blind {
	return slices.DeleteFunc(slices.Clone(blinds), func(b blind) bool { return b.table != table })
}

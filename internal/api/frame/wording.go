package frame

import (
	"strings"

	"linli/internal/lang"
)

// wordings say in both languages what huma says in its own English. The first
// whose beginning fits is taken; %s is what follows the beginning.
var wordings = []struct{ begin, zh, en string }{
	{"expected required property ", "缺少 %s。", "Missing: %s."},
	{"required ", "缺少这一项。", "This is required."},
	{"unexpected property", "没有这一项，可能写错了名字。", "There is no such property; its name may be mistyped."},
	{"unknown query parameter", "没有这个参数，可能写错了名字。", "There is no such parameter; its name may be mistyped."},
	{"expected boolean", "要写 true 或 false。", "This is true or false."},
	{"invalid boolean", "要写 true 或 false。", "This is true or false."},
	{"expected integer", "要写整数。", "This is a whole number."},
	{"invalid integer", "要写整数。", "This is a whole number."},
	{"expected number >= ", "不能小于 %s。", "This must be at least %s."},
	{"expected number <= ", "不能大于 %s。", "This must be at most %s."},
	{"expected number", "要写数字。", "This is a number."},
	{"invalid float", "要写数字。", "This is a number."},
	{"expected string to be base64", "照片要用 base64 编码。", "A photo is encoded in base64."},
	{"expected string to be RFC 3339", "时间要写成 2026-11-23T10:20:00Z。", "A time is written 2026-11-23T10:20:00Z."},
	{"invalid date/time", "时间要写成 2026-11-23T10:20:00Z。", "A time is written 2026-11-23T10:20:00Z."},
	{"expected string", "要写文字。", "This is text."},
	{"expected length <= ", "最多 %s 个字。", "At most %s characters."},
	{"expected length >= ", "至少 %s 个字。", "At least %s characters."},
	{"expected array length <= ", "最多 %s 个。", "At most %s of these."},
	{"expected array", "要写成列表。", "This is a list."},
	{"expected object", "要写成 JSON 对象。", "This is a JSON object."},
	{"expected value to be one of ", "只能是 %s 之一。", "One of %s."},
	{"request body is required", "请求里没有内容。", "The request has no body."},
	{"request body is too large", "内容超过 16 MB；照片多时请用 multipart/form-data。", "The body is over 16 MB; send many photos as multipart/form-data."},
	{"request body read timeout", "内容传得太慢，没收完。", "The body came too slowly to be read to its end."},
	{"cannot read request body", "内容没有收完。", "The body could not be read to its end."},
	{"unknown content type", "内容要写成 application/json。", "The body is application/json."},
	{"unexpected error", "系统出了点问题，不是您的错，请稍后再试。", "Something broke on our side; please try again later."},
}

// worded is a message of huma's in both languages.
func worded(message string) lang.Text {
	for _, w := range wordings {
		rest, ok := strings.CutPrefix(message, w.begin)
		if !ok {
			continue
		}
		if !strings.Contains(w.zh, "%s") {
			return lang.Text{ZH: w.zh, EN: w.en}
		}
		rest = Short(strings.TrimSuffix(rest, " to be present"))
		return lang.T(w.zh, w.en, rest)
	}
	return lang.T("读不出来：格式不对。", "This cannot be read: its form is not right.")
}

// Short bounds what is repeated of what was sent.
func Short(s string) string {
	if r := []rune(strings.ToValidUTF8(s, "?")); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return strings.ToValidUTF8(s, "?")
}

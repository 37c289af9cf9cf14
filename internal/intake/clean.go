package intake

import (
	"errors"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/ident"
	"linli/internal/lang"
)

// Channel is the way a report came.
type Channel string

// The channels.
const (
	Portal     Channel = "portal"
	Hotline    Channel = "hotline"
	Counter    Channel = "counter"
	GridWorker Channel = "grid-worker"
	Mail       Channel = "mail"    // written to an e-mailbox of the district
	SMS        Channel = "sms"     // a text message to its number
	WeChat     Channel = "wechat"  // to its official account
	Open311    Channel = "open311" // through GeoReport v2, by another program
	Machine    Channel = "machine"

	// Kept stands for the channel of a case where the channel would tell who
	// reported it. Nothing is sent by it.
	Kept Channel = "kept"
)

var channelText = map[Channel]lang.Text{
	Portal:     {ZH: "居民上报", EN: "Portal"},
	Hotline:    {ZH: "热线", EN: "Hotline"},
	Counter:    {ZH: "窗口", EN: "Counter"},
	GridWorker: {ZH: "网格员上报", EN: "Grid worker"},
	Mail:       {ZH: "电子邮件", EN: "E-mail"},
	SMS:        {ZH: "短信", EN: "Text message"},
	WeChat:     {ZH: "微信", EN: "WeChat"},
	Open311:    {ZH: "Open311 来件", EN: "Open311"},
	Machine:    {ZH: "系统转来", EN: "Other system"},
}

// Channels lists the channels in reading order.
func Channels() []Channel {
	return []Channel{Portal, Hotline, Counter, GridWorker, Mail, SMS, WeChat, Open311, Machine}
}

// Text names the channel for a person.
func (c Channel) Text() lang.Text {
	if text, ok := channelText[c]; ok {
		return text
	}
	if c == Kept {
		return lang.Text{ZH: "渠道保密", EN: "Channel kept secret"}
	}
	return lang.Text{ZH: string(c), EN: string(c)} // of an imported case
}

// What a sending may hold at most, in characters; forms say so.
const (
	TextMost    = 2000
	Open311Most = 6000 // GeoReport allows 4,000, and the answers to a form come after them
	AddressMost = 200
	nameMost    = 50
	senderMost  = 100
	matterMost  = 40
)

// clean trims and checks a sending, and reports every field that cannot be taken.
func (s *Sending) clean() error {
	var all []error
	bad := func(field, zh, en string, args ...any) {
		all = append(all, errs.New(errs.Invalid, zh, en, args...).At(field))
	}
	take := func(field string, value *string, most int, lines bool, zh, en string) {
		ok := !strings.ContainsRune(*value, utf8.RuneError) // also what a decoder put in place of it: words were lost
		*value = tidy(*value, lines)
		switch {
		case !ok:
			bad(field, "%[1]s里有认不出的字符，请用 UTF-8 编码。", "%[2]s holds characters that cannot be read; please use UTF-8.", zh, en)
		case utf8.RuneCountInString(*value) > most:
			bad(field, "%[1]s最多写 %[3]d 个字。", "%[2]s may hold up to %[3]d characters.", zh, en, most)
		}
	}
	if _, ok := channelText[s.Channel]; !ok {
		bad("channel", "没有这个渠道。", "There is no such channel.")
	}
	most := TextMost
	if s.Channel == Open311 {
		most = Open311Most
	}
	take("text", &s.Text, most, true, "情况说明", "The description")
	take("address", &s.Address, AddressMost, false, "地址", "The address")
	take("name", &s.Name, nameMost, false, "称呼", "The name")
	if strings.ContainsAny(s.Name, "*＊") {
		bad("name", "请写全称呼，不要用 * 代替：遮住的字不能写回来。", "Please write the whole name, without *: what is masked cannot be written back.")
	}
	take("matter", &s.Matter, matterMost, false, "事项代码", "The matter's code")
	take("sender", &s.Sender, senderMost, false, "来件编号", "The sender's reference")
	if s.Text == "" && s.Matter == "" {
		bad("text", "请说说是什么事。", "Please say what it is about.")
	}
	if s.Phone = strings.TrimSpace(s.Phone); s.Phone != "" {
		phone, err := ident.ParsePhone(s.Phone)
		if err != nil {
			bad("phone", "电话号码不对，例如 138 0000 0013 或 021-6622 1180。", "This is not a phone number; for example 138 0000 0013 or 021-6622 1180.")
		}
		s.Phone = string(phone)
	}
	if math.IsNaN(s.Point.Lon) || math.IsNaN(s.Point.Lat) || math.Abs(s.Point.Lon) > 180 || math.Abs(s.Point.Lat) > 90 {
		bad("point", "位置坐标不对：经度 -180 到 180，纬度 -90 到 90。", "The coordinates are not valid: longitude -180 to 180, latitude -90 to 90.")
		s.Point = geo.Point{}
	}
	if err := document.CheckCount(len(s.Photos)); err != nil {
		all = append(all, err)
	}
	return errors.Join(all...)
}

// tidy removes what a person cannot see and folds white space. Lines stay
// where the text may have them.
func tidy(s string, lines bool) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines, r == '\u200d': // the joiner is part of some emoji
			return r
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

package inbox

import (
	"strings"
	"time"

	"linli/internal/channel/wechat"
	"linli/internal/document"
	"linli/internal/geo"
	"linli/internal/intake"
	"linli/internal/lang"
)

// draft is a report that a follower is writing, message by message.
type draft struct {
	ID     string
	OpenID string
	Words  string
	Place  string
	Point  geo.Point
	Media  []string
	Began  time.Time
	Sent   time.Time // zero while it is being written
	talk   string
}

// empty reports whether nothing was written yet.
func (f draft) empty() bool {
	return f.Words == "" && f.Place == "" && f.Point == geo.Point{} && len(f.Media) == 0
}

// step puts a message to a draft and says what to answer; whole is true when it
// is to be sent, drop when it is to be forgotten. It asks for one thing at a
// time: what, where, and then whether there is more.
func step(f draft, m wechat.Message, w wish) (_ draft, whole, drop bool, answer lang.Text) {
	switch {
	case m.Kind == wechat.Text && w.do == cancel:
		if f.empty() {
			return f, false, true, helpText()
		}
		return f, false, true, lang.T("好，不报了，写过的都删了。", "All right, nothing is sent, and what you wrote is deleted.")
	case m.Kind == wechat.Text && w.do == send && f.Words != "":
		return f, true, false, lang.Text{}
	case m.Kind == wechat.Text && w.do == send && len(f.Media) > 0:
		f.Words = "（只发来照片）"
		return f, true, false, lang.Text{}
	case m.Kind == wechat.Text && w.do == send:
		return f, false, false, lang.T("还没写什么事。写一句就行，例如：修鞋铺门口的路灯不亮。", "What is it? One sentence will do, such as: the street lamp at the cobbler's is out.")
	case m.Kind == wechat.Text && m.Came.Text != "":
		f = f.said(m.Came.Text)
	case m.Kind == wechat.Picture && m.Media != "":
		if len(f.Media) >= document.MaxFiles {
			return f, false, false, lang.T("照片最多 %d 张，这张没有收。写“发”就送出。", "Up to %d pictures are taken; this one was left out. Write: send.", document.MaxFiles)
		}
		f.Media = append(f.Media, m.Media)
	case m.Kind == wechat.Place:
		f.Point = geo.Point{Lon: m.Came.Lon, Lat: m.Came.Lat}
		if f.Place == "" {
			f.Place = bound(m.Came.Text, intake.AddressMost)
		}
	default:
		return f, false, false, lang.T("这种消息看不了。请用文字、照片或位置。", "This kind of message cannot be read. Please use words, pictures or a place.")
	}
	return f, false, false, f.next()
}

// said takes words: first what it is, then, while there is no place, where.
func (f draft) said(text string) draft {
	switch {
	case f.Words == "":
		f.Words = bound(text, intake.TextMost)
	case f.Place == "" && f.Point == geo.Point{} && len([]rune(text)) <= placeMost:
		f.Place = bound(text, intake.AddressMost)
	default:
		f.Words = bound(f.Words+"\n"+text, intake.TextMost)
	}
	return f
}

// placeMost is how long words are that name a place; longer ones tell more.
const placeMost = 40

// next asks for what is missing.
func (f draft) next() lang.Text {
	switch {
	case f.Words == "":
		return lang.T("收到照片或位置了。是什么事？写一句就行。写“取消”就不报了。", "We have the picture or place. What is it? One sentence will do. Write: cancel, to stop.")
	case f.Place == "" && f.Point == geo.Point{}:
		return lang.T("记下了。在哪里？点“＋”发位置，或写地址。也可以再发照片。写“发”就送出，写“取消”就不报了。",
			"Noted. Where is it? Send a place, or write the address. Pictures help. Write: send, when that is all; cancel, to stop.")
	}
	return lang.T("记下了。还有就接着发，没有了写“发”就送出，写“取消”就不报了。", "Noted. Go on if there is more. Write: send, when that is all; cancel, to stop.")
}

func bound(text string, most int) string {
	r := []rune(strings.TrimSpace(strings.ToValidUTF8(text, "")))
	return string(r[:min(len(r), most)])
}

package proof

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"linli/internal/errs"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// logView is the log as its page shows it.
type logView struct {
	Signed string // the newest checkpoint; '' before the first
	Size   int64
	Origin string
	Key    string
	At     string // the address of the log
}

// show is the page for people.
func show(v *page.View) error {
	signer, err := v.House.Trail.Signer(v.District.Code)
	if err != nil {
		return err
	}
	s := logView{Origin: signer.Origin(), Key: signer.Key(), At: address(v)}
	s.Signed, s.Size, err = trail.NewestCheckpoint(v.Context(), v.House.DB, v.District.Code)
	if err != nil && !errors.Is(err, errs.NotFound) {
		return err
	}
	return v.Show(http.StatusOK, logPage(v, s))
}

// address is where others find the log, by the name that the reader came by.
func address(v *page.View) string {
	u := url.URL{Scheme: "http", Host: v.R.Host, Path: Home + v.District.Code}
	if v.House.Secure {
		u.Scheme = "https"
	}
	return u.String()
}

// bar is the top and the bottom of the page.
func bar(v *page.View) ui.ResidentBar {
	return ui.ResidentBar{
		Back: ui.Link{Text: v.Say("首页", "Home"), Href: "/"}, Home: "/",
		Foot: []ui.Link{{Text: v.Say("我们办得怎么样", "How we are doing"), Href: "/performance"}, {Text: v.Say("我的信息怎么用", "How my data is used"), Href: "/about/privacy"}},
	}
}

// a part is a paragraph of the page under its question.
type part struct{ Title, Text string }

func parts(v *page.View) []part {
	return []part{
		{v.Say("这是什么", "What this is"), v.Say(
			"每办一步，系统记一条：谁、什么时候、做了什么。每条都变成一个散列值，按先后排进这份公开日志，几秒钟签一次名。以后谁改了、删了、插了、换了其中任何一条，散列就对不上，签过名的旧检查点会说出来。",
			"Each thing done is written down: who, when, what. Each entry becomes a hash, which takes its place in this public log, signed every few seconds. Whoever changes, removes, adds or moves an entry later makes a hash differ, and the checkpoints signed before say so.")},
		{v.Say("里面有没有我的信息", "Is there anything about me in it"), v.Say(
			"没有。日志里只有加了盐的散列值，看不出内容，也试不出来。依法删掉的话，日志照样对得上。",
			"No. The log holds salted hashes alone; what they stand for can be neither read nor guessed. What is erased by law goes, and the log still adds up.")},
		{v.Say("我手里的回执怎么查", "How to check a receipt"), v.Say(
			"查进度的页面可以下载回执。把它和下面的公钥给任何一个会查 C2SP tlog-proof 的程序，不用联网也不用信我们。用 linli 查：",
			"The page of your report offers a receipt. Give it, with the key below, to any program that checks C2SP tlog-proof; it needs no network and no trust in us. With linli:")},
	}
}

// commands are what to type, in a shape that can be copied.
func commands(s logView) []string {
	return []string{
		"linli trail check receipt.tlog-proof --key '" + s.Key + "'",
		"linli trail verify --tiles " + s.At + " --key '" + s.Key + "'",
		"linli trail verify --tiles " + s.At + " --key '" + s.Key + "' --checkpoint kept.txt",
	}
}

// files are the addresses of the log.
func files(s logView) []string {
	return []string{s.At + "/checkpoint", s.At + "/key", s.At + "/tile/entries/000", s.At + "/tile/0/000"}
}

// origin of a key is all but its bytes, which is how people compare them.
func shortKey(key string) string {
	name, rest, _ := strings.Cut(key, "+")
	number, _, _ := strings.Cut(rest, "+")
	return name + " " + number
}

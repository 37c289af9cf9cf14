package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"linli/internal/channel"
	"linli/internal/channel/sms"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/notice"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

func wordings(v *page.View) error {
	all, err := v.House.Notices.Wordings(v.Context(), v.House.DB, v.District.Code)
	if err != nil {
		return err
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("通知措辞", "Wordings"), At: "/notices",
		Said: v.Say("告诉居民和单位的话，中文和英文。改了的就用本区的，不改的用配置包的。", "What residents and units are told, in Chinese and English: in the district's own words where it has some, else in the pack's."),
	}, wordingsPage(v, all))
}

// wordingView is one template with its preview.
type wordingView struct {
	Name     notice.Template
	Text     lang.Text
	Version  int
	Own      bool
	Base     lang.Text
	Versions []notice.Wording
	Previews []preview
	Problems map[string]string
	Mistakes []ui.FieldError
}

// preview is a wording as a channel tells it, with an example.
type preview struct {
	Channel channel.Name
	Subject string // of a mail
	Text    string
	News    bool // the channel may not tell enough, and says that there is news
	Said    string
}

func wording(v *page.View) error {
	s, err := wordingOf(v)
	if err != nil {
		return err
	}
	return s.show(v, http.StatusOK)
}

func wordingOf(v *page.View) (s wordingView, err error) {
	s.Name = notice.Template(v.R.PathValue("template"))
	if !slices.Contains(notice.Templates(), s.Name) {
		return s, errs.New(errs.NotFound, "没有这个模板。", "There is no such template.")
	}
	if s.Versions, err = notice.Versions(v.Context(), v.House.DB, v.District.Code, s.Name); err != nil {
		return s, err
	}
	s.Base = v.House.Notices.Base(s.Name)
	s.Text = s.Base
	if len(s.Versions) > 0 {
		s.Version, s.Own = s.Versions[0].Version, s.Versions[0].Own()
		if s.Own {
			s.Text = s.Versions[0].Text
		}
	}
	return s, nil
}

func (s wordingView) show(v *page.View, status int) error {
	if len(s.Mistakes) == 0 {
		s.preview(v)
	}
	return show(v, status, head{
		Title: templateName(v, s.Name), At: "/notices", Path: []ui.Link{{Text: v.Say("通知措辞", "Wordings"), Href: wordingsPath}, {Text: templateName(v, s.Name)}},
		Said: v.Say("花括号里是办件的事实，方括号里的整段在事实不知道时不写。", "Facts of the case stand in { }; a part in [ ] is left out where a fact in it is not known."),
	}, wordingPage(v, s))
}

// example are the facts of previews: of nobody.
func example(v *page.View) notice.Facts {
	return notice.Facts{Number: "261123-01478", Title: lang.T("路灯不亮", "Street light out"), Place: lang.T("桂香路", "Guixiang Road"), Due: lang.T("11月24日 周二 17:30前", "Tue 24 Nov, 17:30"),
		Unit: lang.T("市政养护中心", "Road maintenance centre"), Reason: v.Say("要等配件", "A part is on order"), Answer: v.Say("灯头换好了", "The lamp was replaced"), Link: "/track/261123-01478"}
}

func (s *wordingView) preview(v *page.View) {
	for _, name := range []channel.Name{channel.Portal, channel.SMS, channel.Mail, channel.WeChat, channel.Push} {
		text, news, err := v.House.Notices.Preview(s.Name, s.Text, example(v), name, true)
		if err != nil {
			fields, list, ok := v.FieldErrors(err)
			if ok {
				s.Problems, s.Mistakes = fields, list
			}
			return
		}
		p := preview{Channel: name, Text: text.In(v.Lang), News: news}
		switch name {
		case channel.SMS:
			n := len(sms.Parts(p.Text))
			p.Said = v.Say("%[1]d 字，算 %[2]d 条短信", "%[1]d characters, %[2]d text messages", len([]rune(p.Text)), n)
		case channel.Mail:
			p.Subject = v.Say("您反映的事，编号 261123-01478", "Your report, number 261123-01478")
		}
		s.Previews = append(s.Previews, p)
	}
}

// reword keeps a wording, shows how it would look, or has the pack's again.
func reword(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	s, err := wordingOf(v)
	if err != nil {
		return err
	}
	f := v.R.PostForm
	seen, err := strconv.Atoi(f.Get("version"))
	if err != nil {
		return errs.New(errs.Invalid, "表单不完整，请重新打开。", "The form is not whole; please open it again.")
	}
	text := lang.Text{ZH: strings.TrimSpace(f.Get("text-zh")), EN: strings.TrimSpace(f.Get("text-en"))}
	switch f.Get("do") {
	case "preview":
		s.Text = text
		if s.preview(v); len(s.Mistakes) > 0 {
			return s.show(v, page.Status(errs.Invalid))
		}
		s.Previews = nil
		return s.show(v, http.StatusOK)
	case "back":
		text = lang.Text{}
	default:
		if text.IsZero() {
			err = errs.New(errs.Invalid, "中文和英文都要写。", "Write both Chinese and English.").At("text-zh")
		}
	}
	if err == nil {
		err = s.keep(v, text, seen)
	}
	if err == nil {
		return v.GoSaying(wordingsPath+"/"+string(s.Name), "记下了，从现在起这样说。", "Kept; it is said so from now on.")
	}
	fields, list, ok := v.FieldErrors(err)
	if !ok {
		return err
	}
	s.Text, s.Problems, s.Mistakes = text, fields, list
	return s.show(v, page.Status(err))
}

func (s wordingView) keep(v *page.View, text lang.Text, seen int) error {
	return v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return v.House.Notices.Reword(v.Context(), tx, v.District.Code, v.Acting(rights.SetupImport, 0).By, s.Name, text, seen)
	})
}

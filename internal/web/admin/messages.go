package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/inbox"
	"linli/internal/notice"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

const (
	messagesPath = home + "/messages"
	wordingsPath = home + "/notices"
)

// noticeRoutes are the pages of what people are told: in which words, and
// whether it reached them.
func noticeRoutes(mux *http.ServeMux, h *page.House) {
	mux.Handle("GET "+messagesPath, h.Staff(rights.SetupImport, messages, rights.AuditSee))
	mux.Handle("POST "+messagesPath+"/{id}/again", h.Staff(rights.SetupImport, messageAgain))
	mux.Handle("GET "+wordingsPath, h.Staff(rights.SetupImport, wordings))
	mux.Handle("GET "+wordingsPath+"/{template}", h.Staff(rights.SetupImport, wording))
	mux.Handle("POST "+wordingsPath+"/{template}", h.Staff(rights.SetupImport, reword))
}

// messagesShown is how many one page lists.
const messagesShown = 50

// messagesView is what went out, and what came in.
type messagesView struct {
	Sought notice.Sought
	Day    string // empty: the last thirty
	Rows   []notice.Message
	Cases  map[casework.ID]casework.Face // those that rows are about, by id
	Why    map[notice.ID]string
	Counts []notice.Count
	Came   []inbox.Took
	Older  string // address of the next page
}

func messages(v *page.View) error {
	q := v.R.URL.Query()
	s := messagesView{Sought: notice.Sought{Channel: channel.Name(q.Get("channel")), State: notice.State(q.Get("state")), Before: notice.ID(q.Get("before"))}, Day: q.Get("day")}
	if !slices.Contains(append(outside(), ""), s.Sought.Channel) || !slices.Contains(append(messageStates(), ""), s.Sought.State) {
		return errs.New(errs.Invalid, "没有这个渠道或状态。", "There is no such channel or state.")
	}
	s.Sought.From, s.Sought.To = v.Now.AddDate(0, 0, -30), v.Now.Add(time.Minute)
	if s.Day != "" {
		day, err := clock.ParseDate(s.Day)
		if err != nil {
			return err
		}
		zone := v.District.Calendar.Zone()
		s.Sought.From, s.Sought.To = day.Start(zone), day.Add(1).Start(zone)
	}
	if err := s.read(v); err != nil {
		return err
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("发出的消息", "Messages"), At: "/messages",
		Said: v.Say("网页以外发给居民和工作人员的每一条：发到哪里（打码）、到没到、为什么没到。保密的件只写哪一天、到没到。", "Each message to residents and staff beside the pages: where it went (masked), whether it arrived, and why not. Of a secret case it has the day, and whether it arrived."),
	}, messagesPage(v, s))
}

func (s *messagesView) read(v *page.View) (err error) {
	ctx, r, code := v.Context(), v.House.DB, v.District.Code
	if s.Rows, err = notice.Gone(ctx, r, code, s.Sought, messagesShown+1); err != nil {
		return err
	}
	if len(s.Rows) > messagesShown {
		s.Rows = s.Rows[:messagesShown]
		q := v.R.URL.Query()
		q.Set("before", string(s.Rows[messagesShown-1].ID))
		s.Older = messagesPath + "?" + q.Encode()
	}
	if s.Why, err = notice.Why(ctx, r, code); err != nil {
		return err
	}
	if s.Counts, err = notice.Counts(ctx, r, code, s.Sought.From, s.Sought.To); err != nil {
		return err
	}
	if s.Came, err = inbox.Arrivals(ctx, r, code, s.Sought.Channel, s.Sought.From, s.Sought.To, messagesShown); err != nil {
		return err
	}
	return s.about(v)
}

// about reads the cases that rows are about. What came to a secret one is not
// listed by channel, as what went out is not: the list would say which it was.
func (s *messagesView) about(v *page.View) error {
	ids := make([]string, 0, len(s.Rows)+len(s.Came))
	for _, m := range s.Rows {
		ids = append(ids, m.Case)
	}
	for _, t := range s.Came {
		ids = append(ids, string(t.Case))
	}
	var err error
	if s.Cases, err = casework.Faces(v.Context(), v.House.DB, v.District.Code, ids); err != nil {
		return err
	}
	if s.Sought.Channel != "" {
		s.Came = slices.DeleteFunc(s.Came, func(t inbox.Took) bool { return s.Cases[t.Case].Secret })
	}
	return nil
}

// when is the moment of a row, of a secret case the day alone: the moment beside a
// masked address would say who reported it.
func (s *messagesView) when(v *page.View, id string, at time.Time) string {
	return v.MomentOrDay(at, s.secret(id))
}

func (s *messagesView) secret(id string) bool { return s.Cases[casework.ID(id)].Secret }

// where is an address as a row shows it, with its channel; of a secret case
// neither.
func (s *messagesView) where(v *page.View, id, shown string, name channel.Name) ui.Cell {
	if s.secret(id) {
		return ui.Cell{Text: v.Say("保密", "kept secret")}
	}
	return ui.Cell{Text: shown, Sub: channelName(v, name)}
}

// why says what is known of a message that did not arrive.
func (s *messagesView) why(m notice.Message) string {
	if s.secret(m.Case) {
		return "" // each channel has words of its own
	}
	if m.State == notice.Queued {
		return s.Why[m.ID]
	}
	return m.Error
}

// sendable reports whether a message may be sent once more by hand.
func sendable(m notice.Message) bool {
	return m.Template != notice.SignInCode && (m.State == notice.Failed || m.State == notice.Queued) // of a code no words are kept
}

func messageAgain(v *page.View) error {
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return v.House.Notices.Again(v.Context(), tx, v.District.Code, v.Acting(rights.SetupImport, 0).By, notice.ID(v.R.PathValue("id")))
	})
	if err != nil {
		return err
	}
	return v.GoSaying(messagesPath, "正在再发一次。", "It is being sent again.")
}

// outside are the channels beside the pages.
func outside() []channel.Name {
	return []channel.Name{channel.SMS, channel.Mail, channel.WeChat, channel.Push}
}

func messageStates() []notice.State {
	return []notice.State{notice.Queued, notice.Sent, notice.Delivered, notice.Failed}
}

func channelName(v *page.View, name channel.Name) string {
	switch name {
	case channel.SMS:
		return v.Say("短信", "Text message")
	case channel.Mail:
		return v.Say("邮件", "E-mail")
	case channel.WeChat:
		return v.Say("微信", "WeChat")
	case channel.Push:
		return v.Say("浏览器推送", "Web push")
	}
	return v.Say("网页", "Pages")
}

func stateName(v *page.View, s notice.State) string {
	switch s {
	case notice.Queued:
		return v.Say("等着发", "waiting")
	case notice.Sent:
		return v.Say("已交出", "handed over")
	case notice.Delivered:
		return v.Say("送到了", "delivered")
	}
	return v.Say("没送到", "failed")
}

func outcomeName(v *page.View, o inbox.Outcome) string {
	switch o {
	case inbox.Reported:
		return v.Say("记为新件", "a new report")
	case inbox.Added:
		return v.Say("补到原件", "added to its case")
	case inbox.Returned:
		return v.Say("退信或回执", "a bounce or receipt")
	case inbox.Stopped:
		return v.Say("退订", "asked for no more")
	case inbox.Refused:
		return v.Say("收不下，已告知", "refused, told why")
	}
	return v.Say("程序发的，不回", "by a program, not answered")
}

// stateCounts are how many of the time stand in each state, as a sentence a
// channel.
func (s *messagesView) stateCounts(v *page.View) (all []ui.Fact) {
	for _, name := range outside() {
		total, words := 0, ""
		for _, state := range messageStates() {
			for _, c := range s.Counts {
				if c.Channel == name && c.State == state {
					if words != "" {
						words += v.Say("，", ", ")
					}
					total, words = total+c.N, words+stateName(v, state)+" "+strconv.Itoa(c.N)
				}
			}
		}
		if total > 0 {
			all = append(all, ui.Fact{Name: channelName(v, name), Value: strconv.Itoa(total), Sub: words, Strong: true})
		}
	}
	return all
}

// caseLink leads to a case on the desk.
func caseLink(number string) string { return "/desk/cases/" + url.PathEscape(number) }

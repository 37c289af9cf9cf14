package inbox

import (
	"context"
	"errors"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/channel/sms"
	"linli/internal/channel/wechat"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/job"
	"linli/internal/lang"
)

// WeChatJob makes a report of what a follower has sent: an outside job, since the
// pictures are fetched from the platform.
const WeChatJob = "wechat-report"

// Converse takes in what a follower of the account did, and gives the words to
// answer at once; none is nothing to say. The same message again is answered the
// same and does nothing.
func (b *Box) Converse(ctx context.Context, d *district.District, m wechat.Message) (reply string, err error) {
	defer errs.Wrap(&err, "inbox.Converse(%s)", m.Kind)
	m.Came.Text = bounded(m.Came.Text)
	l, w := Letter{Came: m.Came}, wish{}
	if m.Kind == wechat.Text {
		w = wishOf(m.Came.Text)
	}
	talk := b.indexOf(l)
	switch m.Kind {
	case wechat.Delivered:
		return "", b.deliveryTold(ctx, d, m)
	case wechat.Other:
		return lang.T("这种消息看不了。请用文字、照片或位置。", "This kind of message cannot be read. Please use words, pictures or a place.").ZH, nil
	}
	var sent draft
	err = b.Desk.DB.Write(ctx, func(tx *db.Tx) (err error) {
		sent = draft{}
		before := false
		if reply, before, err = b.answeredBefore(ctx, tx, d.Code, talk, m.Came.Ref); err != nil || before {
			return err
		}
		text, err := b.converse(ctx, tx, d, l, m, w, &sent)
		if err != nil {
			return err
		}
		reply = text.In(spokenHere(m.Came.Text))
		return b.answer(ctx, tx, d.Code, talk, m.Came.Ref, reply)
	})
	if err != nil || sent.ID == "" || len(sent.Media) > 0 {
		return reply, err
	}
	return b.atOnce(ctx, d, m, sent, reply), nil
}

// spokenHere is the language to answer in: English to who writes letters, Chinese
// to everybody else, also to pictures.
func spokenHere(text string) lang.Lang {
	if text == "" {
		return lang.ZH
	}
	return spoken(text)
}

// converse does one message in a transaction.
func (b *Box) converse(ctx context.Context, tx *db.Tx, d *district.District, l Letter, m wechat.Message, w wish, sent *draft) (answer lang.Text, err error) {
	switch {
	case m.Kind == wechat.Follow:
		hello := lang.T("您好。", "Hello.")
		return lang.Text{ZH: hello.ZH + helpText().ZH, EN: hello.EN + " " + helpText().EN}, nil
	case m.Kind == wechat.Unfollow || w.do == stop:
		_, err := b.Notices.EndAddress(ctx, tx, d.Code, channel.WeChat, l.From)
		return lang.T("好，不再发消息给您。您反映过的事照常办。", "All right, you will hear no more. What you reported goes on."), err
	case w.do == help:
		return helpText(), nil
	case w.do == look, w.do == rate:
		if answer, done, err := b.asked(ctx, tx, d, l, w); err != nil || done {
			return answer, err
		}
	}
	f, fresh, err := b.writing(ctx, tx, d.Code, b.indexOf(l), l.From)
	if err != nil {
		return lang.Text{}, err
	}
	f, whole, drop, answer := step(f, m, w)
	switch {
	case drop && !fresh:
		return answer, dropDraft(ctx, tx, d.Code, f.ID)
	case drop || f.empty():
		return answer, nil
	case whole:
		f.Sent = tx.Now
		*sent = f
		answer = lang.T("送出了，编号马上发给您。", "It is sent; its number follows.")
		if err := job.Add(ctx, tx, d.Code, WeChatJob, "wechat/"+f.ID, struct{}{}, tx.Now); err != nil {
			return answer, err
		}
	}
	return answer, b.putDraft(ctx, tx, d.Code, f, fresh)
}

// asked answers a question on a case, or takes the word on one.
func (b *Box) asked(ctx context.Context, tx *db.Tx, d *district.District, l Letter, w wish) (answer lang.Text, done bool, err error) {
	c, r, err := b.own(ctx, tx, d, l, w)
	switch {
	case errors.Is(err, errs.NotFound) && w.do == look:
		return noneText(), true, nil
	case errors.Is(err, errs.NotFound):
		return answer, false, nil // words that are about nothing of theirs
	case err != nil:
		return answer, false, err
	case w.do == look:
		return b.standing(d, c), true, nil
	}
	if err := b.rated(ctx, tx, d, c, r, w); err != nil {
		if errors.Is(err, errNoRating) {
			return answer, false, nil
		}
		return answer, false, err
	}
	return thanks(), true, nil
}

// deliveryTold notes whether a template message arrived.
func (b *Box) deliveryTold(ctx context.Context, d *district.District, m wechat.Message) error {
	state := channel.Delivered
	if m.Failed != "" {
		state = channel.Failed
	}
	return b.hearReport(ctx, d.Code, channel.WeChat, sms.Report{Ref: m.Ref, State: state, Why: m.Failed, Gone: m.Gone})
}

// atOnce makes the report while the follower waits, and gives its number. Where
// it cannot, the job does it.
func (b *Box) atOnce(ctx context.Context, d *district.District, m wechat.Message, f draft, reply string) string {
	t, err := b.post(ctx, d, f, nil, nil)
	if err != nil {
		return reply
	}
	text := refusedText()
	if t.Case != "" {
		c, err := casework.ByID(ctx, b.Desk.DB, d.Code, t.Case)
		if err != nil {
			return reply
		}
		stands := b.standing(d, c)
		text = lang.Text{ZH: "收到了。" + stands.ZH, EN: "Received. " + stands.EN}
	}
	told := text.In(spokenHere(m.Came.Text))
	err = b.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		return b.answer(ctx, tx, d.Code, f.talk, m.Came.Ref, told)
	})
	if err != nil { // the same message again would get the shorter answer
		return reply
	}
	return told
}

func refusedText() lang.Text {
	return lang.T("这件没有收下，原因马上发给您。", "It could not be taken in; the reason follows.")
}

// post makes a report of a draft that was sent, and drops the draft. A second
// time it finds what the first has made.
func (b *Box) post(ctx context.Context, d *district.District, f draft, pictures []channel.Picture, dropped []channel.Left) (Took, error) {
	l := Letter{Came: channel.Came{Channel: channel.WeChat, Ref: f.ID, From: f.OpenID, Text: f.Words, Pictures: pictures, At: f.Sent}, Address: f.Place, Dropped: dropped}
	if f.Point != (geo.Point{}) {
		l.Lon, l.Lat = f.Point.Lon, f.Point.Lat
	}
	t, err := b.Take(ctx, d, l)
	if err != nil {
		return t, err
	}
	return t, b.Desk.DB.Write(ctx, func(tx *db.Tx) error { return dropDraft(ctx, tx, d.Code, f.ID) })
}

// picturesTries is how often the platform is asked for the pictures of a report.
// A report without them is better than none.
const picturesTries = 4

// PrepareWeChat makes the report of a WeChatJob.
func (b *Box) PrepareWeChat(from *wechat.Account) func(ctx context.Context, r db.Reader, d *district.District, j job.Job) (job.Handler, error) {
	return func(ctx context.Context, r db.Reader, d *district.District, j job.Job) (h job.Handler, err error) {
		defer errs.Wrap(&err, "inbox.PrepareWeChat(%s)", j.Key)
		done := func(context.Context, *db.Tx, job.Job) error { return nil }
		f, err := b.draftByID(ctx, r, d.Code, j.Key[len("wechat/"):])
		if errors.Is(err, errs.NotFound) {
			return done, nil // it is a report already
		}
		if err != nil {
			return nil, err
		}
		var pictures []channel.Picture
		var dropped []channel.Left
		for _, media := range f.Media {
			p, err := from.Picture(ctx, media)
			switch {
			case err == nil:
				pictures = append(pictures, p)
			case !errors.Is(err, errs.NotFound) && j.Attempts < picturesTries:
				return nil, err
			default:
				dropped = append(dropped, channel.Left{Why: channel.NotFetched})
			}
		}
		_, err = b.post(ctx, d, f, pictures, dropped)
		return done, err
	}
}

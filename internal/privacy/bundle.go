package privacy

import (
	"time"

	"linli/internal/casework"
	"linli/internal/look"
	"linli/internal/notice"
)

// Bundle is everything that linli holds of one person, as a copy gives it. It is
// a document for people and machines outside, so it has names of its own.
type Bundle struct {
	Made     time.Time       `json:"made"`
	District string          `json:"district"`
	Account  *bundleAccount  `json:"account,omitempty"`
	Reports  []bundleReport  `json:"reports"`
	Consents []bundleConsent `json:"consents,omitempty"`
	Notices  []bundleNotice  `json:"notices_shown,omitempty"`
	Proxies  []bundleProxy   `json:"proxies,omitempty"`
	Sessions []bundleSession `json:"sessions,omitempty"`
	Requests []bundleRequest `json:"requests,omitempty"`
}

type bundleAccount struct {
	Name  string    `json:"name,omitempty"`
	Phone string    `json:"phone"`
	Lang  string    `json:"language"`
	Made  time.Time `json:"made"`
	Seen  time.Time `json:"last_signed_in,omitzero"`
}

type bundleReport struct {
	Number   string          `json:"number"`
	Title    string          `json:"title"`
	At       time.Time       `json:"at"`
	Channel  string          `json:"channel"`
	Name     string          `json:"name,omitempty"`
	Phone    string          `json:"phone,omitempty"`
	Text     string          `json:"text"`
	Address  string          `json:"address,omitempty"`
	Lon      float64         `json:"longitude,omitzero"`
	Lat      float64         `json:"latitude,omitzero"`
	State    string          `json:"state"`
	Closed   time.Time       `json:"closed,omitzero"`
	Supplied []bundleWords   `json:"supplied,omitempty"`
	Ratings  []bundleRating  `json:"ratings,omitempty"`
	Messages []bundleMessage `json:"messages,omitempty"`
	Looks    []bundleLook    `json:"looks,omitempty"`
}

type bundleWords struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

type bundleRating struct {
	At    time.Time `json:"at"`
	Grade int       `json:"grade"`
	Text  string    `json:"text,omitempty"`
}

type bundleMessage struct {
	At time.Time `json:"at"`
	ZH string    `json:"zh"`
	EN string    `json:"en"`
}

type bundleLook struct {
	At      time.Time `json:"at"`
	Unit    string    `json:"unit"`
	Purpose string    `json:"purpose,omitempty"`
	Fields  []string  `json:"fields"`
}

type bundleConsent struct {
	Name      string    `json:"name"`
	Version   int       `json:"version"`
	Given     time.Time `json:"given"`
	Withdrawn time.Time `json:"withdrawn,omitzero"`
}

type bundleNotice struct {
	Notice  string    `json:"notice"`
	Version int       `json:"version"`
	At      time.Time `json:"at"`
}

type bundleProxy struct {
	Role     string    `json:"role"` // whether the person acts, or is acted for; the other's name is not the person's
	Relation string    `json:"relation"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
	Ended    time.Time `json:"ended,omitzero"`
}

type bundleSession struct {
	Began time.Time `json:"began"`
	Seen  time.Time `json:"last_used"`
	Agent string    `json:"device"`
}

type bundleRequest struct {
	Kind  string    `json:"kind"`
	Asked time.Time `json:"asked"`
	State string    `json:"state"`
	Law   string    `json:"law,omitempty"`
	Done  time.Time `json:"done,omitzero"`
}

// gather reads all there is of the person.
func (w *work) gather() (b Bundle, err error) {
	b = Bundle{Made: w.tx.Now, District: w.a.District.Code, Reports: []bundleReport{}}
	for _, part := range []func(*Bundle) error{w.ofAccount, w.ofReports, w.ofConsents, w.ofRequests} {
		if err := part(&b); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (w *work) ofReports(b *Bundle) error {
	for _, o := range w.all {
		one, err := w.report(o)
		if err != nil {
			return err
		}
		b.Reports = append(b.Reports, one)
	}
	return nil
}

// report is one report with what belongs to it, and nothing of others.
func (w *work) report(o casework.Own) (r bundleReport, err error) {
	ctx, tx, code := w.ctx, w.tx, w.a.District.Code
	r = bundleReport{Number: o.Case.Number, Title: w.a.District.Catalogue.Title(o.Case.Matter).In(w.lang), At: o.Report.At, Channel: o.Report.Channel,
		Text: o.Report.Text, Address: o.Report.Address, Lon: o.Report.Point.Lon, Lat: o.Report.Point.Lat, State: string(o.Case.State), Closed: o.Case.ClosedAt}
	if r.Name, err = w.Desk.Vault.Reveal(code, casework.NameField, o.Report.Name); err != nil {
		return r, err
	}
	if r.Phone, err = w.Desk.Vault.Reveal(code, casework.PhoneField, o.Report.Phone); err != nil {
		return r, err
	}
	messages, err := notice.Of(ctx, tx, code, string(o.Case.ID), o.Report.ID)
	if err != nil {
		return r, err
	}
	for _, m := range messages {
		r.Messages = append(r.Messages, bundleMessage{m.At, m.Text.ZH, m.Text.EN})
	}
	lines, err := look.Ledger(ctx, tx, w.a.District, tx.Now, o.Report)
	if err != nil {
		return r, err
	}
	for _, l := range lines {
		r.Looks = append(r.Looks, bundleLook{l.At, l.Unit.In(w.lang), l.Purpose.In(w.lang), l.Fields})
	}
	return r, w.said(o, &r)
}

// said adds what the person wrote later. Where several reported one case, what
// does not say whose it is may be another's, and is left out.
func (w *work) said(o casework.Own, r *bundleReport) error {
	code := w.a.District.Code
	family, err := casework.Family(w.ctx, w.tx, code, o.Case.ID)
	if err != nil {
		return err
	}
	own := func(report string) bool { return report == o.Report.ID || report == "" && o.Case.Reports == 1 }
	for _, c := range family {
		supplied, err := casework.Supplements(w.ctx, w.tx, code, c.ID)
		if err != nil {
			return err
		}
		for _, s := range supplied {
			if own(s.Report) {
				r.Supplied = append(r.Supplied, bundleWords{s.At, s.Text})
			}
		}
		ratings, err := casework.Ratings(w.ctx, w.tx, code, c.ID)
		if err != nil {
			return err
		}
		for _, g := range ratings {
			if own(g.Report) {
				r.Ratings = append(r.Ratings, bundleRating{g.At, g.Grade, g.Text})
			}
		}
	}
	return nil
}

func (w *work) ofConsents(b *Bundle) error {
	holders := w.q.Subject.holders(w.all)
	consents, err := ConsentsOf(w.ctx, w.tx, w.a.District.Code, holders...)
	if err != nil {
		return err
	}
	for _, c := range consents {
		b.Consents = append(b.Consents, bundleConsent{c.Name, c.Version, c.Given, c.Withdrawn})
	}
	shown, err := TellingsOf(w.ctx, w.tx, w.a.District.Code, holders...)
	for _, t := range shown {
		b.Notices = append(b.Notices, bundleNotice{t.Notice, t.Version, t.At})
	}
	return err
}

func (w *work) ofRequests(b *Bundle) error {
	all, err := requestsAbout(w.ctx, w.tx, w.a.District.Code, w.q.Subject)
	for _, q := range all {
		b.Requests = append(b.Requests, bundleRequest{string(q.Kind), q.Asked, string(q.State), string(q.Law), q.Done})
	}
	return err
}

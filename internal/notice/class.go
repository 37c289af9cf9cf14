package notice

import (
	"context"

	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/fields"
	"linli/internal/lang"
)

// factFields say which stored field each fact comes from: its class there is how
// far the fact may go.
var factFields = map[string][2]string{
	"number": {"cases", "number"},
	"title":  {"matters", "title_zh"},
	"place":  {"cases", "address"},
	"due":    {"cases", "due"},
	"unit":   {"units", "name"},
	"reason": {"trail_words", "text"},
	"answer": {"trail_words", "text"},
	"link":   {"cases", "number"},
}

// ClassOf is the class of a fact.
func ClassOf(fact string) fields.Class {
	at := factFields[fact]
	for _, f := range fields.Of(at[0]) {
		if f.Column == at[1] {
			return f.Class
		}
	}
	return fields.Sensitive // unknown: nowhere
}

// order is from what may be published to what lets somebody in.
var order = map[fields.Class]int{fields.Public: 0, fields.Internal: 1, fields.Personal: 2, fields.Sensitive: 3}

// Highest is the class that a channel may tell. A page of linli is opened by
// whoever may see it. A mailbox that its holder confirmed is the holder's own; a
// text message, a platform of others and a locked screen are read on the way, or
// over a shoulder, and so may be a mailbox that somebody only wrote on a form.
func Highest(name channel.Name, trusted bool) fields.Class {
	if name == channel.Portal || name == channel.Mail && trusted {
		return fields.Personal
	}
	return fields.Internal
}

// upTo leaves out the facts that are above a class.
func (f Facts) upTo(most fields.Class) Facts {
	may := func(fact string) bool { return order[ClassOf(fact)] <= order[most] }
	for fact, drop := range map[string]func(){
		"number": func() { f.Number = "" }, "title": func() { f.Title = lang.Text{} }, "place": func() { f.Place = lang.Text{} },
		"due": func() { f.Due = lang.Text{} }, "unit": func() { f.Unit = lang.Text{} }, "reason": func() { f.Reason = "" },
		"answer": func() { f.Answer = "" }, "link": func() { f.Link = "" },
	} {
		if !may(fact) {
			drop()
		}
	}
	return f
}

// wording is a notice as it goes out by a way: its template with the facts that
// the way may tell, or, where that leaves too little to say, and of a secret case
// always, that there is news and where.
func (b *Book) wording(ctx context.Context, r db.Reader, n Notice, w Way, secret bool) (lang.Text, error) {
	f := b.linked(n.Facts).upTo(Highest(w.Channel, w.Trusted()))
	if secret {
		return b.Say(ctx, r, n.District, News, Facts{Number: f.Number, Link: f.Link})
	}
	text, err := b.Say(ctx, r, n.District, n.Template, f)
	if err != nil {
		return b.Say(ctx, r, n.District, News, f)
	}
	return text, nil
}

// linked has the whole address of the page, as a letter needs it.
func (b *Book) linked(f Facts) Facts {
	switch {
	case b.out.Site == "":
		f.Link = ""
	case f.Link != "":
		f.Link = b.out.Site + f.Link
	}
	return f
}

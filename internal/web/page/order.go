package page

import (
	"strings"

	"linli/internal/lang"
	"linli/internal/supervise"
	"linli/internal/web/ui"
)

// OrderTitle names what supervision asked: by its rung, or by its kind where a
// person gave it.
func (v *View) OrderTitle(o supervise.Order) string {
	title := o.Kind.Text()
	if r, ok := v.District.Catalogue.Ladder().Rung(o.Rung); ok {
		title = r.Title
	}
	text := title.In(v.Lang)
	if v.Lang == lang.EN && text != "" {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	return text
}

// OrderSignal is how the answer stands that an order asks for; ok is false
// where it asks for none.
func (v *View) OrderSignal(o supervise.Order) (tone ui.Tone, text string, ok bool) {
	switch {
	case o.State == supervise.Asked && o.LateReply(v.Now):
		return ui.Late, v.Say("答复已超期", "answer late"), true
	case o.State == supervise.Asked:
		return ui.Near, o.State.Text().In(v.Lang), true
	case o.State == supervise.Told:
		return "", "", false
	}
	return ui.Hold, o.State.Text().In(v.Lang), true
}

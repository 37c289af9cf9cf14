package portal

import (
	"strings"

	"linli/internal/catalogue"
	"linli/internal/intake"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// whatView is the first screen: the words, then what they may mean.
type whatView struct {
	*wizard
	Options []ui.Option // what the text may mean; none before there is a text
	Chosen  string
}

// likely is how sure a suggestion must be to stand there chosen.
const likely = 0.5

// startReport opens the first screen, with what a search or a link brought.
func startReport(v *page.View) error {
	w := readWizard(v, v.R.URL.Query())
	w.Follow, w.Area = "", ""
	// The receipt is told to this session alone, so it must have one by then.
	v.House.Sessions.Put(v.Context(), "report", w.Sender)
	return showWhat(v, w, w.Text != "" && w.Matter == "")
}

// goOnReport takes one screen and shows the next.
func goOnReport(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	f := v.R.PostForm
	w := readWizard(v, f)
	switch f.Get("back") {
	case stepWhat:
		return showWhat(v, w, false)
	case stepWhich:
		return showWhat(v, w, true)
	case stepWhere:
		return showWhere(v, w)
	case stepMore:
		return showMore(v, w)
	}
	switch f.Get("step") {
	case stepWhere:
		return takeWhere(v, w)
	case stepMore:
		return takeMore(v, w)
	case stepSend:
		return takeSend(v, w)
	}
	return takeWhat(v, w)
}

// takeWhat goes on once it is known what the report is about.
func takeWhat(v *page.View, w *wizard) error {
	if strings.TrimSpace(w.Text) == "" && w.Matter == "" && w.Tree == "" {
		w.wrong(v, "text", "请说说是什么事，例如“3 号楼门口路灯不亮”。", "Please say what it is, for example “the lamp by building 3 is out”.")
		return showWhat(v, w, false)
	}
	if _, err := v.House.Desk.Look(v.Context(), v.District, w.sending(v)); err != nil {
		if !w.blame(v, err) {
			return err
		}
		return showWhat(v, w, false)
	}
	if w.Tree != "" {
		w.Matter = ""
		return v.Show(200, treePage(v, w, branch(v, w.Tree)))
	}
	if w.Matter == "" {
		if v.R.PostForm.Get("asked") != "" {
			w.wrong(v, "matter", "请选一类；都不像就选“都不是”。", "Please choose one; if none fits, choose “none of these”.")
		}
		return showWhat(v, w, true)
	}
	return showWhere(v, w)
}

// showWhat shows the first screen; ask adds the choice of what the text means.
func showWhat(v *page.View, w *wizard, ask bool) error {
	s := whatView{wizard: w, Chosen: w.Matter}
	if ask && strings.TrimSpace(w.Text) == "" {
		return v.Show(w.status(), treePage(v, w, branch(v, "")))
	}
	if ask {
		sight, err := v.House.Desk.Look(v.Context(), v.District, intake.Sending{Channel: intake.Portal, Text: w.Text})
		if err != nil {
			if !w.blame(v, err) {
				return err
			}
			return v.Show(w.status(), whatPage(v, s))
		}
		s.Options = options(v, sight.Matters)
		if s.Chosen == "" && len(sight.Matters) > 0 && sight.Matters[0].Score >= likely {
			s.Chosen = sight.Matters[0].Matter.Code
		}
		return v.Show(w.status(), whichPage(v, s))
	}
	return v.Show(w.status(), whatPage(v, s))
}

// options offers the matters a text may mean, and the way out.
func options(v *page.View, found []catalogue.Suggestion) []ui.Option {
	var all []ui.Option
	for _, s := range found {
		all = append(all, ui.Option{Value: s.Matter.Code, Label: s.Matter.Title.In(v.Lang), Hint: matterHint(v, s.Matter)})
	}
	if v.District.Catalogue.Selectable(intake.OtherMatter) {
		all = append(all, ui.Option{Value: intake.OtherMatter, Label: v.Say("都不是，请工作人员看了再定", "None of these, let the staff decide")})
	}
	return all
}

// matterHint says of a matter under what it is found and how soon it is done.
func matterHint(v *page.View, m catalogue.Matter) string {
	hint := v.District.Catalogue.Title(m.Parent).In(v.Lang)
	if limit := limitOf(v, m); !limit.IsZero() {
		hint += v.Say("，%[1]s内办好", ", done within %[2]s", limit.Text().ZH, limit.Text().EN)
	}
	return hint
}

// branchView is one branch of the catalogue to choose from.
type branchView struct {
	Title  string
	Up     string // the branch above; empty at the top
	Groups []catalogue.Matter
	Leaves []catalogue.Matter
}

// branch opens a branch; what is none opens the top.
func branch(v *page.View, code string) branchView {
	c := v.District.Catalogue
	m, ok := c.Matter(code)
	if !ok {
		code = ""
	}
	b := branchView{Title: v.Say("是哪一类？", "What kind is it?")}
	if code != "" {
		b.Title, b.Up = m.Title.In(v.Lang), m.Parent
		if b.Up == "" {
			b.Up = "top"
		}
	}
	for _, child := range c.Children(code) {
		if c.Selectable(child.Code) {
			b.Leaves = append(b.Leaves, child)
		} else if len(c.Children(child.Code)) > 0 {
			b.Groups = append(b.Groups, child)
		}
	}
	return b
}

// textHint says how much may be written, before anybody writes it.
func textHint(v *page.View) string {
	return v.Say("一两句话就行，最多 %d 个字。请不要写别人的姓名和电话。", "A sentence or two is enough, up to %d characters. Please leave out other people's names and numbers.", intake.TextMost)
}

package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/procedure"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// pageRows is how many rows a list shows at once.
const pageRows = 30

// listed is a part of a list as a page shows it.
type listed struct {
	Rows []casework.Row
	All  casework.Tally
	Seen int // rows on the pages before this one
	Next string
	Over bool
}

// queueView is all that the queue shows.
type queueView struct {
	Asked asked
	listed
	Task string // the row in the preview
	Peek *peekView
	Side []ui.NavGroup
}

// list reads one page of a list and its count.
func (a asked) list(v *page.View) (l listed, err error) {
	if len(a.Wrong) > 0 {
		return l, nil
	}
	q := v.R.URL.Query()
	found, err := casework.List(v.Context(), v.House.DB, v.District, a.Filter, v.Now, q.Get("after"), pageRows)
	if err != nil {
		return l, err
	}
	if q.Get("after") != "" {
		l.Seen, _ = strconv.Atoi(q.Get("seen")) // only for the line that says how many
		l.Seen = min(max(l.Seen, 0), casework.CountMost)
	}
	l.Rows, l.Over = found.Rows, found.Over
	if found.Next != "" {
		l.Next = a.href("after", found.Next, "seen", strconv.Itoa(l.Seen+len(found.Rows)))
	}
	l.All, err = casework.Count(v.Context(), v.House.DB, v.District, a.Filter, v.Now)
	return l, err
}

// status is that of a page that shows what was asked for.
func (a asked) status() int {
	if len(a.Wrong) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// queueShow lists the tasks that wait for the reader's posts, with one of them
// in the preview. htmx asks for the preview alone.
func queueShow(v *page.View) error {
	s := queueView{Asked: read(v, queuePath, v.R.URL.Query()), Task: v.R.URL.Query().Get("task")}
	if s.Task != "" && strings.Contains(v.R.Header.Get("HX-Target"), "peek") {
		peek, err := peekOf(v, s.Task, s.Asked.back(v))
		if err != nil {
			return err
		}
		return v.Show(http.StatusOK, peekAside(v, peek))
	}
	var err error
	if s.listed, err = s.Asked.list(v); err != nil {
		return err
	}
	if s.Side, err = queueSide(v, s.Asked); err != nil {
		return err
	}
	if s.Task == "" && len(s.Rows) > 0 {
		s.Task = s.Rows[0].Task.ID
	}
	if s.Task != "" && len(s.Asked.Wrong) == 0 {
		if s.Peek, err = peekOf(v, s.Task, s.Asked.back(v)); err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	return v.Show(s.Asked.status(), queuePage(v, s))
}

// queuePart is a part of an open queue, drawn again because something happened.
func queuePart(v *page.View) error {
	a := read(v, queuePath, v.R.URL.Query())
	switch part := v.R.PathValue("part"); part {
	case "list", "said":
		l, err := a.list(v)
		if err != nil {
			return err
		}
		if part == "said" {
			return v.Show(http.StatusOK, queueSaid(v, a, l))
		}
		return v.Show(http.StatusOK, queueList(v, queueView{Asked: a, listed: l, Task: selected(v)}))
	case "side":
		groups, err := queueSide(v, a)
		if err != nil {
			return err
		}
		return v.Show(http.StatusOK, ui.SideNav(v.Say("待办分类", "Kinds of tasks"), groups...))
	}
	return errs.New(errs.NotFound, "没有这一部分", "no such part")
}

// selected is the row in the preview of the open page that asks: since it was
// loaded, its address may have moved on to another row.
func selected(v *page.View) string {
	if u, err := url.Parse(v.R.Header.Get("HX-Current-URL")); err == nil && u.Query().Has("task") {
		return u.Query().Get("task")
	}
	return v.R.URL.Query().Get("task")
}

// back is where the reader goes after an action: the same list, with the next
// task in the preview.
func (a asked) back(v *page.View) string {
	q := v.R.URL.Query()
	return a.href("after", q.Get("after"), "seen", q.Get("seen"))
}

// part is the address of a part of this page, for the open page to ask again.
func (s queueView) part(v *page.View, name string) string {
	_, query, _ := strings.Cut(s.Asked.back(v), "?")
	q, _ := url.ParseQuery(query) // as href wrote it
	q.Set("task", s.Task)
	return queuePath + "/part/" + name + "?" + q.Encode()
}

// rows are the queue's, in words.
func (s queueView) rows(v *page.View) []ui.QueueRow {
	q := v.R.URL.Query()
	var all []ui.QueueRow
	for _, row := range s.Rows {
		r := ui.QueueRow{
			ID: row.Task.ID, Case: string(row.Case.ID), Number: row.Number, Now: row.Task.ID == s.Task,
			Ticked: slices.Contains(q["case"], string(row.Case.ID)), // an open page sends its ticks along
			Href:   s.Asked.href("after", q.Get("after"), "seen", q.Get("seen"), "task", row.Task.ID),
			Matter: v.District.Catalogue.Title(row.Matter).In(v.Lang), Source: source(v, row.Case),
			Place: placeOf(v, row.Case), Grid: areaOf(v, row.Case),
			Due: v.DueText(row.Task.Due), Waited: waited(v, row.Task.OpenedAt),
		}
		r.Tone, r.Left = v.TaskSignal(row.Case, row.Task)
		r.Unit, r.Why, r.Unsure = whose(v, row.Case)
		all = append(all, r)
	}
	return all
}

// title is what the queue is called: by what narrows it, if anything does.
func (s queueView) title(v *page.View) string {
	var parts []string
	for _, c := range s.Asked.Chosen {
		parts = append(parts, c.Text)
	}
	if len(parts) == 0 {
		return v.Say("全部待办", "All to do")
	}
	return strings.Join(parts, v.Say("，", ", "))
}

// queueKeys are the shortcuts that work in a queue.
func queueKeys(v *page.View) (few, all []ui.Hint) {
	all = []ui.Hint{
		{Keys: []string{"J", "K"}, Does: v.Say("下一件、上一件", "next, previous")},
		{Keys: []string{"Enter"}, Does: v.Say("办第一个动作，例如按建议派出", "take the first action, such as sending as suggested")},
		{Keys: []string{"E"}, Does: v.Say("改派别的单位", "send to another unit")},
		{Keys: []string{"X"}, Does: v.Say("勾选", "tick")},
		{Keys: []string{"/"}, Does: v.Say("去搜索", "to the search")},
	}
	return slices.Clone(all[:4]), all
}

// helping reports whether the reader helps with the task and does not lead it.
func helping(t casework.Task) bool { return t.Part == procedure.CoHandle }

package admin

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// giver is the reader as who gives and takes posts, in the post that lets them.
func giver(v *page.View) org.Giver {
	by := v.Acting(rights.PostKeep, 0).By
	return org.Giver{Person: org.PersonID(by.Person), Post: org.PostID(by.Post), Unit: org.UnitID(by.Unit)}
}

func ruled(v *page.View) org.Rules {
	return org.Rules{Book: v.District.Catalogue.Roles(), Zone: v.Zone(), Areas: func(code string) bool { return v.District.Areas.Known(code) }}
}

// give takes the form of a person's page.
func give(v *page.View) error {
	p, ok := v.District.Org.Person(org.PersonID(v.R.PathValue("id")))
	if !ok {
		return errs.New(errs.NotFound, "没有这个人。", "There is no such person.")
	}
	if err := v.Form(); err != nil {
		return err
	}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		post, err := askedPost(v, p.ID)
		if err != nil {
			return err
		}
		_, err = org.Give(v.Context(), tx, v.District.Code, ruled(v), giver(v), post, v.R.PostForm.Get("reason"))
		return err
	})
	if form, ok := back(v, err); ok {
		return showPerson(v, page.Status(err), p, form)
	}
	if err != nil {
		return err
	}
	return v.GoSaying(personHref(p.ID), "岗位给了，审计管理员已经知道。", "The post is given, and the audit administrators know.")
}

// askedPost reads the form.
func askedPost(v *page.View, person org.PersonID) (p org.Post, err error) {
	form := v.R.PostForm
	p = org.Post{Person: person, Role: org.Role(form.Get("role")), Unit: org.UnitID(form.Get("unit")), Area: strings.TrimSpace(form.Get("area"))}
	if err := page.Long("reason", form.Get("reason")); err != nil {
		return p, err
	}
	if p.From, err = date(form.Get("from"), "from"); err != nil {
		return p, err
	}
	p.To, err = date(form.Get("to"), "to")
	return p, err
}

// date reads a day of a form; none where nothing is written.
func date(text, field string) (clock.Date, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	d, err := clock.ParseDate(text)
	for _, e := range errs.Each(err) {
		return "", e.At(field)
	}
	return d, err
}

// moment reads an instant of a form; zero where nothing is written.
func moment(v *page.View, field string) (time.Time, error) {
	text := v.R.PostForm.Get(field)
	if strings.TrimSpace(text) == "" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation(formMoment, text, v.Zone())
	if err != nil {
		return at, errs.New(errs.Invalid, "请写日期和时间，例如 2026-11-23 12:00。", "Please write a day and a time, for example 2026-11-23 12:00.").At(field).Because(err)
	}
	return at, nil
}

// formMoment is how browsers send a day with a time.
const formMoment = "2006-01-02T15:04"

// roleOptions are the roles of the rulebook.
func roleOptions(v *page.View) (all []ui.Option) {
	for _, r := range v.District.Catalogue.Roles().Roles() {
		all = append(all, ui.Option{Value: r.Name, Label: r.Title.In(v.Lang)})
	}
	return all
}

// seatUnits are the units that there are today.
func seatUnits(v *page.View) (all []ui.Option) {
	for _, u := range v.District.Org.Units() {
		if u.ValidOn(v.District.Day) {
			all = append(all, ui.Option{Value: string(u.ID), Label: u.Name.In(v.Lang)})
		}
	}
	return all
}

// postView is one post: who holds it, who stood in, what became of it.
type postView struct {
	Post     org.Post
	StandIns []org.StandIn
	Entries  []trail.Entry
	End      again
	Stand    again
}

func post(v *page.View) error {
	p, err := postOf(v)
	if err != nil {
		return err
	}
	return showPost(v, http.StatusOK, postView{Post: p})
}

func postOf(v *page.View) (org.Post, error) {
	p, ok := v.District.Org.Post(org.PostID(v.R.PathValue("id")))
	if !ok {
		return p, errs.New(errs.NotFound, "没有这个岗位。", "There is no such post.")
	}
	return p, nil
}

func showPost(v *page.View, status int, s postView) (err error) {
	s.StandIns = v.District.Org.StandInsOf(s.Post.ID)
	if s.Entries, err = trail.Of(v.Context(), v.House.DB, v.District.Code, trail.Chain(trail.Rights, string(s.Post.ID))); err != nil {
		return err
	}
	name := personName(v, s.Post.Person)
	return show(v, status, head{
		Title: v.RoleName(string(s.Post.Role)) + v.Say("，", ", ") + v.UnitName(string(s.Post.Unit)), Said: v.Say("%s的岗位。", "A post of %s.", name), At: "/people",
		Path: []ui.Link{{Text: v.Say("人员", "People"), Href: peoplePath}, {Text: name, Href: personHref(s.Post.Person)}, {Text: v.RoleName(string(s.Post.Role))}},
	}, postPage(v, s))
}

// end takes the form that ends a post, at once or at a minute.
func end(v *page.View) error {
	p, err := postOf(v)
	if err != nil {
		return err
	}
	if err := v.Form(); err != nil {
		return err
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		at, err := moment(v, "at")
		if err == nil {
			err = page.Long("reason", v.R.PostForm.Get("reason"))
		}
		if err != nil {
			return err
		}
		_, err = org.End(v.Context(), tx, v.District.Code, v.Zone(), giver(v), p.ID, at, v.R.PostForm.Get("reason"))
		return err
	})
	if form, ok := back(v, err); ok {
		return showPost(v, page.Status(err), postView{Post: p, End: form})
	}
	if err != nil {
		return err
	}
	return v.GoSaying(postHref(p.ID), "记下了。到那一分钟权限就没了，领着的件转给代班的人或回到待办。", "Noted. At that minute the rights go, and what was taken up goes to the stand-in or back to the queue.")
}

// stand takes the form that names who stands in.
func stand(v *page.View) error {
	p, err := postOf(v)
	if err != nil {
		return err
	}
	if err := v.Form(); err != nil {
		return err
	}
	form := v.R.PostForm
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		s := org.StandIn{Post: p.ID, Person: org.PersonID(form.Get("person")), Keeps: form.Get("keeps") == "yes", Why: form.Get("reason")}
		if err := page.Long("reason", s.Why); err != nil {
			return err
		}
		var err error
		if s.From, err = moment(v, "from"); err != nil {
			return err
		}
		if s.To, err = moment(v, "to"); err != nil {
			return err
		}
		_, err = org.Stand(v.Context(), tx, v.District.Code, ruled(v), giver(v), s)
		return err
	})
	if form, ok := back(v, err); ok {
		return showPost(v, page.Status(err), postView{Post: p, Stand: form})
	}
	if err != nil {
		return err
	}
	return v.GoSaying(postHref(p.ID), "代班定了，审计管理员已经知道。", "The stand-in is named, and the audit administrators know.")
}

// endStandIn takes the button that ends one at once.
func endStandIn(v *page.View) error {
	p, err := postOf(v)
	if err != nil {
		return err
	}
	if err := v.Form(); err != nil {
		return err
	}
	reason := cmp.Or(strings.TrimSpace(v.R.PostForm.Get("reason")), v.Say("提前结束", "ended early"))
	if err := page.Long("reason", reason); err != nil {
		return err
	}
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		_, err := org.EndStandIn(v.Context(), tx, v.District.Code, giver(v), org.StandInID(v.R.PathValue("of")), reason)
		return err
	})
	if err != nil {
		return err
	}
	return v.GoSaying(postHref(p.ID), "代班结束了。", "The stand-in has ended.")
}

// standOptions are those who may stand in: of the same unit, then of those above.
func standOptions(v *page.View, p org.Post) (all []ui.Option) {
	seen := []org.PersonID{p.Person}
	unit := p.Unit
	for range len(v.District.Org.Units()) {
		for _, other := range v.District.Org.PostsIn(unit, v.District.Day) {
			if one, ok := v.District.Org.Person(other.Person); ok && !slices.Contains(seen, one.ID) {
				seen = append(seen, one.ID)
				all = append(all, ui.Option{Value: string(one.ID), Label: fmt.Sprintf("%s %s（%s）", one.Name, one.Login, v.UnitName(string(unit)))})
			}
		}
		u, ok := v.District.Org.Unit(unit)
		if !ok || u.Parent == "" {
			break
		}
		unit = u.Parent
	}
	return all
}

// postFacts says what the post is.
func postFacts(v *page.View, p org.Post) []ui.Fact {
	return []ui.Fact{
		{Name: v.Say("谁", "Who"), Body: link(personName(v, p.Person), personHref(p.Person))},
		{Name: v.Say("角色", "Role"), Value: v.RoleName(string(p.Role))},
		{Name: v.Say("单位", "Unit"), Value: v.UnitName(string(p.Unit))},
		{Name: v.Say("管哪里", "For which area"), Value: groundText(v, p)},
		{Name: v.Say("从什么时候到什么时候", "From – to"), Value: spanText(v, p), Strong: true},
		{Name: v.Say("现在", "Now"), Value: stateText(v, p)},
		{Name: v.Say("看哪些案件", "Which cases"), Value: reach(v, p)},
	}
}

// personFacts are what else is known of a person's work here.
func personFacts(v *page.View, s personView) []ui.Fact {
	signed := cmp.Or(s.LastSignIn, v.Say("没登录过", "never"))
	return []ui.Fact{
		{Name: v.Say("最近登录", "Last sign-in"), Value: signed},
		{Name: v.Say("领着的件", "Taken up"), Value: v.Say("%d 件", "%d", len(s.Taken))},
	}
}

// ended reports whether a post is over.
func ended(v *page.View, p org.Post) bool {
	until := p.Until(v.Zone())
	return !until.IsZero() && !until.After(v.Now)
}

// areaOf names an area of a trail's detail.
func areaOf(v *page.View, code string) string {
	return v.District.Areas.Path(area.Code(code)).In(v.Lang)
}

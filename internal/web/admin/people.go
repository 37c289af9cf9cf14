package admin

import (
	"net/http"
	"net/url"
	"strings"

	"linli/internal/area"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

const (
	peoplePath = home + "/people"
	postsPath  = home + "/posts"
)

func personHref(id org.PersonID) string { return peoplePath + "/" + url.PathEscape(string(id)) }

func postHref(id org.PostID) string { return postsPath + "/" + url.PathEscape(string(id)) }

// peopleMost is how many people one page lists; a search finds the others.
const peopleMost = 100

// people lists staff by login, or those a search finds, with their posts now.
func people(v *page.View) error {
	q := strings.TrimSpace(v.R.URL.Query().Get("q"))
	var found []org.Person
	n := 0
	for _, p := range v.District.Org.People() {
		if q != "" && !strings.Contains(p.Name, q) && !strings.Contains(p.Login, strings.ToLower(q)) {
			continue
		}
		if n++; n <= peopleMost {
			found = append(found, p)
		}
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("人员", "People"), At: "/people",
		Said: v.Say("%d 人。权限都来自岗位，点名字看这个人能做什么。", "%d people. Every right comes from a post; a name leads to what that person can do.", n),
	}, peoplePage(v, q, found))
}

// personCells is one person with the posts held now.
func personCells(v *page.View, p org.Person) []ui.Cell {
	var posts []string
	for _, held := range v.District.HeldAt(p.ID, v.Now) {
		posts = append(posts, v.RoleName(string(held.Role))+v.Say("，", ", ")+v.UnitName(string(held.Unit))+insteadText(v, held))
	}
	text := strings.Join(posts, v.Say("；", "; "))
	if text == "" {
		text = v.Say("现在没有岗位", "no post now")
	}
	return []ui.Cell{{Text: p.Name, Sub: p.Login, Href: personHref(p.ID), Strong: true}, {Text: text}}
}

// insteadText says for whom somebody stands in; nothing for an own post.
func insteadText(v *page.View, p org.Post) string {
	if p.For == "" {
		return ""
	}
	return v.Say("（代%s）", " (for %s)", personName(v, p.For))
}

func personName(v *page.View, id org.PersonID) string {
	if p, ok := v.District.Org.Person(id); ok {
		return p.Name
	}
	return string(id)
}

// personView is what one person can do, and why.
type personView struct {
	Person     org.Person
	Posts      []org.Post // all of them: over, held, still to come
	Powers     []power    // what each post held now gives
	Standing   []org.StandIn
	Taken      []casework.Task
	LastSignIn string
	Form       again
}

// power is one post held now, with what it lets its holder do.
type power struct {
	Post  org.Post
	Can   []string // rights by name
	Reach string   // which cases, in words
	Apart string   // roles that may not be held beside it
}

func person(v *page.View) error {
	p, ok := v.District.Org.Person(org.PersonID(v.R.PathValue("id")))
	if !ok {
		return errs.New(errs.NotFound, "没有这个人。", "There is no such person.")
	}
	return showPerson(v, http.StatusOK, p, again{})
}

func showPerson(v *page.View, status int, p org.Person, form again) error {
	s := personView{Person: p, Posts: v.District.Org.AllPostsOf(p.ID), Standing: v.District.Org.StandsIn(p.ID), Form: form}
	for _, held := range v.District.HeldAt(p.ID, v.Now) {
		s.Powers = append(s.Powers, powerOf(v, held))
	}
	var err error
	if s.Taken, err = casework.TakenBy(v.Context(), v.House.DB, v.District.Code, string(p.ID)); err != nil {
		return err
	}
	if s.LastSignIn, err = lastSignIn(v, v.House.DB, p.ID); err != nil {
		return err
	}
	return show(v, status, head{
		Title: v.Say("%s能做什么", "What %s can do", p.Name), Said: v.Say("登录名 %s。权限挂在岗位上，岗位到点，权限就没了。", "Login %s. Rights hang on posts and go at the minute a post ends.", p.Login),
		At: "/people", Path: []ui.Link{{Text: v.Say("人员", "People"), Href: peoplePath}, {Text: p.Name}},
	}, personPage(v, s))
}

// powerOf says what a post gives.
func powerOf(v *page.View, p org.Post) power {
	book := v.District.Catalogue.Roles()
	role, _ := book.Role(string(p.Role))
	out := power{Post: p, Reach: reach(v, p)}
	for _, right := range role.Rights {
		out.Can = append(out.Can, right.Title().In(v.Lang))
	}
	var apart []string
	for _, other := range book.Roles() {
		if book.Exclusive(role.Name, other.Name) {
			apart = append(apart, other.Title.In(v.Lang))
		}
	}
	out.Apart = strings.Join(apart, v.Say("、", ", "))
	return out
}

// reach says which cases a post sees, as casework.ScopeOf has it.
func reach(v *page.View, p org.Post) string {
	role := string(p.Role)
	switch {
	case v.District.Can(rights.CaseSeeAll, role):
		return v.Say("看得到全区的案件。", "Sees every case of the district.")
	case v.District.Can(rights.CaseSee, role) && p.Area != "":
		return v.Say("看得到%[1]s经手的、在%[2]s的、轮到这个岗位办的案件。", "Sees cases that %[1]s deals or dealt with, those in %[2]s, and those with a task for this post.",
			v.UnitName(string(p.Unit)), v.District.Areas.Path(area.Code(p.Area)).In(v.Lang))
	case v.District.Can(rights.CaseSee, role):
		return v.Say("看得到%s经手的、轮到这个岗位办的案件。", "Sees cases that %s deals or dealt with, and those with a task for this post.", v.UnitName(string(p.Unit)))
	case v.District.Can(rights.CaseObserve, role):
		return v.Say("只看得到向它公开的案件，个人信息遮住。", "Sees only cases made open to it, with personal data masked.")
	}
	return v.Say("看不到案件。", "Sees no case.")
}

// lastSignIn is when the person last signed in; "" for never.
func lastSignIn(v *page.View, r db.Reader, id org.PersonID) (string, error) {
	f := trail.Filter{Books: []trail.Book{trail.SignIns}, Act: "signed-in", Person: string(id)}
	entries, _, err := trail.Find(v.Context(), r, v.District.Code, f, "", 1)
	if err != nil || len(entries) == 0 {
		return "", err
	}
	return v.MomentText(entries[0].At), nil
}

// spanText is from when to when a post is held.
func spanText(v *page.View, p org.Post) string {
	from, to := v.Say("一直", "ever"), v.Say("不限", "open")
	if p.From != "" {
		from = p.From.Text().In(v.Lang)
	}
	switch {
	case !p.Ends.IsZero():
		to = v.MomentText(p.Ends)
	case p.To != "":
		to = p.To.Text().In(v.Lang)
	}
	return v.Say("%s 到 %s", "%s to %s", from, to)
}

// stateText says whether a post is held now.
func stateText(v *page.View, p org.Post) string {
	until := p.Until(v.Zone())
	switch s, away := v.District.Org.StandInOf(p.ID, v.Now); {
	case !until.IsZero() && !until.After(v.Now):
		return v.Say("已结束", "over")
	case !p.HeldAt(v.Now, v.Zone()):
		return v.Say("还没开始", "not begun")
	case away:
		return v.Say("由%s代班", "%s stands in", personName(v, s.Person))
	}
	return v.Say("在任", "held")
}

// postRow is one post of a person.
func postRow(v *page.View, p org.Post) []ui.Cell {
	return []ui.Cell{
		{Text: v.RoleName(string(p.Role)), Sub: v.UnitName(string(p.Unit)), Href: postHref(p.ID), Strong: true},
		{Text: groundText(v, p)}, {Text: spanText(v, p)}, {Text: stateText(v, p)},
	}
}

func groundText(v *page.View, p org.Post) string {
	if p.Area == "" {
		return v.Say("单位的全部区域", "All areas of the unit")
	}
	return v.District.Areas.Path(area.Code(p.Area)).In(v.Lang)
}

// standRow is one time of standing in.
func standRow(v *page.View, s org.StandIn) []ui.Cell {
	p, _ := v.District.Org.Post(s.Post)
	keeps := v.Say("本人期间没有这些权限", "The holder has none of its rights meanwhile")
	if s.Keeps {
		keeps = v.Say("本人也保留权限", "The holder keeps them too")
	}
	return []ui.Cell{
		{Text: v.Say("%s代%s", "%s for %s", personName(v, s.Person), personName(v, p.Person)), Sub: v.RoleName(string(p.Role)) + v.Say("，", ", ") + v.UnitName(string(p.Unit)), Href: postHref(p.ID)},
		{Text: v.Say("%s 到 %s", "%s to %s", v.MomentText(s.From), v.MomentText(s.Until()))}, {Text: keeps, Sub: s.Why},
	}
}

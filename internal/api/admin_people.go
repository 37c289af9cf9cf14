package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// Person is a member of staff with the posts held, held once or still to come.
type Person struct {
	ID    string `json:"id"`
	Login string `json:"login"`
	Name  string `json:"name"`
	Posts []Post `json:"posts"`
}

// Post is a role in a unit, for an area, from–to.
type Post struct {
	ID     string     `json:"id"`
	Role   Named      `json:"role"`
	Unit   Named      `json:"unit"`
	Area   string     `json:"area,omitempty" doc:"不写是单位的全部区域 · All areas of the unit where empty"`
	From   string     `json:"valid_from,omitempty"`
	To     string     `json:"valid_to,omitempty"`
	EndsAt *time.Time `json:"ends_at,omitempty"`
	Held   bool       `json:"held" doc:"现在在任 · Held now"`
}

// NewPost gives a person a post.
type NewPost struct {
	Person string `json:"person" maxLength:"60" doc:"人员的 id · The id of the person"`
	Role   string `json:"role" maxLength:"40"`
	Unit   string `json:"unit" maxLength:"40"`
	Area   string `json:"area,omitempty" maxLength:"15"`
	From   string `json:"valid_from,omitempty" format:"date" doc:"不写是今天 · Today where empty"`
	To     string `json:"valid_to,omitempty" format:"date"`
	Reason string `json:"reason" minLength:"1" maxLength:"2000"`
}

// EndPost ends a post, at once or at an instant.
type EndPost struct {
	At     time.Time `json:"at,omitzero" doc:"不写就是马上 · At once where empty"`
	Reason string    `json:"reason" minLength:"1" maxLength:"2000"`
}

// Account is a person's way in.
type Account struct {
	Login   string    `json:"login"`
	Person  string    `json:"person"`
	Active  bool      `json:"active"`
	Created time.Time `json:"created_at"`
}

// Invited is a link by which a person sets a password; it is given this once.
type Invited struct {
	Login   string    `json:"login"`
	Path    string    `json:"path" doc:"接在网址后面，发给本人 · To be put after the address of the site and given to the person"`
	Expires time.Time `json:"expires_at"`
}

type (
	peopleInput struct {
		Paging
		Q string `query:"q" maxLength:"60" doc:"姓名或登录名里的字 · Words of the name or the login"`
	}
	newPostInput struct{ Body NewPost }
	endPostInput struct {
		Post string `path:"post" maxLength:"60"`
		Body EndPost
	}
	accountInput struct {
		Login string `path:"login" maxLength:"60"`
	}
	invitedOutput struct {
		Cache string `header:"Cache-Control"`
		Body  Invited
	}
)

func (d *door) peopleOperations() {
	acting(d, told("list-people", http.MethodGet, "/people", "administration", "人员和岗位 · People and posts", "按登录名排。 · By login."), rights.RightsSee, d.listPeople)
	acting(d, told("give-post", http.MethodPost, "/posts", "administration", "给岗位 · Give a post", "不能给自己，不能给规则分开的两个岗位。审计管理员会知道。 · Nobody gives one to himself, nor two that the rulebook keeps apart. The audit administrators are told."), rights.PostKeep, d.givePost)
	acting(d, told("end-post", http.MethodPost, "/posts/{post}/end", "administration", "收岗位 · End a post", "到那一分钟权限就没了。 · Its rights go with that minute."), rights.PostKeep, d.endPost)
	acting(d, told("list-accounts", http.MethodGet, "/accounts", "administration", "账号 · Accounts", "按登录名排。 · By login."), rights.AccountManage, d.listAccounts)
	acting(d, told("invite-account", http.MethodPost, "/accounts/{login}/invite", "administration", "发开通链接 · Invite", "两天内用一次，本人自己设密码。 · Good once, for two days; the person chooses the password."), rights.AccountManage, d.inviteAccount)
	acting(d, told("close-account", http.MethodPost, "/accounts/{login}/close", "administration", "关闭账号 · Close an account", "登录和密钥马上失效。 · Its sessions and keys end at once."), rights.AccountManage, d.closeAccount)
	acting(d, told("reopen-account", http.MethodPost, "/accounts/{login}/reopen", "administration", "重新打开账号 · Reopen an account", "密钥要重新做。 · Its keys have to be made anew."), rights.AccountManage, d.reopenAccount)
}

func (d *door) listPeople(_ context.Context, c *caller, in *peopleInput) (*listOutput[Person], error) {
	all := []Person{}
	for _, p := range c.District.Org.People() {
		if in.Q != "" && !strings.Contains(p.Name, in.Q) && !strings.Contains(p.Login, strings.ToLower(in.Q)) {
			continue
		}
		one := Person{ID: string(p.ID), Login: p.Login, Name: p.Name, Posts: []Post{}}
		for _, post := range c.District.Org.AllPostsOf(p.ID) {
			one.Posts = append(one.Posts, postOf(c, post))
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b Person) int { return strings.Compare(a.Login, b.Login) })
	return paged(all, in.Paging, func(p Person) string { return p.Login }), nil
}

func postOf(c *caller, p org.Post) Post {
	role, _ := c.District.Catalogue.Roles().Role(string(p.Role))
	return Post{
		ID: string(p.ID), Role: Named{string(p.Role), textOf(role.Title)}, Unit: Named{string(p.Unit), textOf(c.District.Org.UnitName(p.Unit))}, Area: p.Area,
		From: string(p.From), To: string(p.To), EndsAt: at(p.Ends), Held: p.HeldAt(c.Now, c.Zone()),
	}
}

// giver is who gives and takes posts, in the post that lets them.
func (c *caller) giver() org.Giver {
	by := c.Acting(rights.PostKeep, 0).By
	return org.Giver{Person: org.PersonID(by.Person), Post: org.PostID(by.Post), Unit: org.UnitID(by.Unit)}
}

func (d *door) givePost(ctx context.Context, c *caller, in *newPostInput) (*output[Post], error) {
	b := in.Body
	if err := page.Long("reason", b.Reason); err != nil {
		return nil, err
	}
	if _, ok := c.District.Org.Person(org.PersonID(b.Person)); !ok {
		return nil, errs.New(errs.NotFound, "没有这个人。", "There is no such person.").At("person")
	}
	p := org.Post{Person: org.PersonID(b.Person), Role: org.Role(b.Role), Unit: org.UnitID(b.Unit), Area: b.Area}
	var err error
	if p.From, err = dateOr(b.From, clock.DateOf(c.Now, c.Zone()), "valid_from"); err != nil {
		return nil, err
	}
	if p.To, err = dateOr(b.To, "", "valid_to"); err != nil {
		return nil, err
	}
	given, err := written(ctx, d, func(tx *db.Tx) (org.Post, error) {
		return org.Give(ctx, tx, c.District.Code, c.ruled(), c.giver(), p, b.Reason)
	})
	return reply(postOf(c, given), err)
}

func (d *door) endPost(ctx context.Context, c *caller, in *endPostInput) (*output[Post], error) {
	p, err := c.post(in.Post)
	if err == nil {
		err = page.Long("reason", in.Body.Reason)
	}
	if err == nil {
		p, err = written(ctx, d, func(tx *db.Tx) (org.Post, error) {
			return org.End(ctx, tx, c.District.Code, c.Zone(), c.giver(), org.PostID(in.Post), in.Body.At, in.Body.Reason)
		})
	}
	return reply(postOf(c, p), err)
}

// keeper is who gives and takes ways in.
func (c *caller) keeper() access.By {
	a := c.Acting(rights.AccountManage, 0).By
	return access.By{Person: a.Person, Post: a.Post, Unit: a.Unit}
}

func (d *door) listAccounts(ctx context.Context, c *caller, in *Paging) (*listOutput[Account], error) {
	found, err := access.Accounts(ctx, d.house.DB, c.District.Code)
	if err != nil {
		return nil, err
	}
	all := make([]Account, len(found))
	for i, a := range found {
		all[i] = Account{a.Login, a.Person, a.Active, a.Created}
	}
	return paged(all, *in, func(a Account) string { return a.Login }), nil
}

// person is the member of staff of a login.
func (c *caller) person(login string) (org.Person, error) {
	p, ok := c.District.Org.PersonByLogin(login)
	if !ok {
		return p, errs.New(errs.NotFound, "没有这个人。", "There is no such person.")
	}
	return p, nil
}

func (d *door) inviteAccount(ctx context.Context, c *caller, in *accountInput) (*invitedOutput, error) {
	p, err := c.person(in.Login)
	if err != nil {
		return nil, err
	}
	var i access.Invitation
	var text string
	err = d.house.DB.Write(ctx, func(tx *db.Tx) error {
		i, text, err = access.Invite(ctx, tx, c.District.Code, in.Login, string(p.ID), c.keeper())
		return err
	})
	return &invitedOutput{"no-store", Invited{i.Login, "/sign-in/invited/" + text, i.Expires}}, err
}

func (d *door) closeAccount(ctx context.Context, c *caller, in *accountInput) (*struct{}, error) {
	if strings.EqualFold(in.Login, c.Reader.Login) {
		return nil, errs.New(errs.Conflict, "不能关闭自己的账号。", "Nobody closes the own account.")
	}
	return &struct{}{}, d.house.DB.Write(ctx, func(tx *db.Tx) error { return access.Close(ctx, tx, c.District.Code, in.Login, c.keeper()) })
}

func (d *door) reopenAccount(ctx context.Context, c *caller, in *accountInput) (*struct{}, error) {
	return &struct{}{}, d.house.DB.Write(ctx, func(tx *db.Tx) error { return access.Reopen(ctx, tx, c.District.Code, in.Login, c.keeper()) })
}

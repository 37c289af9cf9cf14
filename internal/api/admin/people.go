package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/api/frame"
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
	ID     string      `json:"id"`
	Role   frame.Named `json:"role"`
	Unit   frame.Named `json:"unit"`
	Area   string      `json:"area,omitempty" doc:"不写是单位的全部区域 · All areas of the unit where empty"`
	From   string      `json:"valid_from,omitempty"`
	To     string      `json:"valid_to,omitempty"`
	EndsAt *time.Time  `json:"ends_at,omitempty"`
	Held   bool        `json:"held" doc:"现在在任 · Held now"`
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
		frame.Paging
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
)

func peopleOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-people", http.MethodGet, "/people", tag, "人员和岗位 · People and posts", "按登录名排。 · By login."), rights.RightsSee, listPeople)
	frame.Acting(d, frame.Told("give-post", http.MethodPost, "/posts", tag, "给岗位 · Give a post", "不能给自己，不能给规则分开的两个岗位。审计管理员会知道。 · Nobody gives one to himself, nor two that the rulebook keeps apart. The audit administrators are told."), rights.PostKeep, givePost)
	frame.Acting(d, frame.Told("end-post", http.MethodPost, "/posts/{post}/end", tag, "收岗位 · End a post", "到那一分钟权限就没了。 · Its rights go with that minute."), rights.PostKeep, endPost)
	frame.Acting(d, frame.Told("list-accounts", http.MethodGet, "/accounts", tag, "账号 · Accounts", "按登录名排。 · By login."), rights.AccountManage, listAccounts)
	frame.Acting(d, frame.Told("invite-account", http.MethodPost, "/accounts/{login}/invite", tag, "发开通链接 · Invite", "两天内用一次，本人自己设密码。 · Good once, for two days; the person chooses the password."), rights.AccountManage, inviteAccount)
	frame.Acting(d, frame.Told("close-account", http.MethodPost, "/accounts/{login}/close", tag, "关闭账号 · Close an account", "登录和密钥马上失效。 · Its sessions and keys end at once."), rights.AccountManage, closeAccount)
	frame.Acting(d, frame.Told("reopen-account", http.MethodPost, "/accounts/{login}/reopen", tag, "重新打开账号 · Reopen an account", "密钥要重新做。 · Its keys have to be made anew."), rights.AccountManage, reopenAccount)
}

func listPeople(_ context.Context, c *frame.Caller, in *peopleInput) (*frame.Output[frame.List[Person]], error) {
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
	return frame.Paged(all, in.Paging, func(p Person) string { return p.Login })
}

func postOf(c *frame.Caller, p org.Post) Post {
	role, _ := c.District.Catalogue.Roles().Role(string(p.Role))
	return Post{
		ID: string(p.ID), Role: frame.Name(p.Role, role.Title), Unit: frame.Name(p.Unit, c.District.Org.UnitName(p.Unit)), Area: p.Area,
		From: string(p.From), To: string(p.To), EndsAt: frame.At(p.Ends), Held: p.HeldAt(c.Now, c.Zone()),
	}
}

// giver is who gives and takes posts, in the post that lets them.
func giver(c *frame.Caller) org.Giver {
	by := c.Acting(rights.PostKeep, 0).By
	return org.Giver{Person: org.PersonID(by.Person), Post: org.PostID(by.Post), Unit: org.UnitID(by.Unit)}
}

func givePost(ctx context.Context, c *frame.Caller, in *newPostInput) (*frame.Output[Post], error) {
	b := in.Body
	if err := page.Long("reason", b.Reason); err != nil {
		return nil, err
	}
	if _, ok := c.District.Org.Person(org.PersonID(b.Person)); !ok {
		return nil, errs.New(errs.NotFound, "没有这个人。", "There is no such person.").At("person")
	}
	p := org.Post{Person: org.PersonID(b.Person), Role: org.Role(b.Role), Unit: org.UnitID(b.Unit), Area: b.Area}
	var err error
	if p.From, err = frame.DateOr(b.From, clock.DateOf(c.Now, c.Zone()), "valid_from"); err != nil {
		return nil, err
	}
	if p.To, err = frame.DateOr(b.To, "", "valid_to"); err != nil {
		return nil, err
	}
	given, err := frame.Written(ctx, c, func(tx *db.Tx) (org.Post, error) {
		return org.Give(ctx, tx, c.District.Code, ruled(c), giver(c), p, b.Reason)
	})
	return frame.Reply(postOf(c, given), err)
}

func endPost(ctx context.Context, c *frame.Caller, in *endPostInput) (*frame.Output[Post], error) {
	p, err := post(c, in.Post)
	if err == nil {
		err = page.Long("reason", in.Body.Reason)
	}
	if err == nil {
		p, err = frame.Written(ctx, c, func(tx *db.Tx) (org.Post, error) {
			return org.End(ctx, tx, c.District.Code, c.Zone(), giver(c), org.PostID(in.Post), in.Body.At, in.Body.Reason)
		})
	}
	return frame.Reply(postOf(c, p), err)
}

// keeper is who gives and takes ways in.
func keeper(c *frame.Caller) access.By {
	a := c.Acting(rights.AccountManage, 0).By
	return access.By{Person: a.Person, Post: a.Post, Unit: a.Unit}
}

func listAccounts(ctx context.Context, c *frame.Caller, in *frame.Paging) (*frame.Output[frame.List[Account]], error) {
	found, err := access.Accounts(ctx, c.House.DB, c.District.Code)
	if err != nil {
		return nil, err
	}
	all := make([]Account, len(found))
	for i, a := range found {
		all[i] = Account{a.Login, a.Person, a.Active, a.Created}
	}
	return frame.Paged(all, *in, func(a Account) string { return a.Login })
}

// person is the member of staff of a login.
func person(c *frame.Caller, login string) (org.Person, error) {
	p, ok := c.District.Org.PersonByLogin(login)
	if !ok {
		return p, errs.New(errs.NotFound, "没有这个人。", "There is no such person.")
	}
	return p, nil
}

func inviteAccount(ctx context.Context, c *frame.Caller, in *accountInput) (*frame.Once[Invited], error) {
	p, err := person(c, in.Login)
	if err != nil {
		return nil, err
	}
	var i access.Invitation
	var text string
	err = c.House.DB.Write(ctx, func(tx *db.Tx) error {
		i, text, err = access.Invite(ctx, tx, c.District.Code, in.Login, string(p.ID), keeper(c))
		return err
	})
	return frame.ReplyOnce(Invited{i.Login, "/sign-in/invited/" + text, i.Expires}, err)
}

func closeAccount(ctx context.Context, c *frame.Caller, in *accountInput) (*struct{}, error) {
	if strings.EqualFold(in.Login, c.Reader.Login) {
		return nil, errs.New(errs.Conflict, "不能关闭自己的账号。", "Nobody closes the own account.")
	}
	return frame.Done(ctx, c, func(tx *db.Tx) error { return access.Close(ctx, tx, c.District.Code, in.Login, keeper(c)) })
}

func reopenAccount(ctx context.Context, c *frame.Caller, in *accountInput) (*struct{}, error) {
	return frame.Done(ctx, c, func(tx *db.Tx) error { return access.Reopen(ctx, tx, c.District.Code, in.Login, keeper(c)) })
}

package admin

import (
	"context"
	"net/http"
	"slices"
	"time"

	"linli/internal/access"
	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/area"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// Key is a way in for a program. Its text is told once, when it is made.
type Key struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Scopes  []string   `json:"scopes"`
	Unit    string     `json:"unit,omitempty" doc:"只看这家单位的 · Only this unit's cases"`
	Area    string     `json:"area,omitempty"`
	Login   string     `json:"login,omitempty" doc:"谁自己的密钥 · Whose own key it is"`
	Post    string     `json:"post,omitempty" doc:"以哪个岗位办事 · The post it acts as"`
	Created time.Time  `json:"created_at"`
	Expires time.Time  `json:"expires_at"`
	Used    *time.Time `json:"used_at,omitempty"`
}

// NewKey makes a key for another system.
type NewKey struct {
	Name    string    `json:"name" minLength:"1" maxLength:"80"`
	Scopes  []string  `json:"scopes" minItems:"1" maxItems:"40"`
	Unit    string    `json:"unit,omitempty" maxLength:"40"`
	Area    string    `json:"area,omitempty" maxLength:"15"`
	Post    string    `json:"post,omitempty" maxLength:"60" doc:"让它以这个岗位办事 · Lets it act as this post"`
	Expires time.Time `json:"expires_at"`
}

// MadeKey is a key with its text.
type MadeKey struct {
	Key
	Text string `json:"text" doc:"只给这一次 · Given this once"`
}

type (
	newKeyInput  struct{ Body NewKey }
	keyPathInput struct {
		Key string `path:"key" maxLength:"60"`
	}
)

// Caller is who calls, as the program sees them.
type Caller struct {
	Key    Key          `json:"key"`
	Person *frame.Named `json:"person,omitempty"`
	Posts  []Post       `json:"posts" doc:"现在在任的 · Those held now"`
	Rights []string     `json:"rights" doc:"现在真正能用的：密钥的范围和岗位都有的 · What holds now: in the scopes of the key and of the posts"`
}

func keyOperations(d *frame.Door) {
	frame.Register(d, frame.Told("who-am-i", http.MethodGet, "/me", tag, "我是谁，能做什么 · Who I am and what I may do", "密钥的范围，和岗位现在的权限，都有的才算。 · What holds is in the scopes of the key and in what the posts give now."), frame.AnyKey, whoAmI)
	frame.Acting(d, frame.Told("list-keys", http.MethodGet, "/keys", tag, "密钥 · Keys", "新的在前。 · The newest first."), rights.AccountManage, listKeys)
	frame.Acting(d, frame.Told("make-key", http.MethodPost, "/keys", tag, "发密钥 · Make a key", "只读和来件的密钥按单位、区域划界；绑了岗位的能办事。 · Keys that read and send are bounded by unit and area; one bound to a post acts."), rights.AccountManage, makeKey)
	frame.Acting(d, frame.Told("end-key", http.MethodDelete, "/keys/{key}", tag, "停用密钥 · End a key", "几秒后各处都不认。 · Within seconds it is refused everywhere."), rights.AccountManage, endKey)
}

func keyOf(k access.Key) Key {
	out := Key{ID: k.ID, Name: k.Name, Scopes: make([]string, len(k.Scopes)), Unit: k.Unit, Area: k.Area, Login: k.Login, Post: k.Post, Created: k.Created, Expires: k.Expires, Used: frame.At(k.Used)}
	for i, s := range k.Scopes {
		out.Scopes[i] = string(s)
	}
	return out
}

func whoAmI(_ context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[Caller], error) {
	out := Caller{Key: keyOf(c.Key), Posts: []Post{}, Rights: []string{}}
	if c.Reader != nil {
		out.Person = new(shape.PersonOf(c.Reader.Person))
		for _, p := range c.Reader.Posts {
			out.Posts = append(out.Posts, postOf(c, p))
		}
	}
	for _, r := range rights.Rights() {
		if c.Can(r) {
			out.Rights = append(out.Rights, string(r))
		}
	}
	return frame.Reply(out, nil)
}

func listKeys(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[Key]], error) {
	found, err := access.Keys(ctx, c.House.DB, c.District.Code)
	var all []Key
	for _, k := range found {
		all = append(all, keyOf(k))
	}
	return frame.WholeOf(all, err)
}

func makeKey(ctx context.Context, c *frame.Caller, in *newKeyInput) (*frame.Once[MadeKey], error) {
	b := in.Body
	k := access.Key{District: c.District.Code, Name: b.Name, Unit: b.Unit, Area: b.Area, Post: b.Post, Expires: b.Expires}
	for _, s := range b.Scopes {
		k.Scopes = append(k.Scopes, rights.Right(s))
	}
	if err := checkKey(c, k); err != nil {
		return nil, err
	}
	var text string
	made, err := frame.Written(ctx, c, func(tx *db.Tx) (made access.Key, err error) {
		made, text, err = access.AddKey(ctx, tx, k, keeper(c))
		return made, err
	})
	return frame.ReplyOnce(MadeKey{keyOf(made), text}, err)
}

// checkKey refuses what the district does not have, and rights that a key cannot
// use: those of a system, or of the post it acts as.
func checkKey(c *frame.Caller, k access.Key) error {
	if _, ok := c.District.Org.Unit(org.UnitID(k.Unit)); k.Unit != "" && !ok {
		return errs.New(errs.Invalid, "没有这家单位。", "There is no such unit.").At("unit")
	}
	if a, ok := c.District.Areas.Area(area.Code(k.Area)); k.Area != "" && (!ok || a.Tier == area.District) {
		return errs.New(errs.Invalid, "没有这个街道、社区或网格。", "There is no such street, community or grid.").At("area")
	}
	may := page.KeyRights(c.District, k.Post)
	if len(may) == 0 {
		return errs.New(errs.Invalid, "没有这个岗位。", "There is no such post.").At("post")
	}
	for _, s := range k.Scopes {
		if !slices.Contains(may, s) {
			return errs.New(errs.Invalid, "这把密钥不能有“%[1]s”的权限。", "This key cannot have the right “%[1]s”.", string(s)).At("scopes")
		}
	}
	return nil
}

func endKey(ctx context.Context, c *frame.Caller, in *keyPathInput) (*struct{}, error) {
	return frame.Done(ctx, c, func(tx *db.Tx) error { return access.EndKey(ctx, tx, c.District.Code, in.Key, keeper(c)) })
}

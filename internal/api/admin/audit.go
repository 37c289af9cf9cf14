package admin

import (
	"context"
	"net/http"
	"slices"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/ident"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/trail"
)

// AuditEntry is one line of the books: who did what beside the cases.
type AuditEntry struct {
	Book    string            `json:"book" doc:"哪一类：权限、登录、导出、设置、查看、个人信息 · Which book"`
	Subject string            `json:"subject" doc:"关于什么 · What it is about"`
	Seq     int               `json:"seq"`
	At      time.Time         `json:"at"`
	Act     string            `json:"act"`
	Person  *frame.Named      `json:"person,omitempty" doc:"谁；没有就是程序或居民 · Who; none: the program or a resident"`
	Post    string            `json:"post,omitempty"`
	Unit    *frame.Named      `json:"unit,omitempty"`
	Detail  map[string]string `json:"detail,omitempty"`
	Hash    string            `json:"hash" doc:"接着上一条的 · Chains it to the one before"`
}

type auditInput struct {
	frame.Paging
	Book string `query:"book" enum:"rights,sign-ins,exports,setup,looks,privacy"`
	Who  string `query:"who" maxLength:"60" doc:"登录名：谁做的，或者关于谁 · A login: who did it, or whom it was about"`
	From string `query:"from" format:"date"`
	To   string `query:"to" format:"date" doc:"到哪天，算在内 · To which day, counted"`
}

// RoleRow is a role with what its holders may do.
type RoleRow struct {
	Role   frame.Named `json:"role"`
	Rights []string    `json:"rights"`
	Second bool        `json:"second_factor" doc:"登录要两样凭证 · Signs in with two factors"`
	Apart  []string    `json:"apart" doc:"一个人不能兼的 · Roles that nobody holds beside it"`
}

func auditOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-audit", http.MethodGet, "/audit", tag, "审计 · Audit",
		"谁给了谁权限，谁登录、查看、导出，谁改了设置；新的在前。 · Who gave whom rights, who signed in, looked, took tables out and changed the set-up; the newest first."), rights.AuditSee, listAudit)
	frame.Acting(d, frame.Told("list-roles", http.MethodGet, "/roles", tag, "角色和权限 · Roles and rights", "系统判断权限用的那张表。 · The very table that decides."), rights.RightsSee, listRoles)
}

func listAudit(ctx context.Context, c *frame.Caller, in *auditInput) (*frame.Output[frame.List[AuditEntry]], error) {
	from, err := frame.DateOr(in.From, "", "from")
	if err != nil {
		return nil, err
	}
	to, err := frame.DateOr(in.To, "", "to")
	if err != nil {
		return nil, err
	}
	var f trail.Filter
	if from != "" {
		f.Since = from.Start(c.Zone())
	}
	if to != "" {
		f.Until = to.Add(1).Start(c.Zone())
	}
	if in.Book != "" {
		f.Books = []trail.Book{trail.Book(in.Book)}
	}
	if in.Who != "" {
		f.Person = "-" // a login of nobody finds nothing
		if p, ok := c.District.Org.PersonByLogin(in.Who); ok {
			f.Person = string(p.ID)
		}
	}
	found, next, err := trail.Find(ctx, c.House.DB, c.District.Code, f, in.After, in.Limit)
	out := frame.List[AuditEntry]{Items: make([]AuditEntry, len(found)), Next: next}
	for i, e := range found {
		out.Items[i] = auditOf(c, e)
	}
	return frame.Reply(out, err)
}

func auditOf(c *frame.Caller, e trail.Entry) AuditEntry {
	out := AuditEntry{Book: string(e.Book), Subject: e.Subject, Seq: e.Seq, At: e.At, Act: e.Act, Post: e.Post, Unit: shape.UnitOf(c.District, e.Unit), Hash: e.Hash}
	if p, ok := c.District.Org.Person(org.PersonID(e.Person)); ok {
		out.Person = new(shape.PersonOf(p))
	}
	for name, value := range e.Detail {
		if out.Detail == nil {
			out.Detail = map[string]string{}
		}
		if name == "reason" || name == "note" { // by people, about people
			value = ident.HideNumbers(value)
		}
		out.Detail[name] = value
	}
	return out
}

func listRoles(_ context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[RoleRow]], error) {
	book := c.District.Catalogue.Roles()
	var all []RoleRow
	for _, r := range book.Roles() {
		one := RoleRow{Role: frame.Name(r.Name, r.Title), Rights: make([]string, len(r.Rights)), Second: r.Second, Apart: []string{}}
		for i, right := range r.Rights {
			one.Rights[i] = string(right)
		}
		for _, other := range book.Roles() {
			if book.Exclusive(r.Name, other.Name) {
				one.Apart = append(one.Apart, other.Name)
			}
		}
		slices.Sort(one.Apart)
		all = append(all, one)
	}
	return frame.WholeOf(all, nil)
}

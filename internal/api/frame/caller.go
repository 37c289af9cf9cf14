package frame

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/web/page"
)

// Caller is who calls, where, and when. The view is that of the pages, so that
// what a page lets somebody do is what their key may: its Reader is the person
// whose key it is, or the machine that acts as a post, and nil for a system that
// only sends reports and reads.
type Caller struct {
	*page.View
	Key access.Key
}

type callerKey struct{}

func callerOf(ctx context.Context) *Caller { return ctx.Value(callerKey{}).(*Caller) }

// admit lets a request through whose key is good and has the right that the
// operation needs. It runs before the body is read.
func (d *Door) admit(ctx huma.Context, next func(huma.Context)) {
	needs, _ := ctx.Operation().Metadata[rightKey].(rights.Right)
	r, w := humago.Unwrap(ctx)
	c, err := d.caller(w, r, needs)
	if err != nil {
		d.problem(r.Context(), ctx.Operation().Path, c.Lang, "header", err).write(w)
		return
	}
	next(huma.WithValue(ctx, callerKey{}, c))
}

// caller finds who calls. With an error it still knows the language.
func (d *Door) caller(w http.ResponseWriter, r *http.Request, needs rights.Right) (*Caller, error) {
	ctx := r.Context()
	c := &Caller{View: &page.View{House: d.house, W: w, R: r, Lang: language(r.Header.Get("Accept-Language")), Now: d.house.DB.Now()}}
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return c, errs.New(errs.SignIn, "请在 Authorization 里带上密钥：Bearer linli_…", "Please send a key in Authorization: Bearer linli_…").At("Authorization")
	}
	key, err := d.keys.Check(ctx, d.house.DB, strings.TrimSpace(text), c.Now)
	if err != nil {
		return c, err
	}
	if key.District != d.house.District {
		return c, errs.New(errs.SignIn, "密钥不对或已到期", "the key is not right or has expired")
	}
	c.Key = key
	if c.District, err = d.house.Districts.Get(ctx, key.District); err != nil {
		return c, err
	}
	if key.Login != "" || key.Post != "" {
		if c.Reader = reader(c.District, key, c.Now); c.Reader == nil {
			return c, errs.New(errs.SignIn, "密钥不对或已到期", "the key is not right or has expired")
		}
	}
	return c, c.Needs(needs)
}

// reader is who acts with a key, with the posts held at this minute; nil where
// none is held any more. A machine that acts as a post is told apart from the
// person who holds it by its own name in the trail.
func reader(d *district.District, k access.Key, now time.Time) *page.Reader {
	if k.Login != "" {
		person, ok := d.Org.PersonByLogin(k.Login)
		posts := d.HeldAt(person.ID, now)
		if !ok || len(posts) == 0 {
			return nil
		}
		return &page.Reader{Login: k.Login, Person: person, Posts: posts, Only: k.Scopes}
	}
	post, ok := d.Org.Post(org.PostID(k.Post))
	if !ok || !post.HeldAt(now, d.Calendar.Zone()) {
		return nil
	}
	post.Person = org.PersonID(page.MachinePrefix + k.ID)
	return &page.Reader{Person: org.Person{ID: post.Person, Name: k.Name}, Posts: []org.Post{post}, Only: k.Scopes}
}

// Can reports whether the caller has a right: in the scopes of the key, and for
// one that acts by a post held now.
func (c *Caller) Can(right rights.Right) bool {
	if c.Reader != nil {
		return c.View.Can(right)
	}
	return c.Key.Can(right)
}

// Needs refuses who has none of some rights. Who sees every case sees some.
func (c *Caller) Needs(one rights.Right, or ...rights.Right) error {
	if one == AnyKey || c.Can(one) || one == rights.CaseSee && c.Can(rights.CaseSeeAll) || slices.ContainsFunc(or, c.Can) {
		return nil
	}
	return errs.New(errs.Forbidden, "这个密钥没有“%[1]s”（%[2]s）的权限。", "This key does not have the right “%[3]s” (%[2]s).", one.Title().ZH, string(one), one.Title().EN)
}

// acts refuses a key that acts for nobody.
func (c *Caller) acts() error {
	if c.Reader == nil {
		return errs.New(errs.Forbidden, "这要用本人的密钥，或绑了岗位的密钥。", "This takes a key of a person's own, or one that is bound to a post.")
	}
	return nil
}

// Scope is what of the cases the caller sees.
func (c *Caller) Scope() casework.Scope {
	if c.Reader != nil {
		return c.View.Scope()
	}
	return casework.ScopeOfKey(c.Key.ID, c.Key.Scopes, c.Key.Unit, c.Key.Area)
}

// KeepsReporter reports whether who reported a case is kept from the caller, with
// what could tell it.
func (c *Caller) KeepsReporter(one casework.Case) bool {
	if c.Reader != nil {
		return c.KeepsMinute(one)
	}
	return one.Secret
}

// ActingWhere is the caller with the post that a rule lets pass, or else with the
// one that has a right: the verb words the refusal.
func (c *Caller) ActingWhere(right rights.Right, rule func(procedure.Actor) error) casework.Acting {
	for _, a := range c.Actors() {
		if rule(a) == nil {
			return casework.Acting{District: c.District, By: a}
		}
	}
	return c.Acting(right, 0)
}

// language is the first that a system asks for.
func language(accept string) lang.Lang {
	first, _, _ := strings.Cut(accept, ",")
	return lang.Parse(strings.TrimSpace(first))
}

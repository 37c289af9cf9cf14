package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/rights"
)

// caller is the system that calls, where, and when.
type caller struct {
	Key      access.Key
	District *district.District
	Lang     lang.Lang
	Now      time.Time
}

// rightKey names, in an operation's metadata, the right it needs.
const rightKey = "right"

type callerKey struct{}

func callerOf(ctx context.Context) *caller { return ctx.Value(callerKey{}).(*caller) }

// admit lets a request through whose key is good and has the right that the
// operation needs. It runs before the body is read.
func (d *door) admit(ctx huma.Context, next func(huma.Context)) {
	needs, _ := ctx.Operation().Metadata[rightKey].(rights.Right)
	c, err := d.caller(ctx.Context(), ctx.Header("Authorization"), ctx.Header("Accept-Language"), needs)
	if err != nil {
		_, w := humago.Unwrap(ctx)
		d.problem(ctx.Operation().Path, c.Lang, "header", err).write(w)
		return
	}
	next(huma.WithValue(ctx, callerKey{}, c))
}

// caller finds who calls. With an error it still knows the language.
func (d *door) caller(ctx context.Context, authorization, accept string, needs rights.Right) (*caller, error) {
	c := &caller{Lang: language(accept), Now: d.house.DB.Now()}
	scheme, text, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "bearer") {
		return c, errs.New(errs.SignIn, "请在 Authorization 里带上密钥：Bearer linli_…", "Please send a key in Authorization: Bearer linli_…").At("Authorization")
	}
	key, err := d.keys.check(ctx, d.house.DB, strings.TrimSpace(text), c.Now)
	if err != nil {
		return c, err
	}
	if key.District != d.house.District {
		return c, errs.New(errs.SignIn, "密钥不对或已到期", "the key is not right or has expired")
	}
	if needs != anyKey && !key.Can(needs) && !(needs == rights.CaseSee && key.Can(rights.CaseSeeAll)) {
		return c, errs.New(errs.Forbidden, "这个密钥没有“%[1]s”（%[2]s）的权限。", "This key does not have the right “%[3]s” (%[2]s).", needs.Title().ZH, string(needs), needs.Title().EN)
	}
	c.Key = key
	c.District, err = d.house.Districts.Get(ctx, key.District)
	return c, err
}

// scope is what of the cases the key sees.
func (c *caller) scope() casework.Scope {
	return casework.ScopeOfKey(c.Key.ID, c.Key.Scopes, c.Key.Unit, c.Key.Area)
}

// language is the first that a system asks for.
func language(accept string) lang.Lang {
	first, _, _ := strings.Cut(accept, ",")
	return lang.Parse(strings.TrimSpace(first))
}

// callerOfRequest is admit for what does not come through huma.
func (d *door) callerOfRequest(r *http.Request, needs rights.Right) (*caller, error) {
	return d.caller(r.Context(), r.Header.Get("Authorization"), r.Header.Get("Accept-Language"), needs)
}

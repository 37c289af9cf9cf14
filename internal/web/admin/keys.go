package admin

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/area"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// keysPath is where the keys of other systems are made and ended.
const keysPath = home + "/keys"

// keysView is every key of the district, and the form for a new one. Text is the
// key that was just made: it is shown this once, and kept nowhere.
type keysView struct {
	Keys   []access.Key
	Text   string
	Form   map[string]string
	Chosen []string
	Wrong  map[string]string
	List   []ui.FieldError
}

func keysShow(v *page.View) error { return showKeys(v, http.StatusOK, keysView{}) }

func showKeys(v *page.View, status int, s keysView) (err error) {
	if s.Keys, err = access.Keys(v.Context(), v.House.DB, v.District.Code); err != nil {
		return err
	}
	return show(v, status, head{
		Title: v.Say("密钥", "Keys"), At: "/keys",
		Said: v.Say("别的系统凭密钥进来。密钥像岗位一样：哪些权限，哪个单位，哪个区域，到哪天。最长两年。", "Other systems come in with keys. A key is like a post: rights, a unit, an area, until a day. Two years at most."),
	}, keysPage(v, s))
}

// keyKeeper is who gives and takes keys.
func keyKeeper(v *page.View) access.By {
	a := v.Acting(rights.AccountManage, 0).By
	return access.By{Person: a.Person, Post: a.Post, Unit: a.Unit}
}

// keyAdd makes a key and shows its text.
func keyAdd(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	k, err := askedKey(v)
	var text string
	if err == nil {
		err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
			_, text, err = access.AddKey(v.Context(), tx, k, keyKeeper(v))
			return err
		})
	}
	if fields, list, ok := v.FieldErrors(err); err != nil && ok {
		for i := range list {
			list[i].Label, list[i].ID = keyLabel(v, list[i].ID), "key-"+list[i].ID
		}
		form := map[string]string{}
		for _, name := range []string{"name", "unit", "area", "post", "expires"} {
			form[name] = v.R.PostForm.Get(name)
		}
		return showKeys(v, http.StatusUnprocessableEntity, keysView{Form: form, Chosen: v.R.PostForm["scopes"], Wrong: fields, List: list})
	}
	if err != nil {
		return err
	}
	v.W.Header().Set("Cache-Control", "no-store")
	return showKeys(v, http.StatusOK, keysView{Text: text})
}

// askedKey reads the form.
func askedKey(v *page.View) (k access.Key, err error) {
	form := v.R.PostForm
	k = access.Key{District: v.District.Code, Name: strings.TrimSpace(form.Get("name")), Unit: form.Get("unit"), Area: form.Get("area"), Post: form.Get("post")}
	may := page.KeyRights(v.District, k.Post)
	if len(may) == 0 {
		return k, errs.New(errs.Invalid, "没有这个岗位。", "There is no such post.").At("post")
	}
	for _, s := range form["scopes"] {
		if !slices.Contains(may, rights.Right(s)) {
			return k, errs.New(errs.Invalid, "密钥没有这项权限可给。", "A key cannot be given this right.").At("scopes")
		}
		k.Scopes = append(k.Scopes, rights.Right(s))
	}
	if _, ok := v.District.Org.Unit(org.UnitID(k.Unit)); k.Unit != "" && !ok {
		return k, errs.New(errs.Invalid, "没有这家单位。", "There is no such unit.").At("unit")
	}
	if a, ok := v.District.Areas.Area(area.Code(k.Area)); k.Area != "" && (!ok || a.Code.Tier() == area.District) {
		return k, errs.New(errs.Invalid, "没有这个街道、社区或网格。", "There is no such street, community or grid.").At("area")
	}
	day, err := clock.ParseDate(form.Get("expires"))
	if err != nil {
		return k, errs.New(errs.Invalid, "写明到哪天为止，两年以内。", "Write the last day, within two years.").At("expires")
	}
	k.Expires = day.Add(1).Start(v.Zone())
	return k, nil
}

func keyLabel(v *page.View, name string) string {
	switch name {
	case "name":
		return v.Say("哪个系统", "System")
	case "scopes":
		return v.Say("权限", "Rights")
	case "unit":
		return v.Say("单位", "Unit")
	case "area":
		return v.Say("区域", "Area")
	case "post":
		return v.Say("岗位", "Post")
	}
	return v.Say("到哪天", "Until")
}

// keyEnd ends a key at once.
func keyEnd(v *page.View) error {
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return access.EndKey(v.Context(), tx, v.District.Code, v.R.PathValue("id"), keyKeeper(v))
	})
	if err != nil {
		return err
	}
	return v.GoSaying(keysPath, "密钥停用了，几秒后各处都不认。", "The key has ended; within seconds it is refused everywhere.")
}

// field is a control of the form, as it came back.
func (s keysView) field(name, label, hint string) ui.Field {
	return ui.Field{ID: "key-" + name, Name: name, Label: label, Hint: hint, Value: s.Form[name], Err: s.Wrong[name]}
}

// givable are the rights that the form offers: those of a system, and of any post
// that it may act as.
func givable(v *page.View) (all []rights.Right) {
	for _, r := range rights.Rights() {
		if slices.Contains(page.KeyRights(v.District, ""), r) || r != rights.DataReveal && len(v.District.Catalogue.Roles().Holders(r)) > 0 {
			all = append(all, r)
		}
	}
	return all
}

// keyPosts are the posts held today that a system can act as.
func keyPosts(v *page.View) (all []ui.Option) {
	for _, p := range v.District.Org.Held(v.Now, v.Zone()) {
		if p.For != "" {
			continue
		}
		// One person may hold the same post for many grids: the area tells them apart.
		said := []string{v.UnitName(string(p.Unit)), v.RoleName(string(p.Role)), personName(v, p.Person)}
		if p.Area != "" {
			said = append(said, v.District.Areas.Path(area.Code(p.Area)).In(v.Lang))
		}
		all = append(all, ui.Option{Value: string(p.ID), Label: strings.Join(said, v.Say("，", ", "))})
	}
	return all
}

// keyAreas are the streets and communities that a key can be bounded to.
func keyAreas(v *page.View) (all []ui.Option) {
	for _, tier := range []area.Tier{area.Street, area.Community} {
		for _, a := range v.District.Areas.Tier(tier) {
			all = append(all, ui.Option{Value: string(a.Code), Label: v.District.Areas.Path(a.Code).In(v.Lang)})
		}
	}
	return all
}

func keyCells(v *page.View, k access.Key) []ui.Cell {
	var can []string
	for _, r := range k.Scopes {
		can = append(can, r.Title().In(v.Lang))
	}
	reach := []string{}
	if k.Unit != "" {
		reach = append(reach, v.UnitName(k.Unit))
	}
	if k.Area != "" {
		reach = append(reach, v.District.Areas.Path(area.Code(k.Area)).In(v.Lang))
	}
	if person, ok := v.District.Org.PersonByLogin(k.Login); ok && k.Login != "" {
		reach = append(reach, v.Say("%s自己的，按其岗位", "%s’s own, by their posts", person.Name))
	}
	if p, ok := v.District.Org.Post(org.PostID(k.Post)); ok && k.Post != "" {
		reach = append(reach, v.Say("作为%[1]s的%[2]s", "as %[2]s of %[1]s", v.UnitName(string(p.Unit)), v.RoleName(string(p.Role))))
	}
	where := strings.Join(reach, v.Say("，在", ", in "))
	if where == "" {
		where = v.Say("不限", "no bounds")
	}
	used := v.Say("没有用过", "never used")
	if !k.Used.IsZero() {
		used = v.MomentText(k.Used)
	}
	return []ui.Cell{
		{Text: k.Name, Sub: v.Say("%s 建", "made %s", v.MomentText(k.Created))}, {Text: strings.Join(can, v.Say("、", ", "))}, {Text: where},
		{Text: used}, {Text: keyUntil(v, k), Body: nil}, {Body: keyEndButton(v, k)},
	}
}

func keyUntil(v *page.View, k access.Key) string {
	if !k.Expires.After(v.Now) {
		return v.Say("%s 已停用", "ended %s", v.MomentText(k.Expires))
	}
	return v.UntilText(k.Expires)
}

// keyDay is the last day that a form offers first: a year from now.
func keyDay(v *page.View) string {
	return v.Now.In(v.Zone()).Add(365 * 24 * time.Hour).Format("2006-01-02")
}

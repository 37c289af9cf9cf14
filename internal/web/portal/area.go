package portal

import (
	"net/http"
	"time"

	"linli/internal/area"
	"linli/internal/errs"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// areasView is the choice of where the reader lives: a community, and in it,
// for who knows it, the grid.
type areasView struct {
	Chosen  area.Area // zero for none
	Streets []streetView
	Grids   []ui.Option
}

type streetView struct {
	Name        string
	Communities []ui.Option
}

func areas(v *page.View) error {
	s := areasView{}
	if a, ok := chosenArea(v); ok {
		s.Chosen = a
		for _, g := range v.District.Areas.Children(a.Code.At(area.Community)) {
			s.Grids = append(s.Grids, ui.Option{Value: string(g.Code), Label: g.Name.In(v.Lang)})
		}
	}
	for _, street := range v.District.Areas.Tier(area.Street) {
		view := streetView{Name: street.Name.In(v.Lang)}
		for _, c := range v.District.Areas.Children(street.Code) {
			view.Communities = append(view.Communities, ui.Option{Value: string(c.Code), Label: c.Name.In(v.Lang)})
		}
		s.Streets = append(s.Streets, view)
	}
	return v.Show(http.StatusOK, areasPage(v, s))
}

// chooseArea remembers the area on this device; an empty one forgets it.
func chooseArea(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	code := v.R.PostForm.Get("area")
	cookie := &http.Cookie{Name: "area", Value: code, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()), HttpOnly: true, Secure: v.House.Secure, SameSite: http.SameSiteLaxMode}
	switch {
	case code == "":
		cookie.MaxAge = -1
		http.SetCookie(v.W, cookie)
		return v.GoSaying("/", "好，看全区的。", "All of the district, then.")
	case !v.District.Areas.Known(code) || len(code) < 12:
		return errs.New(errs.Invalid, "没有这个社区，请重新选。", "There is no such community; please choose again.")
	}
	http.SetCookie(v.W, cookie)
	name := v.District.Areas.Name(area.Code(code))
	if area.Code(code).Tier() == area.Community {
		return v.GoSaying("/area", "记下了：%[1]s。知道自己在哪个网格，可以接着选。", "Kept: %[2]s. If you know your grid, choose it too.", name.ZH, name.EN)
	}
	return v.GoSaying("/", "记下了：%[1]s。", "Kept: %[2]s.", name.ZH, name.EN)
}

// mailbox is the e-mail address of a community; empty where no mail comes in.
func mailbox(v *page.View, chosen area.Area) string {
	if chosen.Code == "" || v.House.Inbox == nil {
		return ""
	}
	return v.House.Inbox.AddressOf(string(chosen.Code.At(area.Community)))
}

// newsArea is the area whose news the page leads to: the chosen one, else all of
// the district.
func newsArea(v *page.View, s areasView) string {
	if s.Chosen.Code != "" {
		return string(s.Chosen.Code)
	}
	return v.District.Code
}

package desk

import (
	"net/url"
	"strings"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// saved is the reader's own part of a side menu.
func saved(v *page.View, now asked) (ui.NavGroup, error) {
	group := ui.NavGroup{Title: v.Say("我存的", "Saved by me")}
	all, err := casework.SavedFilters(v.Context(), v.House.DB, v.District.Code, string(v.Reader.Person.ID))
	if err != nil {
		return group, err
	}
	for _, f := range all {
		item := ui.NavItem{Link: ui.Link{Text: f.Name, Href: f.Query, Icon: "star", Now: f.Query == now.href()}}
		if n, err := countOf(v, f.Query); err == nil {
			item.Count = ui.N(n.N)
		}
		group.Items = append(group.Items, item)
	}
	return group, nil
}

// savedNow is the saved filter that the list is, if it is one.
func savedNow(v *page.View, a asked) (casework.SavedFilter, bool, error) {
	all, err := casework.SavedFilters(v.Context(), v.House.DB, v.District.Code, string(v.Reader.Person.ID))
	for _, f := range all {
		if f.Query == a.href() {
			return f, true, err
		}
	}
	return casework.SavedFilter{}, false, err
}

// filterSave keeps the list at an address under a name.
func filterSave(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	a, err := listAt(v, v.R.PostForm.Get("list"))
	if err != nil {
		return err
	}
	var f casework.SavedFilter
	err = v.House.DB.Write(v.Context(), func(tx *db.Tx) (err error) {
		f, err = casework.SaveFilter(v.Context(), tx, v.District.Code, string(v.Reader.Person.ID), v.R.PostForm.Get("name"), a.href())
		return err
	})
	if err != nil {
		return err
	}
	return v.GoSaying(a.href(), "存好了：%s。它在左边“我存的”里。", "Saved as %s. It stands at the left under “Saved by me”.", f.Name)
}

// listAt understands the address of a list. It is errs.Invalid for any other.
func listAt(v *page.View, address string) (asked, error) {
	path, query, _ := strings.Cut(address, "?")
	values, err := url.ParseQuery(query)
	if err != nil || path != queuePath && path != casesPath {
		return asked{}, errs.New(errs.Invalid, "这个筛选存不下来，请回到列表再存。", "This filter cannot be saved; please go back to the list.")
	}
	a := read(v, path, values)
	if len(a.Wrong) > 0 || len(a.Query) == 0 {
		return asked{}, errs.New(errs.Invalid, "还没有筛选条件，先选好再存。", "Nothing is filtered yet; choose first, then save.")
	}
	return a, nil
}

// filterDrop forgets one of the reader's filters.
func filterDrop(v *page.View) error {
	if err := v.Form(); err != nil {
		return err
	}
	err := v.House.DB.Write(v.Context(), func(tx *db.Tx) error {
		return casework.DropFilter(v.Context(), tx, v.District.Code, string(v.Reader.Person.ID), v.R.PathValue("id"))
	})
	if err != nil {
		return err
	}
	back := casesPath
	if a, err := listAt(v, v.R.PostForm.Get("list")); err == nil {
		back = a.Path
	}
	return v.GoSaying(back, "去掉了。", "Dropped.")
}

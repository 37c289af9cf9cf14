package admin

import (
	"net/http"
	"slices"

	"linli/internal/rights"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

const rolesPath = home + "/roles"

// roles is the table an auditor reads: every role and every right, from the
// rulebook itself.
func roles(v *page.View) error {
	return show(v, http.StatusOK, head{
		Title: v.Say("哪些角色能做什么", "Which role may do what"), At: "/roles",
		Said: v.Say("这张表就是系统判断权限用的那一张（配置包的 roles.yaml），可以直接打印给审计看。", "This is the very table that decides (roles.yaml of the pack). It may be printed for an auditor as it is."),
	}, rolesPage(v))
}

// roleColumns are the right's name and one column a role.
func roleColumns(v *page.View) []ui.Column {
	all := []ui.Column{{Title: v.Say("权限", "Right")}}
	for _, r := range v.District.Catalogue.Roles().Roles() {
		all = append(all, ui.Column{Title: r.Title.In(v.Lang)})
	}
	return all
}

// roleCells is one right across all roles.
func roleCells(v *page.View, right rights.Right) []ui.Cell {
	all := []ui.Cell{{Text: right.Title().In(v.Lang), Sub: string(right)}}
	for _, r := range v.District.Catalogue.Roles().Roles() {
		mark := ""
		if slices.Contains(r.Rights, right) {
			mark = v.Say("有", "yes")
		}
		all = append(all, ui.Cell{Text: mark, Strong: true})
	}
	return all
}

// secondCells says which roles sign in with two factors.
func secondCells(v *page.View) []ui.Cell {
	all := []ui.Cell{{Text: v.Say("登录要两样凭证", "Signs in with two factors")}}
	for _, r := range v.District.Catalogue.Roles().Roles() {
		mark := ""
		if r.Second {
			mark = v.Say("要", "yes")
		}
		all = append(all, ui.Cell{Text: mark})
	}
	return all
}

// apartPairs are the roles that exclude each other, as sentences.
func apartPairs(v *page.View) (all []string) {
	book := v.District.Catalogue.Roles()
	roles := book.Roles()
	for i, one := range roles {
		for _, two := range roles[i+1:] {
			if book.Exclusive(one.Name, two.Name) {
				all = append(all, v.Say("%[1]s和%[2]s", "%[3]s and %[4]s", one.Title.ZH, two.Title.ZH, one.Title.EN, two.Title.EN))
			}
		}
	}
	return all
}

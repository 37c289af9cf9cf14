package org

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// refuseTwice refuses a login that stands in an earlier row.
func refuseTwice(records []*sheet.Record, report *sheet.Report) {
	seen := map[string]int{}
	for _, r := range records {
		login := strings.ToLower(r.Text("login"))
		if line, twice := seen[login]; twice {
			r.Fail(report, "login", "登录名与第 %d 行重复。", "The login stands already in line %d.", line)
			continue
		}
		seen[login] = r.Line
	}
}

// PersonColumns is the shape ImportPeople takes.
func PersonColumns() sheet.Schema {
	return sheet.Schema{
		{Name: "login", Title: lang.T("登录名", "Login"), Kind: sheet.KindCode, Required: true, Max: 40},
		{Name: "name", Title: lang.T("姓名", "Name"), Required: true, Max: 60},
		{Name: "phone", Title: lang.T("工作电话", "Work phone"), Max: 40},
	}
}

// ImportPeople takes staff in the shape of PersonColumns. A login already there
// is that person, with the name and phone given now.
func ImportPeople(ctx context.Context, tx *db.Tx, district string, records []*sheet.Record, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "org.ImportPeople(%s)", district)
	have, err := loadPeople(ctx, tx, district)
	if err != nil {
		return err
	}
	byLogin := map[string]Person{}
	for _, p := range have {
		byLogin[p.Login] = p
	}
	refuseTwice(records, report)
	if !report.MayWrite() {
		return nil
	}
	count := report.Count(lang.T("人员", "People"))
	for _, r := range records {
		if r.Bad() {
			continue
		}
		p := Person{Login: strings.ToLower(r.Text("login")), Name: r.Text("name"), Phone: r.Text("phone")}
		old, there := byLogin[p.Login]
		p.ID = old.ID
		switch {
		case p == old:
			count.Same++
			continue
		case there:
			count.Changed++
		default:
			count.Added++
			id, err := uuid.NewV7()
			if err != nil {
				return err
			}
			p.ID = PersonID(id.String())
		}
		if err := writePerson(ctx, tx, district, p); err != nil {
			return err
		}
	}
	return nil
}

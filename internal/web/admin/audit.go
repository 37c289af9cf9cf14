package admin

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"linli/internal/clock"
	"linli/internal/org"
	"linli/internal/sheet"
	"linli/internal/trail"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

const auditPath = home + "/audit"

// auditShown is how many entries one page lists.
const auditShown = 50

// asked is what the auditor filters by.
type asked struct {
	Book, Login, From, To string
	filter                trail.Filter
}

// readAsked reads the filter of the address. A login of nobody finds nothing.
func readAsked(v *page.View) (a asked, err error) {
	q := v.R.URL.Query()
	a = asked{Book: q.Get("book"), Login: q.Get("who"), From: q.Get("from"), To: q.Get("to")}
	if book := trail.Book(a.Book); slices.Contains(trail.Books(), book) {
		a.filter.Books = []trail.Book{book}
	} else {
		a.Book = ""
	}
	if a.Login != "" {
		a.filter.Person = "-"
		if p, ok := v.District.Org.PersonByLogin(a.Login); ok {
			a.filter.Person = string(p.ID)
		}
	}
	from, err := date(a.From, "from")
	if err != nil {
		return a, err
	}
	to, err := date(a.To, "to")
	if err != nil {
		return a, err
	}
	a.filter.Since, a.filter.Until = start(v, from), start(v, dayAfter(to))
	return a, nil
}

func start(v *page.View, d clock.Date) time.Time {
	if d == "" {
		return time.Time{}
	}
	return d.Start(v.Zone())
}

func dayAfter(d clock.Date) clock.Date {
	if d == "" {
		return ""
	}
	return d.Add(1)
}

// query is the address of the filter, with a page to begin at.
func (a asked) query(before string) string {
	q := url.Values{}
	for name, value := range map[string]string{"book": a.Book, "who": a.Login, "from": a.From, "to": a.To, "before": before} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// audit lists who did what beside the cases: rights, sign-ins, looks, exports,
// set-up and what people asked about their data.
func audit(v *page.View) error {
	a, err := readAsked(v)
	if err != nil {
		return err
	}
	entries, more, err := trail.Find(v.Context(), v.House.DB, v.District.Code, a.filter, v.R.URL.Query().Get("before"), auditShown)
	if err != nil {
		return err
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("审计", "Audit"), At: "/audit",
		Said:   v.Say("谁给了谁权限，谁登录、查看、导出，谁改了设置。最新的在上面。", "Who gave whom rights, who signed in, looked, took tables out and changed the set-up. Newest first."),
		Button: ui.Btn{Label: v.Say("导出表格", "Export"), Icon: "download", Href: auditPath + ".csv" + a.query("")},
	}, auditPage(v, a, entries, more))
}

func auditFields(v *page.View, a asked) []ui.FilterField {
	books := []ui.Option{{Value: "", Label: v.Say("全部", "All")}}
	for _, b := range trail.Books() {
		books = append(books, ui.Option{Value: string(b), Label: bookText(v, b)})
	}
	return []ui.FilterField{
		{Name: "book", Label: v.Say("哪一类", "Kind"), Value: a.Book, Options: books},
		{Name: "who", Label: v.Say("谁（登录名）", "Who (login)"), Value: a.Login},
		{Name: "from", Label: v.Say("从哪天", "From"), Value: a.From, Kind: "date"},
		{Name: "to", Label: v.Say("到哪天", "To"), Value: a.To, Kind: "date"},
	}
}

// entryCells is one entry: when, who in which post, what.
func entryCells(v *page.View, e trail.Entry) []ui.Cell {
	who := ui.Cell{Text: whoText(v, e), Sub: postText(v, e)}
	if _, ok := v.District.Org.Person(org.PersonID(e.Person)); ok {
		who.Href = personHref(org.PersonID(e.Person))
	}
	return []ui.Cell{{Text: v.MomentText(e.At), Sub: bookText(v, e.Book)}, who, {Text: actText(v, e.Act), Strong: true, Sub: detailText(v, e)}}
}

// tableMost is how many entries one exported table holds.
const tableMost = 50000

// auditTable sends the filtered entries as a table, and is an entry itself.
func auditTable(v *page.View) error {
	a, err := readAsked(v)
	if err != nil {
		return err
	}
	var all []trail.Entry
	for before := ""; len(all) < tableMost; {
		entries, more, err := trail.Find(v.Context(), v.House.DB, v.District.Code, a.filter, before, 1000)
		if err != nil {
			return err
		}
		if all = append(all, entries...); more == "" {
			break
		}
		before = more
	}
	if err := v.Exported(page.Export{What: "audit", Filter: a.query(""), Rows: len(all)}); err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.W.Header().Set("Content-Disposition", `attachment; filename="audit.csv"`)
	v.W.Header().Set("Cache-Control", "no-store")
	rows := [][]string{{v.Say("时间", "When"), v.Say("哪一类", "Kind"), v.Say("谁", "Who"), v.Say("岗位", "Post"), v.Say("做了什么", "What"), v.Say("内容", "Details"), v.Say("对象", "Subject"), v.Say("第几条", "Entry"), v.Say("校验值", "Hash")}}
	for _, e := range all {
		rows = append(rows, []string{
			e.At.In(v.Zone()).Format(time.RFC3339), bookText(v, e.Book), whoText(v, e), postText(v, e), actText(v, e.Act), detailText(v, e), e.Subject, ui.Number(e.Seq), e.Hash,
		})
	}
	fmt.Fprint(v.W, "\ufeff") // Excel needs it to read Chinese
	out := csv.NewWriter(v.W)
	out.UseCRLF = true
	for _, row := range rows {
		for i := range row {
			row[i] = sheet.Inert(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

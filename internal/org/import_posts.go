package org

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/sheet"
	"linli/internal/trail"
)

// PostColumns is the shape ImportPosts takes.
func PostColumns() sheet.Schema {
	return sheet.Schema{
		{Name: "login", Title: lang.T("登录名", "Login"), Kind: sheet.KindCode, Required: true, Max: 40},
		{Name: "role", Title: lang.T("岗位角色", "Role"), Required: true, Max: 40},
		{Name: "unit", Title: lang.T("单位代码", "Unit code"), Kind: sheet.KindCode, Required: true, Max: 40},
		{Name: "area", Title: lang.T("区域代码", "Area code"), Kind: sheet.KindCode, Max: 15},
		{Name: "from", Title: lang.T("开始日期", "From"), Kind: sheet.KindDate},
		{Name: "to", Title: lang.T("结束日期", "To"), Kind: sheet.KindDate},
	}
}

// ImportPosts takes posts in the shape of PostColumns. The same seat of the
// same person from the same day is the same post, and only its end may change;
// one that was ended stays so. The rules are those of Give: nobody brings a post
// of his own, and nobody gets two that the rulebook keeps apart.
func ImportPosts(ctx context.Context, tx *db.Tx, district string, records []*sheet.Record, rules Rules, by Giver, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "org.ImportPosts(%s)", district)
	b, err := newPostBatch(ctx, tx, district, rules, by, report)
	if err != nil {
		return err
	}
	// By date, so that a row that ends an old term comes before the row that
	// begins the next.
	byDate := slices.SortedStableFunc(slices.Values(records), func(r, q *sheet.Record) int {
		return strings.Compare(r.Text("from"), q.Text("from"))
	})
	for _, r := range byDate {
		b.add(r)
	}
	if !report.MayWrite() {
		return nil
	}
	count := report.Count(lang.T("岗位", "Posts"))
	for i := range b.fresh {
		if b.fresh[i].ID == "" {
			id, err := uuid.NewV7()
			if err != nil {
				return err
			}
			b.fresh[i].ID = PostID(id.String())
			count.Added++
		} else {
			count.Changed++
		}
		if err := writePost(ctx, tx, district, b.fresh[i]); err != nil {
			return err
		}
	}
	count.Same += b.same
	return b.note(ctx, tx, district)
}

// note writes the posts that came into the trail, each under its own, and has
// the audit administrators told once.
func (b *postBatch) note(ctx context.Context, tx *db.Tx, district string) error {
	if len(b.fresh) == 0 {
		return nil
	}
	for _, p := range b.fresh {
		detail := map[string]string{"person": string(p.Person), "role": string(p.Role), "unit": string(p.Unit)}
		for name, value := range map[string]string{"area": p.Area, "from": string(p.From), "to": string(p.To)} {
			if value != "" {
				detail[name] = value
			}
		}
		if b.by.Person == "" {
			detail["by"] = CommandLine
		}
		err := trail.Note(ctx, tx, district, trail.Rights, string(p.ID), trail.Entry{
			Person: string(b.by.Person), Post: string(b.by.Post), Unit: string(b.by.Unit), Act: PostImported, Detail: detail,
		})
		if err != nil {
			return err
		}
	}
	tx.Wake(Topic)
	if err := tell(ctx, tx, district, Told{Act: PostImported, N: len(b.fresh)}); err != nil {
		return err
	}
	return job.Add(ctx, tx, district, TurnJob, "import "+micros(tx.Now), Turn{}, tx.Now)
}

// postBatch is what one file of posts brings.
type postBatch struct {
	people map[string]PersonID // by login
	units  map[UnitID]Unit
	rules  Rules
	by     Giver
	dir    *Directory      // as it is in the tables, for what rows are held against
	have   map[Post][]Post // by seat: the post less its id and dates
	lines  map[Post]int    // rows already taken, by whole post
	fresh  []Post
	same   int
	report *sheet.Report
}

func newPostBatch(ctx context.Context, tx *db.Tx, district string, rules Rules, by Giver, report *sheet.Report) (*postBatch, error) {
	dir, err := Open(ctx, tx, district)
	if err != nil {
		return nil, err
	}
	b := &postBatch{people: dir.logins, units: dir.units, rules: rules, by: by, dir: dir, have: map[Post][]Post{}, lines: map[Post]int{}, report: report}
	for _, p := range dir.posts {
		b.have[p.seat()] = append(b.have[p.seat()], p)
	}
	return b, nil
}

// seat is the post without who keeps it apart from its other terms.
func (p Post) seat() Post { return Post{Person: p.Person, Role: p.Role, Unit: p.Unit, Area: p.Area} }

func (b *postBatch) add(r *sheet.Record) {
	login := strings.ToLower(r.Text("login"))
	p := Post{
		Person: b.people[login], Role: b.roleOf(r.Text("role")), Unit: UnitID(r.Text("unit")), Area: r.Text("area"),
		From: clock.Date(r.Text("from")), To: clock.Date(r.Text("to")),
	}
	if p.Person == "" {
		r.Fail(b.report, "login", "没有登录名为 %s 的人员。", "There is nobody with the login %s.", login)
	}
	if _, known := b.rules.Book.Role(string(p.Role)); !known {
		r.Fail(b.report, "role", "没有“%s”这种角色；可用：%s。", "There is no role “%s”; known are %s.", p.Role, b.roles())
	}
	if _, known := b.units[p.Unit]; !known {
		r.Fail(b.report, "unit", "没有单位 %s。", "There is no unit %s.", p.Unit)
	}
	if p.Area != "" && !b.rules.Areas(p.Area) {
		r.Fail(b.report, "area", "没有区域 %s。", "There is no area %s.", p.Area)
	}
	if p.Role == GridWorker && len(p.Area) != gridDigits {
		r.Fail(b.report, "area", "网格员岗位要写明网格。", "A grid worker's post names its grid.")
	}
	if p.To != "" && p.To < p.From {
		r.Fail(b.report, "to", "结束日期早于开始日期。", "It ends before it begins.")
	}
	if !r.Bad() {
		b.take(r, p)
	}
}

// take sets a good post beside the other terms of the same seat.
func (b *postBatch) take(r *sheet.Record, p Post) {
	terms := b.have[p.seat()]
	for i, q := range terms {
		if q.From == p.From && b.lines[q] == 0 {
			p.ID = q.ID
			if !q.Ends.IsZero() { // what somebody ended, no older list gives back
				p.Ends, p.To = q.Ends, q.To
			}
			if p == q {
				b.same++
				b.lines[p] = r.Line
				return
			}
			terms = append(terms[:i:i], terms[i+1:]...)
			break
		}
	}
	for _, q := range terms {
		if !p.overlaps(q) {
			continue
		}
		if line := b.lines[q]; line > 0 {
			r.Fail(b.report, "from", "与第 %d 行是同一岗位，日期重叠。", "It is the same post as line %d, and the dates overlap.", line)
		} else {
			r.Fail(b.report, "from", "同一岗位已有 %s 起的任期，日期重叠。", "The same post is already held from %s, and the dates overlap.", cmp.Or(q.From, "…"))
		}
		return
	}
	if b.apart(r, p) {
		b.have[p.seat()] = append(terms, p)
		b.lines[p] = r.Line
		b.fresh = append(b.fresh, p)
	}
}

// apart fails a post of the importer's own, and one whose role the person may
// not have beside another: in the tables, or in this file.
func (b *postBatch) apart(r *sheet.Record, p Post) bool {
	if p.Person == b.by.Person {
		r.Fail(b.report, "login", "不能给自己岗位，请别人来导入这一行。", "Nobody gives a post to himself; somebody else has to bring this row.")
		return false
	}
	shut := func(other Role, line int) bool {
		one, two := titleOf(b.rules.Book, p.Role), titleOf(b.rules.Book, other)
		if line > 0 {
			r.Fail(b.report, "role", "%[1]s和%[2]s不能是同一个人（第 %[5]d 行）。", "One person cannot be both %[3]s and %[4]s (line %[5]d).", one.ZH, two.ZH, one.EN, two.EN, line)
		} else {
			r.Fail(b.report, "role", "%[1]s和%[2]s不能是同一个人。", "One person cannot be both %[3]s and %[4]s.", one.ZH, two.ZH, one.EN, two.EN)
		}
		return false
	}
	changed := map[PostID]bool{p.ID: true}
	for _, q := range b.fresh {
		changed[q.ID] = true
		if q.Person == p.Person && b.rules.Book.Exclusive(string(p.Role), string(q.Role)) && p.overlaps(q) {
			return shut(q.Role, b.lines[q])
		}
	}
	for _, q := range b.dir.ofPerson[p.Person] {
		if !changed[q.ID] && b.rules.Book.Exclusive(string(p.Role), string(q.Role)) && p.span(b.rules.Zone).meets(q.span(b.rules.Zone)) {
			return shut(q.Role, 0)
		}
	}
	for _, s := range b.dir.standing[p.Person] {
		if q := b.dir.posts[s.Post]; b.rules.Book.Exclusive(string(p.Role), string(q.Role)) && s.span().meets(p.span(b.rules.Zone)) {
			return shut(q.Role, 0)
		}
	}
	return true
}

// roleOf takes a role by its stored name or its title.
func (b *postBatch) roleOf(s string) Role {
	for _, role := range b.rules.Book.Roles() {
		if s == role.Title.ZH || strings.EqualFold(s, role.Title.EN) {
			return Role(role.Name)
		}
	}
	return Role(s)
}

// roles lists what there is, for whoever wrote another.
func (b *postBatch) roles() string {
	var names []Role
	for _, role := range b.rules.Book.Roles() {
		names = append(names, Role(role.Name))
	}
	return joined(names)
}

// gridDigits is the length of a grid's code.
const gridDigits = 15

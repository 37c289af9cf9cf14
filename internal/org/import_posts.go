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
	"linli/internal/lang"
	"linli/internal/sheet"
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
// same person from the same day is the same post, and only its end may change.
func ImportPosts(ctx context.Context, tx *db.Tx, district string, records []*sheet.Record, areas Known, report *sheet.Report) (err error) {
	defer errs.Wrap(&err, "org.ImportPosts(%s)", district)
	b, err := newPostBatch(ctx, tx, district, areas, report)
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
	for _, p := range b.fresh {
		if p.ID == "" {
			id, err := uuid.NewV7()
			if err != nil {
				return err
			}
			p.ID = PostID(id.String())
			count.Added++
		} else {
			count.Changed++
		}
		if err := writePost(ctx, tx, district, p); err != nil {
			return err
		}
	}
	count.Same += b.same
	return nil
}

// postBatch is what one file of posts brings.
type postBatch struct {
	people map[string]PersonID // by login
	units  map[UnitID]Unit
	areas  Known
	have   map[Post][]Post // by seat: the post less its id and dates
	lines  map[Post]int    // rows already taken, by whole post
	fresh  []Post
	same   int
	report *sheet.Report
}

func newPostBatch(ctx context.Context, tx *db.Tx, district string, areas Known, report *sheet.Report) (*postBatch, error) {
	b := &postBatch{people: map[string]PersonID{}, areas: areas, have: map[Post][]Post{}, lines: map[Post]int{}, report: report}
	people, err := loadPeople(ctx, tx, district)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		b.people[p.Login] = p.ID
	}
	if b.units, err = loadUnits(ctx, tx, district); err != nil {
		return nil, err
	}
	posts, err := loadPosts(ctx, tx, district)
	for _, p := range posts {
		b.have[p.seat()] = append(b.have[p.seat()], p)
	}
	return b, err
}

// seat is the post without who keeps it apart from its other terms.
func (p Post) seat() Post { return Post{Person: p.Person, Role: p.Role, Unit: p.Unit, Area: p.Area} }

func (b *postBatch) add(r *sheet.Record) {
	login := strings.ToLower(r.Text("login"))
	p := Post{
		Person: b.people[login], Role: roleOf(r.Text("role")), Unit: UnitID(r.Text("unit")), Area: r.Text("area"),
		From: clock.Date(r.Text("from")), To: clock.Date(r.Text("to")),
	}
	if p.Person == "" {
		r.Fail(b.report, "login", "没有登录名为 %s 的人员。", "There is nobody with the login %s.", login)
	}
	if !p.Role.Known() {
		r.Fail(b.report, "role", "没有“%s”这种角色；可用：%s。", "There is no role “%s”; known are %s.", p.Role, joined(roles))
	}
	if _, known := b.units[p.Unit]; !known {
		r.Fail(b.report, "unit", "没有单位 %s。", "There is no unit %s.", p.Unit)
	}
	if p.Area != "" && !b.areas(p.Area) {
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
	b.have[p.seat()] = append(terms, p)
	b.lines[p] = r.Line
	b.fresh = append(b.fresh, p)
}

// roleOf takes a role by its stored name or its Chinese one.
func roleOf(s string) Role {
	for role, text := range roleText {
		if s == text.ZH {
			return role
		}
	}
	return Role(s)
}

// gridDigits is the length of a grid's code.
const gridDigits = 15

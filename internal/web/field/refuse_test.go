package field_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/supervise"
	"linli/internal/trail"
)

// as is the first post of somebody.
func as(t *testing.T, w *apptest.World, login string) casework.Acting {
	t.Helper()
	d := w.District()
	person, _ := d.Org.PersonByLogin(login)
	p := d.Org.PostsOf(person.ID, d.Day)[0]
	return casework.Acting{District: d, By: procedure.Actor{Person: string(p.Person), Post: string(p.ID), Role: procedure.Role(p.Role), Unit: string(p.Unit), Area: p.Area}}
}

// listed puts a duty on the admission list.
func listed(t *testing.T, w *apptest.World, matter string) {
	t.Helper()
	ctx := context.Background()
	err := w.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := supervise.ProposeAdmission(ctx, tx, as(t, w, "zhouhui"), supervise.Admission{Matter: matter, Duty: lang.Text{ZH: "巡查 " + matter, EN: "rounds " + matter},
			ProposedBy: "u-shizheng", Basis: "区准入办法", Units: []string{"u-guixiang"}, Minutes: 60, From: "2026-01-01"})
		if err != nil {
			return err
		}
		_, err = supervise.ApproveAdmission(ctx, tx, as(t, w, "dengning"), m.ID, "区准入联席会议")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// quarrel is a matter between neighbours, which begins in the grid.
func quarrel(t *testing.T, w *apptest.World) casework.Case {
	t.Helper()
	got, err := w.Desk.Receive(context.Background(), w.District(), intake.Sending{Channel: intake.Portal, Matter: "s0101", Text: "楼上总是吵",
		Point: middle(t, w, mine(t, w)), Phone: "13800002222"})
	if err != nil {
		t.Fatal(err)
	}
	return got.Case
}

func TestADutyBesideTheListIsRefused(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	c := quarrel(t, w)
	path := "/field/task/" + string(c.ID)
	b := w.As(walker)
	before := b.Get(path)
	if strings.Contains(before.Text(), "回绝") {
		t.Errorf("without any list of duties nothing can be refused: %s", before.Text())
	}
	if why := before.Find(withID("why")); len(why) != 1 || !strings.Contains(apptest.Text(why[0]), "1 个工作日") {
		t.Errorf("the date is not explained: %s", before.Text())
	}
	listed(t, w, "c01")
	page := b.Get(path)
	values := form(t, page, "refuse")
	if !strings.Contains(page.Text(), "不在准入清单上") || !strings.Contains(page.Text(), "不算您没办好") {
		t.Errorf("it is not said what refusing means: %s", page.Text())
	}
	if got := b.Post(path, values); got.Status != http.StatusUnprocessableEntity || again(t, w, c.ID).Step != "grid" {
		t.Errorf("refused without a reason: %d", got.Status)
	}
	values.Set("reason", "这是公安的事")
	if got := b.Post(path, values); got.Path != "/field" || again(t, w, c.ID).Step != "district" {
		t.Fatalf("refused: ended at %s with the case at %s: %s", got.Path, again(t, w, c.ID).Step, got.Text())
	}
	entries, err := trail.Of(context.Background(), w.DB, w.House.District, string(c.ID))
	if err != nil || entries[len(entries)-1].Act != "refuse" || entries[len(entries)-1].Detail["state"] != "refused" {
		t.Errorf("the trail does not say that it was refused (%v)", err)
	}
	other := quarrel(t, w)
	listed(t, w, "s01")
	b.Lang = "en"
	if got := b.Get("/field/task/" + string(other.ID)); strings.Contains(got.Text(), "you may refuse it") || !strings.Contains(got.Text(), "Why this date") {
		t.Errorf("a duty on the list can be refused, or the date is not explained in English: %s", got.Text())
	}
}

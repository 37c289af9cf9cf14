package casework_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/procedure"
)

// The trail says of each act all that a scorecard counts.
func TestDeeds(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.report("d-complaint")
		opened, _ := c.read(id)
		agrees(t, "opened", c.entry(id, "opened").Detail, map[string]string{"matter": "d-complaint", "kind": "complaint", "channel": "portal",
			"area": c.grid07(), "unit": opened.Proposed, "receiver": "u-centre", "due": micros(opened.Due), "limit": "10 working-days"})
		accept := c.open1(id, "accept")
		c.Clock.Advance(31 * time.Minute) // thirty were allowed
		c.do(c.as("guoyan", procedure.Acceptor), id, "file", procedure.Move{Marks: map[string]string{"report-quality": "b"}})
		agrees(t, "filed late", c.entry(id, "file").Detail, map[string]string{"task": accept.ID, "of": "u-centre", "since": micros(accept.OpenedAt),
			"due": micros(accept.Due), "state": "done", "late": "yes", "broke": "yes", "round": "1", "to": "dispatch", "mark.report-quality": "b"})
		c.do(c.as("chenli", procedure.Dispatcher), id, "send", procedure.Move{Unit: "u-chengguan"})
		agrees(t, "sent", c.entry(id, "send").Detail, map[string]string{"to": "handle", "to-unit": "u-chengguan", "late": "", "broke": ""})
		c.do(c.as("qiufeng", procedure.Handler), id, procedure.Return, procedure.Move{Reason: "不归我们", Evidence: 1})
		agrees(t, "returned", c.entry(id, "return").Detail, map[string]string{"of": "u-chengguan", "state": "returned", "to": "rule"})
		c.do(c.as("fanghua", procedure.ShiftLeader), id, "assign", procedure.Move{Unit: "u-shichang", Reason: "归市场监管"})
		c.do(c.as("duwei", procedure.Handler), id, "done", procedure.Move{Answer: "查了"})
		c.do(c.as("hejing", procedure.Agent), id, "pass", procedure.Move{Marks: map[string]string{"contacted": "yes", "answer-quality": "c"}})
		agrees(t, "called back", c.entry(id, "pass").Detail, map[string]string{"contacted": "yes", "mark.contacted": "yes", "mark.answer-quality": "c"})
		c.do(resident, id, "content", procedure.Move{Rating: 3, Marks: map[string]string{"contacted": "no"}})
		agrees(t, "rated", c.entry(id, "content").Detail, map[string]string{"ended": "closed", "on-time": "yes", "case-due": micros(opened.Due), "rating": "3", "contacted": "no"})
		if now, _ := c.read(id); now.Bounces != 1 || now.Returns != 1 {
			t.Errorf("bounced %d, returned %d, want once each", now.Bounces, now.Returns)
		}
		if n, err := db.Value[int](t.Context(), c.DB, "select count(*) from ratings where district = $1 and contacted = 'no'", c.d.Code); err != nil || n != 1 {
			t.Errorf("ratings that say nobody called: %d, %v", n, err)
		}
	})
}

// agrees holds that facts are as wanted; an empty one is not there.
func agrees(t *testing.T, why string, got, want map[string]string) {
	t.Helper()
	some := map[string]string{}
	for name := range want {
		some[name] = got[name]
	}
	if diff := cmp.Diff(want, some); diff != "" {
		t.Errorf("%s (-want +got)\n%s", why, diff)
	}
}

// A mark that is not asked, or an answer it does not have, changes nothing.
func TestMarksRefused(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		id := c.report("d-complaint")
		for why, marks := range map[string]map[string]string{
			"not asked here":    {"answer-quality": "a"},
			"unknown":           {"charm": "a"},
			"no such answer":    {"report-quality": "e"},
			"answer of another": {"report-quality": "yes"},
		} {
			wantKind(t, c.try(c.as("guoyan", procedure.Acceptor), id, "file", procedure.Move{Marks: marks}), errs.Invalid, why)
		}
		if now, _ := c.read(id); now.Revision != 1 {
			t.Errorf("the case is at revision %d", now.Revision)
		}
		c.do(c.as("guoyan", procedure.Acceptor), id, "file", procedure.Move{Marks: map[string]string{"report-quality": ""}})
	})
}

// A duty that is not on the admission list can be refused by a grid worker or a
// station, on the record and not against them; nobody else can refuse, and
// nobody where there is no list.
func TestRefuse(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		station, department := c.as("zhanglan", procedure.Handler), c.as("qiufeng", procedure.Handler)
		rows := []struct {
			why, matter, unit string
			by                procedure.Actor
			lists             []string // matter and units of each entry
			may               bool
		}{
			{"no list is kept", "d-complaint", "u-guixiang", station, nil, false},
			{"not on the list", "d-complaint", "u-guixiang", station, []string{"m06 "}, true},
			{"on it by its code", "d-complaint", "u-guixiang", station, []string{"d-complaint "}, false},
			{"on it by how it begins", "d-complaint", "u-guixiang", station, []string{"d- "}, false},
			{"on it for another station", "d-complaint", "u-guixiang", station, []string{"d- u-tingyu"}, true},
			{"on it for this station", "d-complaint", "u-guixiang", station, []string{"d- u-tingyu,u-guixiang"}, false},
			{"a duty that is no matter says nothing", "d-complaint", "u-guixiang", station, []string{" "}, true},
			{"a department", "d-complaint", "u-chengguan", department, []string{"m06 "}, false},
		}
		for _, r := range rows {
			c.admit(r.lists...)
			id := c.sent(r.matter, r.unit)
			err := c.try(r.by, id, procedure.Refuse, procedure.Move{Reason: "不在准入清单"})
			if !r.may {
				wantKind(t, err, errs.Forbidden, r.why)
				continue
			}
			if now, _ := c.read(id); err != nil || now.Step != "rule" || now.Returns != 0 || now.Bounces != 1 {
				t.Errorf("%s: %v, at %s, %d returns; want it at the ruling and no return", r.why, err, now.Step, now.Returns)
			}
			agrees(t, r.why, c.entry(id, "refuse").Detail, map[string]string{"state": "refused", "of": "u-guixiang", "reason": "不在准入清单"})
			c.do(c.as("fanghua", procedure.ShiftLeader), id, "assign", procedure.Move{Unit: "u-guixiang", Reason: "这件请帮忙"})
			wantKind(t, c.try(r.by, id, procedure.Refuse, procedure.Move{Reason: "还是不办"}), errs.Forbidden, "refusing a ruling")
		}
	})
}

// admit replaces the admission list.
func (c *crowd) admit(entries ...string) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		if err := tx.Exec(c.t.Context(), "delete from admissions where district = $1", c.d.Code); err != nil {
			return err
		}
		for i, e := range entries {
			var matter, units string
			if _, err := fmt.Sscanf(e+" -", "%s %s", &matter, &units); err != nil || e[0] == ' ' {
				matter = ""
			}
			if units == "-" {
				units = ""
			}
			err := tx.Exec(c.t.Context(), `insert into admissions (district, id, matter, duty_zh, duty_en, proposed_by, proposed_person, basis, units, minutes, forms,
				from_date, to_date, state, approved_by, approved_on, decided_person, reason, at)
				values ($1,$2,$3,'巡查','Rounds','u-chengguan','','',$4,60,'','2026-01-01','','approved','','2025-12-01','','',0)`,
				c.d.Code, fmt.Sprint(i), matter, units)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// What is passed about, what nobody touches and what nobody owns form one list.
func TestStuck(t *testing.T) {
	t.Parallel()
	eachFloor(t, func(t *testing.T, c *crowd) {
		bounced := c.sent("c02010", "u-shizheng")
		c.do(c.as("wugang", procedure.Handler), bounced, procedure.Return, procedure.Move{Reason: "不归我们", Evidence: 1})
		c.do(c.as("fanghua", procedure.ShiftLeader), bounced, "assign", procedure.Move{Unit: "u-chengguan", Reason: "归城管"})
		owned := c.sent("c02010", "u-shizheng")
		held := c.sent("c02010", "u-shizheng")
		if _, err := c.ask(c.as("wugang", procedure.Handler), held, "handle", casework.Asking{Kind: "special", Until: at(t, "2026-12-20 17:30"), Reason: "等"}); err != nil {
			t.Fatal(err)
		}
		c.stuck(casework.StuckAny)
		c.write(func(tx *db.Tx) error {
			_, err := tx.Change(t.Context(), "update cases set bounces = 2 where district = $1 and id = $2", c.d.Code, string(bounced))
			return err
		})
		c.stuck(casework.Bounced, bounced)
		c.Clock.Set(at(t, "2026-11-24 17:30")) // the close of the next working day
		c.stuck(casework.Untouched)
		c.Clock.Set(at(t, "2026-11-24 17:31"))
		c.stuck(casework.Untouched, bounced, owned)
		c.write(func(tx *db.Tx) error {
			_, err := tx.Change(t.Context(), "update cases set no_owner = true where district = $1 and id = $2", c.d.Code, string(held))
			return err
		})
		c.stuck(casework.WithoutOwner, held)
		c.stuck(casework.StuckAny, bounced, owned, held)
		// Friday's are untouched after Monday's close, not over the weekend.
		c.Clock.Set(at(t, "2026-11-27 10:00"))
		c.do(c.as("qiufeng", procedure.Handler), bounced, "done", procedure.Move{Photos: 1})
		c.Clock.Set(at(t, "2026-11-30 17:29"))
		c.stuck(casework.Untouched, owned)
	})
}

// stuck holds which cases are stuck for a reason, in a list and one by one.
func (c *crowd) stuck(why casework.Stuck, want ...casework.ID) {
	c.t.Helper()
	var listed, said []casework.ID
	p, err := casework.List(c.t.Context(), c.DB, c.d, casework.Filter{Stuck: why}, c.Clock.Now(), "", 50)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, r := range p.Rows {
		listed = append(listed, r.Case.ID)
	}
	for _, id := range c.everyID() {
		now, _ := c.read(id)
		if by := now.StuckBy(c.d.Calendar, c.Clock.Now()); slices.Contains(by, why) || why == casework.StuckAny && len(by) > 0 {
			said = append(said, id)
		}
	}
	for _, list := range [][]casework.ID{listed, said, want} {
		slices.Sort(list)
	}
	if diff := cmp.Diff(want, listed) + cmp.Diff(want, said); len(want)+len(listed)+len(said) > 0 && diff != "" {
		c.t.Errorf("stuck %s at %s (-want +listed, said)\n%s", why, c.Clock.Now(), diff)
	}
}

func (c *crowd) everyID() []casework.ID {
	c.t.Helper()
	all, err := db.All(c.t.Context(), c.DB, func(id *casework.ID) []any { return []any{id} }, "select id from cases where district = $1", c.d.Code)
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

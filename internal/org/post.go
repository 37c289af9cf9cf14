package org

import (
	"time"

	"linli/internal/clock"
	"linli/internal/lang"
)

// Role is what a post is for.
type Role string

// The roles of a district.
const (
	Acceptor    Role = "acceptor"
	ShiftLeader Role = "shift-leader"
	Dispatcher  Role = "dispatcher"
	Handler     Role = "handler"
	UnitLead    Role = "unit-lead"
	GridWorker  Role = "grid-worker"
	GridLeader  Role = "grid-leader"
	Agent       Role = "agent"
	Clerk       Role = "clerk"
	Supervisor  Role = "supervisor"
	Leader      Role = "leader"
	Observer    Role = "observer"
	Admin       Role = "admin"
	Security    Role = "security-admin"
	Audit       Role = "audit-admin"
)

var roles = []Role{Acceptor, ShiftLeader, Dispatcher, Handler, UnitLead, GridWorker, GridLeader, Agent, Clerk, Supervisor, Leader, Observer, Admin, Security, Audit}

var roleText = map[Role]lang.Text{
	Acceptor:    {ZH: "受理员", EN: "acceptor"},
	ShiftLeader: {ZH: "值班长", EN: "shift leader"},
	Dispatcher:  {ZH: "派遣员", EN: "dispatcher"},
	Handler:     {ZH: "经办人", EN: "handler"},
	UnitLead:    {ZH: "单位负责人", EN: "head of unit"},
	GridWorker:  {ZH: "网格员", EN: "grid worker"},
	GridLeader:  {ZH: "网格长", EN: "grid leader"},
	Agent:       {ZH: "话务员", EN: "hotline agent"},
	Clerk:       {ZH: "窗口人员", EN: "counter clerk"},
	Supervisor:  {ZH: "督办员", EN: "supervisor"},
	Leader:      {ZH: "分管领导", EN: "leader in charge"},
	Observer:    {ZH: "观察员", EN: "observer"},
	Admin:       {ZH: "系统管理员", EN: "system administrator"},
	Security:    {ZH: "安全管理员", EN: "security administrator"},
	Audit:       {ZH: "审计管理员", EN: "audit administrator"},
}

// Roles gives every role in reading order.
func Roles() []Role { return append([]Role(nil), roles...) }

// Text names the role for a person.
func (r Role) Text() lang.Text { return roleText[r] }

// Known reports whether there is such a role.
func (r Role) Known() bool { _, ok := roleText[r]; return ok }

// PersonID names a member of staff for ever, over changes of login and name.
type PersonID string

// PostID names a post.
type PostID string

// Person is a member of staff. Name and phone are work data.
type Person struct {
	ID    PersonID
	Login string
	Name  string
	Phone string
}

// Post is a person holding a role in a unit, for an area, from–to.
type Post struct {
	ID       PostID
	Person   PersonID
	Role     Role
	Unit     UnitID
	Area     string // an area code; "" for all areas of the unit
	From, To clock.Date
	// Ends is the minute from which it is not held any more; zero where it ends
	// with its last day.
	Ends time.Time
	// For is the holder where Person stands in for them. Only HeldAt sets it.
	For PersonID
}

// HeldOn reports whether the post is held on a day or a part of it. Both ends
// count. Rights go by HeldAt.
func (p Post) HeldOn(on clock.Date) bool { return during(p.From, p.To, on) }

// HeldAt reports whether the post is held at an instant, by the district's zone.
func (p Post) HeldAt(now time.Time, zone *time.Location) bool {
	return p.heldAt(clock.DateOf(now, zone), now)
}

func (p Post) heldAt(on clock.Date, now time.Time) bool {
	return p.HeldOn(on) && (p.Ends.IsZero() || now.Before(p.Ends))
}

// Until is the first instant at which the post is not held any more; zero where
// it has no end.
func (p Post) Until(zone *time.Location) time.Time {
	end := p.Ends
	if p.To != "" {
		if last := p.To.Add(1).Start(zone); end.IsZero() || last.Before(end) {
			end = last
		}
	}
	return end
}

// span is when the post is held.
func (p Post) span(zone *time.Location) span {
	s := span{to: p.Until(zone)}
	if p.From != "" {
		s.from = p.From.Start(zone)
	}
	return s
}

// overlaps reports whether some day belongs to both posts.
func (p Post) overlaps(q Post) bool {
	return (p.To == "" || q.From == "" || q.From <= p.To) && (q.To == "" || p.From == "" || p.From <= q.To)
}

// span is the time from one instant up to another; zero is open.
type span struct{ from, to time.Time }

func (s span) meets(t span) bool {
	return (s.to.IsZero() || t.from.Before(s.to)) && (t.to.IsZero() || s.from.Before(t.to))
}

package procedure

import (
	"slices"

	"linli/internal/lang"
)

// Role is what a post does, such as "dispatcher".
type Role string

// The roles a step can name.
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
)

var roleTitles = map[Role]lang.Text{
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
}

// Title names the role for a person.
func (r Role) Title() lang.Text { return roleTitles[r] }

// Roles lists the roles a step can name, sorted.
func Roles() []Role {
	all := make([]Role, 0, len(roleTitles))
	for r := range roleTitles {
		all = append(all, r)
	}
	slices.Sort(all)
	return all
}

// standsFor reports whether a post with role r may do what wants asks for: the
// head of a unit does its handlers' work, a grid leader a grid worker's, an
// acceptor answers as an agent or a clerk does, and a clerk answers at the
// counter as an agent does on the telephone.
func (r Role) standsFor(wants Role) bool {
	switch wants {
	case r:
		return true
	case Handler:
		return r == UnitLead
	case GridWorker:
		return r == GridLeader
	case Agent:
		return r == Acceptor || r == Clerk
	case Clerk:
		return r == Acceptor
	}
	return false
}

// StandsFor lists the other roles whose work a post with role r may do.
func (r Role) StandsFor() []Role {
	var all []Role
	for _, wants := range Roles() {
		if wants != r && r.standsFor(wants) {
			all = append(all, wants)
		}
	}
	return all
}

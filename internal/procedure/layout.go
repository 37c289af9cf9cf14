package procedure

import (
	"slices"

	"linli/internal/lang"
)

// Diagram is a procedure laid out for drawing: nodes in columns from left to
// right by how far they are from the start, links that go on or back. The page
// colours it from a State.
type Diagram struct {
	Columns int
	Rows    int
	Nodes   []Node
	Links   []Link
}

// Node is a step or an end in the diagram.
type Node struct {
	Name   string
	Title  lang.Text
	End    bool
	Column int  // from 0
	Row    int  // from 0
	Main   bool // on the straight way from start to end
}

// Link is one way from a node to another.
type Link struct {
	From   string
	To     string
	Action ActionName
	Title  lang.Text
	Back   bool // to the left: rework
	Fork   bool // one of several at once
}

// Layout lays the procedure out. The straight way, which is always the first
// action of each step, runs along the first row.
func (p *Procedure) Layout() Diagram {
	depth := p.depths()
	d := Diagram{}
	main := p.straight()
	used := map[int]int{}
	place := func(name string, title lang.Text, end bool) {
		col := depth[Target(name)]
		row := used[col]
		if main[Target(name)] {
			row = 0
		} else if row == 0 {
			row = 1
		}
		used[col] = max(used[col], row+1)
		d.Nodes = append(d.Nodes, Node{Name: name, Title: title, End: end, Column: col, Row: row, Main: main[Target(name)]})
		d.Columns, d.Rows = max(d.Columns, col+1), max(d.Rows, row+1)
	}
	for _, s := range p.Steps {
		place(string(s.Name), s.Title, false)
	}
	for _, e := range p.Ends {
		place(string(e.Name), e.Title, true)
	}
	d.Links = p.links(depth)
	return d
}

// straight is the way a case takes when nothing goes wrong: the first action
// of each step, and of a fork its first branch.
func (p *Procedure) straight() map[Target]bool {
	seen := map[Target]bool{}
	at := Target(p.Start)
	for !seen[at] {
		seen[at] = true
		s := p.Step(StepName(at))
		if s == nil || len(s.Actions) == 0 {
			break
		}
		at = s.Actions[0].To[0]
	}
	return seen
}

// depths gives each node the length of the longest way to it from the start
// that only goes down the file: an author writes the steps in the order a case
// takes them, and what leads up the file is rework.
func (p *Procedure) depths() map[Target]int {
	depth := map[Target]int{Target(p.Start): 0}
	last := 0
	for i, s := range p.Steps {
		from, reached := depth[Target(s.Name)]
		if !reached {
			from = last // only rework leads here
			depth[Target(s.Name)] = from
		}
		last = max(last, from)
		for _, t := range s.exits() {
			if j := slices.IndexFunc(p.Steps, func(o *Step) bool { return o.Name == StepName(t) }); j > i {
				depth[t] = max(depth[t], from+1)
			}
		}
	}
	for _, e := range p.Ends {
		depth[Target(e.Name)] = last + 1 // ends stand together at the right
	}
	return depth
}

// links lists every way, each pair of nodes and action once.
func (p *Procedure) links(depth map[Target]int) []Link {
	var all []Link
	for _, s := range p.Steps {
		for _, a := range s.Actions {
			for i, t := range a.Targets() {
				if slices.Index(a.Targets(), t) < i {
					continue // the branch taken without a fork is one of the fork's
				}
				all = append(all, Link{
					From: string(s.Name), To: string(t), Action: a.Name, Title: a.Title,
					Back: depth[t] <= depth[Target(s.Name)], Fork: len(a.To) > 1 && slices.Contains(a.To, t),
				})
			}
		}
		if s.OnExpiry != "" {
			all = append(all, Link{From: string(s.Name), To: string(s.OnExpiry), Action: Expire,
				Title: lang.Text{ZH: "到期", EN: "Time is up"}, Back: depth[s.OnExpiry] <= depth[Target(s.Name)]})
		}
	}
	return all
}

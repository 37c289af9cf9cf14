package procedure

import "linli/internal/lang"

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
// that does not turn back. It relaxes as often as there are steps, so that a
// procedure with very many ways costs no more than their number.
func (p *Procedure) depths() map[Target]int {
	depth := map[Target]int{Target(p.Start): 0}
	back := p.backLinks()
	for range p.Steps {
		for _, s := range p.Steps {
			from, reached := depth[Target(s.Name)]
			for _, t := range s.exits() {
				if reached && !back[[2]Target{Target(s.Name), t}] {
					depth[t] = max(depth[t], from+1)
				}
			}
		}
	}
	last := 0
	for _, s := range p.Steps {
		last = max(last, depth[Target(s.Name)])
	}
	if _, reached := depth[p.Loops.Then]; !reached && p.Loops.Then != "" {
		depth[p.Loops.Then] = last // only rework without end leads here
	}
	for _, e := range p.Ends {
		depth[Target(e.Name)] = last + 1 // ends stand together at the right
	}
	return depth
}

// backLinks are the links that close a circle when the steps are walked in
// file order.
func (p *Procedure) backLinks() map[[2]Target]bool {
	back, state := map[[2]Target]bool{}, map[Target]int{}
	var visit func(at Target)
	visit = func(at Target) {
		state[at] = 1
		if s := p.Step(StepName(at)); s != nil {
			for _, t := range s.exits() {
				switch state[t] {
				case 0:
					visit(t)
				case 1:
					back[[2]Target{at, t}] = true
				}
			}
		}
		state[at] = 2
	}
	visit(Target(p.Start))
	return back
}

// links lists every way, each pair of nodes and action once.
func (p *Procedure) links(depth map[Target]int) []Link {
	var all []Link
	for _, s := range p.Steps {
		for _, a := range s.Actions {
			for _, t := range a.Targets() {
				all = append(all, Link{
					From: string(s.Name), To: string(t), Action: a.Name, Title: a.Title,
					Back: depth[t] <= depth[Target(s.Name)], Fork: len(a.To) > 1 && t != a.Else,
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

package procedure

import (
	"slices"
	"strings"

	"linli/internal/sheet"
)

// check refuses what could trap a case or let a rule be walked round. It looks
// at shape first; the checks of the ways a case can take only make sense once
// every name is known.
func (r *reader) check(p *Procedure) {
	before := len(r.Findings)
	r.checkNames(p)
	for _, s := range p.Steps {
		r.checkStep(s)
	}
	if len(r.Findings) > before && r.Failed() {
		return
	}
	r.checkReach(p)
	r.checkVerify(p)
	r.checkLoops(p)
	r.checkForks(p)
}

func (r *reader) say(at sheet.Place, field, zh, en string, args ...any) {
	r.Note(sheet.Error, at, field, zh, en, args...)
}

// checkNames refuses every name that stands for nothing.
func (r *reader) checkNames(p *Procedure) {
	if len(p.Steps) == 0 || len(p.Ends) == 0 {
		r.say(p.place, "steps", "规程至少要有一个环节和一个结束。", "A procedure has at least one step and one end.")
	}
	if p.Step(p.Start) == nil {
		r.say(p.place, "start", "开始的环节“%s”不存在。", "The starting step “%s” does not exist.", p.Start)
	}
	for _, e := range p.Ends {
		if p.Step(StepName(e.Name)) != nil {
			r.say(e.place, "ends", "“%s”既是环节又是结束。", "“%s” is both a step and an end.", e.Name)
		}
		if e.Reopen != nil && p.Step(e.Reopen.To) == nil {
			r.say(e.Reopen.place, "reopen", "环节“%s”不存在。", "The step “%s” does not exist.", e.Reopen.To)
		}
	}
	if p.Loops.Then != "" && !p.knows(p.Loops.Then) {
		r.say(p.Loops.place, "then", "没有“%s”这个环节或结束。", "There is no step or end “%s”.", p.Loops.Then)
	}
	for _, s := range p.Steps {
		for _, n := range slices.Concat(s.By.Not, s.By.NotUnits, s.WaitsFor) {
			if p.Step(n) == nil {
				r.say(s.place, string(s.Name), "环节“%s”不存在。", "The step “%s” does not exist.", n)
			}
		}
		if s.OnExpiry != "" && !p.knows(s.OnExpiry) {
			r.say(s.place, "on-expiry", "没有“%s”这个环节或结束。", "There is no step or end “%s”.", s.OnExpiry)
		}
		for _, a := range s.Actions {
			for _, t := range a.Targets() {
				if !p.knows(t) {
					r.say(a.place, string(a.Name), "“%s”去的“%s”不存在，它不是环节也不是结束。", "“%s” leads to “%s”, which is neither a step nor an end.", a.Name, t)
				}
			}
		}
	}
}

func (p *Procedure) knows(t Target) bool {
	return p.Step(StepName(t)) != nil || p.End(EndName(t)) != nil
}

// checkStep looks at one step by itself.
func (r *reader) checkStep(s *Step) {
	wrong := func(field, zh, en string, args ...any) { r.say(s.place, field, zh, en, args...) }
	open := slices.ContainsFunc(s.Actions, func(a *Action) bool { return handsBack[a.Name] == "" && (a.source == "" || a.Else != "") })
	if len(s.Actions) > 0 && !open {
		wrong("actions", "每个动作都有条件，条件都不成立时案件会停住；至少要有一个总能做的动作。", "Every action has a condition; where none holds a case would be stuck. At least one action must always be open.")
	}
	if s.OnExpiry != "" && s.Limit == nil && !s.OfMatter {
		wrong("on-expiry", "写了到期去向，却没有时限。", "It says where to go when time is up, but has no limit.")
	}
	if (s.Action(Return) != nil) != (s.Returns > 0) {
		wrong("returns", "退回（return）和次数（returns）要一起写。", "The action return and the number returns go together.")
	}
	if refuse := s.Action(Refuse); refuse != nil && !refuse.needs(NeedReason) {
		wrong("refuse", "回绝（refuse）要写明理由：needs: [reason]。", "Refusing needs the reason: needs: [reason].")
	}
	if s.Across != OneRound && s.Limit == nil {
		wrong("limit-across", "各轮合计的时限，要写环节自己的 limit；事项的时限本来就跨轮。", "A limit over all rounds is the step's own limit; the matter's runs over all rounds anyway.")
	}
	if s.Pause.Mode == Always && !s.By.Reporter {
		wrong("pause", "只有等上报人的环节才能一直停钟（pause: always）。", "Only a step of the reporter's may stop the clock by itself (pause: always).")
	}
	if s.Co != CoNone && s.Action(Done) == nil {
		wrong("co", "有协办的环节要有动作 done。", "A step with co-handlers needs the action done.")
	}
	if (s.Join != NoJoin) != (len(s.WaitsFor) > 0) {
		wrong("join", "汇合（join）和等谁（waits-for）要一起写。", "join and waits-for go together.")
	}
}

// reach gives every step and end that can be reached from the given ones,
// themselves included, without entering those that avoid names.
func (p *Procedure) reach(from []Target, avoid ...StepName) map[Target]bool {
	seen := map[Target]bool{}
	from = slices.Clone(from) // it is used up below, and belongs to the action
	for len(from) > 0 {
		t := from[len(from)-1]
		from = from[:len(from)-1]
		if seen[t] || slices.Contains(avoid, StepName(t)) {
			continue
		}
		seen[t] = true
		if s := p.Step(StepName(t)); s != nil {
			from = append(from, s.exits()...)
		}
	}
	return seen
}

// checkReach refuses steps nobody comes to and steps that lead nowhere.
func (r *reader) checkReach(p *Procedure) {
	seen := p.reach([]Target{Target(p.Start), p.Loops.Then})
	for _, s := range p.Steps {
		if !seen[Target(s.Name)] {
			r.say(s.place, string(s.Name), "没有哪一步会走到“%s”。", "No way leads to “%s”.", s.Name)
		}
		out := p.reach([]Target{Target(s.Name)})
		if !slices.ContainsFunc(p.Ends, func(e End) bool { return out[Target(e.Name)] }) {
			r.say(s.place, string(s.Name), "从“%s”走不到任何结束。", "From “%s” no end can be reached.", s.Name)
		}
	}
	for _, e := range p.Ends {
		if !seen[Target(e.Name)] {
			r.say(e.place, string(e.Name), "没有哪一步会走到“%s”。", "No way leads to “%s”.", e.Name)
		}
	}
}

// checkVerify holds that no handler can check their own work: a verifying step
// shuts out whoever did the steps that lead straight to it, and whoever did
// any step of a routed unit before it.
func (r *reader) checkVerify(p *Procedure) {
	for _, v := range p.Steps {
		if v.Kind != Verify || v.By.Reporter {
			continue
		}
		if len(v.By.Not) == 0 {
			r.say(v.place, "not", "“%s”是核查，要写明谁办的不能核查（not）。", "“%s” checks others' work; say whose (not).", v.Name)
			continue
		}
		for _, s := range p.Steps {
			leads := slices.Contains(s.exits(), Target(v.Name)) && !s.By.Reporter
			routed := s.By.At == Routed && p.reach([]Target{Target(s.Name)})[Target(v.Name)]
			if (leads || routed) && s != v && !slices.Contains(v.By.Not, s.Name) {
				r.say(v.place, "not", "办“%s”的人也能核查自己；请写进 not。", "Whoever did “%s” could check their own work; name it in not.", s.Name)
			}
		}
	}
}

// checkLoops holds that rework is bounded, and that no circle runs without a
// person in it. Returning is bounded by itself.
func (r *reader) checkLoops(p *Procedure) {
	if p.Loops.Then == "" && p.Limit == nil {
		r.checkCircle(p, func(s *Step) []Target {
			var to []Target
			for _, a := range s.Actions {
				if handsBack[a.Name] == "" {
					to = append(to, a.Targets()...)
				}
			}
			return append(to, s.OnExpiry)
		}, "这里可以没完没了地绕圈（%s）。请写 loops，或整件的 limit。", "Here a case can go round without end (%s). Say loops, or a limit for the whole case.")
	}
	r.checkCircle(p, func(s *Step) []Target { return []Target{s.OnExpiry} },
		"到期的去向连成了圈（%s），没有人也会一直转。", "The ways taken when time is up form a circle (%s), which would turn by itself.")
}

// checkCircle reports the first circle of the ways that next gives.
func (r *reader) checkCircle(p *Procedure, next func(*Step) []Target, zh, en string) {
	state := map[StepName]int{}
	var way []string
	var visit func(s *Step) bool
	visit = func(s *Step) bool {
		state[s.Name] = 1
		way = append(way, string(s.Name))
		for _, t := range next(s) {
			to := p.Step(StepName(t))
			if to == nil {
				continue
			}
			if state[to.Name] == 1 {
				round := strings.Join(append(way[slices.Index(way, string(to.Name)):], string(to.Name)), " → ")
				r.say(s.place, string(s.Name), zh, en, round)
				return true
			}
			if state[to.Name] == 0 && visit(to) {
				return true
			}
		}
		state[s.Name] = 2
		way = way[:len(way)-1]
		return false
	}
	for _, s := range p.Steps {
		if state[s.Name] == 0 && visit(s) {
			return
		}
	}
}

// checkForks finds the join and the ground of every fork.
func (r *reader) checkForks(p *Procedure) {
	joined := map[StepName]bool{}
	for _, s := range p.Steps {
		for _, a := range s.Actions {
			if len(a.To) < 2 {
				continue
			}
			f := r.fork(p, s, a)
			if f == nil {
				continue
			}
			joined[f.join] = true
			p.forks = append(p.forks, f)
		}
	}
	for _, s := range p.Steps {
		if s.Join != NoJoin && !joined[s.Name] {
			r.say(s.place, "join", "“%s”等着汇合，前面却没有分开。", "“%s” joins branches, but nothing forks before it.", s.Name)
		}
	}
}

// fork checks one forking action and returns its ground, or nil.
func (r *reader) fork(p *Procedure, s *Step, a *Action) *fork {
	for _, t := range a.To {
		if p.Step(StepName(t)) == nil {
			r.say(a.place, string(a.Name), "分开办的每一路都要是环节，“%s”是结束。", "Every branch of a fork is a step; “%s” is an end.", t)
			return nil
		}
	}
	join := p.joinOf(a.To)
	if join == nil {
		r.say(a.place, string(a.Name), "“%s”分成几路，却没有哪一步等它们汇合（join、waits-for）。", "“%s” forks, but no step waits for all its branches (join, waits-for).", a.Name)
		return nil
	}
	ground := map[StepName]bool{}
	besides := p.reach([]Target{Target(p.Start)}, s.Name)
	for t := range p.reach(a.To, join.Name) {
		if step := p.Step(StepName(t)); step != nil && step != s && !besides[t] {
			ground[step.Name] = true
		}
	}
	for _, n := range slices.Concat(stepNames(a.To), join.WaitsFor) {
		if !ground[n] {
			r.say(a.place, string(a.Name), "“%s”不经过这里的分开也能走到，汇合会算错。", "“%s” can be reached without this fork, so the join could not be told.", n)
			return nil
		}
	}
	r.checkJoin(p, join, ground)
	return &fork{step: s.Name, join: join.Name, ground: ground}
}

// checkJoin holds that the branches a join waits for are those that come.
func (r *reader) checkJoin(p *Procedure, join *Step, ground map[StepName]bool) {
	for _, s := range p.Steps {
		comes := slices.Contains(s.exits(), Target(join.Name))
		waits := slices.Contains(join.WaitsFor, s.Name)
		if ground[s.Name] && comes != waits {
			r.say(join.place, "waits-for", "“%s”：waits-for 要正好是通到这里的各路。", "“%s”: waits-for must be exactly the branches that lead here.", s.Name)
		}
		if waits && join.Join == FirstRefusal && !slices.ContainsFunc(s.exits(), func(t Target) bool {
			return t != Target(join.Name) && !ground[StepName(t)]
		}) {
			r.say(s.place, "actions", "“%s”要能不同意：缺一个不去“%s”的动作。", "“%s” must be able to refuse: it has no action that leads elsewhere than “%s”.", s.Name, join.Name)
		}
	}
}

// joinOf is the first step that waits for a branch of each target.
func (p *Procedure) joinOf(to []Target) *Step {
	for _, j := range p.Steps {
		if j.Join == NoJoin {
			continue
		}
		all := true
		for _, t := range to {
			from := p.reach([]Target{t}, j.Name)
			all = all && slices.ContainsFunc(j.WaitsFor, func(w StepName) bool { return from[Target(w)] })
		}
		if all {
			return j
		}
	}
	return nil
}

func stepNames(to []Target) []StepName {
	names := make([]StepName, len(to))
	for i, t := range to {
		names[i] = StepName(t)
	}
	return names
}

package sample

// neighbourly is the procedure of small matters between neighbours.
const neighbourly = "neighbourhood-matter"

// What is written when such a matter goes further up.
var climbs = []string{"两家都不肯让，要社区出面。", "住户在外地，联系不上。", "涉及物业和开发商，这一级协调不了。"}

// small is how a matter between neighbours goes: mostly settled in the grid,
// now and then passed up, as far as the district where it must be.
func (f *fate) small() {
	levels := []string{"grid", "community", "street", "district"}
	top := f.weighted([]float64{72, 19, 6, 3})
	for _, level := range levels[:top] {
		f.after(30, 200)
		f.office()
		f.add(Move{Step: level, Action: "pass-up", Reason: one(f.dice, climbs)})
	}
	f.after(30, 200)
	f.office()
	if levels[top] == "district" {
		f.add(Move{Step: "district", Action: "assign", Unit: "u-zhujian", Reason: one(f.dice, rulings)})
		f.after(300, 1500)
		f.office()
		f.add(Move{Step: "handle", Action: "done", Answer: f.says()})
	} else {
		f.add(Move{Step: levels[top], Action: "solve", Answer: f.says()})
	}
	f.after(30, 360)
	f.office()
	f.add(Move{Step: "verify", Action: "pass"})
	if !f.rate() {
		return
	}
	f.after(120, 400)
	f.office()
	f.add(Move{Step: "district", Action: "solve", Answer: "值班长又约两家谈了一次，这回签了字。"})
	f.after(30, 360)
	f.office()
	f.add(Move{Step: "verify", Action: "pass"})
}

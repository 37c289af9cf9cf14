package sample

import (
	"slices"
	"time"
)

// fate is how one case goes on: mostly well, sometimes late, sent back, done
// again, or not at all.
type fate struct {
	*teller
	s      *Story
	topic  topic
	answer string // what the unit answers; empty: one of the topic's
	home   string // the community's stem
	at     time.Time
	due    time.Time
	stop   string   // the step it is to stay open at; empty: none
	co     []string // the units that help
	moves  []Move
}

// What people write when things do not go straight.
var (
	rejections = []string{"这件事法院正在审理，请按诉讼途径解决。", "同一件事已经在办，编号已短信告诉您。", "地点不在本区，已把所在区的热线告诉您。", "属于小区业主共同决定的事，请先向业委会提出，我们可以派人一起参加。"}
	returns    = []string{"到现场看过，这一处不在我单位养护范围，附照片和移交清单。", "产权标识是别的单位的，附照片。", "这条路还没移交，仍由建设单位管，附移交台账。"}
	rulings    = []string{"先由属地办，产权查清后再移交。", "按权责清单归你单位，期限不变，请按期办。"}
	failures   = []string{"到现场看，还差一处没弄好。", "边上没清干净，请再去一次。", "修的地方又松了，附照片。"}
	complaints = []string{"修了两天又坏了。", "只弄了一半，旁边还是老样子。", "来看了一眼就走了，没解决。"}
	praise     = []string{"", "", "", "很快，谢谢。", "办得细，还打电话来问。", "比答应的早。", "师傅很客气。"}
)

// tell gives the moves up to now.
func (f *fate) tell() []Move {
	f.at = f.s.At()
	f.due = f.teller.due(f.s.Matter, f.at)
	if f.s.Procedure == neighbourly {
		f.small()
	} else {
		f.intake()
	}
	if n := slices.IndexFunc(f.moves, func(m Move) bool { return m.Step == f.stop }); n >= 0 {
		f.moves = f.moves[:n]
	}
	if n := slices.IndexFunc(f.moves, func(m Move) bool { return !m.At.Before(f.now) }); n >= 0 {
		f.moves = f.moves[:n]
	}
	return f.moves
}

// work is the step at which the unit acts.
func (f *fate) work() string { return work(f.s.Procedure) }

func work(procedure string) string {
	if procedure == "suggestion" || procedure == "consultation" {
		return "answer"
	}
	return "handle"
}

func (f *fate) add(m Move) {
	m.At, m.Pick = f.at, f.IntN(1000)
	f.moves = append(f.moves, m)
}

// intake takes the case in, and either ends it there or sends it on.
func (f *fate) intake() {
	f.after(2, 24)
	if f.chance(0.03) {
		f.after(20, 60) // late for the half hour promised inside
	}
	switch {
	case f.stop == "" && f.s.Procedure == "consultation" && f.chance(0.8):
		f.add(Move{Step: "accept", Action: "answer", Answer: f.says()})
		return
	case f.stop == "" && f.chance(0.035) || f.s.Place == Outside && f.chance(0.5):
		f.add(Move{Step: "accept", Action: "reject", Reason: one(f.dice, rejections)})
		return
	case f.stop == "" && f.chance(0.03):
		f.add(Move{Step: "accept", Action: "answer", Answer: "这件昨天已经安排，今天就有人到现场。有变化再告诉您。"})
		return
	}
	f.add(Move{Step: "accept", Action: "file"})
	if f.s.Danger || f.s.Procedure == "safety-hazard" {
		f.after(3, 15)
	} else {
		f.after(8, 75)
		f.office()
	}
	send := Move{Step: "dispatch", Action: "send"}
	if f.work() == "handle" && f.chance(0.05) {
		f.co = []string{f.helper()}
		send.Co = f.co
	}
	f.add(send)
	f.makeSafe()
	f.handle()
}

// makeSafe has the place fenced off first, where the procedure asks for it: for
// hazards always, for components where there is danger or the matter is urgent.
func (f *fate) makeSafe() {
	if p := f.s.Procedure; p != "component-fault" && p != "safety-hazard" {
		return
	}
	sent := f.at
	f.after(14, 50)
	f.add(Move{Step: "make-safe", Action: "done", Photos: []string{f.photo(f.topic.Photo, "before")}, Optional: true})
	f.at = sent
}

// handle is the unit's work: returned at first by a few, done in time by most.
func (f *fate) handle() {
	if f.stop == "rule" || f.stop == "" && f.chance(0.04) {
		f.after(40, 240)
		f.office()
		f.add(Move{Step: f.work(), Action: "return", Reason: one(f.dice, returns), Photos: []string{f.photo("paper", "before")}})
		f.after(60, 300)
		f.office()
		f.add(Move{Step: "rule", Action: "assign", Unit: f.street(), Reason: one(f.dice, rulings)})
		f.co = nil
	}
	f.untilDone()
	f.done()
	f.check()
}

// untilDone lets the time of the work pass: some eight in a hundred finish late, with
// those that come back.
func (f *fate) untilDone() {
	room := f.due.Sub(f.at)
	if room > time.Hour && !f.chance(0.04) {
		begin := f.at
		f.at = begin.Add(time.Duration(f.between(0.1, 0.8) * float64(room)))
		if !f.s.Danger {
			f.workday()
		}
		if !f.at.Before(f.due) {
			f.at = f.due.Add(-time.Duration(f.from(5, 50)) * time.Minute)
		}
		return
	}
	late := max(4*time.Hour, f.due.Sub(f.s.At()))
	f.at = later(f.at, f.due).Add(time.Duration(f.between(0.04, 0.8) * float64(late)))
	f.workday()
}

// workday puts the moment into office hours, and when it was outside, anywhere
// in the day and not at its first minutes.
func (f *fate) workday() {
	before := f.at
	if f.office(); !f.at.Equal(before) {
		f.after(0, 360)
		f.office()
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// done ends the unit's work; those who help finish first. A helper's move is
// left out where the lead turns out to be the same unit.
func (f *fate) done() {
	for _, unit := range f.co {
		f.add(Move{Step: f.work(), Action: "done", By: unit, Answer: "已到场配合，办完。", Photos: []string{f.photo(f.topic.Photo, "after")}, Optional: true})
		f.at = f.at.Add(time.Minute)
	}
	if f.work() == "answer" {
		f.add(Move{Step: "answer", Action: "answer", Answer: f.says()})
		return
	}
	f.add(Move{Step: "handle", Action: "done", Answer: f.says(), Photos: []string{f.photo(f.topic.Photo, "after")}})
}

// check has somebody else look, and the reporter say how content they are. What
// did not hold goes back to the unit once.
func (f *fate) check() {
	again := f.look()
	if !again {
		again = f.rate()
	}
	if !again {
		return
	}
	f.after(180, 900)
	f.office()
	f.done()
	if f.work() == "handle" {
		f.after(60, 400)
		f.office()
		f.add(Move{Step: "verify", Action: "pass"})
	}
	if f.reachable() && f.chance(0.7) {
		f.after(60, 2000)
		f.daytime()
		f.add(Move{Step: "rate", Action: "content", Rating: f.from(3, 5)})
	}
}

// look is the check on site or by telephone; it tells whether it failed.
func (f *fate) look() (again bool) {
	if f.work() == "answer" {
		return false
	}
	f.after(30, 360)
	f.office()
	if f.chance(0.035) {
		f.add(Move{Step: "verify", Action: "fail", Reason: one(f.dice, failures), Photos: []string{f.photo(f.topic.Photo, "before")}})
		return true
	}
	f.add(Move{Step: "verify", Action: "pass"})
	return false
}

// rate has two in three say how content they are; the rest lapse by themselves.
func (f *fate) rate() (again bool) {
	if !f.reachable() || f.chance(0.34) {
		return false
	}
	f.after(20, 4000)
	f.daytime()
	grade := []int{5, 4, 3, 2, 1}[f.weighted([]float64{58, 27, 9, 4, 2})]
	if grade <= 2 {
		f.add(Move{Step: "rate", Action: "not-content", Rating: grade, Reason: one(f.dice, complaints)})
		return true
	}
	f.add(Move{Step: "rate", Action: "content", Rating: grade, Reason: one(f.dice, praise)})
	return false
}

// reachable tells whether any reporter left a number, so that there is somebody
// to ask.
func (f *fate) reachable() bool {
	return slices.ContainsFunc(f.s.Reports, func(r Report) bool { return r.Phone != "" })
}

// says is what the unit says when it is done.
func (f *fate) says() string {
	answer := f.answer
	if answer == "" {
		answer = one(f.dice, f.topic.Done)
	}
	return f.words.fill(f.dice, answer, address{home: f.home}, f.at.Hour())
}

// street is the street office that the community belongs to.
func (f *fate) street() string {
	for i, s := range plan() {
		for _, c := range s.communities {
			if c.stem == f.home {
				return []string{"u-huaishu", "u-liuyin", "u-nanwan"}[i]
			}
		}
	}
	return "u-centre"
}

// helper is a unit that is often asked to help.
func (f *fate) helper() string {
	return one(f.dice, []string{"u-chengguan", f.street(), "u-shizheng"})
}

// after lets some minutes pass.
func (f *fate) after(from, to int) {
	f.at = f.at.Add(time.Duration(f.from(from*60, to*60)) * time.Second)
}

// office puts the moment into office hours, if it is outside, soon after they
// begin.
func (f *fate) office() {
	for {
		minute := f.at.Hour()*60 + f.at.Minute()
		switch {
		case !f.works(f.at) || minute > 17*60+20:
			f.at = f.opening(f.at.AddDate(0, 0, 1), 9)
		case minute < 9*60:
			f.at = f.opening(f.at, 9)
		case minute >= 12*60 && minute < 13*60+30:
			f.at = f.opening(f.at, 13).Add(30 * time.Minute)
			return
		default:
			return
		}
	}
}

// opening is a moment in the first half hour from that hour of the day.
func (f *fate) opening(day time.Time, hour int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, f.IntN(30), f.IntN(60), 0, day.Location())
}

// daytime puts the moment between eight in the morning and ten at night.
func (f *fate) daytime() {
	if h := f.at.Hour(); h < 8 {
		f.at = f.opening(f.at, 8)
	} else if h >= 22 {
		f.at = f.opening(f.at.AddDate(0, 0, 1), 8)
	}
}

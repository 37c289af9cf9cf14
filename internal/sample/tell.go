package sample

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"linli/internal/clock"
	"linli/internal/errs"
	"linli/internal/geo"
)

// How many stories there are, over how many days, and how many of them are left
// open on purpose; some more are open because they came in only just now.
const (
	storyCount = 2000
	days       = 90
	leftOpen   = 46
)

// teller makes the stories.
type teller struct {
	dice
	d       *District
	cal     *clock.Calendar
	now     time.Time
	due     Due
	words   speech
	people  []resident
	weights []float64
	workers map[string]string // grid code → login
}

// Stories tells what residents reported in the 90 days before now, oldest first,
// and what came of it, up to now. The same now and due give the same stories.
func (d *District) Stories(now time.Time, due Due) (stories []Story, err error) {
	defer errs.Wrap(&err, "sample.Stories(%s)", now.Format(time.RFC3339))
	words, err := learn()
	if err != nil {
		return nil, err
	}
	cal := clock.China()
	t := &teller{dice: roll("stories"), d: d, cal: cal, now: now.In(cal.Zone()).Truncate(time.Second), due: due,
		words: words, people: d.pool(900), workers: map[string]string{}}
	for _, topic := range words.Topics {
		t.weights = append(t.weights, topic.Weight)
	}
	for _, p := range d.posts {
		if p.role == "grid-worker" {
			t.workers[p.area] = p.login
		}
	}
	for i := range storyCount {
		stories = append(stories, t.story(i < leftOpen, i < 2))
	}
	t.asks(stories)
	sort.SliceStable(stories, func(i, j int) bool { return stories[i].At().Before(stories[j].At()) })
	for i := range stories {
		for j := range stories[i].Reports {
			stories[i].Reports[j].Sender = fmt.Sprintf("sample-%04d-%d", i+1, j+1)
		}
	}
	return stories, nil
}

// story makes one. An open one begins so that it is due about now; an alarm is a
// hazard that came in just now and is being made safe.
func (t *teller) story(open, alarm bool) Story {
	topic := t.words.Topics[t.weighted(t.weights)]
	// Questions are answered at once and seldom left open, and what neighbours
	// leave open climbs by itself.
	for open && (topic.Procedure == "consultation" || topic.Procedure == neighbourly) || alarm && topic.Procedure != "safety-hazard" {
		topic = t.words.Topics[t.weighted(t.weights)]
	}
	channel := t.channel(topic)
	at := t.when(channel)
	stop := ""
	if open {
		stop = t.stop(topic.Procedure)
		at = t.dueAbout(topic.Matter)
	}
	if alarm {
		stop, at = "make-safe", t.now.Add(-time.Duration(t.from(40*60, 55*60))*time.Second)
	}
	s := Story{Matter: topic.Matter, Procedure: topic.Procedure, Danger: t.chance(topic.Danger), Place: Located}
	s.Secret = topic.Procedure == "report-of-wrongdoing" || topic.Procedure == "complaint" && t.chance(0.2)
	who := t.people[int(float64(len(t.people))*t.Float64()*t.Float64())] // some report often
	a := t.d.streets.address(t.dice, t.near(who.home))
	point := t.place(&s, &a)
	first, answer := t.report(topic, channel, at, who, a)
	first.Point = point
	s.Reports = []Report{first}
	t.neighbours(&s, topic, a)
	f := fate{teller: t, s: &s, topic: topic, answer: answer, home: a.home, stop: stop}
	s.Moves = f.tell()
	return s
}

// stop picks the step at which an open case stands.
func (t *teller) stop(procedure string) string {
	steps := []string{"accept", "dispatch", work(procedure), "rule", "verify"}
	weights := []float64{10, 44, 18, 12, 16}
	if procedure == "suggestion" {
		weights[4] = 0 // nobody checks a suggestion on site
	}
	return steps[t.weighted(weights)]
}

// channel picks how a report comes in, from those the topic has words for.
func (t *teller) channel(topic topic) string {
	weights := []float64{38, 27, 7, 0, 0}
	if len(topic.Worker) > 0 {
		weights[3] = 30
	}
	if len(topic.Machine) > 0 {
		weights[4] = 22
	}
	return []string{"portal", "hotline", "counter", "grid-worker", "machine"}[t.weighted(weights)]
}

// when picks an instant of the last 90 days as life does: fewer on weekends,
// mornings and afternoons more than evenings; counters have office hours,
// machines never sleep.
func (t *teller) when(channel string) time.Time {
	hours := []float64{0: 1, 6: 3, 7: 7, 8: 11, 9: 14, 10: 13, 11: 9, 12: 5, 13: 6, 14: 10, 15: 11, 16: 10, 17: 8, 18: 7, 19: 7, 20: 6, 21: 4, 22: 2, 23: 1}
	switch channel {
	case "counter":
		hours = []float64{9: 12, 10: 11, 11: 7, 14: 10, 15: 9, 16: 7, 17: 0}
	case "grid-worker":
		hours = []float64{8: 8, 9: 14, 10: 13, 11: 8, 14: 12, 15: 12, 16: 9, 17: 4, 18: 2, 20: 2}
	case "machine":
		hours = []float64{1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1}
	}
	for {
		day := t.now.AddDate(0, 0, -t.IntN(days))
		keep := 1.0
		if !t.works(day) {
			keep = 0.6
			if channel == "counter" {
				keep = 0
			}
		}
		hour := t.weighted(hours)
		at := time.Date(day.Year(), day.Month(), day.Day(), hour, t.IntN(60), t.IntN(60), 0, day.Location())
		if t.chance(keep) && at.Before(t.now) {
			return at
		}
	}
}

// dueAbout picks when a case that is open now began: a quarter of them are late,
// a quarter due today, a quarter tomorrow, the rest later.
func (t *teller) dueAbout(matter string) time.Time {
	today := time.Date(t.now.Year(), t.now.Month(), t.now.Day(), 0, 0, 0, 0, t.now.Location())
	from := []time.Time{t.now.Add(-60 * time.Hour), t.now, today.AddDate(0, 0, 1), today.AddDate(0, 0, 2)}
	to := []time.Time{t.now, today.AddDate(0, 0, 1), today.AddDate(0, 0, 2), today.AddDate(0, 0, 30)}
	i := t.IntN(4)
	var fitting []time.Time
	for back := 10 * time.Minute; back < 40*24*time.Hour; back += 53 * time.Minute {
		at := t.now.Add(-back)
		if h := at.Hour(); h < 7 || h > 21 {
			continue
		}
		if due := t.due(matter, at); !due.Before(from[i]) && due.Before(to[i]) {
			fitting = append(fitting, at)
		}
	}
	if len(fitting) == 0 {
		return t.now.Add(-time.Duration(t.from(15, 300)) * time.Minute)
	}
	return one(t.dice, fitting).Truncate(time.Second)
}

// near picks a block: mostly not far from where the person lives.
func (t *teller) near(home cell) cell {
	if t.chance(0.7) {
		for range 8 {
			c := cell{home.col + t.from(-2, 2), home.row + t.from(-2, 2)}
			if t.d.lattice.within[c] {
				return c
			}
		}
	}
	return one(t.dice, t.d.lattice.cells)
}

// place decides how well the story knows where it was, and gives the point.
func (t *teller) place(s *Story, a *address) geo.Point {
	switch p := t.Float64(); {
	case p < 0.05:
		s.Place = AddressOnly
		return geo.Point{}
	case p < 0.08:
		s.Place = Outside
		far := 7400 + 900*t.Float64()
		number := fmt.Sprint(t.from(2, 80))
		a.zh, a.en = "北塘路 "+number+" 号", number+" Beitang Road"
		return place(far*float64(1-2*t.IntN(2)), t.between(-2000, 2000))
	case p < 0.10:
		s.Place = Placeholder
		if t.chance(0.5) {
			return Centre
		}
		return geo.Point{}
	}
	s.Grid = a.grid
	return a.point
}

// report is what one person, or a machine, sends about the topic, and what the
// unit answers where that belongs to what was said.
func (t *teller) report(topic topic, channel string, at time.Time, who resident, a address) (r Report, answer string) {
	r = Report{At: at, Channel: channel, Lang: "zh", Address: a.zh, Name: who.name, Phone: who.phone}
	say, photos := topic.Say, 0.0
	switch channel {
	case "portal":
		photos = 0.75
		if len(topic.EN) > 0 && t.chance(0.12) {
			r.Lang, r.Address, say = "en", a.en, topic.EN
		}
		if t.chance(0.05) {
			r.Name, r.Phone = "", ""
		}
	case "hotline":
		r.Login = one(t.dice, []string{"hejing", "songyu"})
	case "counter":
		r.Login, photos = "yaolan", 0.2
	case "grid-worker":
		r.Login, say, photos = t.worker(a.grid), topic.Worker, 1
		r.Name, r.Phone = "", ""
	case "machine":
		say = topic.Machine
		r.Name, r.Phone = "", ""
	}
	said, answer, _ := strings.Cut(one(t.dice, say), " => ")
	r.Text = t.words.fill(t.dice, said, a, at.Hour())
	if lead := []string{"", "", "", "您好，", "麻烦看一下："}; r.Lang == "zh" && (channel == "portal" || channel == "hotline") {
		r.Text = one(t.dice, lead) + r.Text
	}
	if topic.Photo != "paper" && t.chance(photos) {
		r.Photos = []string{t.photo(topic.Photo, "before")}
	}
	return r, answer
}

// worker is the login of the grid's worker, or of one who found it elsewhere.
func (t *teller) worker(grid string) string {
	if login, ok := t.workers[grid]; ok {
		return login
	}
	return "liuxiaoyan"
}

// photo gives the key of a picture. There are four of each kind, so that a demo
// draws about a hundred and not thousands.
func (t *teller) photo(kind, stage string) string {
	return strings.Join([]string{kind, stage, fmt.Sprint(t.from(1, photoSeeds))}, "-")
}

// neighbours adds reports of the same thing by other people, a little later and
// a few steps away.
func (t *teller) neighbours(s *Story, topic topic, a address) {
	first := s.Reports[0]
	if s.Secret || s.Place != Located || !t.chance(0.07) {
		return
	}
	at := first.At
	for range t.from(1, 3) {
		if at = at.Add(time.Duration(t.from(6, 240)) * time.Minute); at.After(t.now) {
			return
		}
		channel := one(t.dice, []string{"portal", "portal", "hotline"})
		r, _ := t.report(topic, channel, at, one(t.dice, t.people), a)
		r.Point = rounded(geo.Point{Lon: a.point.Lon + t.between(-1, 1)*0.0001, Lat: a.point.Lat + t.between(-1, 1)*0.0001})
		s.Reports = append(s.Reports, r)
	}
}

// works tells whether offices work on that day.
func (t *teller) works(day time.Time) bool {
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location())
	first := t.cal.Deadline(midnight, clock.Limit{N: 1, Unit: clock.WorkingHours}, nil).At.In(day.Location())
	return first.YearDay() == day.YearDay()
}

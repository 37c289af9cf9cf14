package sample

import (
	_ "embed"
	"fmt"
	"math"
	"strings"

	"linli/internal/geo"
)

//go:embed words/roads.txt
var roadWords string

// road is a stretch of a named street, from west to east or south to north.
type road struct {
	name, nameEN string
	class        string // main, street or lane
	line         []geo.Point
}

// side is one side of a block: from its western or southern crossing, flat or
// upright.
type side struct {
	corner
	upright bool
}

// frontage says which street a side of a block lies on, and how many metres
// that side begins after the street does. House numbers come from it.
type frontage struct {
	name, nameEN string
	start        float64
}

// streetPlan names the streets between the blocks. A street keeps its name
// through a community, or along the border between communities.
type streetPlan struct {
	l         *lattice
	home      map[cell]string // the stem of the community a block is in
	homeEN    map[string]string
	grid      map[cell]string // the code of the grid a block is in
	river     int
	roads     []road
	frontages map[side]frontage
	names     map[string][2]string
	words     []string
	used      int
}

func newStreetPlan(l *lattice, areas []area, river int) *streetPlan {
	s := &streetPlan{l: l, home: map[cell]string{}, homeEN: map[string]string{}, grid: map[cell]string{}, river: river,
		frontages: map[side]frontage{}, names: map[string][2]string{}}
	for _, a := range areas {
		s.homeEN[a.stem()] = strings.TrimSuffix(a.nameEN, " Community")
		for _, c := range a.cells {
			switch a.tier {
			case "community":
				s.home[c] = a.stem()
			case "grid":
				s.grid[c] = a.code
			}
		}
	}
	s.words = shuffled(roll("roads"), strings.Split(strings.TrimSpace(roadWords), "\n"))
	s.pin(areas)
	for r := 1; r < rows; r++ {
		if r != river {
			s.lay(r, cols, false)
		}
	}
	for c := 1; c < cols; c++ {
		s.lay(c, rows, true)
	}
	return s
}

// pin names the middle street of each community after it, and the two streets
// that everybody in 桂香07 knows.
func (s *streetPlan) pin(areas []area) {
	special := map[string][2]string{"柳桥": {"柳荫路", "Liuyin Road"}, "渔港": {"南湾路", "Nanwan Road"}}
	for _, a := range areas {
		row := 0
		for _, c := range a.cells {
			row += c.row
		}
		switch {
		case a.tier == "community" && a.stem() != "桂香":
			name, ok := special[a.stem()]
			if !ok {
				name = [2]string{a.stem() + "路", strings.TrimSuffix(a.nameEN, " Community") + " Road"}
			}
			s.names[key(a.stem(), row/len(a.cells)+1, false)] = name
		case a.name == "桂香07网格":
			top, west := 0, cols
			for _, c := range a.cells {
				top, west = max(top, c.row+1), min(west, c.col)
			}
			s.names[key("桂香", top, false)] = [2]string{"桂香路", "Guixiang Road"}
			s.names[key("桂香", west, true)] = [2]string{"槐树街", "Huaishu Street"}
		}
	}
}

func key(where string, line int, upright bool) string {
	return fmt.Sprintf("%s/%d/%v", where, line, upright)
}

// beside gives the two blocks on either side of a side.
func (e side) beside() (a, b cell) {
	if e.upright {
		return cell{e.col - 1, e.row}, cell{e.col, e.row}
	}
	return cell{e.col, e.row}, cell{e.col, e.row - 1}
}

func (e side) end() corner {
	if e.upright {
		return corner{e.col, e.row + 1}
	}
	return corner{e.col + 1, e.row}
}

// lay walks one line of the plan and makes its streets.
func (s *streetPlan) lay(line, length int, upright bool) {
	begun := map[string]float64{} // how long each street is so far
	last, lastKey := -1, ""
	for i := range length {
		e := side{corner{i, line}, upright}
		if upright {
			e = side{corner{line, i}, upright}
		}
		a, b := e.beside()
		if !s.l.within[a] || !s.l.within[b] {
			last = -1
			continue
		}
		where, class := s.home[a], "lane"
		switch {
		case s.home[a] != s.home[b]:
			where, class = s.home[a]+"—"+s.home[b], "main"
		case s.grid[a] != s.grid[b]:
			class = "street"
		}
		k := key(where, line, upright)
		name := s.name(k, class, upright)
		from, to := s.ends(e)
		s.frontages[e] = frontage{name[0], name[1], begun[k]}
		begun[k] += metres(from, to)
		if last >= 0 && lastKey == k && s.roads[last].class == class {
			s.roads[last].line = append(s.roads[last].line, to)
			continue
		}
		s.roads = append(s.roads, road{name[0], name[1], class, []geo.Point{from, to}})
		last, lastKey = len(s.roads)-1, k
	}
}

// ends gives the two ends of a side; where no bridge is, a street stops short
// of the river.
func (s *streetPlan) ends(e side) (from, to geo.Point) {
	from, to = s.l.corner(e.corner), s.l.corner(e.end())
	if e.upright && !s.bridge(e.col) {
		short := 75 / metres(from, to)
		switch s.river {
		case e.row:
			from = rounded(toward(from, to, short))
		case e.row + 1:
			to = rounded(toward(to, from, short))
		}
	}
	return from, to
}

// bridge tells whether the street of that column crosses the river.
func (s *streetPlan) bridge(col int) bool { return col%4 == 0 }

// name gives a street its name, the first time it is walked.
func (s *streetPlan) name(k, class string, upright bool) [2]string {
	if n, ok := s.names[k]; ok {
		return n
	}
	zh, en, _ := strings.Cut(s.words[s.used%len(s.words)], " ")
	kind := [][2]string{{"路", " Road"}, {"街", " Street"}, {"巷", " Lane"}, {"里街", " Inner Street"}}[s.used/len(s.words)]
	if class == "main" {
		kind = [2]string{"大道", " Avenue"}
	}
	s.used++
	s.names[k] = [2]string{zh + kind[0], en + kind[1]}
	return s.names[k]
}

// address is a place that people can find: a house on a street.
type address struct {
	point  geo.Point
	zh, en string
	road   string
	grid   string // the code of the grid, which locating the point must find
	home   string // the stem of the community
	homeEN string
}

// address picks a house somewhere in the block.
func (s *streetPlan) address(d dice, c cell) address {
	sides := [4]side{{corner(c), false}, {corner{c.col, c.row + 1}, false},
		{corner(c), true}, {corner{c.col + 1, c.row}, true}}
	known := make([]side, 0, 4)
	for _, e := range sides {
		if _, ok := s.frontages[e]; ok {
			known = append(known, e)
		}
	}
	e := one(d, known)
	f := s.frontages[e]
	from, to := s.l.corner(e.corner), s.l.corner(e.end())
	along := d.between(0.12, 0.88)
	p := rounded(toward(toward(from, to, along), s.l.middle(c), d.between(0.1, 0.5)))
	number := 2*int(math.Floor((f.start+along*metres(from, to))/18)) + 1
	if _, other := e.beside(); other == c {
		number++
	}
	return address{p, fmt.Sprintf("%s %d 号", f.name, number), fmt.Sprintf("%d %s", number, f.nameEN), f.name, s.grid[c], s.home[c], s.homeEN[s.home[c]]}
}

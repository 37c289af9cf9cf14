package sample

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// DistrictCode is the code of the invented district.
const DistrictCode = "990101"

// area is one row of areas.csv, with the blocks it is made of.
type area struct {
	code, name, nameEN, tier, kind string
	members                        []string
	cells                          []cell
}

// community is a community with its name's stem and how many basic grids it
// has. The counts add up to 107; three more grids are lists of members.
type community struct {
	stem, en string
	grids    int
}

type street struct {
	stem, en    string
	communities []community
}

// plan lists the streets: first the two north of the river, west and east, then
// the one south of it.
func plan() []street {
	return []street{
		{"槐树", "Huaishu", []community{{"槐北", "Huaibei", 9}, {"书院", "Shuyuan", 8}, {"梧桐里", "Wutongli", 10}, {"桂香", "Guixiang", 12}}},
		{"柳荫", "Liuyin", []community{{"听雨", "Tingyu", 8}, {"长亭", "Changting", 8}, {"荷塘", "Hetang", 9}, {"柳桥", "Liuqiao", 9}}},
		{"南湾", "Nanwan", []community{{"沙堤", "Shadi", 8}, {"渔港", "Yugang", 8}, {"月亮湾", "Yueliangwan", 9}, {"望潮", "Wangchao", 9}}},
	}
}

// exclusive gives the three grids that are lists of members instead of outlines,
// by the community they belong to.
func exclusive() map[string]area {
	boats := numbered("南渔 %04d", 1, 24)
	stalls := append(numbered("A 区 %d 号摊", 1, 18), numbered("B 区 %d 号摊", 1, 12)...)
	firms := []string{"柳荫产业园 1 号楼", "柳荫产业园 2 号楼", "柳荫产业园 3 号楼", "柳荫产业园 5 号楼", "禾青食品厂", "长风机修厂", "听澜纸品厂", "柳荫产业园食堂"}
	return map[string]area{
		"渔港":  {name: "南湾渔船编组", nameEN: "Nanwan fishing boats", members: boats},
		"梧桐里": {name: "槐树农贸市场", nameEN: "Huaishu food market", members: stalls},
		"长亭":  {name: "柳荫产业园", nameEN: "Liuyin business park", members: firms},
	}
}

func numbered(format string, from, to int) []string {
	var list []string
	for i := from; i <= to; i++ {
		list = append(list, fmt.Sprintf(format, i))
	}
	return list
}

// deal hands the blocks out: to the three streets, to their communities, to
// their grids. It also tells the row the river runs along.
func (l *lattice) deal() (areas []area, river int) {
	areas = []area{{code: DistrictCode, name: "邻里区", nameEN: "Linli District", tier: "district", cells: l.cells}}
	streets := plan()
	north, south, river := l.atRiver(l.cells, streets)
	halves := l.split(north, []int{streets[0].grids(), streets[1].grids()})
	for i, cells := range [][]cell{halves[0], halves[1], south} {
		s := streets[i]
		code := fmt.Sprintf("%s%03d", DistrictCode, i+1)
		areas = append(areas, area{code: code, name: s.stem + "街道", nameEN: s.en + " Street", tier: "street", cells: cells})
		weights := make([]int, len(s.communities))
		for j, c := range s.communities {
			weights[j] = c.grids
		}
		for j, part := range l.split(cells, weights) {
			areas = append(areas, l.community(fmt.Sprintf("%s%03d", code, j+1), s.communities[j], part)...)
		}
	}
	return areas, river
}

func (s street) grids() int {
	sum := 0
	for _, c := range s.communities {
		sum += c.grids
	}
	return sum
}

// atRiver parts the district along the row of crossings that leaves the
// southern street its share.
func (l *lattice) atRiver(cells []cell, streets []street) (north, south []cell, river int) {
	all := 0
	for _, s := range streets {
		all += s.grids()
	}
	want := float64(len(cells)) * float64(streets[2].grids()) / float64(all)
	for r := 1; r < rows; r++ {
		if float64(countBelow(cells, r)) <= want {
			river = r
		}
	}
	for _, c := range cells {
		if c.row < river {
			south = append(south, c)
		} else {
			north = append(north, c)
		}
	}
	return north, south, river
}

func countBelow(cells []cell, row int) int {
	n := 0
	for _, c := range cells {
		if c.row < row {
			n++
		}
	}
	return n
}

// community gives a community and its grids, numbered from west to east and
// from north to south, as grid rules ask.
func (l *lattice) community(code string, c community, cells []cell) []area {
	areas := []area{{code: code, name: c.stem + "社区", nameEN: c.en + " Community", tier: "community", cells: cells}}
	weights := make([]int, c.grids)
	for i := range weights {
		weights[i] = 1
	}
	parts := l.split(cells, weights)
	l.sortByPlace(parts)
	for i, part := range parts {
		areas = append(areas, area{
			code: fmt.Sprintf("%s%03d", code, i+1), tier: "grid", kind: "basic", cells: part,
			name: fmt.Sprintf("%s%02d网格", c.stem, i+1), nameEN: fmt.Sprintf("%s Grid %02d", c.en, i+1),
		})
	}
	if special, ok := exclusive()[c.stem]; ok {
		special.code, special.tier, special.kind = code+"901", "grid", "exclusive"
		areas = append(areas, special)
	}
	return areas
}

// split parts a set of blocks along straight lines of the plan into as many
// parts as there are weights, each about as large as its weight says.
func (l *lattice) split(cells []cell, weights []int) [][]cell {
	if len(weights) == 1 {
		return [][]cell{cells}
	}
	k, first, all := halve(weights)
	a, b := l.cut(cells, float64(first)/float64(all), k, len(weights)-k)
	return append(l.split(a, weights[:k]), l.split(b, weights[k:])...)
}

// halve tells after how many weights about half of their sum is reached.
func halve(weights []int) (k, first, all int) {
	for _, w := range weights {
		all += w
	}
	for k = 1; k < len(weights)-1 && first+weights[k-1] < all/2; k++ {
		first += weights[k-1]
	}
	return k, first + weights[k-1], all
}

// cut parts cells in two by the line, north–south or east–west, that comes
// nearest to share while keeping both parts compact. Each part gets at least as
// many blocks as grids it must hold. West and north come first.
func (l *lattice) cut(cells []cell, share float64, least, leastOther int) (a, b []cell) {
	best := math.Inf(1)
	for _, alongCol := range []bool{true, false} {
		for at := 1; at < max(cols, rows); at++ {
			var p, q []cell
			for _, c := range cells {
				if alongCol && c.col < at || !alongCol && c.row >= at {
					p = append(p, c)
				} else {
					q = append(q, c)
				}
			}
			if len(p) < least || len(q) < leastOther {
				continue
			}
			off := math.Abs(float64(len(p))/float64(len(cells)) - share)
			if worse := off*4 + (l.slender(p)+l.slender(q))*0.6; worse < best {
				best, a, b = worse, p, q
			}
		}
	}
	return a, b
}

// slender is how much longer than wide a set of blocks is, 0 for a square.
func (l *lattice) slender(cells []cell) float64 {
	lo, hi := cells[0], cells[0]
	for _, c := range cells {
		lo = cell{min(lo.col, c.col), min(lo.row, c.row)}
		hi = cell{max(hi.col, c.col), max(hi.row, c.row)}
	}
	wide := metres(l.at[lo.col][lo.row], l.at[hi.col+1][lo.row])
	high := metres(l.at[lo.col][lo.row], l.at[lo.col][hi.row+1])
	return math.Abs(math.Log(wide / high))
}

// sortByPlace puts grids in reading order: bands from north to south, within a
// band from west to east.
func (l *lattice) sortByPlace(parts [][]cell) {
	top, bottom := -1, rows
	for _, p := range parts {
		for _, c := range p {
			top, bottom = max(top, c.row+1), min(bottom, c.row)
		}
	}
	band := float64(top-bottom) / math.Max(1, math.Round(math.Sqrt(float64(len(parts)))))
	key := func(p []cell) (int, float64) {
		var row, col float64
		for _, c := range p {
			row += float64(c.row) + 0.5
			col += float64(c.col)
		}
		n := float64(len(p))
		return int((float64(top) - row/n) / band), col / n
	}
	sort.SliceStable(parts, func(i, j int) bool {
		bi, ci := key(parts[i])
		bj, cj := key(parts[j])
		return bi < bj || bi == bj && ci < cj
	})
}

// stem is the name without its kind: 桂香 of 桂香社区.
func (a area) stem() string {
	for _, kind := range []string{"社区", "街道", "网格"} {
		if s, ok := strings.CutSuffix(a.name, kind); ok {
			return s
		}
	}
	return a.name
}

package area

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// houses is a run of house numbers on a road that belongs to a grid, written
// among its members as 槐安路1-99号, with 单 or 双 where only one side does.
type houses struct {
	road     string
	low, top int
	side     string // 单, 双 or "" for both
	code     Code
}

var housesForm = regexp.MustCompile(`^(\D+?)(\d{1,5})号?(?:[-—~至](\d{1,5}))?号?\(?(单|双)?号?\)?$`)

// roads end the names that house numbers stand on.
var roads = []string{"大道", "大街", "路", "街", "巷", "道", "弄", "里"}

func parseHouses(member string, code Code) (houses, bool) {
	f := housesForm.FindStringSubmatch(member)
	if f == nil || !isRoad(f[1]) {
		return houses{}, false
	}
	h := houses{road: f[1], side: f[4], code: code}
	h.low, _ = strconv.Atoi(f[2])
	if h.top = h.low; f[3] != "" {
		h.top, _ = strconv.Atoi(f[3])
	}
	return h, h.low <= h.top
}

func isRoad(s string) bool {
	for _, r := range roads {
		if strings.HasSuffix(s, r) && len(s) > len(r) {
			return true
		}
	}
	return false
}

func (h houses) hold(n int) bool {
	return h.low <= n && n <= h.top && (h.side == "" || (h.side == "单") == (n%2 == 1))
}

// houseHits finds a road with a house number that begins at a place in text.
func (g *gazetteer) houseHits(text string, at int) []hit {
	if len(g.numbers) == 0 {
		return nil
	}
	const longest = 60 // bytes in a road's name; keeps a long text cheap
	digits := strings.IndexFunc(text[at:min(len(text), at+longest)], func(r rune) bool { return r >= '0' && r <= '9' })
	if digits <= 0 {
		return nil
	}
	road := text[at : at+digits]
	list := g.numbers[road]
	if list == nil {
		return nil
	}
	rest := text[at+digits:]
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(rest)
	}
	n, err := strconv.Atoi(rest[:min(end, 6)])
	if err != nil {
		return nil
	}
	word := road + rest[:end] + "号"
	var all []hit
	for _, h := range list {
		if h.hold(n) {
			all = append(all, hit{term{word, h.code, byNumber}, at, worth[byNumber] * float64(utf8.RuneCountInString(word))})
		}
	}
	return all
}

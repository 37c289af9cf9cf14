package score

import (
	"net/http"
	"net/url"
	"strings"

	"linli/internal/clock"
	"linli/internal/evaluate"
	"linli/internal/ladder"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/supervise"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// The views of the board.
const (
	unitsView = "units"
	areasView = "areas"
)

// boardView is the board as the reader sees it.
type boardView struct {
	View  string
	Board *supervise.Board
	Tiers []boardTier
	Loud  int // tiles that are red
}

// boardTier is one row of the board. Quiet ones are counted and not drawn where
// there would be too many.
type boardTier struct {
	supervise.Tier
	ID    string
	Quiet int
	More  string // address that draws them too
	Lines map[string]evaluate.BoardLine
}

func boardShow(v *page.View) error {
	s, err := readBoard(v)
	if err != nil {
		return err
	}
	return show(v, http.StatusOK, head{
		Title: v.Say("督办色板", "Colour board"), Menu: "board", Live: true,
		Said: v.Say("%s，红的排在前面。按时率是本月的。", "%s, the red ones first. On-time rates are those of this month.", districtName(v)),
		Tabs: []ui.Link{
			{Text: v.Say("单位", "Units"), Href: boardHome, Now: s.View == unitsView},
			{Text: v.Say("街道和网格", "Streets and grids"), Href: boardHome + "?view=" + areasView, Now: s.View == areasView},
		},
		Buttons: []ui.Btn{{Label: v.Say("导出 Excel", "Export Excel"), Icon: "download", Href: boardHome + "/board.xlsx?view=" + s.View}},
	}, boardPage(v, s))
}

// boardPart is the open board, drawn again because something happened.
func boardPart(v *page.View) error {
	s, err := readBoard(v)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, boardTiers(v, s))
}

// readBoard takes what the watcher keeps; it counts nothing.
func readBoard(v *page.View) (s boardView, err error) {
	s.View = unitsView
	if v.R.URL.Query().Get("view") == areasView {
		s.View = areasView
	}
	if s.Board, err = v.House.Boards.Board(v.Context(), v.District); err != nil {
		return s, err
	}
	if s.View == areasView {
		s.Tiers = areaTiers(v, s.Board)
	} else {
		lines, err := v.House.Scores.Lines(v.Context(), v.District)
		if err != nil {
			return s, err
		}
		s.Tiers = unitTiers(v, s.Board, lines)
	}
	for _, t := range s.Tiers {
		red, _, _ := t.Signals()
		s.Loud += red
	}
	return s, nil
}

func unitTiers(v *page.View, b *supervise.Board, lines map[string]evaluate.BoardLine) (all []boardTier) {
	for _, t := range b.Tiers {
		t.Tiles = mine(v, t.Tiles, evaluate.Unit)
		if len(t.Tiles) > 0 {
			all = append(all, boardTier{Tier: t, ID: "tier-" + idOf(t.Title), Lines: lines})
		}
	}
	return all
}

// areaTiers are the streets, then the grids of each. Green grids stay unseen
// until one street is asked for.
func areaTiers(v *page.View, b *supervise.Board) (all []boardTier) {
	streets := mine(v, b.Streets, evaluate.Area)
	if len(streets) > 0 {
		all = append(all, boardTier{Tier: supervise.Tier{Title: lang.T("街镇", "Streets and towns"), Tiles: streets}, ID: "tier-streets"})
	}
	grids := map[string][]supervise.Tile{}
	for _, t := range mine(v, b.Grids, evaluate.Area) {
		grids[t.Code[:min(9, len(t.Code))]] = append(grids[t.Code[:min(9, len(t.Code))]], t)
	}
	asked := v.R.URL.Query().Get("street")
	for _, street := range b.Streets {
		tiles := grids[street.Code]
		if len(tiles) == 0 {
			continue
		}
		tier := boardTier{ID: "tier-" + street.Code, Tier: supervise.Tier{
			Title: lang.Text{ZH: street.Name.ZH + "的网格", EN: "Grids of " + street.Name.EN}, Tiles: tiles,
		}}
		if street.Code != asked {
			_, _, tier.Quiet = tier.Signals()
			tier.More = boardHome + "?view=" + areasView + "&street=" + street.Code + "#" + tier.ID
		}
		all = append(all, tier)
	}
	return all
}

// drawn are the tiles that a tier shows.
func (t boardTier) drawn() []supervise.Tile {
	if t.Quiet == 0 {
		return t.Tiles
	}
	var loud []supervise.Tile
	for _, tile := range t.Tiles {
		if tile.Signal == clock.Late || tile.Signal == clock.Near {
			loud = append(loud, tile)
		}
	}
	return loud
}

// mine are the tiles that the reader may see.
func mine(v *page.View, tiles []supervise.Tile, subject func(string) evaluate.Subject) (some []supervise.Tile) {
	for _, t := range tiles {
		if sees(v, subject(t.Code)) {
			some = append(some, t)
		}
	}
	return some
}

func idOf(title lang.Text) string {
	return strings.ToLower(strings.ReplaceAll(title.EN, " ", "-"))
}

// tileWord is the word on a tile: a unit that is red or blue for its rate alone
// has nothing late.
func tileWord(v *page.View, one supervise.Tile) string {
	switch {
	case one.Signal == clock.Late && one.Tally.Late == 0, one.Signal == clock.Near && one.Tally.Near+one.Tally.Late == 0:
		return v.Say("按时率低", "low rate")
	}
	return signalWord(v, one.Signal)
}

// tile puts a unit or area into words.
func (t boardTier) tile(v *page.View, one supervise.Tile) ui.TileView {
	view := ui.TileView{
		Name: one.Name.In(v.Lang), Level: levelText(v, one.Level), Tone: ui.Tone(one.Signal), Word: tileWord(v, one),
		Href:   tileHref(v, one.Code),
		Detail: v.Say("在办 %s　超期 %s", "%s open, %s late", ui.Number(one.Tally.Open), ui.Number(one.Tally.Late)),
	}
	rate, ok := one.Tally.Rate()
	switch {
	case ok:
		view.Figure, view.Unit = bare(rate), v.Lang.Pick("% 按时", "% on time")
	case t.Lines == nil:
		view.Figure, view.Unit = ui.Number(one.Tally.Open), v.Say("件在办", "open")
		view.Detail = v.Say("超期 %s　临期 %s", "%s late, %s due soon", ui.Number(one.Tally.Late), ui.Number(one.Tally.Near))
	default:
		view.Figure, view.Unit = none, v.Say("本月还没有到期的", "nothing was due this month")
	}
	line := t.Lines[one.Code]
	for _, week := range line.Weeks {
		if share, ok := week.Rate(); ok {
			view.Weeks = append(view.Weeks, 100*share)
		}
	}
	view.Change = weekChange(v, line)
	return view
}

// weekChange compares this week with the last, where both had something due.
func weekChange(v *page.View, line evaluate.BoardLine) string {
	now, ok := line.Weeks[len(line.Weeks)-1].Rate()
	before, also := line.Weeks[len(line.Weeks)-2].Rate()
	if !ok || !also {
		return ""
	}
	return v.Say("较上周 %s", "%s on last week", changeText(100*(now-before), 1))
}

// bare is a percentage without its sign: 84.1.
func bare(rate float64) string { return strings.TrimSuffix(percent(rate/100), "%") }

// tileHref leads to a unit's page; a place leads to its running cases.
func tileHref(v *page.View, code string) string {
	if _, ok := v.District.Org.Unit(org.UnitID(code)); ok {
		return boardHome + "/unit/" + url.PathEscape(code)
	}
	name := "area"
	if len(code) >= 15 {
		name = "grid"
	}
	return "/desk/cases?period=all&state=open&" + name + "=" + url.QueryEscape(code)
}

func signalWord(v *page.View, s clock.Signal) string {
	w := ui.W(v.Lang)
	switch s {
	case clock.Late:
		return w.Late
	case clock.Near:
		return w.Nearing
	}
	return w.OnTime
}

// rules says how a colour comes about, from the pack's own thresholds.
func rules(v *page.View) (all [3]string) {
	u := v.District.Catalogue.Ladder().Units
	said := func(b ladder.Bounds) string {
		parts := []string{v.Say("按时率 %d%% 以上", "at least %d%% on time", b.OnTime)}
		if b.Late == 0 {
			parts = append(parts, v.Say("没有超期的", "none late"))
		} else {
			parts = append(parts, v.Say("超期不超过在办的 %d%%", "at most %d%% of what is open late", b.Late))
		}
		if b.Near < 100 {
			parts = append(parts, v.Say("临期不超过 %d%%", "at most %d%% due soon", b.Near))
		}
		return strings.Join(parts, v.Say("，", ", "))
	}
	return [3]string{said(u.Green), said(u.Blue), v.Say("够不上蓝的", "whatever does not reach blue")}
}

// boardTable sends the board as a table.
func boardTable(v *page.View) error {
	s, err := readBoard(v)
	if err != nil {
		return err
	}
	t := table{Name: v.Say("看板", "Board"), Heads: []string{
		v.Say("类别", "Tier"), v.Say("代码", "Code"), v.Say("名称", "Name"), v.Say("颜色", "Signal"), v.Say("为什么", "Why"), v.Say("督办级别", "Level"),
		v.Say("在办", "Open"), v.Say("超期", "Late"), v.Say("临期", "Due soon"), v.Say("暂停", "Paused"),
		v.Say("本月按时", "Kept this month"), v.Say("本月没按时", "Broken this month"), v.Lang.Pick("本月按时率 %", "On time this month, %"), v.Say("较上周", "On last week"),
	}}
	for _, tier := range s.Tiers {
		for _, one := range tier.Tiles {
			var rate any = ""
			if r, ok := one.Tally.Rate(); ok {
				rate = r
			}
			t.Rows = append(t.Rows, []any{
				tier.Title.In(v.Lang), one.Code, one.Name.In(v.Lang), signalWord(v, one.Signal), one.Why.In(v.Lang), one.Level,
				one.Tally.Open, one.Tally.Late, one.Tally.Near, one.Tally.Held, one.Tally.Kept, one.Tally.Broken, rate, weekChange(v, tier.Lines[one.Code]),
			})
		}
	}
	return sendWorkbook(v, "board-"+v.Now.In(v.Zone()).Format("20060102-1504"), t)
}

// partHref is the part of the open board that is drawn again.
func partHref(v *page.View) string {
	href := boardHome + "/part"
	if v.R.URL.RawQuery != "" {
		href += "?" + v.R.URL.RawQuery
	}
	return href
}

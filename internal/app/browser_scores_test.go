package app_test

// scorePages looks at the board and at the scorecards of a month that runs.
func (tn *town) scorePages() {
	tn.t.Helper()
	const month = "/desk/scores/2026-11"
	p := tn.staff("zhouhui")
	for name, path := range map[string]string{
		"board": "/desk/board", "board-areas": "/desk/board?view=areas", "board-unit": "/desk/board/unit/u-shizheng",
		"scores": "/desk/scores", "scores-totals": "/desk/scores/totals", "scores-month": month, "scores-league": month + "/departments",
		"scores-card": month + "/departments/unit:u-shizheng", "scores-cases": month + "/departments/unit:u-shizheng/cases?indicator=closing",
		"scores-bulletin": month + "/bulletin", "scores-appeals": month + "/appeals", "scores-reviews": month + "/reviews", "scores-compare": month + "/compare",
	} {
		p.see(name, path)
	}
}

package sample

// unit is one row of units.csv.
type unit struct {
	code, name, nameEN, kind, parent string
	areas                            []string // stems of streets and communities, or the district's code
}

// hours says which units keep hours of their own; the stations of 南湾 keep
// those of their street. The rest, which the pictures show at work, are on the
// standard calendar.
func hours(unit string) string {
	switch unit {
	case "u-shengtai":
		return "hall"
	case "u-ranqi":
		return "round-the-clock"
	case "u-nanwan":
		return "staggered"
	}
	return ""
}

// calendars are the files that those names are of.
func calendars() map[string]string {
	return map[string]string{
		"calendars/hall.yaml": `# 有窗口的单位：中午不关门，周六上午也开。
calendar: hall
title: {zh: 窗口时间, en: Counter hours}
base: standard
hours: {mon-fri: [09:00-17:30], sat: [09:00-12:00]}
make-up: [09:00-17:30]
days:
  2026-12-31: {hours: [09:00-12:00], title: {zh: 年末盘点, en: Stocktaking}}
`,
		"calendars/round-the-clock.yaml": `# 全天值守：夜里、周末、节假日都有人。
calendar: round-the-clock
title: {zh: 全天值守, en: Round the clock}
hours: {mon-sun: [00:00-24:00]}
through-holidays: true
`,
		"calendars/staggered.yaml": `# 错时：早到半小时，中午不关门。
calendar: staggered
title: {zh: 错时上班, en: Staggered hours}
base: standard
hours: {mon-fri: [08:30-17:30]}
`,
	}
}

// units gives the 20 units: the operation centre that everything nobody else
// owns falls to, eight departments and companies (条), three street offices and
// eight community stations (块) which between them serve all twelve communities.
func units() []unit {
	d := []string{DistrictCode}
	return []unit{
		{"u-centre", "区城市运行中心", "District Operation Centre", "centre", "", d},
		{"u-shizheng", "市政养护中心", "Municipal Maintenance Centre", "department", "", d},
		{"u-chengguan", "区城管执法局", "Urban Management Bureau", "department", "", d},
		{"u-shengtai", "区生态环境分局", "Ecology and Environment Branch", "department", "", d},
		{"u-zhujian", "区住房建设局", "Housing and Construction Bureau", "department", "", d},
		{"u-shichang", "区市场监管局", "Market Regulation Bureau", "department", "", d},
		{"u-minzheng", "区民政局", "Civil Affairs Bureau", "department", "", d},
		{"u-ranqi", "燃气抢修队", "Gas Emergency Crew", "company", "", d},
		{"u-yuanlin", "区园林绿化所", "Parks and Gardens Office", "department", "", d},
		{"u-huaishu", "槐树街道办事处", "Huaishu Street Office", "street-office", "", []string{"槐树"}},
		{"u-liuyin", "柳荫街道办事处", "Liuyin Street Office", "street-office", "", []string{"柳荫"}},
		{"u-nanwan", "南湾街道办事处", "Nanwan Street Office", "street-office", "", []string{"南湾"}},
		{"u-guixiang", "桂香社区工作站", "Guixiang Community Station", "community-station", "u-huaishu", []string{"桂香"}},
		{"u-wutongli", "梧桐里社区工作站", "Wutongli Community Station", "community-station", "u-huaishu", []string{"梧桐里"}},
		{"u-huaibei", "槐北书院社区工作站", "Huaibei and Shuyuan Community Station", "community-station", "u-huaishu", []string{"槐北", "书院"}},
		{"u-tingyu", "听雨社区工作站", "Tingyu Community Station", "community-station", "u-liuyin", []string{"听雨"}},
		{"u-hetang", "荷塘社区工作站", "Hetang Community Station", "community-station", "u-liuyin", []string{"荷塘"}},
		{"u-liuqiao", "柳桥长亭社区工作站", "Liuqiao and Changting Community Station", "community-station", "u-liuyin", []string{"柳桥", "长亭"}},
		{"u-yugang", "渔港望潮社区工作站", "Yugang and Wangchao Community Station", "community-station", "u-nanwan", []string{"渔港", "望潮"}},
		{"u-shadi", "沙堤月亮湾社区工作站", "Shadi and Yueliangwan Community Station", "community-station", "u-nanwan", []string{"沙堤", "月亮湾"}},
	}
}

// serves tells whether the unit serves the area of that stem.
func (u unit) serves(stem string) bool {
	for _, a := range u.areas {
		if a == stem {
			return true
		}
	}
	return false
}

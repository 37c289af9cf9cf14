package sample

import (
	"fmt"
	"strings"
)

// person is one row of people.csv; person n has the phone 1380000 000n.
type person struct{ login, name, phone string }

// post is one row of posts.csv.
type post struct{ login, role, unit, area, from, to string }

// staff is who works in a unit and as what, before the posts are spelt out.
type staff struct {
	unit   string
	people [][3]string // login, name, roles apart by a space
}

// crew lists the 48 people who work at desks. The station head handles and
// leads the grids; the people who verify are the grid workers, who handle
// nothing, so that nobody checks his own work.
func crew() []staff {
	return []staff{
		{"u-centre", [][3]string{
			{"hejing", "何静", "agent"}, {"songyu", "宋雨", "agent"}, {"yaolan", "姚岚", "clerk handler"},
			{"guoyan", "郭燕", "acceptor"}, {"tangkai", "唐凯", "acceptor"},
			{"chenli", "陈立", "dispatcher"}, {"panyue", "潘越", "dispatcher"},
			{"fanghua", "方华", "shift-leader unit-lead"}, {"zenglin", "曾琳", "shift-leader"},
			{"zhouhui", "周慧", "supervisor"}, {"dengning", "邓宁", "supervisor"},
			{"linwang", "林望", "leader"}, {"suming", "苏明", "admin"}, {"luopei", "罗沛", "security-admin"}, {"heqiao", "何樵", "audit-admin"}, {"dingyan", "丁雁", "observer"}}},
		{"u-shizheng", [][3]string{{"wugang", "吴刚", "handler"}, {"heyong", "贺勇", "handler"}, {"luzhen", "陆振", "unit-lead"}}},
		{"u-chengguan", [][3]string{{"qiufeng", "邱峰", "handler"}, {"maoting", "毛婷", "handler"}, {"shiqing", "石青", "unit-lead"}}},
		{"u-shengtai", [][3]string{{"yuanye", "袁野", "handler"}, {"caoxue", "曹雪松", "unit-lead"}}},
		{"u-zhujian", [][3]string{{"gaoyuan", "高原", "handler"}, {"jianghe", "江河清", "unit-lead"}}},
		{"u-shichang", [][3]string{{"duwei", "杜微", "handler"}, {"ningyuan", "宁远", "unit-lead"}}},
		{"u-minzheng", [][3]string{{"aixin", "艾欣", "handler"}, {"wenhe", "温和平", "unit-lead"}}},
		{"u-ranqi", [][3]string{{"leibin", "雷斌", "handler"}, {"xiongwei", "熊巍", "unit-lead"}}},
		{"u-yuanlin", [][3]string{{"miaochun", "苗春", "handler"}, {"yelan", "叶岚", "unit-lead"}}},
		{"u-huaishu", [][3]string{{"hanfeng", "韩枫", "handler"}, {"jinhong", "金虹", "unit-lead"}}},
		{"u-liuyin", [][3]string{{"fengjia", "冯嘉", "handler"}, {"weishan", "魏珊", "unit-lead"}}},
		{"u-nanwan", [][3]string{{"haoran", "郝然", "handler"}, {"pengfan", "彭帆", "unit-lead"}}},
		{"u-guixiang", [][3]string{{"zhanglan", "章岚", "handler unit-lead grid-leader"}}},
		{"u-wutongli", [][3]string{{"xuning", "许宁", "handler unit-lead grid-leader"}}},
		{"u-huaibei", [][3]string{{"qiankun", "钱堃", "handler unit-lead grid-leader"}}},
		{"u-tingyu", [][3]string{{"yujing", "俞静", "handler unit-lead grid-leader"}}},
		{"u-hetang", [][3]string{{"lianhua", "连桦", "handler unit-lead grid-leader"}}},
		{"u-liuqiao", [][3]string{{"baicheng", "白澄", "handler unit-lead grid-leader"}}},
		{"u-yugang", [][3]string{{"yanhai", "严海", "handler unit-lead grid-leader"}}},
		{"u-shadi", [][3]string{{"shayi", "沙怡", "handler unit-lead grid-leader"}}},
	}
}

// rounds lists the 15 grid workers: their community and which of its grids, by
// number, from–to. The first of a community also holds its exclusive grid.
func rounds() []struct {
	login, name, community string
	from, to               int
} {
	return []struct {
		login, name, community string
		from, to               int
	}{
		{"dingxia", "丁霞", "桂香", 1, 4}, {"liuxiaoyan", "刘晓燕", "桂香", 5, 8}, {"luoping", "罗平", "桂香", 9, 12},
		{"kongling", "孔铃", "梧桐里", 1, 5}, {"jialei", "贾磊", "梧桐里", 6, 10},
		{"wangshu", "汪舒", "槐北", 1, 9}, {"xiaqiu", "夏秋", "书院", 1, 8},
		{"tianmi", "田米", "听雨", 1, 8}, {"hetian", "贺田", "长亭", 1, 8}, {"lianyi", "廉漪", "荷塘", 1, 9}, {"liuchuan", "柳川", "柳桥", 1, 9},
		{"yuchao", "于潮", "渔港", 1, 8}, {"jinsha", "金莎", "沙堤", 1, 8}, {"yuebai", "岳白", "月亮湾", 1, 9}, {"chaoyang", "晁阳", "望潮", 1, 9},
	}
}

const hired = "2024-01-01"

// people gives the 60 people and their posts over the areas.
func people(areas []area) ([]person, []post) {
	code := map[string]string{DistrictCode: DistrictCode}
	for _, a := range areas {
		if a.tier != "grid" {
			code[a.stem()] = a.code
		}
	}
	serves := map[string][]string{}
	for _, u := range units() {
		for _, stem := range u.areas {
			serves[u.code] = append(serves[u.code], code[stem])
		}
	}
	var list []person
	var posts []post
	hire := func(login, name string) {
		list = append(list, person{login, name, fmt.Sprintf("1380000%04d", len(list)+1)})
	}
	for _, s := range crew() {
		for _, p := range s.people {
			hire(p[0], p[1])
			posts = append(posts, desks(p[0], p[2], s.unit, serves[s.unit])...)
		}
	}
	// 唐凯 was a dispatcher before, and 郭燕 stands in for the clerk: a post that
	// has ended and a person with two.
	posts = append(posts,
		post{"tangkai", "dispatcher", "u-centre", DistrictCode, "2022-03-01", "2023-12-31"},
		post{"guoyan", "clerk", "u-centre", DistrictCode, hired, ""})
	for _, w := range rounds() {
		hire(w.login, w.name)
		posts = append(posts, grids(w.login, w.community, w.from, w.to, code[w.community])...)
	}
	return list, posts
}

func desks(login, roles, unit string, codes []string) []post {
	var posts []post
	for _, role := range strings.Fields(roles) {
		for _, area := range codes {
			posts = append(posts, post{login, role, unit, area, hired, ""})
		}
	}
	return posts
}

// grids gives a worker one post for each grid on the round.
func grids(login, community string, from, to int, code string) []post {
	station := ""
	for _, u := range units() {
		if u.serves(community) {
			station = u.code
		}
	}
	var posts []post
	for n := from; n <= to; n++ {
		posts = append(posts, post{login, "grid-worker", station, fmt.Sprintf("%s%03d", code, n), hired, ""})
	}
	if _, ok := exclusive()[community]; ok && from == 1 {
		posts = append(posts, post{login, "grid-worker", station, code + "901", hired, ""})
	}
	return posts
}

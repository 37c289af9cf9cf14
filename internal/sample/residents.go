package sample

import "fmt"

// resident is somebody who reports. Some do so often; the hotline then sees the
// earlier cases. None exists.
type resident struct {
	name, phone string
	home        cell
}

const (
	surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
	given    = "安邦宝冰波彩晨成春翠丹德东方芳菲峰福刚格光桂国海涵和恒红花华慧佳坚建江杰洁锦静娟军凯康可兰乐磊丽莲良林玲龙露梅美敏明娜宁培鹏平萍琪琴青清庆秋泉荣瑞珊胜诗书淑爽思松素涛婷桐伟文霞贤祥晓欣新星雄秀旭雪雅岩艳阳瑶宜义英颖勇友宇玉媛月云泽珍真志智忠竹子"
)

// pool makes the residents: most live in the middle of the district, where the
// blocks are small and many.
func (d *District) pool(n int) []resident {
	r := roll("residents")
	last, first := []rune(surnames), []rune(given)
	list := make([]resident, n)
	for i := range list {
		name := string(one(r, last)) + string(one(r, first))
		if r.chance(0.62) {
			name += string(one(r, first))
		}
		list[i] = resident{name, fmt.Sprintf("1380000%04d", 1000+i*9%9000), one(r, d.lattice.cells)}
	}
	return list
}

// Regular is a resident who reports often.
type Regular struct{ Name, Phone string }

// Regulars are those who report most, the one with the most reports first: whom
// the demo lets sign in as residents.
func (d *District) Regulars() []Regular {
	var all []Regular
	for _, r := range d.pool(2) {
		all = append(all, Regular{r.name, r.phone})
	}
	return all
}

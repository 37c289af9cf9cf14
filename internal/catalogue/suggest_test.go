package catalogue

import (
	"slices"
	"testing"
)

func TestSuggest(t *testing.T) {
	t.Parallel()
	c := basePack(t).Catalogue()
	rows := []struct {
		text string
		want []string // any of these may come first
	}{
		{"桂香路18号门口井盖坏了，晚上有人差点掉下去", []string{"c01002"}},
		{"小区门口的路灯不亮好几天了", []string{"c01037"}},
		{"垃圾没人收，臭死了", []string{"m06010"}},
		{"半夜施工，吵得睡不着", []string{"m08001", "m06028"}},
		{"人行道被电动车乱停占满了", []string{"m09010"}},
		{"有人占道摆摊卖水果", []string{"m09006"}},
		{"楼道里堆杂物，走不过去", []string{"m06036"}},
		{"消防通道被私家车堵了", []string{"m09012"}},
		{"电线掉下来了，很危险", []string{"m10002"}},
		{"路上有个大坑", []string{"m06013"}},
		{"河水发臭，颜色发黑", []string{"m06026"}},
		{"公司拖欠工资三个月", []string{"s0104"}},
		{"楼上邻居漏水，邻里矛盾", []string{"s0101"}},
		{"树枝太长挡住窗户了", []string{"c04002"}},
		{"公共厕所没水", []string{"c03001"}},
		{"红绿灯坏了", []string{"c02014"}},
		{"闻到煤气味", []string{"c01057", "s0204"}},
		{"墙上全是小广告", []string{"m07001"}},
		{"The street light is out", []string{"c01037"}},
		{"illegal posters and stickers everywhere", []string{"m07001"}},
	}
	for _, row := range rows {
		got := c.Suggest(row.text)
		if len(got) == 0 || !slices.Contains(row.want, got[0].Matter.Code) {
			t.Errorf("%s: got %v, want %v first", row.text, brief(got), row.want)
			continue
		}
		if got[0].Score <= 0 || got[0].Score >= 1 || len(got[0].Words) == 0 || len(got) > 5 {
			t.Errorf("%s: got score %f, words %v, %d in all", row.text, got[0].Score, got[0].Words, len(got))
		}
	}
	for _, nothing := range []string{"", "。。。", "你好", "🙂", "a"} {
		if got := c.Suggest(nothing); len(got) > 0 && got[0].Score > 0.5 {
			t.Errorf("%q: got %v, want nothing sure", nothing, brief(got))
		}
	}
}

func brief(all []Suggestion) []string {
	var out []string
	for _, s := range all {
		out = append(out, s.Matter.Code+" "+s.Matter.Title.ZH)
	}
	return out
}

func TestSuggestIsDeterministic(t *testing.T) {
	t.Parallel()
	c := basePack(t).Catalogue()
	first := brief(c.Suggest("垃圾 井盖 路灯 噪音 占道 漏水"))
	for range 20 {
		if again := brief(c.Suggest("垃圾 井盖 路灯 噪音 占道 漏水")); !slices.Equal(first, again) {
			t.Fatalf("got %v, then %v", first, again)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	c := basePack(t).Catalogue()
	if got := c.Search("m0601", 3); len(got) != 3 || got[0].Code != "m06010" {
		t.Errorf("by code: got %v", got)
	}
	if got := c.Search("Street light", 5); len(got) == 0 || got[0].Code != "c01006" && got[0].Code != "c01037" {
		t.Errorf("by English: got %v", got)
	}
	if got := c.Search("路灯不亮", 5); len(got) == 0 || got[0].Code != "c01037" {
		t.Errorf("by a resident's word: got %v", got)
	}
}

func FuzzSuggest(f *testing.F) {
	c := basePack(f).Catalogue()
	f.Add("井盖坏了")
	f.Add("Ｓtreet\xff light")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range c.Suggest(text) {
			if s.Score <= 0 || s.Score >= 1 || len(s.Words) == 0 {
				t.Errorf("%q: %+v", text, s)
			}
		}
		c.Search(text, 5)
	})
}

func BenchmarkSuggest(b *testing.B) {
	c := basePack(b).Catalogue()
	for b.Loop() {
		c.Suggest("桂香路18号门口井盖坏了，晚上路灯也不亮，有人差点掉下去，旁边还堆着垃圾没人收")
	}
}

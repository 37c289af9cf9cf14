package chart

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"linli/internal/clock"
	"linli/internal/lang"
)

var out = flag.String("out", "", "folder to write the drawings of the tests to, to look at them")

func target(v float64) *float64 { return &v }

// drawing is what every chart can do.
type drawing interface{ Draw() (*Picture, error) }

// gallery is one of each kind, with invented units and figures.
func gallery() map[string]drawing {
	var months []string
	for m := range 12 {
		months = append(months, fmt.Sprintf("%d月", (m+10)%12+1))
	}
	rate := []float64{91.2, 90.4, math.NaN(), 88.1, 92.5, 93.3, 94.1, 93.8, 95.2, 95.9, 94.4, 94.94}
	all := []float64{93, 92.6, 91.8, 91.2, 92.1, 92.4, 92.9, 93.3, 93.5, 93.9, 94.2, 94.6}
	bars := []Bar{
		{"古桥街道综合服务中心", 71.2, "151/212", clock.Late}, {"西塘镇", 84, "84/100", clock.Late},
		{"住房和城乡建设局", 91.3, "232/254", clock.Near}, {"水务局", 93.8, "61/65", ""}, {"桂香街道", 94.9, "1,022/1,077", ""},
		{"城市管理局（综合行政执法局）", 98.2, "444/452", ""}, {"残联", math.NaN(), "0/0", clock.Hold}, {"全部", 100, "7/7", clock.OK},
	}
	var many []Bar
	for i := range 586 {
		b := Bar{Label: fmt.Sprintf("第%d网格工作站", i+1), Value: float64(i%101) + 0.5}
		if i%9 == 0 {
			b.Signal = clock.Late
		}
		many = append(many, b)
	}
	grades := []Part{{Name: "非常满意"}, {Name: "满意"}, {Name: "基本满意"}, {Name: "不满意"}, {Name: "非常不满意"}}
	signals := []Part{{"超期", clock.Late}, {"临期", clock.Near}, {"按时", clock.OK}, {"暂停计时", clock.Hold}}
	frame := func(title string) Frame { return Frame{Title: title, Unit: "%", Digits: 1} }
	return map[string]drawing{
		"line": Line{Frame: frame("按时办结率，2025年11月–2026年10月"), Periods: months, Target: target(95), Series: []Series{{"桂香街道", rate}, {"全区", all}}},
		"line-en": Line{Frame: Frame{Title: "Cases received", Unit: "cases", Lang: lang.EN, Width: 420}, Periods: []string{"Jun", "Jul", "Aug"},
			Series: []Series{{"Guixiang", []float64{1200, 900, 1802}}}},
		"bars":        Bars{Frame: frame("按时办结率，2026年10月"), Rows: bars, Target: target(90), Words: map[clock.Signal]string{clock.Late: "低于 85%"}},
		"bars-narrow": Bars{Frame: Frame{Title: "各单位收到的工单，2026年10月，按收到的多少排，最多的在前", Unit: "件", Width: 320}, Rows: []Bar{{"市场监督管理局（知识产权局）", 12034, "", ""}, {"水务局", 65, "", clock.Late}, {"x", 0, "", ""}}},
		"bars-586":    Bars{Frame: frame("五百八十六个单位"), Rows: many},
		"stack":       Stack{Frame: Frame{Title: "群众评价，2026年10月", Unit: "人", Digits: 1}, Parts: grades, Rows: []Row{{"", []float64{1203, 402, 101, 33, 12}}}},
		"stack-rows": Stack{Frame: Frame{Title: "在办的按信号分", Unit: "件"}, Parts: signals, Rows: []Row{
			{"古桥街道", []float64{31, 12, 44, 3}}, {"桂香街道", []float64{2, 9, 130, 0}}, {"气象局", []float64{0, 0, 0, 0}}}},
		"stack-grades": Stack{Frame: Frame{Title: "各街道的评价"}, Parts: grades, Rows: []Row{{"古桥街道", []float64{31, 12, 44, 13, 20}}, {"桂香街道", []float64{2, 9, 130, 0, 1}}}},
		"spark":        Spark{Frame: Frame{Title: "按时率", Unit: "%"}, Values: rate, Signal: clock.Late},
		"none":         Line{Frame: frame("没有数据的趋势")},
	}
}

func TestLook(t *testing.T) {
	if *out == "" {
		t.Skip("only with -out FOLDER")
	}
	for name, d := range gallery() {
		p, err := d.Draw()
		if err != nil {
			t.Fatal(err)
		}
		for _, theme := range []Theme{Light, Dark} {
			b, err := p.PNG(theme, 2)
			if err != nil {
				t.Fatal(err)
			}
			for file, bytes := range map[string][]byte{string(theme) + ".png": b, string(theme) + ".svg": p.SVG(theme), "page.svg": p.SVG(Page)} {
				if err := os.WriteFile(filepath.Join(*out, name+"-"+file), bytes, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	for name, d := range gallery() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p, _ := d.Draw()
				if _, err := p.PNG(Light, 2); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSVG(b *testing.B) {
	for name, d := range gallery() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p, _ := d.Draw()
				p.SVG(Page)
			}
		})
	}
}

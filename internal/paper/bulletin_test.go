package paper_test

import (
	"bytes"
	"compress/zlib"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/internal/chart"
	"linli/internal/clock"
	"linli/internal/lang"
	"linli/internal/paper"
)

var out = flag.String("out", "", "folder to write the papers of the tests to, to look at them")

var made = time.Date(2026, 11, 3, 9, 0, 0, 0, time.FixedZone("", 8*3600))

// drawn is the picture of a chart that is known to be right.
func drawn(t *testing.T, d interface {
	Draw() (*chart.Picture, error)
}) *chart.Picture {
	t.Helper()
	p, err := d.Draw()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// bulletin is a month of an invented district, as a page would compose it.
func bulletin(t *testing.T) *paper.Paper {
	t.Helper()
	p := paper.New(paper.Options{Title: "清溪区接诉即办月报", Under: "2026年10月　第10期　数据截止 2026年10月31日 24:00", Footer: "清溪区社会治理运行中心　2026年11月3日", Made: made})
	p.Heading("一、总的情况")
	p.KeyValues(paper.Pair{Key: "收到", Value: "20,829 件，比上月多 412 件"}, paper.Pair{Key: "立案", Value: "18,876 件"},
		paper.Pair{Key: "办结", Value: "17,921 件，办结率 94.94%（办结 ÷ 立案）"}, paper.Pair{Key: "没按时", Value: "907 件。其中 151 件因为资料退了两次，列在第三部分，逐件写明原因"})
	p.Text("10月的按时办结率是 94.9%，比目标 95.0% 低 0.1 个百分点；群众评价“满意”以上 91.7%。占道经营、路面破损（含井盖）、噪声三类占了全部的 46.3%，其中夜间施工噪声比去年同期多了 2 倍，集中在古桥街道的三个工地（桂香路、石桥巷、新塘路沿线）。" +
		"The hotline answered 98.2% of calls within fifteen seconds; https://example.invalid/report/2026-10 has the figures.")
	var months []string
	for m := range 12 {
		months = append(months, fmt.Sprintf("%d月", (m+10)%12+1))
	}
	target := 95.0
	p.Chart(drawn(t, chart.Line{Frame: chart.Frame{Title: "按时办结率", Unit: "%", Digits: 1, Width: 640}, Periods: months, Target: &target, Series: []chart.Series{
		{Name: "全区", Values: []float64{91.2, 90.4, math.NaN(), 88.1, 92.5, 93.3, 94.1, 93.8, 95.2, 95.9, 94.4, 94.94}}, {Name: "上一年", Values: []float64{90, 89, 88.8, 88, 90, 91, 91.2, 91.7, 92, 92.3, 92.8, 93}}}}))
	p.Heading("二、各单位")
	p.Chart(drawn(t, chart.Bars{Frame: chart.Frame{Title: "街镇的按时办结率", Unit: "%", Digits: 1, Width: 640}, Target: &target, Rows: []chart.Bar{
		{Label: "古桥街道", Value: 71.2, Note: "151/212", Signal: clock.Late}, {Label: "西塘镇", Value: 94.1, Note: "84/100", Signal: clock.Near}, {Label: "桂香街道", Value: 98.2, Note: "1,022/1,041"}}}))
	p.Chart(drawn(t, chart.Stack{Frame: chart.Frame{Title: "群众评价", Unit: "人", Digits: 1, Width: 640}, Parts: []chart.Part{{Name: "非常满意"}, {Name: "满意"}, {Name: "基本满意"}, {Name: "不满意"}, {Name: "非常不满意"}},
		Rows: []chart.Row{{Values: []float64{1203, 402, 101, 33, 12}}}}))
	units := paper.Table{Columns: []paper.Column{{Title: "单位"}, {Title: "收到", Right: true}, {Title: "办结", Right: true}, {Title: "按时率", Right: true}, {Title: "综合得分", Right: true}, {Title: "主要的问题"}}}
	for i := range 60 {
		name, signal, problem := fmt.Sprintf("第%d社区（桂香路片）网格工作站", i+1), clock.OK, ""
		if i == 0 {
			name, signal, problem = "古桥街道综合服务中心", clock.Late, "施工噪声 40 件没按时，都在等施工许可的核对结果；三个工地已由住建局约谈，10月28日起夜间停工。"
		}
		if i == 3 {
			signal = clock.Hold
		}
		units.Rows = append(units.Rows, []string{name, fmt.Sprint(1022 - i), fmt.Sprint(1000 - i), fmt.Sprintf("%.1f%%", 98-float64(i)/7), fmt.Sprintf("%.2f", 93.1-float64(i)/9), problem})
		units.Signals = append(units.Signals, signal)
	}
	p.Table(units)
	p.Heading("三、协调会定的事")
	p.List("住房和城乡建设局 11月10日前核对三个工地的夜间施工许可，结果告诉古桥街道和报事的居民。", "古桥街道把退了两次的 151 件逐件回访，11月15日前写明每一件的去向。", "𠮷女士（龘字辈）反映的井盖由水务局办。")
	return p
}

func TestBulletin(t *testing.T) {
	t.Parallel()
	file, err := bulletin(t).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	again, err := bulletin(t).Bytes()
	if err != nil || string(file) != string(again) {
		t.Errorf("the same bulletin gives other bytes (%d, %d, %v)", len(file), len(again), err)
	}
	write(t, "bulletin.pdf", file)
	text := read(t, file)
	for _, want := range []string{"清溪区接诉即办月报", "办结率 94.94%（办结 ÷ 立案）", "目标 95.0%", "古桥街道综合服务中心", "第 1 页，共 4 页", "第 4 页，共 4 页", "清溪区社会治理运行中心", "〓女士（龘字辈）"} {
		if !strings.Contains(text, want) {
			t.Errorf("the printed text does not hold %q", want)
		}
	}
	if n := strings.Count(text, "主要的问题"); n != 2 {
		t.Errorf("the head of the table stands %d times, want once on each of its 2 pages", n)
	}
}

func write(t *testing.T, name string, file []byte) {
	t.Helper()
	if *out == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*out, name), file, 0o600); err != nil {
		t.Fatal(err)
	}
}

var (
	streamShape = regexp.MustCompile(`(?s)stream\n(.*?)\n?endstream`)
	rangeShape  = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]{4})>\n`)
	saidShape   = regexp.MustCompile(`\[<([0-9A-F]*)>\] TJ`)
)

// read gives the text of a file as another program finds it: the glyphs of
// each line, turned into characters by the file's own table. (pdftotext finds
// the same; it is not on every machine.)
func read(t *testing.T, file []byte) string {
	t.Helper()
	glyphs, lines := map[string]string{}, strings.Builder{}
	var pages []string
	for _, m := range streamShape.FindAllSubmatch(file, -1) {
		s := m[1]
		if r, err := zlib.NewReader(bytes.NewReader(s)); err == nil {
			s, _ = io.ReadAll(r)
		}
		for _, g := range rangeShape.FindAllSubmatch(s, -1) {
			n, err := strconv.ParseUint(string(g[2]), 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			glyphs[string(g[1])] = string(rune(n))
		}
		pages = append(pages, string(s))
	}
	for _, s := range pages {
		for _, said := range saidShape.FindAllStringSubmatch(s, -1) {
			for i := 0; i+4 <= len(said[1]); i += 4 {
				lines.WriteString(glyphs[said[1][i:i+4]])
			}
			lines.WriteByte('\n')
		}
	}
	return lines.String()
}

func BenchmarkBulletin(b *testing.B) {
	for b.Loop() {
		p := paper.New(paper.Options{Title: "月报", Lang: lang.ZH})
		rows := make([][]string, 2000)
		for i := range rows {
			rows[i] = []string{fmt.Sprintf("第%d网格", i), "1", "94.9%"}
		}
		p.Table(paper.Table{Columns: []paper.Column{{Title: "网格"}, {Title: "件", Right: true}, {Title: "率", Right: true}}, Rows: rows})
		if _, err := p.Bytes(); err != nil {
			b.Fatal(err)
		}
	}
}

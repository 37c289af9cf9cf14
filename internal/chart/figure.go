package chart

import (
	"math"
	"strconv"
	"strings"
)

// figure writes a value with its unit; what is not there is a dash.
func (f Frame) figure(v float64) string {
	if !there(v) {
		return "—"
	}
	return plain(v, min(max(f.Digits, 0), 6)) + f.unit()
}

// unit stands apart from the figure if it is a word: 12 件, 94.9%.
func (f Frame) unit() string {
	if f.Unit == "" || f.Unit == "%" || f.Unit == "‰" {
		return f.Unit
	}
	return " " + f.Unit
}

// plain writes thousands with commas; -0 is 0.
func plain(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	sign, rest := "", s
	if strings.HasPrefix(s, "-") {
		sign, rest = "-", s[1:]
	}
	whole, part, _ := strings.Cut(rest, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if part != "" {
		whole += "." + part
	}
	return sign + whole
}

// ticks are three to six round values from at or below low to at or above high.
func ticks(low, high float64) []float64 {
	if high <= low {
		high = low + 1
	}
	raw := (high - low) / 4
	step := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if step*m >= raw*0.999 {
			step *= m
			break
		}
	}
	first := math.Floor(low/step) * step
	var all []float64
	for i := 0; i <= 8; i++ {
		v := first + float64(i)*step
		all = append(all, v)
		if v >= high-step/1000 {
			break
		}
	}
	return all
}

// decimals are as many as the steps of a scale need.
func decimals(ticks []float64) int {
	for d := range 6 {
		exact := true
		for _, v := range ticks {
			p := v * math.Pow(10, float64(d))
			exact = exact && math.Abs(p-math.Round(p)) < 1e-6*math.Max(1, math.Abs(p))
		}
		if exact {
			return d
		}
	}
	return 6
}

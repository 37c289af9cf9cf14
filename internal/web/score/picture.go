package score

import (
	"fmt"
	"net/http"
	"regexp"

	"linli/internal/chart"
	"linli/internal/web/page"
)

// drawer is any chart.
type drawer interface {
	Draw() (*chart.Picture, error)
}

// svg is a chart for the page.
func svg(d drawer) (string, error) {
	p, err := d.Draw()
	if err != nil {
		return "", err
	}
	return string(p.SVG(chart.Page)), nil
}

// sendPNG sends the same chart to take away, in light colours.
func sendPNG(v *page.View, d drawer, name string) error {
	p, err := d.Draw()
	if err != nil {
		return err
	}
	data, err := p.PNG(chart.Light, 2)
	if err != nil {
		return err
	}
	return send(v, "image/png", name+".png", 0, data)
}

// odd are characters that a file's name is better without.
var odd = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// send sends a file of so many rows, after writing down that it goes out.
func send(v *page.View, kind, name string, rows int, data []byte) error {
	if err := v.Exported(page.Export{What: "scores", Filter: name, Rows: rows}); err != nil {
		return err
	}
	v.W.Header().Set("Content-Type", kind)
	v.W.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", odd.ReplaceAllString(name, "-")))
	v.W.Header().Set("Content-Length", fmt.Sprint(len(data)))
	v.W.WriteHeader(http.StatusOK)
	_, err := v.W.Write(data)
	return err
}

package photo

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"
)

// point is a place in a scene.
type point struct{ x, y float64 }

// matrix is an affine map: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix [6]float64

var same = matrix{1, 0, 0, 1, 0, 0}

func (m matrix) apply(p point) point {
	return point{m[0]*p.x + m[2]*p.y + m[4], m[1]*p.x + m[3]*p.y + m[5]}
}

// then is m first, n after it.
func (m matrix) then(n matrix) matrix {
	o, x, y := n.apply(point{m[4], m[5]}), n.apply(point{m[0], m[1]}), n.apply(point{m[2], m[3]})
	z := n.apply(point{})
	return matrix{x.x - z.x, x.y - z.y, y.x - z.x, y.y - z.y, o.x, o.y}
}

// style is what a shape inherits from the groups around it.
type style struct {
	fill, foot color.NRGBA // foot is the colour at the lower edge
	stroke     color.NRGBA
	width      float64
	opacity    float64
	soft       float64 // how far the edge is blurred, for shadows and glows
	move       matrix
}

// shape is something to paint: its lines already flattened and moved.
type shape struct {
	style
	lines [][]point
}

type element struct {
	name     string
	attr     map[string]string
	children []*element
}

// errScene is what every fault of a scene file is.
var errScene = errors.New("scene")

// read gives the shapes of the named groups of the last file; the files before
// it hold parts that <use> may name.
func read(files [][]byte, groups ...string) ([]shape, error) {
	parts := map[string]*element{}
	for _, f := range files {
		root, err := parse(f)
		if err != nil {
			return nil, err
		}
		for _, e := range root.children {
			parts[e.attr["id"]] = e
		}
	}
	b := builder{parts: parts}
	base := style{opacity: 1, move: same, fill: color.NRGBA{A: 255}, foot: color.NRGBA{A: 255}}
	for _, g := range groups {
		e, ok := parts[g]
		if !ok {
			return nil, fmt.Errorf("%w: no group %q", errScene, g)
		}
		if err := b.add(e, base, 0); err != nil {
			return nil, err
		}
	}
	return b.shapes, nil
}

func parse(file []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(file))
	root := &element{}
	open := []*element{root}
	for {
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errScene, err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			e := &element{name: t.Name.Local, attr: map[string]string{}}
			for _, a := range t.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			last := open[len(open)-1]
			last.children = append(last.children, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	if len(root.children) != 1 {
		return nil, fmt.Errorf("%w: not one root", errScene)
	}
	return root.children[0], nil
}

type builder struct {
	parts  map[string]*element
	shapes []shape
}

// deepest is how far parts may nest, and most how many shapes a scene may have;
// a part that uses itself ends there.
const deepest, most = 8, 2000

func (b *builder) add(e *element, s style, depth int) error {
	if depth > deepest || len(b.shapes) > most {
		return fmt.Errorf("%w: too deep or too many shapes", errScene)
	}
	s, err := s.with(e.attr)
	if err != nil {
		return err
	}
	switch e.name {
	case "g":
		for _, c := range e.children {
			if err := b.add(c, s, depth+1); err != nil {
				return err
			}
		}
		return nil
	case "use":
		part, ok := b.parts[strings.TrimPrefix(e.attr["href"], "#")]
		if !ok {
			return fmt.Errorf("%w: no part %q", errScene, e.attr["href"])
		}
		return b.add(part, s, depth+1)
	}
	lines, err := e.lines()
	if err != nil {
		return fmt.Errorf("%w: %s: %w", errScene, e.name, err)
	}
	for _, l := range lines {
		for i := range l {
			l[i] = s.move.apply(l[i])
		}
	}
	b.shapes = append(b.shapes, shape{s, lines})
	return nil
}

// with is the style with the element's own attributes over it.
func (s style) with(attr map[string]string) (style, error) {
	var err error
	if v, ok := attr["fill"]; ok {
		head, foot, two := strings.Cut(v, "..")
		if s.fill, err = colour(head); err == nil && two {
			s.foot, err = colour(foot)
		} else {
			s.foot = s.fill
		}
	}
	if v, ok := attr["stroke"]; ok && err == nil {
		s.stroke, err = colour(v)
	}
	if v, ok := attr["stroke-width"]; ok && err == nil {
		s.width, err = number(v)
	}
	if v, ok := attr["soft"]; ok && err == nil {
		s.soft, err = number(v)
	}
	if v, ok := attr["opacity"]; ok && err == nil {
		var o float64
		o, err = number(v)
		s.opacity *= o
	}
	if v, ok := attr["transform"]; ok && err == nil {
		var m matrix
		m, err = transform(v)
		s.move = m.then(s.move)
	}
	return s, err
}

// colour reads #RGB, #RRGGBB or none.
func colour(s string) (color.NRGBA, error) {
	if s == "none" {
		return color.NRGBA{}, nil
	}
	if len(s) == 4 {
		s = string([]byte{s[0], s[1], s[1], s[2], s[2], s[3], s[3]})
	}
	if len(s) != 7 || s[0] != '#' {
		return color.NRGBA{}, fmt.Errorf("%w: colour %q", errScene, s)
	}
	v, err := strconv.ParseUint(s[1:], 16, 32)
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}, err
}

func number(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err == nil && !(math.Abs(v) < 1e5) {
		err = fmt.Errorf("%w: number %q", errScene, s)
	}
	return v, err
}

// transform reads a list of translate, scale and rotate; the last is done first,
// as in SVG.
func transform(s string) (matrix, error) {
	m := same
	for _, part := range strings.Split(s, ")") {
		name, list, ok := strings.Cut(strings.TrimSpace(part), "(")
		if !ok {
			continue
		}
		var v []float64
		for _, f := range strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' }) {
			n, err := number(f)
			if err != nil {
				return m, err
			}
			v = append(v, n)
		}
		one, err := step(name, v)
		if err != nil {
			return m, err
		}
		m = one.then(m)
	}
	return m, nil
}

func step(name string, v []float64) (matrix, error) {
	switch {
	case name == "translate" && len(v) == 2:
		return matrix{1, 0, 0, 1, v[0], v[1]}, nil
	case name == "scale" && len(v) == 1:
		return matrix{v[0], 0, 0, v[0], 0, 0}, nil
	case name == "scale" && len(v) == 2:
		return matrix{v[0], 0, 0, v[1], 0, 0}, nil
	case name == "rotate" && len(v) == 1:
		sin, cos := math.Sincos(v[0] * math.Pi / 180)
		return matrix{cos, sin, -sin, cos, 0, 0}, nil
	}
	return same, fmt.Errorf("%w: transform %s", errScene, name)
}

package photo

import (
	"fmt"
	"math"
	"strings"
)

// lines flattens an element into lines of points.
func (e *element) lines() ([][]point, error) {
	v := func(name string) float64 {
		n, err := number(e.attr[name])
		if err != nil {
			return 0
		}
		return n
	}
	switch e.name {
	case "rect":
		x, y, w, h := v("x"), v("y"), v("width"), v("height")
		return [][]point{rounded(x, y, w, h, min(v("rx"), w/2, h/2))}, nil
	case "circle":
		return [][]point{oval(v("cx"), v("cy"), v("r"), v("r"), 0, 2*math.Pi)}, nil
	case "ellipse":
		return [][]point{oval(v("cx"), v("cy"), v("rx"), v("ry"), 0, 2*math.Pi)}, nil
	case "path":
		p := pen{text: e.attr["d"]}
		return p.draw()
	}
	return nil, fmt.Errorf("unknown element")
}

// oval gives the arc of an ellipse between two angles.
func oval(cx, cy, rx, ry, from, to float64) []point {
	const steps = 40
	var l []point
	for i := range steps + 1 {
		sin, cos := math.Sincos(from + (to-from)*float64(i)/steps)
		l = append(l, point{cx + rx*cos, cy + ry*sin})
	}
	return l
}

// rounded is a rectangle with corners of radius r.
func rounded(x, y, w, h, r float64) []point {
	if r <= 0 {
		return []point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}}
	}
	var l []point
	for i, c := range [4]point{{x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}, {x + w - r, y + r}} {
		from := float64(i) * math.Pi / 2
		l = append(l, oval(c.x, c.y, r, r, from, from+math.Pi/2)...)
	}
	return append(l, l[0])
}

// pen follows the data of a path: M, L, H, V, C, S, Q and Z, in both cases. Arcs
// are not known; the scenes need none.
type pen struct {
	text  string
	at    int
	lines [][]point
	here  point
	begin point
	bent  point // the last control point of a curve, which S mirrors
}

func (p *pen) draw() ([][]point, error) {
	command := byte(0)
	for p.skip(); p.at < len(p.text); p.skip() {
		if c := p.text[p.at]; c >= 'A' && c <= 'z' && c != 'e' && c != 'E' {
			command = c
			p.at++
		} else if command == 0 || command|32 == 'z' {
			return nil, fmt.Errorf("path %q", p.text)
		}
		if err := p.do(command); err != nil {
			return nil, err
		}
		// More pairs after a move are lines.
		switch command {
		case 'M':
			command = 'L'
		case 'm':
			command = 'l'
		}
	}
	return p.lines, nil
}

func (p *pen) skip() {
	for p.at < len(p.text) && strings.IndexByte(" ,\n\t\r", p.text[p.at]) >= 0 {
		p.at++
	}
}

// takes tells how many numbers a command has.
func takes(command byte) int {
	switch command | 32 {
	case 'm', 'l':
		return 2
	case 'h', 'v':
		return 1
	case 'q', 's':
		return 4
	case 'c':
		return 6
	case 'z':
		return 0
	}
	return -1
}

func (p *pen) do(command byte) error {
	n := takes(command)
	if n < 0 {
		return fmt.Errorf("path command %q", command)
	}
	var v [6]float64
	for i := range n {
		f, err := p.number()
		if err != nil {
			return err
		}
		v[i] = f
	}
	if command >= 'a' {
		for i := range n {
			switch {
			case command == 'h' || command != 'v' && i%2 == 0:
				v[i] += p.here.x
			default:
				v[i] += p.here.y
			}
		}
	}
	p.trace(command|32, v)
	return nil
}

// trace moves the pen, all numbers absolute.
func (p *pen) trace(command byte, v [6]float64) {
	switch command {
	case 'm':
		p.here = point{v[0], v[1]}
		p.begin = p.here
		p.lines = append(p.lines, []point{p.here})
	case 'l':
		p.to(point{v[0], v[1]})
	case 'h':
		p.to(point{v[0], p.here.y})
	case 'v':
		p.to(point{p.here.x, v[0]})
	case 'q':
		a, c, b := p.here, point{v[0], v[1]}, point{v[2], v[3]}
		p.curve(a, point{a.x + (c.x-a.x)*2/3, a.y + (c.y-a.y)*2/3}, point{b.x + (c.x-b.x)*2/3, b.y + (c.y-b.y)*2/3}, b)
	case 'c':
		p.curve(p.here, point{v[0], v[1]}, point{v[2], v[3]}, point{v[4], v[5]})
	case 's':
		c := point{2*p.here.x - p.bent.x, 2*p.here.y - p.bent.y}
		p.curve(p.here, c, point{v[0], v[1]}, point{v[2], v[3]})
	case 'z':
		p.to(p.begin)
	}
}

func (p *pen) to(q point) {
	if len(p.lines) == 0 {
		p.lines = append(p.lines, []point{p.here})
	}
	last := len(p.lines) - 1
	p.lines[last] = append(p.lines[last], q)
	p.here, p.bent = q, q
}

func (p *pen) curve(a, b, c, d point) {
	for i := 1; i <= 16; i++ {
		t := float64(i) / 16
		u := 1 - t
		k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		p.to(point{k0*a.x + k1*b.x + k2*c.x + k3*d.x, k0*a.y + k1*b.y + k2*c.y + k3*d.y})
	}
	p.bent = c
}

// number reads one number; a minus or a second point begins the next.
func (p *pen) number() (float64, error) {
	p.skip()
	start, dot := p.at, false
	for p.at < len(p.text) {
		c := p.text[p.at]
		if c == '-' && p.at > start || c == '.' && dot || c != '-' && c != '.' && (c < '0' || c > '9') {
			break
		}
		dot = dot || c == '.'
		p.at++
	}
	return number(p.text[start:p.at])
}

package bench

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"time"

	"linli/internal/geo"
)

// Locate measures point → grid with 100,000 irregular grids on one core.
func Locate(ctx context.Context, cfg Config) error {
	const side = 316 // squared is a little under 100,000
	areas, err := lattice(side)
	if err != nil {
		return err
	}
	begin := cfg.Now()
	index, err := geo.NewIndex(areas)
	if err != nil {
		return err
	}
	built := cfg.Now().Sub(begin)
	dice := rand.New(rand.NewPCG(1, 2))
	points := make([]geo.Point, 1<<16)
	for i := range points {
		points[i] = geo.Point{Lon: 120 + dice.Float64()*2, Lat: 29 + dice.Float64()*2}
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	found, n := 0, 0
	begin = cfg.Now()
	for cfg.Now().Sub(begin) < min(cfg.For, 5*time.Second) && ctx.Err() == nil {
		for _, p := range points {
			if _, ok := index.Locate(p); ok {
				found++
			}
		}
		n += len(points)
	}
	took := cfg.Now().Sub(begin)
	fmt.Fprintf(cfg.Out, "| grids | index built in | points/s on one core | inside a grid |\n|---|---|---|---|\n| %d | %s | %.2f M | %.0f %% |\n",
		index.Len(), ms(built), float64(n)/took.Seconds()/1e6, 100*float64(found)/float64(n))
	return ctx.Err()
}

// lattice makes side × side quadrilaterals that share bent borders.
func lattice(side int) ([]geo.Area, error) {
	at := func(i, j int) geo.Point {
		bend := 0.3 / float64(side)
		return geo.Point{
			Lon: 120.05 + 1.9*float64(i)/float64(side) + bend*math.Sin(float64(i*7+j*13)),
			Lat: 29.05 + 1.9*float64(j)/float64(side) + bend*math.Cos(float64(i*11+j*5)),
		}
	}
	all := make([]geo.Area, 0, side*side)
	for i := range side {
		for j := range side {
			ring := geo.Ring{at(i, j), at(i+1, j), at(i+1, j+1), at(i, j+1), at(i, j)}
			o, err := geo.NewOutline(geo.Polygon{ring})
			if err != nil {
				return nil, err
			}
			all = append(all, geo.Area{ID: fmt.Sprintf("9901%011d", i*side+j), Outline: o})
		}
	}
	return all, nil
}

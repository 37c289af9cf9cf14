package bench

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/org"
	"linli/internal/sample"
	"linli/internal/setup"
	"linli/packs"
)

// The large district: as many units and grids as a district of a million
// people has, all of them invented.
const (
	largeStreets     = 13
	largeCommunities = 521
	largeGrids       = 1110
	largeDepartments = 51 // and the centre
)

// reader is the account that looks at pages.
const reader, readerPassword = "p-supervisor", "linli-bench-2026"

// large sets the large district up through the importers, as a real one would
// be, and gives one supervisor an account.
func large(ctx context.Context, a *app.App, dir string) error {
	if codes, err := district.Codes(ctx, a.DB); err != nil || len(codes) > 0 {
		return err // kept from an earlier run
	}
	files, err := os.MkdirTemp(dir, "tables-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(files)
	if err := writeTables(files); err != nil {
		return err
	}
	pack, findings := catalogue.Load(packs.Base())
	if pack == nil {
		return fmt.Errorf("the base pack: %v", findings)
	}
	report, err := setup.Into(ctx, a.DB, sample.DistrictCode, setup.Source{
		Files: os.DirFS(files), Pack: pack, Settings: &district.Settings{Name: "大邻里区", NameEN: "Greater Linli District"},
	})
	if err != nil {
		return fmt.Errorf("%w: %v", err, report.Findings())
	}
	d, err := a.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return err
	}
	p, ok := d.Org.PersonByLogin(reader)
	if !ok {
		return fmt.Errorf("nobody is called %s", reader)
	}
	password, err := a.Guard.Hash(ctx, reader, readerPassword)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := access.AddAccount(ctx, tx, d.Code, reader, string(p.ID), password, access.By{}); err != nil {
			return err
		}
		_, err := access.GiveTOTP(ctx, tx, a.Vault, d.Code, access.Staff(reader))
		return err
	})
}

// tables are the files of the large district while they are written.
type tables struct {
	areas, units, people, posts, routes, outlines []string
}

// writeTables writes the files that a district brings.
func writeTables(dir string) error {
	t := tables{
		areas:  []string{"code,name", sample.DistrictCode + ",大邻里区"},
		units:  []string{"code,name,kind,parent,areas"},
		people: []string{"login,name"}, posts: []string{"login,role,unit,area,from"}, routes: []string{"matter,unit,reason"},
	}
	t.departments()
	t.territory()
	for name, lines := range map[string][]string{
		"areas.csv": t.areas, "units.csv": t.units, "people.csv": t.people, "posts.csv": t.posts, "routes.csv": t.routes,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			return err
		}
	}
	outlines := `{"type":"FeatureCollection","features":[` + strings.Join(t.outlines, ",\n") + "]}\n"
	return os.WriteFile(filepath.Join(dir, "outlines.geojson"), []byte(outlines), 0o600)
}

// hire gives somebody new posts in a unit.
func (t *tables) hire(login, unit, area string, roles ...org.Role) {
	t.people = append(t.people, login+","+login)
	for _, role := range roles {
		t.posts = append(t.posts, strings.Join([]string{login, string(role), unit, area, "2024-01-01"}, ","))
	}
}

// departments are the centre and those whose job it is by matter.
func (t *tables) departments() {
	d := sample.DistrictCode
	t.units = append(t.units, "u-centre,区城市运行中心,centre,,"+d)
	t.hire("p-centre", "u-centre", d, org.Agent, org.Clerk, org.Acceptor, org.Dispatcher, org.ShiftLeader, org.Handler, org.UnitLead)
	t.hire(reader, "u-centre", d, org.Supervisor)
	t.hire("p-leader", "u-centre", d, org.Leader)
	for n := range largeDepartments {
		unit := fmt.Sprintf("u-d%02d", n+1)
		t.units = append(t.units, fmt.Sprintf("%s,区第%d局,department,,%s", unit, n+1, d))
		t.hire("p-d"+strconv.Itoa(n+1), unit, d, org.Handler, org.UnitLead)
	}
	for n, group := range []string{"c01", "c02", "c03", "c04", "c05", "m06", "m07", "m08", "m09", "m10", "s01", "d"} {
		t.routes = append(t.routes, fmt.Sprintf("%s,u-d%02d,归它管", group, n+1))
	}
}

// territory is the streets, communities and grids, with their offices, stations
// and workers. Grids are a lattice; what is above them needs no outline.
func (t *tables) territory() {
	across := int(math.Ceil(math.Sqrt(largeGrids)))
	grid := 0
	for c := range largeCommunities {
		s := c * largeStreets / largeCommunities
		street := fmt.Sprintf("%s%03d", sample.DistrictCode, s+1)
		office, station := fmt.Sprintf("u-s%02d", s+1), fmt.Sprintf("u-c%03d", c+1)
		if c == 0 || s != (c-1)*largeStreets/largeCommunities {
			t.areas = append(t.areas, fmt.Sprintf("%s,第%d街道", street, s+1))
			t.units = append(t.units, fmt.Sprintf("%s,第%d街道办事处,street-office,,%s", office, s+1, street))
			t.hire("p-s"+strconv.Itoa(s+1), office, street, org.Handler, org.UnitLead)
		}
		community := fmt.Sprintf("%s%03d", street, c+1)
		t.areas = append(t.areas, fmt.Sprintf("%s,第%d社区", community, c+1))
		t.units = append(t.units, fmt.Sprintf("%s,第%d社区工作站,community-station,%s,%s", station, c+1, office, community))
		t.hire("p-c"+strconv.Itoa(c+1), station, community, org.Handler, org.UnitLead, org.GridLeader)
		for n := 0; grid*largeCommunities < (c+1)*largeGrids; n++ {
			code := fmt.Sprintf("%s%03d", community, n+1)
			t.areas = append(t.areas, fmt.Sprintf("%s,%d社区%02d网格", code, c+1, n+1))
			t.hire("p-g"+strconv.Itoa(grid+1), station, code, org.GridWorker)
			t.outlines = append(t.outlines, square(code, grid%across, grid/across))
			grid++
		}
	}
}

// side is how long the side of a grid is, in degrees: the lattice lies over the
// invented district, whose stories are sent to it.
const side = 0.004

// square is the outline of a grid of the lattice.
func square(code string, i, j int) string {
	x, y := sample.Centre.Lon+side*float64(i-17), sample.Centre.Lat+side*float64(j-17)
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":"%s"},"geometry":{"type":"Polygon","coordinates":[[[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f],[%.6f,%.6f]]]}}`,
		code, x, y, x+side, y, x+side, y+side, x, y+side, x, y)
}

// shape says how large the district came out.
func shape(d *district.District) string {
	return fmt.Sprintf("%d units, %d grids", len(d.Org.Units()), len(d.Areas.Tier(area.Grid)))
}

// holder is the first who holds a role in a unit.
func holder(d *district.District, unit string, role org.Role, on clock.Date) string {
	if all := d.Org.Holders(org.UnitID(unit), role, on); len(all) > 0 {
		return string(all[0].ID)
	}
	return ""
}

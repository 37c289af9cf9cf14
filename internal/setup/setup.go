// Package setup brings a district's own tables into it: a folder of files, the
// same for a real district and the invented one.
//
//	areas.csv  outlines.geojson  units.csv  people.csv  posts.csv
//	matters.csv  routes.csv  roads.geojson  ground.geojson
//	calendars/*.yaml  years/*.json, .csv, .tsv, .ics
//
// Any of them may be missing, or be a workbook instead of CSV. A mapping folder
// holds, under the same names with .yaml, how a file's columns become ours; one
// mapping file may make a table of several files, each document of one.
// Everything runs in one transaction: all of it, or, as the policy says, what is
// good of it, or nothing.
//
// Where hours, days off or limits are others afterwards, the open deadlines of
// the district are counted again, in the background. Which areas, units and
// matters are others afterwards stands in the trail, for the change feed.
//
// It owns no tables: each belongs to the package whose verb it calls.
package setup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/sheet"
)

// Source is what a district brings.
type Source struct {
	Files     fs.FS
	Mappings  fs.FS           // nil: columns are named as ours
	Calendars []district.File // beside those in the folder calendars
	Years     []district.File // beside those in the folder years
	Pack      *catalogue.Pack
	Settings  *district.Settings // nil: left as they are
	Datum     geo.Datum          // of the outlines; empty is CGCS2000
	Policy    sheet.Policy
	By        procedure.Actor // who brings it; nobody on the command line
	Name      string          // what the one file is called where it came from; empty: as in Files
}

// Into brings a source into a district. The report says what was found and
// done; the error is errs.Invalid when that kept anything from being written,
// and sheet.ErrDryRun after a clean dry run.
func Into(ctx context.Context, d *db.DB, code string, src Source) (report *sheet.Report, err error) {
	defer errs.Wrap(&err, "setup.Into(%s)", code)
	if _, err := area.ParseCode(code); err != nil || len(code) != 6 {
		return nil, errs.New(errs.Invalid, "区的代码是 6 位数字，例如 990101。", "The code of a district has 6 digits, such as 990101.").At("district")
	}
	read := sheet.NewReport(src.Policy)
	if err := src.gather(); err != nil {
		return nil, err
	}
	tables, err := src.tables(read)
	if err != nil {
		return read, err
	}
	report = read
	err = d.Write(ctx, func(tx *db.Tx) error {
		report = read.Clone()
		s := &step{ctx: ctx, tx: tx, code: code, src: src, tables: tables, report: report}
		// Good rows are written as one goes, so that what leans on them finds them
		// and one bad row is one finding. Settle undoes it all where it must.
		report.Policy.SkipBad = true
		err := s.runPublished()
		report.Policy = src.Policy
		if err != nil {
			return err
		}
		if err := s.note(); err != nil {
			return err
		}
		tx.Wake(district.Topic)
		return report.Settle()
	})
	return report, err
}

// tableNames are the tables of a district, in the order a new one needs them.
var tableNames = []string{"areas", "outlines", "units", "people", "posts", "matters", "routes", "roads", "ground"} // never changed

// table is one file that was there, and how it becomes one of ours.
type table struct {
	file    sheet.File
	mapping *sheet.Mapping
}

// tables reads the files before the transaction: they may be slow.
func (src Source) tables(report *sheet.Report) (map[string][]table, error) {
	all := map[string][]table{}
	if src.Files == nil {
		return all, nil
	}
	for _, name := range tableNames {
		var err error
		if all[name], err = src.tablesOf(name, report); err != nil {
			return nil, err
		}
	}
	if !report.MayWrite() {
		return nil, report.Settle()
	}
	return all, nil // a dry run goes on: it checks the rows too
}

// tablesOf reads what one table is made of: the file of its name, or the files
// that its mappings name.
func (src Source) tablesOf(name string, report *sheet.Report) ([]table, error) {
	var mappings []*sheet.Mapping
	if src.Mappings != nil {
		if _, err := fs.Stat(src.Mappings, name+".yaml"); err == nil {
			mappings = sheet.ParseMappings(src.Mappings, name+".yaml", report)
		}
	}
	if len(mappings) == 0 {
		mappings = []*sheet.Mapping{nil}
	}
	var all []table
	for _, m := range mappings {
		names := []string{name + ".csv", name + ".tsv", name + ".xlsx", name + ".geojson", name + ".json"}
		if m != nil && m.From.File != "" {
			names = []string{m.From.File}
		}
		file, ok, err := src.find(names)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, table{file, m})
		} else if m != nil {
			report.Add(sheet.Finding{Place: sheet.Place{File: name + ".yaml"}, Severity: sheet.Fatal,
				Text: lang.T("映射所说的文件“%s”不在。", "The file “%s” that the mapping is for is not there.", strings.Join(names, " "))})
		}
	}
	return all, nil
}

// find reads the first of the names that is there.
func (src Source) find(names []string) (sheet.File, bool, error) {
	for _, name := range names {
		f, err := src.Files.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return sheet.File{}, false, err
		}
		defer f.Close()
		file, err := sheet.Load(path.Base(name), f, sheet.Limits{})
		return file, err == nil, err
	}
	return sheet.File{}, false, nil
}

// step is the work inside the transaction.
type step struct {
	ctx    context.Context
	tx     *db.Tx
	code   string
	src    Source
	tables map[string][]table
	report *sheet.Report
}

func (s *step) run() error {
	if s.src.Settings != nil {
		if err := s.src.Settings.Save(s.ctx, s.tx, s.code); err != nil {
			return err
		}
	}
	if s.src.Pack != nil {
		if err := catalogue.Install(s.ctx, s.tx, s.code, s.src.Pack); err != nil {
			return err
		}
	}
	if err := s.calendars(); err != nil {
		return err
	}
	if r := s.records("areas", area.Columns()); r != nil {
		if err := area.Import(s.ctx, s.tx, area.Code(s.code), r, s.report); err != nil {
			return err
		}
	}
	if r := s.records("outlines", area.OutlineColumns()); r != nil {
		if err := area.ImportOutlines(s.ctx, s.tx, area.Code(s.code), s.src.Datum, r, s.report); err != nil {
			return err
		}
	}
	areas, err := area.Open(s.ctx, s.tx, area.Code(s.code), clock.DateOf(s.tx.Now, clock.China().Zone()))
	if err != nil {
		return err
	}
	if err := s.people(areas); err != nil {
		return err
	}
	if r := s.records("matters", catalogue.MatterColumns()); r != nil {
		if err := catalogue.ImportMatters(s.ctx, s.tx, s.code, r, s.report); err != nil {
			return err
		}
	}
	if err := s.routes(areas); err != nil {
		return err
	}
	return s.ground()
}

func (s *step) people(areas *area.Map) error {
	known := org.Known(areas.Known)
	if r := s.records("units", org.UnitColumns()); r != nil {
		calendars, err := district.CalendarNames(s.ctx, s.tx, s.code)
		if err != nil {
			return err
		}
		keeps := func(name string) bool { return slices.Contains(calendars, name) }
		if err := org.ImportUnits(s.ctx, s.tx, s.code, r, known, keeps, s.report); err != nil {
			return err
		}
	}
	if r := s.records("people", org.PersonColumns()); r != nil {
		if err := org.ImportPeople(s.ctx, s.tx, s.code, r, s.report); err != nil {
			return err
		}
	}
	if r := s.records("posts", org.PostColumns()); r != nil {
		return s.posts(r, known)
	}
	return nil
}

// posts come in by the rules of the pack as it is now.
func (s *step) posts(records []*sheet.Record, areas org.Known) error {
	book, err := catalogue.RolesOf(s.ctx, s.tx, s.code)
	if err != nil {
		return err
	}
	rules := org.Rules{Book: book, Areas: areas, Zone: clock.China().Zone()}
	by := org.Giver{Person: org.PersonID(s.src.By.Person), Post: org.PostID(s.src.By.Post), Unit: org.UnitID(s.src.By.Unit)}
	return org.ImportPosts(s.ctx, s.tx, s.code, records, rules, by, s.report)
}

func (s *step) routes(areas *area.Map) error {
	r := s.records("routes", catalogue.RouteColumns())
	if r == nil {
		return nil
	}
	units, err := org.Open(s.ctx, s.tx, s.code)
	if err != nil {
		return err
	}
	return catalogue.ImportRoutes(s.ctx, s.tx, s.code, r, catalogue.Known{
		Unit: func(code string) bool { _, ok := units.Unit(org.UnitID(code)); return ok },
		Area: func(prefix string) bool {
			for a := range areas.All() {
				if strings.HasPrefix(string(a.Code), prefix) {
					return true
				}
			}
			return false
		},
	}, s.report)
}

// records maps one table; nil where the source has none.
func (s *step) records(name string, schema sheet.Schema) []*sheet.Record {
	if len(s.tables[name]) == 0 {
		return nil
	}
	records := []*sheet.Record{}
	for _, t := range s.tables[name] {
		records = append(records, schema.Map(t.mapping, t.file, s.report)...)
	}
	return records
}

// ground stores what the map is drawn on.
func (s *step) ground() error {
	for _, name := range []string{"roads", "ground"} {
		for _, t := range s.tables[name] {
			if err := district.SaveGround(s.ctx, s.tx, s.code, name, t.file.Data()); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

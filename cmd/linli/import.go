package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"linli/internal/app"
	"linli/internal/catalogue"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/internal/transfer"
	"linli/packs"
)

// importing is what every import says.
type importing struct {
	database, files, district, mapping, language *string
	dry, skip                                    *bool
}

func importFlags(f *flag.FlagSet) importing {
	return importing{
		database: f.String("database", "sqlite:linli.db", "sqlite:PATH or postgres://…"),
		files:    f.String("files", "files", "folder of pictures and of the key file"),
		district: f.String("district", "", "code of the district, 6 digits"),
		mapping:  f.String("mapping", "", "mapping file, or for a district a folder of them"),
		language: f.String("lang", "zh", "language of the report: zh or en"),
		dry:      f.Bool("dry-run", false, "check everything, keep nothing"),
		skip:     f.Bool("skip-bad", false, "leave bad rows out and list them; else all or nothing"),
	}
}

func (i importing) policy() sheet.Policy { return sheet.Policy{SkipBad: *i.skip, DryRun: *i.dry} }

// mapped reads the mapping that was named; nil where none was. Where it is at
// fault the report says how.
func (i importing) mapped() (*sheet.Mapping, *sheet.Report, error) {
	if *i.mapping == "" {
		return nil, nil, nil
	}
	report := sheet.NewReport(sheet.Policy{})
	all := sheet.ParseMappings(os.DirFS(filepath.Dir(*i.mapping)), filepath.Base(*i.mapping), report)
	if err := report.Settle(); err != nil {
		return nil, report, err
	}
	if len(all) == 0 {
		return nil, report, errs.New(errs.NotFound, "映射文件 %s 里没有映射。", "There is no mapping in %s.", *i.mapping)
	}
	return all[0], report, nil
}

func (i importing) open(ctx context.Context) (*app.App, error) {
	return app.New(ctx, app.Config{Database: *i.database, Files: *i.files, District: *i.district})
}

// tell prints what an import found. A dry run that is clean is no failure.
func (i importing) tell(out io.Writer, report *sheet.Report, err error) error {
	if report != nil {
		if err := report.Write(out, lang.Parse(*i.language)); err != nil {
			return err
		}
	}
	if errors.Is(err, sheet.ErrDryRun) {
		return nil
	}
	return err
}

// bring is linli import: district DIR, cases FILE, what was done with them and their
// pictures, years or calendars FILE…, totals
// FILE, a district that was taken out elsewhere, or routes learned from cases.
func bring(ctx context.Context, args []string, out io.Writer) error {
	usage := errs.New(errs.Invalid, "用法：linli import district 文件夹 | cases 文件 | past 文件 | pictures 文件 [文件夹] | years 文件… | calendars 文件… | totals 文件 | learned-routes | export 文件夹或文件.zip",
		"usage: linli import district FOLDER | cases FILE | past FILE | pictures FILE [FOLDER] | years FILE… | calendars FILE… | totals FILE | learned-routes | export FOLDER|FILE.zip")
	if len(args) == 0 {
		return usage
	}
	f := flags("import "+args[0], out)
	i := importFlags(f)
	identity := f.String("identity", "", "file of the age identity to which an export is encrypted")
	datum := f.String("datum", "", "of the coordinates: cgcs2000, wgs84, gcj02 or bd09")
	what := args[0]
	rest, err := interspersed(f, args[1:])
	if err != nil {
		return err
	}
	a, err := i.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	switch {
	case what == "district" && len(rest) == 1:
		return bringDistrict(ctx, a, i, rest[0], out)
	case what == "cases" && len(rest) == 1:
		return bringCases(ctx, a, i, rest[0], *datum, out)
	case (what == "years" || what == "calendars") && len(rest) > 0:
		return bringCalendars(ctx, a, i, what, rest, out)
	case what == "totals" && len(rest) == 1:
		return bringTotals(ctx, a, i, rest[0], out)
	case what == "past" && len(rest) == 1:
		return bringPast(ctx, a, i, rest[0], out)
	case what == "pictures" && (len(rest) == 1 || len(rest) == 2):
		return bringPictures(ctx, a, i, rest, out)
	case what == "export" && len(rest) == 1:
		return bringExport(ctx, a, rest[0], *identity, out)
	case what == "learned-routes" && len(rest) == 0:
		return learnRoutes(ctx, a, i, out)
	}
	return usage
}

// interspersed lets flags stand before and after the names of files.
func interspersed(f *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := parse(f, args); err != nil {
			return nil, err
		}
		if f.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, f.Arg(0))
		args = f.Args()[1:]
	}
}

func bringDistrict(ctx context.Context, a *app.App, i importing, folder string, out io.Writer) error {
	var mappings fs.FS
	if *i.mapping != "" {
		mappings = os.DirFS(*i.mapping)
	}
	pack, findings := catalogue.Load(packs.Base())
	if pack == nil {
		return fmt.Errorf("the base pack: %v", findings)
	}
	code, report, err := transfer.Folder(ctx, a.DB, os.DirFS(folder), mappings, transfer.FolderOptions{Code: *i.district, Pack: pack, Policy: i.policy()})
	if err := i.tell(out, report, err); err != nil {
		return err
	}
	fmt.Fprintf(out, "区 · district %s\n", code)
	return nil
}

func bringCases(ctx context.Context, a *app.App, i importing, name, datum string, out io.Writer) error {
	to, err := a.Districts.Get(ctx, *i.district)
	if err != nil {
		return err
	}
	file, mapping, in, err := i.table(name, out)
	if err != nil {
		return err
	}
	defer in.Close()
	opts := transfer.Options{Policy: i.policy(), Progress: rate(out)}
	if opts.Datum, err = geo.ParseDatum(datum); err != nil && datum != "" {
		return err
	}
	report, err := transfer.Cases(ctx, a.DB, to, file, mapping, opts)
	return i.tell(out, report, err)
}

// bringCalendars brings in a year's notices of days off, or calendars of units.
func bringCalendars(ctx context.Context, a *app.App, i importing, what string, names []string, out io.Writer) error {
	d, err := a.Districts.Get(ctx, *i.district)
	if err != nil {
		return err
	}
	var files []district.File
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return errs.New(errs.NotFound, "打不开文件 %s。", "The file %s cannot be opened.", name).Because(err)
		}
		files = append(files, district.File{Name: filepath.Base(name), Data: data})
	}
	src := setup.Source{Policy: i.policy(), Years: files}
	if what == "calendars" {
		src.Years, src.Calendars = nil, files
	}
	report, err := setup.Into(ctx, a.DB, d.Code, src)
	return i.tell(out, report, err)
}

func learnRoutes(ctx context.Context, a *app.App, i importing, out io.Writer) error {
	d, err := a.Districts.Get(ctx, *i.district)
	if err != nil {
		return err
	}
	learned, err := transfer.LearnRoutes(ctx, a.DB, d, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "从 %[1]d 件学到 %[2]d 条派遣规则 · %[2]d rules learned from %[1]d cases\n", learned.Cases, learned.Rules)
	return nil
}

// pack checks or installs a folder of matters, procedures, forms and routes.
func pack(ctx context.Context, args []string, out io.Writer) error {
	usage := errs.New(errs.Invalid, "用法：linli pack check 文件夹 | install 文件夹 --district 代码", "usage: linli pack check FOLDER | install FOLDER --district CODE")
	if len(args) == 0 {
		return usage
	}
	f := flags("pack "+args[0], out)
	i := importFlags(f)
	rest, err := interspersed(f, args[1:])
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usage
	}
	switch args[0] {
	case "check":
		report := transfer.CheckPack(os.DirFS(rest[0]))
		return i.tell(out, report, report.Settle())
	case "install":
		a, err := i.open(ctx)
		if err != nil {
			return err
		}
		defer a.Close()
		report, err := transfer.InstallPack(ctx, a.DB, *i.district, os.DirFS(rest[0]), i.policy())
		return i.tell(out, report, err)
	}
	return usage
}

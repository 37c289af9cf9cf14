package transfer

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/setup"
	"linli/internal/sheet"
)

// about is the file among the mappings that says what the district says once
// about itself.
const about = "district.yaml"

// About is that file.
type About struct {
	Code         string      `yaml:"code"`
	Name         string      `yaml:"name"`
	NameEN       string      `yaml:"name_en"`
	Zone         string      `yaml:"zone"`    // IANA name; empty is Asia/Shanghai
	Hotline      string      `yaml:"hotline"` // empty is 12345
	Datum        string      `yaml:"datum"`   // of outlines; empty is CGCS2000
	Placeholders []geo.Point `yaml:"placeholders"`
	Pack         string      `yaml:"pack"` // "procedures": none of the pack's matters; empty: all of it
}

// procedures is the one word that About.Pack may have.
const procedures = "procedures"

// ParseAbout reads district.yaml. What is wrong is errs.Invalid, naming the
// field.
func ParseAbout(data []byte) (a About, err error) {
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	dec.KnownFields(true)
	if err := dec.Decode(&a); err != nil && !errors.Is(err, io.EOF) {
		return About{}, errs.New(errs.Invalid, "district.yaml 的写法有误：可写 code、name、name_en、zone、hotline、datum、placeholders、pack。",
			"district.yaml cannot be read; it may have code, name, name_en, zone, hotline, datum, placeholders and pack.").Because(err)
	}
	if _, err := time.LoadLocation(a.Zone); err != nil || a.Zone == "Local" {
		return About{}, errs.New(errs.Invalid, "没有时区“%s”。", "There is no time zone “%s”.", a.Zone).At("zone")
	}
	if a.Pack != "" && a.Pack != procedures {
		return About{}, errs.New(errs.Invalid, "pack 只可写 procedures 或不写，不是“%s”。", "pack is procedures or left out, not “%s”.", a.Pack).At("pack")
	}
	if a.Datum != "" {
		if _, err := geo.ParseDatum(a.Datum); err != nil {
			return About{}, err
		}
	}
	for _, p := range a.Placeholders {
		if !p.Valid() {
			return About{}, errs.New(errs.Invalid, "placeholders 里的 %g, %g 不是坐标。", "%g, %g among the placeholders are no coordinates.", p.Lon, p.Lat).At("placeholders")
		}
	}
	return a, nil
}

// FolderOptions say how a folder is brought in.
type FolderOptions struct {
	Code   string // empty: the one in district.yaml
	Pack   *catalogue.Pack
	Policy sheet.Policy
}

// Folder makes or changes a district from a folder of its own tables and one of
// mappings. A table that is not in the first may be written out in the second.
// It returns the district's code. The error is errs.Invalid when something kept
// all of it out, sheet.ErrDryRun after a clean dry run.
func Folder(ctx context.Context, d *db.DB, files, mappings fs.FS, opts FolderOptions) (code string, report *sheet.Report, err error) {
	defer errs.Wrap(&err, "transfer.Folder(%s)", opts.Code)
	src := setup.Source{Files: files, Mappings: mappings, Pack: opts.Pack, Policy: opts.Policy}
	code = opts.Code
	if mappings != nil {
		src.Files = layered{files, mappings}
		data, err := fs.ReadFile(mappings, about)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", nil, err
		}
		if err == nil {
			if code, err = opts.about(data, &src); err != nil {
				return "", nil, err
			}
		}
	}
	if src.Settings == nil {
		if _, err := district.Open(ctx, d, code, d.Now()); errors.Is(err, errs.NotFound) {
			src.Settings = &district.Settings{} // a district is one that has some
		} else if err != nil {
			return "", nil, err
		}
	}
	report, err = setup.Into(ctx, d, code, src)
	return code, report, err
}

// about takes over district.yaml.
func (o FolderOptions) about(data []byte, src *setup.Source) (code string, err error) {
	a, err := ParseAbout(data)
	if err != nil {
		return "", err
	}
	if o.Code != "" && a.Code != "" && o.Code != a.Code {
		return "", errs.New(errs.Invalid, "district.yaml 写的是 %s，要导入的是 %s。", "district.yaml is of %s, but %s is to be imported.", a.Code, o.Code).At("code")
	}
	if code = o.Code; code == "" {
		code = a.Code
	}
	src.Settings = &district.Settings{Name: a.Name, NameEN: a.NameEN, Zone: a.Zone, Hotline: a.Hotline, Placeholders: a.Placeholders}
	if a.Datum != "" {
		if src.Datum, err = geo.ParseDatum(a.Datum); err != nil {
			return "", err
		}
	}
	if a.Pack == procedures && o.Pack != nil {
		only := *o.Pack
		only.Matters, only.Rules = nil, nil
		src.Pack = &only
	}
	return code, nil
}

// layered is folders on top of each other: the first that has a file gives it.
type layered []fs.FS

func (l layered) Open(name string) (fs.File, error) {
	for _, one := range l {
		if one == nil {
			continue
		}
		f, err := one.Open(name)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

package admin

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/area"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/rights"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/internal/supervise"
)

// Rule is a line of the routing table: which unit deals with a matter in an area
// at some hours.
type Rule struct {
	Matter string     `json:"matter,omitempty" doc:"代码或代码的开头；空的是任何 · A code, or how codes begin; empty for any"`
	Area   string     `json:"area,omitempty"`
	Hours  string     `json:"hours,omitempty"`
	Unit   string     `json:"unit"`
	Co     []string   `json:"co,omitempty"`
	Why    frame.Text `json:"why"`
	Weight int        `json:"weight,omitempty" doc:"从以前的件学来的，万分之几；没有就是人写的 · Learned from earlier cases, in ten-thousandths; none where somebody wrote it"`
	From   string     `json:"from,omitempty" doc:"规则在哪 · Where it stands"`
}

// Routed is what the routing table says, the best first.
type Routed struct {
	Choices []shape.Proposal `json:"choices"`
	NoOwner bool             `json:"no_owner" doc:"没有规则说归谁管 · No rule says whose it is"`
}

// Import is a table, a calendar or a year's notice that a district brings in.
type Import struct {
	Table   string `json:"table" enum:"areas,outlines,units,people,posts,matters,routes,roads,ground,calendar,year,duties,admissions" doc:"是哪张表 · Which table it is"`
	File    string `json:"file" minLength:"3" maxLength:"120" doc:"文件名；看结尾认格式 · The file's name; its ending says the form"`
	Data    []byte `json:"data" doc:"base64"`
	Mapping string `json:"mapping,omitempty" maxLength:"100000" doc:"对应列名的 YAML；列名和我们的一样就不用 · A YAML mapping of columns; none where they are named as ours"`
	Datum   string `json:"datum,omitempty" maxLength:"20" doc:"轮廓的坐标系 · The datum of outlines"`
	SkipBad bool   `json:"skip_bad,omitempty" doc:"不对的行跳过，别的照收 · Leave bad rows out and take the others"`
	DryRun  bool   `json:"dry_run,omitempty" doc:"只试，不存 · Try it and keep nothing"`
}

// Imported is what came of it.
type Imported struct {
	Kept     bool      `json:"kept" doc:"存了没有 · Whether anything was kept"`
	Findings []Finding `json:"findings"`
}

// Finding is something a person should know about what was brought in.
type Finding struct {
	File     string     `json:"file,omitempty"`
	Line     int        `json:"line,omitempty"`
	Field    string     `json:"field,omitempty"`
	Severity string     `json:"severity" enum:"note,warning,error,fatal"`
	Text     frame.Text `json:"text"`
}

type (
	routeInput struct {
		Matter string    `query:"matter" required:"true" maxLength:"40"`
		Area   string    `query:"area" maxLength:"15"`
		At     time.Time `query:"at" doc:"不写就是现在 · Now where empty"`
	}
	importInput struct{ Body Import }
)

func setupOperations(d *frame.Door) {
	frame.Acting(d, frame.Told("list-routes", http.MethodGet, "/routes", tag, "派遣规则 · Routing rules", "越具体的越先用。 · The most specific holds."), rights.SetupImport, listRoutes)
	frame.Register(d, frame.Told("try-route", http.MethodGet, "/routes/try", "district", "这件该派给谁 · Whose it would be", "按事项、区域、时间问派遣规则。 · Asks the routing table by matter, area and time."), frame.AnyKey, tryRoute)
	frame.Acting(d, frame.Bodied(frame.Told("import", http.MethodPost, "/imports", tag, "导入 · Import",
		"一张表、一份日历，或一年的放假安排。有不对的就都不收（除非 skip_bad），逐条说明。时限在事项表里。岗位表要 post.keep，日历要 calendar.keep，值班表要 supervise 或 setup.import，准入清单要 admission.keep，别的要 setup.import。"+
			" · A table, a calendar or a year's notice. Where something is wrong nothing is taken (unless skip_bad), and each fault is told. Limits stand in the table of matters. Posts take post.keep, calendars calendar.keep, the roster of duties supervise or setup.import, admissions admission.keep, all else setup.import.")), frame.AnyKey, importTable)
}

func listRoutes(ctx context.Context, c *frame.Caller, _ *struct{}) (*frame.Output[frame.Whole[Rule]], error) {
	rules, err := catalogue.RoutingTable(ctx, c.House.DB, c.District.Code)
	var all []Rule
	for _, r := range rules {
		all = append(all, Rule{r.Matter, r.Area, r.Hours.String(), r.Unit, r.Co, frame.TextOf(r.Reason), r.Weight, r.From})
	}
	return frame.WholeOf(all, err)
}

func tryRoute(_ context.Context, c *frame.Caller, in *routeInput) (*frame.Output[Routed], error) {
	if !c.District.Catalogue.Selectable(in.Matter) {
		return nil, errs.New(errs.NotFound, "没有这个事项。", "There is no such matter.").At("matter")
	}
	where := area.Code(in.Area)
	if in.Area == "" {
		where = area.Code(c.District.Code)
	} else if !c.District.Areas.Known(in.Area) {
		return nil, frame.MissingArea(in.Area, "area")
	}
	when := in.At
	if when.IsZero() {
		when = c.Now
	}
	found := c.District.Route(in.Matter, string(where), when)
	out := Routed{Choices: []shape.Proposal{}, NoOwner: found.NoOwner}
	for _, choice := range found.Choices {
		out.Choices = append(out.Choices, shape.Proposal{Unit: *shape.UnitOf(c.District, choice.Unit), Why: frame.TextOf(choice.Why), Rule: choice.Rule, Sure: choice.Sure})
	}
	return frame.Reply(out, nil)
}

// importRight is what bringing a table in takes: who sets up gives no posts.
func importRight(table string) rights.Right {
	switch table {
	case "posts":
		return rights.PostKeep
	case "calendar", "year":
		return rights.CalendarKeep
	case "admissions":
		return rights.AdmissionKeep
	}
	return rights.SetupImport
}

func importTable(ctx context.Context, c *frame.Caller, in *importInput) (*frame.Output[Imported], error) {
	b := in.Body
	right, or := importRight(b.Table), []rights.Right{}
	if b.Table == "duties" {
		or = append(or, rights.Supervise)
	}
	if err := c.Needs(right, or...); err != nil {
		return nil, err
	}
	report, err := bring(ctx, c, right, b)
	faults := report != nil && errs.KindOf(err) == errs.Invalid && len(report.Findings()) > 0
	if err != nil && !faults && !errors.Is(err, sheet.ErrDryRun) {
		return nil, err
	}
	out := Imported{Kept: err == nil, Findings: []Finding{}}
	for _, f := range report.Findings() {
		out.Findings = append(out.Findings, Finding{f.File, f.Line, f.Field, string(f.Severity), frame.TextOf(f.Text)})
	}
	return frame.Reply(out, nil)
}

// bring brings a table in, or tries it.
func bring(ctx context.Context, c *frame.Caller, right rights.Right, b Import) (*sheet.Report, error) {
	if b.Table == "duties" || b.Table == "admissions" {
		return bringSupervised(ctx, c, b)
	}
	datum, err := geo.ParseDatum(b.Datum)
	if err != nil {
		return nil, err
	}
	src := setup.Source{Datum: datum, Policy: sheet.Policy{SkipBad: b.SkipBad, DryRun: b.DryRun}, Name: b.File, By: c.Acting(right, 0).By}
	switch file := (district.File{Name: b.File, Data: b.Data}); b.Table {
	case "calendar":
		src.Calendars = []district.File{file}
	case "year":
		src.Years = []district.File{file}
	default:
		if src.Files, err = folderOf(b.Table+extension(b.File), b.Data); err != nil {
			return nil, err
		}
		if b.Mapping != "" {
			if src.Mappings, err = folderOf(b.Table+".yaml", []byte(b.Mapping)); err != nil {
				return nil, err
			}
		}
	}
	return setup.Into(ctx, c.House.DB, c.District.Code, src)
}

// bringSupervised brings in a table that package supervise takes: the roster or
// the admission list.
func bringSupervised(ctx context.Context, c *frame.Caller, b Import) (report *sheet.Report, err error) {
	columns := supervise.DutyColumns()
	if b.Table == "admissions" {
		columns = supervise.AdmissionColumns()
	}
	file, err := sheet.Load(b.File, bytes.NewReader(b.Data), sheet.Limits{Bytes: 2 << 20, Rows: 5000})
	if err != nil {
		for _, e := range errs.Each(err) {
			return nil, e.At("data")
		}
		return nil, err
	}
	var named fs.FS
	if b.Mapping != "" {
		if named, err = folderOf(b.Table+".yaml", []byte(b.Mapping)); err != nil {
			return nil, err
		}
	}
	err = c.House.DB.Write(ctx, func(tx *db.Tx) error {
		report = sheet.NewReport(sheet.Policy{SkipBad: b.SkipBad, DryRun: b.DryRun})
		mappings := []*sheet.Mapping{nil}
		if named != nil {
			mappings = sheet.ParseMappings(named, b.Table+".yaml", report)
		}
		var records []*sheet.Record
		for _, m := range mappings {
			records = append(records, columns.Map(m, file, report)...)
		}
		take := func() error { return supervise.ImportDuties(ctx, tx, c.District, records, report) }
		if b.Table == "admissions" {
			take = func() error {
				return supervise.ImportAdmissions(ctx, tx, c.Acting(rights.AdmissionKeep, 0), records, report)
			}
		}
		if err := take(); err != nil {
			return err
		}
		return report.Settle()
	})
	return report, err
}

// extension is how a file's name ends, with its dot.
func extension(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return strings.ToLower(name[i:])
	}
	return ""
}

// folderOf holds one file as a folder: an archive in memory.
func folderOf(name string, data []byte) (*zip.Reader, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
}

package admin

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/setup"
	"linli/internal/sheet"
	"linli/internal/trail"
	"linli/internal/transfer"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// Subject is whose trail holds the imports of a district from before they stood
// in the book of set-up.
const Subject = "setup"

// tableNames are the tables that the reader may bring in.
func tableNames(v *page.View) []ui.Option {
	return slices.DeleteFunc(allTables(v), func(o ui.Option) bool { return !mayBring(v, o.Value) })
}

// allTables are the tables that can be brought in, in the order a new district
// needs them.
func allTables(v *page.View) []ui.Option {
	return []ui.Option{
		{Value: "areas", Label: v.Say("区域（街道、社区、网格）", "Areas (streets, communities, grids)")},
		{Value: "outlines", Label: v.Say("轮廓（GeoJSON）", "Outlines (GeoJSON)")},
		{Value: "units", Label: v.Say("单位", "Units")},
		{Value: "people", Label: v.Say("人员", "People")},
		{Value: "posts", Label: v.Say("岗位", "Posts")},
		{Value: "matters", Label: v.Say("事项", "Matters")},
		{Value: "routes", Label: v.Say("派遣规则（整张替换）", "Routing rules (replaces the table)")},
		{Value: transfer.CasesRun, Label: v.Say("以往的案件", "Cases so far")},
		{Value: transfer.PastRun, Label: v.Say("案件的经过", "What was done with cases")},
		{Value: "roads", Label: v.Say("道路底图（GeoJSON）", "Roads to draw (GeoJSON)")},
		{Value: "ground", Label: v.Say("水面、公园、房屋底图（GeoJSON）", "Water, parks and houses to draw (GeoJSON)")},
	}
}

func tableName(v *page.View, table string) string {
	var names []string
	for _, one := range strings.Fields(table) {
		name := one
		for _, o := range allTables(v) {
			if o.Value == one {
				name = o.Label
			}
		}
		names = append(names, name)
	}
	return strings.Join(names, v.Say("、", ", "))
}

func importHead(v *page.View, title string) head {
	return head{
		Title: title, Said: v.Say("先试一遍，看清楚哪里不对，再真的导入。", "It is tried first, so that you see what is wrong before anything is kept."),
		At: "/import", Path: []ui.Link{{Text: v.Say("设置", "Set-up"), Href: home}, {Text: v.Say("导入", "Import")}},
	}
}

func importForm(v *page.View) error {
	u := upload{Table: v.R.URL.Query().Get("table")}
	return formAgain(v, http.StatusOK, u, nil, nil)
}

// formAgain shows the form, with what is wrong, and the imports of late.
func formAgain(v *page.View, status int, u upload, fields map[string]string, mistakes []ui.FieldError) error {
	runs, err := lateRuns(v)
	if err != nil {
		return err
	}
	return show(v, status, importHead(v, v.Say("导入一张表", "Import a table")), importPage(v, u, fields, mistakes, runs))
}

// refused shows the form again with what is wrong.
func refused(v *page.View, u upload, err error) error {
	fields, list, ok := v.FieldErrors(err)
	if !ok {
		return err
	}
	if fields["file"] == "" && fields["table"] == "" && fields["mapping"] == "" && fields["datum"] == "" {
		fields["file"], list[0].ID = list[0].Text, "file"
	}
	return formAgain(v, page.Status(err), u, fields, list)
}

// importTable tries a table, or brings it in.
func importTable(v *page.View) error {
	if err := v.Form(); err != nil {
		return refused(v, upload{}, err)
	}
	u, err := readUpload(v)
	if err != nil {
		return refused(v, u, err)
	}
	if u.Table == "" {
		u.Table = u.guess()
	}
	if len(u.Data) > fileMost && !u.long() {
		return refused(v, u, errs.New(errs.TooLarge, "文件超过 %d MB。", "The file is over %d MB.", fileMost>>20).At("file"))
	}
	if u.Table != "" && !mayBring(v, u.Table) {
		return errs.New(errs.Forbidden, "这张表不由您的岗位导入：岗位表由安全管理员导入，别的表由系统管理员导入。",
			"This table is not for your posts to bring in: posts are for a security administrator, the other tables for a system administrator.")
	}
	if !slices.ContainsFunc(tableNames(v), func(o ui.Option) bool { return o.Value == u.Table }) {
		u.Table = ""
		return refused(v, u, errs.New(errs.Invalid, "看列名认不出是哪张表，请选一下。", "Its columns do not say which table it is; please choose.").At("table"))
	}
	if u.long() {
		return startRun(v, u)
	}
	report, err := u.bring(v)
	switch {
	case err == nil:
		seq, err := recorded(v)
		if err != nil {
			return err
		}
		return v.GoSaying(fmt.Sprintf("%s/imports/%d", home, seq), "导入好了。", "Imported.")
	case report != nil && (errors.Is(err, sheet.ErrDryRun) || errs.KindOf(err) == errs.Invalid && len(report.Findings()) > 0):
		status := http.StatusOK
		if !report.MayWrite() {
			status = http.StatusUnprocessableEntity
		}
		return show(v, status, importHead(v, v.Say("试导入：%s", "Tried: %s", u.Name)), reportPage(v, u, report))
	}
	return refused(v, u, err)
}

// bring runs the import, for real or to see.
func (u upload) bring(v *page.View) (*sheet.Report, error) {
	datum, err := geo.ParseDatum(u.Datum)
	if err != nil {
		return nil, err
	}
	files, err := u.files()
	if err != nil {
		return nil, err
	}
	mappings, err := u.mappings()
	if err != nil {
		return nil, err
	}
	return setup.Into(v.Context(), v.House.DB, v.District.Code, setup.Source{
		Files: files, Mappings: mappings, Datum: datum, Policy: sheet.Policy{SkipBad: u.SkipBad, DryRun: !u.Real},
		Name: u.Name, By: by(v),
	})
}

// by is the reader as who brings a table in.
func by(v *page.View) procedure.Actor {
	right := rights.SetupImport
	if !v.Can(right) {
		right = rights.PostKeep
	}
	return v.Acting(right, 0).By
}

// mayBring reports whether a table is the reader's to bring in: who sets up
// brings everything but posts, and who gives rights brings those and nothing
// else.
func mayBring(v *page.View, table string) bool {
	if table == "posts" {
		return v.Can(rights.PostKeep)
	}
	return v.Can(rights.SetupImport)
}

// recorded is where the trail holds what the reader has just brought in.
func recorded(v *page.View) (seq int, err error) {
	entries, err := trail.Of(v.Context(), v.House.DB, v.District.Code, trail.Chain(trail.Setup, setup.Subject))
	for _, e := range entries {
		if e.Person == string(v.Reader.Person.ID) {
			seq = e.Seq
		}
	}
	return seq, err
}

// allImports are the imports of the district, oldest first: before those that
// stand in the book of set-up, those from before there were books. These are
// numbered from below, so that an address means one of either.
func allImports(v *page.View) ([]trail.Entry, error) {
	old, err := trail.Of(v.Context(), v.House.DB, v.District.Code, Subject)
	if err != nil {
		return nil, err
	}
	for i := range old {
		old[i].Seq -= len(old)
	}
	entries, err := trail.Of(v.Context(), v.House.DB, v.District.Code, trail.Chain(trail.Setup, setup.Subject))
	return append(old, entries...), err
}

// lastImports is the latest import of each table.
func lastImports(v *page.View) (map[string]trail.Entry, error) {
	entries, err := allImports(v)
	last := map[string]trail.Entry{}
	for _, e := range entries {
		for _, table := range strings.Fields(e.Detail["table"]) {
			last[table] = e
		}
	}
	return last, err
}

// imported shows what one import did.
func imported(v *page.View) error {
	entries, err := allImports(v)
	if err != nil {
		return err
	}
	seq, err := strconv.Atoi(v.R.PathValue("seq"))
	at := slices.IndexFunc(entries, func(e trail.Entry) bool { return e.Seq == seq })
	if err != nil || at < 0 {
		return errs.New(errs.NotFound, "没有这次导入。", "There is no such import.")
	}
	e := entries[at]
	h := importHead(v, v.Say("导入了%s", "Imported: %s", tableName(v, e.Detail["table"])))
	h.Said = v.MomentText(e.At)
	return show(v, http.StatusOK, h, importedPage(v, e))
}

// importedFacts says who brought in what.
func importedFacts(v *page.View, e trail.Entry) []ui.Fact {
	d := e.Detail
	facts := []ui.Fact{{Name: v.Say("文件", "File"), Value: d["file"]}}
	if p, ok := v.District.Org.Person(org.PersonID(e.Person)); ok {
		facts = append(facts, ui.Fact{Name: v.Say("谁导的", "By"), Value: p.Name})
	}
	if d["added"] != "" {
		facts = append(facts, ui.Fact{Name: v.Say("结果", "Came of it"), Value: v.Say("新增 %s，更新 %s，没变 %s", "%s added, %s changed, %s unchanged", d["added"], d["changed"], d["same"]), Strong: true})
	}
	if d["skipped"] != "" {
		facts = append(facts, ui.Fact{Name: v.Say("跳过", "Left out"), Value: v.Say("%s 行", "%s rows", d["skipped"]), Sub: v.Say("行号：", "Lines: ") + d["lines"]})
	}
	return facts
}

// severityTone is the colour beside a finding's word.
func severityTone(s sheet.Severity) ui.Tone {
	switch s {
	case sheet.Error, sheet.Fatal:
		return ui.Late
	case sheet.Warning:
		return ui.Near
	}
	return ui.Hold
}

// where is a finding's place under the name of the file as it was sent:
// file:line:column.
func where(u upload, p sheet.Place) string {
	switch p.File {
	case u.Table + u.ending():
		p.File = u.Name
	case u.Table + ".yaml":
		p.File = "mapping.yaml"
	}
	return p.String()
}

// verdict says how the try ended, and in which tone.
func verdict(r *sheet.Report) (ui.Tone, lang.Text) {
	switch {
	case !r.MayWrite():
		return ui.Late, r.Verdict()
	case len(r.Skipped()) > 0:
		return ui.Near, r.Verdict()
	}
	return ui.OK, r.Verdict()
}

package catalogue

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"linli/internal/lang"
	"linli/internal/procedure"
	"linli/internal/sheet"
)

// Pack is a folder of matters, procedures, forms and routes, read and checked.
type Pack struct {
	Name       string
	Title      lang.Text
	Version    string
	Matters    []Matter // as written: nothing inherited
	Procedures []Source
	Forms      []Source
	Rules      []Rule
	Components []ComponentClass
	Rulebooks  []Source // pauses, supervision, evaluation
}

// Source is a procedure or form as it was written.
type Source struct {
	Name    string
	Version string // first 12 hex digits of its SHA-256
	Text    string
}

// ComponentClass is a kind of thing that stands in the street, such as a sewer
// manhole cover. What can be wrong with it is the matter of the same digits.
type ComponentClass struct {
	Code  string // two digits for the major class, three for the minor
	Title lang.Text
	Major lang.Text
}

// Load reads the pack in fsys and checks all of it together. The pack is nil
// where any finding is more than a warning.
func Load(fsys fs.FS) (*Pack, []sheet.Finding) {
	l := &loader{fsys: fsys, report: sheet.NewReport(sheet.Policy{}), pack: &Pack{}}
	l.head()
	procedures, forms := l.procedures(), l.forms()
	rows := l.table("matters", MatterColumns())
	drafts := make([]draft, 0, len(rows))
	for _, r := range rows {
		drafts = append(drafts, draft{readMatter(r, l.report), r})
	}
	l.pack.Matters = settle(drafts, nil, procedures, forms, l.report)
	for _, r := range l.table("routes", RouteColumns()) {
		rule := readRule(r, l.report)
		if !r.Bad() && rule.Matter != "" && !begun(l.pack.Matters, rule.Matter) {
			r.Fail(l.report, "matter", "没有“%s”开头的事项。", "No matter begins with “%s”.", rule.Matter)
		}
		l.pack.Rules = append(l.pack.Rules, rule)
	}
	l.components()
	l.rulebooks()
	if findings := l.report.Findings(); l.report.MayWrite() {
		return l.pack, findings
	}
	return nil, l.report.Findings()
}

// begun reports whether any matter's code begins with prefix.
func begun(matters []Matter, prefix string) bool {
	return slices.ContainsFunc(matters, func(m Matter) bool { return strings.HasPrefix(m.Code, prefix) })
}

type loader struct {
	fsys   fs.FS
	report *sheet.Report
	pack   *Pack
}

func (l *loader) fail(file string, line int, field, zh, en string, args ...any) {
	l.report.Add(sheet.Finding{Place: sheet.Place{File: file, Line: line}, Field: field, Severity: sheet.Error, Text: lang.T(zh, en, args...)})
}

// head reads pack.yaml.
func (l *loader) head() {
	const file = "pack.yaml"
	source, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		l.fail(file, 0, "", "配置包里没有 pack.yaml。", "The pack has no pack.yaml.")
		return
	}
	var head struct {
		Name    string    `yaml:"name"`
		Title   lang.Text `yaml:"title"`
		Version string    `yaml:"version"`
	}
	dec := yaml.NewDecoder(strings.NewReader(string(source)))
	dec.KnownFields(true)
	if err := dec.Decode(&head); err != nil {
		l.fail(file, lineOf(err), "", "写法有误，只写 name、title、version。", "It cannot be read; it has name, title and version only.")
		return
	}
	if !codeShape.MatchString(head.Name) || head.Version == "" || head.Title.ZH == "" {
		l.fail(file, 1, "", "name、version 和中文 title 都要有。", "name, version and a Chinese title are needed.")
	}
	l.pack.Name, l.pack.Title, l.pack.Version = head.Name, head.Title, head.Version
}

// files lists what lies in a folder of the pack, by name.
func (l *loader) files(folder string, ext ...string) []string {
	entries, err := fs.ReadDir(l.fsys, folder)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			l.fail(folder, 0, "", "文件夹读不出来。", "The folder cannot be read.")
		}
		return nil
	}
	var names []string
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		switch {
		case e.IsDir() || strings.HasPrefix(e.Name(), "."):
		case slices.Contains(ext, path.Ext(name)):
			names = append(names, name)
		default:
			l.report.Add(sheet.Finding{Place: sheet.Place{File: name}, Severity: sheet.Warning,
				Text: lang.T("不认识这种文件，没有读。", "A file of this kind is not known here and was not read.")})
		}
	}
	return names
}

// procedures reads and checks every procedure and tells their names.
func (l *loader) procedures() map[string]bool {
	names := map[string]bool{}
	for _, file := range l.files("procedures", ".yaml", ".yml") {
		source, ok := l.read(file)
		if !ok {
			continue
		}
		p, findings := procedure.Parse(source, file)
		for _, f := range findings {
			l.report.Add(f)
		}
		if p == nil {
			// The matters that name it are not also at fault.
			names[strings.TrimSuffix(path.Base(file), path.Ext(file))] = true
			continue
		}
		if names[p.Name] {
			l.fail(file, 1, "procedure", "规程“%s”有两份。", "There are two procedures “%s”.", p.Name)
		}
		names[p.Name] = true
		l.pack.Procedures = append(l.pack.Procedures, Source{p.Name, p.Version, string(source)})
	}
	return names
}

func (l *loader) forms() map[string]bool {
	names := map[string]bool{}
	for _, file := range l.files("forms", ".yaml", ".yml") {
		source, ok := l.read(file)
		if !ok {
			continue
		}
		form, findings := ParseForm(source, file)
		for _, f := range findings {
			l.report.Add(f)
		}
		names[strings.TrimSuffix(path.Base(file), path.Ext(file))] = true
		if form != nil {
			l.pack.Forms = append(l.pack.Forms, Source{form.Name, form.Version, string(source)})
		}
	}
	return names
}

func (l *loader) read(file string) ([]byte, bool) {
	source, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		l.fail(file, 0, "", "文件读不出来。", "The file cannot be read.")
	}
	return source, err == nil
}

var tableKinds = []string{".tsv", ".csv", ".xlsx", ".json"}

// table reads the tables called name: files of that folder, or one file of
// that name in the pack itself.
func (l *loader) table(name string, schema sheet.Schema) []*sheet.Record {
	var files []string
	for _, ext := range tableKinds {
		if _, err := fs.Stat(l.fsys, name+ext); err == nil {
			files = append(files, name+ext)
		}
	}
	if st, err := fs.Stat(l.fsys, name); err == nil && st.IsDir() {
		files = append(files, l.files(name, tableKinds...)...)
	}
	var all []*sheet.Record
	for _, file := range files {
		source, err := l.fsys.Open(file)
		if err != nil {
			l.fail(file, 0, "", "文件读不出来。", "The file cannot be read.")
			continue
		}
		loaded, err := sheet.Load(file, source, sheet.Limits{})
		_ = source.Close() // it was only read
		if err != nil {
			l.fail(file, 0, "", "文件读不出来，或者太大。", "The file cannot be read or is too large.")
			continue
		}
		all = append(all, schema.Map(nil, loaded, l.report)...)
	}
	return all
}

func (l *loader) components() {
	seen := map[string]bool{}
	for _, r := range l.table("components", sheet.Schema{
		{Name: "code", Kind: sheet.KindCode, Required: true, Max: 5},
		{Name: "major", Required: true}, {Name: "major_en"},
		{Name: "name", Required: true}, {Name: "name_en"},
	}) {
		c := ComponentClass{Code: r.Text("code"), Title: lang.Text{ZH: r.Text("name"), EN: r.Text("name_en")}, Major: lang.Text{ZH: r.Text("major"), EN: r.Text("major_en")}}
		if len(c.Code) != 5 || seen[c.Code] {
			r.Fail(l.report, "code", "部件代码是 5 位数字，不重复。", "A component code has 5 digits, each once.")
		}
		seen[c.Code] = true
		l.pack.Components = append(l.pack.Components, c)
	}
	slices.SortFunc(l.pack.Components, func(a, b ComponentClass) int { return cmp.Compare(a.Code, b.Code) })
}

package transfer

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/sheet"
)

// PictureColumns is the shape of a table that says which picture belongs to which
// case.
func PictureColumns() sheet.Schema {
	return sheet.Schema{
		{Name: "external", Title: lang.T("原编号", "number in the source"), Kind: sheet.KindCode, Required: true, Max: 60},
		{Name: "channel", Title: lang.T("渠道", "channel"), Kind: sheet.KindCode, Max: 40},
		{Name: "file", Title: lang.T("文件", "file"), Required: true, Max: 300},
		{Name: "kind", Title: lang.T("种类", "kind"), Kind: sheet.KindCode, Max: 10}, // before, after, evidence, other
		{Name: "at", Title: lang.T("时间", "at"), Kind: sheet.KindTime},
	}
}

// Pictures brings in pictures of cases from a folder, by a table that names each
// file. A picture is looked at and drawn anew as one that is sent today; one that
// the case has already is left as it is.
func Pictures(ctx context.Context, d *db.DB, store *document.Store, to *district.District, file sheet.File, mapping *sheet.Mapping, folder fs.FS, opts Options) (report *sheet.Report, err error) {
	defer errs.Wrap(&err, "transfer.Pictures(%s, %s)", to.Code, file.Name)
	report = sheet.NewReport(opts.Policy)
	p := &pictures{ctx: ctx, db: d, store: store, to: to, now: d.Now(), folder: folder, report: report, said: report}
	total := 0
	err = inGroups(PictureColumns().Each(mapping, file, report), opts.size(), func(group []*sheet.Record) error {
		_, err := p.group(group, func(r *sheet.Record, _ casework.ID) error {
			total++
			return p.look(r)
		})
		return err
	})
	if err != nil {
		return report, err
	}
	if err := report.Settle(); err != nil {
		return report, err
	}
	count, done := report.Count(lang.T("照片", "Pictures")), 0
	again := *p
	again.report = sheet.NewReport(sheet.Policy{SkipBad: true})
	return report, inGroups(PictureColumns().Each(mapping, file, again.report), opts.size(), func(group []*sheet.Record) error {
		_, err := again.group(group, func(r *sheet.Record, id casework.ID) error {
			if again.look(r) != nil || r.Bad() {
				return nil
			}
			added, err := again.bring(r, id)
			if added {
				count.Added++
			} else if err == nil {
				count.Same++
			}
			if done++; opts.Progress != nil && done%100 == 0 {
				opts.Progress(done, total)
			}
			return err
		})
		return err
	})
}

// pictures checks and brings in pictures.
type pictures struct {
	ctx    context.Context
	db     *db.DB
	store  *document.Store
	to     *district.District
	now    time.Time
	folder fs.FS
	report *sheet.Report // of this reading
	said   *sheet.Report // what the caller gets: a picture is only looked at when it is brought in
}

// group checks some records and gives each good one to do, with its case.
func (p *pictures) group(group []*sheet.Record, do func(r *sheet.Record, id casework.ID) error) (n int, err error) {
	cases, err := casesOf(p.ctx, p.db, p.to.Code, group)
	if err != nil {
		return 0, err
	}
	for _, r := range group {
		id, ok := cases[channelOf(r)][r.Text("external")]
		if !ok {
			r.Fail(p.report, "external", "没有从“%s”来的“%s”这一件；先导入案件。", "No case “%[2]s” came from “%[1]s”; bring in the cases first.", channelOf(r), r.Text("external"))
		}
		if kind := r.Text("kind"); kind != "" && !slices.Contains([]document.Kind{document.Before, document.After, document.Evidence, document.Other}, document.Kind(kind)) {
			r.Fail(p.report, "kind", "种类写 before、after、evidence 或 other，不是“%s”。", "The kind is before, after, evidence or other, not “%s”.", kind)
		}
		if r.Time("at").After(p.now) {
			r.Fail(p.report, "at", "时间在将来。", "It is in the future.")
		}
		if r.Bad() {
			continue
		}
		n++
		if err := do(r, id); err != nil {
			return n, err
		}
	}
	return n, nil
}

// look finds the file of a record, of a size that can be taken.
func (p *pictures) look(r *sheet.Record) error {
	name := strings.TrimPrefix(strings.ReplaceAll(r.Text("file"), `\`, "/"), "./")
	info, err := fs.Stat(p.folder, name)
	switch {
	case !fs.ValidPath(name) || err != nil || info.IsDir():
		r.Fail(p.report, "file", "文件夹里没有“%s”。", "There is no “%s” in the folder.", r.Text("file"))
	case info.Size() > document.MaxBytes:
		r.Fail(p.report, "file", "“%s”超过 %d MB。", "“%s” is over %d MB.", r.Text("file"), int64(document.MaxBytes>>20))
	}
	return nil
}

// bring takes one picture in. What is no picture is in the report by its line, and
// holds up no other.
func (p *pictures) bring(r *sheet.Record, id casework.ID) (added bool, err error) {
	name := strings.TrimPrefix(strings.ReplaceAll(r.Text("file"), `\`, "/"), "./")
	f, err := p.folder.Open(name)
	if err != nil {
		return false, err
	}
	data, err := io.ReadAll(io.LimitReader(f, document.MaxBytes+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return false, err
	}
	kept, err := p.store.Take(p.ctx, name, data)
	if kind := errs.KindOf(err); kind == errs.Invalid || kind == errs.TooLarge {
		text, _ := errs.TextOf(err)
		r.Caution(p.said, "file", text)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	has, err := document.Of(p.ctx, p.db, p.to.Code, string(id))
	if err != nil || slices.ContainsFunc(has, func(d document.Document) bool { return d.SHA256 == kept.Sum() }) {
		return false, err
	}
	kind := document.Kind(r.Text("kind"))
	if kind == "" {
		kind = document.Other
	}
	past := casework.Past{At: r.Time("at"), Did: kind.Title().ZH + " " + kept.Sum()[:12], Photos: 1, File: r.File}
	if past.At.IsZero() {
		past.At = p.now
	}
	return true, p.db.Write(p.ctx, func(tx *db.Tx) error {
		if _, err := document.Add(p.ctx, tx, p.to.Code, string(id), kind, "", kept); err != nil {
			return err
		}
		_, err := casework.AddPast(p.ctx, tx, p.to.Code, []casework.ID{id}, map[casework.ID][]casework.Past{id: {past}})
		return err
	})
}

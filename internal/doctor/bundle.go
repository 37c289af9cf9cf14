package doctor

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fields"
	"linli/internal/job"
)

// About is what the program says of itself in a bundle.
type About struct {
	Version  string   `json:"version"`
	Go       string   `json:"go"`
	System   string   `json:"system"`
	Settings []string `json:"settings"` // names of those that are set, never their values
}

// Attached is a file that goes into a bundle as it is: whoever attaches it has
// taken out what is personal.
type Attached struct {
	Name string
	Data []byte
}

// Bundle writes a zip file for whoever helps: versions, findings, rows by table,
// how jobs stand, the columns of every table. None of it is the text of a row, so
// that nothing personal can be in it; the errors of failed jobs stay out, too.
func Bundle(ctx context.Context, to io.Writer, p Place, about About, more ...Attached) (err error) {
	defer errs.Wrap(&err, "doctor.Bundle")
	z := zip.NewWriter(to)
	put := func(name string, what any) error {
		w, err := z.Create(name)
		if err != nil {
			return err
		}
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(what)
	}
	if err := put("about.json", about); err != nil {
		return err
	}
	if err := put("doctor.json", Examine(ctx, p)); err != nil {
		return err
	}
	for _, one := range more {
		w, err := z.Create(one.Name)
		if err != nil {
			return err
		}
		if _, err := w.Write(one.Data); err != nil {
			return err
		}
	}
	x := &examination{Place: p}
	r, err := x.open(ctx)
	if err != nil {
		return z.Close() // the findings say why; the rest is in the database
	}
	defer r.Close()
	rows, columns := tables(ctx, r)
	if err := put("rows.json", rows); err != nil {
		return err
	}
	if err := put("schema.json", columns); err != nil {
		return err
	}
	if all, err := job.Standings(ctx, r); err == nil {
		if err := put("jobs.json", all); err != nil {
			return err
		}
	}
	return z.Close()
}

// tables counts rows, -1 where a table is not there, and lists columns.
func tables(ctx context.Context, r db.Reader) (rows map[string]int64, columns map[string][]db.Column) {
	rows, columns = map[string]int64{}, map[string][]db.Column{}
	names := map[string]bool{}
	for _, f := range fields.Register() {
		names[f.Table] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		n, err := db.Value[int64](ctx, r, "select count(*) from "+name)
		if err != nil {
			n = -1
		}
		rows[name] = n
		if columns[name], err = db.Columns(ctx, r, name); err != nil {
			columns[name] = nil
		}
	}
	return rows, columns
}

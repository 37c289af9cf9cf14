package feeds_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"linli/internal/app/apptest"
)

// schema is a Table Schema as its specification has it.
type schema struct {
	Fields []struct {
		Name, Type, Title string
		Constraints       struct {
			Required, Unique bool
			Pattern          string
			Enum             []string
		}
	}
	PrimaryKey []string
}

type dataPackage struct {
	Profile, Name string
	Resources     []struct {
		Name, Path, Encoding, Format string
		Schema                       schema
	}
}

// TestTablesAreAsThePackageSays reads each table by the package's own word for
// it, and checks every cell against the schema.
func TestTablesAreAsThePackageSays(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	var p dataPackage
	got := w.Browser().Get("/data/datapackage.json")
	if err := json.Unmarshal([]byte(got.Body), &p); err != nil || p.Profile != "tabular-data-package" || len(p.Resources) != 3 {
		t.Fatalf("%v: %.300s", err, got.Body)
	}
	for _, r := range p.Resources {
		path := "/data/" + r.Path
		if rest, whole := strings.CutPrefix(r.Path, w.URL); whole {
			path = rest
		}
		got := w.Browser().Get(path)
		if got.Status != http.StatusOK {
			t.Fatalf("%s: %d", path, got.Status)
		}
		rows, err := csv.NewReader(strings.NewReader(got.Body)).ReadAll()
		if err != nil || len(rows) < 10 {
			t.Fatalf("%s: %d rows, %v", path, len(rows), err)
		}
		for _, fault := range r.Schema.faults(rows) {
			t.Errorf("%s: %s", r.Name, fault)
		}
	}
	// The check itself sees what is wrong.
	broken := [][]string{{"period", "state"}, {"", "x"}}
	if len(p.Resources[2].Schema.faults(broken)) == 0 {
		t.Error("a table without most of its columns passes")
	}
}

// faults checks a table against the schema: heads, types, constraints, key.
func (s schema) faults(rows [][]string) (all []string) {
	if len(rows[0]) != len(s.Fields) {
		return []string{fmt.Sprintf("%d columns, want %d", len(rows[0]), len(s.Fields))}
	}
	keys := map[string]bool{}
	for n, row := range rows {
		key := ""
		for i, f := range s.Fields {
			switch c := f.Constraints; {
			case n == 0 && row[i] != f.Name:
				all = append(all, "column "+row[i]+", want "+f.Name)
			case n == 0:
			case row[i] == "" && c.Required:
				all = append(all, fmt.Sprintf("row %d: %s is empty", n, f.Name))
			case row[i] == "":
			case !typed(f.Type, row[i]), c.Pattern != "" && !regexp.MustCompile(c.Pattern).MatchString(row[i]), len(c.Enum) > 0 && !slices.Contains(c.Enum, row[i]):
				all = append(all, fmt.Sprintf("row %d: %s is %q", n, f.Name, row[i]))
			}
			if slices.Contains(s.PrimaryKey, f.Name) {
				key += row[i] + "\x00"
			}
		}
		if keys[key] {
			all = append(all, fmt.Sprintf("row %d: its key is there twice: %q", n, key))
		}
		keys[key] = true
	}
	return all
}

func typed(kind, cell string) bool {
	var err error
	switch kind {
	case "number":
		_, err = strconv.ParseFloat(cell, 64)
	case "integer":
		_, err = strconv.Atoi(cell)
	case "boolean":
		return cell == "true" || cell == "false"
	case "date":
		_, err = time.Parse(time.DateOnly, cell)
	case "string":
	default:
		return false
	}
	return err == nil
}

// TestCalendars reads every calendar that the page of open data names.
func TestCalendars(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	for _, c := range w.District().Calendars() {
		got := w.Browser().Get("/calendar/" + c.Name + ".ics")
		if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/calendar") {
			t.Fatalf("%s: %d %s", c.Name, got.Status, got.Header.Get("Content-Type"))
		}
		if _, err := ics.ParseCalendar(strings.NewReader(got.Body)); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
	for _, path := range []string{"/calendar/x.ics", "/calendar/standard", "/data/x.csv", "/data/" + "figures.csv"} {
		if got := w.Browser().Get(path); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, got.Status)
		}
	}
	if got := w.Browser().Get("/data"); got.Status != http.StatusOK || !strings.Contains(got.Body, "/calendar/standard.ics") {
		t.Errorf("/data: %d", got.Status)
	}
}

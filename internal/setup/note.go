package setup

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"linli/internal/org"
	"linli/internal/trail"
)

// Subject is whose trail, in the book of set-up, holds what was brought in.
const Subject = "imports"

// placesMost is how many left-out rows the trail names.
const placesMost = 100

// note keeps in the trail, in the same transaction, what was brought in and what
// was left out: places only, since what stands there may be personal. Calendars
// are noted where they are kept.
func (s *step) note() error {
	var names, files []string
	for _, name := range tableNames {
		if len(s.tables[name]) == 0 {
			continue
		}
		names = append(names, name)
		for _, t := range s.tables[name] {
			files = append(files, cmp.Or(s.src.Name, t.file.Name))
		}
	}
	detail := map[string]string{"table": strings.Join(names, " "), "file": strings.Join(slices.Compact(files), " ")}
	if s.src.Pack != nil {
		detail["pack"] = s.src.Pack.Name
	}
	if s.src.Settings != nil {
		detail["settings"] = "yes"
	}
	if len(names) == 0 && s.src.Pack == nil && s.src.Settings == nil {
		return nil
	}
	var added, changed, same int
	for _, c := range s.report.Counts() {
		added, changed, same = added+c.Added, changed+c.Changed, same+c.Same
	}
	detail["added"], detail["changed"], detail["same"] = strconv.Itoa(added), strconv.Itoa(changed), strconv.Itoa(same)
	if skipped := s.report.Skipped(); len(skipped) > 0 {
		var lines []string
		for _, p := range skipped[:min(placesMost, len(skipped))] {
			lines = append(lines, strconv.Itoa(p.Line))
		}
		detail["skipped"], detail["lines"] = strconv.Itoa(len(skipped)), strings.Join(lines, " ")
	}
	if s.src.By.Person == "" {
		detail["by"] = org.CommandLine
	}
	for name, value := range detail {
		if value == "" {
			delete(detail, name)
		}
	}
	return trail.Note(s.ctx, s.tx, s.code, trail.Setup, Subject, trail.Entry{
		Person: s.src.By.Person, Post: s.src.By.Post, Unit: s.src.By.Unit, Act: "imported", Detail: detail,
	})
}

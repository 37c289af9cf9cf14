package setup

import (
	"strconv"

	"linli/internal/district"
	"linli/internal/org"
	"linli/internal/trail"
)

// publishes are the tables of which the source may change what is published.
func (s *step) publishes() (names []string) {
	brings := map[string]bool{
		"areas": len(s.tables["areas"])+len(s.tables["outlines"]) > 0, "units": len(s.tables["units"]) > 0,
		"matters": s.src.Pack != nil || len(s.tables["matters"]) > 0,
	}
	for _, name := range district.PublishedTables() {
		if brings[name] {
			names = append(names, name)
		}
	}
	return names
}

// runPublished does the work, and keeps in the trail which areas, units and
// matters are others afterwards: from there the change feed tells of each. What
// was is compared with what is, so that it is the same whatever brought it.
func (s *step) runPublished() error {
	names := s.publishes()
	before := map[string]district.Published{}
	for _, name := range names {
		var err error
		if before[name], err = district.Publish(s.ctx, s.tx, s.code, name); err != nil {
			return err
		}
	}
	if err := s.runCounted(); err != nil {
		return err
	}
	for _, name := range names {
		after, err := district.Publish(s.ctx, s.tx, s.code, name)
		if err != nil {
			return err
		}
		if err := s.published(name, district.Changes(before[name], after)); err != nil {
			return err
		}
	}
	return nil
}

// published adds the changes of a table to the trail, many to an entry.
func (s *step) published(table string, changes []district.Change) error {
	bundles, err := district.Bundles(changes)
	if err != nil {
		return err
	}
	for _, b := range bundles {
		detail := map[string]string{"table": table, "many": strconv.Itoa(b.Many), "changes": b.Text}
		if s.src.By.Person == "" {
			detail["by"] = org.CommandLine
		}
		err = trail.Note(s.ctx, s.tx, s.code, trail.Setup, table, trail.Entry{
			Person: s.src.By.Person, Post: s.src.By.Post, Unit: s.src.By.Unit, Act: district.PublishedAct, Detail: detail,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

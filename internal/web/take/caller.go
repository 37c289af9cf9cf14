package take

import (
	"net/http"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/web/page"
	"linli/internal/web/ui"
)

// earlierMost is how many earlier reports of a number are shown.
const earlierMost = 8

// caller is what is known of a number.
type caller struct {
	Phone   ident.Phone // empty until the number is whole
	Typed   bool
	Name    string  // masked, as last given
	Named   earlier // the report it was given with, through which it can be looked at
	Earlier []earlier
}

// earlier is one report the number sent before, with its case as it stands.
type earlier struct {
	Report casework.Report
	Case   casework.Case
}

// find looks up who has called from a number. Numbers are stored sealed, so
// only a whole one can be found.
func find(v *page.View, typed string) (caller, error) {
	c := caller{Typed: typed != ""}
	phone, err := ident.ParsePhone(typed)
	if err != nil {
		return c, nil // not whole yet
	}
	c.Phone = phone
	reports, err := casework.ReportsByPhone(v.Context(), v.House.DB, v.District.Code, v.House.Desk.PhoneIndex(string(phone)), earlierMost)
	if err != nil {
		return c, err
	}
	for _, r := range reports {
		of, _, err := v.Case(v.Context(), r.Case)
		if errs.KindOf(err) == errs.NotFound {
			continue // not the reader's to see
		}
		if err != nil {
			return c, err
		}
		c.Earlier = append(c.Earlier, earlier{r, of})
		name, err := v.House.Vault.Reveal(v.District.Code, intake.NameField, r.Name)
		if err != nil {
			return c, err
		}
		if c.Name == "" {
			c.Name, c.Named = ident.MaskName(name), earlier{r, of}
		}
	}
	return c, nil
}

// callerPart answers what is known of the number typed so far.
func callerPart(v *page.View) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	c, err := find(v, f.Phone)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, callerView(v, c))
}

// use takes over the place of an earlier report of the same number. That the
// report is one of this number is checked, so that no other can be read so.
func (f *form) use(v *page.View, report string) error {
	c, err := find(v, f.Phone)
	if err != nil {
		return err
	}
	for _, e := range c.Earlier {
		if e.Report.ID == report {
			f.Address, f.Point, f.Area, f.Box = e.Report.Address, e.Report.Point, "", ui.Box{}
			if e.Report.Flag == string(intake.Placeholder) {
				f.Point = geo.Point{}
			}
			return nil
		}
	}
	return errs.New(errs.NotFound, "没有找到这件。", "That report was not found.")
}

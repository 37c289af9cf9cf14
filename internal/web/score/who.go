package score

import (
	"slices"

	"linli/internal/errs"
	"linli/internal/evaluate"
	"linli/internal/measure"
	"linli/internal/procedure"
	"linli/internal/web/page"
)

// sees reports whether the reader may see how a subject did.
func sees(v *page.View, s evaluate.Subject) bool {
	return slices.ContainsFunc(v.Actors(), func(by procedure.Actor) bool { return evaluate.MaySee(v.District, by, s) })
}

// seen are the standings that the reader may see.
func seen(v *page.View, all []evaluate.Standing) (some []evaluate.Standing) {
	for _, s := range all {
		if sees(v, s.Subject) {
			some = append(some, s)
		}
	}
	return some
}

// opened is the period that the address names. One that has not begun is not
// there.
func opened(v *page.View) (*evaluate.Scores, error) {
	p, err := evaluate.ParsePeriod(v.R.PathValue("period"))
	if err != nil {
		return nil, nowhere()
	}
	if from, _ := p.Span(v.Zone()); from.After(v.Now) {
		return nil, errs.New(errs.NotFound, "%[1]s还没开始。", "%[2]s has not begun.", p.Text().ZH, p.Text().EN)
	}
	return v.House.Scores.Scores(v.Context(), v.District, v.District.Catalogue.Measures(), p)
}

// chosen is the assessment that the address names, of a period.
func chosen(v *page.View) (*evaluate.Scores, *measure.Assessment, error) {
	s, err := opened(v)
	if err != nil {
		return nil, nil, err
	}
	a := s.Book.Assessment(v.R.PathValue("assessment"))
	if a == nil {
		return nil, nil, errs.New(errs.NotFound, "没有这项考核。", "There is no such assessment.")
	}
	return s, a, nil
}

// about is the subject that the address names, if the reader may see it and the
// assessment is about it.
func about(v *page.View) (*evaluate.Scores, *measure.Assessment, evaluate.Subject, error) {
	s, a, err := chosen(v)
	if err != nil {
		return nil, nil, "", err
	}
	subject, err := evaluate.ParseSubject(v.R.PathValue("subject"))
	if err != nil {
		return nil, nil, "", nowhere()
	}
	if !sees(v, subject) {
		return nil, nil, "", errs.New(errs.Forbidden, "考核表只给本单位和上级看。", "A scorecard is shown to the unit itself and to those above it.")
	}
	for _, of := range s.Assessments(subject) {
		if of == a {
			return s, a, subject, nil
		}
	}
	return nil, nil, "", errs.New(errs.NotFound, "这项考核里没有这个对象。", "This assessment is not about it.")
}

func nowhere() error { return errs.New(errs.NotFound, "没有这一页。", "There is no such page.") }

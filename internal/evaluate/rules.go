package evaluate

import (
	"strings"
	"unicode/utf8"

	"linli/internal/casework"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
)

// Topic is what a transaction wakes that changes scorecards.
const Topic = "scores"

// textMost bounds a reason.
const textMost = 1000

// may refuses who lacks a right.
func may(a casework.Acting, right rights.Right) error {
	if a.District.Can(right, string(a.By.Role)) {
		return nil
	}
	return errs.New(errs.Forbidden, "您的岗位没有“%[1]s”的权限。", "Your post does not have the right “%[2]s”.", right.Title().ZH, right.Title().EN)
}

// mayAppeal refuses everyone but the lead of the unit that answers for the
// subject.
func mayAppeal(a casework.Acting, s Subject) error {
	unit := s.unitOf(a.District)
	if string(a.By.Role) != string(org.UnitLead) || unit == "" || a.By.Unit != unit {
		return errs.New(errs.Forbidden, "申诉由本单位负责人提出。", "Only the lead of the unit itself may appeal.")
	}
	return nil
}

// wanted refuses a reason that is missing or goes on for ever.
func wanted(text, field, zh, en string) error {
	switch n := utf8.RuneCountInString(strings.TrimSpace(text)); {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return errs.New(errs.Invalid, "这里有认不出的字符，请重新写。", "This holds characters that cannot be read; please write it again.").At(field)
	case n == 0:
		return errs.New(errs.Invalid, "请写明%[1]s。", "Please give %[2]s.", zh, en).At(field)
	case n > textMost:
		return errs.New(errs.Invalid, "%[1]s最多 %[3]d 字。", "%[2]s may have %[3]d characters at most.", zh, en, textMost).At(field)
	}
	return nil
}

// MaySee reports whether a post may look at a subject's figures and cards. A
// unit sees itself, those below it and its own territory; who works for the
// whole district sees all of these; a grid worker's card is for the worker and
// the lead of the station alone, whoever else sees every case.
func MaySee(d *district.District, by procedure.Actor, s Subject) bool {
	if s.Kind() == OfPost {
		held, ok := d.Org.Post(org.PostID(s.Code()))
		return ok && (by.Post == s.Code() || by.Person == string(held.Person) || string(by.Role) == string(org.UnitLead) && by.Unit == string(held.Unit))
	}
	return d.Can(rights.CaseSeeAll, string(by.Role)) || d.Can(rights.ScoreSee, string(by.Role)) && under(d, by, s)
}

// under reports whether a subject is a post's own unit or in its territory, or
// lies below it. A department's post may be for the whole district and answers
// for no part of it: whose territory it is decides.
func under(d *district.District, by procedure.Actor, s Subject) bool {
	switch s.Kind() {
	case OfUnit:
		return d.Org.Under(org.UnitID(s.Code()), org.UnitID(by.Unit))
	case OfStreet, OfCommunity, OfGrid:
		unit, _, ok := d.Org.TerritoryUnit(s.Code(), d.Day)
		return ok && d.Org.Under(unit.ID, org.UnitID(by.Unit)) && strings.HasPrefix(s.Code(), by.Area)
	}
	return false
}

package privacy

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/resident"
)

// Matter is the matter of the pack under which requests run.
const Matter = "d-data"

// reportsMost bounds how many reports of one person are read.
const reportsMost = 10_000

// frozen is how long carriers keep a number out of use before somebody else gets
// it: whoever holds it now sent what came from it in that time.
const frozen = 90 * 24 * time.Hour

// Subject is whose data a request is about: all that came from a number while
// somebody held it, or one report whose secret word was shown.
type Subject struct {
	Resident   resident.ID // '' where there is no account
	Report     string      // '' for all from the number
	PhoneIndex string
	From, To   time.Time
	Shown      Proof
	Paper      resident.Paper
	Agent      resident.ID // who asks for another
}

// Account is the person of an account.
func Account(r resident.Resident) Subject {
	return Subject{Resident: r.ID, PhoneIndex: r.PhoneIndex, From: r.From, To: r.To, Shown: ByAccount}
}

// Sent is whoever sent one report and shows its secret word.
func Sent(r casework.Report, shown Proof) Subject { return Subject{Report: r.ID, Shown: shown} }

// Word finds the report of a case that a secret word opens. A number that is not
// there and a wrong word are one errs.NotFound.
func Word(ctx context.Context, r db.Reader, district, number, word string) (report casework.Report, err error) {
	defer errs.Wrap(&err, "privacy.Word")
	c, err := casework.ByNumber(ctx, r, district, number)
	if err == nil && word != "" {
		all, err := casework.Reports(ctx, r, district, c.ID)
		if err != nil {
			return report, err
		}
		for _, one := range all {
			if one.Word == intake.HashWord(word) {
				return one, nil
			}
		}
	}
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return report, err
	}
	return report, errs.New(errs.NotFound, "没有查到。请核对编号和取件码。", "Nothing was found. Please check the number and the secret word.").At("word")
}

// Seen is whoever stands at the counter with a phone number and a paper: with
// the account of the number where it has one, else what was reported from it in
// the last ninety days.
func (k Keeper) Seen(ctx context.Context, r db.Reader, district string, phone ident.Phone, paper resident.Paper, now time.Time) (s Subject, err error) {
	defer errs.Wrap(&err, "privacy.Seen(%s)", paper)
	if !phone.Mobile() {
		return s, errs.New(errs.Invalid, "请写 11 位手机号。", "Please write a mobile number of 11 digits.").At("phone")
	}
	s = Subject{PhoneIndex: k.Desk.PhoneIndex(string(phone)), From: now.Add(-frozen), Shown: AtCounter, Paper: paper}
	id, err := db.Value[string](ctx, r, "select coalesce(max(id), '') from residents where district = $1 and phone_index = $2 and to_at = $3",
		district, s.PhoneIndex, db.Due(time.Time{}))
	if err != nil || id == "" {
		return s, err
	}
	one, err := k.Residents.ByID(ctx, r, district, resident.ID(id))
	s.Resident, s.From, s.To = one.ID, one.From, one.To
	return s, err
}

// reports are those of the subject, newest first. Secret ones are opened by
// their own word alone and are not among those of a number.
func (s Subject) reports(ctx context.Context, r db.Reader, district string) ([]casework.Own, error) {
	if s.Report == "" {
		return casework.OwnReports(ctx, r, district, s.PhoneIndex, s.From, s.To, reportsMost)
	}
	report, err := casework.ReportByID(ctx, r, district, s.Report)
	if err != nil {
		return nil, err
	}
	c, err := casework.ByID(ctx, r, district, report.Case)
	return []casework.Own{{Report: report, Case: c}}, err
}

// holders are the names under which consents and notices of the subject stand.
func (s Subject) holders(all []casework.Own) (names []string) {
	if s.Resident != "" {
		names = append(names, OfResident(s.Resident))
	}
	for _, o := range all {
		names = append(names, OfReport(o.Report.ID))
	}
	return names
}

// OfResident names the holder of an account in consents and notices.
func OfResident(id resident.ID) string { return "resident:" + string(id) }

// OfReport names whoever sent a report.
func OfReport(id string) string { return "report:" + id }

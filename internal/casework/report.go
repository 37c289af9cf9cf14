package casework

import (
	"context"
	"strconv"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/geo"
)

// The fields that reports seal, as the vault knows them.
const (
	NameField  = "report.name"
	PhoneField = "report.phone"
)

// Report is what one person sent. Name and Phone are sealed; the indexes are
// blind, so that a number can be found without being readable.
type Report struct {
	ID         string
	Case       ID
	Channel    string
	Sender     string // the channel's own reference; the same twice is one report
	At         time.Time
	Text       string
	Address    string
	Point      geo.Point
	Flag       string // what is odd about the place
	Name       string
	Phone      string
	PhoneIndex string
	TailIndex  string
	Word       string // hash of the secret word that opens the tracking page
	Lang       string
	Post       string // who took it down; empty when it came from outside
	Passed     bool   // its sender lets a company that deals with it know: look.Passed says
}

const reportColumns = `r.id, r.case_id, r.channel, r.sender, r.at, r.text, r.address, r.lon, r.lat, r.flag, r.name, r.phone, r.phone_index,
	r.tail_index, r.word, r.lang, r.post`

func (r *Report) dest() []any {
	return []any{&r.ID, &r.Case, &r.Channel, &r.Sender, db.Time(&r.At), &r.Text, &r.Address, &r.Point.Lon, &r.Point.Lat, &r.Flag, &r.Name,
		&r.Phone, &r.PhoneIndex, &r.TailIndex, &r.Word, &r.Lang, &r.Post}
}

const insertReportInto = `insert into reports (district, id, case_id, channel, sender, at, text, address, lon, lat, flag, name, phone, phone_index,
	tail_index, word, lang, post) values `

func (r *Report) values(district string) []any {
	return []any{district, r.ID, string(r.Case), r.Channel, r.Sender, db.At(r.At), r.Text, r.Address, r.Point.Lon, r.Point.Lat, r.Flag, r.Name, r.Phone,
		r.PhoneIndex, r.TailIndex, r.Word, r.Lang, r.Post}
}

func insertReport(ctx context.Context, tx *db.Tx, district string, r *Report) error {
	r.At = tx.Now
	return tx.Exec(ctx, insertReportInto+marks(1, 18), r.values(district)...)
}

// marks are the placeholders of rows in a values list.
func marks(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	return b.String() + ")"
}

// Reports returns the reports of a case, oldest first.
func Reports(ctx context.Context, rd db.Reader, district string, id ID) ([]Report, error) {
	return db.All(ctx, rd, (*Report).dest, "select "+reportColumns+" from reports r where r.district = $1 and r.case_id = $2 order by r.at, r.id", district, id)
}

// ReportByID returns a report; errs.NotFound when the district has none of that id.
func ReportByID(ctx context.Context, rd db.Reader, district, id string) (Report, error) {
	return db.One(ctx, rd, (*Report).dest, "select "+reportColumns+" from reports r where r.district = $1 and r.id = $2", district, id)
}

// ReportOf returns the report a channel sent under its own reference;
// errs.NotFound when it has not.
func ReportOf(ctx context.Context, rd db.Reader, district, channel, sender string) (Report, error) {
	return db.One(ctx, rd, (*Report).dest, "select "+reportColumns+" from reports r where r.district = $1 and r.channel = $2 and r.sender = $3 and r.sender <> ''", district, channel, sender)
}

// ReportsByPhone returns the latest reports of a phone number, newest first,
// for the agent who is on the line with it.
func ReportsByPhone(ctx context.Context, rd db.Reader, district, phoneIndex string, most int) ([]Report, error) {
	if phoneIndex == "" {
		return nil, nil
	}
	return db.All(ctx, rd, (*Report).dest, "select "+reportColumns+" from reports r where r.district = $1 and r.phone_index = $2 and r.phone_index <> '' order by r.at desc limit $3", district, phoneIndex, most)
}

// Attach adds a report to a case that already runs. Its sender is told.
func Attach(ctx context.Context, tx *db.Tx, a Acting, id ID, r Report) (c Case, err error) {
	defer errs.Wrap(&err, "casework.Attach(%s)", id)
	s, err := a.begin(ctx, tx, id)
	if err != nil {
		return Case{}, err
	}
	if s.c.State != Running {
		return Case{}, errs.New(errs.Conflict, "这件已经办结，请另外上报。", "This case has ended; please report anew.")
	}
	r.Case = id
	if err := insertReport(ctx, tx, s.d.Code, &r); err != nil {
		return Case{}, err
	}
	s.c.Reports++
	s.c.Reachable = s.c.Reachable || r.Phone != "" || r.Word != ""
	s.c.MovedAt = tx.Now
	if err := s.finish("attached", "", map[string]string{"channel": r.Channel, "report": r.ID}); err != nil {
		return Case{}, err
	}
	return *s.c, s.tell("followed", r.ID)
}

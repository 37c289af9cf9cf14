package notice

import (
	"context"
	"encoding/json"

	"linli/internal/access"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/org"
)

// TellNewDevice is the handler of access.NewDeviceJob: it tells the posts of a
// person of a browser that the account was not used with before.
func (b *Book) TellNewDevice(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) (err error) {
	defer errs.Wrap(&err, "notice.TellNewDevice(%s)", j.Key)
	var seen access.NewDevice
	if err := json.Unmarshal(j.Args, &seen); err != nil {
		return err
	}
	return b.tellPerson(ctx, tx, d, seen.Person, NewDevice, Facts{Title: lang.Text{ZH: seen.Agent, EN: seen.Agent}})
}

// TellGuessed is the handler of access.GuessedJob: it tells the posts of a
// person that somebody knows the password.
func (b *Book) TellGuessed(ctx context.Context, tx *db.Tx, d *district.District, j job.Job) (err error) {
	defer errs.Wrap(&err, "notice.TellGuessed(%s)", j.Key)
	var person string
	if err := json.Unmarshal(j.Args, &person); err != nil {
		return err
	}
	return b.tellPerson(ctx, tx, d, person, CodesGuessed, Facts{})
}

func (b *Book) tellPerson(ctx context.Context, tx *db.Tx, d *district.District, person string, template Template, facts Facts) error {
	for _, p := range d.HeldAt(org.PersonID(person), tx.Now) {
		if _, err := b.Queue(ctx, tx, Notice{District: d.Code, To: Post(string(p.ID)), Template: template, Facts: facts}); err != nil {
			return err
		}
	}
	return nil
}

package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/errs"
)

// calendarPrefix begins the secret of every calendar address.
const calendarPrefix = "due"

// calendarsMost is how many addresses an account has at once: one for each
// program that its holder reads calendars with.
const calendarsMost = 5

// CalendarAddress is a secret address at which a calendar program reads when the
// tasks of an account's posts are due, and nothing else. It is like a key, but for
// programs that can send no more than an address, and it lets nobody act.
type CalendarAddress struct {
	District string
	ID       string
	Login    string
	Created  time.Time
	Used     time.Time // last, to some minutes; zero for never
}

// AddCalendar makes an address for an account. Its secret is given this once and
// cannot be had again.
func AddCalendar(ctx context.Context, tx *db.Tx, a Account, from From) (c CalendarAddress, secret string, err error) {
	defer errs.Wrap(&err, "access.AddCalendar(%s)", a.Login)
	all, err := CalendarsOf(ctx, tx, a.District, a.Login)
	if err != nil {
		return CalendarAddress{}, "", err
	}
	if len(all) >= calendarsMost {
		return CalendarAddress{}, "", errs.New(errs.Conflict, "日历地址最多 %[1]d 个，先停用一个。", "There are %[1]d calendar addresses at most; end one first.", calendarsMost)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return CalendarAddress{}, "", err
	}
	c = CalendarAddress{District: a.District, ID: id.String(), Login: a.Login, Created: tx.Now}
	secret = strings.Join([]string{calendarPrefix, c.District, c.ID, rand.Text()}, "_")
	err = tx.Exec(ctx, "insert into calendar_addresses (district, id, login, hash, created, used) values ($1, $2, $3, $4, $5, 0)",
		c.District, c.ID, c.Login, hash(secret), db.At(c.Created))
	if err != nil {
		return CalendarAddress{}, "", err
	}
	return c, secret, note(ctx, tx, a.District, a.Person, CalendarMade, from, nil)
}

// CheckCalendar gives the account of the address that has a secret. Whatever is
// wrong with it, with the account or with the secret's form, the answer is the
// same errs.NotFound.
func CheckCalendar(ctx context.Context, r db.Reader, district, secret string) (c CalendarAddress, a Account, err error) {
	defer errs.Wrap(&err, "access.CheckCalendar")
	missing := errs.New(errs.NotFound, "没有这个日历。", "There is no such calendar.")
	part := strings.Split(secret, "_")
	if len(part) != 4 || part[0] != calendarPrefix || part[1] != district || uuid.Validate(part[2]) != nil {
		return CalendarAddress{}, Account{}, missing
	}
	var stored string
	c, err = db.One(ctx, r, func(c *CalendarAddress) []any { return append(c.dest(), &stored) },
		"select "+calendarColumns+", hash from calendar_addresses where district = $1 and id = $2", district, part[2])
	if err == nil && subtle.ConstantTimeCompare([]byte(stored), []byte(hash(secret))) != 1 {
		return CalendarAddress{}, Account{}, missing
	}
	if err == nil {
		a, err = Find(ctx, r, district, c.Login)
	}
	switch {
	case errs.KindOf(err) == errs.NotFound, err == nil && !a.Active:
		return CalendarAddress{}, Account{}, missing
	case err != nil:
		return CalendarAddress{}, Account{}, err
	}
	return c, a, nil
}

// UseCalendar notes that an address is read, at most once in some minutes.
func UseCalendar(ctx context.Context, d *db.DB, c CalendarAddress, now time.Time) (err error) {
	defer errs.Wrap(&err, "access.UseCalendar(%s)", c.ID)
	if now.Sub(c.Used) < usedEvery {
		return nil
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec(ctx, "update calendar_addresses set used = $1 where district = $2 and id = $3 and used < $1", db.At(now), c.District, c.ID)
	})
}

// EndCalendar ends an address of an account; another's is errs.NotFound.
func EndCalendar(ctx context.Context, tx *db.Tx, a Account, id string, from From) (err error) {
	defer errs.Wrap(&err, "access.EndCalendar(%s, %s)", a.Login, id)
	n, err := tx.Change(ctx, "delete from calendar_addresses where district = $1 and id = $2 and login = $3", a.District, id, a.Login)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "没有这个日历地址。", "There is no such calendar address.")
	}
	return note(ctx, tx, a.District, a.Person, CalendarEnded, from, nil)
}

// endCalendarsOf ends every address of an account, with its keys.
func endCalendarsOf(ctx context.Context, tx *db.Tx, a Account) error {
	return tx.Exec(ctx, "delete from calendar_addresses where district = $1 and login = $2", a.District, a.Login)
}

// CalendarsOf gives the addresses of an account, newest first.
func CalendarsOf(ctx context.Context, r db.Reader, district, login string) (all []CalendarAddress, err error) {
	defer errs.Wrap(&err, "access.CalendarsOf(%s, %s)", district, login)
	return db.All(ctx, r, (*CalendarAddress).dest,
		"select "+calendarColumns+" from calendar_addresses where district = $1 and login = $2 order by created desc, id desc", district, login)
}

const calendarColumns = "district, id, login, created, used"

func (c *CalendarAddress) dest() []any {
	return []any{&c.District, &c.ID, &c.Login, db.Time(&c.Created), db.Time(&c.Used)}
}

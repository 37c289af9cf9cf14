package access

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/trail"
)

// Account is a person's way in.
type Account struct {
	District string
	Login    string
	Person   string
	Active   bool
	Created  time.Time
}

// By is who gives or takes a way in: a post, or, where it is empty, whoever
// runs the program at its own machine.
type By struct{ Person, Post, Unit string }

// AddAccount adds an account with a checked password, in the caller's
// transaction. A login that is taken is errs.Conflict.
func AddAccount(ctx context.Context, tx *db.Tx, district, login, person string, password Hashed, by By) (a Account, err error) {
	defer errs.Wrap(&err, "access.AddAccount(%s, %s)", district, login)
	a = Account{District: district, Login: normal(login), Person: person, Active: true, Created: tx.Now}
	if err := checkLogin(a.Login); err != nil {
		return Account{}, err
	}
	if district == "" || person == "" || password.text == "" {
		return Account{}, errs.New(errs.Invalid, "账号要写明区、人和密码", "an account needs a district, a person and a password")
	}
	n, err := tx.Change(ctx, `insert into accounts (district, login, password, person, active, created)
		values ($1, $2, $3, $4, $5, $6) on conflict (district, login) do nothing`,
		a.District, a.Login, password.text, a.Person, a.Active, db.At(a.Created))
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "登录名 %s 已经有人用了", "the login %s is taken", a.Login).At("login")
	}
	if err != nil {
		return Account{}, err
	}
	return a, a.tell(ctx, tx, AccountAdded, by)
}

// tell writes what was done to an account by others into the book of rights.
func (a Account) tell(ctx context.Context, tx *db.Tx, act Act, by By) error {
	return trail.Note(ctx, tx, a.District, trail.Rights, a.Person, trail.Entry{
		Person: by.Person, Post: by.Post, Unit: by.Unit, Act: string(act), Detail: map[string]string{"login": a.Login},
	})
}

// ChangePassword gives an account the password that its holder has chosen. All
// its sessions but the one of token end: a thief of the old one is out.
func ChangePassword(ctx context.Context, tx *db.Tx, a Account, password Hashed, token string, from From) (err error) {
	defer errs.Wrap(&err, "access.ChangePassword(%s)", a.Login)
	if err := setPassword(ctx, tx, a, password); err != nil {
		return err
	}
	if _, err := EndSessions(ctx, tx, a.District, Staff(a.Login), token); err != nil {
		return err
	}
	if err := endKeysOf(ctx, tx, a, By{Person: a.Person}); err != nil {
		return err
	}
	return note(ctx, tx, a.District, a.Person, PasswordChanged, from, nil)
}

func setPassword(ctx context.Context, tx *db.Tx, a Account, password Hashed) error {
	n, err := tx.Change(ctx, `update accounts set password = $1 where district = $2 and login = $3 and $1 <> ''`,
		password.text, a.District, a.Login)
	return found(n, err)
}

// Close ends an account with every session, key and calendar address of it at
// once.
func Close(ctx context.Context, tx *db.Tx, district, login string, by By) (err error) {
	defer errs.Wrap(&err, "access.Close(%s, %s)", district, login)
	a, err := setActive(ctx, tx, district, login, false)
	if err != nil {
		return err
	}
	if _, err := EndSessions(ctx, tx, a.District, Staff(a.Login), ""); err != nil {
		return err
	}
	if err := endKeysOf(ctx, tx, a, by); err != nil {
		return err
	}
	return a.tell(ctx, tx, AccountClosed, by)
}

// Reopen opens a closed account again.
func Reopen(ctx context.Context, tx *db.Tx, district, login string, by By) (err error) {
	defer errs.Wrap(&err, "access.Reopen(%s, %s)", district, login)
	a, err := setActive(ctx, tx, district, login, true)
	if err != nil {
		return err
	}
	return a.tell(ctx, tx, AccountOpened, by)
}

func setActive(ctx context.Context, tx *db.Tx, district, login string, active bool) (Account, error) {
	a, err := Find(ctx, tx, district, login)
	if err != nil {
		return Account{}, err
	}
	n, err := tx.Change(ctx, `update accounts set active = $1 where district = $2 and login = $3`, active, a.District, a.Login)
	return a, found(n, err)
}

// Unlock empties the lines of an account, for somebody who is kept waiting by a
// stranger's guesses.
func Unlock(ctx context.Context, tx *db.Tx, district, login string, by By) (err error) {
	defer errs.Wrap(&err, "access.Unlock(%s, %s)", district, login)
	a, err := Find(ctx, tx, district, login)
	if err != nil {
		return err
	}
	for _, line := range []string{a.Login, a.Login + " " + string(ByCode), a.Login + " " + string(ByRecovery)} {
		if err := leaveLine(ctx, tx, a.District, line); err != nil {
			return err
		}
	}
	return a.tell(ctx, tx, AccountUnlocked, by)
}

// ResetFactors takes away an account's second factors, for somebody who has
// lost the phone and the recovery codes, and ends its sessions and keys. At the next
// sign-in a new one is asked for where the role needs it.
func ResetFactors(ctx context.Context, tx *db.Tx, district, login string, by By) (err error) {
	defer errs.Wrap(&err, "access.ResetFactors(%s, %s)", district, login)
	a, err := Find(ctx, tx, district, login)
	if err != nil {
		return err
	}
	if err := removeFactors(ctx, tx, a.District, Staff(a.Login)); err != nil {
		return err
	}
	if _, err := EndSessions(ctx, tx, a.District, Staff(a.Login), ""); err != nil {
		return err
	}
	if err := endKeysOf(ctx, tx, a, by); err != nil {
		return err
	}
	return a.tell(ctx, tx, FactorsReset, by)
}

// Find gives one account; errs.NotFound when there is none.
func Find(ctx context.Context, r db.Reader, district, login string) (a Account, err error) {
	defer errs.Wrap(&err, "access.Find(%s, %s)", district, login)
	a, err = db.One(ctx, r, (*Account).dest, `select district, login, person, active, created
		from accounts where district = $1 and login = $2`, district, normal(login))
	if errs.KindOf(err) == errs.NotFound {
		return Account{}, found(0, nil)
	}
	return a, err
}

// Accounts gives every account of a district by login.
func Accounts(ctx context.Context, r db.Reader, district string) (all []Account, err error) {
	defer errs.Wrap(&err, "access.Accounts(%s)", district)
	return db.All(ctx, r, (*Account).dest, `select district, login, person, active, created
		from accounts where district = $1 order by login`, district)
}

// Any reports whether a district has an account at all.
func Any(ctx context.Context, r db.Reader, district string) (_ bool, err error) {
	defer errs.Wrap(&err, "access.Any(%s)", district)
	n, err := db.Value[int](ctx, r, `select count(*) from (select login from accounts where district = $1 limit 1) one`, district)
	return n > 0, err
}

func (a *Account) dest() []any {
	return []any{&a.District, &a.Login, &a.Person, &a.Active, db.Time(&a.Created)}
}

func checkLogin(login string) error {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-@", r)
	}
	if login == "" || utf8.RuneCountInString(login) > loginMost || strings.ContainsFunc(login, odd) {
		return errs.New(errs.Invalid, "登录名用字母、数字和 . _ - @，最多 %d 个", "a login has letters, digits and . _ - @, at most %d", loginMost).At("login")
	}
	return nil
}

func found(n int64, err error) error {
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "没有这个账号", "there is no such account")
	}
	return err
}

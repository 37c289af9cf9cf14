package access

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"linli/internal/db"
	"linli/internal/errs"
)

// Account is a person's way in.
type Account struct {
	District string
	Login    string
	Person   string
	Active   bool
	Created  time.Time
}

// AddAccount adds an account with a checked password, in the caller's
// transaction. A login that is taken is errs.Conflict.
func AddAccount(ctx context.Context, tx *db.Tx, district, login, person string, password Hashed) (a Account, err error) {
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
	return a, err
}

// SetPassword gives an account another password. Its sessions go on; whoever
// suspects a thief ends them as well.
func SetPassword(ctx context.Context, tx *db.Tx, district, login string, password Hashed) (err error) {
	defer errs.Wrap(&err, "access.SetPassword(%s, %s)", district, login)
	n, err := tx.Change(ctx, `update accounts set password = $1 where district = $2 and login = $3 and $1 <> ''`,
		password.text, district, normal(login))
	return found(n, err)
}

// SetActive closes an account, or opens it again.
func SetActive(ctx context.Context, tx *db.Tx, district, login string, active bool) (err error) {
	defer errs.Wrap(&err, "access.SetActive(%s, %s, %t)", district, login, active)
	n, err := tx.Change(ctx, `update accounts set active = $1 where district = $2 and login = $3`, active, district, normal(login))
	return found(n, err)
}

// Find gives one account; errs.NotFound when there is none.
func Find(ctx context.Context, r db.Reader, district, login string) (a Account, err error) {
	defer errs.Wrap(&err, "access.Find(%s, %s)", district, login)
	return db.One(ctx, r, (*Account).dest, `select district, login, person, active, created
		from accounts where district = $1 and login = $2`, district, normal(login))
}

// Accounts gives every account of a district by login.
func Accounts(ctx context.Context, r db.Reader, district string) (all []Account, err error) {
	defer errs.Wrap(&err, "access.Accounts(%s)", district)
	return db.All(ctx, r, (*Account).dest, `select district, login, person, active, created
		from accounts where district = $1 order by login`, district)
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
		return errs.New(errs.NotFound, "没有这个账号", "no such account")
	}
	return err
}

package access

import (
	"context"
	"crypto/rand"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
)

// inviteTime is how long a link of invitation is good.
const inviteTime = 48 * time.Hour

// Invitation is a link by which somebody sets a password of their own, so that
// nobody ever hands one over.
type Invitation struct {
	District string
	Login    string
	Person   string
	Expires  time.Time
}

// Invite makes a link's secret for a person: it opens an account that is not
// there yet, or sets another password for one that is. Earlier links of the
// login are worthless from now on. The text is given this once.
func Invite(ctx context.Context, tx *db.Tx, district, login, person string, by By) (i Invitation, text string, err error) {
	defer errs.Wrap(&err, "access.Invite(%s, %s)", district, login)
	i = Invitation{District: district, Login: normal(login), Person: person, Expires: tx.Now.Add(inviteTime)}
	if err := checkLogin(i.Login); err != nil {
		return Invitation{}, "", err
	}
	a, err := Find(ctx, tx, district, login)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		a = Account{District: district, Login: i.Login, Person: person}
	case err != nil:
		return Invitation{}, "", err
	case !a.Active:
		return Invitation{}, "", errs.New(errs.Conflict, "账号 %s 已经关闭，先重新打开", "the account %s is closed; reopen it first", a.Login)
	case a.Person != person:
		return Invitation{}, "", errs.New(errs.Conflict, "登录名 %s 是别人的", "the login %s is somebody else’s", a.Login)
	}
	if err := tx.Exec(ctx, `delete from invitations where district = $1 and login = $2`, district, i.Login); err != nil {
		return Invitation{}, "", err
	}
	text = rand.Text()
	if err := tx.Exec(ctx, `insert into invitations (district, hash, login, person, created, expires, used) values ($1, $2, $3, $4, $5, $6, 0)`,
		district, hash(text), i.Login, person, db.At(tx.Now), db.At(i.Expires)); err != nil {
		return Invitation{}, "", err
	}
	return i, text, a.tell(ctx, tx, AccountInvited, by)
}

// Invited gives the invitation of a link's secret. One that is unknown, used or
// too old is one errs.NotFound.
func Invited(ctx context.Context, r db.Reader, district, text string, now time.Time) (i Invitation, err error) {
	defer errs.Wrap(&err, "access.Invited")
	i, err = db.One(ctx, r, func(i *Invitation) []any { return []any{&i.District, &i.Login, &i.Person, db.Time(&i.Expires)} },
		`select district, login, person, expires from invitations where district = $1 and hash = $2 and used = 0 and expires > $3`,
		district, hash(text), db.At(now))
	if errs.KindOf(err) == errs.NotFound {
		return Invitation{}, gone()
	}
	return i, err
}

// Accept sets the password that somebody chose by a link, and opens the account
// where there was none. The link is used up; sessions of before end.
func Accept(ctx context.Context, tx *db.Tx, district, text string, password Hashed, from From) (a Account, err error) {
	defer errs.Wrap(&err, "access.Accept")
	i, err := Invited(ctx, tx, district, text, tx.Now)
	if err != nil {
		return Account{}, err
	}
	n, err := tx.Change(ctx, `update invitations set used = $1 where district = $2 and hash = $3 and used = 0`, db.At(tx.Now), district, hash(text))
	if err != nil {
		return Account{}, err
	}
	if n == 0 {
		return Account{}, gone() // two followed the link at once
	}
	a, err = Find(ctx, tx, district, i.Login)
	if errs.KindOf(err) == errs.NotFound {
		return AddAccount(ctx, tx, district, i.Login, i.Person, password, By{Person: i.Person})
	}
	if err == nil && !a.Active {
		err = gone()
	}
	if err != nil {
		return Account{}, err
	}
	return a, ChangePassword(ctx, tx, a, password, "", from)
}

func gone() error {
	return errs.New(errs.NotFound, "这个链接用过了，或者已经过了 %d 小时。请找给您链接的人再要一个。", "This link was used already or is older than %d hours. Please ask whoever gave it to you for another.", int(inviteTime.Hours()))
}

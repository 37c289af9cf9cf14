package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/lang"
	"linli/internal/org"
	"linli/internal/rights"
)

// account looks after ways in: for a person, or for another system (key NAME).
// A password is read from the first line of standard input and never from the
// command line, where others could see it; better still is a link by which the
// person chooses one (invite).
func account(ctx context.Context, args []string, out io.Writer) error {
	usage := errs.New(errs.Invalid,
		"用法：linli account invite 登录名（给一次性链接）| add 登录名（密码从标准输入读）| unlock、reset-factor、close、reopen 登录名 | key 名称，都要 --district 代码",
		"usage: linli account invite LOGIN (gives a link) | add LOGIN (password on standard input) | unlock, reset-factor, close or reopen LOGIN | key NAME, each with --district CODE")
	if len(args) == 0 {
		return usage
	}
	f := flags("account "+args[0], out)
	i := importFlags(f)
	days := f.Int("days", 365, "how long a key is good")
	url := f.String("url", "http://127.0.0.1:8080", "address of the pages, for the link of invite")
	rest, err := interspersed(f, args[1:])
	if err != nil {
		return err
	}
	change, known := accountVerbs[args[0]]
	if len(rest) != 1 || !known && !slices.Contains([]string{"add", "invite", "key"}, args[0]) {
		return usage
	}
	a, err := i.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	switch args[0] {
	case "add":
		return addAccount(ctx, a, *i.district, rest[0], out)
	case "invite":
		return invite(ctx, a, *i.district, rest[0], *url, out)
	case "key":
		return addKey(ctx, a, *i.district, rest[0], *days, out)
	}
	return changeAccount(ctx, a, *i.district, rest[0], change, out)
}

// accountVerb is what an operator does to an account that is there, and what is
// said of it.
type accountVerb struct {
	do   func(ctx context.Context, tx *db.Tx, district, login string, by access.By) error
	said lang.Text
}

var accountVerbs = map[string]accountVerb{
	"unlock":       {access.Unlock, lang.T("不用再排队等了", "need not wait in line any more")},
	"reset-factor": {access.ResetFactors, lang.T("第二步验证清掉了，下次登录重新设", "has no second step any more and sets up a new one at the next sign-in")},
	"close":        {access.Close, lang.T("关闭了，登录都已结束", "is closed and signed out everywhere")},
	"reopen":       {access.Reopen, lang.T("重新打开了", "is open again")},
}

func changeAccount(ctx context.Context, a *app.App, code, login string, v accountVerb, out io.Writer) error {
	err := a.DB.Write(ctx, func(tx *db.Tx) error { return v.do(ctx, tx, code, login, access.By{}) })
	if err == nil {
		fmt.Fprintf(out, "%s %s · %s %s\n", login, v.said.ZH, login, v.said.In(lang.EN))
	}
	return err
}

// personOf is who a login belongs to, by the table of people.
func personOf(ctx context.Context, a *app.App, code, login string) (*district.District, org.Person, error) {
	d, err := a.Districts.Get(ctx, code)
	if err != nil {
		return nil, org.Person{}, err
	}
	person, ok := d.Org.PersonByLogin(login)
	if !ok {
		return nil, org.Person{}, errs.New(errs.NotFound, "人员表里没有登录名 %s，先导入 people.csv。", "There is no person with the login %s; import people.csv first.", login)
	}
	return d, person, nil
}

// invite prints a link by which a person chooses a password.
func invite(ctx context.Context, a *app.App, code, login, url string, out io.Writer) error {
	d, person, err := personOf(ctx, a, code, login)
	if err != nil {
		return err
	}
	var i access.Invitation
	var text string
	if err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		i, text, err = access.Invite(ctx, tx, code, login, string(person.ID), access.By{})
		return err
	}); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s/sign-in/invited/%s\n", strings.TrimRight(url, "/"), text)
	until := i.Expires.In(d.Calendar.Zone()).Format("2006-01-02 15:04")
	fmt.Fprintf(out, "请当面或用可靠的办法交给%s，%s 前有效，只能用一次 · hand this to %s in person; it is good once, until %s\n", person.Name, until, person.Name, until)
	return nil
}

func addAccount(ctx context.Context, a *app.App, code, login string, out io.Writer) error {
	d, person, err := personOf(ctx, a, code, login)
	if err != nil {
		return err
	}
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && line == "" {
		return errs.New(errs.Invalid, "请从标准输入给出密码。", "Please give the password on standard input.").Because(err)
	}
	password, err := a.Guard.Hash(ctx, login, strings.TrimRight(line, "\r\n"), d.Settings.Name, d.Settings.NameEN, code)
	if err != nil {
		return err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := access.AddAccount(ctx, tx, code, login, string(person.ID), password, access.By{})
		return err
	})
	if err == nil {
		fmt.Fprintf(out, "%s 可以登录了 · %s can sign in\n", login, login)
	}
	return err
}

func addKey(ctx context.Context, a *app.App, code, name string, days int, out io.Writer) error {
	var text string
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		_, text, err = access.AddKey(ctx, tx, access.Key{District: code, Name: name, Scopes: []rights.Right{rights.ReportReceive}, Expires: tx.Now.Add(time.Duration(days) * 24 * time.Hour)}, access.By{})
		return err
	})
	if err == nil {
		fmt.Fprintf(out, "%s\n只显示这一次，请收好 · shown this once, keep it safe\n", text)
	}
	return err
}

// migrate brings the schema up to date, which every command does, and says so.
func migrate(ctx context.Context, args []string, out io.Writer) error {
	f := flags("migrate", out)
	i := importFlags(f)
	if err := parse(f, args); err != nil {
		return err
	}
	a, err := i.open(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s 的表是最新的 · the tables of %s are up to date\n", db.Redact(*i.database), db.Redact(*i.database))
	return a.Close()
}

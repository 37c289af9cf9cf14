package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/errs"
)

// account adds a way in: for a person (add LOGIN), or for another system
// (key NAME). The password is read from the first line of standard input and
// never from the command line, where others could see it.
func account(ctx context.Context, args []string, out io.Writer) error {
	usage := errs.New(errs.Invalid, "用法：linli account add 登录名 --district 代码（密码从标准输入读）| key 名称 --district 代码", "usage: linli account add LOGIN --district CODE (password on standard input) | key NAME --district CODE")
	if len(args) == 0 {
		return usage
	}
	f := flags("account "+args[0], out)
	i := importFlags(f)
	days := f.Int("days", 365, "how long a key is good")
	rest, err := interspersed(f, args[1:])
	if err != nil {
		return err
	}
	if len(rest) != 1 {
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
	case "key":
		return addKey(ctx, a, *i.district, rest[0], *days, out)
	}
	return usage
}

func addAccount(ctx context.Context, a *app.App, code, login string, out io.Writer) error {
	d, err := a.Districts.Get(ctx, code)
	if err != nil {
		return err
	}
	person, ok := d.Org.PersonByLogin(login)
	if !ok {
		return errs.New(errs.NotFound, "人员表里没有登录名 %s，先导入 people.csv。", "There is no person with the login %s; import people.csv first.", login)
	}
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && line == "" {
		return errs.New(errs.Invalid, "请从标准输入给出密码。", "Please give the password on standard input.").Because(err)
	}
	password, err := a.Guard.Hash(ctx, login, strings.TrimRight(line, "\r\n"))
	if err != nil {
		return err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := access.AddAccount(ctx, tx, code, login, string(person.ID), password)
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
		_, text, err = access.AddKey(ctx, tx, code, name, []access.Right{access.ReportReceive}, tx.Now.Add(time.Duration(days)*24*time.Hour))
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

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"filippo.io/age"

	"linli/internal/app"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/move"
	"linli/internal/trail"
)

// takeOut is linli export: a whole district, to a folder or a zip file, or its
// cases in a form that others agreed on.
func takeOut(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 && args[0] == standard39046 {
		return takeOutService(ctx, args[1:], out)
	}
	usage := errs.New(errs.Invalid, "用法：linli export district 文件夹|文件.zip --district 代码 [--clear-to age1…,age1…]，或 linli export 39046 文件夹 --district 代码 [--from 日期 --to 日期]",
		"usage: linli export district FOLDER|FILE.zip --district CODE [--clear-to age1…,age1…], or linli export 39046 FOLDER --district CODE [--from DATE --to DATE]")
	f := flags("export", out)
	i := importFlags(f)
	clear := f.String("clear-to", "", "age recipients who get sealed fields in clear, encrypted to them; for an installation with keys of its own")
	address := f.String("log-address", "", "what the public log is called, as linli serve has it")
	rest, err := interspersed(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 2 || rest[0] != "district" {
		return usage
	}
	to, err := recipients(*clear)
	if err != nil {
		return err
	}
	a, err := app.New(ctx, app.Config{Database: *i.database, Files: *i.files, District: *i.district, LogAddress: *address})
	if err != nil {
		return err
	}
	defer a.Close()
	code, err := i.oneDistrict(ctx, a)
	if err != nil {
		return err
	}
	place, err := move.NewPlace(rest[1])
	if err != nil {
		return err
	}
	m, err := a.MoveOut(ctx, place, code, to, true, line(out))
	if err != nil {
		return err
	}
	tellOut(out, rest[1], m)
	return nil
}

func tellOut(out io.Writer, where string, m *move.Manifest) {
	rows := int64(0)
	for _, r := range m.Resources {
		if strings.HasPrefix(r.Path, "tables/") {
			rows += r.Rows
		}
	}
	fmt.Fprintf(out, "\n区 · district %s → %s: %d 行 rows, %d 张照片 pictures\n", m.Linli.District, where, rows, m.Linli.Photos)
	if m.Linli.Absent > 0 {
		fmt.Fprintf(out, "%d 个照片文件不在文件夹里 · picture files that were not there\n", m.Linli.Absent)
	}
	if !m.Linli.Clear {
		fmt.Fprintf(out, "姓名和电话是密文。密钥文件 %s 不在里面：另外送，不要和导出放在一起。\nNames and phone numbers are sealed. The key file %[1]s is not in it: send it another way, and keep the two apart.\n", app.KeyFile)
	}
}

// oneDistrict is the district that was named, or the only one.
func (i importing) oneDistrict(ctx context.Context, a *app.App) (string, error) {
	if *i.district != "" {
		return *i.district, nil
	}
	codes, err := district.Codes(ctx, a.DB)
	if err == nil && len(codes) != 1 {
		return "", errs.New(errs.Invalid, "库里有 %d 个区，请用 --district 说是哪一个。", "The database has %d districts; name one with --district.", len(codes))
	}
	return strings.Join(codes, ""), err
}

func recipients(list string) (all []age.Recipient, err error) {
	for _, one := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		r, err := age.ParseRecipients(strings.NewReader(one))
		if err != nil {
			return nil, errs.New(errs.Invalid, "“%s”不是 age 的公钥。", "“%s” is no age recipient.", one).Because(err)
		}
		all = append(all, r...)
	}
	return all, nil
}

func identities(name string) ([]age.Identity, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, errs.New(errs.NotFound, "打不开文件 %s。", "The file %s cannot be opened.", name).Because(err)
	}
	defer f.Close()
	all, err := age.ParseIdentities(f)
	if err != nil {
		return nil, errs.New(errs.Invalid, "%s 里没有 age 的私钥。", "There is no age identity in %s.", name).Because(err)
	}
	return all, nil
}

// bringExport is linli import export: a district that another installation took out.
func bringExport(ctx context.Context, a *app.App, name, identity string, out io.Writer) error {
	with, err := identities(identity)
	if err != nil {
		return err
	}
	files, done, err := move.OpenPlace(name)
	if err != nil {
		return err
	}
	defer func() { _ = done() }()
	loaded, err := a.MoveIn(ctx, files, with, true, line(out))
	if err != nil {
		return err
	}
	rows := int64(0)
	for _, n := range loaded.Tables {
		rows += n
	}
	fmt.Fprintf(out, "\n区 · district %s: %d 行 rows, %d 张照片 pictures, 日志 log %d\n", loaded.District, rows, loaded.Photos, loaded.Log.Size)
	if loaded.Log.Origin != trail.Origin(loaded.District) {
		fmt.Fprintf(out, "日志的名字是 %s：服务时加 --log-address %s，日志才在原名下接着走。\nThe log is called %[1]s: serve with --log-address %[2]s, so that it goes on under its name.\n",
			loaded.Log.Origin, strings.TrimSuffix(loaded.Log.Origin, "/"+loaded.District))
	}
	fmt.Fprintln(out, "先停掉原来那里，再从这里对外服务：两处一起跑，会重复通知人。\nStop the former place before this one serves: with both running, people would be told twice.")
	return nil
}

// backup copies an installation that may be running.
func backup(ctx context.Context, args []string, out io.Writer) error {
	f := flags("backup", out)
	i := importFlags(f)
	rest, err := interspersed(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errs.New(errs.Invalid, "用法：linli backup 文件.zip [--database sqlite:…] [--files 文件夹]", "usage: linli backup FILE.zip [--database sqlite:…] [--files DIR]")
	}
	c, err := move.Backup(ctx, i.installation(), rest[0], time.Now, line(out))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n备份在 %s：%d 个文件。密钥文件 %s 不在里面，另外备份，分开保管。\nThe backup is %[1]s, with %[2]d files. The key file %[3]s is not in it: back it up apart.\n", rest[0], c.Files, app.KeyFile)
	return nil
}

func (i importing) installation() move.Installation {
	return move.Installation{Database: *i.database, Files: *i.files, KeyFile: app.KeyFile}
}

// restore puts a backup back where nothing runs.
func restore(ctx context.Context, args []string, out io.Writer) error {
	f := flags("restore", out)
	i := importFlags(f)
	force := f.Bool("force", false, "put aside what is there")
	rest, err := interspersed(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errs.New(errs.Invalid, "用法：linli restore 文件.zip [--database sqlite:…] [--files 文件夹] [--force]", "usage: linli restore FILE.zip [--database sqlite:…] [--files DIR] [--force]")
	}
	files, done, err := move.OpenPlace(rest[0])
	if err != nil {
		return err
	}
	defer func() { _ = done() }()
	r, err := move.Restore(ctx, files, i.installation(), *force, time.Now(), line(out))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n恢复到 %s 的样子 · restored as of %[1]s\n", r.Created.Local().Format(time.DateTime))
	if r.Aside != "" {
		fmt.Fprintf(out, "原来的放在 %s · what was there lies in %[1]s\n", r.Aside)
	}
	if !r.HasKeys {
		fmt.Fprintf(out, "把备份时的密钥文件放到 %s/%s，否则姓名和电话打不开。\nPut the key file of then at %[1]s/%[2]s; without it names and phone numbers cannot be read.\n", *i.files, app.KeyFile)
	}
	return nil
}

// line shows how far something is, on one line that is written over.
func line(out io.Writer) func(what string, done int64) {
	begun := time.Now()
	last := time.Time{}
	return func(what string, done int64) {
		if now := time.Now(); now.Sub(last) > 200*time.Millisecond {
			last = now
			fmt.Fprintf(out, "\r%-70s", fmt.Sprintf("  %s %d  %s", what, done, now.Sub(begun).Round(time.Second)))
		}
	}
}

// rate shows how many rows of how many are done, and how long the rest will take.
func rate(out io.Writer) func(done, total int) {
	begun, last := time.Now(), time.Time{}
	return func(done, total int) {
		now := time.Now()
		if now.Sub(last) < 200*time.Millisecond && done < total {
			return
		}
		last = now
		took := now.Sub(begun)
		left := time.Duration(float64(took) / float64(max(done, 1)) * float64(total-done))
		fmt.Fprintf(out, "\r%-70s", fmt.Sprintf("  %d / %d  %.0f/s  还要 · left %s", done, total, float64(done)/max(took.Seconds(), 0.001), left.Round(time.Second)))
		if done >= total {
			fmt.Fprintln(out)
		}
	}
}

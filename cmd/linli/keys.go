package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/retain"
	"linli/internal/vault"
)

// keys makes, lists, changes and retires the keys with which personal fields are
// sealed. The program may serve meanwhile.
func keys(ctx context.Context, args []string, out io.Writer) error {
	usage := errs.New(errs.Invalid, "用法：linli keys make | list | rotate | retire 版本 [--files 文件夹] [--database …] [--cipher aes-256-gcm|sm4-gcm]",
		"usage: linli keys make | list | rotate | retire VERSION [--files DIR] [--database …] [--cipher aes-256-gcm|sm4-gcm]")
	if len(args) == 0 {
		return usage
	}
	f := flags("keys "+args[0], out)
	i := importFlags(f)
	name := f.String("cipher", string(vault.AES), "aes-256-gcm or sm4-gcm, for make and rotate")
	rest, err := interspersed(f, args[1:])
	if err != nil {
		return err
	}
	cipher, err := vault.ParseCipher(*name)
	if err != nil {
		return err
	}
	path := filepath.Join(*i.files, app.KeyFile)
	switch {
	case args[0] == "make" && len(rest) == 0:
		return makeKeys(path, cipher, out)
	case args[0] == "list" && len(rest) == 0:
		return i.withKeys(ctx, func(k keeper) error { return k.list(ctx, path, out) })
	case args[0] == "rotate" && len(rest) == 0:
		return i.withKeys(ctx, func(k keeper) error { return k.rotate(ctx, path, cipher, out) })
	case args[0] == "retire" && len(rest) == 1:
		version, err := strconv.Atoi(rest[0])
		if err != nil {
			return usage
		}
		return i.withKeys(ctx, func(k keeper) error { return k.retire(ctx, path, version, out) })
	}
	return usage
}

// makeKeys makes the key file before the first start, where another cipher than
// the usual one is asked for.
func makeKeys(path string, c vault.Cipher, out io.Writer) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil {
		return errs.New(errs.Conflict, "%s 已经有了。要换密钥请用 linli keys rotate。", "%s is there already. To change keys use linli keys rotate.", path)
	}
	if err := vault.Make(path, c); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s：%s。和数据库分开备份，丢了它，姓名和电话就再也打不开。\nBack it up apart from the database: without it names and phone numbers are lost.\n", path, c)
	return nil
}

// keeper has what the keys of a database need.
type keeper struct {
	*app.App
	districts []string
}

func (i importing) withKeys(ctx context.Context, do func(keeper) error) error {
	a, err := i.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	codes, err := district.Codes(ctx, a.DB)
	if err != nil {
		return err
	}
	return do(keeper{a, codes})
}

// list prints the versions, and how many values of each field each of them holds.
func (k keeper) list(ctx context.Context, path string, out io.Writer) error {
	versions, index, err := vault.Versions(path)
	if err != nil {
		return err
	}
	held, err := retain.Count(ctx, k.DB, k.Vault, k.districts)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "盲索引 · blind index: %s\n\n", index)
	w := tabwriter.NewWriter(out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "版本 version\t加密 cipher\t字段 field\t条数 values")
	for _, v := range versions {
		cipher, state := string(v.Cipher), ""
		if v.Newest {
			state = " ← 现用 in use"
		}
		fmt.Fprintf(w, "%d\t%s%s\t\t%d\n", v.Number, cipher, state, sumOf(held, v.Number))
		for _, h := range held {
			if h.Version == v.Number && h.Values > 0 {
				fmt.Fprintf(w, "\t\t%s.%s\t%d\n", h.Table, h.Column, h.Values)
			}
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if lost := sumOf(held, 0); lost > 0 {
		fmt.Fprintf(out, "\n%d 个值的密钥不在文件里，打不开；找回停用时放到一边的密钥文件。\nThe keys of %[1]d values are not in the file: look for the key file put aside when a version was retired.\n", lost)
	}
	return nil
}

func sumOf(held []vault.Held, version int) (n int) {
	for _, h := range held {
		if h.Version == version {
			n += h.Values
		}
	}
	return n
}

// rotate adds a version and asks for everything to be sealed again.
func (k keeper) rotate(ctx context.Context, path string, c vault.Cipher, out io.Writer) error {
	number, err := vault.Rotate(path, c)
	if err != nil {
		return err
	}
	for _, code := range k.districts {
		if err := k.DB.Write(ctx, func(tx *db.Tx) error { return retain.AskReseal(ctx, tx, code) }); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "第 %d 版（%s）已经在用，服务不用停。旧值由后台一批批换过来，看进度：linli keys list。先备份新的密钥文件。\n", number, c)
	fmt.Fprintf(out, "Version %d (%s) is in use; nothing has to stop. Older values are sealed again by a job; see linli keys list. Back up the new key file first.\n", number, c)
	return nil
}

// retire puts a version aside that no value needs any more.
func (k keeper) retire(ctx context.Context, path string, version int, out io.Writer) error {
	held, err := retain.Count(ctx, k.DB, k.Vault, k.districts)
	if err != nil {
		return err
	}
	versions, _, err := vault.Versions(path)
	if err != nil {
		return err
	}
	newest := versions[len(versions)-1].Number // of which Retire says that it is in use
	if n := sumOf(held, version); n > 0 && version != newest {
		return errs.New(errs.Conflict, "还有 %d 个值是用第 %d 版加密的，等它们换完再停用：linli keys list。", "%d values are still sealed with version %d; retire it when they are done: linli keys list.", n, version)
	}
	aside, err := vault.Retire(path, version)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "第 %d 版停用，放到了 %s。更早的数据库备份还要它：同那些备份放在一起，不要留在这里。\n", version, aside)
	fmt.Fprintf(out, "Version %d is retired and lies in %s. Older backups of the database need it: keep it with them, not here.\n", version, aside)
	return nil
}

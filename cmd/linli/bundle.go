package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"linli/internal/app"
	"linli/internal/doctor"
	"linli/internal/errs"
)

// bundle writes what whoever helps needs to know, and nothing personal.
func bundle(ctx context.Context, args []string, out io.Writer) (err error) {
	f, p := flags("bundle", out), &placing{}
	f.StringVar(&p.database, "database", "sqlite:linli.db", "sqlite:PATH or postgres://…")
	f.StringVar(&p.files, "files", "files", "folder of pictures and of the key file")
	rest, err := interspersed(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errs.New(errs.Invalid, "用法：linli bundle 文件.zip", "usage: linli bundle FILE.zip")
	}
	at, err := p.place()
	if err != nil {
		return err
	}
	at.Reach = nil
	about := doctor.About{Version: app.Version(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	for _, one := range os.Environ() {
		if name, _, _ := strings.Cut(one, "="); strings.HasPrefix(name, "LINLI_") {
			about.Settings = append(about.Settings, name)
		}
	}
	slices.Sort(about.Settings)
	file, err := os.OpenFile(rest[0], os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := doctor.Bundle(ctx, file, at, about); err != nil {
		_ = file.Close() // it is of no use
		return err
	}
	fmt.Fprintf(out, "%[1]s 写好了，发出前请打开看一眼 · %[1]s is written; look into it before you send it\n", rest[0])
	return file.Close()
}

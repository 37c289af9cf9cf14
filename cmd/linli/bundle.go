package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/doctor"
	"linli/internal/errs"
	"linli/internal/outbound"
)

// bundle writes what whoever helps needs to know, and nothing personal.
func bundle(ctx context.Context, args []string, out io.Writer) (err error) {
	f, p := flags("bundle", out), &placing{}
	f.StringVar(&p.database, "database", "sqlite:linli.db", "sqlite:PATH or postgres://…")
	f.StringVar(&p.files, "files", "files", "folder of pictures and of the key file")
	metrics := f.String("metrics", "", "address on which a running copy serves its metrics, as serve has it")
	log := f.String("log-file", "", "file of the log, whose last lines go in; - is standard input, such as from journalctl")
	rest, err := interspersed(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errs.New(errs.Invalid, "用法：linli bundle 文件.zip", "usage: linli bundle FILE.zip")
	}
	more, err := attached(ctx, *metrics, *log, out)
	if err != nil {
		return err
	}
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
	if err := doctor.Bundle(ctx, file, p.place(), about, more...); err != nil {
		_ = file.Close() // it is of no use
		return err
	}
	fmt.Fprintf(out, "%[1]s 写好了，发出前请打开看一眼 · %[1]s is written; look into it before you send it\n", rest[0])
	return file.Close()
}

// attached are the metrics of a running copy and the end of its log. Metrics that
// cannot be had are no reason to give no bundle: the copy may be what is wrong.
func attached(ctx context.Context, metrics, log string, out io.Writer) (more []doctor.Attached, err error) {
	if metrics != "" {
		data, err := fetchMetrics(ctx, metrics)
		if err != nil {
			fmt.Fprintf(out, "拿不到指标 · no metrics: %v\n", err)
		} else {
			more = append(more, doctor.Attached{Name: "metrics.txt", Data: data})
		}
	}
	in := io.ReadCloser(os.Stdin)
	switch log {
	case "":
		return more, nil
	case "-":
	default:
		if in, err = os.Open(log); err != nil {
			return nil, errs.New(errs.NotFound, "打不开日志 %s。", "The log %s cannot be opened.", log).Because(err)
		}
		defer in.Close()
	}
	lines, err := app.LogEnd(in)
	return append(more, doctor.Attached{Name: "log.txt", Data: []byte(strings.Join(lines, "\n") + "\n")}), err
}

// metricsMost bounds what is taken of a copy's metrics.
const metricsMost = 4 << 20

// fetchMetrics asks a copy of the program for its metrics. The operator named its
// address, so any will do.
func fetchMetrics(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	asks := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := asks.Do(r)
	if err != nil {
		return nil, err
	}
	if got.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("%s answers %d", address, got.StatusCode), got.Body.Close())
	}
	return outbound.Read(got, metricsMost)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"linli/internal/app"
	"linli/internal/errs"
)

func main() {
	// The live heap is small; collecting half as often costs some megabytes and
	// leaves a tenth more time for requests. GOGC still has the last word.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if log, err := logTo(os.Stderr, "text"); err == nil { // text is known
		slog.SetDefault(log)
	}
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "linli:", said(err))
		os.Exit(1)
	}
}

// logTo is a log that holds nothing personal, written as text or json.
func logTo(out io.Writer, form string) (*slog.Logger, error) {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	switch form {
	case "text":
		return slog.New(app.Careful(slog.NewTextHandler(out, options))), nil
	case "json":
		return slog.New(app.Careful(slog.NewJSONHandler(out, options))), nil
	}
	return nil, errs.New(errs.Invalid, "--log 写 text 或 json，不是 %s。", "--log is text or json, not %s.", form)
}

// said is what a person at the command line is told: the text where there is
// one, in both languages, and otherwise the error itself.
func said(err error) string {
	if text, ok := errs.TextOf(err); ok {
		return text.ZH + "\n       " + text.EN
	}
	return err.Error()
}

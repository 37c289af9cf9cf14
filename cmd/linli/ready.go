package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"linli/internal/errs"
)

// readyTime bounds the question of ready.
const readyTime = 3 * time.Second

// ready asks a running copy of the program whether it is ready, for a container
// that has no other program in it.
func ready(ctx context.Context, args []string, out io.Writer) error {
	if len(args) != 1 {
		return errs.New(errs.Invalid, "用法：linli ready http://127.0.0.1:8080", "usage: linli ready http://127.0.0.1:8080")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(args[0], "/")+"/readyz", nil)
	if err != nil {
		return err
	}
	asks := &http.Client{Timeout: readyTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := asks.Do(r)
	if err != nil {
		return errs.New(errs.Busy, "没有人答应。", "Nobody answers.").Because(err)
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusOK {
		return errs.New(errs.Busy, "还没准备好：%d。", "Not ready: %d.", got.StatusCode)
	}
	fmt.Fprintln(out, "ok")
	return nil
}

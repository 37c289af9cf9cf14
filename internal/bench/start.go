package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"linli/internal/app"
)

// Start measures how soon the program answers on a database that is there, and
// the memory it takes with the demo district open.
func Start(ctx context.Context, cfg Config) error {
	dir, remove, err := cfg.folder()
	if err != nil {
		return err
	}
	defer remove()
	conf := app.Config{Unlimited: true, Log: slog.New(slog.DiscardHandler)}
	made, err := app.NewDemo(ctx, dir, conf, io.Discard)
	if err != nil {
		return err
	}
	if err := made.Close(); err != nil {
		return err
	}
	debug.FreeOSMemory()
	begin := cfg.Now()
	d, err := app.NewDemo(ctx, dir, conf, io.Discard)
	if err != nil {
		return err
	}
	defer d.Close()
	handler := d.Handler(d.House)
	if err := ask(ctx, handler, "/"); err != nil {
		return err
	}
	took := cfg.Now().Sub(begin)
	for range 200 {
		if err := ask(ctx, handler, "/"); err != nil {
			return err
		}
	}
	runtime.GC()
	debug.FreeOSMemory()
	fmt.Fprintf(cfg.Out, "| first page after start, 2,000 cases | resident memory |\n|---|---|\n| %s | %s |\n", ms(took), resident())
	return nil
}

func ask(ctx context.Context, handler http.Handler, path string) error {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		return fmt.Errorf("%s answers %d", path, w.Code)
	}
	return nil
}

// resident is this process's resident memory.
func resident() string {
	kb := memory(allMemory)
	if kb == 0 {
		return "not known here"
	}
	return fmt.Sprintf("%d MB", kb/1024)
}

// What Linux tells of a process: all that is in memory, with the pages of files
// that are mapped in, and what is the process's own.
const (
	allMemory = "VmRSS:"
	ownMemory = "RssAnon:"
)

// memory is how much of one sort this process has, in KB; 0 where that is not
// told.
func memory(sort string) int {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(data), "\n") {
		if rest, ok := strings.CutPrefix(line, sort); ok {
			kb, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB")) // 0 where it is no number
			return kb
		}
	}
	return 0
}

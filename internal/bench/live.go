package bench

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"linli/internal/app"
	"linli/internal/intake"
	"linli/internal/sample"
)

// livePages is how many pages are open at once, and liveIdle how long nothing
// happens while the processor is watched.
const (
	livePages   = 1000
	liveIdle    = 20 * time.Second
	liveChanges = 20
)

const liveHead = `| engine | pages open | memory, pages and their readers | of a core while nothing happens | changes | an update reaches a page, p50 | p99 |
|---|---|---|---|---|---|---|
`

// Live measures what open live pages cost, and how soon each hears of a change.
// The readers run in this process too, so that memory and processor are both
// sides' together.
func Live(ctx context.Context, cfg Config) error {
	fmt.Fprint(cfg.Out, liveHead)
	return onEach(ctx, cfg, "live", liveOn)
}

func liveOn(ctx context.Context, cfg Config, address, dir string) error {
	conf := app.Config{Unlimited: true, Database: address, Files: filepath.Join(dir, "files"), District: sample.DistrictCode, Log: slog.New(slog.DiscardHandler)}
	if err := app.Seed(ctx, conf); err != nil {
		return err
	}
	a, err := app.New(ctx, conf)
	if err != nil {
		return err
	}
	defer a.Close()
	on, err := serve(ctx, a)
	if err != nil {
		return err
	}
	err = on.livePages(ctx, cfg)
	return cmp.Or(err, on.stop())
}

func (s *served) livePages(ctx context.Context, cfg Config) error {
	browser, err := s.signIn(ctx, "zhouhui", app.DemoPassword)
	if err != nil {
		return err
	}
	debug.FreeOSMemory()
	before := memory(allMemory)
	heard := make(chan time.Time, livePages*2)
	for range livePages {
		conn, err := s.listen(ctx, browser)
		if err != nil {
			return err
		}
		defer conn.Close()
		go hear(conn, heard, cfg.Now)
	}
	select { // what follows from opening is over
	case <-ctx.Done():
	case <-time.After(3 * time.Second):
	}
	debug.FreeOSMemory()
	grown := memory(allMemory) - before
	used, begin := processor(), cfg.Now()
	select {
	case <-ctx.Done():
	case <-time.After(liveIdle):
	}
	share := 100 * float64(processor()-used) / float64(cfg.Now().Sub(begin))
	each, err := s.changes(ctx, cfg, heard)
	if err != nil {
		return err
	}
	l := load{each: each}
	fmt.Fprintf(cfg.Out, "| %s | %d | %d MB | %.1f %% | %d | %s | %s |\n", s.DB.Engine(), livePages, grown/1024, share, liveChanges, ms(l.at(.5)), ms(l.at(.99)))
	return nil
}

// changes takes in reports one after the other and waits for every page to hear
// of each.
func (s *served) changes(ctx context.Context, cfg Config, heard chan time.Time) (each []time.Duration, err error) {
	d, err := s.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return nil, err
	}
	for range liveChanges {
		for len(heard) > 0 {
			<-heard
		}
		if _, err := s.Desk.Receive(ctx, d, intake.Sending{Channel: intake.Hotline, Text: "楼道灯坏了", Matter: "m06013", Address: "桂香路 18 号"}); err != nil {
			return nil, err
		}
		on := cfg.Now()
		for range livePages {
			select {
			case at := <-heard:
				each = append(each, at.Sub(on))
			case <-time.After(10 * time.Second):
				return nil, fmt.Errorf("a page hears nothing")
			}
		}
		select { // what the jobs change later is not this change
		case <-ctx.Done():
		case <-time.After(2 * time.Second):
		}
	}
	slices.Sort(each)
	return each, nil
}

// listen opens one stream, as a page does, and gives it after its first word.
func (s *served) listen(ctx context.Context, browser *http.Client) (net.Conn, error) {
	var dial net.Dialer
	conn, err := dial.DialContext(ctx, "tcp", s.address)
	if err != nil {
		return nil, err
	}
	var cookies []string
	for _, c := range browser.Jar.Cookies(&url.URL{Scheme: "http", Host: s.address, Path: "/"}) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	_, err = fmt.Fprintf(conn, "GET /live HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept: text/event-stream\r\n\r\n", s.address, strings.Join(cookies, "; "))
	return conn, err
}

// hear notes when each event comes.
func hear(conn net.Conn, heard chan<- time.Time, now func() time.Time) {
	in := bufio.NewReaderSize(conn, 512)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return // the page is closed
		}
		if strings.HasPrefix(line, "data:") {
			heard <- now()
		}
	}
}

// processor is the time this process has used of it.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

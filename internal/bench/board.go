package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"time"

	"linli/internal/access"
	"linli/internal/sample"
)

// boardPage is the colour board of all units.
const boardPage = "/desk/board"

const boardHead = `| engine | openings meanwhile | page | size | asked | p50 | p99 | openings/s | their p99 |
|---|---|---|---|---|---|---|---|---|`

// board reads the colour board over HTTP, as a supervisor who is signed in, while
// reports come in: a hundred a second, which is hundreds of times what a
// district of this size gets, and as fast as they go.
func board(ctx context.Context, w *world) error {
	a, d, err := w.open(ctx, false)
	if err != nil {
		return err
	}
	defer a.Close()
	on, err := serve(ctx, a)
	if err != nil {
		return err
	}
	err = w.boards(ctx, on, len(d.Org.Units()))
	return cmp.Or(err, on.stop())
}

func (w *world) boards(ctx context.Context, on *served, units int) error {
	browser, err := on.signIn(ctx, reader, readerPassword)
	if err != nil {
		return err
	}
	size, err := on.page(ctx, browser, boardPage)
	if err != nil {
		return err
	}
	for _, flow := range []struct {
		name string
		gap  time.Duration
	}{{"none", -1}, {"100 a second", 10 * time.Millisecond}, {"as fast as they go", 0}} {
		send, err := on.sender(w.Config, "board", w.Clients, ownPost)
		if err != nil {
			return err
		}
		var wait sync.WaitGroup
		var opened load
		if flow.gap >= 0 {
			wait.Go(func() {
				opened = drive(ctx, w.Now, w.Clients, w.For, paced(send, flow.gap*time.Duration(w.Clients), w.Now))
			})
		}
		looked := drive(ctx, w.Now, 1, w.For, func(ctx context.Context, _, _ int) error {
			_, err := on.page(ctx, browser, boardPage)
			return err
		})
		wait.Wait()
		if err := cmp.Or(looked.failed, opened.failed); err != nil {
			return err
		}
		rate := 0.0
		if flow.gap >= 0 {
			rate = opened.rate()
		}
		fmt.Fprintf(w.Out, "| %s | %s | %s, %d units | %d KB | %d | %s | %s | %.0f | %s |\n", on.DB.Engine(), flow.name, boardPage, units, size/1024,
			looked.done, ms(looked.at(.5)), ms(looked.at(.99)), rate, ms(opened.at(.99)))
	}
	return nil
}

// paced has each client wait until its next turn has come.
func paced(do func(context.Context, int, int) error, gap time.Duration, now func() time.Time) func(context.Context, int, int) error {
	begin := now()
	return func(ctx context.Context, client, n int) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(begin.Add(gap * time.Duration(n)).Sub(now())):
		}
		return do(ctx, client, n)
	}
}

// signIn opens a browser and signs somebody in.
func (s *served) signIn(ctx context.Context, login, password string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if err := s.post(ctx, browser, "/sign-in", url.Values{"login": {login}, "password": {password}}); err != nil {
		return nil, err
	}
	code, err := access.DemoCode(ctx, s.DB, s.Vault, sample.DistrictCode, access.Staff(login), s.DB.Now())
	if err != nil {
		return nil, err
	}
	return browser, s.post(ctx, browser, "/sign-in/second", url.Values{"code": {code}})
}

// post sends a form that leads on.
func (s *served) post(ctx context.Context, browser *http.Client, path string, form url.Values) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := browser.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("%s answers %s", path, response.Status)
	}
	return nil
}

// page asks for a page, whole, and tells its size.
func (s *served) page(ctx context.Context, browser *http.Client, path string) (int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+path, nil)
	if err != nil {
		return 0, err
	}
	response, err := browser.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	size, err := io.Copy(io.Discard, response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", path, response.Status)
	}
	return size, err
}

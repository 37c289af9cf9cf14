package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/district"
	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/rights"
	"linli/internal/sample"
)

// Reveal measures showing a masked field over HTTP: the right, the purpose, the
// record that the person will read, the opened field and the page. Nobody may
// look often within an hour, so that everybody who may looks until told to stop.
func Reveal(ctx context.Context, cfg Config) error {
	fmt.Fprintf(cfg.Out, "| engine | looks | p50 | p99 |\n|---|---|---|---|\n")
	return onEach(ctx, cfg, "reveal", revealOn)
}

func revealOn(ctx context.Context, cfg Config, address, dir string) error {
	conf := app.Config{Unlimited: true, Database: address, Files: filepath.Join(dir, "files"), District: sample.DistrictCode, Log: slog.New(slog.DiscardHandler)}
	if err := app.Seed(ctx, conf); err != nil {
		return err
	}
	a, err := app.New(ctx, conf)
	if err != nil {
		return err
	}
	defer a.Close()
	d, err := a.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		return err
	}
	on, err := serve(ctx, a)
	if err != nil {
		return err
	}
	each, err := on.looks(ctx, cfg, d)
	if err = cmp.Or(err, on.stop()); err != nil {
		return err
	}
	l := load{each: each}
	fmt.Fprintf(cfg.Out, "| %s | %d | %s | %s |\n", a.DB.Engine(), len(each), ms(l.at(.5)), ms(l.at(.99)))
	return nil
}

// looks has everybody who may look at a report's number until the hour's looks
// are used up.
func (s *served) looks(ctx context.Context, cfg Config, d *district.District) (each []time.Duration, err error) {
	got, err := s.Desk.Receive(ctx, d, intake.Sending{Channel: intake.Hotline, Text: "楼道灯坏了", Matter: "m06013", Name: "张小民", Phone: "13800000013", Address: "桂香路 18 号"})
	if err != nil {
		return nil, err
	}
	form := url.Values{"report": {got.Report}, "purpose": {"call-back"}, "kind": {"ask"}, "see.phone": {"yes"}}
	for _, p := range d.Org.People() {
		if !slices.ContainsFunc(d.Org.PostsOf(p.ID, d.Day), func(post org.Post) bool { return d.Can(rights.DataReveal, string(post.Role)) }) {
			continue
		}
		browser, err := s.signIn(ctx, p.Login, app.DemoPassword)
		if err != nil {
			return nil, err
		}
		for {
			begin := cfg.Now()
			shown, err := s.ask(ctx, browser, "/desk/case/"+string(got.Case.ID)+"/reveal", form)
			if err != nil {
				return nil, err
			}
			if !shown {
				break // may not, or not now
			}
			each = append(each, cfg.Now().Sub(begin))
		}
	}
	if len(each) < 100 {
		return nil, fmt.Errorf("only %d looks were allowed", len(each))
	}
	slices.Sort(each)
	return each, nil
}

// ask sends a form and reports whether the page that it asks for is given.
func (s *served) ask(ctx context.Context, browser *http.Client, path string, form url.Values) (bool, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		return false, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := browser.Do(request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode == http.StatusOK, err
}

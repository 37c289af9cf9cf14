package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/sample"
)

// feedCases is how many cases the feed tells of, one event each: no two events
// share what is read of a case.
const feedCases = 100_000

// Feed measures how fast one client reads the change feed from its beginning, over
// HTTP, against reading the rows that its events are made of.
func Feed(ctx context.Context, cfg Config) error {
	cfg.Cases = min(cfg.Cases, feedCases)
	fmt.Fprint(cfg.Out, "| engine | rows/s read bare | events | events/s over HTTP, one client | ratio | page of 1,000, p50 | p99 |\n|---|---|---|---|---|---|---|\n")
	return onEach(ctx, cfg, "feed", feedOn)
}

func feedOn(ctx context.Context, cfg Config, address, dir string) error {
	a, err := loaded(ctx, cfg, address, dir)
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Trail.TakeIn(ctx, a.DB, sample.DistrictCode); err != nil {
		return err
	}
	rows, err := feedRows(ctx, cfg, a)
	if err != nil {
		return err
	}
	on, err := serve(ctx, a)
	if err != nil {
		return err
	}
	l, err := on.followFeed(ctx, cfg)
	if err == nil {
		err = on.stop()
	}
	if err != nil {
		return err
	}
	bare, events := float64(rows.done)/rows.took.Seconds(), float64(l.done)/l.took.Seconds()
	fmt.Fprintf(cfg.Out, "| %s | %.0f | %d | %.0f | %.2f | %s | %s |\n", a.DB.Engine(), bare, l.done, events, events/bare, ms(l.at(.5)), ms(l.at(.99)))
	return nil
}

// feedRows reads what events are made of, with nothing made of it.
func feedRows(ctx context.Context, cfg Config, a *app.App) (l load, err error) {
	begin := cfg.Now()
	for after, n := int64(0), 1; n > 0; after += 1000 {
		n = 0
		err := db.Scan(ctx, a.DB, func(rows db.Rows) error {
			var leaf, seq, at int64
			var text [5]string
			n++
			return rows.Scan(&leaf, &text[0], &seq, &at, &text[1], &text[2], &text[3], &text[4])
		}, `select l.leaf, t.subject, t.seq, t.at, t.act, t.step, t.detail, t.book from trail_leaves l
			join trail t on t.district = l.district and t.subject = l.subject and t.seq = l.seq
			where l.district = $1 and l.leaf >= $2 and l.leaf < $3 order by l.leaf`, sample.DistrictCode, after, after+1000)
		if err != nil {
			return l, err
		}
		l.done += n
	}
	l.took = cfg.Now().Sub(begin)
	return l, nil
}

// followFeed reads the feed as another system does, page by page, each from where
// the one before ended.
func (on *served) followFeed(ctx context.Context, cfg Config) (l load, err error) {
	begin := cfg.Now()
	for after := ""; ; {
		start := cfg.Now()
		page, err := on.feedPage(ctx, after)
		if err != nil {
			return l, err
		}
		l.each = append(l.each, cfg.Now().Sub(start))
		l.done += len(page.Items)
		if after = page.Next; page.End {
			break
		}
	}
	l.took = cfg.Now().Sub(begin)
	slices.Sort(l.each)
	return l, nil
}

// feedPage is a page of the feed, as far as a reader looks at it.
type feedPage struct {
	Items []struct {
		ID   string          `json:"id"`
		Data json.RawMessage `json:"data"`
	} `json:"items"`
	Next string `json:"next"`
	End  bool   `json:"end"`
}

func (on *served) feedPage(ctx context.Context, after string) (p feedPage, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+on.address+"/api/v1/events?most=1000&after="+after, nil)
	if err != nil {
		return p, err
	}
	r.Header.Set("Authorization", "Bearer "+on.key)
	answer, err := (&http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		return p, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return p, fmt.Errorf("the feed answers %s", answer.Status)
	}
	return p, json.NewDecoder(answer.Body).Decode(&p)
}

package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/rights"
	"linli/internal/sample"
)

// lists measures 50 cases as JSON over HTTP, as another system asks for them.
func lists(ctx context.Context, cfg Config, a *app.App) error {
	var key string
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		_, key, err = access.AddKey(ctx, tx, access.Key{District: sample.DistrictCode, Name: "lists", Scopes: []rights.Right{rights.CaseSeeAll}, Expires: tx.Now.AddDate(0, 0, 1)}, access.By{})
		return err
	})
	if err != nil {
		return err
	}
	on, err := serve(ctx, a)
	if err != nil {
		return err
	}
	fmt.Fprintf(cfg.Out, "\n| %s: 50 cases as JSON | size | p50 | p99 |\n|---|---|---|---|\n", a.DB.Engine())
	for _, path := range []string{"/api/v1/cases?newest=true", "/api/v1/cases?state=open", "/api/v1/cases?newest=true&street=990101001", "/api/v1/cases?state=open&count=true"} {
		size := 0
		l := drive(ctx, cfg.Now, 1, 3*time.Second, func(ctx context.Context, _, _ int) (err error) {
			size, err = on.list(ctx, path+"&limit=50", key)
			return err
		})
		if l.failed != nil {
			return l.failed
		}
		fmt.Fprintf(cfg.Out, "| `%s` | %d KB | %s | %s |\n", path, size>>10, ms(l.at(.5)), ms(l.at(.99)))
	}
	return on.stop()
}

// list asks for a list and tells its size.
func (s *served) list(ctx context.Context, path, key string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+path, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %.300s", path, answer.Status, body)
	}
	return len(body), err
}

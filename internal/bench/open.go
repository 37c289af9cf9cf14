package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/sample"
)

// Open measures opening cases over HTTP against the bare engine.
func Open(ctx context.Context, cfg Config) error {
	dir, remove, err := cfg.folder()
	if err != nil {
		return err
	}
	defer remove()
	fmt.Fprintf(cfg.Out, "%d clients, %s each\n\n| engine | bare tx/s | opened/s over HTTP | ratio | p50 | p99 |\n|---|---|---|---|---|---|\n", cfg.Clients, cfg.Seconds)
	bare, err := bareSQLite(ctx, cfg, dir)
	if err != nil {
		return err
	}
	opened, err := opens(ctx, cfg, "sqlite:"+filepath.Join(dir, "linli.db"), dir)
	if err != nil {
		return err
	}
	row(cfg, "SQLite, one row", bare, opened)
	if cfg.Postgres == "" {
		return nil
	}
	address, drop, err := database(ctx, cfg.Postgres, "bare")
	if err != nil {
		return err
	}
	defer drop()
	if bare, err = barePostgres(ctx, cfg, address); err != nil {
		return err
	}
	own, dropOwn, err := database(ctx, cfg.Postgres, "open")
	if err != nil {
		return err
	}
	defer dropOwn()
	if opened, err = opens(ctx, cfg, own, dir); err != nil {
		return err
	}
	row(cfg, "PostgreSQL, two rows", bare, opened)
	return nil
}

func row(cfg Config, engine string, bare, opened load) {
	fmt.Fprintf(cfg.Out, "| %s | %.0f | %.0f | %.2f | %s | %s |\n", engine, bare.rate(), opened.rate(), opened.rate()/bare.rate(), ms(opened.at(.5)), ms(opened.at(.99)))
}

// opens serves the invented district and sends it reports as another system
// would: located, routed, with deadline, trail and jobs, each durable when it
// is acknowledged. The jobs run meanwhile, as they do in use.
func opens(ctx context.Context, cfg Config, address, dir string) (load, error) {
	conf := app.Config{Database: address, Files: filepath.Join(dir, "files"), District: sample.DistrictCode, Log: slog.New(slog.DiscardHandler)}
	if err := app.Seed(ctx, conf); err != nil {
		return load{}, err
	}
	a, err := app.New(ctx, conf)
	if err != nil {
		return load{}, err
	}
	defer a.Close()
	h, err := a.House(ctx)
	if err != nil {
		return load{}, err
	}
	var key string
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		_, key, err = access.AddKey(ctx, tx, sample.DistrictCode, "bench", []access.Right{access.ReportReceive}, tx.Now.AddDate(0, 0, 1))
		return err
	})
	if err != nil {
		return load{}, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return load{}, err
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(serving, listener, h) }()
	stories, err := sample.New().Stories(cfg.Now(), func(string, time.Time) time.Time { return time.Time{} })
	if err != nil {
		stop()
		return load{}, err
	}
	l := drive(ctx, cfg.Now, cfg.Clients, cfg.Seconds, sender("http://"+listener.Addr().String(), key, stories, cfg.Clients))
	stop()
	if err := <-ended; err != nil && l.failed == nil {
		l.failed = err
	}
	return l, l.failed
}

// sender makes one client's next report out of the invented stories.
func sender(base, key string, stories []sample.Story, clients int) func(context.Context, int, int) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	return func(ctx context.Context, who, n int) error {
		s := stories[(who*251+n)%len(stories)]
		r := s.Reports[0]
		data, err := json.Marshal(map[string]any{
			"sender": fmt.Sprintf("bench-%d-%d", who, n), "matter": s.Matter, "text": r.Text, "address": r.Address,
			"lon": r.Point.Lon, "lat": r.Point.Lat, "name": r.Name, "phone": r.Phone,
		})
		if err != nil {
			return err
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/reports", bytes.NewReader(data))
		if err != nil {
			return err
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+key)
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		said, err := io.ReadAll(response.Body)
		if err == nil && response.StatusCode != http.StatusCreated {
			err = fmt.Errorf("%s: %.300s", response.Status, said)
		}
		return err
	}
}

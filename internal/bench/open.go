package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/rights"
	"linli/internal/sample"
)

// ways are the doors through which the cases come.
var ways = []struct {
	name string
	post posting
}{{"", ownPost}, {", by Open311", open311Post}}

// Open measures opening cases over HTTP, through our own interface and through
// Open311, against the bare engine. Each way has a database of its own: what the
// one left to be done would be done in the other's time.
func Open(ctx context.Context, cfg Config) error {
	dir, remove, err := cfg.folder()
	if err != nil {
		return err
	}
	defer remove()
	fmt.Fprintf(cfg.Out, "%d clients, %s each\n\n| engine | bare tx/s | CPU each | opened/s over HTTP | CPU each | ratio | p50 | p99 |\n|---|---|---|---|---|---|---|---|\n", cfg.Clients, cfg.For)
	bare, err := bareSQLite(ctx, cfg, dir)
	if err != nil {
		return err
	}
	for i, way := range ways {
		opened, err := opens(ctx, cfg, "sqlite:"+filepath.Join(dir, fmt.Sprintf("open-%d.db", i)), dir, way.post)
		if err != nil {
			return err
		}
		row(cfg, "SQLite, one row"+way.name, bare, opened)
	}
	if cfg.Postgres == "" {
		return nil
	}
	return openPostgres(ctx, cfg, dir)
}

func openPostgres(ctx context.Context, cfg Config, dir string) error {
	address, drop, err := database(ctx, cfg, "bare")
	if err != nil {
		return err
	}
	defer drop()
	bare, err := barePostgres(ctx, cfg, address)
	if err != nil {
		return err
	}
	for _, way := range ways {
		own, drop, err := database(ctx, cfg, "open")
		if err != nil {
			return err
		}
		defer drop()
		opened, err := opens(ctx, cfg, own, dir, way.post)
		if err != nil {
			return err
		}
		row(cfg, "PostgreSQL, two rows"+way.name, bare, opened)
	}
	return nil
}

func row(cfg Config, engine string, bare, opened load) {
	fmt.Fprintf(cfg.Out, "| %s | %.0f | %d µs | %.0f | %d µs | %.2f | %s | %s |\n", engine, bare.rate(), bare.work().Microseconds(), opened.rate(), opened.work().Microseconds(), opened.rate()/bare.rate(), ms(opened.at(.5)), ms(opened.at(.99)))
}

// opens serves the invented district and sends it reports as another system
// would: located, routed, with deadline, trail and jobs, each durable when it
// is acknowledged. The jobs run meanwhile, as they do in use.
func opens(ctx context.Context, cfg Config, address, dir string, post posting) (load, error) {
	conf := app.Config{Unlimited: true, Database: address, Files: filepath.Join(dir, "files"), District: sample.DistrictCode, Log: slog.New(slog.DiscardHandler)}
	if err := app.Seed(ctx, conf); err != nil {
		return load{}, err
	}
	a, err := app.New(ctx, conf)
	if err != nil {
		return load{}, err
	}
	defer a.Close()
	on, err := serve(ctx, a)
	if err != nil {
		return load{}, err
	}
	send, err := on.sender(cfg, "open", cfg.Clients, post)
	if err != nil {
		return load{}, err
	}
	l := drive(ctx, cfg.Now, cfg.Clients, cfg.For, send)
	if err := on.stop(); err != nil && l.failed == nil {
		l.failed = err
	}
	return l, l.failed
}

// served is a house that answers and runs its jobs.
type served struct {
	*app.App
	address, key string
	stop         func() error
}

// serve lets a house answer on a port of its own, and gives a machine a key.
func serve(ctx context.Context, a *app.App) (*served, error) {
	h, err := a.House(ctx)
	if err != nil {
		return nil, err
	}
	s := &served{App: a}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		_, s.key, err = access.AddKey(ctx, tx, access.Key{District: sample.DistrictCode, Name: "bench", Scopes: []rights.Right{rights.ReportReceive, rights.FeedRead}, Expires: tx.Now.AddDate(0, 0, 1)}, access.By{})
		return err
	})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.address = listener.Addr().String()
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(serving, listener, h) }()
	s.stop = func() error {
		stop()
		return <-ended
	}
	return s, nil
}

// sender sends the invented stories; name sets one lot of reports apart from
// another.
func (s *served) sender(cfg Config, name string, clients int, post posting) (func(context.Context, int, int) error, error) {
	stories, err := sample.New().Stories(cfg.Now(), func(string, time.Time) time.Time { return time.Time{} })
	name = fmt.Sprintf("%s %d", name, cfg.Now().UnixNano()) // a kept database knows those of earlier runs
	return sender(s.address, s.key, name, stories, clients, post), err
}

// sender makes one client's next report out of the invented stories. Each client
// writes on a connection of its own and reads the answer off it: a convenient
// HTTP client would take a good part of the machine that is being measured.
func sender(address, key, name string, stories []sample.Story, clients int, post posting) func(context.Context, int, int) error {
	conns := make([]*bufio.ReadWriter, clients)
	return func(ctx context.Context, who, n int) error {
		if conns[who] == nil {
			var d net.Dialer
			conn, err := d.DialContext(ctx, "tcp", address)
			if err != nil {
				return err
			}
			conns[who] = bufio.NewReadWriter(bufio.NewReader(conn), bufio.NewWriter(conn))
		}
		s := &stories[(who*251+n)%len(stories)]
		r := &s.Reports[0]
		path, kind, data, err := post(sending{fmt.Sprintf("%s-%d-%d", name, who, n), s.Matter, r.Text, r.Address, r.Point.Lon, r.Point.Lat, r.Name, r.Phone}, key)
		if err != nil {
			return err
		}
		on := conns[who]
		fmt.Fprintf(on, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n", path, address, kind, key, len(data))
		if _, err := on.Write(data); err != nil {
			return err
		}
		if err := on.Flush(); err != nil {
			return err
		}
		response, err := http.ReadResponse(on.Reader, nil)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		said, err := io.ReadAll(response.Body)
		if err == nil && response.StatusCode != http.StatusCreated && response.StatusCode != http.StatusOK { // Open311 answers 200
			err = fmt.Errorf("%s: %.300s", response.Status, said)
		}
		return err
	}
}

// sending is a report as another system writes it.
type sending struct {
	Sender  string  `json:"sender"`
	Matter  string  `json:"matter"`
	Text    string  `json:"text"`
	Address string  `json:"address"`
	Lon     float64 `json:"lon"`
	Lat     float64 `json:"lat"`
	Name    string  `json:"name"`
	Phone   string  `json:"phone"`
}

// posting writes a report for one of the doors.
type posting func(r sending, key string) (path, kind string, body []byte, err error)

func ownPost(r sending, _ string) (path, kind string, body []byte, err error) {
	body, err = json.Marshal(r)
	return "/api/v1/reports", "application/json", body, err
}

// open311Post writes it as GeoReport v2 has it. What is no service there is sent as
// the commonest that is.
func open311Post(r sending, key string) (path, kind string, body []byte, err error) {
	if !strings.HasPrefix(r.Matter, "c") && !strings.HasPrefix(r.Matter, "m") {
		r.Matter = "m06010"
	}
	form := url.Values{
		"api_key": {key}, "service_code": {r.Matter}, "description": {r.Text}, "address_string": {r.Address},
		"lat": {strconv.FormatFloat(r.Lat, 'f', -1, 64)}, "long": {strconv.FormatFloat(r.Lon, 'f', -1, 64)}, "first_name": {r.Name}, "phone": {r.Phone},
	}
	return "/open311/v2/requests.json", "application/x-www-form-urlencoded", []byte(form.Encode()), nil
}

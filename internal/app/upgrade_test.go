package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/sample"
)

// formerEnv names the program of an earlier version; scripts/upgrade-check builds
// one and sets it.
const formerEnv = "LINLI_FORMER"

// upgradeAsks is how often each client asks in every state of an upgrade.
const upgradeAsks = 40

// TestUpgrade brings an installation from an earlier version to this one as
// docs/running.md tells, under load: two copies of the former program behind a
// proxy; one ends and the new one begins, which changes the schema; both serve;
// then the other. No request fails, and what either took in the other shows.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	former := os.Getenv(formerEnv)
	if former == "" {
		t.Skipf("%s names no earlier version; scripts/upgrade-check COMMIT builds one", formerEnv)
	}
	binary := filepath.Join(t.TempDir(), "linli")
	if said, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "linli/cmd/linli").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, said)
	}
	dbtest.EachURL(t, func(t *testing.T, address string) {
		if _, ok := db.SQLitePath(address); ok {
			t.Skip("two copies need PostgreSQL")
		}
		old := &victim{t: t, binary: former, database: address, files: t.TempDir(), plain: true}
		old.found()
		u := &upgrade{balancer: &balancer{t: t, to: &http.Transport{MaxIdleConnsPerHost: 32}}, t: t, key: old.key}
		for i := range u.copies {
			v := old.another()
			v.start()
			u.copies[i].Store(v)
		}
		u.run(binary)
		d, err := db.Open(t.Context(), db.Config{URL: address})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		stored, err := db.Value[int](t.Context(), d, "select count(*) from reports where sender like '%r%n%'")
		if err != nil || stored != int(u.kept.Load()) {
			t.Errorf("%d reports are there (%v), %d were acknowledged", stored, err, u.kept.Load())
		}
		if said, err := old.command(binary, "trail", "verify"); err != nil {
			t.Errorf("the trail: %v\n%s", err, said)
		}
	})
}

// found makes a district with the program itself, so that its schema is its own.
func (v *victim) found() {
	v.t.Helper()
	if said, err := v.command(v.binary, "import", "district", "../../docs/examples/district"); err != nil {
		v.t.Fatalf("%v\n%s", err, said)
	}
	said, err := v.command(v.binary, "account", "key", "upgrade")
	if err != nil {
		v.t.Fatalf("%v\n%s", err, said)
	}
	v.key, _, _ = strings.Cut(said, "\n")
}

// command runs a command of a program on the victim's database.
func (v *victim) command(binary string, args ...string) (string, error) {
	args = append(args, "--district", sample.DistrictCode, "--database", v.database, "--files", v.files)
	said, err := exec.CommandContext(v.t.Context(), binary, args...).CombinedOutput()
	return string(said), err
}

// upgrade is an upgrade under load.
type upgrade struct {
	*balancer
	t     *testing.T
	key   string
	kept  atomic.Int64
	asked [2 * rollLoad]atomic.Int64 // by each client
}

// run puts one new copy after the other in the place of a former one, with some
// load before, between and after.
func (u *upgrade) run(binary string) {
	ctx, end := context.WithCancel(u.t.Context())
	var looking, clients sync.WaitGroup
	looking.Go(func() { u.look(ctx) })
	u.await(0)
	u.await(1)
	front := httptest.NewServer(u)
	over := make(chan struct{})
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 4 * rollLoad}}
	for who := range rollLoad {
		clients.Go(func() { u.send(client, front.URL, who, over) })
		clients.Go(func() { u.browse(client, front.URL, rollLoad+who, over) })
	}
	u.some()
	for i := range u.copies {
		old := u.copies[i].Load()
		u.copies[i].Store(nil) // the former program may not know how to drain, so the proxy is told
		for u.ready[i].Load() {
			time.Sleep(rollLook / 10)
		}
		u.some()
		old.stop()
		fresh := old.another()
		fresh.binary, fresh.plain = binary, false
		fresh.start()
		u.copies[i].Store(fresh)
		u.await(i)
		u.t.Logf("copy %d is the new program", i+1)
		u.some()
	}
	close(over)
	clients.Wait()
	end()
	looking.Wait()
	front.Close()
	client.CloseIdleConnections()
	u.to.CloseIdleConnections()
	for i := range u.copies {
		u.copies[i].Load().stop()
	}
	u.t.Logf("%d reports", u.kept.Load())
}

func (u *upgrade) await(i int) {
	for !u.ready[i].Load() {
		time.Sleep(rollLook / 10) // a copy's start is signalled by nothing but its answer
	}
}

// some waits until every client has asked so often again.
func (u *upgrade) some() {
	var before [2 * rollLoad]int64
	for i := range u.asked {
		before[i] = u.asked[i].Load()
	}
	for i := range u.asked {
		for u.asked[i].Load() < before[i]+upgradeAsks {
			time.Sleep(rollLook / 10)
		}
	}
}

// send sends reports, and asks for each through the proxy: either program may have
// taken it, either may show it.
func (u *upgrade) send(client *http.Client, front string, who int, over chan struct{}) {
	for n := 0; !closed(over); n++ {
		body := fmt.Sprintf(`{"sender":"r%dn%d","matter":"c01002","text":"井盖松动","area":"990101001002"}`, who, n)
		said, ok := u.answer(client, http.MethodPost, front+"/api/v1/reports", u.key, body, http.StatusCreated)
		u.asked[who].Add(1)
		if !ok {
			continue
		}
		u.kept.Add(1)
		var made struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(said, &made); err != nil || made.ID == "" {
			u.t.Errorf("the answer to a report has no id: %v %.200s", err, said)
			continue
		}
		for range 2 { // once of each copy, as the proxy takes turns
			u.answer(client, http.MethodGet, front+"/api/v1/reports/"+made.ID, u.key, "", http.StatusOK)
		}
	}
}

// browse opens pages that anybody may see.
func (u *upgrade) browse(client *http.Client, front string, who int, over chan struct{}) {
	paths := []string{"/", "/matters", "/report", "/sign-in", "/area", "/static/none"}
	for n := 0; !closed(over); n++ {
		path, want := paths[n%len(paths)], http.StatusOK
		if path == "/static/none" {
			want = http.StatusNotFound
		}
		u.answer(client, http.MethodGet, front+path, "", "", want)
		u.asked[who].Add(1)
	}
}

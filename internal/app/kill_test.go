package app_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/rights"
	"linli/internal/sample"
)

// How hard the program is hit: so many send at once, and it is killed so often,
// each time once so many were told that their report is kept.
const (
	killClients = 8
	killRounds  = 4
	killAfter   = 40
)

// TestKilledInTheMiddle kills the program, as a loss of power would, while many
// send reports. Whatever it had acknowledged is there after it starts again,
// whole, and nothing is there in half; who was not answered sends again, and
// has one case.
//
// ASVS 1.4.3, 2.3.3
// GB/T 22239 8.1.4.3d
func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "linli")
	if said, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "linli/cmd/linli").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, said)
	}
	dbtest.EachURL(t, func(t *testing.T, address string) {
		v := &victim{t: t, binary: binary, database: address, files: t.TempDir(), kept: map[string]ack{}}
		v.seed()
		for round := range killRounds {
			v.start()
			v.load(round, killAfter+13*round)
			v.start()
			v.sendAgain()
			v.audit()
			v.stop()
		}
	})
}

// victim is the program as a process of its own, and what it told its clients.
type victim struct {
	t                            *testing.T
	binary, database, files, key string
	drain                        time.Duration
	plain                        bool // it may be of a version that does not know how to drain
	process                      *exec.Cmd
	said                         *bytes.Buffer // of its log, to be read once it has ended
	url                          string
	client                       *http.Client
	mu                           sync.Mutex
	kept                         map[string]ack // acknowledged, by the sender's reference
	open                         []string       // sent, and never answered
}

// ack is what the program answered.
type ack struct{ report, id, number string }

// seed makes the invented district and a key to send with.
func (v *victim) seed() {
	v.t.Helper()
	ctx := context.Background()
	cfg := app.Config{
		Database: v.database, Files: v.files, District: sample.DistrictCode, Log: slog.New(slog.DiscardHandler),
		Password: access.Config{Cost: access.Cost{MemoryKiB: 64, Passes: 1}},
	}
	if err := app.Seed(ctx, cfg); err != nil {
		v.t.Fatal(err)
	}
	a, err := app.New(ctx, cfg)
	if err != nil {
		v.t.Fatal(err)
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		_, v.key, err = access.AddKey(ctx, tx, access.Key{District: sample.DistrictCode, Name: "kill", Scopes: []rights.Right{rights.ReportReceive}, Expires: tx.Now.AddDate(0, 0, 1)}, access.By{})
		return err
	})
	if err != nil {
		v.t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		v.t.Fatal(err)
	}
}

// start starts the program and waits until it says where it listens.
func (v *victim) start() {
	v.t.Helper()
	v.said = &bytes.Buffer{}
	args := []string{"serve", "--database", v.database, "--files", v.files, "--listen", "127.0.0.1:0"}
	if !v.plain {
		args = append(args, "--drain", v.drain.String())
	}
	v.process = exec.Command(v.binary, args...)
	v.process.Stderr = v.said
	out, err := v.process.StdoutPipe()
	if err != nil {
		v.t.Fatal(err)
	}
	if err := v.process.Start(); err != nil {
		v.t.Fatal(err)
	}
	running := v.process.Process
	v.t.Cleanup(func() { _ = running.Kill() }) // has ended unless the test gave up
	line, err := bufio.NewReader(out).ReadString('\n')
	at, ok := strings.CutPrefix(strings.TrimSpace(line), "linli: ")
	if err != nil || !ok {
		_ = v.process.Process.Kill()
		_ = v.process.Wait()
		v.t.Fatalf("the program did not start: %q %v\n%s", line, err, v.said)
	}
	v.url, v.client = at, &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: killClients}}
}

// stop ends the program as an operator does.
func (v *victim) stop() {
	v.t.Helper()
	v.client.CloseIdleConnections()
	if err := v.process.Process.Signal(syscall.SIGTERM); err != nil {
		v.t.Error(err)
	}
	if err := v.process.Wait(); err != nil {
		v.t.Errorf("the program ended with %v\n%s", err, v.said)
	}
	if log := v.said.String(); strings.Contains(log, "level=ERROR") {
		v.t.Errorf("the program complained:\n%s", log)
	}
}

// load has all clients send until the program is dead, which it is once so
// many reports were acknowledged.
func (v *victim) load(round, after int) {
	v.t.Helper()
	enough := make(chan struct{})
	acked, unanswered := 0, len(v.open)
	var clients sync.WaitGroup
	for who := range killClients {
		clients.Go(func() {
			for n := 0; ; n++ {
				sender := fmt.Sprintf("k%dc%dn%d", round, who, n)
				a, status, err := v.send(sender)
				if err == nil && status != http.StatusCreated {
					v.t.Errorf("%s: answered %d, want 201", sender, status)
				}
				v.mu.Lock()
				if err != nil {
					v.open = append(v.open, sender)
					v.mu.Unlock()
					return
				}
				v.kept[sender] = a
				if acked++; acked == after {
					close(enough)
				}
				v.mu.Unlock()
			}
		})
	}
	select {
	case <-enough:
	case <-v.t.Context().Done():
	}
	_ = v.process.Process.Kill()
	clients.Wait()
	_ = v.process.Wait() // tells that it was killed
	if len(v.open)-unanswered != killClients {
		v.t.Errorf("%d clients were cut off, want all %d", len(v.open)-unanswered, killClients)
	}
}

// send sends one report, every fifth with a photo. An error is a connection
// that broke: nobody knows whether it is kept.
func (v *victim) send(sender string) (a ack, status int, err error) {
	report := map[string]any{"sender": sender, "matter": "c01002", "text": "井盖松动 " + sender, "area": "990101001001001", "phone": "13800000013"}
	if strings.HasSuffix(sender, "4") || strings.HasSuffix(sender, "9") {
		report["photos"] = []map[string]string{{"name": "a.png", "data": base64.StdEncoding.EncodeToString(dot(sender))}}
	}
	body, err := json.Marshal(report)
	if err != nil {
		return ack{}, 0, err
	}
	request, err := http.NewRequest(http.MethodPost, v.url+"/api/v1/reports", bytes.NewReader(body))
	if err != nil {
		return ack{}, 0, err
	}
	return v.do(request)
}

// dot is a picture of its own for a sender.
func dot(sender string) []byte {
	sum := sha256.Sum256([]byte(sender))
	var b bytes.Buffer
	if err := png.Encode(&b, &image.Gray{Pix: sum[:], Stride: 8, Rect: image.Rect(0, 0, 8, 4)}); err != nil {
		panic(err) // into memory
	}
	return b.Bytes()
}

func (v *victim) do(request *http.Request) (a ack, status int, err error) {
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+v.key)
	response, err := v.client.Do(request)
	if err != nil {
		return ack{}, 0, err
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		return ack{}, 0, err
	}
	var got struct {
		ID   string
		Case struct{ ID, Number string }
	}
	if err := json.Unmarshal(said, &got); err != nil || response.StatusCode >= 300 {
		v.t.Errorf("%s %s: %d %.300s", request.Method, request.URL.Path, response.StatusCode, said)
	}
	return ack{got.ID, got.Case.ID, got.Case.Number}, response.StatusCode, nil
}

// sendAgain sends everything once more. What was acknowledged is answered as
// it was; what was not has one case now, whether or not it had one before.
func (v *victim) sendAgain() {
	v.t.Helper()
	for sender, before := range v.kept {
		got, status, err := v.send(sender)
		if err != nil || status != http.StatusOK || got != before {
			v.t.Errorf("%s again: %d %+v %v, want 200 and %+v", sender, status, got, err, before)
		}
		request, err := http.NewRequest(http.MethodGet, v.url+"/api/v1/reports/"+before.report, nil)
		if err != nil {
			v.t.Fatal(err)
		}
		if got, _, err := v.do(request); err != nil || got != before {
			v.t.Errorf("%s read: %+v %v, want %+v", sender, got, err, before)
		}
	}
	for _, sender := range v.open {
		a, _, err := v.send(sender)
		if err != nil {
			v.t.Errorf("%s, which was not answered, again: %v", sender, err)
		}
		v.kept[sender] = a
	}
	v.open = nil
}

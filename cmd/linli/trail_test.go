package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/sample"
	"linli/internal/trail"
)

// logged is a district with some reports, whose log has been signed under an
// address, and the receipt of the last report.
func logged(t *testing.T, cfg app.Config) (receipt string) {
	t.Helper()
	ctx := t.Context()
	if err := app.Seed(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	d, err := a.Districts.Get(ctx, sample.DistrictCode)
	if err != nil {
		t.Fatal(err)
	}
	var last string
	for _, text := range []string{"路面塌了一块", "路灯不亮", "井盖响"} {
		got, err := a.Desk.Receive(ctx, d, intake.Sending{Channel: intake.Portal, Matter: "m06013", Text: text, Area: "990101001", Name: "张小民", Phone: "13800000013"})
		if err != nil {
			t.Fatal(err)
		}
		last = string(got.Case.ID)
	}
	if _, err := a.Trail.TakeIn(ctx, a.DB, d.Code); err != nil {
		t.Fatal(err)
	}
	if receipt, err = trail.Proof(ctx, a.DB, d.Code, last, 1); err != nil {
		t.Fatal(err)
	}
	return receipt
}

// A trail is looked over from the command line: the database by itself, the
// copy of its log with nothing but the key, one receipt, and what somebody
// changed behind the program's back.
func TestTrail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	cfg := app.Config{Database: "sqlite:" + at("linli.db"), Files: at("files"), LogAddress: "linli.example.cn/trail"}
	receipt := logged(t, cfg)
	say := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), append([]string{"trail"}, args...), &out)
		return out.String(), err
	}
	said := func(want string, args ...string) string {
		t.Helper()
		got, err := say(args...)
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("trail %v: got %v and %q, want %q", args, err, got, want)
		}
		return got
	}
	refused := func(why string, kind errs.Kind, args ...string) {
		t.Helper()
		if got, err := say(args...); errs.KindOf(err) != kind {
			t.Errorf("trail %v: %s: got %v and %q, want %s", args, why, err, got, kind)
		}
	}
	write := func(name, text string) string {
		t.Helper()
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return at(name)
	}

	keyed := []string{"--database", cfg.Database, "--files", cfg.Files, "--log-address", cfg.LogAddress}
	kept := write("kept", said("linli.example.cn/trail/"+sample.DistrictCode, "checkpoint", "--database", cfg.Database))
	said("都对得上", append([]string{"verify", "--checkpoint", kept}, keyed...)...)
	said("没有给公钥", "verify", "--database", cfg.Database)
	said("everything adds up", append([]string{"verify", "--lang", "en"}, keyed...)...)
	refused("another name is another log", errs.Conflict, "verify", "--database", cfg.Database, "--files", cfg.Files)

	said("放在", append([]string{"export", at("copy")}, keyed...)...)
	folder := filepath.Join(at("copy"), sample.DistrictCode)
	key := filepath.Join(folder, "key")
	said("都对得上", "verify", "--tiles", folder, "--key", key, "--checkpoint", kept)
	said("都对得上", append([]string{"verify", "--tiles", folder}, keyed...)...)
	refused("from outside nothing vouches but the key", errs.Invalid, "verify", "--tiles", folder)

	said("回执成立", "check", write("receipt", receipt), "--key", key)
	refused("a receipt of something else", errs.Invalid, "check", write("forged", forged(t, receipt)), "--key", key)
	refused("no receipt at all", errs.Invalid, "check", write("nothing", "nothing"), "--key", key)
	refused("no key", errs.Invalid, "check", at("receipt"))
	refused("no word", errs.Invalid)

	tamper(t, cfg)
	refused("a changed row", errs.Conflict, append([]string{"verify"}, keyed...)...)
	if got, _ := say(append([]string{"verify"}, keyed...)...); strings.Contains(got, "都对得上") || !strings.Contains(got, "changed") {
		t.Errorf("a changed row is not named: %q", got)
	}
}

// forged is a receipt that says something else.
func forged(t *testing.T, receipt string) string {
	t.Helper()
	lines := strings.Split(receipt, "\n")
	said, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil || !bytes.Contains(said, []byte(`"opened"`)) {
		t.Fatalf("the receipt is not as expected: %v, %s", err, said)
	}
	lines[1] = "extra " + base64.StdEncoding.EncodeToString(bytes.Replace(said, []byte(`"opened"`), []byte(`"closed"`), 1))
	return strings.Join(lines, "\n")
}

// tamper changes an entry as somebody with the database in hand could.
func tamper(t *testing.T, cfg app.Config) {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: cfg.Database})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		if err := tx.Exec(t.Context(), "update trail set act = 'closed' where district = $1 and act = 'opened' and seq = 1", sample.DistrictCode); err == nil {
			t.Error("the database let an entry be changed")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		for _, sql := range []string{"drop trigger trail_no_update", "update trail set act = 'closed' where act = 'opened'"} {
			if err := tx.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

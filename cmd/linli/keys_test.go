package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/sample"
)

// The keys of a running district are changed from the command line.
//
// ASVS 13.3.1
func TestKeys(t *testing.T) {
	t.Parallel()
	ctx, dir := t.Context(), t.TempDir()
	cfg := app.Config{Database: "sqlite:" + filepath.Join(dir, "linli.db"), Files: filepath.Join(dir, "files")}
	say := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := run(ctx, append([]string{"keys"}, append(args, "--files", cfg.Files, "--database", cfg.Database)...), &out)
		return out.String(), err
	}
	said := func(want string, args ...string) {
		t.Helper()
		got, err := say(args...)
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("keys %v: got %v and %q, want %q", args, err, got, want)
		}
	}
	refused := func(kind errs.Kind, args ...string) {
		t.Helper()
		if got, err := say(args...); errs.KindOf(err) != kind {
			t.Errorf("keys %v: got %v and %q, want %s", args, err, got, kind)
		}
	}
	said("sm4-gcm", "make", "--cipher", "sm4-gcm")
	refused(errs.Conflict, "make")
	refused(errs.Invalid, "rotate", "--cipher", "rot13")
	refused(errs.Invalid)
	refused(errs.Invalid, "retire", "one")

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
	_, err = a.Desk.Receive(ctx, d, intake.Sending{Channel: intake.Portal, Matter: "m06013", Text: "路面塌了一块", Area: "990101001", Name: "张小民", Phone: "13800000013"})
	if err != nil {
		t.Fatal(err)
	}
	said("hmac-sm3", "list")
	said("reports.phone", "list")
	said("第 2 版（aes-256-gcm）", "rotate")
	refused(errs.Conflict, "retire", "1") // values still need it
	if _, err := a.Jobs.Due(ctx); err != nil {
		t.Fatal(err)
	}
	said("linli.key.retired-1", "retire", "1")
	refused(errs.NotFound, "retire", "1")
	refused(errs.Invalid, "retire", "2")
	got, err := say("list")
	if err != nil || strings.Contains(got, "sm4-gcm") || !strings.Contains(got, "aes-256-gcm") {
		t.Errorf("in the end the list says %q, %v", got, err)
	}
	if info, err := os.Stat(filepath.Join(cfg.Files, "linli.key.retired-1")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key put aside: %v, %v", info, err)
	}
}

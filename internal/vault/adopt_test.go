package vault_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"linli/internal/errs"
	"linli/internal/vault"
)

// What was handed over goes on to be given, here and after the keys change; what
// other purposes get stays as it was.
func TestAdopt(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "linli.key")
	v, err := vault.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	other := v.Derive("other")
	secret := bytes.Repeat([]byte{7}, 32)
	for range 2 { // the second time takes the place of the first
		if err := vault.Adopt(file, "trail log 990101", secret); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := vault.Rotate(file, vault.SM4); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Retire(file, 1); err != nil {
		t.Fatal(err)
	}
	again, err := vault.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, one := range map[string]*vault.Vault{"running": v, "opened again": again} {
		if !bytes.Equal(one.Derive("trail log 990101"), secret) {
			t.Errorf("%s: the adopted secret is not given", name)
		}
		if !bytes.Equal(one.Derive("other"), other) {
			t.Errorf("%s: another purpose gets something else now", name)
		}
	}
	if err := vault.Adopt(file, "p", []byte("short")); !errors.Is(err, errs.Invalid) {
		t.Errorf("a short secret: got %v", err)
	}
}

package vault_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"linli/internal/vault"
)

func TestDerivedKeysStayAndDiffer(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys")
	v, err := vault.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	sign, other := v.Derive("sign"), v.Derive("other")
	if len(sign) != 32 || bytes.Equal(sign, other) {
		t.Errorf("two purposes got %x and %x", sign, other)
	}
	again, err := vault.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Derive("sign"), sign) {
		t.Error("opening the file again gave another key")
	}
}

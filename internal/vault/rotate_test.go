package vault

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/errs"
)

// A running vault takes up a new version at once, whichever copy of the program
// seals first, and what was sealed before still opens.
//
// ASVS 11.2.2
func TestRotatedKeysOpenOldAndSealNew(t *testing.T) {
	t.Parallel()
	one, path := setup(t)
	other, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	old := one.Seal("990101", "phone", "13800001234")
	index := one.Index("phone", "13800001234")
	for _, c := range []Cipher{SM4, AES} {
		number, err := Rotate(path, c)
		if err != nil {
			t.Fatal(err)
		}
		fresh := one.Seal("990101", "phone", "13800001234")
		if !strings.HasPrefix(fresh, mark(number)) {
			t.Errorf("sealed as %.3q, want version %d", fresh, number)
		}
		// The other copy has not looked at the file since.
		if got := reveal(t, other, "990101", "phone", fresh); got != "13800001234" {
			t.Errorf("got %q of the new key", got)
		}
		if got := reveal(t, one, "990101", "phone", old); got != "13800001234" {
			t.Errorf("got %q of the old key", got)
		}
		if one.Index("phone", "13800001234") != index || other.Index("phone", "13800001234") != index {
			t.Error("the index moved with the keys, so nothing stored would be found")
		}
	}
}

// Keys of a file of the first form keep opening, finding and rotating.
func TestFirstFormOfTheKeyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vault.keys")
	key := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", keySize)))
	if err := os.WriteFile(path, []byte(headerOne+"\n1 "+key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	// What the program sealed and indexed with this key before there were ciphers.
	const sealed, index = "v1.CYMW83sUIWdbYAQyvKqUkMm403_Cp464JrontHnpbecsyo3H2SYJ", "PofLZSDzD4f4u7Ldb98DX4SNzk7SHnVF3OjAbrl9fZ4"
	check := func() {
		if got := reveal(t, v, "990101", "phone", sealed); got != "13800001234" {
			t.Errorf("revealed %q", got)
		}
		if got := v.Index("phone", "13800001234"); got != index {
			t.Errorf("the index is %q, want %q", got, index)
		}
	}
	check()
	if _, err := Rotate(path, SM4); err != nil {
		t.Fatal(err)
	}
	if fresh := v.Seal("990101", "phone", "x"); !strings.HasPrefix(fresh, "v2.") {
		t.Errorf("sealed as %.3q", fresh)
	}
	check()
	if _, err := Retire(path, 1); err != nil {
		t.Fatal(err)
	}
	v, err = Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Index("phone", "13800001234"); got != index {
		t.Errorf("the index went with version 1: %q", got)
	}
}

// ASVS 13.3.1
func TestRetire(t *testing.T) {
	t.Parallel()
	v, path := setup(t)
	old := v.Seal("990101", "phone", "13800001234")
	if _, err := Retire(path, 1); !errors.Is(err, errs.Invalid) {
		t.Errorf("the version in use: got %v, want it refused", err)
	}
	if _, err := Rotate(path, AES); err != nil {
		t.Fatal(err)
	}
	if _, err := Retire(path, 7); !errors.Is(err, errs.NotFound) {
		t.Errorf("a version that is not there: got %v", err)
	}
	aside, err := Retire(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	later, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := later.Reveal("990101", "phone", old); err == nil {
		t.Error("a retired key still opens")
	}
	put, err := Open(aside)
	if err != nil {
		t.Fatal(err)
	}
	if got := reveal(t, put, "990101", "phone", old); got != "13800001234" {
		t.Errorf("the key put aside opens %q", got)
	}
	if number, err := Rotate(path, AES); err != nil || number != 3 {
		t.Errorf("the next version is %d, %v: a number must not come back", number, err)
	}
	all, index, err := Versions(path)
	if err != nil || index != "hmac-sha256" || len(all) != 2 || all[0] != (Version{2, AES, false}) || all[1] != (Version{3, AES, true}) {
		t.Errorf("got %v, %s, %v", all, index, err)
	}
}

// The state's ciphers, from the first key on.
//
// ASVS 11.3.2
// GB/T 22239 8.1.4.8b
func TestMadeWithSM4(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vault.keys")
	if err := Make(path, SM4); err != nil {
		t.Fatal(err)
	}
	if err := Make(path, AES); err != nil { // as a program that starts later does
		t.Fatal(err)
	}
	v, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed := v.Seal("990101", "name", "张三丰")
	if got := reveal(t, v, "990101", "name", sealed); got != "张三丰" {
		t.Errorf("got %q", got)
	}
	for i := range len(sealed) - 3 {
		changed := sealed[:i+3] + "A" + sealed[i+4:]
		if plain, err := v.Reveal("990101", "name", changed); err == nil && changed != sealed {
			t.Errorf("changed at %d it opened to %q", i+3, plain)
		}
	}
	all, index, err := Versions(path)
	if err != nil || index != "hmac-sm3" || len(all) != 1 || all[0].Cipher != SM4 {
		t.Errorf("got %v, %s, %v", all, index, err)
	}
}

package vault

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"linli/internal/errs"
)

func setup(t *testing.T) (*Vault, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vault.keys")
	v, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return v, path
}

func reveal(t *testing.T, v *Vault, district, field, sealed string) string {
	t.Helper()
	plain, err := v.Reveal(district, field, sealed)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestSealedValueComesBack(t *testing.T) {
	t.Parallel()
	v, path := setup(t)
	for _, plain := range []string{"", "13800001234", "张三丰", "a\x00b\n", strings.Repeat("长", 5000)} {
		sealed := v.Seal("990101", "name", plain)
		if plain != "" && (sealed == "" || strings.Contains(sealed, plain)) {
			t.Errorf("%.10q is readable in %.20q", plain, sealed)
		}
		if got := reveal(t, v, "990101", "name", sealed); got != plain {
			t.Errorf("got %.10q, want %.10q", got, plain)
		}
	}
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := reveal(t, again, "990101", "name", v.Seal("990101", "name", "x")); got != "x" {
		t.Errorf("after opening the file again got %q, want x", got)
	}
	if one, two := v.Seal("990101", "name", "x"), v.Seal("990101", "name", "x"); one == two {
		t.Error("the same value sealed twice looks the same")
	}
}

// Whatever happens to a sealed value, it opens to what was sealed or not at all.
//
// ASVS 11.3.3
// GB/T 22239 8.1.4.7b
func TestTamperedValueDoesNotOpen(t *testing.T) {
	t.Parallel()
	v, path := setup(t)
	sealed := v.Seal("990101", "phone", "13800001234")
	for i := range len(sealed) {
		for _, c := range []byte("A9v._-=\n") {
			changed := sealed[:i] + string(c) + sealed[i+1:]
			if plain, err := v.Reveal("990101", "phone", changed); err == nil && changed != sealed {
				t.Errorf("changed at %d to %q it opened to %q", i, c, plain)
			}
		}
	}
	if _, err := Rotate(path, AES); err != nil {
		t.Fatal(err)
	}
	two, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	raw := strings.TrimPrefix(sealed, "v1.")
	for _, row := range []struct{ why, district, field, sealed string }{
		{"copied to another district", "990102", "phone", sealed},
		{"copied to another field", "990101", "name", sealed},
		{"the border between district and field moved", "990101p", "hone", sealed},
		{"said to be of a newer key", "990101", "phone", "v2." + raw},
		{"of a key that is not there", "990101", "phone", "v7." + raw},
		{"version spelled otherwise", "990101", "phone", "v01." + raw},
		{"version missing", "990101", "phone", raw},
		{"cut short", "990101", "phone", sealed[:len(sealed)-4]},
		{"only a version", "990101", "phone", "v1."},
		{"clear text", "990101", "phone", "13800001234"},
	} {
		plain, err := two.Reveal(row.district, row.field, row.sealed)
		if err == nil {
			t.Errorf("%s: opened to %q", row.why, plain)
		} else if strings.Contains(err.Error(), "13800001234") || strings.Contains(err.Error(), raw) {
			t.Errorf("%s: the error repeats the value: %v", row.why, err)
		}
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	v, _ := setup(t)
	other, _ := setup(t)
	base := v.Index("phone", "13800001234")
	if base != v.Index("phone", "13800001234") || len(base) != 43 {
		t.Errorf("got %q, want the same 43 letters each time", base)
	}
	if v.Index("phone", "") != "" {
		t.Error("an empty value must not be found")
	}
	for why, got := range map[string]string{
		"another value": v.Index("phone", "13800001235"),
		"another field": v.Index("tail", "13800001234"),
		"another key":   other.Index("phone", "13800001234"),
	} {
		if got == base {
			t.Errorf("%s has the same index", why)
		}
	}
}

// ASVS 13.3.1, 13.3.2
func TestKeyFileIsPrivate(t *testing.T) {
	t.Parallel()
	_, path := setup(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("made with %v, want 0600", info.Mode().Perm())
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, errs.Forbidden) {
		t.Errorf("a file the group can read: got %v, want it refused", err)
	}
}

// Two programs that start together must end with the same key.
func TestFirstUseMakesOneKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vault.keys")
	var wait sync.WaitGroup
	indexes := make([]string, 16)
	for i := range indexes {
		wait.Go(func() {
			v, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			indexes[i] = v.Index("phone", "1")
		})
	}
	wait.Wait()
	for _, got := range indexes {
		if got != indexes[0] {
			t.Fatalf("two keys: %q and %q", got, indexes[0])
		}
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestBrokenKeyFileIsRefused(t *testing.T) {
	t.Parallel()
	key := base64.StdEncoding.EncodeToString(make([]byte, keySize))
	for _, row := range []struct{ why, text string }{
		{"empty, as after a full disk", ""},
		{"another program's file", "hello\n1 " + key},
		{"no key", headerOne + "\n"},
		{"a gap in the versions", headerOne + "\n2 " + key},
		{"twice the same version", headerOne + "\n1 " + key + "\n1 " + key},
		{"short key", headerOne + "\n1 " + key[:20]},
		{"not base64", headerOne + "\n1 ###"},
		{"no index", headerTwo + "\n1 aes-256-gcm " + key},
		{"an index nobody knows", headerTwo + "\nindex hmac-md5 " + key + "\n1 aes-256-gcm " + key},
		{"only an index", headerTwo + "\nindex hmac-sm3 " + key},
		{"a cipher nobody knows", headerTwo + "\nindex hmac-sm3 " + key + "\n1 rot13 " + key},
		{"versions that fall", headerTwo + "\nindex hmac-sm3 " + key + "\n2 sm4-gcm " + key + "\n1 sm4-gcm " + key},
		{"a version spelled otherwise", headerTwo + "\nindex hmac-sm3 " + key + "\n01 sm4-gcm " + key},
		{"version nought", headerTwo + "\nindex hmac-sm3 " + key + "\n0 sm4-gcm " + key},
	} {
		path := filepath.Join(t.TempDir(), "vault.keys")
		if err := os.WriteFile(path, []byte(row.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path)
		if !errors.Is(err, errs.Invalid) {
			t.Errorf("%s: got %v, want it refused", row.why, err)
		} else if strings.Contains(err.Error(), key[:20]) {
			t.Errorf("%s: the error repeats a key", row.why)
		}
		if got, _ := os.ReadFile(path); string(got) != row.text {
			t.Errorf("%s: the file was changed", row.why)
		}
	}
}

func FuzzReveal(f *testing.F) {
	v, err := Open(filepath.Join(f.TempDir(), "vault.keys"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("v1.")
	f.Add(v.Seal("990101", "phone", "1"))
	f.Add("v1." + strings.Repeat("A", 40))
	f.Fuzz(func(t *testing.T, sealed string) {
		plain, err := v.Reveal("990101", "phone", sealed)
		if err == nil && sealed != "" && plain != "1" {
			t.Errorf("%q opened to %q", sealed, plain)
		}
	})
}

func FuzzParse(f *testing.F) {
	key := base64.StdEncoding.EncodeToString(make([]byte, keySize))
	f.Add(headerOne + "\n1 " + key + "\n")
	f.Add(headerTwo + "\nindex hmac-sm3 " + key + "\n3 sm4-gcm " + key + "\n7 aes-256-gcm " + key + "\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parse(text)
		if err != nil {
			return
		}
		if len(r.versions) == 0 || len(r.index) != keySize {
			t.Error("no key and no error")
		}
		for i, one := range r.versions {
			if _, err := one.cipher.sealer(one.master); err != nil || i > 0 && one.number <= r.versions[i-1].number {
				t.Errorf("version %d: %v", one.number, err)
			}
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	v, err := Open(filepath.Join(b.TempDir(), "vault.keys"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		v.Seal("990101", "phone", "13800001234")
	}
}

func BenchmarkIndex(b *testing.B) {
	v, err := Open(filepath.Join(b.TempDir(), "vault.keys"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		v.Index("phone", "13800001234")
	}
}

package vault

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/emmansun/gmsm/sm4"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The vector of RFC 8998, A.1, for SM4-GCM as we put it together: the nonce
// before the text, the text before its tag.
//
// ASVS 11.2.1
func TestSM4GCM(t *testing.T) {
	t.Parallel()
	block, err := sm4.NewCipher(unhex(t, "0123456789abcdeffedcba9876543210"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := withNonce(block)
	if err != nil {
		t.Fatal(err)
	}
	nonce := "00001234567800000000abcd"
	plain := unhex(t, "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa")
	bound := unhex(t, "feedfacedeadbeeffeedfacedeadbeefabaddad2")
	sealed := unhex(t, nonce+"17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec")
	got, err := s.open(sealed, bound)
	if err != nil || !bytes.Equal(got, plain) {
		t.Errorf("opened to %x, %v", got, err)
	}
	again, err := s.open(s.seal(plain, bound), bound)
	if err != nil || !bytes.Equal(again, plain) {
		t.Errorf("sealed and opened to %x, %v", again, err)
	}
	if _, err := s.open(sealed, bound[1:]); err == nil {
		t.Error("it opens for somebody else")
	}
	if _, err := s.open(sealed[:5], bound); err == nil {
		t.Error("less than a nonce opens")
	}
}

// The vectors of GM/T 0042-2015, appendix D.3, for HMAC-SM3.
//
// ASVS 11.2.1, 11.4.1
func TestHMACSM3(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, key, want string
		value          []byte
	}{
		{"a key of the hash's size", "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
			[]byte("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopqabcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")},
		{"a longer key", "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425", "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae",
			bytes.Repeat([]byte{0xcd}, 50)},
	} {
		if got := hex.EncodeToString(SM4.mac(unhex(t, row.key), row.value)); got != row.want {
			t.Errorf("%s: got %s, want %s", row.why, got, row.want)
		}
	}
}

// ASVS 11.2.3, 11.3.1, 11.3.2
func TestParseCipher(t *testing.T) {
	t.Parallel()
	for _, c := range []Cipher{AES, SM4} {
		if got, err := ParseCipher(string(c)); got != c || err != nil {
			t.Errorf("%s: got %q, %v", c, got, err)
		}
	}
	for _, s := range []string{"", "AES", "sm4", "aes-128-gcm"} {
		if _, err := ParseCipher(s); err == nil {
			t.Errorf("%q is taken for a cipher", s)
		}
	}
}

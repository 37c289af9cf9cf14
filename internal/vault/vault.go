// Package vault keeps personal fields unreadable to whoever only has the
// database: it seals them, opens them again, and makes a blind index by which
// a sealed value can still be found when the whole value is known.
//
// Keys live in one file beside the database, never inside it: [Open] makes it
// at first use, readable by its owner alone. The file may hold several
// versions. The newest seals, every one reveals, so that keys can be changed
// while old rows are still there ([Rotate]). Losing the file loses the fields:
// it belongs in the backup, apart from the database's.
//
// Sealing is AES-256-GCM with a random nonce. Key version, district and field
// are bound to the sealed text, so that a row copied to another field or
// another district does not open. The blind index is HMAC-SHA-256 under a key
// of its own for each field, from the first version always: an index that
// moved with the keys would find nothing. All keys are derived from a version's
// master by HKDF-SHA-256.
//
// It knows no database, no masks, and not who may look.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"linli/internal/errs"
)

const keySize = 32 // bytes of a master and of every key derived from one

// Vault seals, reveals and indexes. It may be used by many goroutines.
type Vault struct {
	newest int
	seals  map[int]cipher.AEAD
	first  []byte // master of the first version, of which index keys are made
}

// Open reads the keys of keyFile, and makes the file with one random key where
// there is none. It refuses a file that others than its owner can read.
func Open(keyFile string) (v *Vault, err error) {
	defer errs.Wrap(&err, "vault.Open(%s)", keyFile)
	masters, err := readOrMake(keyFile)
	if err != nil {
		return nil, err
	}
	v = &Vault{newest: len(masters), seals: map[int]cipher.AEAD{}, first: masters[0]}
	for i, master := range masters {
		if v.seals[i+1], err = sealer(master); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func sealer(master []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, master, nil, "linli seal", keySize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Seal makes plain unreadable, as text such as "v1.k3J…". It opens only for
// the same district and field. An empty value stays empty: that nothing was
// given is not a secret, and the row needs no key to say so.
func (v *Vault) Seal(district, field, plain string) string {
	if plain == "" {
		return ""
	}
	sealed := v.seals[v.newest].Seal(nil, nil, []byte(plain), context(v.newest, district, field))
	return "v" + strconv.Itoa(v.newest) + "." + base64.RawURLEncoding.EncodeToString(sealed)
}

// Reveal opens what Seal made for this district and field. What was changed,
// moved from elsewhere, or sealed with a key that is not in the file is an
// internal error, which never repeats the value.
func (v *Vault) Reveal(district, field, sealed string) (plain string, err error) {
	defer errs.Wrap(&err, "vault.Reveal(%s, %s)", district, field)
	if sealed == "" {
		return "", nil
	}
	name, body, ok := strings.Cut(sealed, ".")
	version, err := strconv.Atoi(strings.TrimPrefix(name, "v"))
	// The name is compared whole, so that one sealed text has one spelling.
	if !ok || err != nil || name != "v"+strconv.Itoa(version) {
		return "", errors.New("not a sealed value")
	}
	seal, ok := v.seals[version]
	if !ok {
		return "", fmt.Errorf("no key version %d in the key file", version)
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(body)
	if err != nil {
		return "", errors.New("not a sealed value")
	}
	opened, err := seal.Open(nil, nil, raw, context(version, district, field))
	if err != nil {
		return "", errors.New("the sealed value was changed, or belongs elsewhere")
	}
	return string(opened), nil
}

// Index gives the same short text for the same value of a field, and tells
// nothing of the value without the key file. The caller brings the value to
// one spelling first. An empty value has an empty index, which must not match.
func (v *Vault) Index(field, normalised string) string {
	if normalised == "" {
		return ""
	}
	key, err := hkdf.Key(sha256.New, v.first, nil, "linli index "+field, keySize)
	if err != nil {
		panic(err) // only for a length HKDF cannot give, and keySize is one it can
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(normalised))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// context is what a sealed value is bound to. Lengths go before the parts, so
// that no two contexts are spelled alike.
func context(version int, district, field string) []byte {
	b := binary.AppendUvarint(nil, uint64(version))
	for _, part := range []string{district, field} {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	return b
}

// Package vault keeps personal fields unreadable to whoever only has the
// database: it seals them, opens them again, and makes a blind index by which
// a sealed value can still be found when the whole value is known.
//
// # Keys
//
// Keys live in one file beside the database, never inside it: [Open] makes it
// at first use, readable by its owner alone. The file may hold several
// versions. The newest seals, every one reveals, so that keys can be changed
// while old rows are still there. Losing the file loses the fields: it belongs
// in the backup, apart from the database's.
//
// Each version has its [Cipher], AES-256-GCM unless SM4-GCM is asked for when
// the file is made ([Make]) or a version added ([Rotate]). Key version, district
// and field are bound to the sealed text, so that a row copied to another field
// or another district does not open. The blind index is HMAC-SHA-256, or
// HMAC-SM3 in a file made with SM4, under a key of its own for each field, and
// does not change with the versions: an index that moved with the keys would
// find nothing. All keys are derived from a master by HKDF.
//
// # Changing keys while the program runs
//
// [Rotate] adds a version to the file. A running [Vault] looks at the file
// before it seals, and reads it again when it meets a version it does not know,
// so no copy of the program has to be started anew. Package retain then seals
// old rows again, table by table, each [Table] named by the package that owns
// it ([Vault.Reseal]); [Vault.Count] tells what is left, and a version that
// nothing needs may go ([Retire]).
//
// A district that moves here with its log brings the secret that signs it:
// [Adopt] puts it into the file, and [Vault.Derive] gives it.
//
// It knows no masks, and not who may look. It writes only the sealed columns
// that an owner lends it for sealing again.
package vault

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"linli/internal/errs"
)

// Vault seals, reveals and indexes. It may be used by many goroutines.
type Vault struct {
	path    string
	present atomic.Pointer[keys]
	reading sync.Mutex // one reads the file, the others wait for what it finds
}

// keys are what the key file held when it was last read. They are never changed.
type keys struct {
	info   os.FileInfo
	newest int
	seals  map[int]sealer
	ring   *ring
}

// Open reads the keys of keyFile, and makes the file with one random key where
// there is none. It refuses a file that others than its owner can read.
func Open(keyFile string) (v *Vault, err error) {
	defer errs.Wrap(&err, "vault.Open(%s)", keyFile)
	if err := Make(keyFile, AES); err != nil {
		return nil, err
	}
	v = &Vault{path: keyFile}
	_, err = v.read()
	return v, err
}

// read takes the keys as the file has them.
func (v *Vault) read() (*keys, error) {
	info, err := os.Stat(v.path)
	if err != nil {
		return nil, err
	}
	r, err := read(v.path)
	if err != nil {
		return nil, err
	}
	k := &keys{info: info, ring: r, seals: map[int]sealer{}}
	for _, one := range r.versions {
		if k.seals[one.number], err = one.cipher.sealer(one.master); err != nil {
			return nil, err
		}
		k.newest = one.number
	}
	v.present.Store(k)
	return k, nil
}

// changed reports whether the file is another one than was read.
func (k *keys) changed(info os.FileInfo) bool {
	return !os.SameFile(info, k.info) || info.Size() != k.info.Size() || !info.ModTime().Equal(k.info.ModTime())
}

// fresh gives the keys as the file has them now. Looking at a file costs a
// microsecond, less than sealing does. A file that is gone or cannot be
// understood for the moment leaves what is known: nobody is turned away.
func (v *Vault) fresh() *keys {
	known := v.present.Load()
	info, err := os.Stat(v.path)
	if err != nil || !known.changed(info) {
		return known
	}
	v.reading.Lock()
	defer v.reading.Unlock()
	if known = v.present.Load(); !known.changed(info) {
		return known // another has read it meanwhile
	}
	if now, err := v.read(); err == nil {
		return now
	}
	return known
}

// Seal makes plain unreadable, as text such as "v1.k3J…". It opens only for
// the same district and field. An empty value stays empty: that nothing was
// given is not a secret, and the row needs no key to say so.
func (v *Vault) Seal(district, field, plain string) string {
	if plain == "" {
		return ""
	}
	k := v.fresh()
	sealed := k.seals[k.newest].seal([]byte(plain), bound(k.newest, district, field))
	return mark(k.newest) + base64.RawURLEncoding.EncodeToString(sealed)
}

// Old reports whether the file holds versions beside the newest, so that there
// may be something to seal again.
func (v *Vault) Old() bool { return len(v.fresh().seals) > 1 }

// mark is how what a version sealed begins.
func mark(version int) string { return "v" + strconv.Itoa(version) + "." }

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
	if !ok || err != nil || name+"." != mark(version) {
		return "", errors.New("not a sealed value")
	}
	seal, ok := v.present.Load().seals[version]
	if !ok { // another copy of the program may know a newer key
		seal, ok = v.fresh().seals[version]
	}
	if !ok {
		return "", fmt.Errorf("no key version %d in the key file", version)
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(body)
	if err != nil {
		return "", errors.New("not a sealed value")
	}
	opened, err := seal.open(raw, bound(version, district, field))
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
	r := v.present.Load().ring
	key := r.indexing.derive(r.index, "linli index "+field, keySize)
	return base64.RawURLEncoding.EncodeToString(r.indexing.mac(key, []byte(normalised)))
}

// bound is what a sealed value is bound to. Lengths go before the parts, so
// that no two are spelled alike.
func bound(version int, district, field string) []byte {
	b := binary.AppendUvarint(nil, uint64(version))
	for _, part := range []string{district, field} {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	return b
}

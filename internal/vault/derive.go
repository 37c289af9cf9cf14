package vault

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
)

// Derive makes 32 bytes for a purpose of its own, such as a signing key. They
// come from what the blind indexes come from, which stays as it is however often
// the keys that seal are changed; or they are what was adopted for the purpose.
func (v *Vault) Derive(purpose string) []byte {
	for _, one := range v.fresh().ring.adopted {
		if one.purpose == purpose {
			return bytes.Clone(one.secret)
		}
	}
	key, err := hkdf.Key(sha256.New, v.present.Load().ring.index, nil, "linli derive "+purpose, keySize)
	if err != nil {
		panic(err) // asked for more bytes than SHA-256 can give: keySize is at fault
	}
	return key
}

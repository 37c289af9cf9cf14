package wechat

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// The sizes of safe mode: AES-256 in CBC, padded to 32 octets whatever the
// cipher's block is, sixteen random octets first.
const (
	keySize  = 32
	padSize  = 32
	noise    = 16
	lengthAt = noise
	bodyAt   = noise + 4
)

// Sign is the platform's signature of some parts: SHA-1 over them in order.
func Sign(parts ...string) string {
	sorted := slices.Sorted(slices.Values(parts))
	sum := sha1.Sum([]byte(strings.Join(sorted, "")))
	return hex.EncodeToString(sum[:])
}

// signed compares in a time that does not depend on where they differ.
func signed(got string, parts ...string) bool {
	return subtle.ConstantTimeCompare([]byte(strings.ToLower(got)), []byte(Sign(parts...))) == 1
}

var errCrypt = errors.New("it does not decrypt")

// Decrypt opens what the platform encrypted for an account, and refuses what was
// encrypted for another.
func Decrypt(key []byte, appID, text string) ([]byte, error) {
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return nil, errCrypt
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(sealed))
	cipher.NewCBCDecrypter(block, key[:aes.BlockSize]).CryptBlocks(plain, sealed)
	pad := int(plain[len(plain)-1])
	if pad < 1 || pad > padSize || len(plain) < bodyAt+pad {
		return nil, errCrypt
	}
	plain = plain[:len(plain)-pad]
	size := int(binary.BigEndian.Uint32(plain[lengthAt:bodyAt]))
	if size > len(plain)-bodyAt || string(plain[bodyAt+size:]) != appID {
		return nil, errCrypt
	}
	return plain[bodyAt : bodyAt+size], nil
}

// Encrypt closes a message for an account.
func Encrypt(key []byte, appID string, message []byte) (string, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	plain := make([]byte, noise, bodyAt+len(message)+len(appID)+padSize)
	rand.Read(plain) // never fails; see crypto/rand
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(message)))
	plain = append(append(plain, message...), appID...)
	pad := padSize - len(plain)%padSize
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}

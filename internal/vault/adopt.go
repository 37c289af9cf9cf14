package vault

import (
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strings"

	"linli/internal/errs"
)

// adopted is a secret that another installation derived for a purpose and
// handed over with what hangs on it.
type adopted struct {
	purpose string
	secret  []byte
}

const adoptedWord = "adopted"

// line is how a key file has it. The purpose is in base64 because it may have spaces.
func (a adopted) line() string {
	return strings.Join([]string{adoptedWord, base64.RawURLEncoding.EncodeToString([]byte(a.purpose)), base64.StdEncoding.EncodeToString(a.secret)}, " ")
}

// Adopt has Derive give this secret for a purpose from now on, where a district
// moved here from another installation and must go on signing as it did. A
// second one for the same purpose takes the place of the first.
func Adopt(keyFile, purpose string, secret []byte) (err error) {
	defer errs.Wrap(&err, "vault.Adopt(%s, %s)", keyFile, purpose)
	if len(secret) != keySize || purpose == "" {
		return errs.New(errs.Invalid, "交来的密钥长度不对。", "The secret that was handed over has the wrong length.")
	}
	r, err := read(keyFile)
	if err != nil {
		return err
	}
	r.adopted = slices.DeleteFunc(r.adopted, func(a adopted) bool { return a.purpose == purpose })
	r.adopted = append(r.adopted, adopted{purpose, slices.Clone(secret)})
	return write(keyFile, r, os.Rename)
}

// parseThree reads what parseTwo does, with lines "adopted PURPOSE BASE64" after
// the first.
func parseThree(lines []string) (*ring, error) {
	var all []adopted
	n := 1
	for ; n < len(lines) && strings.HasPrefix(lines[n], adoptedWord+" "); n++ {
		parts := strings.Split(lines[n], " ")
		if len(parts) != 3 {
			return nil, fmt.Errorf("line %d must have three words", n+2)
		}
		purpose, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
		if err != nil || len(purpose) == 0 {
			return nil, fmt.Errorf("line %d does not name a purpose", n+2)
		}
		secret, err := parseMaster(parts[2], n+2)
		if err != nil {
			return nil, err
		}
		all = append(all, adopted{string(purpose), secret})
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("line 3 must begin with %q", adoptedWord)
	}
	r, err := parseTwo(slices.Delete(slices.Clone(lines), 1, n))
	if err != nil {
		return nil, err
	}
	r.adopted = all
	return r, nil
}

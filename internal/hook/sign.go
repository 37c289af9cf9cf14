package hook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/internal/errs"
)

// secretPrefix begins every secret, so that people and secret scanners know it.
const secretPrefix = "whsec_"

// Sign signs a body as Standard Webhooks has it, once with each secret: the value
// of webhook-signature. It fails with errs.Invalid for a text that is no secret.
func Sign(id string, at time.Time, body []byte, secrets ...string) (value string, err error) {
	var all []string
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
		if err != nil || len(key) == 0 || !strings.HasPrefix(secret, secretPrefix) {
			return "", errs.New(errs.Invalid, "这不是签名密钥。", "This is no signing secret.")
		}
		h := hmac.New(sha256.New, key)
		fmt.Fprintf(h, "%s.%s.", id, stamp(at))
		h.Write(body)
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}
	return strings.Join(all, " "), nil
}

// stamp is the value of webhook-timestamp: whole seconds since 1970.
func stamp(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

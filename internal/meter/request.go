package meter

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"strings"
)

// requestKey is where a context carries the id of its request.
type requestKey struct{}

// given is the shape of an id that is taken from whoever asks: a UUID, or 16 to
// 64 hexadecimal digits. Any other word might be a name, a telephone number or
// a secret, and would stand in every line of the log.
var given = regexp.MustCompile(`^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})$`)

// RequestID is the id of a request: the one it brought, where that is well
// formed, and otherwise one that is made now. Digits alone are no id: they may
// be somebody's.
func RequestID(brought string) string {
	if given.MatchString(brought) && strings.ContainsAny(brought, "abcdef") {
		return brought
	}
	b := make([]byte, 8)
	_, _ = rand.Read(b)     // never fails
	b[0] = b[0]&0x0f | 0xa0 // so that it is well formed wherever it is handed on
	return hex.EncodeToString(b)
}

// WithRequest gives a context the id of the request that everything done under
// it was caused by. An empty one changes nothing.
func WithRequest(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestOf is the id of the request that a context belongs to; empty for none.
func RequestOf(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/errs"
)

// keyPrefix begins every key, so that people and secret scanners know it.
const keyPrefix = "linli"

// Key is another system's way in.
type Key struct {
	District string
	ID       string
	Name     string // of the system, for people
	Scopes   []Right
	Created  time.Time
	Expires  time.Time
}

// Can reports whether the key has a right.
func (k Key) Can(want Right) bool { return slices.Contains(k.Scopes, want) }

// AddKey makes a key. Its text is given this once and cannot be had again.
func AddKey(ctx context.Context, tx *db.Tx, district, name string, scopes []Right, expires time.Time) (k Key, text string, err error) {
	defer errs.Wrap(&err, "access.AddKey(%s, %s)", district, name)
	if err := checkKey(tx.Now, name, scopes, expires); err != nil {
		return Key{}, "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Key{}, "", err
	}
	k = Key{District: district, ID: id.String(), Name: name, Scopes: slices.Compact(slices.Sorted(slices.Values(scopes))), Created: tx.Now, Expires: expires.UTC()}
	// District and id stand in the text: the row is found by them, and the
	// secret part is only ever compared.
	text = strings.Join([]string{keyPrefix, district, k.ID, rand.Text()}, "_")
	err = tx.Exec(ctx, `insert into keys (district, id, name, hash, scopes, created, expires) values ($1, $2, $3, $4, $5, $6, $7)`,
		k.District, k.ID, k.Name, hash(text), join(k.Scopes), db.At(k.Created), db.At(k.Expires))
	return k, text, err
}

func checkKey(now time.Time, name string, scopes []Right, expires time.Time) error {
	if name == "" || utf8.RuneCountInString(name) > 80 {
		return errs.New(errs.Invalid, "写明密钥给哪个系统用，最多 80 字", "name the system the key is for, at most 80 letters").At("name")
	}
	if len(scopes) == 0 {
		return errs.New(errs.Invalid, "至少选一项权限", "choose at least one right").At("scopes")
	}
	for _, s := range scopes {
		if rolesOf(s) == nil {
			return errs.New(errs.Invalid, "没有“%s”这项权限", "there is no right “%s”", string(s)).At("scopes")
		}
	}
	if !expires.After(now) {
		return errs.New(errs.Invalid, "到期时间要在今后", "the expiry must lie ahead").At("expires")
	}
	return nil
}

// CheckKey gives the key of a text at the instant now. Whatever is wrong with
// it, the answer is the same errs.SignIn.
func CheckKey(ctx context.Context, r db.Reader, text string, now time.Time) (k Key, err error) {
	defer errs.Wrap(&err, "access.CheckKey")
	refused := errs.New(errs.SignIn, "密钥不对或已到期", "the key is not right or has expired")
	part := strings.Split(text, "_")
	if len(part) != 4 || part[0] != keyPrefix || !digits(part[1]) || uuid.Validate(part[2]) != nil {
		return Key{}, refused
	}
	var stored string
	k, err = db.One(ctx, r, func(k *Key) []any { return append(k.dest(), &stored) },
		`select `+keyColumns+`, hash from keys where district = $1 and id = $2`, part[1], part[2])
	if errs.KindOf(err) == errs.NotFound {
		return Key{}, refused
	}
	if err != nil {
		return Key{}, err
	}
	if subtle.ConstantTimeCompare([]byte(stored), []byte(hash(text))) != 1 || !k.Expires.After(now) {
		return Key{}, refused
	}
	return k, nil
}

// digits keeps what no database text may hold from reaching it.
func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// EndKey makes a key expire now.
func EndKey(ctx context.Context, tx *db.Tx, district, id string) (err error) {
	defer errs.Wrap(&err, "access.EndKey(%s, %s)", district, id)
	n, err := tx.Change(ctx, `update keys set expires = $1 where district = $2 and id = $3 and expires > $1`, db.At(tx.Now), district, id)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "没有这个密钥，或已到期", "no such key, or it has expired")
	}
	return err
}

// Keys gives every key of a district, newest first.
func Keys(ctx context.Context, r db.Reader, district string) (all []Key, err error) {
	defer errs.Wrap(&err, "access.Keys(%s)", district)
	return db.All(ctx, r, (*Key).dest, `select `+keyColumns+` from keys where district = $1 order by created desc, id desc`, district)
}

const keyColumns = `district, id, name, scopes, created, expires`

func (k *Key) dest() []any {
	return []any{&k.District, &k.ID, &k.Name, (*scopes)(&k.Scopes), db.Time(&k.Created), db.Time(&k.Expires)}
}

// scopes scans the stored list.
type scopes []Right

// Scan reads words with spaces between.
func (s *scopes) Scan(v any) error {
	text, _ := v.(string)
	for word := range strings.FieldsSeq(text) {
		*s = append(*s, Right(word))
	}
	return nil
}

func join(all []Right) string {
	var words []string
	for _, r := range all {
		words = append(words, string(r))
	}
	return strings.Join(words, " ")
}

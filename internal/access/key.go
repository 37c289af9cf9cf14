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
	"linli/internal/rights"
	"linli/internal/trail"
)

// keyPrefix begins every key, so that people and secret scanners know it.
const keyPrefix = "linli"

// KeyMost is how long a key is good at most: then somebody looks whether the
// system still needs it.
const KeyMost = 2 * 366 * 24 * time.Hour

// usedEvery is how exactly it is known when a key was last used: each use is
// not worth a write.
const usedEvery = 10 * time.Minute

// KeyOwn is how long a key of a person is good at most.
const KeyOwn = 366 * 24 * time.Hour

// Key is another system's way in. It is like a post: rights, for the cases of a
// unit in an area, until an instant. One with a Login is a person's own and acts
// with the posts which that person holds at the minute of each call; one with a
// Post is a machine that acts as that post. Both do no more than their Scopes.
type Key struct {
	District string
	ID       string
	Name     string // of the system, for people
	Scopes   []rights.Right
	Unit     string // whose cases it sees; "" for every unit's
	Area     string // where; "" for everywhere
	Login    string // the account whose posts it acts with; "" for a system
	Post     string // the post it acts as; "" for none
	Created  time.Time
	Expires  time.Time
	Used     time.Time // last, to some minutes; zero for never
}

// Can reports whether the key has a right.
func (k Key) Can(want rights.Right) bool { return slices.Contains(k.Scopes, want) }

// AddKey makes a key with the name, rights, bounds and expiry that k says. Its
// text is given this once and cannot be had again. That unit and area exist is
// for the caller to know.
func AddKey(ctx context.Context, tx *db.Tx, k Key, by By) (_ Key, text string, err error) {
	defer errs.Wrap(&err, "access.AddKey(%s, %s)", k.District, k.Name)
	if err := k.check(tx.Now); err != nil {
		return Key{}, "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Key{}, "", err
	}
	k.ID, k.Scopes, k.Created, k.Expires, k.Used = id.String(), slices.Compact(slices.Sorted(slices.Values(k.Scopes))), tx.Now, k.Expires.UTC(), time.Time{}
	// District and id stand in the text: the row is found by them, and the
	// secret part is only ever compared.
	text = strings.Join([]string{keyPrefix, k.District, k.ID, rand.Text()}, "_")
	err = tx.Exec(ctx, `insert into keys (district, id, name, hash, scopes, unit, area, login, post, created, expires, used)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`,
		k.District, k.ID, k.Name, hash(text), join(k.Scopes), k.Unit, k.Area, k.Login, k.Post, db.At(k.Created), db.At(k.Expires))
	if err != nil {
		return Key{}, "", err
	}
	return k, text, k.tell(ctx, tx, "key-added", by, map[string]string{
		"name": k.Name, "rights": join(k.Scopes), "unit": k.Unit, "area": k.Area, "login": k.Login, "post": k.Post, "expires": k.Expires.Format(time.RFC3339),
	})
}

// tell writes what was done to a key into the book of rights.
func (k Key) tell(ctx context.Context, tx *db.Tx, act string, by By, detail map[string]string) error {
	return trail.Note(ctx, tx, k.District, trail.Rights, k.ID, trail.Entry{Person: by.Person, Post: by.Post, Unit: by.Unit, Act: act, Detail: detail})
}

func (k Key) check(now time.Time) error {
	if strings.TrimSpace(k.Name) == "" || utf8.RuneCountInString(k.Name) > 80 || !utf8.ValidString(k.Name) || strings.ContainsRune(k.Name, 0) {
		return errs.New(errs.Invalid, "写明密钥给哪个系统用，最多 80 字", "name the system the key is for, at most 80 letters").At("name")
	}
	if len(k.Scopes) == 0 {
		return errs.New(errs.Invalid, "至少选一项权限", "choose at least one right").At("scopes")
	}
	for _, s := range k.Scopes {
		if !s.Known() {
			return errs.New(errs.Invalid, "没有“%s”这项权限", "there is no right “%s”", string(s)).At("scopes")
		}
	}
	if !k.Expires.After(now) || k.Expires.After(now.Add(KeyMost)) {
		return errs.New(errs.Invalid, "到期时间要在今后两年以内", "the expiry must lie ahead, within two years").At("expires")
	}
	if k.Login != "" || k.Post != "" {
		return k.checkActing(now)
	}
	all, bounds := k.Can(rights.CaseSeeAll), k.Unit != "" || k.Area != ""
	switch {
	case all && bounds:
		return errs.New(errs.Invalid, "看全区案件的密钥不能再限定单位和区域", "a key for the cases of the whole district cannot be bounded to a unit or an area").At("unit")
	case !all && !bounds && k.Can(rights.CaseSee):
		return errs.New(errs.Invalid, "只看一部分案件的密钥，要写明哪个单位或者哪个区域", "a key that sees some of the cases needs a unit or an area").At("unit")
	}
	return nil
}

// checkActing is what a key must hold that acts for somebody: its reach is that
// of the posts, and only a person is shown what is masked.
func (k Key) checkActing(now time.Time) error {
	switch {
	case k.Login != "" && k.Post != "":
		return errs.New(errs.Invalid, "密钥要么是本人的，要么是一个岗位的", "a key is a person's own or a post's, not both").At("post")
	case k.Unit != "" || k.Area != "":
		return errs.New(errs.Invalid, "能办事的密钥按岗位看案件，不再写单位和区域", "a key that acts sees what its posts see; leave unit and area out").At("unit")
	case k.Login != "" && k.Expires.After(now.Add(KeyOwn)):
		return errs.New(errs.Invalid, "自己的密钥最长一年", "a key of your own lasts a year at most").At("expires")
	case k.Post != "" && k.Can(rights.DataReveal):
		return errs.New(errs.Invalid, "被遮住的个人信息只给人看，不给机器", "masked personal data are shown to people, not to machines").At("scopes")
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

// UseKey notes that a key is in use, at most once in some minutes.
func UseKey(ctx context.Context, d *db.DB, k Key, now time.Time) (err error) {
	defer errs.Wrap(&err, "access.UseKey(%s)", k.ID)
	if now.Sub(k.Used) < usedEvery {
		return nil
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		return tx.Exec(ctx, `update keys set used = $1 where district = $2 and id = $3 and used < $1`, db.At(now), k.District, k.ID)
	})
}

// EndKey makes a key expire now.
func EndKey(ctx context.Context, tx *db.Tx, district, id string, by By) (err error) {
	defer errs.Wrap(&err, "access.EndKey(%s, %s)", district, id)
	n, err := tx.Change(ctx, `update keys set expires = $1 where district = $2 and id = $3 and expires > $1`, db.At(tx.Now), district, id)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "没有这个密钥，或已到期", "no such key, or it has expired")
	}
	if err != nil {
		return err
	}
	return Key{District: district, ID: id}.tell(ctx, tx, "key-ended", by, nil)
}

// EndOwnKey ends a key of an account's holder; another's is errs.NotFound.
func EndOwnKey(ctx context.Context, tx *db.Tx, a Account, id string, by By) (err error) {
	defer errs.Wrap(&err, "access.EndOwnKey(%s, %s)", a.Login, id)
	all, err := KeysOf(ctx, tx, a.District, a.Login)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(k Key) bool { return k.ID == id }) {
		return errs.New(errs.NotFound, "没有这个密钥，或已到期", "no such key, or it has expired")
	}
	return EndKey(ctx, tx, a.District, id, by)
}

// endKeysOf ends every running key of an account and its calendar addresses: they
// go where its sessions do.
func endKeysOf(ctx context.Context, tx *db.Tx, a Account, by By) error {
	if err := endCalendarsOf(ctx, tx, a); err != nil {
		return err
	}
	all, err := KeysOf(ctx, tx, a.District, a.Login)
	if err != nil {
		return err
	}
	for _, k := range all {
		if !k.Expires.After(tx.Now) {
			continue
		}
		if err := EndKey(ctx, tx, a.District, k.ID, by); err != nil {
			return err
		}
	}
	return nil
}

// KeysOf gives the keys that an account's holder has made, newest first.
func KeysOf(ctx context.Context, r db.Reader, district, login string) (all []Key, err error) {
	defer errs.Wrap(&err, "access.KeysOf(%s, %s)", district, login)
	return db.All(ctx, r, (*Key).dest, `select `+keyColumns+` from keys where district = $1 and login = $2 and login <> '' order by created desc, id desc`, district, login)
}

// Keys gives every key of a district, newest first.
func Keys(ctx context.Context, r db.Reader, district string) (all []Key, err error) {
	defer errs.Wrap(&err, "access.Keys(%s)", district)
	return db.All(ctx, r, (*Key).dest, `select `+keyColumns+` from keys where district = $1 order by created desc, id desc`, district)
}

const keyColumns = `district, id, name, scopes, unit, area, login, post, created, expires, used`

func (k *Key) dest() []any {
	return []any{&k.District, &k.ID, &k.Name, (*scopes)(&k.Scopes), &k.Unit, &k.Area, &k.Login, &k.Post, db.Time(&k.Created), db.Time(&k.Expires), db.Time(&k.Used)}
}

// scopes scans the stored list.
type scopes []rights.Right

// Scan reads words with spaces between.
func (s *scopes) Scan(v any) error {
	text, _ := v.(string)
	for word := range strings.FieldsSeq(text) {
		*s = append(*s, rights.Right(word))
	}
	return nil
}

func join(all []rights.Right) string {
	var words []string
	for _, r := range all {
		words = append(words, string(r))
	}
	return strings.Join(words, " ")
}

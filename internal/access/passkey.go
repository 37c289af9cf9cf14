package access

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"linli/internal/db"
	"linli/internal/errs"
)

// A passkey's name may have so many letters, and one holder so many passkeys.
const (
	passkeyNameMost = 40
	passkeysMost    = 10
)

// ceremonyTime is how long a browser has to answer.
const ceremonyTime = 5 * time.Minute

// Passkey is a key on a phone, a computer or a stick that its holder opens with
// a finger, a face or a PIN. It stands for both factors at once.
type Passkey struct {
	District string
	ID       string
	Holder   Holder
	Site     string // the host name it is good at
	Name     string // what the holder calls it
	Created  time.Time
	Used     time.Time // zero before the first time
}

// Ceremony is one question to a browser. Options go into the page (ui.Passkey
// takes them), State stays with the server in the reader's session and is taken
// out when the answer comes, so that each question is answered once:
//
//	adding     c, err := access.BeginPasskey(ctx, r, site, district, holder, name, now)
//	           page: ui.Passkey with c.Options; session: Put("passkey", c.State)
//	answered   access.AddPasskey(ctx, tx, site, district, holder, PopString("passkey"), form "answer", form "name")
//	signing in c, err := access.AskPasskey(ctx, r, site, district, holder, now)  // holder "" for whoever it is
//	           page and session as above
//	answered   key, err := access.CheckPasskey(ctx, tx, site, district, state, answer)
//	           key.Holder.Login() or key.Holder.Resident() says who; then View.SignIn
//
// A door that asks for a kind of holder compares it: a resident's passkey opens
// no desk.
type Ceremony struct {
	Options string
	State   string
}

// state is what the server keeps of a ceremony.
type state struct {
	Until   int64 // microseconds
	Holder  Holder
	Session webauthn.SessionData
}

// BeginPasskey asks a browser to make a passkey. name is what the browser shows
// of its owner when it asks which one to use. A site without a host name is
// errs.Invalid.
func BeginPasskey(ctx context.Context, r db.Reader, site Site, district string, holder Holder, name string, now time.Time) (c Ceremony, err error) {
	defer errs.Wrap(&err, "access.BeginPasskey(%s)", holder)
	w, err := party(site)
	if err != nil {
		return Ceremony{}, err
	}
	u, err := keyring(ctx, r, district, holder, site)
	if err != nil {
		return Ceremony{}, err
	}
	u.name = name
	made, session, err := w.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.keys).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, err
	}
	return ceremony(made, state{Until: db.At(now.Add(ceremonyTime)), Holder: holder, Session: *session})
}

// AddPasskey keeps the passkey that a browser has made. An answer to another
// question, one too late or one without the owner's finger or PIN is
// errs.SignIn.
func AddPasskey(ctx context.Context, tx *db.Tx, site Site, district string, holder Holder, kept, answer, name string) (k Passkey, err error) {
	defer errs.Wrap(&err, "access.AddPasskey(%s)", holder)
	if name = strings.TrimSpace(name); name == "" || utf8.RuneCountInString(name) > passkeyNameMost {
		return Passkey{}, errs.New(errs.Invalid, "给这把通行密钥起个名字，最多 %d 个字，例如“办公室电脑”", "give this passkey a name of up to %d characters, such as “office computer”", passkeyNameMost).At("name")
	}
	st, err := opened(kept, tx.Now)
	if err != nil {
		return Passkey{}, err
	}
	w, err := party(site)
	if err != nil {
		return Passkey{}, err
	}
	u, err := keyring(ctx, tx, district, holder, site)
	if err != nil {
		return Passkey{}, err
	}
	if len(u.keys) >= passkeysMost {
		return Passkey{}, errs.New(errs.Invalid, "最多 %d 把通行密钥，先删掉不用的", "up to %d passkeys; remove one you no longer use first", passkeysMost)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil || st.Holder != holder {
		return Passkey{}, unproved(err)
	}
	made, err := w.CreateCredential(u, st.Session, parsed)
	if err != nil {
		return Passkey{}, unproved(err)
	}
	k = Passkey{District: district, ID: keyID(made.ID), Holder: holder, Site: site.host(), Name: name, Created: tx.Now}
	return k, k.insert(ctx, tx, made)
}

func (k Passkey) insert(ctx context.Context, tx *db.Tx, made *webauthn.Credential) error {
	record, err := json.Marshal(made)
	if err != nil {
		return err
	}
	n, err := tx.Change(ctx, `insert into passkeys (district, id, holder, site, name, record, created, used)
		values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict (district, id) do nothing`,
		k.District, k.ID, k.Holder, k.Site, k.Name, string(record), db.At(k.Created))
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "这把通行密钥已经登记过", "this passkey is registered already")
	}
	return err
}

// AskPasskey asks a browser to show a passkey: one of a holder, or, with no
// holder, whichever the person chooses, so that no login need be typed. Where
// none is registered that could answer it is errs.NotFound: a page then does not
// offer it.
func AskPasskey(ctx context.Context, r db.Reader, site Site, district string, holder Holder, now time.Time) (c Ceremony, err error) {
	defer errs.Wrap(&err, "access.AskPasskey(%s)", holder)
	w, err := party(site)
	if err != nil {
		return Ceremony{}, err
	}
	var options webauthn.LoginOption = webauthn.WithUserVerification(protocol.VerificationRequired)
	var asked *protocol.CredentialAssertion
	var session *webauthn.SessionData
	n, err := db.Value[int](ctx, r, `select count(*) from (select id from passkeys
		where district = $1 and site = $2 and (holder = $3 or $3 = '') limit 1) one`, district, site.host(), holder)
	if err != nil {
		return Ceremony{}, err
	}
	if n == 0 {
		return Ceremony{}, errs.New(errs.NotFound, "这个网址上还没有登记通行密钥", "no passkey is registered at this address")
	}
	if holder == "" {
		asked, session, err = w.BeginDiscoverableLogin(options)
	} else {
		var u ring
		if u, err = keyring(ctx, r, district, holder, site); err != nil {
			return Ceremony{}, err
		}
		asked, session, err = w.BeginLogin(u, options)
	}
	if err != nil {
		return Ceremony{}, err
	}
	return ceremony(asked, state{Until: db.At(now.Add(ceremonyTime)), Holder: holder, Session: *session})
}

// CheckPasskey says which passkey a browser has shown. Whatever is wrong with
// the answer is one errs.SignIn; so is a key that seems to be copied, since its
// count of uses went back.
func CheckPasskey(ctx context.Context, tx *db.Tx, site Site, district, kept, answer string) (k Passkey, err error) {
	defer errs.Wrap(&err, "access.CheckPasskey")
	st, err := opened(kept, tx.Now)
	if err != nil {
		return Passkey{}, err
	}
	w, err := party(site)
	if err != nil {
		return Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return Passkey{}, unproved(err)
	}
	k, err = db.One(ctx, tx, (*Passkey).dest, `select `+passkeyColumns+` from passkeys
		where district = $1 and id = $2 and site = $3`, district, keyID(parsed.RawID), site.host())
	if errs.KindOf(err) == errs.NotFound || err == nil && st.Holder != "" && st.Holder != k.Holder {
		return Passkey{}, unproved(nil)
	}
	if err != nil {
		return Passkey{}, err
	}
	u, err := keyring(ctx, tx, district, k.Holder, site)
	if err != nil {
		return Passkey{}, err
	}
	shown, err := u.check(w, st, parsed)
	if err != nil || shown.Authenticator.CloneWarning {
		return Passkey{}, unproved(err)
	}
	record, err := json.Marshal(shown)
	if err != nil {
		return Passkey{}, err
	}
	k.Used = tx.Now
	return k, tx.Exec(ctx, `update passkeys set record = $1, used = $2 where district = $3 and id = $4`,
		string(record), db.At(k.Used), district, k.ID)
}

// PasskeysOf gives the passkeys of a holder, the oldest first.
func PasskeysOf(ctx context.Context, r db.Reader, district string, holder Holder) (all []Passkey, err error) {
	defer errs.Wrap(&err, "access.PasskeysOf(%s)", holder)
	return db.All(ctx, r, (*Passkey).dest, `select `+passkeyColumns+` from passkeys
		where district = $1 and holder = $2 order by created, id`, district, holder)
}

// RemovePasskey forgets a passkey of a holder; another's is errs.NotFound.
func RemovePasskey(ctx context.Context, tx *db.Tx, district string, holder Holder, id string) (k Passkey, err error) {
	defer errs.Wrap(&err, "access.RemovePasskey(%s)", holder)
	k, err = db.One(ctx, tx, (*Passkey).dest, `select `+passkeyColumns+` from passkeys
		where district = $1 and holder = $2 and id = $3`, district, holder, id)
	if err != nil {
		return Passkey{}, err
	}
	return k, tx.Exec(ctx, `delete from passkeys where district = $1 and holder = $2 and id = $3`, district, holder, id)
}

const passkeyColumns = `district, id, holder, site, name, created, used`

func (k *Passkey) dest() []any {
	return []any{&k.District, &k.ID, (*string)(&k.Holder), &k.Site, &k.Name, db.Time(&k.Created), db.Time(&k.Used)}
}

// ring is a holder with the passkeys of one site, as the library asks for it.
type ring struct {
	id   []byte
	name string
	keys []webauthn.Credential
}

func (u ring) WebAuthnID() []byte                         { return u.id }
func (u ring) WebAuthnName() string                       { return u.name }
func (u ring) WebAuthnDisplayName() string                { return u.name }
func (u ring) WebAuthnCredentials() []webauthn.Credential { return u.keys }

// check lets the library compare an answer with the question.
func (u ring) check(w *webauthn.WebAuthn, st state, parsed *protocol.ParsedCredentialAssertionData) (*webauthn.Credential, error) {
	if st.Holder != "" {
		return w.ValidateLogin(u, st.Session, parsed)
	}
	return w.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return u, nil }, st.Session, parsed)
}

func keyring(ctx context.Context, r db.Reader, district string, holder Holder, site Site) (ring, error) {
	// The browser keeps this id beside the key: it tells nothing of the holder
	// and is the same for all keys, so that a second one joins the first.
	id := sha256.Sum256([]byte("linli passkey " + district + " " + string(holder)))
	records, err := db.All(ctx, r, func(s *string) []any { return []any{s} },
		`select record from passkeys where district = $1 and holder = $2 and site = $3 order by created, id`, district, holder, site.host())
	if err != nil {
		return ring{}, err
	}
	u := ring{id: id[:], name: string(holder), keys: make([]webauthn.Credential, len(records))}
	for i, record := range records {
		if err := json.Unmarshal([]byte(record), &u.keys[i]); err != nil {
			return ring{}, err
		}
	}
	return u, nil
}

// party is this house as WebAuthn knows it. The owner is always verified, so
// that the key alone is worth nothing to a finder; the key is kept where the
// browser finds it without a login.
func party(site Site) (*webauthn.WebAuthn, error) {
	if !site.Works() {
		return nil, errs.New(errs.Invalid, "通行密钥要在 https 的域名上用；本机试用请打开 http://localhost", "passkeys need a host name over https; on this machine open http://localhost")
	}
	return webauthn.New(&webauthn.Config{
		RPID: site.host(), RPDisplayName: site.Name, RPOrigins: []string{site.Origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{
			Login:        webauthn.TimeoutConfig{Timeout: ceremonyTime, TimeoutUVD: ceremonyTime},
			Registration: webauthn.TimeoutConfig{Timeout: ceremonyTime, TimeoutUVD: ceremonyTime},
		},
	})
}

func ceremony(options any, st state) (c Ceremony, err error) {
	shown, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, err
	}
	kept, err := json.Marshal(st)
	return Ceremony{Options: string(shown), State: string(kept)}, err
}

func opened(kept string, now time.Time) (st state, err error) {
	if err := json.Unmarshal([]byte(kept), &st); err != nil || st.Until < db.At(now) {
		return state{}, errs.New(errs.SignIn, "时间过了，请再按一次", "that took too long, please press once more")
	}
	return st, nil
}

func unproved(why error) error {
	return errs.New(errs.SignIn, "这把通行密钥没有通过，请再试一次，或换一种方式", "this passkey was not accepted; please try again or choose another way").Because(why)
}

func keyID(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

package access

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"linli/internal/db"
	"linli/internal/errs"
)

var here = Site{Name: "邻里区", Origin: "https://linli.example.cn"}

// stick is a real authenticator in a few lines: it makes a key, and signs what
// a browser at some origin would have it sign.
type stick struct {
	t        *testing.T
	key      *ecdsa.PrivateKey
	id, user []byte
	uses     uint32
	origin   string
	verified bool // whether its owner shows a finger
}

func newStick(t *testing.T) *stick {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	rand.Read(id)
	return &stick{t: t, key: key, id: id, origin: here.Origin, verified: true}
}

// question is what a browser reads of a ceremony's options.
type question struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		RPID      string `json:"rpId"`
		RP        struct{ ID string }
		User      struct{ ID string }
	} `json:"publicKey"`
}

func (s *stick) read(options string) (q question) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(options), &q); err != nil {
		s.t.Fatal(err)
	}
	return q
}

func (s *stick) client(kind, challenge string) []byte {
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": s.origin, "crossOrigin": false})
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

func (s *stick) data(host string, more byte) []byte {
	flags := byte(1) | more // somebody is there
	if s.verified {
		flags |= 4
	}
	hash := sha256.Sum256([]byte(host))
	s.uses++
	return binary.BigEndian.AppendUint32(append(hash[:], flags), s.uses)
}

// make answers BeginPasskey.
func (s *stick) make(options string) string {
	s.t.Helper()
	q := s.read(options)
	user, err := base64.RawURLEncoding.DecodeString(q.PublicKey.User.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	s.user = user
	point, err := s.key.PublicKey.Bytes()
	if err != nil {
		s.t.Fatal(err)
	}
	cose, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		s.t.Fatal(err)
	}
	data := append(s.data(q.PublicKey.RP.ID, 64), make([]byte, 16)...)
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(s.id))), append(s.id, cose...)...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.answer(map[string]any{"clientDataJSON": b64(s.client("webauthn.create", q.PublicKey.Challenge)), "attestationObject": b64(object), "transports": []string{"usb"}})
}

// show answers AskPasskey.
func (s *stick) show(options string) string {
	s.t.Helper()
	q := s.read(options)
	client, data := s.client("webauthn.get", q.PublicKey.Challenge), s.data(q.PublicKey.RPID, 0)
	sum := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	signature, err := s.key.Sign(rand.Reader, signed[:], crypto.SHA256)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(s.user)})
}

func (s *stick) answer(response map[string]any) string {
	text, err := json.Marshal(map[string]any{"id": b64(s.id), "rawId": b64(s.id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response})
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// ask begins a ceremony of showing.
func ask(t *testing.T, w *world, d *db.DB, holder Holder) Ceremony {
	t.Helper()
	c, err := AskPasskey(t.Context(), d, here, "990101", holder, w.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// check answers it and gives who that is.
func check(t *testing.T, d *db.DB, state, answer string) (k Passkey, err error) {
	t.Helper()
	err = d.Write(t.Context(), func(tx *db.Tx) (err error) {
		k, err = CheckPasskey(t.Context(), tx, here, "990101", state, answer)
		return err
	})
	return k, err
}

// enrol registers a new stick of a holder.
func enrol(t *testing.T, w *world, d *db.DB, holder Holder, s *stick) error {
	t.Helper()
	c, err := BeginPasskey(t.Context(), d, here, "990101", holder, "陈立", w.Now())
	if err != nil {
		t.Fatal(err)
	}
	return d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := AddPasskey(t.Context(), tx, here, "990101", holder, c.State, s.make(c.Options), "办公室电脑")
		return err
	})
}

// GB/T 22239 8.1.4.1d
func TestPasskeySignsIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, _ *Guard, d *db.DB) {
		staff, resident := newStick(t), newStick(t)
		for holder, s := range map[Holder]*stick{Staff("chenli"): staff, Resident("r1"): resident} {
			if err := enrol(t, w, d, holder, s); err != nil {
				t.Fatal(err)
			}
		}
		for holder, s := range map[Holder]*stick{Staff("chenli"): staff, Resident("r1"): resident} {
			for _, asked := range []Holder{"", holder} {
				c := ask(t, w, d, asked)
				if k, err := check(t, d, c.State, s.show(c.Options)); err != nil || k.Holder != holder || !k.Used.Equal(w.Now()) {
					t.Errorf("asked %q: got %+v, %v; want %s", asked, k, err, holder)
				}
			}
		}
		if err := enrol(t, w, d, Staff("chenli"), staff); !errors.Is(err, errs.Conflict) {
			t.Errorf("the same key a second time: %v", err)
		}
		all, err := PasskeysOf(t.Context(), d, "990101", Staff("chenli"))
		if err != nil || len(all) != 1 || all[0].Name != "办公室电脑" || all[0].Site != "linli.example.cn" {
			t.Errorf("got %+v, %v", all, err)
		}
	})
}

func TestPasskeyRefusals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, _ *Guard, d *db.DB) {
		s, other := newStick(t), newStick(t)
		for holder, one := range map[Holder]*stick{Staff("chenli"): s, Staff("zhouhui"): other} {
			if err := enrol(t, w, d, holder, one); err != nil {
				t.Fatal(err)
			}
		}
		for _, row := range []struct {
			why   string
			asked Holder
			bend  func(s *stick, c *Ceremony) (answer string)
		}{
			{"an answer to an older question", "", func(s *stick, c *Ceremony) string { return s.show(ask(t, w, d, "").Options) }},
			{"at an address that looks alike", "", func(s *stick, c *Ceremony) string { s.origin = "https://linli.example.com"; return s.show(c.Options) }},
			{"found on the street, without the finger", "", func(s *stick, c *Ceremony) string { s.verified = false; return s.show(c.Options) }},
			{"a copy, whose count of uses is behind", "", func(s *stick, c *Ceremony) string { s.uses = 0; return s.show(c.Options) }},
			{"a key nobody has registered", "", func(s *stick, c *Ceremony) string { s.id = []byte("0123456789abcdef"); return s.show(c.Options) }},
			{"somebody else's handle", "", func(s *stick, c *Ceremony) string { s.user = other.user; return s.show(c.Options) }},
			{"another account's key", Staff("zhouhui"), func(s *stick, c *Ceremony) string { return s.show(c.Options) }},
			{"too late", "", func(s *stick, c *Ceremony) string { w.advance(ceremonyTime + time.Second); return s.show(c.Options) }},
			{"no question was asked", "", func(s *stick, c *Ceremony) string { a := s.show(c.Options); c.State = ""; return a }},
			{"no answer", "", func(*stick, *Ceremony) string { return "" }},
			{"words", "", func(*stick, *Ceremony) string { return `{"id":"x","response":{}}` }},
		} {
			bent := *s
			bent.uses = 100
			c := ask(t, w, d, row.asked)
			answer := row.bend(&bent, &c)
			if k, err := check(t, d, c.State, answer); !errors.Is(err, errs.SignIn) {
				t.Errorf("%s: got %+v, %v; want a refusal", row.why, k, err)
			}
		}
		c := ask(t, w, d, "")
		s.uses = 1000
		if _, err := check(t, d, c.State, s.show(c.Options)); err != nil {
			t.Errorf("the right one afterwards: %v", err)
		}
	})
}

func TestPasskeyEnrolmentRefusals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world, _ *Guard, d *db.DB) {
		unverified := newStick(t)
		unverified.verified = false
		if err := enrol(t, w, d, Staff("chenli"), unverified); !errors.Is(err, errs.SignIn) {
			t.Errorf("a key that does not know its owner: %v", err)
		}
		s := newStick(t)
		c, err := BeginPasskey(t.Context(), d, here, "990101", Staff("chenli"), "陈立", w.Now())
		if err != nil {
			t.Fatal(err)
		}
		answer := s.make(c.Options)
		for _, row := range []struct {
			why    string
			holder Holder
			name   string
			kind   errs.Kind
		}{
			{"begun for somebody else", Staff("zhouhui"), "电脑", errs.SignIn},
			{"without a name", Staff("chenli"), "  ", errs.Invalid},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := AddPasskey(t.Context(), tx, here, "990101", row.holder, c.State, answer, row.name)
				return err
			})
			if !errors.Is(err, row.kind) {
				t.Errorf("%s: got %v, want %s", row.why, err, row.kind)
			}
		}
		if _, err := AskPasskey(t.Context(), d, here, "990101", "", w.Now()); !errors.Is(err, errs.NotFound) {
			t.Errorf("asked where nobody has one: %v", err)
		}
		if err := enrol(t, w, d, Staff("chenli"), s); err != nil {
			t.Fatal(err)
		}
		id := b64(s.id)
		for why, holder := range map[string]Holder{"another's": Staff("zhouhui"), "a resident of that name": Resident("chenli")} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := RemovePasskey(t.Context(), tx, "990101", holder, id)
				return err
			})
			if !errors.Is(err, errs.NotFound) {
				t.Errorf("%s removes it: %v", why, err)
			}
		}
		write(t, d, func(tx *db.Tx) error {
			_, err := RemovePasskey(t.Context(), tx, "990101", Staff("chenli"), id)
			return err
		})
		if all, err := PasskeysOf(t.Context(), d, "990101", Staff("chenli")); err != nil || len(all) != 0 {
			t.Errorf("left %v, %v", all, err)
		}
	})
}

func TestWherePasskeysWork(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		why, origin string
		want        bool
	}{
		{"a name over TLS", "https://linli.example.cn", true},
		{"with a port", "https://linli.example.cn:8443", true},
		{"trying it out", "http://localhost:8080", true},
		{"a name anybody on the line can answer for", "http://linli.example.cn", false},
		{"a bare address", "http://127.0.0.1:8080", false},
		{"a bare address over TLS", "https://10.1.2.3", false},
		{"of the newer kind", "https://[::1]:8443", false},
		{"nothing", "", false},
	} {
		if got := (Site{Origin: row.origin}).Works(); got != row.want {
			t.Errorf("%s (%s): got %v, want %v", row.why, row.origin, got, row.want)
		}
	}
}

// FuzzPasskeyAnswer holds that no answer, whatever it is, opens or breaks
// anything.
//
// ASVS 1.5.2
func FuzzPasskeyAnswer(f *testing.F) {
	f.Add(`{"Until":9999999999999999,"Session":{}}`, `{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA"}}`)
	f.Add(``, ``)
	d, err := db.Open(f.Context(), db.Config{URL: "sqlite:" + f.TempDir() + "/linli.db"})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = d.Close() })
	f.Fuzz(func(t *testing.T, state, answer string) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := CheckPasskey(t.Context(), tx, here, "990101", state, answer)
			return err
		})
		if !errors.Is(err, errs.SignIn) {
			t.Errorf("got %v, want a refusal", err)
		}
	})
}

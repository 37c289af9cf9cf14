package trail

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/errs"
)

// Origin is the name of a district's log unless its settings name one.
func Origin(district string) string { return "linli/" + district }

// Purpose is what the seed of a district's signer is derived for.
func Purpose(district string) string { return "trail log " + district }

// Signer signs what a district's log has come to.
type Signer struct {
	origin string
	key    note.Signer
	public string
}

// NewSigner makes the signer of the log named origin from 32 bytes that only
// this installation knows. The same bytes give the same key.
func NewSigner(origin string, seed []byte) (s *Signer, err error) {
	defer errs.Wrap(&err, "trail.NewSigner(%s)", origin)
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("a seed has %d bytes, not %d", ed25519.SeedSize, len(seed))
	}
	private := ed25519.NewKeyFromSeed(seed)
	public, err := note.NewEd25519VerifierKey(origin, private.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	number, _, ok := strings.Cut(strings.TrimPrefix(public, origin+"+"), "+")
	if !ok {
		return nil, fmt.Errorf("%s is not a name for a log: it has a plus or a space", origin)
	}
	const ed25519Key = 1 // how signed notes number the kinds of keys
	key, err := note.NewSigner("PRIVATE+KEY+" + origin + "+" + number + "+" + base64.StdEncoding.EncodeToString(append([]byte{ed25519Key}, seed...)))
	if err != nil {
		return nil, fmt.Errorf("%s is not a name for a log: %w", origin, err)
	}
	return &Signer{origin, key, public}, nil
}

// Origin is the name of the log.
func (s *Signer) Origin() string { return s.origin }

// Key is the public key, as others check signatures with.
func (s *Signer) Key() string { return s.public }

// sign makes a checkpoint.
func (s *Signer) sign(tree tlog.Tree) (string, error) {
	signed, err := note.Sign(&note.Note{Text: Checkpoint{s.origin, tree}.text()}, s.key)
	return string(signed), err
}

// Checkpoint is what a log says that it has come to.
type Checkpoint struct {
	Origin string
	tlog.Tree
}

// text is the part that is signed: origin, size, root.
func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.N, base64.StdEncoding.EncodeToString(c.Hash[:]))
}

// openCheckpoint reads a signed checkpoint and checks its signature. Signatures of
// others beside it are let stand.
func openCheckpoint(text string, check note.Verifier) (c Checkpoint, err error) {
	signed, err := note.Open([]byte(text), note.VerifierList(check))
	if err != nil {
		return c, errs.New(errs.Invalid, "检查点的签名不对。", "The signature of the checkpoint is not right.").Because(err)
	}
	if _, err := base64.StdEncoding.Strict().DecodeString(signed.Sigs[0].Base64); err != nil {
		return c, errs.New(errs.Invalid, "检查点的签名不对。", "The signature of the checkpoint is not right.").Because(err)
	}
	if c, err = parseCheckpoint(signed.Text); err != nil {
		return c, err
	}
	if c.Origin != check.Name() {
		return c, errs.New(errs.Invalid, "检查点是 %s 的，不是 %s 的。", "The checkpoint is of %s, not of %s.", c.Origin, check.Name())
	}
	return c, nil
}

// parseCheckpoint reads the signed part. Lines after the root are allowed by the
// form and mean nothing here.
func parseCheckpoint(text string) (c Checkpoint, err error) {
	bad := errs.New(errs.Invalid, "检查点读不懂。", "The checkpoint cannot be understood.")
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 || lines[0] == "" {
		return c, bad
	}
	size, ok := parseSize(lines[1])
	hash, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if !ok || err != nil || len(hash) != tlog.HashSize {
		return c, bad
	}
	c.Origin, c.N = lines[0], size
	copy(c.Hash[:], hash)
	return c, nil
}

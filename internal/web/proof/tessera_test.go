package proof_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/client"
	"golang.org/x/mod/sumdb/note"

	"linli/internal/db"
	"linli/internal/trail"
)

// TestAnIndependentClientReadsTheLog reads the log with Tessera's client, which
// knows nothing of linli: the checkpoint opens with the public key, the entries
// hash to the leaves, and every leaf's proof leads to the signed root. Tiles are
// full and partial, since there are more than 256 leaves.
func TestAnIndependentClientReadsTheLog(t *testing.T) {
	t.Parallel()
	w, _, _ := reported(t)
	w.Due()
	for i := range 300 {
		if err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
			return trail.Note(t.Context(), tx, w.House.District, trail.Setup, fmt.Sprint("subject ", i%7), trail.Entry{Act: "changed", Detail: map[string]string{"line": fmt.Sprint(i)}})
		}); err != nil {
			t.Fatal(err)
		}
	}
	w.Due()
	base, err := url.Parse(w.URL + "/trail/" + w.House.District + "/")
	if err != nil {
		t.Fatal(err)
	}
	from, err := client.NewHTTPFetcher(base, nil)
	if err != nil {
		t.Fatal(err)
	}
	key, err := source(t, strings.TrimSuffix(base.String(), "/"))(t.Context(), "key")
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		t.Fatal(err)
	}
	signed, _, _, err := client.FetchCheckpoint(t.Context(), from.ReadCheckpoint, verifier, verifier.Name())
	if err != nil || signed.Size <= 256 {
		t.Fatalf("the checkpoint: %+v, %v", signed, err)
	}
	leaves, err := client.FetchLeafHashes(t.Context(), from.ReadTile, 0, signed.Size, signed.Size)
	if err != nil || uint64(len(leaves)) != signed.Size {
		t.Fatalf("%d leaves of %d: %v", len(leaves), signed.Size, err)
	}
	builder, err := client.NewProofBuilder(t.Context(), signed.Size, from.ReadTile)
	if err != nil {
		t.Fatal(err)
	}
	for i := range signed.Size {
		path, err := builder.InclusionProof(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, i, signed.Size, leaves[i], path, signed.Hash); err != nil {
			t.Fatalf("leaf %d: %v", i, err)
		}
	}
	for bundle := range (signed.Size + 255) / 256 {
		entries, err := client.GetEntryBundle(t.Context(), from.ReadEntryBundle, bundle, signed.Size)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range entries.Entries {
			if at := bundle*256 + uint64(i); !bytes.Equal(rfc6962.DefaultHasher.HashLeaf(e), leaves[at]) {
				t.Errorf("entry %d is not what its leaf says", at)
			}
		}
	}
	if err := proof.VerifyInclusion(rfc6962.DefaultHasher, 0, signed.Size, leaves[1], mustPath(t, builder, 0), signed.Hash); err == nil {
		t.Error("a wrong leaf has a proof: the test proves nothing")
	}
}

func mustPath(t *testing.T, b *client.ProofBuilder, i uint64) [][]byte {
	t.Helper()
	path, err := b.InclusionProof(t.Context(), i)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

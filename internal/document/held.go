package document

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
)

// held is how a kept picture is written down between two pages of a form.
type held struct {
	Name   string `json:"name"`
	Size   int    `json:"size"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	SHA256 string `json:"sha256"`
}

// MarshalJSON lets a door remember a picture until its form is sent. It belongs
// on the door's own side, in a session: a browser that could name hashes could
// attach pictures of others.
func (k Kept) MarshalJSON() ([]byte, error) {
	return json.Marshal(held{k.name, k.size, k.width, k.height, k.sha256})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (k *Kept) UnmarshalJSON(data []byte) error {
	var h held
	if err := json.Unmarshal(data, &h); err != nil {
		return err
	}
	if raw, err := hex.DecodeString(h.SHA256); err != nil || len(raw) != sha256.Size {
		return fmt.Errorf("%q is no hash", h.SHA256)
	}
	*k = Kept{h.Name, h.Size, h.Width, h.Height, h.SHA256}
	return nil
}

// Name is what the picture was called, made safe to show.
func (k Kept) Name() string { return k.name }

// Preview reads the small copy of a kept picture. The caller closes it.
func (s *Store) Preview(k Kept) (io.ReadSeekCloser, error) {
	return s.open(Document{SHA256: k.sha256}, s.thumb)
}

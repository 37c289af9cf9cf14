package evaluate

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
)

// pack writes the cases behind a figure as short text: for each, how far its
// case is from the one before in the period's list, its entry, and its worth.
// A month of a large district has millions of them; each takes four letters.
func pack(list []entry) string {
	var b []byte
	last := int32(0)
	for _, e := range list {
		b = binary.AppendUvarint(b, uint64(e.file-last))
		b = binary.AppendUvarint(b, uint64(e.seq))
		b = binary.AppendUvarint(b, coded(e.worth))
		last = e.file
	}
	return base64.RawStdEncoding.EncodeToString(b)
}

// unpack reads what pack wrote, of a period with so many cases.
func unpack(text string, cases int) (list []entry, err error) {
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("list of cases: %w", err)
	}
	last := int32(0)
	for len(b) > 0 {
		var n [3]uint64
		for i := range n {
			v, used := binary.Uvarint(b)
			if used <= 0 || v > 1<<30 {
				return nil, fmt.Errorf("list of cases: it breaks off after %d", len(list))
			}
			n[i], b = v, b[used:]
		}
		last += int32(n[0])
		if int(last) >= cases || last < 0 || n[2] > worthOne+2 {
			return nil, fmt.Errorf("list of cases: entry %d is not one of the period", len(list))
		}
		list = append(list, entry{file: last, seq: int32(n[1]), worth: decoded(n[2])})
	}
	return list, nil
}

// coded writes the two usual worths, nothing and all, in one byte.
func coded(worth int32) uint64 {
	switch worth {
	case 0:
		return 0
	case worthOne:
		return 1
	}
	return uint64(worth) + 2
}

func decoded(n uint64) int32 {
	switch n {
	case 0:
		return 0
	case 1:
		return worthOne
	}
	return int32(n) - 2
}

package transfer_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/errs"
	"linli/internal/sheet"
	"linli/internal/transfer"
)

// cutOff is a file that somebody cuts off while it is read.
type cutOff struct {
	io.ReaderAt
	now func() bool
}

func (c cutOff) ReadAt(p []byte, at int64) (int, error) {
	if c.now() {
		return 0, io.EOF
	}
	return c.ReaderAt.ReadAt(p, at)
}

// A file is read twice. One that was cut off between is not said to be done.
func TestFileThatIsCutOff(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		var text strings.Builder
		text.WriteString(caseHead)
		for n := range 200 { // of many bytes, so that the file is read in many pieces
			fmt.Fprintf(&text, strings.Replace(oneCase, "楼下", strings.Repeat("楼下", 600), 1), n)
		}
		written := false
		file, err := sheet.At("cases.csv", cutOff{strings.NewReader(text.String()), func() bool { return written }}, int64(text.Len()), sheet.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = transfer.Cases(t.Context(), d, to, file, nil, transfer.Options{Batch: 1, Progress: func(int, int) { written = true }})
		if !errors.Is(err, errs.Conflict) {
			t.Errorf("got %v, want that the file did not read the same twice", err)
		}
		n, err := db.Value[int](t.Context(), d, "select count(*) from cases")
		if err != nil || n == 0 || n == 200 {
			t.Errorf("%d cases, %v: nothing was put to the test", n, err)
		}
	})
}

package district_test

import (
	"os"
	"testing"

	"linli/internal/district"
)

// shared reads a real notice, which lies beside the checkout and not in it.
func shared(t *testing.T, name string) district.File {
	t.Helper()
	data, err := os.ReadFile("../../../shared/data/holidays/" + name)
	if err != nil {
		t.Skipf("the real notices are not beside this checkout: %v", err)
	}
	return district.File{Name: name, Data: data}
}

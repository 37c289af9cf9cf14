package api_test

import (
	"testing"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/intake"
)

// An id that begins with the instant it was made at would tell at which minute a
// secret report came in, and so who brought it.
func TestIdsOfSecretCasesTellNoTime(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, c := range []struct {
		why    string
		told   intake.Receipt
		timely bool
	}{
		{"a matter that is secret", w.told("d-report"), false},
		{"a reporter who asks for it", w.told("m06010", func(s *intake.Sending) { s.Secret = true }), false},
		{"any other", w.told("m06010"), true},
	} {
		tasks, err := casework.Tasks(t.Context(), w.DB, w.District().Code, c.told.Case.ID)
		if err != nil || len(tasks) == 0 {
			t.Fatalf("%s: %d tasks, %v", c.why, len(tasks), err)
		}
		ids := []string{string(c.told.Case.ID), c.told.Report}
		for _, one := range tasks {
			ids = append(ids, one.ID)
		}
		for _, id := range ids {
			if got := uuid.MustParse(id).Version() == 7; got != c.timely {
				t.Errorf("%s: %s tells the time: %v, want %v", c.why, id, got, c.timely)
			}
		}
	}
}

package portal_test

import (
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/db"
	"linli/internal/privacy"
)

// TestChildNeedsGuardian takes a report about a child with a guardian's consent
// alone, and notes it with the notices that were shown.
func TestChildNeedsGuardian(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.Browser()
	form := url.Values{"step": {"send"}, "go": {"send"}, "text": {"学校门口没有红绿灯"}, "matter": {"d-consult"}, "sender": {"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, "child": {"yes"}}
	if a := b.Post("/report", form); strings.HasPrefix(a.Path, "/report/sent") || !strings.Contains(a.Text(), "监护人") {
		t.Fatalf("without a guardian: %d at %s", a.Status, a.Path)
	}
	form.Set("guardian", "yes")
	if a := b.Post("/report", form); !strings.HasPrefix(a.Path, "/report/sent") {
		t.Fatalf("with a guardian: %d at %s, %s", a.Status, a.Path, a.Text())
	}
	id, err := db.Value[string](t.Context(), w.DB, "select max(id) from reports")
	if err != nil {
		t.Fatal(err)
	}
	if yes, err := privacy.Consents(t.Context(), w.DB, w.House.District, privacy.OfReport(id), privacy.GuardianConsent); err != nil || !yes {
		t.Errorf("the guardian's consent is not on record: %v", err)
	}
	shown, err := privacy.TellingsOf(t.Context(), w.DB, w.House.District, privacy.OfReport(id))
	if err != nil || len(shown) != 2 {
		t.Errorf("notices on record: %+v, %v", shown, err)
	}
}

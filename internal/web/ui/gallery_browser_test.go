package ui_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"linli/internal/web/ui"
	"linli/internal/web/ui/uitest"
)

// galleryPaths are the pages that between them show every component.
var galleryPaths = []string{"/gallery/", "/gallery/resident", "/gallery/queue", "/gallery/case", "/gallery/board"}

// site serves the gallery and the assets, as the program does.
func site(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/gallery/", ui.Gallery())
	mux.Handle("/assets/", ui.Assets())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// TestGalleryInBrowser looks at every gallery page in both languages, both
// themes and two widths: axe-core finds nothing, the page does not scroll
// sideways, and the content security policy refuses nothing. The screenshots
// stay in LINLI_SHOTS, if that names a folder.
func TestGalleryInBrowser(t *testing.T) {
	t.Parallel()
	url, w := site(t), uitest.Start(t).Window(t, 390)
	// Each width sees both languages and both themes; all four pairs are seen.
	for width, choices := range map[int64][]string{
		390:  {"lang=zh&theme=light", "lang=en&theme=dark"},
		1440: {"lang=zh&theme=dark", "lang=en&theme=light"},
	} {
		w.Width(width)
		for _, choice := range choices {
			for _, path := range galleryPaths {
				w.Open(url + path + "?" + choice)
				w.Look(strings.NewReplacer("/", "-", "&", "-", "=", "-").Replace(fmt.Sprintf("%d%s-%s", width, strings.TrimSuffix(path, "/"), choice)))
			}
		}
	}
}

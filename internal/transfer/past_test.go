package transfer_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/sheet"
	"linli/internal/trail"
	"linli/internal/transfer"
)

const pastHead = "external,channel,at,did,unit,note\n"

// withCase is a small district to which one case came.
func withCase(t *testing.T, d *db.DB) (*district.District, casework.ID) {
	t.Helper()
	to := small(t, d)
	if report, err := imported(t, d, to, "A-1,2026-11-02 09:30:00,hotline,m06010,990101001001,u-shizheng,closed,,2026-11-02 10:00:00,,,,桂香路 5 号,楼下垃圾没人收\n", transfer.Options{}); err != nil {
		logged(t, report)
		t.Fatal(err)
	}
	c, _ := caseOf(t, d, "hotline", "A-1")
	return to, c.ID
}

// What was done there stands in the trail as told by it, once, in its order, and
// the words apart.
func TestPastComesIntoTheTrail(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to, id := withCase(t, d)
		rows := pastHead + "A-1,hotline,2026-11-02 09:40:00,派遣,u-shizheng,请当天去\nA-1,hotline,2026-11-02 09:55:00,处置,u-shizheng,\n"
		for _, want := range []struct{ added, same int }{{2, 0}, {0, 2}} { // the second time adds nothing
			report, err := transfer.Past(t.Context(), d, to, loaded(t, "past.csv", rows), nil, transfer.Options{Batch: 1})
			if err != nil {
				logged(t, report)
				t.Fatal(err)
			}
			if got := report.Counts()[0]; got.Added != want.added || got.Same != want.same {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		entries, err := trail.Of(t.Context(), d, to.Code, string(id))
		if err != nil || len(entries) != 3 {
			t.Fatalf("trail: %d entries, %v", len(entries), err)
		}
		want := map[string]string{"was-at": "2026-11-02T01:40:00Z", "was-done": "派遣", "was-unit": "u-shizheng", "note": "请当天去", "file": "past.csv"}
		if diff := cmp.Diff(want, entries[1].Detail); diff != "" || entries[1].Act != casework.PastAct || !entries[1].At.Equal(now()) {
			t.Errorf("the first step: %s at %s (-want +got):\n%s", entries[1].Act, entries[1].At, diff)
		}
		if err := trail.Verify(to.Code, string(id), entries); err != nil {
			t.Error(err)
		}
		words := count(t, d, "select count(*) from trail_words where district = $1", to.Code)
		if words != 1 {
			t.Errorf("%d words are kept apart, want the one note", words)
		}
	})
}

// Every fault is named by file, line and column, and keeps everything out.
func TestPastIsChecked(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to, id := withCase(t, d)
		rows := pastHead + "A-1,hotline,2026-11-02 09:40:00,派遣,,\nB-9,hotline,2026-11-02 09:40:00,派遣,,\nA-1,hotline,2027-01-01 00:00:00,派遣,u-none,\n"
		report, err := transfer.Past(t.Context(), d, to, loaded(t, "past.csv", rows), nil, transfer.Options{})
		if !errors.Is(err, errs.Invalid) {
			t.Fatalf("got %v, want it refused", err)
		}
		var places []string
		for _, f := range report.Findings() {
			if f.Severity == sheet.Error {
				places = append(places, f.Place.String()+" "+f.Field)
			}
		}
		if diff := cmp.Diff([]string{"past.csv:3:1 external", "past.csv:4:3 at", "past.csv:4:5 unit"}, places); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
		if head, err := trail.HeadOf(t.Context(), d, to.Code, string(id)); err != nil || head.Seq != 1 {
			t.Errorf("the trail has %d entries, %v; want nothing new", head.Seq, err)
		}
	})
}

func TestPictures(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to, id := withCase(t, d)
		store, err := document.NewStore(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		folder := fstest.MapFS{"p/1.jpg": {Data: picture(t, 1)}, "p/2.jpg": {Data: picture(t, 2)}, "p/3.jpg": {Data: []byte("no picture")}}
		head := "external,channel,file,kind\n"
		rows := head + "A-1,hotline,p/1.jpg,before\nA-1,hotline,p\\2.jpg,after\nA-1,hotline,p/3.jpg,\n"
		for _, want := range []struct{ added, same int }{{2, 1}, {0, 3}} {
			report, err := transfer.Pictures(t.Context(), d, store, to, loaded(t, "pictures.csv", rows), nil, folder, transfer.Options{})
			if err != nil {
				logged(t, report)
				t.Fatal(err)
			}
			if got := report.Counts()[0]; got.Added != want.added || got.Same != want.same {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if f := report.Findings(); len(f) != 1 || f[0].Place.Line != 4 {
				t.Errorf("findings %v, want the one that is no picture, by its line", f)
			}
		}
		docs, err := document.Of(t.Context(), d, to.Code, string(id))
		if err != nil || len(docs) != 2 {
			t.Errorf("%d pictures, %v; want 2", len(docs), err)
		}
		for _, bad := range []string{"A-1,hotline,../1.jpg,before\n", "A-1,hotline,p/9.jpg,before\n", "B-9,hotline,p/1.jpg,before\n", "A-1,hotline,p/1.jpg,later\n", "A-1,hotline,p,\n"} {
			if _, err := transfer.Pictures(t.Context(), d, store, to, loaded(t, "pictures.csv", head+bad), nil, folder, transfer.Options{}); !errors.Is(err, errs.Invalid) {
				t.Errorf("%q: got %v, want it refused", bad, err)
			}
		}
	})
}

func picture(t *testing.T, shade uint8) []byte {
	t.Helper()
	var b bytes.Buffer
	m := image.NewRGBA(image.Rect(0, 0, 20, 20))
	for i := range 20 {
		m.Set(i, i, color.RGBA{shade * 60, 10, 10, 255})
	}
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Cases come from JSON and from GeoJSON, whose points place them, as from a
// table.
func TestCasesFromJSON(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, now, func(t *testing.T, d *db.DB) {
		to := small(t, d)
		for name, text := range map[string]string{
			"cases.json": `[{"external":"J-1","opened":"2026-11-02 09:30:00","channel":"hotline","matter":"m06010","lon":114.005,"lat":30.005,"text":"一"}]`,
			"cases.geojson": `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"external":"G-1","opened":"2026-11-02 09:30:00","channel":"hotline","matter":"m06010"},` +
				`"geometry":{"type":"Point","coordinates":[114.005,30.005]}}]}`,
		} {
			report, err := transfer.Cases(t.Context(), d, to, loaded(t, name, text), nil, transfer.Options{})
			if err != nil {
				logged(t, report)
				t.Fatal(name, err)
			}
			c, _ := caseOf(t, d, "hotline", strings.ToUpper(name[6:7])+"-1")
			if c.Place.Grid != "990101001001007" || c.Place.Placed != casework.ByPoint {
				t.Errorf("%s: placed %+v, want it in its grid by its point", name, c.Place)
			}
		}
	})
}

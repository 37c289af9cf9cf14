package field_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/org"
)

func TestReportedOnTheSpot(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(walker)
	g := mine(t, w)
	first := b.Get("/field/report")
	token, _ := first.Field("token")
	values := url.Values{"token": {token}, "area": {string(g)}, "text": {"垃圾堆在路边，没人清"}, "do": {"next"}}
	second := b.Post("/field/report", values)
	if !strings.Contains(second.Text(), "暴露垃圾") || !strings.Contains(second.Text(), w.District().Areas.Name(g).ZH) {
		t.Errorf("the second screen lacks the suggestion or the grid: %s", second.Text())
	}
	values.Set("do", "send")
	values.Set("matter", "m06010")
	photo := apptest.File{Field: "photos", Name: "../../x.png", Data: picture(t)}
	sent := b.PostFiles("/field/report", values, photo)
	if !strings.HasPrefix(sent.Path, "/field/sent/") || !strings.Contains(sent.Text(), "报上去了") {
		t.Fatalf("ended at %s (%d): %s", sent.Path, sent.Status, sent.Text())
	}
	c := again(t, w, casework.ID(strings.TrimPrefix(sent.Path, "/field/sent/")))
	if c.Channel != "grid-worker" || c.Place.Grid != string(g) || c.Matter != "m06010" {
		t.Errorf("channel %s, grid %s, matter %s", c.Channel, c.Place.Grid, c.Matter)
	}
	reports, err := casework.Reports(context.Background(), w.DB, w.House.District, c.ID)
	if err != nil || len(reports) != 1 {
		t.Fatal(reports, err)
	}
	if post, _ := w.District().Org.Post(org.PostID(reports[0].Post)); post.Area != string(g) {
		t.Errorf("reported with the post for %s, want the one for %s", post.Area, g)
	}
	if got := b.PostFiles("/field/report", values, photo); got.Path != sent.Path {
		t.Errorf("sent twice on a bad line: %s and %s", sent.Path, got.Path)
	}
	if got := b.Get("/field/reported"); !strings.Contains(got.Text(), "暴露垃圾") || !strings.Contains(got.Text(), "现在：受理") {
		t.Errorf("the report is not followed: %s", got.Text())
	}
}

// TestReportFromElsewhere sends from outside the worker's own grids, where the
// receipt is theirs and the case is not.
func TestReportFromElsewhere(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(walker)
	got := b.Post("/field/report", url.Values{"token": {"t"}, "area": {"990101003002001"}, "text": {"路灯不亮"}, "do": {"send"}})
	if got.Status != http.StatusOK || !strings.Contains(got.Text(), "报上去了") {
		t.Fatalf("%d %s", got.Status, got.Text())
	}
	id := strings.TrimPrefix(got.Path, "/field/sent/")
	if got := w.As(neighbour).Get("/field/sent/" + id); got.Status != http.StatusNotFound {
		t.Errorf("somebody else's receipt: %d", got.Status)
	}
}

func TestBadReportChangesNothing(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	b := w.As(walker)
	tests := []struct {
		why    string
		set    url.Values
		file   []byte
		status int
		marked string
	}{
		{"nothing said", url.Values{"text": {" "}}, nil, 422, "text-err"},
		{"too long", url.Values{"text": {strings.Repeat("长", 2001)}}, nil, 422, "text-err"},
		{"not UTF-8", url.Values{"text": {"\xff"}}, nil, 422, "text-err"},
		{"a script for a photo", url.Values{"text": {"垃圾"}}, []byte("<svg onload=alert(1)>"), 422, "report-photos-err"},
		{"half a picture", url.Values{"text": {"垃圾"}}, picture(t)[:40], 422, "report-photos-err"},
		{"an address without end", url.Values{"text": {"垃圾"}, "address": {strings.Repeat("路", 201)}}, nil, 422, "address-err"},
		{"a case nobody has", url.Values{"text": {"垃圾"}, "attach": {"1 or 1=1"}}, nil, 404, ""},
	}
	for _, tt := range tests {
		values := url.Values{"token": {"bad"}, "do": {"send"}, "looked": {"yes"}, "box": {"x"}, "lon": {"NaN"}, "lat": {"<b>"}}
		for name, v := range tt.set {
			values[name] = v
		}
		var files []apptest.File
		if tt.file != nil {
			files = append(files, apptest.File{Field: "photos", Name: "a.jpg", Data: tt.file})
		}
		got := b.PostFiles("/field/report", values, files...)
		if got.Status != tt.status || len(got.Find(withID("errors"))) != 1 {
			t.Errorf("%s: %d, want %d and a summary: %s", tt.why, got.Status, tt.status, got.Text())
		}
		if tt.marked != "" && len(got.Find(withID(tt.marked))) != 1 {
			t.Errorf("%s: no %s", tt.why, tt.marked)
		}
	}
	n, err := casework.Count(context.Background(), w.DB, w.District(), casework.Filter{}, w.Clock.Now())
	if err != nil || n.N != 0 {
		t.Errorf("%d cases were made of bad input (%v)", n.N, err)
	}
}

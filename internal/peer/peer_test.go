package peer_test

import (
	"context"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/job"
	"linli/internal/outbound"
	"linli/internal/peer"
	"linli/internal/procedure"
)

// TestMedia: a picture that a request names is fetched, drawn anew and kept with
// the case; one inside our own networks, or that is none, is given up.
func TestMedia(t *testing.T) {
	t.Parallel()
	a := start(t)
	pictures := http.NewServeMux()
	pictures.HandleFunc("/lamp.png", func(w http.ResponseWriter, _ *http.Request) {
		_ = png.Encode(w, image.NewRGBA(image.Rect(0, 0, 40, 30)))
	})
	pictures.HandleFunc("/page.png", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) })
	server := httptest.NewServer(pictures)
	defer server.Close()
	key := a.key("报修程序")
	post := func(media string) casework.Case {
		client := georeport.Client{HTTP: http.DefaultClient, Base: a.URL + "/open311/v2", Key: key}
		r, err := client.Post(t.Context(), url.Values{"service_code": {noise}, "lat": {"30.0042"}, "long": {"121.0061"}, "media_url": {media}}, "")
		if err != nil {
			t.Fatal(err)
		}
		c, err := casework.ByNumber(t.Context(), a.DB, a.House.District, string(r.ID))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, row := range []struct {
		why, media string
		bounded    bool
		pictures   int
	}{
		{"a picture", server.URL + "/lamp.png", false, 1},
		{"a page", server.URL + "/page.png", false, 0},
		{"nothing", server.URL + "/none.png", false, 0},
		{"an address inside", server.URL + "/lamp.png", true, 0},
	} {
		if row.bounded {
			a.Peers.HTTP = outbound.Client(outbound.Config{})
		}
		c := post(row.media)
		a.Due()
		docs, err := document.Of(t.Context(), a.DB, a.House.District, string(c.ID))
		if err != nil || len(docs) != row.pictures || strings.Contains(a.acts(c.ID), "media-missing") != (row.pictures == 0) {
			t.Errorf("%s: %d pictures, trail %s (%v)", row.why, len(docs), a.acts(c.ID), err)
		}
	}
}

// TestAdd refuses what cannot be a peer, and never gives its key back.
func TestAdd(t *testing.T) {
	t.Parallel()
	a := start(t)
	d := a.District()
	good := peer.Peer{Name: "邻区", Address: "https://open311.example.org/v2", Key: "secret-key", Every: time.Hour, Fetches: true, Services: map[string]string{"1": noise}}
	for why, change := range map[string]func(p *peer.Peer){
		"no name":                      func(p *peer.Peer) { p.Name = " " },
		"an address of a file":         func(p *peer.Peer) { p.Address = "file:///etc/passwd" },
		"an address with a password":   func(p *peer.Peer) { p.Address = "https://a:b@x.example/v2" },
		"too often":                    func(p *peer.Peer) { p.Every = time.Second },
		"nothing to do":                func(p *peer.Peer) { p.Fetches = false },
		"a unit that is none":          func(p *peer.Peer) { p.Unit = "u-nobody" },
		"an area that is none":         func(p *peer.Peer) { p.Area = "1" },
		"no services":                  func(p *peer.Peer) { p.Services = nil },
		"a matter that is none":        func(p *peer.Peer) { p.Services = map[string]string{"1": "nope"} },
		"a format that is none":        func(p *peer.Peer) { p.Format = "yaml" },
		"a key with a line of its own": func(p *peer.Peer) { p.Key = "a\nb" },
	} {
		p := good
		change(&p)
		err := a.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := a.Peers.Add(t.Context(), tx, d, p, procedure.Actor{})
			return err
		})
		if errs.KindOf(err) != errs.Invalid || errs.Each(err)[0].Field == "" {
			t.Errorf("%s: %v", why, err)
		}
	}
	a.write(func(tx *db.Tx) error { _, err := a.Peers.Add(t.Context(), tx, d, good, procedure.Actor{}); return err })
	all, err := peer.All(t.Context(), a.DB, a.House.District)
	if err != nil || len(all) != 1 || strings.Contains(all[0].Key, "secret") || all[0].Key == "" {
		t.Errorf("%+v %v", all, err)
	}
	a.write(func(tx *db.Tx) error {
		return peer.Run(t.Context(), tx, a.House.District, all[0].ID, false, procedure.Actor{})
	})
	handler, err := a.Peers.Round(context.Background(), a.DB, job.Job{District: a.House.District, Kind: peer.RoundJob, Key: all[0].ID + "/round"})
	if err != nil || handler == nil {
		t.Errorf("a peer that was ended is asked: %v", err)
	}
}

func FuzzParseServices(f *testing.F) {
	f.Add("1 = m06004\n2=c01002\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := peer.ParseServices(text)
		if err == nil && len(all) > strings.Count(text, "\n")+1 {
			t.Errorf("%d from %q", len(all), text)
		}
	})
}

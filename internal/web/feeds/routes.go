package feeds

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/gorilla/feeds"

	"linli/internal/area"
	"linli/internal/lang"
	"linli/internal/web/page"
)

// Routes adds the pages of areas.
func Routes(mux *http.ServeMux, h *page.House) {
	d := &desk{all: map[area.Code]news{}}
	mux.Handle("GET /area/{code}", h.Handle(d.page))
	mux.Handle("GET /area/{code}/screen", h.Handle(d.screen))
	mux.Handle("GET /area/{code}/feed.rss", h.Handle(d.rss))
	mux.Handle("GET /area/{code}/feed.atom", h.Handle(d.atom))
	mux.Handle("GET /data", h.Handle(dataPage))
	mux.Handle("GET /data/{file}", h.Handle(dataFile))
	mux.Handle("GET /calendar/{file}", h.Handle(calendarFile))
}

// speak takes the language from the address, for readers that send no header.
func speak(v *page.View) {
	if l := v.R.URL.Query().Get("lang"); l != "" {
		v.Lang = lang.Parse(l)
	}
}

// href is the address of an area, with what comes behind it.
func href(code area.Code, rest string) string { return "/area/" + string(code) + rest }

func (d *desk) page(v *page.View) error {
	n, err := d.of(v)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, newsPage(v, n))
}

func (d *desk) screen(v *page.View) error {
	speak(v)
	n, err := d.of(v)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, screenPage(v, n))
}

// still reports whether the reader wants a screen that does not reload: whoever
// reads it with a magnifier or aloud would lose their place each minute.
func still(v *page.View) bool { return v.R.URL.Query().Get("still") == "1" }

func (d *desk) rss(v *page.View) error {
	return d.send(v, "application/rss+xml; charset=utf-8", func(n news) feeds.XmlFeed { return rssOf(v, n) })
}

func (d *desk) atom(v *page.View) error {
	return d.send(v, "application/atom+xml; charset=utf-8", func(n news) feeds.XmlFeed { return atomOf(v, n) })
}

// send writes a feed, or that it has not changed.
func (d *desk) send(v *page.View, kind string, shape func(news) feeds.XmlFeed) error {
	speak(v)
	n, err := d.of(v)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := feeds.WriteXML(shape(n), &out); err != nil {
		return err
	}
	return give(v, kind, n.At, out.Bytes())
}

// give writes a file that anybody may keep for a minute, or that it has not
// changed. at may be zero.
func give(v *page.View, kind string, at time.Time, data []byte) error {
	sum := sha256.Sum256(data)
	head := v.W.Header()
	head.Set("Content-Type", kind)
	head.Set("Content-Language", v.Lang.Tag())
	head.Set("Cache-Control", "public, max-age=60")
	head.Set("Vary", "Accept-Language, Cookie")
	head.Set("Access-Control-Allow-Origin", "*")
	head.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	// ServeContent knows what ETag and Last-Modified ask for.
	http.ServeContent(v.W, v.R, "", at, bytes.NewReader(data))
	return nil
}

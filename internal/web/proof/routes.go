package proof

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"linli/internal/errs"
	"linli/internal/trail"
	"linli/internal/web/page"
)

// Home is where the log begins.
const Home = "/trail/"

// Routes adds the public log.
func Routes(mux *http.ServeMux, h *page.House) {
	mux.Handle("GET /trail/{$}", h.Handle(show))
	mux.Handle("GET /trail/{district}/checkpoint", h.Handle(checkpoint))
	mux.Handle("GET /trail/{district}/key", h.Handle(key))
	mux.Handle("GET /trail/{district}/tile/{path...}", h.Handle(tile))
}

// seconds that a checkpoint may be kept: a new one comes about as often.
const seconds = 5

// checkpoint gives the newest checkpoint.
func checkpoint(v *page.View) error {
	if !ours(v) {
		return nowhere(v)
	}
	signed, _, err := trail.NewestCheckpoint(v.Context(), v.House.DB, v.District.Code)
	if errors.Is(err, errs.NotFound) {
		return nowhere(v)
	}
	if err != nil {
		return err
	}
	return send(v, "text/plain; charset=utf-8", "public, max-age="+strconv.Itoa(seconds), []byte(signed))
}

// key gives the public key.
func key(v *page.View) error {
	if !ours(v) {
		return nowhere(v)
	}
	signer, err := v.House.Trail.Signer(v.District.Code)
	if err != nil {
		return err
	}
	return send(v, "text/plain; charset=utf-8", "public, max-age=3600", []byte(signer.Key()+"\n"))
}

// tile gives a tile of hashes or of entries. What is there never changes.
func tile(v *page.View) error {
	t, ok := trail.ParseTilePath("tile/" + v.R.PathValue("path"))
	if !ok || !ours(v) {
		return nowhere(v)
	}
	data, err := trail.TileData(v.Context(), v.House.DB, v.District.Code, t)
	if errors.Is(err, errs.NotFound) {
		return nowhere(v)
	}
	if err != nil {
		return err
	}
	return send(v, "application/octet-stream", "public, max-age=31536000, immutable", data)
}

// ours tells whether the log that is asked for is this district's.
func ours(v *page.View) bool { return v.R.PathValue("district") == v.District.Code }

// send answers with a file of the log. It is for every site to read.
func send(v *page.View, kind, keep string, data []byte) error {
	head := v.W.Header()
	head.Set("Content-Type", kind)
	head.Set("Cache-Control", keep)
	head.Set("Access-Control-Allow-Origin", "*")
	head.Set("Cross-Origin-Resource-Policy", "cross-origin")
	head.Set("Content-Length", strconv.Itoa(len(data)))
	_, err := v.W.Write(data)
	return err
}

// nowhere answers programs, which read no pages.
func nowhere(v *page.View) error {
	http.Error(v.W, strings.TrimSpace(v.Say("日志里没有这一份", "the log does not hold this")), http.StatusNotFound)
	return nil
}

package portal

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/web/page"
)

// moreView is the third screen: photos, and whatever else there is to say.
type moreView struct {
	*wizard
	Photos []document.Kept
}

// photosKey is where a session keeps the photos of a report that is not sent
// yet. The files are on disk; what the browser carries names none of them.
func photosKey(sender string) string { return "photos " + sender }

func heldPhotos(v *page.View, sender string) []document.Kept {
	var held []document.Kept
	if data := v.House.Sessions.GetBytes(v.Context(), photosKey(sender)); len(data) > 0 {
		if err := json.Unmarshal(data, &held); err != nil {
			return nil // a session of an older version: the photos are asked for again
		}
	}
	return held
}

func holdPhotos(v *page.View, sender string, held []document.Kept) error {
	if len(held) == 0 {
		v.House.Sessions.Remove(v.Context(), photosKey(sender))
		return nil
	}
	data, err := json.Marshal(held)
	if err != nil {
		return err
	}
	v.House.Sessions.Put(v.Context(), photosKey(sender), data)
	return nil
}

// takeMore keeps the photos and goes on to the last screen.
func takeMore(v *page.View, w *wizard) error {
	held := heldPhotos(v, w.Sender)
	if drop := v.R.PostForm.Get("drop"); drop != "" {
		if n, err := strconv.Atoi(drop); err == nil && n >= 0 && n < len(held) {
			held = slices.Delete(held, n, n+1)
		}
		if err := holdPhotos(v, w.Sender, held); err != nil {
			return err
		}
		return showMore(v, w)
	}
	more, err := v.Photos("photos")
	if err == nil {
		err = document.CheckCount(len(held) + len(more))
	}
	if err != nil {
		if !w.blame(v, err) {
			return err
		}
		return showMore(v, w)
	}
	if err := holdPhotos(v, w.Sender, append(held, more...)); err != nil {
		return err
	}
	if strings.TrimSpace(w.Text) == "" && w.Matter == "" {
		w.wrong(v, "text", "请说说是什么事。", "Please say what it is about.")
	}
	if _, err := v.House.Desk.Look(v.Context(), v.District, w.sending(v)); err != nil && !w.blame(v, err) {
		return err
	}
	if len(w.mistakes) > 0 {
		return showMore(v, w)
	}
	return showSend(v, w)
}

func showMore(v *page.View, w *wizard) error {
	return v.Show(w.status(), morePage(v, moreView{w, heldPhotos(v, w.Sender)}))
}

// waitingPhoto shows the reader a photo that waits to be sent.
func waitingPhoto(v *page.View) error {
	held := heldPhotos(v, v.R.URL.Query().Get("sender"))
	n, err := strconv.Atoi(v.R.PathValue("n"))
	if err != nil || n < 0 || n >= len(held) {
		return errs.New(errs.NotFound, "没有找到", "not found")
	}
	file, err := v.House.Documents.Preview(held[n])
	if err != nil {
		return err
	}
	defer file.Close()
	v.W.Header().Set("Content-Type", document.Type)
	v.W.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	v.W.Header().Set("Cache-Control", "private, no-store")
	http.ServeContent(v.W, v.R, "", time.Time{}, io.ReadSeeker(file))
	return nil
}

// photoLimits says what may be sent, before anybody chooses a file.
func photoLimits(v *page.View) string {
	return v.Say("最多 %d 张，每张不超过 %d MB；JPEG、PNG 或 WebP。照片里的拍摄位置和机型会去掉。", "Up to %d photos of %d MB each; JPEG, PNG or WebP. Where and with what they were taken is removed.", document.MaxFiles, document.MaxBytes>>20)
}

func waitingHref(w *wizard, n int) string {
	return fmt.Sprintf("/report/photo/%d?sender=%s", n, w.Sender)
}

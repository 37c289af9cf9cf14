package peer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/job"
	"linli/internal/outbound"
)

// MediaJob fetches the picture that a request named, and puts it with its case.
const MediaJob = "peer-media"

// media is what such a job is about.
type media struct {
	Case string
	URL  string
}

// mediaMost is how long an address may be.
const mediaMost = 1000

// CheckMedia refuses what is no address of a picture on the web. Where it leads
// is looked at when it is fetched.
func CheckMedia(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(address) > mediaMost {
		return errs.New(errs.Invalid, "要写一张图片的 http 或 https 地址。", "This is the http or https address of a picture.").At("media_url")
	}
	return nil
}

// AddMedia asks for a picture to be fetched once tx is on disk.
func AddMedia(ctx context.Context, tx *db.Tx, district, caseID, address string) (err error) {
	defer errs.Wrap(&err, "peer.AddMedia(%s)", caseID)
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	return job.Add(ctx, tx, district, MediaJob, u.Host+"/"+caseID, media{caseID, address}, tx.Now)
}

// Media is the outside job MediaJob. What will never be a picture is given up,
// and the case's trail says so; what may still come is tried again.
func (b *Book) Media(ctx context.Context, r db.Reader, j job.Job) (_ job.Handler, err error) {
	defer errs.Wrap(&err, "peer.Media(%s)", j.Key)
	var m media
	if err := json.Unmarshal(j.Args, &m); err != nil {
		return nil, err
	}
	d, err := b.Districts.Get(ctx, j.District)
	if err != nil {
		return nil, err
	}
	c, err := casework.ByID(ctx, r, j.District, casework.ID(m.Case))
	if err != nil {
		return nil, err
	}
	kept, err := b.fetch(ctx, m.URL)
	if kind := errs.KindOf(err); kind == errs.Invalid || kind == errs.TooLarge || kind == errs.NotFound || kind == errs.Forbidden {
		return func(ctx context.Context, tx *db.Tx, _ job.Job) error {
			return casework.Note(ctx, tx, casework.Acting{District: d}, c.ID, "media-missing", map[string]string{"why": string(kind)})
		}, nil
	}
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		_, err := document.Add(ctx, tx, j.District, m.Case, document.Before, "", intake.Shown(c, []document.Kept{kept})[0])
		return err
	}, nil
}

// fetch gets a picture, redraws it and keeps it. An address of ours inside is
// errs.Forbidden, what is not there errs.NotFound.
func (b *Book) fetch(ctx context.Context, address string) (document.Kept, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return document.Kept{}, errs.New(errs.Invalid, "地址不对。", "The address is not valid.").Because(err)
	}
	response, err := b.HTTP.Do(request)
	if err != nil {
		var refused *errs.Error
		if errors.As(err, &refused) {
			return document.Kept{}, refused
		}
		return document.Kept{}, err
	}
	data, err := outbound.Read(response, document.MaxBytes)
	switch {
	case err != nil:
		return document.Kept{}, err
	case response.StatusCode/100 == 3 || response.StatusCode/100 == 4 && response.StatusCode != http.StatusTooManyRequests && response.StatusCode != http.StatusRequestTimeout:
		return document.Kept{}, errs.New(errs.NotFound, "那里没有图片。", "There is no picture there.")
	case response.StatusCode/100 != 2:
		return document.Kept{}, fmt.Errorf("the picture's server answers %d", response.StatusCode)
	}
	return b.Documents.Take(ctx, path.Base(strings.TrimSuffix(request.URL.Path, "/")), data)
}

package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/casework"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/trail"
)

// Picture is a photo of a case.
type Picture struct {
	ID     string    `json:"id"`
	Kind   Named     `json:"kind" doc:"办前、办后、依据 · Before, after, evidence"`
	Type   string    `json:"type" doc:"例如 image/jpeg · Such as image/jpeg"`
	Size   int       `json:"size" doc:"字节 · In bytes"`
	Width  int       `json:"width"`
	Height int       `json:"height"`
	SHA256 string    `json:"sha256"`
	At     time.Time `json:"at"`
}

type pictureInput struct {
	Photo string `path:"photo" maxLength:"60"`
	Size  string `query:"size" enum:"small" doc:"small：缩略图 · small: the small copy"`
}

type pictureOutput struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

type followInput struct {
	CaseName
	After int `query:"after" minimum:"-1" default:"-1" doc:"只要这一步以后的 · Only what came after this entry"`
	Wait  int `query:"wait" minimum:"0" maximum:"25" doc:"没有新的就等，最多这么多秒 · Wait so many seconds for something new"`
}

// Followed is what was done to a case since.
type Followed struct {
	Items    []Entry `json:"items"`
	Revision int     `json:"revision"`
	State    string  `json:"state" enum:"open,closed,answered,rejected,merged"`
}

func (d *door) seeOperations() {
	register(d, told("follow-case", http.MethodGet, "/cases/{case}/trail", "cases", "跟着一件案件 · Follow a case",
		"after 写手里最后一步的 seq，只回以后的；加 wait 就等到有新的。要跟全部案件，用变更流。 · after is the seq of the last entry you have; with wait it answers when there is more. To follow every case take the change feed."), rights.CaseSee, d.followCase)
	acting(d, told("list-photos", http.MethodGet, "/cases/{case}/photos", "cases", "一件案件的照片 · The photos of a case", "图片本身用 read-photo 取。 · The pictures themselves come from read-photo."), rights.CaseSee, d.listPhotos)
	read := told("read-photo", http.MethodGet, "/photos/{photo}", "cases", "一张照片 · A photo", "看得到那件案件，才看得到它的照片。 · For whoever sees its case.")
	picture := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	read.Responses = map[string]*huma.Response{"200": {Description: "图片 · The picture", Content: map[string]*huma.MediaType{"image/jpeg": picture, "image/png": picture, "image/webp": picture}}}
	acting(d, read, rights.CaseSee, d.readPhoto)
}

func (d *door) listPhotos(ctx context.Context, c *caller, in *CaseName) (*output[Whole[Picture]], error) {
	one, _, err := d.findCase(ctx, c, in.Case)
	if err != nil {
		return nil, err
	}
	docs, err := document.Of(ctx, d.house.DB, c.District.Code, string(one.ID))
	var all []Picture
	for _, p := range docs {
		at := p.At
		if c.keeps(one) && (p.Post == "" || p.Kind == document.Before) { // when it was sent may tell who sent it
			at = dayOf(c, at)
		}
		all = append(all, Picture{string(p.ID), Named{string(p.Kind), textOf(p.Kind.Title())}, p.Type, p.Size, p.Width, p.Height, p.SHA256, at})
	}
	return wholeOf(all, err)
}

func (d *door) readPhoto(ctx context.Context, c *caller, in *pictureInput) (*pictureOutput, error) {
	missing := errs.New(errs.NotFound, "没有这张照片。", "There is no such photo.")
	doc, err := document.Find(ctx, d.house.DB, c.District.Code, document.ID(in.Photo))
	if err == nil {
		_, _, err = casework.Seen(ctx, d.house.DB, c.District, c.scope(), casework.ID(doc.Subject), c.Now)
	}
	if errs.KindOf(err) == errs.NotFound {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	open := d.house.Documents.Open
	if in.Size == "small" {
		open = d.house.Documents.OpenThumb
	}
	file, err := open(doc)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	body, err := io.ReadAll(file)
	return &pictureOutput{doc.Type, "inline", "sandbox; default-src 'none'", "private, max-age=3600", body}, err
}

// followCase gives what was done to a case since an entry, and may wait for it.
func (d *door) followCase(ctx context.Context, c *caller, in *followInput) (*output[Followed], error) {
	wake := make(chan struct{}, 1)
	stop := d.house.DB.Watch(func(topic string) {
		if topic == casework.Topic || topic == "" {
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	})
	defer stop()
	timeout := time.NewTimer(time.Duration(in.Wait) * time.Second)
	defer timeout.Stop()
	for {
		out, err := d.since(ctx, c, in)
		if err != nil || len(out.Items) > 0 || in.Wait == 0 {
			return reply(out, err)
		}
		select {
		case <-wake:
		case <-timeout.C:
			return reply(out, nil)
		case <-d.house.Stopping:
			return reply(out, nil)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (d *door) since(ctx context.Context, c *caller, in *followInput) (out Followed, err error) {
	one, _, err := d.findCase(ctx, c, in.Case)
	if err != nil {
		return out, err
	}
	entries, err := trail.Of(ctx, d.house.DB, c.District.Code, string(one.ID))
	out = Followed{Items: []Entry{}, Revision: one.Revision, State: string(one.State)}
	for _, e := range entries {
		if e.Seq > in.After {
			out.Items = append(out.Items, entryOf(c, one, e))
		}
	}
	return out, err
}

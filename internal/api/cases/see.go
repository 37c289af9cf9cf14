package cases

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/api/frame"
	"linli/internal/api/shape"
	"linli/internal/casework"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/rights"
	"linli/internal/trail"
)

// Picture is a photo of a case.
type Picture struct {
	ID     string      `json:"id"`
	Kind   frame.Named `json:"kind" doc:"办前、办后、依据 · Before, after, evidence"`
	Type   string      `json:"type" doc:"例如 image/jpeg · Such as image/jpeg"`
	Size   int         `json:"size" doc:"字节 · In bytes"`
	Width  int         `json:"width"`
	Height int         `json:"height"`
	SHA256 string      `json:"sha256"`
	At     time.Time   `json:"at"`
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

func seeOperations(d *frame.Door) {
	frame.Register(d, frame.Told("follow-case", http.MethodGet, "/cases/{case}/trail", tag, "跟着一件案件 · Follow a case",
		"after 写手里最后一步的 seq，只回以后的；加 wait 就等到有新的。要跟全部案件，用变更流。 · after is the seq of the last entry you have; with wait it answers when there is more. To follow every case take the change feed."), rights.CaseSee, followCase)
	frame.Acting(d, frame.Told("list-photos", http.MethodGet, "/cases/{case}/photos", tag, "一件案件的照片 · The photos of a case", "图片本身用 read-photo 取。 · The pictures themselves come from read-photo."), rights.CaseSee, listPhotos)
	read := frame.Told("read-photo", http.MethodGet, "/photos/{photo}", tag, "一张照片 · A photo", "看得到那件案件，才看得到它的照片。 · For whoever sees its case.")
	picture := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	read.Responses = map[string]*huma.Response{"200": {Description: "图片 · The picture", Content: map[string]*huma.MediaType{"image/jpeg": picture, "image/png": picture, "image/webp": picture}}}
	frame.Acting(d, read, rights.CaseSee, readPhoto)
}

func listPhotos(ctx context.Context, c *frame.Caller, in *CaseName) (*frame.Output[frame.Whole[Picture]], error) {
	one, _, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return nil, err
	}
	docs, err := document.Of(ctx, c.House.DB, c.District.Code, string(one.ID))
	var all []Picture
	for _, p := range docs {
		at := p.At
		if c.KeepsReporter(one) && (p.Post == "" || p.Kind == document.Before) { // when it was sent may tell who sent it
			at = shape.DayOf(c, at)
		}
		all = append(all, Picture{string(p.ID), frame.Name(p.Kind, p.Kind.Title()), p.Type, p.Size, p.Width, p.Height, p.SHA256, at})
	}
	return frame.WholeOf(all, err)
}

func readPhoto(ctx context.Context, c *frame.Caller, in *pictureInput) (*pictureOutput, error) {
	missing := errs.New(errs.NotFound, "没有这张照片。", "There is no such photo.")
	doc, err := document.Find(ctx, c.House.DB, c.District.Code, document.ID(in.Photo))
	if err == nil {
		_, _, err = c.Seen(ctx, casework.ID(doc.Subject))
	}
	if errs.KindOf(err) == errs.NotFound {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	open := c.House.Documents.Open
	if in.Size == "small" {
		open = c.House.Documents.OpenThumb
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
func followCase(ctx context.Context, c *frame.Caller, in *followInput) (*frame.Output[Followed], error) {
	wake, stop := c.Woken(casework.Topic)
	defer stop()
	timeout := time.NewTimer(time.Duration(in.Wait) * time.Second)
	defer timeout.Stop()
	for {
		out, err := since(ctx, c, in)
		if err != nil || len(out.Items) > 0 || in.Wait == 0 {
			return frame.Reply(out, err)
		}
		select {
		case <-wake:
		case <-timeout.C:
			return frame.Reply(out, nil)
		case <-c.House.Stopping:
			return frame.Reply(out, nil)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func since(ctx context.Context, c *frame.Caller, in *followInput) (out Followed, err error) {
	one, _, err := c.FindCase(ctx, in.Case)
	if err != nil {
		return out, err
	}
	entries, err := trail.Of(ctx, c.House.DB, c.District.Code, string(one.ID))
	out = Followed{Items: []Entry{}, Revision: one.Revision, State: string(one.State)}
	for _, e := range entries {
		if e.Seq > in.After {
			out.Items = append(out.Items, entryOf(c, one, e))
		}
	}
	return out, err
}

package page

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"linli/internal/document"
	"linli/internal/errs"
)

// bodyMost bounds a form: its photos and some text.
const bodyMost = document.MaxFiles*document.MaxBytes + 1<<20

// Form reads a posted form with its files, within bounds.
func (v *View) Form() error {
	v.R.Body = http.MaxBytesReader(v.W, v.R.Body, bodyMost)
	// First the plain form: asked for files at once, the library would take what
	// it could read of one that is too large or broken, and say nothing.
	err := v.R.ParseForm()
	if err == nil {
		if err = v.R.ParseMultipartForm(8 << 20); errors.Is(err, http.ErrNotMultipart) {
			err = nil
		}
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return errs.New(errs.TooLarge, "一次发来的太大：照片最多 %d 张，每张不超过 %d MB。", "That is too much at once: up to %d photos of %d MB each.", document.MaxFiles, document.MaxBytes>>20)
	case err != nil:
		return errs.New(errs.Invalid, "这张表单读不出来，请重新打开页面再填。", "This form cannot be read; please open the page again.").Because(err)
	}
	return nil
}

// Fields are what a page was asked with: those of the form that was sent, once
// Form has read it, else those of the address. The two are never mixed: an
// address that somebody made says nothing about what is sent.
func (v *View) Fields() url.Values {
	if v.R.Method == http.MethodPost {
		return v.R.PostForm
	}
	return v.R.URL.Query()
}

// Photos checks and keeps the files of a field. It is errs.Invalid or TooLarge,
// naming the field, for what is no picture or over a limit.
func (v *View) Photos(field string) ([]document.Kept, error) {
	if v.R.MultipartForm == nil {
		return nil, nil
	}
	files := v.R.MultipartForm.File[field]
	if err := document.CheckCount(len(files)); err != nil {
		return nil, err
	}
	var kept []document.Kept
	for _, file := range files {
		if file.Size == 0 && file.Filename == "" {
			continue
		}
		data, err := read(file)
		if err != nil {
			return nil, err
		}
		k, err := v.House.Documents.Take(v.Context(), file.Filename, data)
		if err != nil {
			for _, e := range errs.Each(err) {
				return nil, e.At(field)
			}
			return nil, err
		}
		kept = append(kept, k)
	}
	return kept, nil
}

func read(file *multipart.FileHeader) ([]byte, error) {
	f, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, document.MaxBytes+1))
}

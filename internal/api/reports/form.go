package reports

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/api/frame"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/intake"
)

// formMost bounds a form; formMemory is how much of it is held, the rest waits
// on disk.
const (
	formMost   = document.MaxFiles*document.MaxBytes + 1<<20
	formMemory = 1 << 20
)

// takeForm takes a report as a form, for systems that send photos as files.
func takeForm(c *frame.Caller) (status int, report any, err error) {
	s, err := sendingOfForm(c)
	if err != nil {
		return 0, nil, err
	}
	out, err := receive(c.R.Context(), c, s)
	if err != nil {
		return 0, nil, err
	}
	return out.Status, out.Body, nil
}

// sendingOfForm is what a form says, with its photos, which are on disk then.
func sendingOfForm(c *frame.Caller) (s intake.Sending, err error) {
	r := c.R
	r.Body = http.MaxBytesReader(c.W, r.Body, formMost)
	if err := r.ParseMultipartForm(formMemory); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return s, errs.New(errs.TooLarge, "一次最多 %d 张照片，每张不超过 %d MB。", "Up to %d photos at a time, of %d MB each.", document.MaxFiles, document.MaxBytes>>20)
		}
		return s, errs.New(errs.Invalid, "表单读不出来。", "The form cannot be read.").Because(err)
	}
	defer r.MultipartForm.RemoveAll() //nolint:errcheck // what stays goes with the folder for temporary files
	in, err := reportOfForm(r.MultipartForm.Value)
	if err != nil {
		return s, err
	}
	key := r.Header.Get("Idempotency-Key")
	for name, value := range map[string]string{"sender": in.Sender, "Idempotency-Key": key} {
		if len([]rune(value)) > 50 {
			return s, errs.New(errs.Invalid, "最多 %d 个字。", "At most %d characters.", 50).At(name)
		}
	}
	if s, err = addressed(r.Context(), c, in, key); err != nil {
		return s, err
	}
	err = takeFiles(c, &s)
	return s, err
}

// takeFiles keeps the files one after the other, so that one is in memory.
func takeFiles(c *frame.Caller, s *intake.Sending) error {
	files := c.R.MultipartForm.File["photos"]
	if err := document.CheckCount(len(files)); err != nil {
		return err
	}
	for _, file := range files {
		data, err := readFile(file)
		if err != nil {
			return err
		}
		kept, err := c.House.Documents.Take(c.R.Context(), file.Filename, data)
		if err != nil {
			return err
		}
		s.Photos = append(s.Photos, kept)
	}
	return nil
}

func readFile(file *multipart.FileHeader) ([]byte, error) {
	f, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, document.MaxBytes+1))
}

// reportOfForm reads the fields, which a form has as text.
func reportOfForm(values map[string][]string) (in NewReport, _ error) {
	texts := map[string]*string{
		"sender": &in.Sender, "text": &in.Text, "matter": &in.Matter, "address": &in.Address, "datum": &in.Datum, "area": &in.Area,
		"name": &in.Name, "phone": &in.Phone, "lang": &in.Lang, "attach": &in.Attach,
	}
	var all []error
	for name, list := range values {
		value, err := list[0], error(nil)
		switch {
		case texts[name] != nil:
			*texts[name] = value
		case name == "lon":
			in.Lon, err = coordinate(name, value)
		case name == "lat":
			in.Lat, err = coordinate(name, value)
		case name == "danger" || name == "secret":
			which := map[string]*bool{"danger": &in.Danger, "secret": &in.Secret}[name]
			if *which, err = strconv.ParseBool(value); err != nil {
				err = errs.New(errs.Invalid, "要写 true 或 false。", "This is true or false.").At(name)
			}
		default:
			err = errs.New(errs.Invalid, "没有这一项，可能写错了名字。", "There is no such field; its name may be mistyped.").At(frame.Short(name))
		}
		if err != nil {
			all = append(all, err)
		}
	}
	return in, errors.Join(all...)
}

// coordinate reads a coordinate; none where the field is empty.
func coordinate(name, value string) (*float64, error) {
	if value == "" {
		return nil, nil
	}
	f, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return nil, errs.New(errs.Invalid, "要写数字。", "This is a number.").At(name)
	}
	return &f, nil
}

// formSchema says in the document what the form holds.
func formSchema() *huma.Schema {
	s := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}}
	for _, name := range []string{"sender", "text", "matter", "address", "datum", "area", "name", "phone", "lang", "attach"} {
		s.Properties[name] = &huma.Schema{Type: huma.TypeString}
	}
	s.Properties["lon"], s.Properties["lat"] = &huma.Schema{Type: huma.TypeNumber}, &huma.Schema{Type: huma.TypeNumber}
	s.Properties["danger"], s.Properties["secret"] = &huma.Schema{Type: huma.TypeBoolean}, &huma.Schema{Type: huma.TypeBoolean}
	s.Properties["photos"] = &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	return s
}

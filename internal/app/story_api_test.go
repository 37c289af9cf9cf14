package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	api "linli/client"
	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/georeport"
	"linli/internal/rights"
)

// programs are those of other systems and of people, in a story.
type programs struct {
	keys  map[string]string // by name
	hooks map[string]*target
}

// target is an address that is told of changes. It keeps what is signed as it
// should be.
type target struct {
	mu     sync.Mutex
	secret string
	heard  []string
	status int // in place of 204
}

// key K scopes=a,b | key K of LOGIN scopes=a,b: a way in for another system, or a
// person's own.
func key(s *story, w words) error {
	k := access.Key{District: s.code(), Name: w.word(0)}
	for _, scope := range strings.Split(w.named["scopes"], ",") {
		k.Scopes = append(k.Scopes, rights.Right(scope))
	}
	if w.word(1) == "of" {
		k.Login = w.word(2)
	}
	return s.DB.Write(context.Background(), func(tx *db.Tx) error {
		k.Expires = tx.Now.AddDate(1, 0, 0)
		_, text, err := access.AddKey(context.Background(), tx, k, access.By{})
		if s.programs.keys == nil {
			s.programs.keys = map[string]string{}
		}
		s.programs.keys[k.Name] = text
		return err
	})
}

func (s *story) client(name string) *api.Client {
	return api.New(api.Config{URL: s.URL, Key: s.programs.keys[name], Tries: 1})
}

// program K reports as A: … | does A action … | reads A 'regexp' | lists A B
// by the machine interface.
func program(s *story, w words) error {
	ctx, c := context.Background(), s.client(w.word(0))
	switch w.word(1) {
	case "reports":
		p, err := place(s.District(), w.named["at"])
		if err != nil {
			return err
		}
		got, err := c.SendReport(ctx, api.NewReport{Sender: w.named["sender"], Matter: w.named["matter"], Text: w.named["text"], Phone: w.named["phone"], Lon: &p.Lon, Lat: &p.Lat})
		if err != nil {
			return problem(err)
		}
		s.cases[w.word(3)] = casework.ID(got.Case.ID)
		return nil
	case "does":
		return s.programDoes(ctx, c, w)
	case "reads":
		got, err := c.ReadCase(ctx, string(s.cases[w.word(2)]))
		if err != nil {
			return problem(err)
		}
		return holds(got, w.word(3))
	case "lists":
		got, err := c.ListCases(ctx, api.ListCasesQuery{})
		if err != nil {
			return problem(err)
		}
		var names []string
		for _, one := range got.Items {
			names = append(names, s.name(casework.ID(one.ID)))
		}
		slices.Sort(names)
		if want := w.plain[2:]; !slices.Equal(names, want) {
			return no("the list has %v", names)
		}
		return nil
	}
	return fmt.Errorf("a program does not %q", w.word(1))
}

// programDoes takes an action on the case as the program has just read it.
func (s *story) programDoes(ctx context.Context, c *api.Client, w words) error {
	id, tag := string(s.cases[w.word(2)]), ""
	if _, err := c.ReadCase(ctx, id, api.Tag(&tag)); err != nil {
		return problem(err)
	}
	offers, err := c.ListOffers(ctx, id)
	if err != nil {
		return problem(err)
	}
	do := api.Doing{Action: w.word(3), Unit: w.named["unit"], Reason: w.named["reason"], Answer: w.named["answer"]}
	for _, o := range offers.Actions {
		if o.Action == do.Action {
			do.Task = o.Task
		}
	}
	n, err := w.number("photos")
	if err != nil {
		return err
	}
	for range n {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
			return err
		}
		do.Photos = append(do.Photos, api.Photo{Name: "photo.jpg", Data: b.Bytes()})
	}
	_, err = c.Act(ctx, id, do, api.IfMatch(tag))
	return problem(err)
}

// problem is what the interface refused, as the house would say it.
func problem(err error) error {
	var p *api.Problem
	if !errors.As(err, &p) {
		return err
	}
	kinds := map[int]errs.Kind{http.StatusUnauthorized: errs.SignIn, http.StatusForbidden: errs.Forbidden, http.StatusNotFound: errs.NotFound,
		http.StatusUnprocessableEntity: errs.Invalid, http.StatusTooManyRequests: errs.Often, http.StatusConflict: errs.Conflict, http.StatusPreconditionFailed: errs.Conflict}
	if kinds[p.Status] == "" {
		return err
	}
	said := []error{errs.New(kinds[p.Status], "%[1]s", "%[2]s", p.Text.ZH, p.Text.EN)}
	for _, f := range p.Errors {
		said = append(said, errs.New(kinds[p.Status], "%[1]s", "%[1]s", f.Detail).At(f.Location))
	}
	return errors.Join(said...)
}

// holds looks for words in a thing as it came.
func holds(thing any, pattern string) error {
	want, err := regexp.Compile(pattern)
	if err != nil {
		return err
	}
	data, err := json.Marshal(thing)
	if err != nil {
		return err
	}
	if !want.Match(data) {
		return no("%s does not hold %s", data, want)
	}
	return nil
}

// open311 K posts as A: service=… at=… text=… reference=…
func open311(s *story, w words) error {
	p, err := place(s.District(), w.named["at"])
	if err != nil {
		return err
	}
	degrees := func(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }
	form := url.Values{"service_code": {w.named["service"]}, "description": {w.named["text"]}, "lat": {degrees(p.Lat)}, "long": {degrees(p.Lon)}, "phone": {w.named["phone"]}}
	got, err := s.open311(w.word(0)).Post(context.Background(), form, w.named["reference"])
	if err != nil {
		return err
	}
	c, err := casework.ByNumber(context.Background(), s.DB, s.code(), string(got.ID))
	if err != nil {
		return err
	}
	s.cases[w.word(3)] = c.ID
	return nil
}

func (s *story) open311(key string) georeport.Client {
	return georeport.Client{HTTP: http.DefaultClient, Base: s.URL + "/open311/v2", Key: s.programs.keys[key], Format: georeport.XML}
}

// follows is: follows K A open|closed 'regexp': what an Open311 client reads of a case.
func follows(s *story, w words) error {
	c, err := s.of(w.word(1))
	if err != nil {
		return err
	}
	got, err := s.open311(w.word(0)).Request(context.Background(), c.Number)
	if err != nil {
		return err
	}
	if string(got.Status) != w.word(2) {
		return no("it is %s: %s", got.Status, got.StatusNotes)
	}
	return holds(got, w.word(3))
}

// hook H by K types=a,b: an address begins to be told of changes.
func hookTo(s *story, w words) error {
	t := &target{}
	server := httptest.NewServer(t)
	s.cleanup(server.Close)
	ask := api.NewHook{Name: w.word(0), URL: server.URL + "/in"}
	if types := w.named["types"]; types != "" {
		ask.Types = strings.Split(types, ",")
	}
	made, err := s.client(w.word(2)).AddHook(context.Background(), ask)
	if err != nil {
		return problem(err)
	}
	t.secret = made.Secret
	if s.programs.hooks == nil {
		s.programs.hooks = map[string]*target{}
	}
	s.programs.hooks[w.word(0)] = t
	return nil
}

// ServeHTTP takes an event, if it is signed with the secret.
func (t *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	t.mu.Lock()
	defer t.mu.Unlock()
	wh, bad := standardwebhooks.NewWebhook(t.secret)
	switch {
	case err != nil || bad != nil || wh.VerifyIgnoringTimestamp(body, r.Header) != nil: // the story's clock is its own
		w.WriteHeader(http.StatusBadRequest)
	case t.status != 0:
		w.WriteHeader(t.status)
	default:
		t.heard = append(t.heard, string(body))
		w.WriteHeader(http.StatusNoContent)
	}
}

// breaks has a target answer 500 from now on, and mends has it answer again.
func breaks(status int) func(*story, words) error {
	return func(s *story, w words) error {
		t := s.programs.hooks[w.word(0)]
		if t == nil {
			return fmt.Errorf("the story has no hook %q", w.word(0))
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		t.status = status
		return nil
	}
}

// heard H 'regexp' times=1: what an address was told.
func heard(s *story, w words) error {
	t := s.programs.hooks[w.word(0)]
	if t == nil {
		return fmt.Errorf("the story has no hook %q", w.word(0))
	}
	want, err := regexp.Compile(w.word(1))
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, one := range t.heard {
		if want.MatchString(one) {
			n++
		}
	}
	times, err := w.number("times")
	if err != nil {
		return err
	}
	if n == 0 || times > 0 && n != times {
		return no("%d events hold %s:\n%s", n, want, strings.Join(t.heard, "\n"))
	}
	return nil
}

package privacy_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/ident"
	"linli/internal/intake"
	"linli/internal/lang"
	"linli/internal/privacy"
	"linli/internal/procedure"
	"linli/internal/resident"
)

const (
	phone = ident.Phone("13800003301")
	other = ident.Phone("13800003302")
)

// town is the invented district with one resident who has an account.
type town struct {
	*apptest.World
	t     *testing.T
	d     *district.District
	k     privacy.Keeper
	wang  resident.Resident
	files string // the folder of pictures and keys
}

func eachTown(t *testing.T, fn func(t *testing.T, w *town)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		w := &town{t: t}
		w.World = apptest.At(t, address, func(c *app.Config) { w.files = c.Files })
		w.House.Residents.Demo = true
		w.d, w.k = w.District(), privacy.Keeper{Desk: w.House.Desk, Residents: w.House.Residents}
		w.wang = w.account(phone)
		fn(t, w)
	})
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) write(fn func(tx *db.Tx) error) {
	w.t.Helper()
	w.must(w.DB.Write(w.t.Context(), fn))
}

// account signs a resident in by code.
func (w *town) account(p ident.Phone) resident.Resident {
	w.t.Helper()
	code := ""
	w.write(func(tx *db.Tx) (err error) {
		code, err = w.House.Residents.Ask(w.t.Context(), tx, w.d.Code, p, lang.ZH)
		return err
	})
	r, err := w.House.Residents.SignIn(w.t.Context(), w.DB, w.d.Code, p, code, "sign-in 1", lang.ZH)
	w.must(err)
	return r
}

// reports takes in a damaged road; what s does not say is usual.
func (w *town) reports(s intake.Sending) intake.Receipt {
	w.t.Helper()
	s.Channel, s.Area = intake.Portal, "990101001"
	if s.Matter == "" {
		s.Matter = "m06013"
	}
	if s.Text == "" {
		s.Text = "路面塌了一块。"
	}
	r, err := w.House.Desk.Receive(w.t.Context(), w.d, s)
	w.must(err)
	return r
}

func (w *town) actor(login string) procedure.Actor {
	w.t.Helper()
	p, ok := w.d.Org.PersonByLogin(login)
	posts := w.d.Org.PostsOf(p.ID, w.d.Day)
	if !ok || len(posts) == 0 {
		w.t.Fatalf("the invented district has no post of %s", login)
	}
	return casework.ActorOf(posts[0])
}

// does lets somebody take an action at a case's open task.
func (w *town) does(login string, id casework.ID, m procedure.Move) {
	w.t.Helper()
	tasks, err := casework.Tasks(w.t.Context(), w.DB, w.d.Code, id)
	w.must(err)
	for _, t := range tasks {
		if t.State == procedure.Open {
			m.Task = t.ID
		}
	}
	w.write(func(tx *db.Tx) error {
		_, err := casework.Act(w.t.Context(), tx, casework.Acting{District: w.d, By: w.actor(login)}, id, m)
		return err
	})
	w.Due()
}

// asks takes a request in and files it.
func (w *town) asks(a privacy.Asking) (privacy.Request, intake.Receipt) {
	w.t.Helper()
	if a.Channel == "" {
		a.Channel, a.Lang = intake.Portal, lang.ZH
	}
	q, r, err := w.k.Ask(w.t.Context(), w.d, a)
	w.must(err)
	w.Due()
	w.does(acceptor, q.Case, procedure.Move{Action: "file"})
	return q, r
}

func (w *town) leader() casework.Acting {
	return casework.Acting{District: w.d, By: w.actor(shiftLeader)}
}

func (w *town) decides(q privacy.Request, c privacy.Decision) error {
	_, err := w.k.Decide(w.t.Context(), w.leader(), q.ID, c)
	return err
}

func (w *town) carries(q privacy.Request, answer string) error {
	_, err := w.k.CarryOut(w.t.Context(), w.leader(), q.ID, answer)
	w.Due()
	return err
}

// granted is a request that was asked, granted and carried out.
func (w *town) granted(a privacy.Asking, answer string) (privacy.Request, intake.Receipt) {
	w.t.Helper()
	q, r := w.asks(a)
	w.must(w.decides(q, privacy.Decision{Grant: true}))
	w.must(w.carries(q, answer))
	return q, r
}

// closes deals with a case, and lets its appeal pass.
func (w *town) answered(id casework.ID, answer string) {
	w.t.Helper()
	w.does(acceptor, id, procedure.Move{Action: "answer", Answer: answer})
	w.Clock.Advance(60 * 24 * time.Hour)
	w.d = w.District()
}

func kind(t *testing.T, err error, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

const acceptor, shiftLeader = "guoyan", "zenglin"

// picture is a small one.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

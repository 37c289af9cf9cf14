package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/org"
	"linli/internal/procedure"
	"linli/internal/rights"
	"linli/internal/setup"
)

// resident reports as A: … | resident does A action …
func resident(s *story, w words) error {
	if w.word(0) == "does" {
		return s.does("resident", []procedure.Actor{{Reporter: true}}, w)
	}
	return s.receive(intake.Portal, "", w)
}

// machine reports as A: … sender=…
func machine(s *story, w words) error { return s.receive(intake.Machine, "", w) }

// hotline LOGIN reports as A: …
func hotline(s *story, w words) error { return s.takes(intake.Hotline, w) }

// counter LOGIN reports as A: …
func counter(s *story, w words) error { return s.takes(intake.Counter, w) }

// worker LOGIN reports as A: …
func worker(s *story, w words) error { return s.takes(intake.GridWorker, w) }

func (s *story) takes(channel intake.Channel, w words) error {
	login := w.word(0)
	w.plain = w.plain[1:]
	return s.receive(channel, login, w)
}

// receive hands in a report: reports as A: matter= at= area= address= text=
// name= phone= sender= photos= follow=B danger secret
func (s *story) receive(channel intake.Channel, login string, w words) error {
	if w.word(0) != "reports" || w.word(1) != "as" || w.word(2) == "" {
		return fmt.Errorf("say: reports as A: …, not %q", w.plain)
	}
	d := s.District()
	in := intake.Sending{
		Channel: channel, Sender: w.named["sender"], Text: w.named["text"], Matter: w.named["matter"], Address: w.named["address"],
		Area: w.named["area"], Danger: w.has("danger"), Secret: w.has("secret"), Name: w.named["name"], Phone: w.named["phone"],
	}
	if in.Text == "" {
		in.Text = "请来看看。"
	}
	var err error
	if in.Point, err = place(d, w.named["at"]); err != nil {
		return err
	}
	if in.Photos, err = s.photos(w); err != nil {
		return err
	}
	if login != "" {
		posts, err := s.posts(login)
		if err != nil {
			return err
		}
		in.By = posts[0]
	}
	if follow := w.named["follow"]; follow != "" {
		c, err := s.of(follow)
		if err != nil {
			return err
		}
		in.Attach = c.ID
	}
	got, err := s.Desk.Receive(context.Background(), d, in)
	if err != nil {
		return err
	}
	s.cases[w.word(2)] = got.Case.ID
	return nil
}

// photos makes as many pictures as a line says, all different.
func (s *story) photos(w words) (all []document.Kept, err error) {
	n, err := w.number("photos")
	for i := range n {
		picture := image.NewGray(image.Rect(0, 0, 64, 48))
		for x := range 64 {
			picture.SetGray(x, 5*i%48, color.Gray{uint8(4 * x)})
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, picture, nil); err != nil {
			return nil, err
		}
		kept, err := s.Documents.Take(context.Background(), "photo.jpg", b.Bytes())
		if err != nil {
			return nil, err
		}
		all = append(all, kept)
	}
	return all, err
}

// person is LOGIN does A action … | LOGIN looks at A, or another of deeds. Who
// has looked at a case acts on what the page showed then, as a browser would.
func (s *story) person(login string, w words) error {
	posts, err := s.posts(login)
	if err != nil {
		return err
	}
	switch {
	case w.word(0) == "does":
		return s.does(login, posts, w)
	case w.word(0) == "looks" && w.word(1) == "at":
		c, err := s.of(w.word(2))
		if err != nil {
			return err
		}
		offers, err := s.offers(c, posts)
		s.sights[login+" "+w.word(2)] = sight{c.Revision, offers}
		return err
	}
	do, ok := deeds()[w.word(0)]
	if !ok {
		return fmt.Errorf("say: %s does A …, %[1]s looks at A, or another deed of the README, not %q", login, w.plain)
	}
	w.plain = w.plain[1:]
	return do(s, login, w)
}

// deeds are what a person may do beside the actions of a procedure, by the word
// after the login.
func deeds() map[string]func(*story, string, words) error {
	return map[string]func(*story, string, words) error{
		"asks": asks, "grants": grants, "denies": denies, "resumes": resumes, "withdraws": withdraws,
		"urges": urges, "orders": orders, "answers": answers, "lifts": lifts, "accuses": accuses, "upholds": upholds, "acquits": acquits,
		"calls": callsMeeting, "holds": holdsMeeting, "settles": settles, "writes": writesMinutes, "closes": closesMeeting, "carries": carriesOut,
		"proposes": proposes, "approves": approves, "discloses": discloses, "shuts": shuts, "remarks": remarks,
		"sees": seesMasked, "delays": delaysLook, "allows-delay": decidesDelay(true), "refuses-delay": decidesDelay(false),
		"counts": counts, "reviews": reviews, "appeals": appeals, "strikes": strikes, "keeps": keeps, "freezes": freezes,
		"grants-data": decidesData("grant"), "refuses-data": decidesData("refuse"), "carries-data": decidesData("carry-out"), "witnesses": witnesses,
		"gives": gives, "ends": ends, "names": names, "takes": takes, "puts": puts,
	}
}

// by lets a person do something, in the first of their posts that may.
func (s *story) by(login string, do func(*db.Tx, casework.Acting) error) error {
	posts, err := s.posts(login)
	if err != nil {
		return err
	}
	var first error
	for _, by := range posts {
		err := s.write(func(tx *db.Tx, d *district.District) error { return do(tx, casework.Acting{District: d, By: by}) })
		if errs.KindOf(err) != errs.Forbidden {
			return err
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// does takes the named action on a case, with the post that may: does A action
// unit= co= reason= answer= photos= rating=
func (s *story) does(login string, posts []procedure.Actor, w words) error {
	c, err := s.of(w.word(1))
	if err != nil {
		return err
	}
	saw, ok := s.sights[login+" "+w.word(1)]
	if !ok {
		if saw.offers, err = s.offers(c, posts); err != nil {
			return err
		}
	}
	delete(s.sights, login+" "+w.word(1))
	photos, err := s.photos(w)
	if err != nil {
		return err
	}
	rating, err := w.number("rating")
	if err != nil {
		return err
	}
	action := procedure.ActionName(w.word(2))
	by, task := s.chosen(c, saw.offers, action, posts)
	m := procedure.Move{
		Task: task, Action: action, Reason: w.named["reason"], Answer: w.named["answer"], Unit: w.named["unit"],
		Photos: len(photos), Evidence: len(photos), Rating: rating,
	}
	if co := w.named["co"]; co != "" {
		m.Co = strings.Split(co, ",")
	}
	for _, mark := range []string{"contacted", "answer-quality", "report-quality"} {
		if value := w.named[mark]; value != "" {
			m.Marks = map[string]string{mark: value}
		}
	}
	return s.write(func(tx *db.Tx, d *district.District) error {
		if _, err := casework.Act(context.Background(), tx, casework.Acting{District: d, By: by, Revision: saw.revision}, c.ID, m); err != nil {
			return err
		}
		for _, photo := range photos {
			if _, err := document.Add(context.Background(), tx, d.Code, string(c.ID), shows(action), by.Post, photo); err != nil {
				return err
			}
		}
		return nil
	})
}

func shows(action procedure.ActionName) document.Kind {
	if action == procedure.Done {
		return document.After
	}
	return document.Evidence
}

// offers lists what each of some posts may do with a case.
func (s *story) offers(c casework.Case, posts []procedure.Actor) (all []offer, err error) {
	d := s.District()
	for _, by := range posts {
		offers, err := casework.Available(context.Background(), s.DB, casework.Acting{District: d, By: by}, c, s.now())
		if err != nil {
			return nil, err
		}
		for _, o := range offers {
			all = append(all, offer{o, by})
		}
	}
	return all, nil
}

// chosen picks the post and task of an action: one that is allowed, else one
// that says why not, else the first open step, so that Act says no by itself.
func (s *story) chosen(c casework.Case, offers []offer, action procedure.ActionName, posts []procedure.Actor) (procedure.Actor, string) {
	for _, allowed := range []bool{true, false} {
		for _, o := range offers {
			if o.Action == action && o.Allowed == allowed {
				return o.by, o.Task
			}
		}
	}
	tasks, err := casework.Tasks(context.Background(), s.DB, s.code(), c.ID)
	if err == nil {
		for _, t := range tasks {
			if t.State == procedure.Open {
				return posts[0], t.ID
			}
		}
	}
	return posts[0], ""
}

// both LOGIN LOGIN do A action …: two people, who have both looked, at the same
// moment. One gets through, and the other is told kindly.
func both(s *story, w words) error {
	for _, login := range w.plain[:2] {
		if err := s.person(login, words{plain: []string{"looks", "at", w.word(3)}}); err != nil {
			return err
		}
	}
	came := make([]error, 2)
	var wait sync.WaitGroup
	for i, login := range w.plain[:2] {
		saw := s.sights[login+" "+w.word(3)]
		delete(s.sights, login+" "+w.word(3))
		c, err := s.of(w.word(3))
		if err != nil {
			return err
		}
		posts, err := s.posts(login)
		if err != nil {
			return err
		}
		by, task := s.chosen(c, saw.offers, procedure.ActionName(w.word(4)), posts)
		m := procedure.Move{Task: task, Action: procedure.ActionName(w.word(4)), Unit: w.named["unit"], Reason: w.named["reason"]}
		wait.Go(func() {
			came[i] = s.write(func(tx *db.Tx, d *district.District) error {
				_, err := casework.Act(context.Background(), tx, casework.Acting{District: d, By: by, Revision: saw.revision}, c.ID, m)
				return err
			})
		})
	}
	wait.Wait()
	slices.SortFunc(came, func(a, b error) int { return strings.Compare(string(errs.KindOf(a)), string(errs.KindOf(b))) })
	if came[0] != nil || errs.KindOf(came[1]) != errs.Conflict {
		return fmt.Errorf("one should get through and one meet a conflict, not: %v", came)
	}
	return nil
}

// merge B into A by LOGIN
func merge(s *story, w words) error {
	from, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	into, err := s.of(w.word(2))
	if err != nil {
		return err
	}
	by, err := s.with(rights.CaseMerge, w.word(4))
	if err != nil {
		return err
	}
	return s.write(func(tx *db.Tx, d *district.District) error {
		_, err := casework.Merge(context.Background(), tx, casework.Acting{District: d, By: by}, from.ID, into.ID)
		return err
	})
}

// owner A UNIT by LOGIN reason=…
func owner(s *story, w words) error {
	c, err := s.of(w.word(0))
	if err != nil {
		return err
	}
	by, err := s.with(rights.OwnerName, w.word(3))
	if err != nil {
		return err
	}
	return s.write(func(tx *db.Tx, d *district.District) error {
		_, err := casework.NameOwner(context.Background(), tx, casework.Acting{District: d, By: by}, c.ID, w.word(1), w.named["reason"])
		return err
	})
}

// with is the post of a person that has a right; without one it is
// errs.Forbidden, as at every door.
func (s *story) with(right rights.Right, login string) (procedure.Actor, error) {
	posts, err := s.posts(login)
	if err != nil {
		return procedure.Actor{}, err
	}
	for _, p := range posts {
		if s.District().Can(right, string(p.Role)) {
			return p, nil
		}
	}
	return procedure.Actor{}, errs.New(errs.Forbidden, "您的岗位没有“%s”的权限。", "Your posts do not have the right “%[2]s”.", right.Title().ZH, right.Title().EN)
}

// import DIR: a folder of the story's own files, as linli import district
// takes it. Findings are refused rows, with file, line and column.
func importTables(s *story, w words) error {
	report, err := setup.Into(context.Background(), s.DB, s.code(), setup.Source{Files: os.DirFS(filepath.Join(w.dir, w.word(0)))})
	if report == nil || err == nil {
		return err
	}
	all := []error{err}
	for _, f := range report.Findings() {
		all = append(all, &errs.Error{Kind: errs.Invalid, Text: f.Text, Field: f.Place.String()})
	}
	return errors.Join(all...)
}

// actorsOf are the posts whose rights a person has at an instant, as the
// procedure sees them.
func actorsOf(d *district.District, person org.PersonID, now time.Time) (all []procedure.Actor) {
	for _, p := range d.HeldAt(person, now) {
		all = append(all, casework.ActorOf(p))
	}
	return all
}

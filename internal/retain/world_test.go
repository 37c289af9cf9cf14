package retain_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/clock"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/district"
	"linli/internal/document"
	"linli/internal/intake"
	"linli/internal/job"
	"linli/internal/notice"
	"linli/internal/procedure"
	"linli/internal/retain"
	"linli/internal/sample"
	"linli/internal/setup"
	"linli/internal/vault"
	"linli/packs"
)

var beijing = time.FixedZone("CST", 8*3600)

// world is the invented district with what the night needs.
type world struct {
	*db.DB
	t     testing.TB
	clock *clock.Manual
	d     *district.District
	desk  *intake.Desk
	vault *vault.Vault
	keys  string
	files *document.Store
	jobs  *job.Runner
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.EachURL(t, func(t *testing.T, address string) { fn(t, newWorld(t, address)) })
}

func newWorld(t testing.TB, address string) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(time.Date(2026, 11, 23, 10, 20, 0, 0, beijing)), keys: filepath.Join(t.TempDir(), "keys")}
	var err error
	w.DB, err = db.Open(t.Context(), db.Config{URL: address, Now: w.clock.Now})
	w.must(err)
	t.Cleanup(func() { w.must(w.Close()) })
	w.vault, err = vault.Open(w.keys)
	w.must(err)
	w.files, err = document.NewStore(t.TempDir())
	w.must(err)
	pack, findings := catalogue.Load(packs.Base())
	if pack == nil {
		t.Fatal(findings)
	}
	files, err := sample.New().Files()
	w.must(err)
	_, err = setup.Into(t.Context(), w.DB, sample.DistrictCode, setup.Source{Files: files, Pack: pack, Settings: &district.Settings{Name: "邻里区"}})
	w.must(err)
	w.reopen()
	w.desk = &intake.Desk{DB: w.DB, Vault: w.vault, Numbers: casework.NewNumbers(w.DB)}
	w.runner()
	return w
}

// runner runs the jobs of the night, and the messages.
func (w *world) runner() {
	book, err := notice.Standard()
	w.must(err)
	w.jobs = job.New(w.DB, map[string]job.Handler{
		casework.NoticeJob: func(ctx context.Context, tx *db.Tx, j job.Job) error { return book.Tell(ctx, tx, w.d, j) },
		document.FileJob:   w.files.RemoveFile,
	}, slog.New(slog.DiscardHandler))
	w.jobs.Prepare(retain.Job, func(ctx context.Context, r db.Reader, j job.Job) (job.Handler, error) {
		return retain.Prepare(ctx, r, w.d, w.Now(), j)
	})
	w.jobs.Prepare(retain.ResealJob, func(ctx context.Context, r db.Reader, j job.Job) (job.Handler, error) {
		return retain.PrepareReseal(ctx, r, w.vault, j)
	})
}

func (w *world) reopen() {
	var err error
	w.d, err = district.Open(w.t.Context(), w.DB, sample.DistrictCode, w.clock.Now())
	w.must(err)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) write(fn func(tx *db.Tx) error) {
	w.t.Helper()
	w.must(w.Write(w.t.Context(), fn))
}

// actor is somebody by the first post of a role.
func (w *world) actor(login string, role procedure.Role) procedure.Actor {
	w.t.Helper()
	p, ok := w.d.Org.PersonByLogin(login)
	if ok {
		for _, post := range w.d.Org.AllPostsOf(p.ID) {
			if string(post.Role) == string(role) {
				return procedure.Actor{Person: string(p.ID), Post: string(post.ID), Role: role, Unit: string(post.Unit), Area: post.Area}
			}
		}
	}
	w.t.Fatalf("the invented district has no %s %s", role, login)
	return procedure.Actor{}
}

// reported takes in a report with a photo.
func (w *world) reported(name, phone, text string) (casework.Case, string) {
	w.t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range picture.Pix { // each report its own picture
		picture.Pix[i] = byte(i) ^ phone[len(phone)-1]
	}
	var b bytes.Buffer
	w.must(jpeg.Encode(&b, picture, nil))
	photo, err := w.files.Take(w.t.Context(), "a.jpg", b.Bytes())
	w.must(err)
	r, err := w.desk.Receive(w.t.Context(), w.d, intake.Sending{Channel: intake.Portal, Matter: "m06013", Text: text, Area: "990101001",
		Address: "桂香路 18 号 301 室", Name: name, Phone: phone, Photos: []document.Kept{photo}})
	w.must(err)
	return r.Case, r.Report
}

// answered ends a case.
func (w *world) answered(c casework.Case) {
	w.t.Helper()
	tasks, err := casework.Tasks(w.t.Context(), w.DB, w.d.Code, c.ID)
	w.must(err)
	w.write(func(tx *db.Tx) error {
		_, err := casework.Act(w.t.Context(), tx, casework.Acting{District: w.d, By: w.actor("guoyan", "acceptor")}, c.ID,
			procedure.Move{Task: tasks[0].ID, Action: "answer", Answer: "已经修好了。"})
		return err
	})
	w.due()
}

func (w *world) due() {
	w.t.Helper()
	_, err := w.jobs.Due(w.t.Context())
	w.must(err)
}

// nightAfter lets time pass and then a night.
func (w *world) nightAfter(years, days int) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error { return retain.Schedule(w.t.Context(), tx, w.d) })
	at := w.clock.Now().In(beijing).AddDate(years, 0, days)
	w.clock.Set(time.Date(at.Year(), at.Month(), at.Day(), 2, 0, 1, 0, beijing))
	w.due()
}

func (w *world) report(id string) casework.Report {
	w.t.Helper()
	r, err := casework.ReportByID(w.t.Context(), w.DB, w.d.Code, id)
	w.must(err)
	return r
}

func (w *world) count(sql string, args ...any) int {
	w.t.Helper()
	n, err := db.Value[int](w.t.Context(), w.DB, sql, args...)
	w.must(err)
	return n
}

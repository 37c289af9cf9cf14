package look_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/job"
	"linli/internal/look"
	"linli/internal/notice"
)

// An alarm is told to those who look after security and to those who audit, and
// names no resident.
//
// GB/T 22239 8.1.4.4f
func TestTheAdministratorsAreTold(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		for range 6 {
			w.sees(w.asking("heyong"))
		}
		alarm := look.Alarm(func(ctx context.Context, tx *db.Tx, d *district.District, n casework.Notice, post string) error {
			return w.Notices.TellThem(ctx, tx, d, n, notice.Post(post))
		})
		jobs := job.New(w.DB, map[string]job.Handler{look.AlarmJob: func(ctx context.Context, tx *db.Tx, j job.Job) error { return alarm(ctx, tx, w.d, j) }}, slog.New(slog.DiscardHandler))
		if n, err := jobs.Due(t.Context()); err != nil || n > 1 {
			t.Fatalf("%d jobs, %v", n, err)
		}
		w.Due() // where the program has done it already
		var to []notice.To
		logins := []string{"luopei", "heqiao"}
		for _, login := range logins {
			to = append(to, notice.Post(w.actor(login).Post))
		}
		told, err := notice.Unread(t.Context(), w.DB, w.d.Code, 10, to...)
		told = slices.DeleteFunc(told, func(m notice.Message) bool { return m.Template != look.AlarmWords }) // they are told of other things too
		if err != nil || len(told) != len(logins) {
			t.Fatalf("%d messages, %v", len(told), err)
		}
		for _, m := range told {
			if !strings.Contains(m.Text.ZH, "反复看同一个人") || !strings.Contains(m.Text.EN, "again and again") || strings.Contains(m.Text.ZH, name) {
				t.Errorf("%+v", m.Text)
			}
		}
		if !slices.Contains(notice.Templates(), look.AlarmWords) {
			t.Error("no book has to have the words")
		}
	})
}

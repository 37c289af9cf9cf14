package resident_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/resident"
	"linli/internal/trail"
)

// ASVS 6.5.4, 16.3.1
func TestSignInByCode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		first := w.in(wang)
		if first.Phone != wang || first.Notice != "" && first.NoticeAt.IsZero() {
			t.Errorf("the account: got %+v", first)
		}
		if got, want := first.From, w.clock.Now().Add(-90*24*time.Hour).UTC(); !got.Equal(want) {
			t.Errorf("the first code shows from %v, want %v", got, want)
		}
		w.clock.Advance(2 * time.Minute)
		again := w.in(wang)
		if again.ID != first.ID {
			t.Errorf("a second sign-in made another account")
		}
		kept, err := w.book.ByID(t.Context(), w.db, code, first.ID)
		w.must(err)
		if kept.Notice != "sign-in 1" || kept.NoticeAt.IsZero() || kept.Phone != wang {
			t.Errorf("kept: got notice %q at %v", kept.Notice, kept.NoticeAt)
		}
		entries, err := trail.Of(t.Context(), w.db, code, trail.Chain(trail.SignIns, string(first.ID)))
		w.must(err)
		if len(entries) != 2 || entries[0].Detail["way"] != "code" {
			t.Errorf("the trail of signing in: got %+v", entries)
		}
	})
}

// TestCodesThatOpenNothing tries everything that is not the one right code in
// its time. All are one answer.
//
// ASVS 6.5.5, 6.6.2
func TestCodesThatOpenNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		none := func(what string, phone ident.Phone, given string) {
			t.Helper()
			_, err := w.try(phone, given)
			want(t, err, errs.SignIn, what)
			if said, _ := errs.TextOf(err); said.ZH != "验证码不对，或者过了时间。请核对，或重新要一个。" {
				t.Errorf("%s is told in words of its own: %s", what, said.ZH)
			}
		}
		none("no code was asked for", wang, "123456")
		w.must(w.ask(wang))
		right := w.told(wang)
		none("another phone's code", father, right)
		none("empty", wang, "")
		none("long", wang, strings.Repeat(right, 1000))
		w.clock.Advance(5 * time.Minute)
		none("after five minutes", wang, right)

		w.must(w.ask(wang))
		older := right
		right = w.told(wang)
		if older != right {
			none("the code before this one", wang, older)
		}
		if _, err := w.try(wang, " "+right[:3]+" "+right[3:]); err != nil {
			t.Errorf("the right code with spaces: %v", err)
		}
		none("the same code again", wang, right)
	})
}

// TestGuessing holds the number of tries, also when they come all at once.
//
// ASVS 6.6.3
func TestGuessing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.must(w.ask(wang))
		right := w.told(wang)
		var all sync.WaitGroup
		for i := range 12 {
			all.Go(func() {
				wrong := fmt.Sprintf("%06d", i)
				if wrong == right {
					wrong = "999999"
				}
				_, err := w.try(wang, wrong)
				want(t, err, errs.SignIn, "a wrong code")
			})
		}
		all.Wait()
		_, err := w.try(wang, right)
		want(t, err, errs.SignIn, "the right code after five wrong ones")
		tries, err := db.Value[int](t.Context(), w.db, `select tries from resident_codes where district = $1`, code)
		w.must(err)
		if tries != 5 {
			t.Errorf("%d tries were looked at, want 5", tries)
		}
	})
}

// TestOneCodeOneSession lets many use the right code at the same time: one of
// them gets in.
//
// ASVS 6.5.1
func TestOneCodeOneSession(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.must(w.ask(wang))
		right := w.told(wang)
		in := make(chan bool, 4)
		for range 4 {
			go func() {
				_, err := w.try(wang, right)
				in <- err == nil
			}()
		}
		n := 0
		for range 4 {
			if <-in {
				n++
			}
		}
		if n != 1 {
			t.Errorf("one code let %d in, want 1", n)
		}
	})
}

// TestBombing bounds what anybody can have sent to a phone.
//
// ASVS 6.6.3
func TestBombing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.must(w.ask(wang))
		err := w.ask(wang)
		want(t, err, errs.Often, "at once again")
		var e *errs.Error
		if !errors.As(err, &e) || e.Wait != time.Minute {
			t.Errorf("how long to wait: got %+v", e)
		}
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() { want(t, w.ask(wang), errs.Often, "many at once") })
		}
		all.Wait()
		for range 20 {
			w.clock.Advance(time.Minute)
			_ = w.ask(wang)
			w.due()
		}
		if n := len(w.texts[wang]); n > 10 {
			t.Errorf("%d messages in twenty minutes, want at most 10", n)
		}
		want(t, w.ask(wang), errs.Often, "an eleventh in a day")
		w.must(w.ask(father)) // another phone has its own count
		w.clock.Advance(24 * time.Hour)
		w.must(w.ask(wang))
	})
}

// TestKnownAndUnknown asks for a number that is known here and one that is not,
// and compares what comes back.
func TestKnownAndUnknown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.in(wang)
		w.clock.Advance(2 * time.Minute)
		if known, unknown := w.ask(wang), w.ask(father); known != nil || unknown != nil {
			t.Errorf("asked: known %v, unknown %v", known, unknown)
		}
		_, known := w.try(wang, "x")
		_, unknown := w.try(father, "x")
		if fmt.Sprint(known) != fmt.Sprint(unknown) {
			t.Errorf("tried: known %v, unknown %v", known, unknown)
		}
		want(t, w.ask("0551-65550123"), errs.Invalid, "a landline")
		want(t, w.ask(""), errs.Invalid, "no number")
		w.book.Send = nil
		want(t, w.ask(wang), errs.Forbidden, "a district without a way to send")
		w.book.Demo = true
		w.clock.Advance(2 * time.Minute)
		var shown string
		w.must(w.write(func(tx *db.Tx) (err error) {
			shown, err = w.book.Ask(t.Context(), tx, code, wang, lang.EN)
			return err
		}))
		if _, err := w.try(wang, shown); err != nil {
			t.Errorf("the demo's code: %v", err)
		}
	})
}

// TestNothingInClear looks for number, name and code in every column of the
// package's tables and of the job, and in the error of a carrier that repeats
// what it was given.
func TestNothingInClear(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.in(wang)
		w.must(w.write(func(tx *db.Tx) error {
			return w.book.Change(t.Context(), tx, code, r.ID, resident.Settings{Name: "王小雨", Lang: lang.ZH})
		}))
		w.clock.Advance(2 * time.Minute)
		w.fails = errors.New("no credit for 13800000101: 您的邻里登录验证码是 654321")
		w.must(w.ask(wang))
		held := ""
		for _, q := range []string{
			`select id || phone || phone_index || name || lang || told || notice from residents`,
			`select phone_index || subject || code || phone || outgoing from resident_codes`,
			`select kind || key || args from jobs`,
			`select subject || act || detail from trail`,
		} {
			rows, err := db.All(t.Context(), w.db, func(s *string) []any { return []any{s} }, q)
			w.must(err)
			held += strings.Join(rows, "\n")
		}
		for _, secret := range []string{string(wang), "王小雨", "验证码"} {
			if strings.Contains(held, secret) {
				t.Errorf("%q stands in the database in clear", secret)
			}
		}
		args, err := db.Value[string](t.Context(), w.db, `select args from jobs where kind = $1`, resident.SendJob)
		w.must(err)
		_, err = w.book.PrepareSend(t.Context(), w.db, w.clock.Now(), job.Job{District: code, Kind: resident.SendJob, Args: []byte(args)})
		if err == nil || strings.Contains(err.Error(), "13800000101") || strings.Contains(err.Error(), "654321") || !strings.Contains(err.Error(), "no credit") {
			t.Errorf("the error of the job: %v", err)
		}
		w.fails = nil
		w.clock.Advance(6 * time.Minute)
		before := len(w.texts[wang])
		w.due()
		if len(w.texts[wang]) != before {
			t.Errorf("a code too old was sent all the same")
		}
	})
}

// TestNumberChangesHands lets a number lie unused, and somebody else get it.
func TestNumberChangesHands(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		first := w.in(wang)
		w.clock.Advance(179 * 24 * time.Hour)
		if again := w.in(wang); again.ID != first.ID {
			t.Errorf("within 180 days it is another account")
		}
		reported := w.clock.Now()
		w.clock.Advance(181 * 24 * time.Hour)
		second := w.in(wang)
		if second.ID == first.ID || second.Name != "" {
			t.Fatalf("after 181 days the account is still the old one")
		}
		old, err := w.book.ByID(t.Context(), w.db, code, first.ID)
		w.must(err)
		index := w.book.Index(string(wang))
		now := w.clock.Now()
		for _, c := range []struct {
			name string
			r    resident.Resident
			at   time.Time
			want bool
		}{
			{"what the first holder reported is not the second's", second, reported, false},
			{"it stays the first's, for a passkey", old, reported, true},
			{"what is reported from now on is the second's", second, now, true},
			{"and not the first's", old, now, false},
		} {
			if got := c.r.Holds(index, c.at); got != c.want {
				t.Errorf("%s: got %t", c.name, got)
			}
		}
		if second.Holds(w.book.Index(string(father)), now) || second.Holds("", now) {
			t.Error("another number's report is held, or one without a number")
		}
	})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.in(wang)
		w.must(w.write(func(tx *db.Tx) error { return w.book.Delete(t.Context(), tx, code, r.ID) }))
		_, err := w.book.ByID(t.Context(), w.db, code, r.ID)
		want(t, err, errs.NotFound, "a deleted account")
		err = w.write(func(tx *db.Tx) error { return w.book.Seen(t.Context(), tx, code, r.ID, "passkey", "") })
		want(t, err, errs.NotFound, "signing in to a deleted account")
		left, err := db.Value[int](t.Context(), w.db, `select count(*) from resident_codes where phone <> '' or outgoing <> '' or code <> ''`)
		w.must(err)
		if left != 0 {
			t.Error("the sealed number is still with its codes")
		}
		want(t, w.ask(wang), errs.Often, "a code at once after closing the account")
		w.clock.Advance(25 * time.Hour)
		w.must(w.write(func(tx *db.Tx) error { return resident.Sweep(t.Context(), tx, code) }))
		rows, err := db.Value[int](t.Context(), w.db, `select count(*) from resident_codes`)
		w.must(err)
		if rows != 0 {
			t.Error("the night left codes of yesterday")
		}
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.in(wang)
		for _, c := range []struct {
			name string
			want errs.Kind
			why  string
		}{
			{"王小雨", "", "a name"},
			{"", "", "a name may be taken back"},
			{"王*雨", errs.Invalid, "a mask is never written back"},
			{strings.Repeat("王", 41), errs.Invalid, "longer than a name"},
			{"\xff", errs.Invalid, "no text"},
		} {
			err := w.write(func(tx *db.Tx) error {
				return w.book.Change(t.Context(), tx, code, r.ID, resident.Settings{Name: c.name, Lang: lang.ZH})
			})
			if errs.KindOf(err) != c.want {
				t.Errorf("%s: got %v, want %q", c.why, err, c.want)
			}
		}
	})
}

package trail_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"linli/internal/db"
	"linli/internal/trail"
)

// TestManyWriteWhileTheLogGrows has many write to the same and to other books,
// with the log taking in beside them.
func TestManyWriteWhileTheLogGrows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const writers, times = 8, 25
		var writing, keeping sync.WaitGroup
		stop := make(chan struct{})
		keeping.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					if _, err := w.keep.TakeIn(t.Context(), w.DB, district); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
		for n := range writers {
			writing.Go(func() {
				for i := range times {
					err := w.Write(t.Context(), func(tx *db.Tx) error {
						subject := "everybody"
						if i%5 == 0 {
							subject = fmt.Sprint("only", n)
						}
						return trail.Note(t.Context(), tx, district, trail.SignIns, subject, trail.Entry{Act: "in", Detail: map[string]string{"note": fmt.Sprint(n, i)}})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		close(stop)
		keeping.Wait()
		w.takeIn()
		got := w.audit(trail.Auditing{})
		if len(got.Findings) > 0 || got.Entries != writers*times || got.Leaves != writers*times || got.Pending != 0 {
			t.Errorf("got %+v, want %d entries, each once in the log", got, writers*times)
		}
	})
}

func TestFindTurnsPages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for i := range 25 {
			w.note([]trail.Book{trail.Rights, trail.SignIns, trail.Looks, ""}[i%4], "s", trail.Entry{Act: fmt.Sprint("act", i), Detail: map[string]string{"reason": "因为"}})
		}
		var acts []string
		for page := ""; ; {
			entries, next, err := trail.Find(t.Context(), w.DB, district, trail.Filter{Books: []trail.Book{trail.Rights, trail.Looks}}, page, 5)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				acts = append(acts, e.Act)
				if e.Subject != "s" || e.Detail["reason"] != "因为" || e.Book != trail.Rights && e.Book != trail.Looks {
					t.Errorf("got %+v", e)
				}
			}
			if page = next; next == "" {
				break
			}
		}
		if got, want := strings.Join(acts, " "), "act24 act22 act20 act18 act16 act14 act12 act10 act8 act6 act4 act2 act0"; got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
		if _, _, err := trail.Find(t.Context(), w.DB, district, trail.Filter{}, "?", 5); err == nil {
			t.Error("a page that is nowhere was shown")
		}
	})
}

func TestErasedWordsAreGone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.note("", "case-9", trail.Entry{Act: "returned", Detail: map[string]string{"reason": "张某某住三单元", "unit": "u1"}})
		w.note("", "case-9", trail.Entry{Act: "returned", Detail: map[string]string{"answer": "好", "note": "电话里说的"}})
		w.do(func(tx *db.Tx) error {
			for _, word := range []struct {
				seq  int
				name string
			}{{1, "reason"}, {2, "answer"}, {2, "note"}} {
				if err := trail.Erase(t.Context(), tx, district, "case-9", word.seq, word.name, trail.Entry{Detail: map[string]string{"basis": "retention"}}); err != nil {
					return err
				}
			}
			return nil
		})
		entries, err := trail.Of(t.Context(), w.DB, district, "case-9")
		if err != nil || len(entries) != 5 {
			t.Fatalf("got %d entries, %v, want 5", len(entries), err)
		}
		if e := entries[0]; e.Detail["reason"] != "" || e.Detail["unit"] != "u1" || len(e.Gone) != 1 {
			t.Errorf("got %+v", e)
		}
		if e := entries[2]; e.Act != trail.Erased || e.Detail["entry"] != "1" || e.Detail["word"] != "reason" {
			t.Errorf("got %+v", e)
		}
		if err := trail.Verify(district, "case-9", entries); err != nil {
			t.Error(err)
		}
		w.takeIn()
		if got := w.audit(trail.Auditing{}); len(got.Findings) > 0 || got.Erased != 3 || got.Words != 0 {
			t.Errorf("got %+v", got)
		}
		left, err := db.Value[int](t.Context(), w.DB, "select count(*) from trail_words where district = $1", district)
		if err != nil || left != 0 {
			t.Errorf("%d words are still there, %v", left, err)
		}
	})
}

// TestWhatIsPublicNamesNobody looks for names in everything that is given out.
func TestWhatIsPublicNamesNobody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const name, phone, person = "钱桂香", "13800001234", "person-77"
		for i := range 300 {
			w.note("", fmt.Sprint("c", i%20), trail.Entry{Person: person, Post: "post-77", Act: "answered", Detail: map[string]string{"answer": name + " " + phone, "decision": name}})
		}
		w.takeIn()
		for path, file := range w.outside() {
			for _, secret := range []string{name, phone, person, "post-77", "answered"} {
				if strings.Contains(string(file.Data), secret) || strings.Contains(trail.Hex(file.Data), trail.Hex([]byte(secret))) {
					t.Errorf("%s holds %s", path, secret)
				}
			}
		}
		text, err := trail.Proof(t.Context(), w.DB, district, "c3", 1)
		if err != nil {
			t.Fatal(err)
		}
		rec, err := trail.CheckProof(text, key(t))
		if err != nil {
			t.Fatal(err)
		}
		if said := fmt.Sprint(rec); strings.Contains(said, name) || strings.Contains(said, person) {
			t.Errorf("the receipt says %s", said)
		}
	})
}

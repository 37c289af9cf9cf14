package inbox_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/channel/sms"
	"linli/internal/db"
	"linli/internal/inbox"
	"linli/internal/job"
	"linli/internal/lang"
	"linli/internal/notice"
)

const writer = "13800000013"

// part hears one part of a long text, as from the message centre.
func (w *town) part(series string, part, parts int, text string) {
	w.t.Helper()
	w.Clock.Advance(time.Second)
	h := sms.Heard{Parts: []sms.Part{{From: writer, To: "10690001", Series: series, Part: part, Parts: parts, Text: text}}}
	if err := w.Inbox.Hear(w.t.Context(), w.District(), h); err != nil {
		w.t.Fatal(err)
	}
	w.Due()
}

// texts are the words of the cases that came by text message, oldest first.
func (w *town) texts() (all []string) {
	w.t.Helper()
	page, err := casework.List(w.t.Context(), w.DB, w.District(), casework.Filter{Channel: "sms"}, w.Clock.Now(), "", 50)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, row := range page.Rows {
		all = append(all, row.Text)
	}
	return all
}

func (w *town) count(query string) (n int) {
	w.t.Helper()
	n, err := db.Value[int](w.t.Context(), w.DB, query)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

const lying = "select count(*) from arrival_parts"

// What was acknowledged to the centre is on disk, and becomes one report when it
// is whole, in whatever order it comes and however often.
func TestLongTextIsWhole(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		w.part("7", 2, 2, "修鞋铺门口那一盏")
		if got := w.texts(); len(got) != 0 {
			t.Fatalf("half a text is a report: %q", got)
		}
		if n := w.count("select count(*) from arrival_parts where words like '%修鞋%' or from_phone like '%" + writer + "%'"); n != 0 || w.count(lying) != 1 {
			t.Errorf("%d of %d parts lie there in clear", n, w.count(lying))
		}
		w.part("7", 2, 2, "修鞋铺门口那一盏") // the centre did not hear us and sends it again
		w.part("8", 1, 2, "另一条的上半")
		w.part("7", 1, 2, "路灯不亮，")
		if got := w.texts(); len(got) != 1 || got[0] != "路灯不亮，修鞋铺门口那一盏" {
			t.Fatalf("got %q, want the whole text once", got)
		}
		w.part("7", 1, 2, "路灯不亮，") // again, after it was taken in
		w.part("7", 2, 2, "修鞋铺门口那一盏")
		if got := w.texts(); len(got) != 1 {
			t.Errorf("parts that were sent again became %q", got)
		}
		// The phone counts to 255 and begins again.
		w.part("7", 1, 2, "井盖碎了，")
		w.part("7", 2, 2, "在菜场东门")
		if got := w.texts(); len(got) != 2 || got[0]+got[1] != "路灯不亮，修鞋铺门口那一盏井盖碎了，在菜场东门" && got[1]+got[0] != "路灯不亮，修鞋铺门口那一盏井盖碎了，在菜场东门" {
			t.Errorf("got %q, want a second text", got)
		}
		w.Clock.Advance(11 * time.Minute)
		w.Due()
		if got := w.texts(); len(got) != 3 || !strings.Contains(strings.Join(got, "|"), "另一条的上半……") {
			t.Errorf("after a time: %q, want what came of the third, with a sign that more is missing", got)
		}
		if n := w.count(lying); n != 0 {
			t.Errorf("%d parts are kept", n)
		}
	})
}

// A part that could not be kept is not acknowledged; what lies in the middle and
// never came is shown as missing.
func TestPartsThatAreLost(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		h := sms.Heard{Parts: []sms.Part{{From: writer, Series: "1", Part: 1, Parts: 2, Text: "x"}}}
		if err := w.Inbox.Hear(canceled(t), w.District(), h); err == nil || w.count(lying) != 0 {
			t.Errorf("where the database is away the part was acknowledged: %v", err)
		}
		w.part("3", 1, 4, "路灯")
		w.part("3", 3, 4, "不亮")
		w.Clock.Advance(9 * time.Minute)
		w.part("3", 3, 4, "灭了") // not the same text any more: the one before goes in as it is
		w.Clock.Advance(11 * time.Minute)
		w.Due()
		got := strings.Join(w.texts(), "|")
		if !strings.Contains(got, "路灯……不亮……") || !strings.Contains(got, "……灭了……") || w.count(lying) != 0 {
			t.Errorf("got %q and %d parts", got, w.count(lying))
		}
	})
}

// A part that comes while the others are being taken in is kept, and so is what
// was marked as taken in when the program ended.
func TestPartThatComesLate(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		w.part("5", 1, 2, "路灯不亮，")
		text, err := db.Value[string](t.Context(), w.DB, "select text from arrival_parts")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Inbox.ClaimParts(t.Context(), w.District(), text); err != nil {
			t.Fatal(err)
		}
		w.part("5", 2, 2, "修鞋铺门口那一盏")
		w.Clock.Advance(11 * time.Minute)
		w.Due()
		if got := strings.Join(w.texts(), "|"); !strings.Contains(got, "路灯不亮，……") || !strings.Contains(got, "……修鞋铺门口那一盏") || len(w.texts()) != 2 || w.count(lying) != 0 {
			t.Errorf("got %q and %d parts, want both parts as texts of their own", got, w.count(lying))
		}
	})
}

// A phone counts its texts anew, and the first part of another comes at the very
// moment at which the parts of the one before are forgotten.
func TestTextThatBeginsAsAnotherEnds(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		ctx, d := t.Context(), w.District()
		w.part("6", 1, 2, "路灯不亮，")
		w.part("6", 2, 2, "修鞋铺门口那一盏")
		key, err := db.Value[string](ctx, w.DB, "select key from jobs where kind = 'sms-parts'")
		if err != nil {
			t.Fatal(err)
		}
		j := job.Job{District: d.Code, Kind: inbox.PartsJob, Key: key}
		end, err := w.Inbox.PrepareParts(ctx, d, j)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Inbox.Hear(ctx, d, sms.Heard{Parts: []sms.Part{{From: writer, Series: "6", Part: 1, Parts: 2, Text: "井盖碎了，"}}}); err != nil {
			t.Fatal(err)
		}
		if err := w.DB.Write(ctx, func(tx *db.Tx) error { // as the runner ends a job
			return errors.Join(job.Drop(ctx, tx, d.Code, j.Kind, j.Key), end(ctx, tx, j))
		}); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(11 * time.Minute)
		w.Due()
		if got := strings.Join(w.texts(), "|"); !strings.Contains(got, "井盖碎了，……") || len(w.texts()) != 2 || w.count(lying) != 0 {
			t.Errorf("got %q and %d parts, want what came of the second text, too", got, w.count(lying))
		}
	})
}

// The next text by a number has its own time to come whole, counted from its own
// first part.
func TestTheNextTextHasItsTime(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		w.part("4", 1, 2, "路灯不亮，")
		w.part("4", 2, 2, "修鞋铺门口那一盏")
		w.Clock.Advance(9 * time.Minute)
		w.part("4", 1, 2, "井盖碎了，")
		w.Clock.Advance(2 * time.Minute) // the time of the one before is over
		w.Due()
		w.part("4", 2, 2, "在菜场东门")
		if got := strings.Join(w.texts(), "|"); !strings.Contains(got, "井盖碎了，在菜场东门") || len(w.texts()) != 2 {
			t.Errorf("got %q, want the second text whole", got)
		}
	})
}

// Two copies of the program that get a part each at the same moment make one text
// of them, and at once.
func TestPartsThatComeTogether(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		ctx, d := t.Context(), w.District()
		const texts = 8
		for i := range texts {
			var both errgroup.Group
			for n, words := range []string{"路灯不亮，", "修鞋铺门口那一盏"} {
				both.Go(func() error {
					return w.Inbox.Hear(ctx, d, sms.Heard{Parts: []sms.Part{{From: fmt.Sprintf("1380000002%d", i), Series: "9", Part: n + 1, Parts: 2, Text: words}}})
				})
			}
			if err := both.Wait(); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.texts(); len(got) != texts || w.count("select count(*) from arrival_parts where taken_at = 0") != 0 {
			t.Errorf("%d texts at once of %d, and %d parts wait", len(got), texts, w.count("select count(*) from arrival_parts where taken_at = 0"))
		}
	})
}

// tell has the sender of a report told of something.
func (w *town) tell(of inbox.Took) {
	w.t.Helper()
	ctx, d := w.t.Context(), w.District()
	err := w.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := casework.ByID(ctx, tx, d.Code, of.Case)
		if err == nil {
			f := notice.FactsOf(d, c)
			f.Unit = lang.T("市政所", "Works")
			_, err = w.Notices.Queue(ctx, tx, notice.Notice{District: d.Code, Case: string(c.ID), To: notice.Reporter(of.Report), Template: notice.Dispatched, Facts: f})
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.Due()
}

// Who has no such number any more gets no more texts, until something is written
// from there again.
func TestNumberThatIsNone(t *testing.T) {
	t.Parallel()
	eachTown(t, func(t *testing.T, w *town) {
		ctx, d := t.Context(), w.District()
		text := func(ref, words string) inbox.Took {
			t.Helper()
			got, err := w.Inbox.TakeText(ctx, d, channel.Came{Channel: channel.SMS, Ref: ref, From: writer, Text: words})
			if err != nil {
				t.Fatal(err)
			}
			w.Due()
			return got
		}
		first := text("a", "路灯不亮")
		second := text("b", "污水井盖碎了，在菜场东门")
		letters := w.out.to(writer)
		if len(letters) != 2 {
			t.Fatalf("%d letters, want a receipt each", len(letters))
		}
		report := sms.Report{Ref: letters[0].ID + "@linli.example.cn", State: channel.Failed, Why: "undeliv 001", Gone: true}
		for range 2 { // centres report twice
			if err := w.Inbox.Hear(ctx, d, sms.Heard{Reports: []sms.Report{report}}); err != nil {
				t.Fatal(err)
			}
		}
		dead, err := notice.Unreached(ctx, w.DB, d.Code, notice.OfReport(first.Report))
		if err != nil || len(dead) != 1 || dead[0].Shown != "138****0013" || dead[0].Why != "undeliv 001" {
			t.Fatalf("marked: %+v, %v", dead, err)
		}
		r, err := casework.ReportByID(ctx, w.DB, d.Code, second.Report)
		if err != nil {
			t.Fatal(err)
		}
		if dead, err := w.Notices.UnreachedOf(ctx, w.DB, d.Code, r); err != nil || len(dead) != 1 || dead[0].Shown != "138****0013" || !notice.Number(dead[0].ID) {
			t.Errorf("the page of another report of the number is told %+v, %v", dead, err)
		}
		tell := func() int {
			t.Helper()
			w.tell(second)
			return len(w.out.to(writer))
		}
		if n := tell(); n != 2 {
			t.Errorf("%d letters: another report of the number is still told by text", n)
		}
		again := func(tx *db.Tx) error { return w.Notices.TryNumber(ctx, tx, d.Code, second.Report) }
		if err := w.DB.Write(ctx, again); err != nil || tell() != 3 {
			t.Errorf("after trying again: %d letters, %v", len(w.out.to(writer)), err)
		}
		text("c", "查")
		before := len(w.out.to(writer))
		if n := tell(); before < 3 || n != before+1 {
			t.Errorf("after a text from there: %d letters, then %d, want an answer and a letter more", before, n)
		}
	})
}

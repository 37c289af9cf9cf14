package move_test

import (
	"path/filepath"
	"slices"
	"testing"

	"filippo.io/age"

	"linli/internal/app/apptest"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/db/dbtest"
	"linli/internal/inbox"
	"linli/internal/notice"
	"linli/internal/vault"
)

// letters writes down letters that came in, and how their writers were answered.
func letters(t *testing.T, w *apptest.World) {
	t.Helper()
	ways := notice.Sealed()
	at := slices.IndexFunc(ways, func(one vault.Table) bool { return one.Name == "ways" })
	field := ways[at].Columns[0].Field
	type letter struct{ channel, from, report, holder, shown, address string }
	for n, l := range []letter{
		{"mail", "unread@example.cn", "", "writer", "u***", "unread@example.cn"},
		{"mail", "Sent@example.cn", "r-mail", "report:r-mail", "s***", "sent@example.cn"},
		{"mail", "lost@example.cn", "r-lost", "report:r-lost", "o***", "other@example.cn"}, // the reporter wants to be told elsewhere
	} {
		index := inbox.IndexOf(w.Vault, channel.Name(l.channel), l.from)
		holder := l.holder
		if holder == "writer" {
			holder += ":" + index
		}
		shown := l.shown
		if l.report == "r-lost" {
			shown = "l***"
		}
		id := string(rune('a' + n))
		err := w.DB.Write(t.Context(), func(tx *db.Tx) error {
			err := tx.Exec(t.Context(), `insert into arrivals (district, channel, ref, from_index, shown, outcome, why, case_id, report_id, at) values ('990101', $1, $2, $3, $4, 'report', '', '', $5, 1)`,
				l.channel, id, index, shown, l.report)
			if err != nil {
				return err
			}
			return tx.Exec(t.Context(), `insert into ways (district, id, holder, channel, address, address_index, shown, lang, code, expires, tries, made_at, verified_at, ended_at)
				values ('990101', $1, $2, $3, $4, $5, $6, 'zh', '', 0, 0, 1, 1, 0)`,
				id, holder, l.channel, w.Vault.Seal("990101", field, l.address), notice.IndexOf(w.Vault, channel.Name(l.channel), l.address), l.shown)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Inbox.Take(t.Context(), w.District(), inbox.Letter{Came: channel.Came{Channel: channel.SMS, Ref: "text", From: phone, Text: "桂香路井盖响"}})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWritersAreKnownUnderOtherKeys: whoever wrote before is still known by the
// address, so that asking how the case stands finds it, and is told once.
func TestWritersAreKnownUnderOtherKeys(t *testing.T) {
	t.Parallel()
	w := lived(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"))
	letters(t, w)
	logged(t, w.App)
	me, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := out(t, w.App, me.Recipient())
	dbtest.EachURL(t, func(t *testing.T, address string) {
		a, _ := bare(t, address, "")
		if _, err := in(t.Context(), a, dir, me); err != nil {
			t.Fatal(err)
		}
		indexes := map[string]string{}
		for ref, from := range map[string][2]string{
			"a": {"mail", "unread@example.cn"}, "b": {"mail", "sent@example.cn"}, "text": {"sms", phone},
		} {
			indexes[ref] = inbox.IndexOf(a.Vault, channel.Name(from[0]), from[1])
		}
		indexes["c"] = inbox.IndexOf(w.Vault, channel.Mail, "lost@example.cn") // nobody knows the address: it stays, and finds nothing
		for ref, want := range indexes {
			got, err := db.Value[string](t.Context(), a.DB, "select from_index from arrivals where district = $1 and ref = $2", "990101", ref)
			if err != nil || got != want {
				t.Errorf("the letter %s: %v, its writer is known by another index: %v", ref, err, got != want)
			}
		}
		holder, err := db.Value[string](t.Context(), a.DB, "select holder from ways where id = 'a'")
		if err != nil || holder != string(notice.OfWriter(indexes["a"])) {
			t.Errorf("the writer's way is of %s, %v", holder, err)
		}
	})
}

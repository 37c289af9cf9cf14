package inbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/geo"
	"linli/internal/vault"
)

// The fields that are sealed.
const (
	openIDField = "wechat.openid"
	wordsField  = "wechat.words"
	placeField  = "wechat.place"
	pointField  = "wechat.point"
	replyField  = "wechat.reply"

	partFromField  = "part.from"
	partWordsField = "part.words"
)

// Sealed are the columns of this package that a change of keys seals again.
func Sealed() []vault.Table {
	return []vault.Table{
		{Name: "arrival_parts", Key: []string{"id"}, Columns: []vault.Column{{Name: "from_phone", Field: partFromField}, {Name: "words", Field: partWordsField}}},
		{Name: "wechat_drafts", Key: []string{"id"}, Columns: []vault.Column{
			{Name: "openid", Field: openIDField}, {Name: "words", Field: wordsField}, {Name: "place", Field: placeField}, {Name: "point", Field: pointField},
		}},
		{Name: "wechat_talks", Key: []string{"id"}, Columns: []vault.Column{{Name: "reply", Field: replyField}}},
	}
}

// sealedDraft is a row of wechat_drafts.
type sealedDraft struct {
	id, talk, openID, words, place, point, media string
	began, sent                                  time.Time
}

const draftColumns = `id, talk, openid, words, place, point, media, began_at, sent_at`

func (s *sealedDraft) dest() []any {
	return []any{&s.id, &s.talk, &s.openID, &s.words, &s.place, &s.point, &s.media, db.Time(&s.began), db.Time(&s.sent)}
}

// open reveals a row.
func (b *Box) open(district string, s sealedDraft) (f draft, err error) {
	f = draft{ID: s.id, Began: s.began, Sent: s.sent, talk: s.talk}
	point := ""
	for _, one := range []struct {
		to            *string
		field, sealed string
	}{{&f.OpenID, openIDField, s.openID}, {&f.Words, wordsField, s.words}, {&f.Place, placeField, s.place}, {&point, pointField, s.point}} {
		if *one.to, err = b.Desk.Vault.Reveal(district, one.field, one.sealed); err != nil {
			return f, err
		}
	}
	if point != "" {
		if _, err := fmt.Sscanf(point, "%g %g", &f.Point.Lon, &f.Point.Lat); err != nil {
			return f, err
		}
	}
	if s.media != "" {
		f.Media = strings.Split(s.media, "\n")
	}
	return f, nil
}

// writing is the draft that somebody is writing, or a new one.
func (b *Box) writing(ctx context.Context, tx *db.Tx, district, talk, openID string) (f draft, fresh bool, err error) {
	s, err := db.One(ctx, tx, (*sealedDraft).dest,
		"select "+draftColumns+" from wechat_drafts where district = $1 and talk = $2 and sent_at = 0 and began_at > $3 order by began_at desc limit 1",
		district, talk, db.At(tx.Now.Add(-draftLives)))
	if errors.Is(err, errs.NotFound) {
		id, err := uuid.NewV7()
		return draft{ID: id.String(), OpenID: openID, Began: tx.Now, talk: talk}, true, err
	}
	if err != nil {
		return f, false, err
	}
	f, err = b.open(district, s)
	return f, false, err
}

// draftByID is one that was sent; errs.NotFound once it is a report.
func (b *Box) draftByID(ctx context.Context, r db.Reader, district, id string) (f draft, err error) {
	s, err := db.One(ctx, r, (*sealedDraft).dest, "select "+draftColumns+" from wechat_drafts where district = $1 and id = $2", district, id)
	if err != nil {
		return f, err
	}
	return b.open(district, s)
}

// put writes a draft as it is now.
func (b *Box) putDraft(ctx context.Context, tx *db.Tx, district string, f draft, fresh bool) error {
	point := ""
	if f.Point != (geo.Point{}) {
		point = fmt.Sprintf("%g %g", f.Point.Lon, f.Point.Lat)
	}
	seal := func(field, text string) string { return b.Desk.Vault.Seal(district, field, text) }
	if fresh {
		return tx.Exec(ctx, "insert into wechat_drafts (district, "+draftColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
			district, f.ID, f.talk, seal(openIDField, f.OpenID), seal(wordsField, f.Words), seal(placeField, f.Place), seal(pointField, point),
			strings.Join(f.Media, "\n"), db.At(f.Began), db.At(f.Sent))
	}
	return tx.Exec(ctx, "update wechat_drafts set words = $1, place = $2, point = $3, media = $4, sent_at = $5 where district = $6 and id = $7",
		seal(wordsField, f.Words), seal(placeField, f.Place), seal(pointField, point), strings.Join(f.Media, "\n"), db.At(f.Sent), district, f.ID)
}

func dropDraft(ctx context.Context, tx *db.Tx, district, id string) error {
	return tx.Exec(ctx, "delete from wechat_drafts where district = $1 and id = $2", district, id)
}

// answered is what a message was answered, where it came before.
func (b *Box) answeredBefore(ctx context.Context, tx *db.Tx, district, talk, ref string) (reply string, before bool, err error) {
	sealed, err := db.Value[string](ctx, tx, "select reply from wechat_talks where district = $1 and id = $2 and ref = $3", district, talk, ref)
	if errors.Is(err, errs.NotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	reply, err = b.Desk.Vault.Reveal(district, replyField, sealed)
	return reply, true, err
}

// answer keeps the last answer to somebody.
func (b *Box) answer(ctx context.Context, tx *db.Tx, district, talk, ref, reply string) error {
	return tx.Exec(ctx, `insert into wechat_talks (district, id, ref, reply, at) values ($1, $2, $3, $4, $5)
		on conflict (district, id) do update set ref = excluded.ref, reply = excluded.reply, at = excluded.at`,
		district, talk, ref, b.Desk.Vault.Seal(district, replyField, reply), db.At(tx.Now))
}

// How long a draft waits for its next message, and how long an answer is kept.
const (
	draftLives  = 24 * time.Hour
	answerLives = 24 * time.Hour
)

// Sweep forgets drafts that nobody finished and answers that were given. Drafts
// that were sent wait for their pictures, and go with their report.
func Sweep(ctx context.Context, tx *db.Tx, district string) (err error) {
	defer errs.Wrap(&err, "inbox.Sweep(%s)", district)
	if err := tx.Exec(ctx, "delete from wechat_drafts where district = $1 and sent_at = 0 and began_at < $2", district, db.At(tx.Now.Add(-draftLives))); err != nil {
		return err
	}
	return tx.Exec(ctx, "delete from wechat_talks where district = $1 and at < $2", district, db.At(tx.Now.Add(-answerLives)))
}

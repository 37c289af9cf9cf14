package inbox

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/internal/channel"
	"linli/internal/channel/sms"
	"linli/internal/db"
	"linli/internal/district"
	"linli/internal/errs"
	"linli/internal/job"
)

// PartsJob takes in a long text that has not come whole in time, and forgets the
// parts of one that has: an outside job, since taking a text in has transactions
// of its own.
const PartsJob = "sms-parts"

// partsHold is how long a text may take to come whole. Its parts stay as long
// after the first, so that one that is sent again is not taken for another text.
const partsHold = 10 * time.Minute

// textField is the key of the blind index that names a text.
const textField = "part.text"

// missing stands where a part of a text never came.
const missing = "……"

// kept is a part as it lies on disk.
type kept struct {
	id, from, words string
	part, parts     int
	began, taken    time.Time
}

const partColumns = `id, from_phone, words, part, parts, began_at, taken_at`

func (k *kept) dest() []any {
	return []any{&k.id, &k.from, &k.words, &k.part, &k.parts, db.Time(&k.began), db.Time(&k.taken)}
}

// hearPart keeps a part; with the last of them the text is taken in. Only once
// this returns without error is the part acknowledged. Whether the text is whole
// is seen after the commit: of two copies of the program that get a part each at
// the same moment, neither sees the other's before.
func (b *Box) hearPart(ctx context.Context, d *district.District, p sms.Part) error {
	text := b.Desk.Vault.Index(textField, strings.Join([]string{p.From, p.Series, strconv.Itoa(p.Parts)}, " "))
	err := b.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		have, err := b.lockParts(ctx, tx, d.Code, text)
		if err != nil {
			return err
		}
		again, other := compare(have, p)
		if again {
			return nil
		}
		began := tx.Now
		if other {
			if before := have[0].began; !began.After(before) {
				began = before.Add(time.Microsecond) // texts of one name are told apart by it
			}
			if err := b.setAside(ctx, tx, d.Code, text, have[0].began); err != nil {
				return err
			}
			have = nil
		}
		return b.keepPart(ctx, tx, d.Code, text, p, have, began)
	})
	if err != nil {
		return err
	}
	if have, err := b.partsOf(ctx, b.Desk.DB, d.Code, text); err != nil || len(have) < p.Parts {
		return err
	}
	return b.takeParts(ctx, d, text)
}

// lockParts are the parts of a text that have come. Who keeps one and who takes
// the text in take turns here, whichever copy of the program they run in.
func (b *Box) lockParts(ctx context.Context, tx *db.Tx, district, text string) ([]kept, error) {
	if err := tx.Exec(ctx, `update arrival_parts set parts = parts where district = $1 and text = $2`, district, text); err != nil {
		return nil, err
	}
	return b.partsOf(ctx, tx, district, text)
}

// compare looks a part up among those that are there: the same again, or one of
// another text by the same number.
func compare(have []kept, p sms.Part) (again, other bool) {
	for _, k := range have {
		if k.part == p.Part {
			return k.words == p.Text, k.words != p.Text
		}
	}
	return false, len(have) > 0 && (len(have) == p.Parts || !have[0].taken.IsZero())
}

func (b *Box) keepPart(ctx context.Context, tx *db.Tx, district, text string, p sms.Part, have []kept, began time.Time) error {
	if len(have) > 0 {
		began = have[0].began
	} else if err := job.Add(ctx, tx, district, PartsJob, "sms/"+text, struct{}{}, tx.Now.Add(partsHold)); err != nil {
		return err
	}
	return tx.Exec(ctx, `insert into arrival_parts (district, text, `+partColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, 0)`, district, text,
		fmt.Sprintf("%s/%d", text, p.Part), b.Desk.Vault.Seal(district, partFromField, p.From), b.Desk.Vault.Seal(district, partWordsField, p.Text), p.Part, p.Parts, db.At(began))
}

// setAside gives the parts that are there a name of their own: a phone counts its
// texts to 255 and begins again.
func (b *Box) setAside(ctx context.Context, tx *db.Tx, district, text string, began time.Time) error {
	apart := text + "-" + strconv.FormatInt(began.UnixMicro(), 36)
	if err := tx.Exec(ctx, `update arrival_parts set text = $1, id = $1 || substr(id, $2) where district = $3 and text = $4`, apart, len(text)+1, district, text); err != nil {
		return err
	}
	if err := job.Drop(ctx, tx, district, PartsJob, "sms/"+text); err != nil {
		return err
	}
	return job.Add(ctx, tx, district, PartsJob, "sms/"+apart, struct{}{}, tx.Now)
}

// partsOf are the parts of a text that have come, in order, in clear.
func (b *Box) partsOf(ctx context.Context, r db.Reader, district, text string) (all []kept, err error) {
	all, err = db.All(ctx, r, (*kept).dest, `select `+partColumns+` from arrival_parts where district = $1 and text = $2 order by part`, district, text)
	for i := range all {
		k := &all[i]
		if err != nil {
			return nil, err
		}
		if k.from, err = b.Desk.Vault.Reveal(district, partFromField, k.from); err == nil {
			k.words, err = b.Desk.Vault.Reveal(district, partWordsField, k.words)
		}
	}
	return all, err
}

// takeParts takes a text in with the parts that are there. A second time it finds
// what the first has made.
func (b *Box) takeParts(ctx context.Context, d *district.District, text string) error {
	all, err := b.claimParts(ctx, d, text)
	if err != nil || len(all) == 0 {
		return err
	}
	c := channel.Came{
		Channel: channel.SMS, From: all[0].from, Text: joined(all), At: all[0].began,
		Ref: "parts " + text[:len(b.Desk.Vault.Index(textField, "x"))] + " " + strconv.FormatInt(all[0].began.UnixMicro(), 36), // the same once it is set aside
	}
	if strings.TrimSpace(strings.ReplaceAll(c.Text, missing, "")) == "" {
		return nil
	}
	_, err = b.TakeText(ctx, d, c)
	return err
}

// claimParts marks the parts that are there as those of which the text is made: a
// part that comes from now on is one of another text. They are marked before the
// text is taken in, so that none can come in between; the job takes in what was
// marked and, since the program ended there, not taken.
func (b *Box) claimParts(ctx context.Context, d *district.District, text string) (all []kept, err error) {
	err = b.Desk.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if all, err = b.lockParts(ctx, tx, d.Code, text); err != nil || len(all) == 0 || !all[0].taken.IsZero() {
			return err
		}
		return tx.Exec(ctx, `update arrival_parts set taken_at = $1 where district = $2 and text = $3`, db.At(tx.Now), d.Code, text)
	})
	return all, err
}

// joined are the words of parts, with a sign where some never came.
func joined(all []kept) string {
	var words strings.Builder
	next := 1
	for _, k := range all {
		if k.part > next {
			words.WriteString(missing)
		}
		words.WriteString(k.words)
		next = k.part + 1
	}
	if next <= all[0].parts {
		words.WriteString(missing)
	}
	return strings.TrimSpace(words.String())
}

// PrepareParts is the preparer of PartsJob.
func (b *Box) PrepareParts(ctx context.Context, d *district.District, j job.Job) (h job.Handler, err error) {
	defer errs.Wrap(&err, "inbox.PrepareParts")
	text := strings.TrimPrefix(j.Key, "sms/")
	if err := b.takeParts(ctx, d, text); err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *db.Tx, j job.Job) error {
		if err := tx.Exec(ctx, `delete from arrival_parts where district = $1 and text = $2 and taken_at > 0`, j.District, text); err != nil {
			return err
		}
		next, err := b.partsOf(ctx, tx, j.District, text)
		if err != nil || len(next) == 0 {
			return err
		}
		// Another text by this number began meanwhile; its job ended with this one.
		return job.Add(ctx, tx, j.District, PartsJob, j.Key, struct{}{}, next[0].began.Add(partsHold))
	}, nil
}

package resident

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/job"
	"linli/internal/lang"
)

// What a code may do, and how many are sent to one phone.
const (
	CodeDigits = 6
	CodeLives  = 5 * time.Minute
	codeTries  = 5
	codeApart  = time.Minute
	codesADay  = 10
	day        = 24 * time.Hour
)

// SendJob takes a code to a phone. It is prepared by [Book.PrepareSend].
const SendJob = "resident-code"

// toSignIn is the subject of a code that signs in; that of any other is the id
// of what it confirms.
const toSignIn = "sign-in"

// Ask has a code sent to a phone with which its holder signs in. It is
// errs.Invalid for what is no mobile number, errs.Often where the last code is
// younger than a minute or ten were sent today, and errs.Forbidden where the
// district has no way to send it. Whether the number is known here changes
// nothing about the answer. shown is the code itself, in the demo alone.
func (b *Book) Ask(ctx context.Context, tx *db.Tx, district string, phone ident.Phone, l lang.Lang) (shown string, err error) {
	defer errs.Wrap(&err, "resident.Ask(%s)", district)
	return b.send(ctx, tx, district, phone, toSignIn, l, func(code string) string {
		return lang.T("您的邻里登录验证码是 %[1]s，%[2]d 分钟内有效。不是您本人操作，请不要告诉任何人。",
			"Your linli sign-in code is %[1]s, good for %[2]d minutes. If you did not ask for it, tell it to nobody.", code, minutes(CodeLives)).In(l)
	})
}

func minutes(d time.Duration) int { return int(d / time.Minute) }

// sent is a row of resident_codes, as far as sending looks at it.
type sent struct {
	Made, From time.Time
	N          int
}

// send makes the one code that runs for a phone and adds the job that takes it
// there.
func (b *Book) send(ctx context.Context, tx *db.Tx, district string, phone ident.Phone, subject string, l lang.Lang, text func(code string) string) (string, error) {
	if !b.Ready() {
		return "", errs.New(errs.Forbidden, "本区还没有开通手机验证码。请用编号和取件码查。", "Codes by phone are not set up here yet. Please use the number and secret word.")
	}
	if !phone.Mobile() {
		return "", errs.New(errs.Invalid, "验证码只能发到手机：11 位，如 13800000013。", "A code can only be sent to a mobile number of 11 digits, such as 13800000013.").At("phone")
	}
	index := b.Index(string(phone))
	// The row is there before it is read, and locked: two who ask at once stand
	// in line and the second is told to wait.
	if err := tx.Exec(ctx, `insert into resident_codes (district, phone_index, subject, code, phone, outgoing, lang, made_at, expires, tries, day_from, sent)
		values ($1, $2, '', '', '', '', $3, 0, 0, 0, $4, 0) on conflict (district, phone_index) do update set lang = excluded.lang`,
		district, index, string(l), db.At(tx.Now)); err != nil {
		return "", err
	}
	before, err := db.One(ctx, tx, func(s *sent) []any { return []any{db.Time(&s.Made), db.Time(&s.From), &s.N} },
		`select made_at, day_from, sent from resident_codes where district = $1 and phone_index = $2`, district, index)
	if err != nil {
		return "", err
	}
	if before, err = before.next(tx.Now); err != nil {
		return "", err
	}
	code := newCode()
	out := ""
	if b.sends() {
		out = b.Vault.Seal(district, sendField, text(code))
	}
	if err := tx.Exec(ctx, `update resident_codes set subject = $3, code = $4, phone = $5, outgoing = $6, made_at = $7, expires = $8, tries = 0, day_from = $9, sent = $10
		where district = $1 and phone_index = $2`,
		district, index, subject, b.hash(index, subject, code), b.Vault.Seal(district, phoneField, string(phone)), out, db.At(tx.Now), db.At(tx.Now.Add(CodeLives)),
		db.At(before.From), before.N); err != nil {
		return "", err
	}
	if b.Send == nil {
		return code, nil // the demo
	}
	made := db.At(tx.Now)
	return "", job.Add(ctx, tx, district, SendJob, fmt.Sprintf("%s %d", index, made), sending{index, made}, tx.Now)
}

// next counts one more code, or says when there may be one.
func (s sent) next(now time.Time) (sent, error) {
	if !now.Before(s.From.Add(day)) {
		s.From, s.N = now, 0
	}
	if wait := s.Made.Add(codeApart).Sub(now); !s.Made.IsZero() && wait > 0 {
		return s, errs.New(errs.Often, "验证码刚发过，请过 %d 秒再要。", "A code has just been sent; please ask again in %d seconds.", seconds(wait)).After(wait).At("phone")
	}
	if s.N >= codesADay {
		wait := s.From.Add(day).Sub(now)
		return s, errs.New(errs.Often, "今天发到这个手机的验证码太多了，请过 %d 小时再要，或用编号和取件码查。", "Too many codes were sent to this phone today; please ask again in %d hours, or use the number and secret word.",
			int((wait+time.Hour-1)/time.Hour)).After(wait).At("phone")
	}
	s.N++
	return s, nil
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// newCode makes six digits, each as likely as any other.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // never: the program ends before, see crypto/rand
	}
	return fmt.Sprintf("%0*d", CodeDigits, n)
}

// hash is how a code is stored: keyed, because a million codes are soon tried.
func (b *Book) hash(index, subject, code string) string {
	return b.Vault.Index(codeField, index+" "+subject+" "+code)
}

// SignIn gives the resident who holds a phone, for the right code. Whatever is
// wrong with a code is one errs.SignIn: none was asked for, it is too old, it
// was used, five others were tried, or it is another one. notice is the version
// of the notice that was shown.
func (b *Book) SignIn(ctx context.Context, d *db.DB, district string, phone ident.Phone, code, notice string, l lang.Lang) (r Resident, err error) {
	defer errs.Wrap(&err, "resident.SignIn(%s)", district) // not the phone, and never the code
	right := false
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		// A wrong try is no error in here: it has to stay counted.
		if right, err = b.spend(ctx, tx, district, phone, toSignIn, code); err != nil || !right {
			return err
		}
		if r, err = b.meet(ctx, tx, district, phone, l); err != nil {
			return err
		}
		return b.Seen(ctx, tx, district, r.ID, "code", notice)
	})
	if err == nil && !right {
		err = wrongCode()
	}
	if err != nil {
		return Resident{}, err
	}
	r.Seen = d.Now()
	return r, nil
}

func wrongCode() error {
	return errs.New(errs.SignIn, "验证码不对，或者过了时间。请核对，或重新要一个。", "The code is not right, or too old. Please check it, or ask for another.").At("code")
}

// spend tries a code. The try is counted before the code is compared, so that
// tries at the same time see each other; a right code is gone at once.
func (b *Book) spend(ctx context.Context, tx *db.Tx, district string, phone ident.Phone, subject, code string) (right bool, err error) {
	index := b.Index(string(phone))
	n, err := tx.Change(ctx, `update resident_codes set tries = tries + 1
		where district = $1 and phone_index = $2 and subject = $3 and code <> '' and expires > $4 and tries < $5`,
		district, index, subject, db.At(tx.Now), codeTries)
	if err != nil || n == 0 {
		return false, err
	}
	stored, err := db.Value[string](ctx, tx, `select code from resident_codes where district = $1 and phone_index = $2`, district, index)
	if err != nil {
		return false, err
	}
	given := b.hash(index, subject, digits(code))
	if subtle.ConstantTimeCompare([]byte(stored), []byte(given)) != 1 {
		return false, nil
	}
	return true, tx.Exec(ctx, `update resident_codes set code = '', outgoing = '' where district = $1 and phone_index = $2`, district, index)
}

// digits reads a code as people type it: with spaces, or in full width.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == ' ', r == '-', r == '　', r == '\t':
			return -1
		}
		return r
	}, s)
}

// sending names a code that is to be sent. It holds neither code nor phone.
type sending struct {
	Phone string `json:"phone"` // its blind index
	Made  int64  `json:"made"`
}

// PrepareSend sends a code before its job's transaction begins, since a carrier
// may take its time. A code that is too old, used, or followed by another is
// not sent any more. A carrier's failure is passed on without what it may
// repeat of the message.
func (b *Book) PrepareSend(ctx context.Context, r db.Reader, now time.Time, j job.Job) (h job.Handler, err error) {
	defer errs.Wrap(&err, "resident.PrepareSend")
	done := func(context.Context, *db.Tx, job.Job) error { return nil }
	var s sending
	if err := json.Unmarshal(j.Args, &s); err != nil {
		return nil, err
	}
	type row struct{ phone, text string }
	all, err := db.All(ctx, r, func(o *row) []any { return []any{&o.phone, &o.text} },
		`select phone, outgoing from resident_codes where district = $1 and phone_index = $2 and made_at = $3 and expires > $4 and outgoing <> ''`,
		j.District, s.Phone, s.Made, db.At(now))
	if err != nil || len(all) == 0 {
		return done, err
	}
	phone, err := b.Vault.Reveal(j.District, phoneField, all[0].phone)
	if err != nil {
		return nil, err
	}
	text, err := b.Vault.Reveal(j.District, sendField, all[0].text)
	if err != nil {
		return nil, err
	}
	if !b.sends() {
		return nil, errors.New("the district has no way to send a code any more")
	}
	receipt, err := b.handOver(ctx, j, ident.Phone(phone), text)
	if err != nil {
		return nil, errors.New("the message was not taken: " + strings.NewReplacer(phone, "(phone)", text, "(text)").Replace(scrubbed(err.Error())))
	}
	return func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		if b.Send == nil && b.Kept != nil {
			kept := receipt
			kept.Why = strings.NewReplacer(phone, "(phone)", text, "(text)").Replace(scrubbed(receipt.Why))
			if err := b.Kept(ctx, tx, j.District, ident.Phone(phone), kept); err != nil {
				return err
			}
		}
		return tx.Exec(ctx, `update resident_codes set outgoing = '' where district = $1 and phone_index = $2 and made_at = $3`, j.District, s.Phone, s.Made)
	}, nil
}

// handOver has a code taken to a phone. A gateway with wordings of its own gets
// the code by itself.
func (b *Book) handOver(ctx context.Context, j job.Job, phone ident.Phone, text string) (channel.Receipt, error) {
	if b.Send != nil {
		return channel.Receipt{State: channel.Sent}, b.Send(ctx, phone, text)
	}
	return b.Carrier.Carry(ctx, channel.Letter{District: j.District, ID: strings.ReplaceAll(j.Key, " ", "-"), Address: string(phone), Text: lang.Text{ZH: text, EN: text},
		Template: "sign-in", Facts: map[string]string{"code": codeForm.FindString(text), "minutes": strconv.Itoa(minutes(CodeLives))}})
}

// codeForm finds a code within its message.
var codeForm = regexp.MustCompile(`[0-9]{6}`)

// scrubbed takes runs of digits that could be a code or a phone out of a text.
func scrubbed(text string) string {
	var b strings.Builder
	run := ""
	flush := func() {
		if len(run) >= CodeDigits {
			run = "(digits)"
		}
		b.WriteString(run)
		run = ""
	}
	for _, r := range text {
		if r >= '0' && r <= '9' {
			run += string(r)
			continue
		}
		flush()
		b.WriteRune(r)
	}
	flush()
	return b.String()
}

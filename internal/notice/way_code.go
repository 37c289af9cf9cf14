package notice

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
)

// The code that confirms an address.
const (
	codeDigits = 6
	codeLives  = 30 * time.Minute
	codeTries  = 5
)

func (b *Book) sendCode(ctx context.Context, tx *db.Tx, district string, w Way) error {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return err
	}
	code := fmt.Sprintf("%0*d", codeDigits, n)
	if err := tx.Exec(ctx, `update ways set code = $1, expires = $2, tries = 0 where district = $3 and id = $4`,
		b.out.Vault.Index(codeField, w.ID+" "+code), db.At(tx.Now.Add(codeLives)), district, w.ID); err != nil {
		return err
	}
	words := func(code string) lang.Text {
		return lang.T("确认码 %[1]s，%[2]d 分钟内有效，用来确认消息发到这里。不是您本人操作，不用理会。",
			"The code is %[1]s, good for %[2]d minutes; it confirms that messages come here. If you did not ask for it, there is nothing to do.", code, int(codeLives/time.Minute))
	}
	m := Message{District: district, To: To{Kind: "resident", Ref: string(w.Holder)}, Channel: w.Channel, Template: codeTemplate,
		Text: words(strings.Repeat("*", codeDigits)), Way: w.ID, Shown: w.Shown}
	return b.post(ctx, tx, m, words(code).In(w.Lang))
}

// Confirm takes the code that was sent to an address. Whatever is wrong with it
// is one errs.Invalid.
func (b *Book) Confirm(ctx context.Context, d *db.DB, district string, h Holder, id, code string) (err error) {
	defer errs.Wrap(&err, "notice.Confirm(%s)", id)
	right := false
	err = d.Write(ctx, func(tx *db.Tx) error {
		right = false
		// The try is counted before the code is compared; a wrong one is no error
		// in here, or it would not stay counted.
		n, err := tx.Change(ctx, `update ways set tries = tries + 1 where district = $1 and id = $2 and holder = $3 and code <> '' and expires > $4 and tries < $5 and ended_at = 0`,
			district, id, string(h), db.At(tx.Now), codeTries)
		if err != nil || n == 0 {
			return err
		}
		stored, err := db.Value[string](ctx, tx, `select code from ways where district = $1 and id = $2`, district, id)
		if err != nil || subtle.ConstantTimeCompare([]byte(stored), []byte(b.out.Vault.Index(codeField, id+" "+strings.TrimSpace(code)))) != 1 {
			return err
		}
		right = true
		if err := tx.Exec(ctx, `update ways set code = '', verified_at = $1 where district = $2 and id = $3`, db.At(tx.Now), district, id); err != nil {
			return err
		}
		return TryAgain(ctx, tx, district, h, id)
	})
	if err == nil && !right {
		return errs.New(errs.Invalid, "确认码不对，或者过了时间。", "The code is not right, or too old.").At("code")
	}
	return err
}

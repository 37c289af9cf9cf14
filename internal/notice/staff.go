package notice

import (
	"context"
	"errors"
	"strings"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/lang"
)

// toBrowsers tells those of the staff who asked for it, on their browsers, of a
// notice to their unit or post that they read. The notice itself stands on the
// desk; this only says that it is there, on a screen that others see, too.
func (b *Book) toBrowsers(ctx context.Context, tx *db.Tx, n Notice) error {
	if b.out.Carriers[channel.Push] == nil || b.out.Reads == nil {
		return nil
	}
	ways, err := db.All(ctx, tx, (*Way).dest, `select `+wayColumns+` from ways where district = $1 and channel = 'push' and ended_at = 0 and holder like 'person:%' order by holder, id`, n.District)
	if err != nil || len(ways) == 0 {
		return err
	}
	secret, err := isSecret(ctx, tx, n)
	if err != nil {
		return err
	}
	reads := map[Holder]bool{}
	for _, w := range ways {
		id := strings.TrimPrefix(string(w.Holder), ofPerson)
		yes, asked := reads[w.Holder]
		if !asked {
			if yes, err = b.out.Reads(ctx, tx, id, n, tx.Now); err != nil {
				return err
			}
			reads[w.Holder] = yes
		}
		if !yes {
			continue
		}
		text, err := b.staffWords(ctx, tx, n, w, secret)
		if err != nil {
			return err
		}
		m := Message{District: n.District, Case: n.Case, To: To{person, id}, Channel: w.Channel, Template: n.Template, Text: text, Way: w.ID, Shown: w.Shown}
		if err := b.post(ctx, tx, m, ""); err != nil {
			return err
		}
	}
	return nil
}

// isSecret reports whether a notice is of a case that is kept secret.
func isSecret(ctx context.Context, r db.Reader, n Notice) (bool, error) {
	if n.Case == "" {
		return false, nil
	}
	c, err := casework.ByID(ctx, r, n.District, casework.ID(n.Case))
	if errors.Is(err, errs.NotFound) {
		return true, nil // of what is not known nothing is said
	}
	return c.Secret, err
}

// staffWords are a notice as a locked screen may show it.
func (b *Book) staffWords(ctx context.Context, r db.Reader, n Notice, w Way, secret bool) (lang.Text, error) {
	more := lang.T("有一条新提醒，请打开看。", "There is a new notice; please open it.")
	if secret {
		return more, nil
	}
	text, err := b.Say(ctx, r, n.District, n.Template, b.linked(n.Facts).upTo(Highest(w.Channel, w.Trusted())))
	if err != nil {
		return more, nil // without what the screen may not show too little is left
	}
	return text, nil
}

// toStaff makes a letter one to somebody of the staff, who reads on in the field.
func (b *Book) toStaff(l *channel.Letter) {
	l.Subject, l.Link = lang.T("邻里：工作提醒", "Linli: a notice"), ""
	if b.out.Site != "" {
		l.Link = b.out.Site + "/field"
	}
}

package notice

import (
	"context"
	"strings"

	"linli/internal/casework"
	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/ident"
	"linli/internal/lang"
)

// reach are the ways by which the sender of a report is told: those chosen with
// it and those of the account that holds its number, each address once, and the
// number itself by text message unless that was declined.
func (b *Book) reach(ctx context.Context, tx *db.Tx, district string, r casework.Report) (all []Way, err error) {
	holders := []Holder{OfReport(r.ID)}
	if r.PhoneIndex != "" {
		owner, err := b.out.Owner(ctx, tx, district, r.PhoneIndex, r.At)
		if err != nil {
			return nil, err
		}
		if owner != "" {
			holders = append(holders, OfResident(owner))
		}
	}
	every, err := waysOf(ctx, tx, district, holders...)
	if err != nil {
		return nil, err
	}
	texted, seen := false, map[string]bool{}
	for _, w := range every {
		texted = texted || w.Channel == channel.SMS
		waits := strings.HasPrefix(string(w.Holder), "resident:") && !w.Trusted()
		if w.Ended.IsZero() && w.Reachable() && !waits && !seen[w.index] && b.out.Carriers[w.Channel] != nil {
			seen[w.index] = true
			all = append(all, w)
		}
	}
	if texted {
		return all, nil
	}
	w, dead, ok, err := b.texted(ctx, tx, district, r)
	if ok && !dead {
		all = append(all, w)
	}
	return all, err
}

// ByPhone is the way to the number that a report was sent with; its holder is
// that report.
func ByPhone(h Holder, phone ident.Phone, l lang.Lang) Way {
	return Way{ID: byPhone, Holder: h, Channel: channel.SMS, Shown: phone.Mask(), Lang: l}
}

// Has reports whether a channel is connected.
func (b *Book) Has(name channel.Name) bool { return b.out.Carriers[name] != nil }

// WroteFrom reports whether a message went to the address that somebody writes
// from now: knowing the message alone does not make the writer its reader.
func (b *Book) WroteFrom(ctx context.Context, r db.Reader, m Message, address string) (same bool, err error) {
	defer errs.Wrap(&err, "notice.WroteFrom(%s)", m.ID)
	if m.Way == byPhone {
		report, err := casework.ReportByID(ctx, r, m.District, m.Report)
		return err == nil && report.PhoneIndex != "" && report.PhoneIndex == b.out.Vault.Index(casework.PhoneField, address), err
	}
	n, err := db.Value[int](ctx, r, `select count(*) from ways where district = $1 and id = $2 and address_index = $3`, m.District, m.Way, b.indexOf(m.Channel, address))
	return n == 1, err
}

// byPhone stands for the number that a report was sent with.
const byPhone = "phone"

// Number reports whether a way is the number that a report was sent with, of
// which there is no row to name.
func Number(way string) bool { return way == byPhone }

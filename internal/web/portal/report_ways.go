package portal

import (
	"context"
	"slices"

	"linli/internal/channel"
	"linli/internal/db"
	"linli/internal/intake"
	"linli/internal/notice"
	"linli/internal/web/page"
)

// offers reports whether people may ask to be told by a channel.
func offers(v *page.View, name channel.Name) bool {
	return v.House.Notices != nil && slices.Contains(v.House.Notices.Offers(), name)
}

// phoneHint says what a number is for: texts too, where they are sent.
func phoneHint(v *page.View) string {
	if offers(v, channel.SMS) {
		return v.Say("用来核实情况、问您满不满意，也发短信告诉您办到哪一步。页面上只显示 138****0013 这样。", "Used to ask about this case and whether you are content, and to text you how it goes. Pages show it as 138****0013.")
	}
	return v.Say("只用来核实情况、问您满不满意。页面上只显示 138****0013 这样。", "Only used to ask about this case and whether you are content. Pages show it as 138****0013.")
}

// told has the transaction that takes a report in keep how its sender wants to
// be told, after what it does anyway. Who has signed in says so under “my
// matters”, once for all; a secret report stands outside of that.
func (w *wizard) told(v *page.View, then func(context.Context, *db.Tx, intake.Receipt) error) func(context.Context, *db.Tx, intake.Receipt) error {
	return func(ctx context.Context, tx *db.Tx, r intake.Receipt) error {
		if err := then(ctx, tx, r); err != nil || v.Resident != nil && !w.matter(v).Secret {
			return err
		}
		of := notice.OfReport(r.Report)
		if w.Mail != "" && offers(v, channel.Mail) {
			if _, err := v.House.Notices.Choose(ctx, tx, v.District.Code, notice.Choice{Holder: of, Channel: channel.Mail, Address: w.Mail, Lang: v.Lang}); err != nil {
				return err
			}
		}
		if w.Quiet == "yes" {
			return v.House.Notices.NoText(ctx, tx, v.District.Code, of)
		}
		return nil
	}
}

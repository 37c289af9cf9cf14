package sms

import (
	"context"

	"github.com/linxGnu/gosmpp"
	"github.com/linxGnu/gosmpp/pdu"

	"linli/internal/errs"
)

// Try binds to the centre and lets go again, to see whether it lets us in. The
// bind that the program keeps is not touched.
func (c *SMSC) Try(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "sms.SMSC.Try")
	session, err := c.bind(ctx, gosmpp.Settings{
		ReadTimeout: 2*c.enquire + c.bindTime, WriteTimeout: c.bindTime, EnquireLink: c.enquire,
		OnPDU: func(pdu.PDU, bool) {}, // what comes meanwhile comes again to who keeps the bind
	})
	if err != nil {
		return errs.New(errs.Busy, "短信中心没有接受登录。看地址、system-id、密码，有没有登记我们的地址。",
			"The message centre did not take the bind. See the address, system-id and password, and whether our address is registered there.").Because(err)
	}
	return session.Close()
}
